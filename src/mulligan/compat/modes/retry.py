"""retry's original at a site, alone or with the engine beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from mulligan.classify import ACCEPT, FAIL, TRANSIENT
from mulligan.compat.engine import exactly
from mulligan.compat.flag import Mode
from mulligan.compat.originals import original
from mulligan.compat.shadow import Beside, Engine, Once, described, observed, system_time, watch
from mulligan.compat.sites import site_name
from mulligan.outcome import Raised, Reason
from mulligan.schedules.inspection import Bounds

if TYPE_CHECKING:
    import logging
    from collections.abc import Callable

    from mulligan.classify import Verdict
    from mulligan.compat.retry.terms import Terms
    from mulligan.outcome import Outcome

__all__ = ["Shadow", "run"]

P = ParamSpec("P")
R = TypeVar("R")


def run(mode: Mode, terms: Terms, decorated: bool, f: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Call the original as the shim was called.

    Args:
        mode: legacy or shadow.
        terms: retry's arguments.
        decorated: whether `f` is decorated, and not given to `retry_call`.
        f: the operation.
        args: passed to the operation.
        kwargs: passed to the operation.

    Raises:
        ConfigError: when retry is not installed.
    """
    if mode is Mode.LEGACY:
        return _original(terms, decorated, f, terms.logger, terms.on_exception)(*args, **kwargs)
    asked = None if terms.on_exception is None else Once(terms.on_exception)
    beside = Beside(site_name(f), Shadow(terms, asked).engine, system_time)
    told: Any = _Telling(beside, terms.logger)
    return watch(beside, _original(terms, decorated, observed(beside, f), told, asked), *args, **kwargs)


def _original(
    terms: Terms,
    decorated: bool,
    f: Callable[P, R],
    logger: logging.Logger | None,
    on_exception: Callable[[BaseException], object] | None,
) -> Callable[P, R]:
    library: Any = original("retry")
    options: dict[str, Any] = {
        "exceptions": terms.exceptions,
        "tries": terms.tries,
        "delay": terms.delay,
        "max_delay": terms.max_delay,
        "backoff": terms.backoff,
        "jitter": terms.jitter,
        "logger": logger,
    }
    if terms.speaks_retry2:
        options |= {"log_traceback": terms.log_traceback, "on_exception": on_exception}
    if decorated:
        wrapped: Callable[P, R] = library.api.retry(**options)(f)
        return wrapped

    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        value: R = library.api.retry_call(f, args, kwargs, **options)
        return value

    return call


class _Telling:
    """The original's logger, which hears how long the original will sleep.

    Args:
        beside: is told so.
        logger: gets the records; `None` drops them.
    """

    def __init__(self, beside: Beside, logger: logging.Logger | None) -> None:
        self._beside = beside
        self._logger = logger

    def warning(self, message: str, *args: Any) -> None:
        """Log a warning; retry's has the error and the delay as arguments, retry2's has none."""
        if len(args) == 2:
            self._beside.told = args[1]
        if self._logger is not None:
            self._logger.warning(message, *args, stacklevel=2)


class Shadow:
    """retry's terms as the engine takes them."""

    def __init__(self, terms: Terms, asked: Once | None) -> None:
        self._terms = terms
        self._asked = asked
        self._last = terms.delay
        self.engine: Engine = Engine(
            judge=self._judge,
            span=self._span,
            surfaces=self._surfaces,
            slept=self._slept,
            max_attempts=exactly(terms.tries),
        )

    def _judge(self, outcome: Outcome[Any]) -> Verdict:
        if not isinstance(outcome, Raised):
            return ACCEPT
        transient = isinstance(outcome.error, self._terms.exceptions) and not self._swallows(outcome)
        return TRANSIENT if transient else FAIL

    def _swallows(self, outcome: Outcome[Any]) -> bool:
        if self._asked is None or not isinstance(outcome, Raised):
            return False
        return isinstance(outcome.error, self._terms.exceptions) and bool(self._asked.about(outcome.error))

    def _span(self, attempt: int) -> Bounds:
        """Answer the delay that grows out of the original's last one."""
        if attempt == 1:
            return Bounds(self._terms.delay, self._terms.delay)
        jitter = self._terms.jitter
        ends = jitter if isinstance(jitter, tuple) else (jitter, jitter)
        least, greatest = sorted(self._last * self._terms.backoff + end for end in ends)
        cap = self._terms.max_delay
        return Bounds(least, greatest) if cap is None else Bounds(min(least, cap), min(greatest, cap))

    def _slept(self, delay: float) -> None:
        self._last = delay

    def _surfaces(self, outcome: Outcome[Any], reason: Reason) -> str:
        swallowed = reason is Reason.NOT_RETRYABLE and self._swallows(outcome)
        return "returns None" if swallowed else described(outcome)
