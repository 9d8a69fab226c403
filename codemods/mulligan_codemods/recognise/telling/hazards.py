"""Likely bugs of a retry loop as it stands (ML1xx).

Rules: pure; a hazard is a hint for a person: it never changes what is rewritten.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from mulligan_codemods.names import dotted, own_nodes
from mulligan_codemods.recognise.numbers.values import Growth, Jittered, Line
from mulligan_codemods.recognise.reading.steps import Pause
from mulligan_codemods.recognise.telling.surroundings import of_surroundings
from mulligan_codemods.site import Hazard

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mulligan_codemods.recognise.loops.anatomy import Anatomy
    from mulligan_codemods.recognise.reading.failure import Placed
    from mulligan_codemods.recognise.reading.reading import Reading

__all__ = ["hazards_of"]

PAUSES = re.compile(r"sleep|wait|back_?off|pause", re.IGNORECASE)
NOT_IDEMPOTENT = re.compile(r"^(post|insert|create|append|charge|pay|publish)", re.IGNORECASE)


def hazards_of(anatomy: Anatomy, reading: Reading | None) -> tuple[Hazard, ...]:
    """Answer the hazards of a loop, sorted by code."""
    found = [*_of_handlers(anatomy), *_of_operation(anatomy), *of_surroundings(anatomy, reading)]
    found += _of_reading(reading) if reading is not None else ()
    return tuple(sorted(found, key=lambda hazard: (hazard.code, hazard.line)))


def _of_handlers(anatomy: Anatomy) -> Iterator[Hazard]:
    for handler in anatomy.again:
        name = dotted(handler.type) if handler.type is not None else "BaseException"
        if (name in {"BaseException", None} and handler.type is None) or name == "BaseException":
            yield Hazard(code="ML114", message="retries interruption and cancellation too", line=handler.lineno)
        elif name == "Exception":
            yield Hazard(code="ML104", message="`except Exception` retries programming errors too", line=handler.lineno)


def _of_operation(anatomy: Anatomy) -> Iterator[Hazard]:
    for node in own_nodes(anatomy.attempt.body):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and NOT_IDEMPOTENT.match(node.func.attr):
            yield Hazard(code="ML108", message=f"`{ast.unparse(node.func)}` may not be idempotent", line=node.lineno)
            return


def _of_reading(reading: Reading) -> Iterator[Hazard]:
    line = reading.place.loop.lineno
    if reading.end.attempts is None and reading.end.seconds is None and reading.listed is None:
        yield Hazard(code="ML101", message="there is no limit of attempts or time", line=line)
    if reading.dead is not None:
        yield Hazard(code="ML110", message="the guard is never true", line=reading.dead.lineno)
    pause = reading.pause.step if reading.pause is not None else None
    if not isinstance(pause, Pause) or reading.pause is None:
        if not any(map(_may_pause, reading.line)):
            yield Hazard(code="ML112", message="the next attempt follows at once", line=line)
        return
    at = pause.statement.lineno
    value = reading.delay
    if not isinstance(value, Jittered):
        yield Hazard(code="ML102", message="the delays have no jitter", line=at)
    inner = value.value if isinstance(value, Jittered) else value
    if isinstance(inner, Growth):
        yield Hazard(code="ML103", message="the delay grows without a cap", line=at)
    if isinstance(inner, Line) and (inner.start.number or 0) >= 200:
        yield Hazard(code="ML113", message="the delay looks like milliseconds", line=at)
    if pause.blocking and isinstance(reading.place.function, ast.AsyncFunctionDef):
        yield Hazard(code="ML107", message="a blocking sleep stops the event loop", line=at)
    if reading.line.index(reading.pause) < reading.end.position and reading.end.attempts is not None:
        yield Hazard(code="ML106", message="sleeps once more after the last failure", line=at)


def _may_pause(each: Placed) -> bool:
    """Tell whether an effect calls something whose name says that it waits."""
    calls = [node for node in own_nodes([each.step.statement]) if isinstance(node, ast.Call)]
    return any(PAUSES.search((dotted(call.func) or "").rpartition(".")[2]) for call in calls)
