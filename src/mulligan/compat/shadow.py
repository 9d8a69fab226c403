"""Shadow mode: the original decides and sleeps; the engine decides beside it, from the same outcomes.

Rules:
- The operation is called by the original alone, and nobody else sleeps. What is asked about an outcome is asked once:
  the engine takes the original's answer where there is one.
- The engine's decision is made when the original's is known: at its next attempt, or at its end.
- Time is compared within a tolerance, and a limit that lies within it of the instant counts for both.
- Whatever fails on the engine's side is an event; the original's call goes on.
"""

from __future__ import annotations

import time
from functools import wraps
from typing import TYPE_CHECKING, Any, Final, ParamSpec, TypeVar

from mulligan import clock as clocks
from mulligan._value import Value
from mulligan.compat.divergence import Diverged, count, publish
from mulligan.decision import Retry, State, Stop, weigh
from mulligan.outcome import Raised, Reason, Returned
from mulligan.policy import UNLIMITED, Policy
from mulligan.schedules.arguments import LONGEST
from mulligan.schedules.inspection import Bounds

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from mulligan.classify import Verdict
    from mulligan.compat.divergence import What
    from mulligan.outcome import Outcome
    from mulligan.policy import Unlimited

__all__ = [
    "MEASURED",
    "TOLD",
    "Beside",
    "Engine",
    "Once",
    "Tolerance",
    "described",
    "observed",
    "observed_async",
    "system_time",
    "watch",
    "watch_async",
]

P = ParamSpec("P")
R = TypeVar("R")


class Tolerance(Value):
    """How far two delays may lie apart and count as equal.

    Args:
        seconds: so much, always.
        ratio: and so much of the longer one.
    """

    seconds: float
    ratio: float

    def holds(self, observed: float, expected: Bounds) -> bool:
        """Answer whether an observed delay lies within the bounds."""
        slack = self.seconds + self.ratio * max(observed, expected.greatest)
        return expected.least - slack <= observed <= expected.greatest + slack


TOLD: Final = Tolerance(seconds=0.005, ratio=0.0)
"""Where the original says how long it sleeps."""
MEASURED: Final = Tolerance(seconds=0.05, ratio=0.1)
"""Where the pause between two attempts is measured."""


class Once:
    """A function that is asked once about each thing, by the original or else by the engine.

    Args:
        function: what to ask.

    >>> once = Once(lambda error: print("asked") or True)
    >>> error = OSError()
    >>> once(error), once.about(error)
    asked
    (True, True)
    """

    __slots__ = ("_answer", "_asked", "function")

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function: Callable[..., Any] = function
        self._asked: tuple[Any, ...] = ()
        self._answer: Any = None

    def __call__(self, *things: Any) -> Any:
        """Ask, and remember the answer."""
        return self.remember(self.function(*things), *things)

    def remember(self, answer: Any, *things: Any) -> Any:
        """Remember an answer that was given elsewhere."""
        self._answer, self._asked = answer, things
        return answer

    def about(self, *things: Any) -> Any:
        """Answer what was said about these things, and ask where nothing was; the first of them tells them apart."""
        known = bool(self._asked) and _same(self._asked[0], things[0])
        return self._answer if known else self(*things)

    @property
    def last(self) -> Any:
        """The last answer, `None` where nothing was asked."""
        return self._answer


def _same(asked: object, thing: object) -> bool:
    return asked is thing or (isinstance(asked, int) and isinstance(thing, int) and asked == thing)


