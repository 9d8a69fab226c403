"""Two nodes are alike exactly where their dumps are the same."""

from __future__ import annotations

import ast
from itertools import product

import pytest
from mulligan_codemods.prove.texts.nodes import alike

TEXTS = (
    "f(1)",
    "f(1.0)",
    "f(True)",
    "f('a')",
    "f(u'a')",
    "f(b'a')",
    "f(a)",
    "f(*a)",
    "f(a, b)",
    "f(a=b)",
    "f(...)",
    "def f(x, /, y=1): return x",
    "def f(x, y=1): return x",
    "async def f(x, y=1): return x",
    "x: int",
    "(x): int",
    "x: int = 1",
    "a + b",
    "a - b",
    "global a",
)


@pytest.mark.parametrize(("one", "two"), [*product(TEXTS, repeat=2)])
def test_nodes_are_alike_where_their_dumps_are(one: str, two: str) -> None:
    first, second = ast.parse(one), ast.parse("\n\n" + two)
    assert alike(first, second) is (ast.dump(first) == ast.dump(second))


def test_a_deep_expression_is_compared() -> None:
    text = "x = " + " + ".join(["y"] * 700)
    assert alike(ast.parse(text), ast.parse(text))
    assert not alike(ast.parse(text), ast.parse(text + " + z"))
