"""retrying's original at a site, alone or with the engine beside it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from mulligan.classify import ACCEPT, FAIL, TRANSIENT
from mulligan.compat.engine import at_least, seconds_limit
from mulligan.compat.flag import Mode
from mulligan.compat.originals import original
from mulligan.compat.retrying import Attempt, RetryError, Retrying
from mulligan.compat.shadow import Beside, Engine, Once, described, observed, system_time, watch
from mulligan.compat.sites import site_name
from mulligan.outcome import Raised, Reason
from mulligan.schedules.inspection import Bounds

if TYPE_CHECKING:
    from collections.abc import Callable

    from mulligan.classify import Verdict
    from mulligan.outcome import Outcome

__all__ = ["Shadow", "run"]

_ASKED = ("retry_on_exception", "retry_on_result", "stop_func", "wait_func")

P = ParamSpec("P")
R = TypeVar("R")


def run(mode: Mode, retrying: Retrying, fn: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Call the original as the shim was called.

    Args:
        mode: legacy or shadow.
        retrying: the shim.
        fn: the operation.
        args: passed to the operation.
        kwargs: passed to the operation.

    Raises:
        ConfigError: when retrying is not installed.
        RetryError: the shim's, which is the original's as well.
    """
    if mode is Mode.LEGACY:
        return _surfaced(_original(retrying, retrying.given).call, fn, *args, **kwargs)
    shadow = Shadow(retrying)
    beside = Beside(site_name(fn), shadow.engine, system_time)
    engine = _original(retrying, shadow.options)
    shadow.listen(engine, beside)
    counted = observed(beside, fn)

    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        return _surfaced(engine.call, counted, *args, **kwargs)

    return watch(beside, call, *args, **kwargs)


def _original(retrying: Retrying, options: dict[str, Any]) -> Any:
    """Answer the original's object, with what was replaced on the shim replaced there too."""
    library: Any = original("retrying")
    engine: Any = library.Retrying(**options)
    for name, function in retrying.replacements().items():
        setattr(engine, name, function)
    return engine


def _surfaced(call: Callable[..., Any], fn: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Call, and turn the original's `RetryError` into one that is the shim's as well."""
    library: Any = original("retrying")
    try:
        value: R = call(fn, *args, **kwargs)
    except library.RetryError as error:
        last = error.last_attempt
        both = _both(library)(Attempt(last.value, last.attempt_number, last.has_exception))
        raise both.with_traceback(error.__traceback__) from None
    return value


@cache
def _both(library: Any) -> type[RetryError]:
    """Answer an error type that code catches under either name."""
    return type("RetryError", (RetryError, library.RetryError), {"__module__": RetryError.__module__})


class Shadow:
    """retrying's arguments as the engine takes them.

    Delays are compared without `wait_jitter_max`, which the original adds to what its `wait` says.
    """

    def __init__(self, retrying: Retrying) -> None:
        asked = {name: Once(value) for name, value in retrying.given.items() if name in _ASKED and callable(value)}
        answers = {name: once.about for name, once in asked.items()}
        silent = dict.fromkeys(("before_attempts", "after_attempts", "logger"))
        self.options: dict[str, Any] = {**retrying.given, **asked}
        twin: dict[str, Any] = {**retrying.given, **answers, **silent}
        self._twin = Retrying(**twin)
        self._replaced = retrying.replacements()
        self._stops = self._waits = self._rejects = Once(_nothing)
        limits = None if "stop" in self._replaced else self._twin.limits()
        self._limited = limits is not None
        self.engine: Engine = Engine(
            judge=self._judge,
            span=self._span,
            surfaces=self._surfaces,
            max_attempts=at_least(None if limits is None else limits.attempts),
            stop_after=None if limits is None else seconds_limit(limits.seconds),
        )

    def listen(self, engine: Any, beside: Beside) -> None:
        """Hear what the original's own methods answer."""
        said = engine.wait

        def wait(attempt: int, elapsed: int) -> float:
            milliseconds: float = said(attempt, elapsed)
            beside.told = milliseconds / 1000
            return milliseconds

        engine.stop = self._stops = Once(engine.stop)
        engine.wait = self._waits = Once(wait)
        engine.should_reject = self._rejects = Once(engine.should_reject)

    def _judge(self, outcome: Outcome[Any]) -> Verdict:
        if not isinstance(outcome, Raised):
            rejects = self._rejects_of(Attempt(outcome.value, 1, has_exception=False))
            return TRANSIENT if rejects else ACCEPT
        error = outcome.error
        if not isinstance(error, Exception):
            return FAIL
        info: Any = (type(error), error, error.__traceback__)
        return TRANSIENT if self._rejects_of(Attempt(info, 1, has_exception=True)) else FAIL

    def _rejects_of(self, attempt: Attempt[Any]) -> object:
        return self._rejects.last if "should_reject" in self._replaced else self._twin.should_reject(attempt)

    def _span(self, attempt: int) -> Bounds | None:
        if not self._limited and self._stops.about(attempt, 0):
            return None
        bounds = None if "wait" in self._replaced else self._twin.wait_bounds(attempt)
        if bounds is None:
            waits = self._waits.about(attempt, 0)
            bounds = (waits, waits)
        return Bounds(bounds[0] / 1000, bounds[1] / 1000)

    def _surfaces(self, outcome: Outcome[Any], reason: Reason) -> str:
        wraps = self._twin.wraps and isinstance(outcome, Raised) and isinstance(outcome.error, Exception)
        exhausted = not isinstance(outcome, Raised) and reason is not Reason.ACCEPTED
        return "raises RetryError" if wraps or exhausted else described(outcome)


def _nothing(*things: object) -> None:
    """Answer nothing, until the original is there to be heard."""
