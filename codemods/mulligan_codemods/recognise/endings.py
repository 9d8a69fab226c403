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
    from collections.abc import Iterator, Sequence

    from mulligan_codemods.recognise.counters import Known
    from mulligan_codemods.recognise.place import Place

__all__ = ["End", "Guard", "Path", "Placed", "endings", "expanded"]


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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Path:
    """The path of a failure, with what is needed to judge its tests.

    Args:
        line: its steps.
        after: what is known of the loop's variables at its end.
        error: the name of the error.
        flag: the variable by which success ends the loop.
    """

    place: Place
    head: Head
    line: tuple[Placed, ...]
    after: Known
    error: str | None
    flag: str | None


def endings(path: Path) -> tuple[tuple[Guard, ...], End, ast.stmt | None]:
    """Tell limits from guards, and choose the limit that is reached first; answer a guard that is never true as well.

    Raises:
        Refused: where a test can't be read.
    """
    guards: list[Guard] = []
    ends: list[End] = []
    dead: ast.stmt | None = None
    for position, each in enumerate(path.line):
        if not isinstance(each.step, Stop):
            continue
        for found in _judged(path, each, each.step, position):
            match found:
                case Guard():
                    guards.append(found)
                case End():
                    ends.append(found)
                case Never():
                    dead = each.step.statement
    of_head = _head_end(path)
    if of_head is not None:
        ends.append(of_head)
    chosen = _first(path, ends)
    return tuple(guards), chosen, dead or _dead(path, ends, chosen)


def _judged(path: Path, each: Placed, step: Stop, position: int) -> Iterator[Guard | End | Never]:
    parts = conditions(step.test, negated=step.negated)
    before = sum(1 for other in path.line[:position] if not isinstance(other.step, Stop))
    for test, negated in parts:
        if not _of_error(test, path.error, path.line):
            yield _limit(path, each, test, position, negated=negated)
        elif not step.action:
            raise Refused("ML206", "it sleeps or not by a condition", test)
        else:
            yield Guard(step.statement, test, negated, step.action, before, len(parts) == 1)


def _limit(path: Path, each: Placed, test: ast.expr, position: int, *, negated: bool) -> End | Never:
    action = each.step.action if isinstance(each.step, Stop) else None
    at = limit(test, each.known, path.place.names, negated=negated)
    if isinstance(at, Never):
        return at
    if at is not None:
        return End(at, position, action, each.known)
    seconds = deadline(path.place, test, negated=negated)
    if seconds is not None:
        return End(None, position, action, each.known, seconds)
    if isinstance(path.head, Items) and _is_none(test, path.head.variable) and not negated:
        return End(None, position, action, each.known)
    raise Refused("ML206", "the condition under which it gives up can't be read", test)


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


def _dead(path: Path, ends: Sequence[End], chosen: End) -> ast.stmt | None:
    """Answer a limit of the handler that the loop's head never lets it reach."""
    if chosen.action is not None:
        return None
    for end in ends:
        reached = end is chosen or not end.action or _same(path.place, end, chosen)
        if not reached:
            return path.line[end.position].step.statement
    return None


def _same(place: Place, one: End, other: End) -> bool:
    if one.attempts is None or other.attempts is None:
        return one.attempts is other.attempts
    return expanded(place, one.attempts).equals(expanded(place, other.attempts))


def _head_end(path: Path) -> End | None:
    length = len(path.line)
    match path.head:
        case Counted(count=None) | Endless():
            return None
        case Counted(count=count):
            return End(count, length, None, path.after)
        case While(test=test):
            return _while_end(path, test)
        case Items(items=items):
            return End(length_of(items, path.place), length, None, path.after)


def _while_end(path: Path, test: ast.expr) -> End | None:
    attempts: Sum | None = None
    seconds: Sum | None = None
    for part, negated in conditions(test, negated=True):
        if path.flag is not None and path.flag in read_names([part]):
            continue
        at = limit(part, path.after, path.place.names, negated=negated)
        within = deadline(path.place, part, negated=negated) if at is None else None
        if (not isinstance(at, Sum) and within is None) or (at and attempts) or (within and seconds):
            raise Refused("ML206", "the loop's own condition can't be read", part)
        attempts = at if isinstance(at, Sum) else attempts
        seconds = within or seconds
    if attempts is None and seconds is None:
        return None
    return End(attempts, len(path.line), None, path.after, seconds, paused=seconds is not None)


def _is_none(test: ast.expr, name: str | None) -> bool:
    match test:
        case ast.Compare(left=ast.Name(id=found), ops=[ast.Is()], comparators=[ast.Constant(value=None)]):
            return found == name
        case _:
            return False


def _first(path: Path, ends: Sequence[End]) -> End:
    if not ends:
        return End(None, 0, None, path.after)  # every failure leads to a retry
    if len(ends) > 1 and any(end.seconds is not None for end in ends):
        raise Refused("ML216", "the clock and a number of attempts both limit it", path.place.loop)
    chosen = ends[0]
    for other in ends[1:]:
        if _earlier(path.place, other, chosen):
            chosen = other
    if chosen.action == ():
        return _skipping(path.place, chosen, ends)
    return chosen


def _earlier(place: Place, one: End, other: End) -> bool:
    """Tell whether `one` ends the loop before `other` does."""
    if one.attempts is None or other.attempts is None:
        return one.attempts is not None
    difference = expanded(place, one.attempts).plus(expanded(place, other.attempts), -1).number
    if difference is None:
        raise Refused("ML206", "it has two limits of which either may be the lower", place.loop)
    return difference < 0


def _skipping(place: Place, skip: End, ends: Sequence[End]) -> End:
    """Answer the end for `if more: sleep`: the rest is skipped where the head is about to end the loop."""
    for other in ends:
        if other.action != () and other.attempts is not None and _same(place, other, skip):
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
