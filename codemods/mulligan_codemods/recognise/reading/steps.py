"""What a loop does after a failure, as one straight line: effects, pauses, and the tests that end it.

`if last: raise` with the rest after it, `if more: sleep` with `else: raise`, and `if transient and more: …; continue`
followed by `raise` all become the same line of steps.

Rules: pure; a path that forks into two ways of going round again is refused by its statement.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mulligan_codemods.recognise.loops.flow import AWAY, Exit, exits, reached

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mulligan_codemods.names import Names

__all__ = ["Effect", "Fork", "Pause", "Step", "Stop", "pause_of", "steps"]

SLEEPS = {"time.sleep": False, "asyncio.sleep": True, "trio.sleep": True}
"""The functions that pause, and whether they are awaited."""


@dataclass(frozen=True, slots=True, eq=False)
class Effect:
    """A statement that runs and goes on, or leaves the loop without an exception."""

    statement: ast.stmt


@dataclass(frozen=True, slots=True, eq=False)
class Pause:
    """A sleep; `blocking` unless it is awaited."""

    statement: ast.stmt
    delay: ast.expr
    blocking: bool


@dataclass(frozen=True, slots=True, eq=False)
class Stop:
    """Where `test` is true (false, if `negated`), these statements run and the rest doesn't.

    `action` ends by leaving the loop; where it `falls`, it goes round again at once, and the loop's head has to end it.

    Args:
        outside: whether it stands before the next attempt, where no error is handled.
    """

    statement: ast.stmt
    test: ast.expr
    negated: bool
    action: tuple[ast.stmt, ...]
    falls: bool = False
    outside: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Fork:
    """A statement after which there are two different ways of going round again."""

    statement: ast.stmt


Step = Effect | Pause | Stop | Fork
NEXT = frozenset({Exit.NEXT})
SETTLING = frozenset({Exit.NEXT, Exit.RETURN, Exit.BREAK})
"""How an effect may end: where it leaves the loop, the error counts as success."""


def steps(body: Sequence[ast.stmt], names: Names) -> tuple[Step, ...]:
    """Answer the straight line of a failure's path, from the handler's first statement to the loop's end."""
    found: list[Step] = []
    rest = list(body)
    while rest:
        statement = rest.pop(0)
        match statement:
            case ast.Continue():
                return tuple(found)
            case ast.Pass():
                continue
            case ast.If(test=test, body=inner, orelse=[]) if (pause := _optional(test, inner, names)) is not None:
                found.append(pause)
            case ast.If() if exits([statement]) != NEXT or _pauses([statement], names):
                step, rest = _parted(statement, rest, names)
                found.append(step)
            case ast.Expr() if (pause := pause_of(statement, names)) is not None:
                found.append(pause)
            case _ if exits([statement]) == NEXT and not _pauses([statement], names):
                found.append(Effect(statement))
            case _:
                found.append(Fork(statement))
                return tuple(found)
    return tuple(found)


def _parted(statement: ast.If, rest: list[ast.stmt], names: Names) -> tuple[Step, list[ast.stmt]]:
    """Tell the branch that leaves, or goes round again without a pause, from the one that pauses."""
    then, otherwise = [*statement.body], [*statement.orelse]
    if exits([*then, *rest]) <= AWAY:
        return _stop(statement, then, rest, negated=False), [*otherwise, *rest]
    if exits([*otherwise, *rest]) <= AWAY:
        return _stop(statement, otherwise, rest, negated=True), [*then, *rest]
    for branch, other, negated in ((then, otherwise, False), (otherwise, then, True)):
        action = reached([*branch, *rest])
        if _pauses(other, names) and not _pauses(action, names):
            fallen = action[:-1] if action and isinstance(action[-1], ast.Continue) else action
            return Stop(statement, statement.test, negated=negated, action=tuple(fallen), falls=True), [*other, *rest]
    if exits([statement]) <= SETTLING and not _pauses([statement], names):
        return Effect(statement), rest
    return Fork(statement), []


def _stop(statement: ast.If, branch: list[ast.stmt], rest: list[ast.stmt], *, negated: bool) -> Stop:
    action = branch if exits(branch) <= AWAY else [*branch, *rest]
    return Stop(statement, statement.test, negated=negated, action=tuple(reached(action)))


def pause_of(statement: ast.stmt, names: Names) -> Pause | None:
    """Answer the pause that a statement is: a call of a known sleep, awaited where it has to be."""
    match statement:
        case ast.Expr(value=ast.Await(value=ast.Call(func=function, args=[delay], keywords=[]))):
            return Pause(statement, delay, blocking=False) if SLEEPS.get(names.resolve(function) or "") else None
        case ast.Expr(value=ast.Call(func=function, args=[delay], keywords=[])):
            known = SLEEPS.get(names.resolve(function) or "")
            return Pause(statement, delay, blocking=True) if known is False else None
        case _:
            return None


def sole_pause(body: Sequence[ast.stmt], names: Names) -> Pause | None:
    """Answer the pause that is all that a block does."""
    return pause_of(body[0], names) if len(body) == 1 else None


def _optional(test: ast.expr, body: Sequence[ast.stmt], names: Names) -> Pause | None:
    """Answer a pause that is made only where there is a delay at all."""
    pause = sole_pause(body, names)
    return asked_for(test, pause) if pause is not None else None


def _pauses(body: Sequence[ast.stmt], names: Names) -> bool:
    return any(
        isinstance(node, ast.stmt) and pause_of(node, names) is not None for each in body for node in ast.walk(each)
    )


def asked_for(test: ast.expr, pause: Pause) -> Pause | None:
    """Answer a pause that a test only asks whether there is a delay at all: `if delay:`, `if delay is not None:`.

    A delay that may be None is written `delay or 0`.
    """
    asked = [_asks(each, ast.dump(pause.delay)) for each in _parts(test)]
    if not all(asked):
        return None
    if "there" not in asked:
        return pause
    if not isinstance(pause.delay, ast.Name | ast.Attribute):
        return None
    return replace(pause, delay=ast.BoolOp(op=ast.Or(), values=[pause.delay, ast.Constant(value=0)]))


def _parts(test: ast.expr) -> Sequence[ast.expr]:
    return test.values if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) else [test]


def _asks(test: ast.expr, delay: str) -> str | None:
    """Answer what a test asks of a delay: whether it is there, is true, or is positive."""
    match test:
        case ast.Compare(left=left, ops=[ast.IsNot()], comparators=[ast.Constant(value=None)]):
            return "there" if ast.dump(left) == delay else None
        case ast.Compare(left=left, ops=[ast.Gt() | ast.NotEq()], comparators=[ast.Constant(value=0)]):
            return "positive" if ast.dump(left) == delay else None
        case _:
            return "true" if ast.dump(test) == delay else None
