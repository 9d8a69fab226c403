"""What ends a loop: limits of attempts, deadlines, guards on the error; and which of them comes first.

Rules: pure; two limits of which either may come first are refused; a limit that the loop's head never lets be reached
is a dead guard.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mulligan_codemods.names import own_nodes, read_names
from mulligan_codemods.recognise.deadlines import deadline
from mulligan_codemods.recognise.heads import Counted, Endless, Head, Items, While
from mulligan_codemods.recognise.limits import Never, conditions, limit
from mulligan_codemods.recognise.listed import length_of
from mulligan_codemods.recognise.refusal import Refused
from mulligan_codemods.recognise.steps import Step, Stop
from mulligan_codemods.recognise.values import Sum, evaluate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mulligan_codemods.recognise.counters import Known
    from mulligan_codemods.recognise.place import Place

__all__ = ["End", "Guard", "Placed", "endings", "expanded"]


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
        sole: whether its statement tests nothing else.
    """

    statement: ast.stmt
    test: ast.expr
    negated: bool
    action: tuple[ast.stmt, ...]
    position: int
    sole: bool


@dataclass(frozen=True, slots=True, eq=False)
class End:
    """What ends the loop.

    Args:
        attempts: the number of the failure that is the last; `None`: none is.
        position: how many steps of the line run at the last failure too.
        action: the statements that run then; `None`: the loop's head ends it.
        known: what is known of the loop's variables when they run.
        seconds: after how many seconds a failure is the last; `None`: the clock doesn't matter.
        paused: whether the clock is read after the pause, so that a pause that reaches the limit changes nothing.
    """

    attempts: Sum | None
    position: int
    action: tuple[ast.stmt, ...] | None
    known: Known
    seconds: Sum | None = None
    paused: bool = False


def endings(
    place: Place, head: Head, line: Sequence[Placed], after: Known, error: str | None, flag: str | None
) -> tuple[tuple[Guard, ...], End, ast.stmt | None]:
    """Tell limits from guards, and choose the limit that is reached first."""
    guards: list[Guard] = []
    ends: list[End] = []
    dead: ast.stmt | None = None
    for position, each in enumerate(line):
        step = each.step
        if not isinstance(step, Stop):
            continue
        parts = conditions(step.test, negated=step.negated)
        before = sum(1 for other in line[:position] if not isinstance(other.step, Stop))
        for test, negated in parts:
            if _of_error(test, error, line):
                if not step.action:
                    raise Refused("ML206", "it sleeps or not by a condition", test)
                guards.append(Guard(step.statement, test, negated, step.action, before, len(parts) == 1))
                continue
            at = limit(test, each.known, place.names, negated=negated)
            seconds = deadline(place, test, negated=negated) if at is None else None
            if seconds is not None:
                ends.append(End(None, position, step.action, each.known, seconds))
                continue
            if at is None and isinstance(head, Items) and _is_none(test, head.variable) and not negated:
                ends.append(End(None, position, step.action, each.known))
                continue
            if at is None:
                raise Refused("ML206", "the condition under which it gives up can't be read", test)
            if isinstance(at, Never):
                dead = step.statement
                continue
            ends.append(End(at, position, step.action, each.known))
    of_head = _head_end(place, head, len(line), after, flag)
    if of_head is not None:
        ends.append(of_head)
    chosen = _first(place, ends, len(line), after)
    return tuple(guards), chosen, dead or _dead(place, line, ends, chosen)


def _of_error(test: ast.expr, error: str | None, line: Sequence[Placed]) -> bool:
    """Tell whether a test reads the error, itself or by what the handler computed from it."""
    if error is None:
        return False
    derived = {error}
    for each in line:
        match each.step.statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if read_names([value]) & derived:
                derived.add(name)
            case _:
                continue
    return bool(read_names([test]) & derived)