class Engine:
    """What the engine would do in one execution.

    Args:
        judge: what the interface says about an outcome.
        span: the least and greatest delay in seconds after an attempt; `None` where the delays have ended.
        surfaces: what the caller gets after an outcome and a reason, in words.
        slept: told the seconds that the original slept, within what the engine expects.
        max_attempts: as in a policy.
        stop_after: as in a policy.
        counts_beginnings: whether `stop_after` counts to the beginning of the last attempt, not to its end.
    """

    def __init__(
        self,
        *,
        judge: Callable[[Outcome[Any]], Verdict],
        span: Callable[[int], Bounds | None],
        surfaces: Callable[[Outcome[Any], Reason], str],
        slept: Callable[[float], None] | None = None,
        max_attempts: int | Unlimited = UNLIMITED,
        stop_after: float | None = None,
        counts_beginnings: bool = False,
    ) -> None:
        self._judge = judge
        self._span = span
        self._surfaces = surfaces
        self._slept = slept
        self._spans: dict[int, Bounds | None] = {}
        self.counts_beginnings = counts_beginnings
        over = stop_after is not None and stop_after <= 0
        self._policy = Policy(
            retry_on=Exception,
            schedule=self,
            max_attempts=1 if over else max_attempts,
            stop_after=None if over else stop_after,
        )
        self._state = State()

    def delay(self, retry: int, seed: int, previous: float | None) -> float | None:  # noqa: ARG002 - the protocol's
        """Answer the least delay, as the engine's schedule; each is asked for once."""
        if retry not in self._spans:
            self._spans[retry] = self._span(retry)
        bounds = self._spans[retry]
        return None if bounds is None else min(max(bounds.least, 0.0), LONGEST)

    def decisions(self, outcome: Outcome[Any], earliest: float, latest: float) -> tuple[Retry | Stop, ...]:
        """Answer what it would decide at both ends of the tolerance."""
        verdict = self._judge(outcome)
        instants = (max(earliest, 0.0), max(latest, 0.0))
        return tuple(weigh(self._policy, self._state, verdict, instant) for instant in instants)

    def bounds(self, retry: int) -> Bounds:
        """Answer the least and greatest delay of a retry that it has decided on."""
        return self._spans[retry] or Bounds(0.0, 0.0)

    def go_on(self, decision: Retry, retry: int, observed: float) -> None:
        """Go on to the next attempt, after a delay of the original's."""
        self._state = decision.state
        if self._slept is not None:
            expected = self.bounds(retry)
            self._slept(min(max(observed, expected.least), expected.greatest))

    def surfaced(self, outcome: Outcome[Any], decision: Stop) -> str:
        """Answer what its caller would get, in words."""
        return self._surfaces(outcome, decision.reason)


class Beside:
    """One call of the original, with the engine beside it.

    Args:
        site: the site's name.
        engine: what the engine would do.
        now: the clock, in seconds.
    """

    def __init__(self, site: str, engine: Engine, now: Callable[[], float]) -> None:
        self._site = site
        self._engine: Engine | None = engine
        self._now = now
        self._origin = self._began = self._ended = now()
        self._attempt = 0
        self.outcome: Outcome[Any] | None = None
        self.told: float | None = None
        """Seconds that the original says it sleeps before the next attempt."""
        count(site, "calls")

    @property
    def begun_after(self) -> float:
        """The seconds from the call's beginning to that of the last attempt."""
        return self._began - self._origin

    def begins(self) -> None:
        """Note that the original makes an attempt."""
        instant = self._now()
        if self._attempt:
            count(self._site, "retries")
            self._guarded(lambda engine, outcome: self._compare_retry(engine, outcome, instant - self._ended))
        self._attempt += 1
        self._began = instant
        self.outcome = self.told = None

    def ends(self, outcome: Outcome[Any]) -> None:
        """Note what the attempt did."""
        self.outcome = outcome
        self._ended = self._now()

    def surfaces(self, outcome: Outcome[Any]) -> None:
        """Note what the original gave its caller."""
        self._guarded(lambda engine, last: self._compare_end(engine, last, outcome))
        self.outcome = None  # an error holds its frames, and they hold this

    def _guarded(self, compare: Callable[[Engine, Outcome[Any]], None]) -> None:
        if self._engine is None or self.outcome is None:
            return
        try:
            compare(self._engine, self.outcome)
        except Exception as error:  # noqa: BLE001 - the original goes on, whatever fails here
            self._part("engine", "went on", f"raised {type(error).__name__}: {error}")

    def _decisions(self, engine: Engine, outcome: Outcome[Any]) -> tuple[Retry | Stop, ...]:
        elapsed = (self._began if engine.counts_beginnings else self._ended) - self._origin
        return engine.decisions(outcome, elapsed - MEASURED.seconds, elapsed + MEASURED.seconds)

    def _compare_retry(self, engine: Engine, outcome: Outcome[Any], measured: float) -> None:
        decisions = self._decisions(engine, outcome)
        retries = [decision for decision in decisions if isinstance(decision, Retry)]
        if not retries:
            stop = decisions[0]
            self._part("decision", "retried", f"stops ({stop.reason if isinstance(stop, Stop) else ''})")
            return
        observed, tolerance = (measured, MEASURED) if self.told is None else (self.told, TOLD)
        expected = engine.bounds(self._attempt)
        if not tolerance.holds(observed, expected):
            self._diverged("delay", f"waited {observed:.3f} s", f"waits {_spoken(expected)}")
        engine.go_on(retries[0], self._attempt, observed)

    def _compare_end(self, engine: Engine, outcome: Outcome[Any], surfaced: Outcome[Any]) -> None:
        stops = [decision for decision in self._decisions(engine, outcome) if isinstance(decision, Stop)]
        if not stops:
            self._part("decision", "stopped", f"retries after {_spoken(engine.bounds(self._attempt))}")
            return
        expected, found = engine.surfaced(outcome, stops[0]), described(surfaced)
        if expected != found:
            self._diverged("surfaced", found, expected)

    def _part(self, what: What, original: str, engine: str) -> None:
        """Publish a divergence after which there is nothing left to compare."""
        self._engine = None
        self._diverged(what, original, engine)

    def _diverged(self, what: What, original: str, engine: str) -> None:
        publish(Diverged(site=self._site, what=what, attempt=self._attempt, original=original, engine=engine))


