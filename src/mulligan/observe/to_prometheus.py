"""Numbers in a Prometheus registry.

Rules: a registry has the instruments once, however many listeners are made for it; those are equal, so that an
execution tells one of them, and share what they know of breakers. Labels are bounded, see `metering`.
"""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from mulligan.errors import ConfigError
from mulligan.observe.metering import BUCKETS, HEARD, Metering
from mulligan.observe.needing import needed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prometheus_client import CollectorRegistry, Counter, Histogram

    from mulligan.events import Event
    from mulligan.observe.metering import Kind

__all__ = ["Prometheus"]


class Prometheus:
    """Count what executions do in a Prometheus registry.

    The names and labels are those of `mulligan.attempts` and the others in `mulligan.observe`, spelled
    `mulligan_attempts_total`, `mulligan_attempt_duration_seconds` and so on.

    Args:
        registry: where the metrics are registered; prometheus_client's default registry when left out.
        buckets: upper bounds of the histograms' buckets in seconds.
        max_names: how many policies, guards and stores are told apart by name, each.

    Raises:
        ConfigError: when the registry has these metrics already, with other settings.
        ModuleNotFoundError: when prometheus-client is not installed.

    >>> from prometheus_client import CollectorRegistry
    >>> from mulligan import Pipeline, Policy, execute
    >>> registry = CollectorRegistry()
    >>> fetch = Pipeline(Policy(name="billing.fetch", retry_on=OSError), listeners=[Prometheus(registry)])
    >>> execute(fetch, max, 1, 2)
    2
    >>> registry.get_sample_value("mulligan_attempts_total", {"policy": "billing.fetch", "outcome": "accepted"})
    1.0
    """

    hears = HEARD

    def __init__(
        self,
        registry: CollectorRegistry | None = None,
        *,
        buckets: Iterable[float] = BUCKETS,
        max_names: int = 100,
    ) -> None:
        with needed("Prometheus", "prometheus"):
            from prometheus_client import REGISTRY  # noqa: PLC0415 - only who uses it needs it
        self._metering: Final = _registered(REGISTRY if registry is None else registry, tuple(buckets), max_names)

    def __call__(self, event: Event, /) -> None:
        """Count an event."""
        self._metering(event)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Prometheus) and other._metering is self._metering

    def __hash__(self) -> int:
        return hash(self._metering)


class _Instruments:
    """The metrics of one registry.

    Args:
        registry: where they are registered.
        buckets: upper bounds of the histograms' buckets in seconds.
    """

    def __init__(self, registry: CollectorRegistry, buckets: tuple[float, ...]) -> None:
        from prometheus_client import Counter, Gauge, Histogram  # noqa: PLC0415 - as above

        def counter(name: str, text: str, *labels: str) -> Counter:
            return Counter(f"mulligan_{name}", text, labels, registry=registry)

        def histogram(name: str, text: str) -> Histogram:
            return Histogram(f"mulligan_{name}_seconds", text, ("policy",), registry=registry, buckets=buckets)

        def gauge(name: str, text: str, *labels: str) -> Gauge:
            # the mode is for programs of several processes: without it each one would add a label of its own
            return Gauge(f"mulligan_{name}", text, labels, registry=registry, multiprocess_mode="livemax")

        self._attempts: Final = counter("attempts", "Attempts, by what became of them.", "policy", "outcome")
        self._attempt_duration: Final = histogram("attempt_duration", "Seconds that attempts took.")
        self._calls: Final = counter("calls", "Executions, by how they ended.", "policy", "kind")
        self._call_duration: Final = histogram("call_duration", "Seconds that executions took, delays included.")
        self._delay: Final = histogram("retry_delay", "Seconds slept before retries.")
        self._refusals: Final = counter("refusals", "Attempts that guards refused.", "policy", "guard")
        text = "Dependencies for which a breaker is in a state other than closed."
        self._breaker: Final = gauge("breaker_state", text, "guard", "state")
        self._store: Final = gauge("store_up", "Whether the store of guards answers.", "store")
        self._of_attempts: Final[dict[tuple[str, str], tuple[Counter, Histogram]]] = {}
        self._of_calls: Final[dict[tuple[str, str], tuple[Counter, Histogram]]] = {}

    def attempt(self, policy: str, outcome: str, seconds: float, /) -> None:
        """Count an attempt."""
        found = self._of_attempts.get((policy, outcome))
        if found is None:
            found = self._attempts.labels(policy, outcome), self._attempt_duration.labels(policy)
            self._of_attempts[policy, outcome] = found
        found[0].inc()
        found[1].observe(seconds)

    def call(self, policy: str, kind: Kind, seconds: float, /) -> None:
        """Count an execution."""
        found = self._of_calls.get((policy, kind))
        if found is None:
            found = self._calls.labels(policy, kind), self._call_duration.labels(policy)
            self._of_calls[policy, kind] = found
        found[0].inc()
        found[1].observe(seconds)

    def delay(self, policy: str, seconds: float, /) -> None:
        """Count the delay of a retry."""
        self._delay.labels(policy).observe(seconds)

    def refusal(self, policy: str, guard: str, /) -> None:
        """Count an attempt that a guard refused."""
        self._refusals.labels(policy, guard).inc()

    def breaker(self, guard: str, state: str, dependencies: int, /) -> None:
        """Set for how many dependencies a breaker is in a state."""
        self._breaker.labels(guard, state).set(dependencies)

    def store(self, store: str, up: int, /) -> None:
        """Set whether a store answers: 1 or 0."""
        self._store.labels(store).set(up)


_registry_has: WeakKeyDictionary[CollectorRegistry, tuple[object, Metering]] = WeakKeyDictionary()
_lock = Lock()


def _registered(registry: CollectorRegistry, buckets: tuple[float, ...], max_names: int) -> Metering:
    settings = {"buckets": buckets, "max_names": max_names}
    with _lock:
        has = _registry_has.get(registry)
        if has is None:
            has = _registry_has[registry] = settings, Metering(_Instruments(registry, buckets), max_names)
    if has[0] != settings:
        raise ConfigError("registry", registry, f"it has these metrics already, made with {has[0]}")
    return has[1]
