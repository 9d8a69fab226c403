"""Statements where Python does not allow them: CPython's compiler is the judge."""

from __future__ import annotations

import ast

import pytest
from mulligan_codemods.run.rewriting.placement import misplaced

WRONG = [
    "break",
    "def f():\n    continue",
    "for x in y:\n    def f():\n        break",
    "while x:\n    pass\nelse:\n    break",
    "for x in y:\n    class C:\n        continue",
    "return 1",
    "class C:\n    return 1",
    "def f():\n    await g()",
    "async def f():\n    def g():\n        await h()",
    "def f():\n    async with x:\n        pass",
    "def f():\n    async for x in y:\n        pass",
    "try:\n    pass\nexcept E:\n    continue",
]
RIGHT = [
    "for x in y:\n    if x:\n        break\n    else:\n        continue",
    "while x:\n    for y in z:\n        pass\n    else:\n        break",
    "def f():\n    return 1",
    "async def f():\n    async for x in y:\n        await x\n        break",
    "for x in y:\n    try:\n        pass\n    finally:\n        break",
    "async def f():\n    return [await x for x in y]",
]


def compiles(text: str) -> bool:
    try:
        compile(text, "<text>", "exec")
    except SyntaxError:
        return False
    return True


@pytest.mark.parametrize("text", WRONG)
def test_what_the_compiler_refuses_is_named(text: str) -> None:
    assert not compiles(text)
    assert misplaced(ast.parse(text)) is not None


@pytest.mark.parametrize("text", RIGHT)
def test_what_the_compiler_takes_passes(text: str) -> None:
    assert compiles(text)
    assert misplaced(ast.parse(text)) is None
