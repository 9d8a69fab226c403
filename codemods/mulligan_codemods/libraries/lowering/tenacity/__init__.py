"""tenacity 8 and 9: `stop`, `wait` and `retry` are strategies that are combined; seconds or timedelta.

Where the attempts are used up, `RetryError` is raised unless `reraise` is true, and always after a value. A decorator
goes on raising it; elsewhere mulligan's RetryExhausted takes its place, which is a departure.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mulligan_codemods.libraries.differences import CONTROL, NOTE, PREDICATE
from mulligan_codemods.libraries.lowering.tenacity.callbacks import callbacks_of
from mulligan_codemods.libraries.lowering.tenacity.conditions import condition_of
from mulligan_codemods.libraries.lowering.tenacity.pieces import piece_of
from mulligan_codemods.libraries.lowering.tenacity.stops import stops_of
from mulligan_codemods.libraries.lowering.tenacity.waits import waits_of
from mulligan_codemods.libraries.lowering.terms import Exhaustion, Terms
from mulligan_codemods.libraries.refusal import Refused
from mulligan_codemods.lowered import Strategy

if TYPE_CHECKING:
    from mulligan_codemods.libraries.lowering.tenacity.conditions import Condition
    from mulligan_codemods.libraries.lowering.terms import Use
    from mulligan_codemods.libraries.reading.arguments import Argument

__all__ = ["lower_tenacity"]

SLEEPS = frozenset({"tenacity.nap.sleep", "tenacity.sleep", "time.sleep", "asyncio.sleep"})
ERROR = "RetryError"


def lower_tenacity(use: Use) -> Terms:
    """Answer what `retry(...)`, `Retrying(...)` or `AsyncRetrying(...)` says."""
    _refuse(use)
    wait, stop, retry = use.given("wait"), use.given("stop"), use.given("retry")
    schedule, waited, premises = waits_of(None if wait is None else piece_of(wait))
    stops = stops_of(None if stop is None else piece_of(stop))
    condition = condition_of(None if retry is None else piece_of(retry))
    on_exhausted, exhaustion = _ending(use, condition)
    asks = condition.error is not None or condition.value is not None
    return Terms(
        retry_on=condition.classes, predicate=condition.error, retry_if=condition.value, schedule=schedule,
        max_attempts=stops.attempts, stop_after=stops.stop_after, timeout=stops.timeout, on_exhausted=on_exhausted,
        exhaustion=exhaustion, callbacks=callbacks_of(use),
        original=Strategy("tenacity", (("wait", waited), ("stop", stops.told))),
        premises=(*stops.premises, *premises),
        differences=(NOTE, *([PREDICATE] if asks else ()), *([CONTROL] if condition.opaque else ())),
    )  # fmt: skip


def _refuse(use: Use) -> None:
    """Refuse the options that have no counterpart."""
    for name in ("retry_error_cls", "enabled"):
        argument = use.given(name)
        if argument is not None:
            raise Refused("ML251", f"`{name}` has no counterpart", argument.node)
    sleep = use.given("sleep")
    if sleep is not None and sleep.place.resolve(sleep.node) not in SLEEPS:
        raise Refused("ML251", "a sleep of its own has no counterpart", sleep.node)
    for node in ast.walk(use.place.tree) if "TryAgain" in use.place.text else ():
        if isinstance(node, ast.Name | ast.Attribute) and use.place.resolve(node) == "tenacity.TryAgain":
            raise Refused("ML251", "TryAgain asks for another attempt, whatever the predicate says", node)


def _ending(use: Use, condition: Condition) -> tuple[str | None, Exhaustion | None]:
    """Answer what happens where no attempt is left, and the error of tenacity's that is raised then."""
    callback = use.told("retry_error_callback")
    if callback is not None:
        if not _answers_outcome(callback):
            raise Refused("ML251", "`retry_error_callback` answers a value of its own in the end", callback.node)
        return "return", None
    reraise = use.given("reraise")
    raises = reraise is not None and _is_true(reraise)
    if raises:
        return None, None if condition.value is None else Exhaustion(module="tenacity", name=ERROR, after_values=True)
    return None, Exhaustion(module="tenacity", name=ERROR, after_values=False)


def _answers_outcome(callback: Argument) -> bool:
    """Tell whether a callback answers the last value, or raises the last error: what "return" does."""
    match callback.node:
        case ast.Lambda(args=ast.arguments(args=[ast.arg(arg=name)]), body=body):
            return ast.unparse(body) == f"{name}.outcome.result()"
        case _:
            return False


def _is_true(argument: Argument) -> bool:
    match argument.node:
        case ast.Constant(value=value):
            return bool(value)
        case ast.Tuple(elts=elements):
            return bool(elements)
        case _:
            raise Refused("ML251", f"whether `{argument.text}` is true can't be told", argument.node)
