"""The path of a failure: its steps in order, the guards on the way, and what ends the loop.

Rules: values; which of several ends comes first is for `endings` to say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ast

    from mulligan_codemods.recognise.loops.heads import Head
    from mulligan_codemods.recognise.loops.place import Place
    from mulligan_codemods.recognise.numbers.counters import Known
    from mulligan_codemods.recognise.numbers.sums import Sum
    from mulligan_codemods.recognise.reading.steps import Step

__all__ = ["End", "Guard", "Path", "Placed"]


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """A step, and what is known of the loop's variables when it runs at failure k."""

    step: Step
    known: Known


@dataclass(frozen=True, slots=True, eq=False)
class Guard:
    """A test of the error (and of nothing that counts) which ends the loop by raising it.

    Args:
        position: how many steps of the line (without tests) stand before it.
        sole: whether its statement tests no limit as well.
        of_error: whether it asks about the error.
    """

    statement: ast.stmt
    test: ast.expr
    negated: bool
    action: tuple[ast.stmt, ...]
    position: int
    sole: bool
    of_error: bool


@dataclass(frozen=True, slots=True, eq=False)
class End:
    """What ends the loop.

    Args:
        attempts: the number of the failure that is the last; `None`: none is.
        position: how many steps of the line run at the last failure too.
        action: the statements that run then; `None`: the loop's head ends it.
        known: what is known of the loop's variables when they run.
        seconds: after how many seconds a failure is the last; `None`: the clock doesn't matter.
        falls: whether the action goes round again, so that the loop's head has to end the loop there.
        paused: whether the clock is read after the pause, so that a pause that reaches the limit changes nothing.
        outside: whether `action` runs outside of the handler.
        absorbs: statements behind the loop that are part of it.
    """

    attempts: Sum | None
    position: int
    action: tuple[ast.stmt, ...] | None
    known: Known
    seconds: Sum | None = None
    falls: bool = False
    paused: bool = False
    outside: bool = False
    absorbs: tuple[ast.stmt, ...] = ()

    @property
    def endless(self) -> bool:
        """Whether nothing but success ends the loop."""
        return self.attempts is None and self.seconds is None and self.action is None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Path:
    """The path of a failure, with what is needed to judge its tests.

    Args:
        line: its steps, up to the next attempt.
        turn: how many of them run before the loop's head is tested.
        after: what is known of the loop's variables when it is.
        error: the name of the error.
        flag: the variable by which success ends the loop.
    """

    place: Place
    head: Head
    line: tuple[Placed, ...]
    turn: int
    after: Known
    error: str | None
    flag: str | None