def _dead(place: Place, line: Sequence[Placed], ends: Sequence[End], chosen: End) -> ast.stmt | None:
    """Answer a limit of the handler that the loop's head never lets it reach."""
    for end in ends:
        if end is not chosen and end.action and chosen.action is None and end.position < len(line):
            if not expanded(place, end.attempts or Sum()).equals(expanded(place, chosen.attempts or Sum())):
                return line[end.position].step.statement
    return None


def _head_end(place: Place, head: Head, position: int, after: Known, flag: str | None) -> End | None:
    match head:
        case Counted(count=None) | Endless():
            return None
        case Counted(count=count):
            return End(count, position, None, after)
        case While(test=test):
            return _while_end(place, test, position, after, flag)
        case Items(items=items):
            return End(length_of(items, place), position, None, after)


def _while_end(place: Place, test: ast.expr, position: int, after: Known, flag: str | None) -> End | None:
    attempts: Sum | None = None
    seconds: Sum | None = None
    for part, negated in conditions(test, negated=True):
        if flag is not None and flag in read_names([part]):
            continue
        at = limit(part, after, place.names, negated=negated)
        within = deadline(place, part, negated=negated) if at is None else None
        if (not isinstance(at, Sum) and within is None) or (at and attempts) or (within and seconds):
            raise Refused("ML206", "the loop's own condition can't be read", part)
        attempts = at if isinstance(at, Sum) else attempts
        seconds = within or seconds
    if attempts is None and seconds is None:
        return None
    return End(attempts, position, None, after, seconds, paused=seconds is not None)


def _is_none(test: ast.expr, name: str | None) -> bool:
    match test:
        case ast.Compare(left=ast.Name(id=found), ops=[ast.Is()], comparators=[ast.Constant(value=None)]):
            return found == name
        case _:
            return False


def _first(place: Place, ends: Sequence[End], length: int, after: Known) -> End:
    if not ends:
        return End(None, length, None, after)
    if len(ends) > 1 and any(end.seconds is not None for end in ends):
        raise Refused("ML216", "the clock and a number of attempts both limit it", place.loop)
    chosen = ends[0]
    for other in ends[1:]:
        if _earlier(place, other, chosen):
            chosen = other
    if chosen.action == () and chosen.attempts is not None:
        return _skipping(place, chosen, ends)
    return chosen


def _earlier(place: Place, one: End, other: End) -> bool:
    """Tell whether `one` ends the loop before `other` does."""
    if one.attempts is None or other.attempts is None:
        return other.attempts is None
    difference = expanded(place, one.attempts).plus(expanded(place, other.attempts), -1).number
    if difference is None:
        raise Refused("ML206", "it has two limits of which either may be the lower", place.loop)
    return difference < 0


def _skipping(place: Place, skip: End, ends: Sequence[End]) -> End:
    """Answer the end for `if more: sleep`: the rest is skipped where the head is about to end the loop."""
    for other in ends:
        if other.action != () and other.attempts is not None and skip.attempts is not None:
            if expanded(place, other.attempts).equals(expanded(place, skip.attempts)):
                return End(other.attempts, skip.position, other.action, other.known)
    raise Refused("ML206", "it stops sleeping before it stops trying", place.loop)


def expanded(place: Place, total: Sum) -> Sum:
    """Replace local names that are bound once, before the loop, by what they were given."""
    found = total
    for name, count in total.terms:
        value = _given(place, name)
        if value is not None:
            without = found.plus(Sum(0, ((name, count),)), -1)
            found = without.plus(value, count)
    return found


def _given(place: Place, name: str) -> Sum | None:
    bound = [node for node in own_nodes(place.scope.body) if isinstance(node, ast.Name) and node.id == name]
    stores = [node for node in bound if isinstance(node.ctx, ast.Store)]
    if len(stores) != 1:
        return None
    for statement in place.scope.body:
        match statement:
            case (
                ast.Assign(targets=[ast.Name(id=found)], value=ast.expr() as value)
                | ast.AnnAssign(target=ast.Name(id=found), value=ast.expr() as value)
            ) if found == name:
                known = evaluate(value, {}, place.names)
                return getattr(known, "start", None) if known is not None else None
            case _:
                continue
    return None
