"""One call of the original with the engine beside it, and what parts them.

Rules: time is compared within a tolerance, and a limit that lies within it of the instant counts for both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from mulligan._value import Value
from mulligan.compat.divergence import Diverged, count, publish
from mulligan.decision import Retry, Stop
from mulligan.outcome import Raised

if TYPE_CHECKING:
    from collections.abc import Callable

    from mulligan.compat.divergence import What
    from mulligan.compat.shadow.engine import Engine
    from mulligan.outcome import Outcome
    from mulligan.schedules.inspection import Bounds

__all__ = ["Beside", "described"]


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

    >>> from mulligan import Returned
    >>> described(Raised(OSError("disk full"))), described(Returned(None)), described(Returned("secret"))
    ('raises OSError', 'returns None', 'returns str')
    """
    if isinstance(outcome, Raised):
        return f"raises {type(outcome.error).__name__}"
    return f"returns {'None' if outcome.value is None else type(outcome.value).__name__}"


def _spoken(bounds: Bounds) -> str:
    return f"{bounds.least:.3f} s" if bounds.fixed else f"{bounds.least:.3f} to {bounds.greatest:.3f} s"
