"""The traps of real loops: the hasty rewrite is never proved, or only under the assumption that is the trap's point."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from mulligan_codemods.prove import Differs, Proof

from tests.codemods.prove.cases.figures import codes, print_at_the_end, proof_of, safe
from tests.codemods.prove.cases.running import differing
from tests.codemods.prove.cases.traps import TRAPS

if TYPE_CHECKING:
    from tests.codemods.prove.cases.model import Trap

traps = pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: f"{trap.number}-{trap.case.name}")


def avoided(trap: Trap, proof: Proof) -> bool:
    """Say whether the hasty rewrite is not offered as safe without saying the trap's point."""
    return not safe(proof) or trap.point in codes(proof)


@traps
def test_hasty_rewrite_is_not_proved(trap: Trap) -> None:
    proof = proof_of(trap.case).proof
    assert avoided(trap, proof), (trap.why, proof)


@traps
def test_hasty_rewrite_does_something_else_in_cpython(trap: Trap) -> None:
    """Run both texts against scripts of faults, until they differ: a test of the trap."""
    assert any(differing(trap.case, trap.case)) == trap.seen


def test_each_trap_has_a_case() -> None:
    assert {trap.number for trap in TRAPS} == set(range(1, 23))


def test_figures_of_the_traps(request: pytest.FixtureRequest) -> None:
    """Print how many traps are avoided."""
    proofs = [(trap, proof_of(trap.case).proof) for trap in TRAPS]
    caught = {trap.number for trap in TRAPS} - {trap.number for trap, proof in proofs if not avoided(trap, proof)}
    shown = sum(isinstance(proof, Differs) for _, proof in proofs)
    line = f"traps {len(caught)}/22, {shown} of {len(proofs)} cases by a world that shows it"
    print_at_the_end(request.config, line)
    assert len(caught) == 22, line
