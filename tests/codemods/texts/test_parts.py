"""What a layout finds statement by statement is what the tokenizer finds in the whole text."""

from __future__ import annotations

import io
import tokenize
from pathlib import Path

import mulligan_codemods
import pytest
from mulligan_codemods.texts.layout import layout_of

OWN = Path(mulligan_codemods.__file__ or "").parent
ODD = '''\
"""A docstring
of two lines."""  # with a comment
x = 1; y = """
# no comment
"""  # one
# between


@decorated  # here
class C(  # head
    object,
):
    # before the first
    text = (
        "a"  # inside
        """
    # not this
        """
    )

    @property
    # under a decorator
    def f(self):
        return \'\'\'
# nor this
\'\'\'  # but this
  # at a strange margin
    def g(self): pass  # short


if x:  # under a condition
    def h():
        pass
# the end
'''
FILES = [*sorted(OWN.rglob("*.py"))[::9]]


@pytest.mark.parametrize("text", [ODD, *(path.read_text("utf-8") for path in FILES)], ids=["odd", *map(str, FILES)])
def test_comments_are_those_of_the_whole_text(text: str) -> None:
    layout = layout_of(text)
    tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    wanted = [(token.start[0], token.string) for token in tokens if token.type == tokenize.COMMENT]
    found = layout.comments_between(1, len(layout.lines))
    assert [(comment.line, comment.text) for comment in found] == wanted
    for line, comment in wanted:
        assert [(each.line, each.text) for each in layout.comments_between(line, line)] == [(line, comment)]
    alone = {line for line, comment in wanted if layout.lines[line - 1].strip() == comment}
    assert {comment.line for comment in found if comment.alone} == alone
