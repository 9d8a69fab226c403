"""A loop read as a retry: what is caught, the line of steps after a failure, what ends it, and the delay.

Rules: pure; a part that can't be read is `Refused` with its node.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mulligan_codemods.recognise.loops.flow import Exit, exits
from mulligan_codemods.recognise.loops.heads import Counted, Head, head_of
from mulligan_codemods.recognise.loops.kinds import sets_flag
from mulligan_codemods.recognise.numbers.counters import Known, advance, at_head
from mulligan_codemods.recognise.numbers.listed import listed_delays
from mulligan_codemods.recognise.numbers.values import Line, Value, evaluate
from mulligan_codemods.recognise.reading.endings import endings
from mulligan_codemods.recognise.reading.failure import End, Guard, Path, Placed
from mulligan_codemods.recognise.reading.hints import Asked, asked_delay
from mulligan_codemods.recognise.reading.lead import Lead, lead_of
from mulligan_codemods.recognise.reading.repeated import with_last_attempt
from mulligan_codemods.recognise.reading.sleeping import is_followed
from mulligan_codemods.recognise.reading.steps import Effect, Fork, Pause, Step, Stop, steps
from mulligan_codemods.recognise.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mulligan_codemods.lowered import Delays
    from mulligan_codemods.recognise.loops.anatomy import Anatomy
    from mulligan_codemods.recognise.loops.place import Place

__all__ = ["Reading", "read"]


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
        flag: the variable by which success ends the loop.
        listed: the delays, where the loop goes over them.
        asked: the delay, where the error asks for it.
        lead: what stands before every attempt.
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
    flag: str | None
    listed: Delays | None
    asked: Asked | None
    lead: Lead

    @property
    def followed(self) -> bool:
        """Whether something stands behind the pause, so that the callback has to sleep itself."""
        return is_followed(self)

    @property
    def blocking(self) -> bool:
        """Whether it pauses by a sleep that isn't awaited."""
        return self._sleep is not None and self._sleep.blocking

    @property
    def awaiting(self) -> bool:
        """Whether it pauses by a sleep that is awaited."""
        return self._sleep is not None and not self._sleep.blocking

    @property
    def _sleep(self) -> Pause | None:
        step = None if self.pause is None else self.pause.step
        return step if isinstance(step, Pause) else None

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
    flag = sets_flag(anatomy)
    through_tail = _goes_through_tail(anatomy, handler, flag)
    line = _straight(place, [*handler.body, *(() if through_tail else anatomy.tail)])
    head = head_of(place.loop, place.names)
    straight = [*anatomy.lead, *(step.statement for step in line if isinstance(step, Effect))]
    known = at_head(place, head, straight)
    lead = lead_of(place, anatomy.lead, known)
    placed, after = _placed(line, known, place)
    turn = len(placed)
    if lead.turn:
        placed += _placed(lead.turn, _next_round(head, after), place)[0]
    path = Path(place=place, head=head, line=placed, turn=turn, after=after, error=handler.name, flag=flag)
    guards, end, dead = endings(path)
    pause = _pause(placed)
    listed = listed_delays(place, head, pause.step.delay if pause and isinstance(pause.step, Pause) else None)
    kept = tuple(each for each in placed if isinstance(each.step, Effect | Pause))
    stops = [index for index, each in enumerate(placed) if index < end.position and not isinstance(each.step, Stop)]
    settled = with_last_attempt(anatomy, handler, replace(end, position=len(stops)))
    delay, asked = (None, None) if listed else _delay(pause, place, handler.name, kept)
    return Reading(
        anatomy=anatomy, head=head, handler=handler, types=types, error=handler.name, first=_others(anatomy, handler),
        line=kept, guards=guards, end=settled, pause=pause, delay=delay, asked=asked,
        through_tail=through_tail, dead=dead, flag=flag, listed=listed, lead=lead,
    )  # fmt: skip


def _goes_through_tail(anatomy: Anatomy, handler: ast.ExceptHandler, flag: str | None) -> bool:
    """Tell whether success runs through the statements after the `try`, where failure must not."""
    if Exit.NEXT not in exits([*anatomy.attempt.body, *anatomy.attempt.orelse]) or (flag and not anatomy.tail):
        return False
    if Exit.NEXT in exits(handler.body):
        node = anatomy.tail[0] if anatomy.tail else anatomy.attempt
        raise Refused("ML202", "the statements after the try run after success and after failure", node)
    return True


def _straight(place: Place, body: Sequence[ast.stmt]) -> tuple[Step, ...]:
    line = steps(body, place.names)
    fork = next((step for step in line if isinstance(step, Fork)), None)
    if fork is not None:
        raise Refused("ML218", "the handler goes round again in more than one way", fork.statement)
    return line


def _pause(line: Sequence[Placed]) -> Placed | None:
    pauses = [each for each in line if isinstance(each.step, Pause)]
    if len(pauses) > 1:
        raise Refused("ML207", "it sleeps more than once after a failure", pauses[1].step.statement)
    return pauses[0] if pauses else None


def _next_round(head: Head, after: Known) -> Known:
    """Answer what is known once the loop's head was passed again."""
    match head:
        case Counted(variable=str() as name, value=value) if after.get(name) == value:
            return {**after, name: Line(value.start.plus(value.step), value.step)}
        case _:
            return after


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


def _delay(
    pause: Placed | None, place: Place, error: str | None, line: Sequence[Placed]
) -> tuple[Value | None, Asked | None]:
    if pause is None or not isinstance(pause.step, Pause):
        return None, None
    value = evaluate(pause.step.delay, pause.known, place.names)
    if value is not None:
        return value, None
    asked = asked_delay(place, pause, error, line)
    if asked is None:
        raise Refused(
            "ML207", f"no schedule gives the delay `{place.layout.source(pause.step.delay)}`", pause.step.delay
        )
    return asked.value, asked
