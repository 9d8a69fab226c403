"""Right rewrites are proved, under exactly the assumptions that they need."""

from __future__ import annotations

import pytest
from mulligan_codemods.prove import Proved

from tests.codemods.prove.programs import PAIRS, Pair, answer


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
def test_a_right_rewrite_is_proved(pair: Pair) -> None:
    proof = answer(pair.old, pair.new, pair.qualname)

    assert isinstance(proof, Proved), proof
    assert tuple(sorted(assumption.text for assumption in proof.assumptions)) == pair.assumes
    assert all(assumption.documented or assumption.code == "swallows" for assumption in proof.assumptions)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
def test_code_is_the_same_as_itself_with_another_comment(pair: Pair) -> None:
    proof = answer(pair.old, pair.old + "\n# a comment\n", pair.qualname)

    assert isinstance(proof, Proved), proof
    assert proof.worlds == 0
