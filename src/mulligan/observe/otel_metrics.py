"""Numbers in OpenTelemetry's instruments."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from mulligan.observe.metering import BUCKETS, Metering

if TYPE_CHECKING:
    from opentelemetry.metrics import Histogram, Meter, MeterProvider

    from mulligan.observe.metering import Kind

__all__ = ["metering_of"]


class _Instruments:
    """The instruments of one meter.

    Args:
        meter: what makes them.
    """

    def __init__(self, meter: Meter) -> None:
        def seconds(name: str, text: str) -> Histogram:
            return meter.create_histogram(
                f"mulligan.{name}", unit="s", description=text, explicit_bucket_boundaries_advisory=BUCKETS
            )

        text = "Attempts, by what became of them."
        self._attempts: Final = meter.create_counter("mulligan.attempts", unit="{attempt}", description=text)
        self._attempt_duration: Final = seconds("attempt.duration", "Seconds that attempts took.")
        text = "Executions, by how they ended."
        self._calls: Final = meter.create_counter("mulligan.calls", unit="{call}", description=text)
        self._call_duration: Final = seconds("call.duration", "Seconds that executions took, delays included.")
        self._delay: Final = seconds("retry.delay", "Seconds slept before retries.")
        text = "Attempts that guards refused."
        self._refusals: Final = meter.create_counter("mulligan.refusals", unit="{attempt}", description=text)
        text = "Dependencies for which a breaker is in a state other than closed."
        self._breaker: Final = meter.create_gauge("mulligan.breaker.state", unit="{dependency}", description=text)
        text = "Whether the store of guards answers."
        self._store: Final = meter.create_gauge("mulligan.store.up", unit="1", description=text)

    def attempt(self, policy: str, outcome: str, seconds: float, /) -> None:
        """Count an attempt."""
        self._attempts.add(1, {"policy": policy, "outcome": outcome})
        self._attempt_duration.record(seconds, {"policy": policy})

    def call(self, policy: str, kind: Kind, seconds: float, /) -> None:
        """Count an execution."""
        self._calls.add(1, {"policy": policy, "kind": kind})
        self._call_duration.record(seconds, {"policy": policy})

    def delay(self, policy: str, seconds: float, /) -> None:
        """Count the delay of a retry."""
        self._delay.record(seconds, {"policy": policy})

    def refusal(self, policy: str, guard: str, /) -> None:
        """Count an attempt that a guard refused."""
        self._refusals.add(1, {"policy": policy, "guard": guard})

    def breaker(self, guard: str, state: str, dependencies: int, /) -> None:
        """Set for how many dependencies a breaker is in a state."""
        self._breaker.set(dependencies, {"guard": guard, "state": state})

    def store(self, store: str, up: int, /) -> None:
        """Set whether a store answers: 1 or 0."""
        self._store.set(up, {"store": store})


_provider_has: WeakKeyDictionary[MeterProvider, dict[int, Metering]] = WeakKeyDictionary()
_lock = Lock()


def metering_of(provider: MeterProvider, max_names: int) -> Metering:
    """Answer what puts events into a provider's numbers: one for each limit of names.

    Args:
        provider: what makes meters.
        max_names: how many policies, guards and stores are told apart by name, each.
    """
    with _lock:
        known = _provider_has.setdefault(provider, {})
        if max_names not in known:
            known[max_names] = Metering(_Instruments(provider.get_meter("mulligan")), max_names)
        return known[max_names]
