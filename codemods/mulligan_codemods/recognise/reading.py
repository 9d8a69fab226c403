"""A loop read as a retry: what is caught, the line of steps after a failure, what ends it, and the delay.

Rules: pure; a part that can't be read is `Refused` with its node.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mulligan_codemods.names import bound_names, own_nodes, read_names
from mulligan_codemods.recognise.counters import Known, advance, at_head
from mulligan_codemods.recognise.flow import Exit, exits
from mulligan_codemods.recognise.heads import Counted, Endless, Head, Items, While, head_of
from mulligan_codemods.recognise.limits import Never, conditions, limit
from mulligan_codemods.recognise.refusal import Refused
from mulligan_codemods.recognise.steps import Effect, Fork, Pause, Step, Stop, steps
from mulligan_codemods.recognise.values import Sum, Value, evaluate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mulligan_codemods.recognise.anatomy import Anatomy
    from mulligan_codemods.recognise.place import Place

__all__ = ["End", "Guard", "Placed", "Reading", "read"]


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
    """

    attempts: Sum | None
    position: int
    action: tuple[ast.stmt, ...] | None
    known: Known


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reading:
    """A loop read as a retry.

    Args:
        types: what is caught, one expression per handler.
        error: the name that the handlers give the error.
        first: handlers that stand before the retrying ones, or never go round again.
        line: the steps after a failure, without guards.
        through_tail: whether success runs through the statements after the `try`.
        dead: a guard that is never true, if there is one.
    """

    anatomy: Anatomy
    head: Head
    handler: ast.ExceptHandler
    types: tuple[ast.expr | None, ...]
    error: str | None
    first: tuple[ast.ExceptHandler, ...]
    line: tuple[Placed, ...]
    guards: tuple[Guard, ...]
    end: End
    pause: Placed | None
    delay: Value | None
    through_tail: bool
    dead: ast.stmt | None

    @property
    def place(self) -> Place:
        """The loop's place."""
        return self.anatomy.place


def read(anatomy: Anatomy) -> Reading:
    """Read a loop.

    Raises:
        Refused: for the first part that can't be read.
    """
    place = anatomy.place
    handler, types = _handler(anatomy)
    if not anatomy.direct:
        raise Refused("ML202", "the attempt stands inside another statement of the loop", anatomy.attempt)
    through_tail = Exit.NEXT in exits([*anatomy.attempt.body, *anatomy.attempt.orelse])
    if through_tail and Exit.NEXT in exits(handler.body):
        node = anatomy.tail[0] if anatomy.tail else anatomy.attempt
        raise Refused("ML202", "the statements after the try run after success and after failure", node)
    path = [*handler.body, *(() if through_tail else anatomy.tail)]
    line = steps(path, place.names)
    fork = next((step for step in line if isinstance(step, Fork)), None)
    if fork is not None:
        raise Refused("ML218", "the handler goes round again in more than one way", fork.statement)
    head = head_of(place.loop, place.names)
    straight = [*anatomy.lead, *(step.statement for step in line if isinstance(step, Effect))]
    known = at_head(place, head, straight)
    for statement in anatomy.lead:
        _check_lead(statement, known)
        advance(statement, known, place.names)
    placed, after = _placed(line, known, place)
    guards, end, dead = _ending(place, head, placed, after, handler.name)
    pauses = [each for each in placed if isinstance(each.step, Pause)]
    if len(pauses) > 1:
        raise Refused("ML207", "it sleeps more than once after a failure", pauses[1].step.statement)
    pause = pauses[0] if pauses else None
    kept = tuple(each for each in placed if isinstance(each.step, Effect | Pause))
    stops = [index for index, each in enumerate(placed) if index < end.position and not isinstance(each.step, Stop)]
    settled = End(end.attempts, len(stops), end.action, end.known)
    return Reading(
        anatomy=anatomy, head=head, handler=handler, types=types, error=handler.name, first=_others(anatomy, handler),
        line=kept, guards=guards, end=settled, pause=pause, delay=_delay(pause, place), through_tail=through_tail,
        dead=dead,
    )  # fmt: skip


def _check_lead(statement: ast.stmt, known: Known) -> None:
    """Refuse a statement before the attempt that does more than count."""
    match statement:
        case ast.AugAssign(target=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)]) if known.get(name):
            return
        case _:
            raise Refused("ML202", "something runs before every attempt, outside the try", statement)


def _handler(anatomy: Anatomy) -> tuple[ast.ExceptHandler, tuple[ast.expr | None, ...]]:
    again = anatomy.again
    first = again[0]
    same = ast.dump(ast.Module(body=first.body, type_ignores=[]))
    for other in again[1:]:
        if other.name != first.name or ast.dump(ast.Module(body=other.body, type_ignores=[])) != same:
            raise Refused("ML218", "its handlers go round again in different ways", other)
    return first, tuple(handler.type for handler in again)


def _others(anatomy: Anatomy, handler: ast.ExceptHandler) -> tuple[ast.ExceptHandler, ...]:
    again = anatomy.again
    return tuple(other for other in anatomy.attempt.handlers if other not in again and other is not handler)


def _placed(line: Sequence[Step], known: Known, place: Place) -> tuple[tuple[Placed, ...], Known]:
    found: list[Placed] = []
    now = dict(known)
    for step in line:
        found.append(Placed(step, dict(now)))
        if isinstance(step, Effect):
            advance(step.statement, now, place.names)
    return tuple(found), now


def _ending(
    place: Place, head: Head, line: Sequence[Placed], after: Known, error: str | None
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
            if at is None:
                raise Refused("ML206", "the condition under which it gives up can't be read", test)
            if isinstance(at, Never):
                dead = step.statement
                continue
            ends.append(End(at, position, step.action, each.known))
    of_head = _head_end(place, head, len(line), after)
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


def _head_end(place: Place, head: Head, position: int, after: Known) -> End | None:
    match head:
        case Counted(count=None) | Endless():
            return None
        case Counted(count=count):
            return End(count, position, None, after)
        case While(test=test):
            return _while_end(place, test, position, after)
        case Items():
            raise Refused("ML224", "it goes over a list of delays", place.loop)


def _while_end(place: Place, test: ast.expr, position: int, after: Known) -> End | None:
    ends: list[End] = []
    flags = bound_names(place.loop.body)
    for part, negated in conditions(test, negated=True):
        at = limit(part, after, place.names, negated=negated)
        if isinstance(at, Sum):
            ends.append(End(at, position, None, after))
        elif at is None and not read_names([part]) & flags:
            raise Refused("ML206", "the loop's own condition can't be read", part)
        elif at is None:
            raise Refused("ML224", "it is driven by a flag", part)
    return ends[0] if ends else None


def _first(place: Place, ends: Sequence[End], length: int, after: Known) -> End:
    if not ends:
        return End(None, length, None, after)
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


def _delay(pause: Placed | None, place: Place) -> Value | None:
    if pause is None or not isinstance(pause.step, Pause):
        return None
    value = evaluate(pause.step.delay, pause.known, place.names)
    if value is None:
        raise Refused(
            "ML207", f"no schedule gives the delay `{place.layout.source(pause.step.delay)}`", pause.step.delay
        )
    return value
