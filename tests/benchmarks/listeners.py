"""What listeners cost per call: one table against a bare `execute`, in one run.

    python -m tests.benchmarks.listeners

Rules: every figure comes from one run, in the thread's own processor time. Logs are formatted and written to nowhere;
spans end in a processor that keeps nothing, because what an exporter does with them happens on a thread of its own;
numbers are really kept.
"""

from __future__ import annotations

import io
import logging
import platform
import sys
import time
import timeit
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import structlog
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from prometheus_client import CollectorRegistry

from mulligan import Pipeline, Policy, execute, no_delay
from mulligan.observe import Logging, OpenTelemetry, Prometheus, Structlog
from tests.benchmarks.measuring import least
from tests.benchmarks.ratios import Row, rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mulligan.events import Event, Listener

__all__ = ["flaky", "happy", "listeners"]

ERRORS = (ConnectionError, TimeoutError)
POLICY: Policy[int] = Policy(name="benchmark", retry_on=ERRORS, schedule=no_delay(), max_attempts=5, note=False)


def nothing(event: Event) -> None:
    """Hear of an event."""


def listeners() -> dict[str, Listener]:
    """Answer each listener by its name."""
    logging.getLogger("benchmark").addHandler(logging.StreamHandler(io.StringIO()))
    logging.getLogger("benchmark").propagate = False
    wrapper = structlog.make_filtering_bound_logger(logging.INFO)
    entries = structlog.wrap_logger(structlog.PrintLogger(io.StringIO()), wrapper_class=wrapper)
    meters = MeterProvider(metric_readers=[InMemoryMetricReader()])
    tracers = TracerProvider()
    tracers.add_span_processor(SpanProcessor())
    return {
        "a function": nothing,
        "Logging": Logging(logger="benchmark"),
        "Structlog": Structlog(entries),
        "Prometheus": Prometheus(CollectorRegistry()),
        "OpenTelemetry, numbers": OpenTelemetry(meter_provider=meters, spans=False),
        "OpenTelemetry, spans": OpenTelemetry(tracer_provider=tracers, metrics=False),
        "OpenTelemetry, both": OpenTelemetry(meter_provider=meters, tracer_provider=tracers),
    }


class Flaky:
    """Fails twice, then succeeds, again and again."""

    calls = 0

    def __call__(self) -> int:
        """Fail or succeed."""
        self.calls += 1
        if self.calls % 3:
            raise ConnectionError
        return 1


def succeed() -> int:
    """Succeed at once."""
    return 1


def measured(make: Callable[[], Callable[[], int]], rounds: int, number: int) -> dict[str, float]:
    """Answer the nanoseconds of a call, bare and with each listener.

    Args:
        make: answers an operation.
        rounds: how many samples each case gets.
        number: how many calls a sample has.
    """
    pipelines = {name: Pipeline(POLICY, listeners=[listener]) for name, listener in listeners().items()}
    subjects: dict[str, Policy[int] | Pipeline[int]] = {"bare": POLICY, **pipelines}
    scope: dict[str, object] = {"execute": execute}
    cases: dict[str, timeit.Timer] = {}
    for count, (name, subject) in enumerate(subjects.items()):
        scope |= {f"subject_{count}": subject, f"operation_{count}": make()}
        statement = f"execute(subject_{count}, operation_{count})"
        cases[name] = timeit.Timer(statement, globals=scope, timer=time.thread_time)
    return least(cases, rounds=rounds, number=number)


def happy(rounds: int) -> Iterator[Row]:
    """Measure calls that succeed at once."""
    yield from rows(measured(lambda: succeed, rounds, 50), "bare", {}, "execute")


def flaky(rounds: int) -> Iterator[Row]:
    """Measure calls that fail twice, without delay."""
    yield from rows(measured(Flaky, rounds, 30), "bare", {}, "execute, 2 failures")


def main() -> int:
    """Print the table."""
    print(f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, {platform.machine()}\n")
    print("| with | against | µs | added µs | ratio |\n|---|---|---:|---:|---:|")
    for found in (list(happy(300)), list(flaky(300))):
        bare = found[0].nanoseconds
        for row in found:
            added = (row.nanoseconds - bare) / 1e3
            listener = "nobody" if row is found[0] else row.what
            print(f"| {listener} | {row.against} | {row.nanoseconds / 1e3:.2f} | {added:.2f} | {row.ratio:.1f} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
