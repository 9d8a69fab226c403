"""The difference of two texts, as replaced pieces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st
from mulligan_codemods.run.rewriting.replacing import replacements

if TYPE_CHECKING:
    from mulligan_codemods.rows import Replacement

TEXTS = st.lists(st.sampled_from(["", "a", "b", "c", "é"]), max_size=8).map("\n".join)


def applied(text: str, edits: tuple[Replacement, ...]) -> str:
    """Apply replacements, the last first, by their lines and columns."""
    for edit in reversed(edits):
        starts = [0]
        for line in text.split("\n"):
            starts.append(starts[-1] + len(line) + 1)
        assert edit.line <= len(starts) - 1
        assert edit.end_line <= len(starts) - 1
        begin, end = starts[edit.line - 1], starts[edit.end_line - 1] + edit.end_column - 1
        text = text[:begin] + edit.text + text[end:]
    return text


@given(TEXTS, TEXTS)
def test_replacements_make_one_text_of_the_other(before: str, after: str) -> None:
    assert applied(before, replacements(before, after)) == after


@given(TEXTS)
def test_equal_texts_need_none(text: str) -> None:
    assert replacements(text, text) == ()
