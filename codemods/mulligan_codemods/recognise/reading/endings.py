"""What ends a loop: limits of attempts, deadlines, guards on the error; and which of them comes first.

Rules: pure; two limits of which either may come first are refused; a limit that the loop's head never lets be reached
is a dead guard.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from mulligan_codemods.names import own_nodes, read_names
from mulligan_codemods.recognise.loops.heads import Counted, Endless, Items, While
from mulligan_codemods.recognise.numbers.deadlines import deadline
from mulligan_codemods.recognise.numbers.limits import Never, conditions, limit
from mulligan_codemods.recognise.numbers.listed import length_of
from mulligan_codemods.recognise.numbers.sums import Sum
from mulligan_codemods.recognise.numbers.values import evaluate
from mulligan_codemods.recognise.reading.failure import End, Guard, Path, Placed
from mulligan_codemods.recognise.reading.guarding import asks_about_error, check_guard, named_conditions
from mulligan_codemods.recognise.reading.steps import Pause, Stop
from mulligan_codemods.recognise.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mulligan_codemods.recognise.loops.place import Place

__all__ = ["endings", "expanded"]


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
    parts = [
        part
        for test, negated in conditions(step.test, negated=step.negated)
        for part in named_conditions(path, test, position, negated=negated)
    ]
    before = sum(1 for other in path.line[:position] if not isinstance(other.step, Stop))
    limits = [
        None if asks_about_error(test, path.error, path.line) else _limit(path, each, test, position, negated=negated)
        for test, negated in parts
    ]
    yield from (found for found in limits if found is not None)
    tests = [part for part, found in zip(parts, limits, strict=True) if found is None]
    if tests and (not step.action or step.falls):
        raise Refused("ML206", "it sleeps or not by a condition", step.test)
    for test, _ in tests:
        check_guard(path, test)
    sole = len(tests) == len(parts)
    if sole and not (len(step.action) == 1 and isinstance(step.action[0], ast.Raise)):
        tests = [(step.test, step.negated)]
    for test, negated in tests:
        of_error = asks_about_error(test, path.error, path.line)
        yield Guard(step.statement, test, negated, step.action, before, sole, of_error)


def _limit(path: Path, each: Placed, test: ast.expr, position: int, *, negated: bool) -> End | Never | None:
    """Answer the limit that a test is; `None` where it is none."""
    action = each.step.action if isinstance(each.step, Stop) else None
    falls = isinstance(each.step, Stop) and each.step.falls
    outside = isinstance(each.step, Stop) and each.step.outside
    at = limit(test, each.known, path.place.names, negated=negated)
    if isinstance(at, Never):
        return at
    if at is not None:
        return End(at, position, action, each.known, falls=falls, outside=outside)
    seconds = deadline(path.place, test, negated=negated)
    if seconds is not None:
        paused = any(isinstance(other.step, Pause) for other in path.line[:position])
        return End(None, position, action, each.known, seconds, falls=falls, paused=paused, outside=outside)
    if isinstance(path.head, Items) and _is_none(test, path.head.variable) and not negated:
        return End(None, position, action, each.known, falls=falls)
    return None


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
    match path.head:
        case Counted(count=None) | Endless():
            return None
        case Counted(count=count):
            return End(count, path.turn, None, path.after)
        case While(test=test):
            return _while_end(path, test)
        case Items(items=items):
            return End(length_of(items, path.place), path.turn, None, path.after)


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
    paused = seconds is not None and any(isinstance(each.step, Pause) for each in path.line[: path.turn])
    return End(attempts, path.turn, None, path.after, seconds, paused=paused)


def _is_none(test: ast.expr, name: str | None) -> bool:
    match test:
        case ast.Compare(left=ast.Name(id=found), ops=[ast.Is()], comparators=[ast.Constant(value=None)]):
            return found == name
        case _:
            return False


def _first(path: Path, ends: Sequence[End]) -> End:
    if not ends:
        return End(None, 0, None, path.after)  # every failure leads to a retry
    timed = [end for end in ends if end.seconds is not None]
    if timed and len(ends) > 1:
        return _timed(path, timed, [end for end in ends if end.seconds is None])
    chosen = _earliest(path.place, ends)
    return _fallen(path.place, chosen, ends) if chosen.falls else chosen


def _earliest(place: Place, ends: Sequence[End]) -> End:
    chosen = ends[0]
    for other in ends[1:]:
        if _earlier(place, other, chosen):
            chosen = other
    return chosen


def _timed(path: Path, timed: Sequence[End], counted: Sequence[End]) -> End:
    """Let a limit of the clock and one of the attempts be one, where the same follows from both.

    Raises:
        Refused: where it is not the same.
    """
    if len(timed) == 1 and counted:
        by_clock, by_count = timed[0], _earliest(path.place, counted)
        if not by_clock.falls and not by_count.falls and _alike(path, by_clock, by_count):
            return replace(by_count, seconds=by_clock.seconds, paused=by_clock.paused)
    raise Refused("ML216", "the clock and a number of attempts both limit it", path.place.loop)


def _alike(path: Path, one: End, other: End) -> bool:
    """Tell whether two limits stand side by side and lead to the same."""
    first, last = sorted((one.position, other.position))
    between = [each for each in path.line[first:last] if not isinstance(each.step, Stop)]
    actions = [None if end.action is None else [ast.dump(each) for each in end.action] for end in (one, other)]
    return not between and actions[0] == actions[1] and one.outside is other.outside


def _earlier(place: Place, one: End, other: End) -> bool:
    """Tell whether `one` ends the loop before `other` does."""
    if one.attempts is None or other.attempts is None:
        return one.attempts is not None
    difference = expanded(place, one.attempts).plus(expanded(place, other.attempts), -1).number
    if difference is None:
        raise Refused("ML206", "it has two limits of which either may be the lower", place.loop)
    return difference < 0


def _fallen(place: Place, skip: End, ends: Sequence[End]) -> End:
    """Answer the end for `if more: sleep`, with what is done instead of it where the head is about to end the loop."""
    action = [each for each in skip.action or () if not _counts(place, each)]
    for other in ends:
        if other.falls or other.attempts is None or not _same(place, other, skip):
            continue
        if not action:
            return End(other.attempts, skip.position, other.action, other.known)
        if other.action is None:
            return End(other.attempts, skip.position, (*action, *place.loop.orelse, ast.Break()), skip.known)
    raise Refused("ML206", "it stops sleeping before it stops trying", place.loop)


def _counts(place: Place, statement: ast.stmt) -> bool:
    """Tell whether a statement only changes a number of the loop's own, for a round that doesn't come."""
    match statement:
        case ast.AugAssign(target=ast.Name(id=name), value=ast.Constant()):
            return not place.read_later(name)
        case _:
            return False


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
