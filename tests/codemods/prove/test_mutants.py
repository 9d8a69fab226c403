"""Wrong rewrites are never proved, where the right one is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from mulligan_codemods.prove import Differs

from tests.codemods.prove.cases.figures import print_at_the_end, proof_of, safe
from tests.codemods.prove.cases.loops import LOOPS
from tests.codemods.prove.cases.more_loops import MORE_LOOPS
from tests.codemods.prove.cases.mutants import MUTANTS
from tests.codemods.prove.cases.running import differing

if TYPE_CHECKING:
    from tests.codemods.prove.cases.model import Mutant

RIGHT = {case.name: case for case in (*LOOPS, *MORE_LOOPS)}
mutants = pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)


@mutants
def test_mutant_is_not_proved(mutant: Mutant) -> None:
    proof = proof_of(mutant.of(RIGHT[mutant.case])).proof
    assert not safe(proof), proof


@mutants
@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")
def test_mutant_does_something_else_in_cpython(mutant: Mutant) -> None:
    """Run old code and mutant against scripts of faults, until they differ: a test of the mutant."""
    right = RIGHT[mutant.case]
    assert any(differing(right, mutant.of(right))) == mutant.seen


def test_names_are_unique() -> None:
    names = [mutant.name for mutant in MUTANTS]
    assert len(names) == len(set(names)) >= 40


def test_figures_of_the_mutants(request: pytest.FixtureRequest) -> None:
    """Print how many mutants are caught, of those whose right rewrite is proved."""
    wrong = [proof_of(mutant.of(RIGHT[mutant.case])).proof for mutant in MUTANTS]
    caught = [proof for proof in wrong if not safe(proof)]
    shown = sum(isinstance(proof, Differs) for proof in wrong)
    right = sum(safe(proof_of(RIGHT[mutant.case]).proof) for mutant in MUTANTS)
    line = f"mutants caught {len(caught)}/{len(wrong)}, {shown} by a world that shows it; right one proved for {right}"
    print_at_the_end(request.config, line)
    assert len(caught) == len(wrong), line
