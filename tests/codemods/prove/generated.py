"""Generated programs in the grammar that the proof interprets: one function `work` that calls `op` and `other`."""

from __future__ import annotations

import textwrap
from collections.abc import Callable

from hypothesis import strategies as st

__all__ = ["programs"]

Draw = Callable[[st.SearchStrategy[str]], str]
NAMES = st.sampled_from(["a", "b", "c"])
KINDS = st.sampled_from(["Broken", "Worse", "OSError", "TimeoutError", "ValueError", "Exception", "BaseException"])
OWN = st.sampled_from(["OSError", "TimeoutError", "ValueError", "Exception"])
ATOMS = st.one_of(
    st.integers(-2, 3).map(str),
    st.sampled_from(["None", "True", "False", "'x'", "0.5", "()"]),
    NAMES,
)


def expressions(depth: int) -> st.SearchStrategy[str]:
    """Return expressions."""
    if depth == 0:
        return ATOMS
    inner = expressions(depth - 1)
    return st.one_of(
        ATOMS,
        st.builds("op({})".format, inner),
        st.builds("other({}, key={})".format, inner, inner),
        st.builds("({} if {} else {})".format, inner, inner, inner),
        st.builds("({} and {})".format, inner, inner),
        st.builds("({} or {})".format, inner, inner),
        st.builds("(not {})".format, inner),
        st.builds("({} is None)".format, inner),
        st.builds("({} is not {})".format, NAMES, st.just("None")),
        st.builds(
            "({} {} {})".format,
            st.integers(0, 3),
            st.sampled_from(["<", "<=", "==", "!=", "+", "-", "*", "//", "%", "**"]),
            st.integers(0, 3),
        ),
        st.builds("({} < {} <= {})".format, st.integers(0, 3), st.integers(0, 3), st.integers(0, 3)),
        st.builds("f'<{{{}}}>'".format, NAMES),
        st.builds("'%s-%d' % ({}, {})".format, st.integers(0, 3), st.integers(0, 3)),
        st.builds("[{}, {}]".format, inner, inner),
        st.builds("({}, *({}, {}))".format, inner, inner, inner),
        st.builds("{{'k': {}, **{{'l': {}}}}}".format, inner, inner),
        st.builds("({} := {})".format, NAMES, inner),
        st.builds("[op(n) for n in range({}) if {}]".format, st.integers(0, 3), inner),
        st.builds("(lambda n, m={}: op(n, m))({})".format, inner, inner),
        st.builds("({}, {})[{}]".format, inner, inner, st.integers(-3, 2)),
        st.builds("len(({}, {}))".format, inner, inner),
        st.builds("max({}, {})".format, st.integers(0, 3), st.integers(0, 3)),
        st.builds("isinstance({}, {})".format, st.just("ValueError('v')"), KINDS),
        st.builds("any(op(n) for n in ({}, {}))".format, inner, inner),
    )


def indented(block: str) -> str:
    """Return a block one level deeper."""
    return textwrap.indent(block, "    ")


def blocks(depth: int, *, loop: bool) -> st.SearchStrategy[str]:
    """Return blocks of one to three statements."""
    return st.lists(statements(depth, loop=loop), min_size=1, max_size=3).map("".join)


def simple(*, loop: bool) -> st.SearchStrategy[str]:
    """Return statements without a block."""
    value = expressions(2)
    found = [
        st.builds("{} = {}\n".format, NAMES, value),
        st.just("k += 1\n"),
        st.builds("{}, {} = {}, {}\n".format, NAMES, NAMES, value, value),
        st.builds("{}\n".format, value),
        st.builds("op({})\n".format, value),
        st.builds("time.sleep({})\n".format, st.integers(1, 3)),
        st.builds("return {}\n".format, value),
        st.builds("raise {}\n".format, OWN),
        st.builds("raise {}({})\n".format, OWN, value),
        st.builds("raise ValueError('x') from {}\n".format, st.sampled_from(["None", "OSError()"])),
        st.just("raise\n"),
        st.builds("assert {}, {}\n".format, value, value),
        st.builds("del {}\n".format, NAMES),
        st.just("pass\n"),
    ]
    return st.one_of(*found, *([st.just("break\n"), st.just("continue\n")] if loop else []))


def handlers(depth: int, *, loop: bool) -> st.SearchStrategy[str]:
    """Return except clauses."""
    body = blocks(depth, loop=loop).map(indented)
    named = st.builds("except {} as {}:\n{}".format, KINDS, NAMES, body)
    pair = st.builds("except ({}, {}):\n{}".format, KINDS, KINDS, body)
    bare = st.builds("except:\n{}".format, body)
    return st.one_of(named, pair, bare, st.builds("{}{}".format, named, pair))


def statements(depth: int, *, loop: bool) -> st.SearchStrategy[str]:
    """Return statements."""
    if depth == 0:
        return simple(loop=loop)
    body = blocks(depth - 1, loop=loop).map(indented)
    turning = blocks(depth - 1, loop=True).map(indented)
    apart = blocks(depth - 1, loop=False).map(indented)
    ending = st.one_of(st.just(""), st.builds("else:\n{}".format, body))
    final = st.one_of(st.just(""), st.builds("finally:\n{}".format, body))
    clauses = handlers(depth - 1, loop=loop)
    return st.one_of(
        simple(loop=loop),
        st.builds("if {}:\n{}{}".format, expressions(2), body, ending),
        st.builds("for {} in range({}):\n{}{}".format, NAMES, st.integers(0, 3), turning, ending),
        st.builds("for {} in ({}, {}):\n{}{}".format, NAMES, ATOMS, ATOMS, turning, ending),
        st.builds("n = 0\nwhile n < {}:\n    n += 1\n{}{}".format, st.integers(0, 3), turning, ending),
        st.builds("try:\n{}{}{}{}".format, body, clauses, ending, final),
        st.builds("try:\n{}finally:\n{}".format, body, body),
        st.builds("with op({}) as {}:\n{}".format, ATOMS, NAMES, body),
        st.builds("def again():\n    nonlocal k, b\n    k += 1\n{}{} = again()\n".format, apart, NAMES),
        st.builds("def inner({}=1):\n    nonlocal_ = 0\n{}{} = inner()\n".format, NAMES, apart, NAMES),
    )


def programs() -> st.SearchStrategy[str]:
    """Return programs."""
    return blocks(3, loop=False).map(lambda body: "def work():\n    a = b = 1\n    k = 0\n" + indented(body))
