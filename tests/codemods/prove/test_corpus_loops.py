"""Right rewrites are proved: of the loops labelled safe, and of loops of our own with their structure.

The labelled loops are read from the unpacked packages where MULLIGAN_CORPUS names their folder; `python -m pytest
tests/codemods/prove -k figures` prints all figures of the prover.
"""

from __future__ import annotations

import ast
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.codemods.prove.cases.corpus import CORPUS_LOOPS
from tests.codemods.prove.cases.figures import codes, print_at_the_end, proof_of, proof_of_loop, safe, times
from tests.codemods.prove.cases.loops import LOOPS
from tests.codemods.prove.cases.more_loops import MORE_LOOPS
from tests.codemods.prove.cases.running import differing

if TYPE_CHECKING:
    from tests.codemods.prove.cases.model import Case, CorpusLoop

CORPUS = Path(os.environ.get("MULLIGAN_CORPUS", "nowhere"))
NOT_YET = {
    "listed-delays-none-last": "the delays that a parameter lists are taken for one number",
    "module-level": "proved if no other module reads the loop's own variables, which is no documented assumption",
}
"""Right rewrites that the prover can't see through, by the case's name: it answers no or nothing, never a wrong yes."""

HINT = "set MULLIGAN_CORPUS to a folder that holds the packages of tests/codemods/prove/cases/locators.py, unpacked"
others_warnings = pytest.mark.filterwarnings("ignore:invalid escape sequence")
needs_corpus = pytest.mark.skipif(not CORPUS.is_dir(), reason=HINT)
cases = pytest.mark.parametrize("case", [*LOOPS, *MORE_LOOPS], ids=lambda case: case.name)
labelled = pytest.mark.parametrize("loop", CORPUS_LOOPS, ids=lambda loop: loop.name)


def _expect_failure(request: pytest.FixtureRequest, name: str) -> None:
    if name in NOT_YET:
        request.applymarker(pytest.mark.xfail(reason=NOT_YET[name], strict=False))


@cases
def test_right_rewrite_is_proved(case: Case, request: pytest.FixtureRequest) -> None:
    _expect_failure(request, case.name)
    proof = proof_of(case).proof
    assert safe(proof), proof
    assert codes(proof) <= case.assumes, proof


@needs_corpus
@others_warnings
@labelled
def test_rewrite_of_a_labelled_loop_is_proved(loop: CorpusLoop, request: pytest.FixtureRequest) -> None:
    _expect_failure(request, next(case.name for case in LOOPS if loop.name in case.like))
    proof = proof_of_loop(loop, CORPUS).proof
    assert safe(proof), proof
    assert codes(proof) <= loop.assumes, proof


@needs_corpus
@others_warnings
@labelled
def test_rewrite_of_a_labelled_loop_parses_and_imports_its_policy(loop: CorpusLoop) -> None:
    tree = ast.parse(loop.rewrite(loop.at.read(CORPUS)))
    assert any(isinstance(node, ast.ImportFrom) and node.module == "policies" for node in tree.body)


@cases
def test_old_and_new_code_do_the_same_in_cpython(case: Case) -> None:
    """Run both texts against scripts of faults: a test of the case."""
    assert next(differing(case, case), None) is None


def test_each_labelled_loop_has_a_case_of_its_structure() -> None:
    assert sorted(name for case in LOOPS for name in case.like) == sorted(loop.name for loop in CORPUS_LOOPS)


def test_figures_of_our_own_loops(request: pytest.FixtureRequest) -> None:
    """Print how many of our own loops are proved."""
    timed = [proof_of(case) for case in (*LOOPS, *MORE_LOOPS)]
    proved = sum(safe(one.proof) for one in timed)
    line = f"re-created loops proved {proved}/{len(timed)}, {times([one.seconds for one in timed])}"
    print_at_the_end(request.config, line)
    assert proved >= 0.9 * len(timed), line


@needs_corpus
@others_warnings
def test_figures_of_the_labelled_loops(request: pytest.FixtureRequest) -> None:
    """Print how many of the labelled loops are proved."""
    timed = [proof_of_loop(loop, CORPUS) for loop in CORPUS_LOOPS]
    proved = sum(safe(one.proof) for one in timed)
    line = f"safe loops proved {proved}/{len(timed)}, {times([one.seconds for one in timed])}"
    print_at_the_end(request.config, line)
    assert proved >= 37, line