def described(outcome: Outcome[object]) -> str:
    """Answer what a caller gets, in words that hold no value.

    >>> described(Raised(OSError("disk full"))), described(Returned(None)), described(Returned("secret"))
    ('raises OSError', 'returns None', 'returns str')
    """
    if isinstance(outcome, Raised):
        return f"raises {type(outcome.error).__name__}"
    return f"returns {'None' if outcome.value is None else type(outcome.value).__name__}"


def _spoken(bounds: Bounds) -> str:
    return f"{bounds.least:.3f} s" if bounds.fixed else f"{bounds.least:.3f} to {bounds.greatest:.3f} s"


def system_time() -> float:
    """Answer the seconds of the installed clock, or of the system's."""
    return time.monotonic() if clocks.installed is None else clocks.installed.monotonic()


def observed(beside: Beside, operation: Callable[P, R]) -> Callable[P, R]:
    """Answer the operation, with its attempts noted."""

    @wraps(operation)
    def attempt(*args: P.args, **kwargs: P.kwargs) -> R:
        beside.begins()
        try:
            value = operation(*args, **kwargs)
        except BaseException as error:
            beside.ends(Raised(error))
            raise
        beside.ends(Returned(value))
        return value

    return attempt


def observed_async(beside: Beside, operation: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
    """Answer the asynchronous operation, with its attempts noted."""

    @wraps(operation)
    async def attempt(*args: P.args, **kwargs: P.kwargs) -> R:
        beside.begins()
        try:
            value = await operation(*args, **kwargs)
        except BaseException as error:
            beside.ends(Raised(error))
            raise
        beside.ends(Returned(value))
        return value

    return attempt


def watch(beside: Beside, original: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Call the original, and note what it gives its caller."""
    try:
        value = original(*args, **kwargs)
    except BaseException as error:
        beside.surfaces(Raised(error))
        raise
    beside.surfaces(Returned(value))
    return value


async def watch_async(beside: Beside, original: Callable[P, Awaitable[R]], *args: P.args, **kwargs: P.kwargs) -> R:
    """Await the original, and note what it gives its caller."""
    try:
        value = await original(*args, **kwargs)
    except BaseException as error:
        beside.surfaces(Raised(error))
        raise
    beside.surfaces(Returned(value))
    return value
