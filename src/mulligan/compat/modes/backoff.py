"""backoff's original at a site, alone or with the engine beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from mulligan._functions import answers_awaitable
from mulligan.classify import ACCEPT, FAIL, TRANSIENT
from mulligan.clock import running_clock
from mulligan.compat.backoff._common import asked
from mulligan.compat.engine import exactly, seconds_limit
from mulligan.compat.flag import Mode
from mulligan.compat.originals import original
from mulligan.compat.shadow import (
    Beside,
    Engine,
    Once,
    described,
    observed,
    observed_async,
    system_time,
    watch,
    watch_async,
)
from mulligan.compat.sites import site_name
from mulligan.outcome import Raised, Reason
from mulligan.schedules.inspection import Bounds

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator

    from mulligan.classify import Verdict
    from mulligan.compat.backoff._given import Given
    from mulligan.compat.backoff._typing import Details
    from mulligan.outcome import Outcome

__all__ = ["Shadow", "run", "run_async"]

P = ParamSpec("P")
R = TypeVar("R")


def run(mode: Mode, given: Given, target: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Call the original as the shim was called.

    Args:
        mode: legacy or shadow.
        given: the decorator's arguments.
        target: the operation.
        args: passed to the operation.
        kwargs: passed to the operation.

    Raises:
        ConfigError: when backoff is not installed.
    """
    if mode is Mode.LEGACY:
        return _original(given, target)(*args, **kwargs)
    shadow = Shadow(given, target)
    beside = Beside(site_name(target), shadow.engine, system_time)
    return watch(beside, _original(shadow.told_by(beside), observed(beside, target)), *args, **kwargs)


async def run_async(
    mode: Mode, given: Given, target: Callable[P, Awaitable[R]], *args: P.args, **kwargs: P.kwargs
) -> R:
    """Await the original as the shim was called; arguments and errors as in `run`."""
    if mode is Mode.LEGACY:
        return await _original(given, target)(*args, **kwargs)
    shadow = Shadow(given, target)
    beside = Beside(site_name(target), shadow.engine, running_clock().monotonic)
    decorated = _original(shadow.told_by(beside), observed_async(beside, target))
    return await watch_async(beside, decorated, *args, **kwargs)


def _original(given: Given, target: Callable[P, R]) -> Callable[P, R]:
    decorate: Any = getattr(original("backoff"), given.decorator)
    handlers = {"on_success": given.on_success, "on_backoff": given.on_backoff, "on_giveup": given.on_giveup}
    options = {**handlers, **given.limits, **given.logging, **given.giveup, **given.wait_gen_kwargs}
    decorated: Callable[P, R] = decorate(*given.arguments, **options)(target)
    return decorated


class _Waits:
    """A wait generator whose delays are remembered, so that the engine takes those that the original got.

    Args:
        make: the wait generator.
    """

    def __init__(self, make: Callable[..., Generator[float, Any, None]]) -> None:
        self._make = make
        self._generator: Generator[float, Any, None] | None = None
        self._sends = 0
        self._delays: list[float] = []
        self._ended = False

    def __call__(self, **kwargs: Any) -> _Waits:
        """Make the generator."""
        self._generator = self._make(**kwargs)
        return self

    def send(self, sent: Any) -> float:
        """Send into the generator; the first time it gives no delay."""
        assert self._generator is not None  # noqa: S101 - whoever sends has made it
        try:
            delay = self._generator.send(sent)
        except StopIteration:
            self._ended = True
            raise
        self._sends += 1
        if self._sends > 1:
            self._delays.append(delay)
        return delay

    def after(self, attempt: int, outcome: Outcome[Any]) -> float | None:
        """Answer the delay after an attempt, asking for it where the original stopped before it did."""
        if attempt > len(self._delays) and not self._ended:
            try:
                self.send(outcome.error if isinstance(outcome, Raised) else outcome.value)
            except StopIteration:
                return None
        return None if attempt > len(self._delays) else self._delays[attempt - 1]


class _Jitter:
    """A jitter whose last draw is remembered.

    Args:
        function: of a delay, or of nothing.
    """

    def __init__(self, function: Callable[..., float]) -> None:
        self._function = function
        self._drawn: float | None = None
        self._added = False

    def __call__(self, *delay: float) -> float:
        """Draw."""
        self._drawn = None
        self._drawn = self._function(*delay)
        self._added = not delay
        return self._drawn

    def of(self, delay: float) -> Bounds:
        """Answer what the original drew of a delay; anything up to it where it stopped before."""
        if self._drawn is None:
            return Bounds(0.0, delay)
        drawn = delay + self._drawn if self._added else self._drawn
        return Bounds(drawn, drawn)


class Shadow:
    """backoff's arguments as the engine takes them; what was drawn or answered is taken from the original."""

    def __init__(self, given: Given, target: Callable[..., Any]) -> None:
        self._given = given
        self._target = target
        self._waits = _Waits(given.arguments[0])
        self._asks = Once(given.arguments[1] if given.decorator == "on_predicate" else given.giveup["giveup"])
        jitter = given.limits["jitter"]
        self._jitter = None if jitter is None else _Jitter(jitter)
        self._tries, self._seconds = asked(given.limits["max_tries"]), asked(given.limits["max_time"])
        self._beside: Beside | None = None
        self.engine: Engine = Engine(
            judge=self._judge,
            span=self._span,
            surfaces=self._surfaces,
            max_attempts=exactly(self._tries),
            stop_after=seconds_limit(self._seconds),
            counts_beginnings=True,
        )

    def told_by(self, beside: Beside) -> Given:
        """Answer what the original is given, so that it is heard."""
        self._beside = beside

        def tell(details: Details) -> None:
            beside.told = details.get("wait")

        given = self._given
        reveal = self._reveal
        return given.replace(
            arguments=(self._waits, self._heard() if given.decorator == "on_predicate" else given.arguments[1]),
            limits={"max_tries": self._tries, "max_time": self._seconds, "jitter": self._jitter},
            giveup={**given.giveup, "giveup": self._heard()} if given.giveup else {},
            on_success=(reveal, *given.on_success),
            on_backoff=(reveal, *given.on_backoff, tell),
            on_giveup=(reveal, *given.on_giveup),
        )

    def _heard(self) -> Callable[..., Any]:
        """Answer the predicate or giveup whose answers are remembered, asynchronous where it was."""
        asks = self._asks
        if not answers_awaitable(asks.function):
            return asks

        async def awaited(error: Exception) -> object:
            return asks.remember(await asks.function(error), error)

        return awaited

    def _reveal(self, details: Details) -> None:
        """Show handlers the operation itself, and not what counts its attempts."""
        details["target"] = self._target

    def _judge(self, outcome: Outcome[Any]) -> Verdict:
        if self._given.decorator == "on_predicate":
            rejected = not isinstance(outcome, Raised) and self._asks.about(outcome.value)
            return TRANSIENT if rejected else ACCEPT
        if not isinstance(outcome, Raised):
            return ACCEPT
        return TRANSIENT if self._retries(outcome.error) and not self._asks.about(outcome.error) else FAIL

    def _retries(self, error: BaseException) -> bool:
        return isinstance(error, self._given.arguments[1])

    def _span(self, attempt: int) -> Bounds | None:
        if self._beside is None or self._beside.outcome is None:
            return None
        delay = self._waits.after(attempt, self._beside.outcome)
        if delay is None:
            return None
        bounds = Bounds(delay, delay) if self._jitter is None else self._jitter.of(delay)
        if self._seconds is None:
            return bounds
        left = max(0.0, self._seconds - self._beside.begun_after)
        return Bounds(min(bounds.least, left), min(bounds.greatest, left))

    def _surfaces(self, outcome: Outcome[Any], reason: Reason) -> str:
        if self._given.decorator == "on_predicate" or reason is Reason.SCHEDULE_ENDED:
            return described(outcome)
        given_up = isinstance(outcome, Raised) and self._retries(outcome.error)
        return "returns None" if given_up and not self._given.giveup["raise_on_giveup"] else described(outcome)
