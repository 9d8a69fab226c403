"""OpenTelemetry with its real SDK, in memory: numbers and spans."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from opentelemetry import trace
from opentelemetry.sdk.metrics.export import HistogramDataPoint
from opentelemetry.trace import StatusCode

from mulligan import Pipeline, Policy, constant, execute, execute_async, no_delay, try_execute
from mulligan.errors import ConfigError
from mulligan.events import GuardChanged, StoreLost
from mulligan.guards import CircuitBreaker, consecutive
from mulligan.observe import OpenTelemetry, use
from tests.executors.worlds import Script, World, every_form, every_world
from tests.observe.telemetry import Telemetry

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import ReadableSpan

FETCH: Policy[int] = Policy(name="fetch", retry_on=ConnectionError, schedule=constant(1), max_attempts=3)


@pytest.fixture
def telemetry() -> Telemetry:
    return Telemetry()


def links(span: ReadableSpan) -> list[int]:
    return [link.context.span_id for link in span.links]


def span_id(span: ReadableSpan) -> int:
    context = span.get_span_context()
    assert context is not None
    return context.span_id


@every_world
@every_form
class TestEverywhere:
    def test_numbers(self, world: World, form: str, telemetry: Telemetry) -> None:
        with use(telemetry.listener):
            world.run(form, FETCH, Script((0.5, ConnectionError()), 7))
            world.run(form, FETCH, Script(7))
        assert telemetry.points("mulligan.attempts") == {("fetch", "accepted"): 2, ("fetch", "transient"): 1}
        kinds = {("fetch", "successful_with_retry"): 1, ("fetch", "successful_without_retry"): 1}
        assert telemetry.points("mulligan.calls") == kinds
        assert telemetry.points("mulligan.attempt.duration") == {("fetch",): 3}
        assert telemetry.points("mulligan.call.duration") == {("fetch",): 2}
        assert telemetry.points("mulligan.retry.delay") == {("fetch",): 1}

    def test_each_attempt_has_a_span_inside_its_calls_which_links_to_the_attempt_before(
        self, world: World, form: str, telemetry: Telemetry
    ) -> None:
        with use(telemetry.listener):
            world.run(form, FETCH, Script(ConnectionError(), ConnectionError(), 7))
        [call] = telemetry.spans("mulligan.call fetch")
        first, second, third = telemetry.spans("mulligan.attempt fetch")
        assert [links(span) for span in (first, second, third)] == [[], [span_id(first)], [span_id(second)]]
        assert {span.parent.span_id for span in (first, second, third) if span.parent} == {span_id(call)}
        assert [dict(span.attributes or {}) for span in (first, third)] == [
            {
                "mulligan.policy": "fetch",
                "mulligan.attempt": 1,
                "mulligan.outcome": "transient",
                "error.type": "ConnectionError",
            },
            {"mulligan.policy": "fetch", "mulligan.attempt": 3, "mulligan.outcome": "accepted", "mulligan.delay": 1.0},
        ]
        assert [span.status.status_code for span in (first, second, third)] == [
            *(StatusCode.ERROR, StatusCode.ERROR),
            StatusCode.UNSET,
        ]
        assert dict(call.attributes or {}) == {
            "mulligan.policy": "fetch",
            "mulligan.attempts": 3,
            "mulligan.reason": "accepted",
        }
        assert call.status.status_code is StatusCode.UNSET

    def test_the_current_span_is_the_callers_again_afterwards(
        self, world: World, form: str, telemetry: Telemetry
    ) -> None:
        with use(telemetry.listener), pytest.raises(ConnectionError):
            world.run(form, FETCH, Script(ConnectionError()))
        assert trace.get_current_span() is trace.INVALID_SPAN


class TestSpans:
    def test_what_an_operation_does_is_inside_its_attempt(self, telemetry: Telemetry) -> None:
        tracer = telemetry.tracers.get_tracer("shop")

        def operation() -> int:
            with tracer.start_as_current_span("GET"):
                return 7

        with use(telemetry.listener), tracer.start_as_current_span("checkout"):
            execute(FETCH, operation)
        inner, attempt, call, outer = telemetry.exporter.get_finished_spans()
        assert [span.parent.span_id if span.parent else 0 for span in (inner, attempt, call, outer)] == [
            *(span_id(attempt), span_id(call), span_id(outer)),
            0,
        ]

    def test_between_attempts_the_current_span_is_the_callers(self, telemetry: Telemetry) -> None:
        tracer = telemetry.tracers.get_tracer("shop")
        seen: list[str] = []

        class Noting:
            def admit(self, attempt: int, /) -> None:
                seen.append(getattr(trace.get_current_span(), "name", ""))

        policy = Pipeline(FETCH.replace(schedule=no_delay()), guards=[Noting()], listeners=[telemetry.listener])
        with tracer.start_as_current_span("checkout"):
            execute(policy, Script(ConnectionError(), 7).play)
        assert seen[0] == "checkout"

    def test_tasks_do_not_see_each_others_spans(self, telemetry: Telemetry) -> None:
        current: list[tuple[int, int]] = []

        async def operation(number: int) -> int:
            before = trace.get_current_span().get_span_context().span_id
            await asyncio.sleep(0)
            current.append((before, trace.get_current_span().get_span_context().span_id))
            return number

        async def main() -> None:
            await asyncio.gather(*(execute_async(FETCH, operation, number) for number in range(50)))

        with use(telemetry.listener):
            asyncio.run(main())
        assert all(before == after for before, after in current)
        assert len({before for before, _ in current}) == 50

    def test_an_exhausted_call_says_why(self, telemetry: Telemetry) -> None:
        with use(telemetry.listener):
            try_execute(FETCH.replace(schedule=no_delay()), Script(ConnectionError("secret")).play)
        [call] = telemetry.spans("mulligan.call")
        assert (call.status.status_code, call.status.description) == (StatusCode.ERROR, "max_attempts")
        assert (call.attributes or {})["error.type"] == "ConnectionError"

    def test_messages_are_there_only_if_asked_for(self) -> None:
        silent, open_hearted = Telemetry(), Telemetry(include_messages=True)
        with use(silent.listener, open_hearted.listener):
            try_execute(FETCH.replace(schedule=no_delay()), Script(ConnectionError("secret")).play)
        assert "secret" not in "".join(span.to_json() for span in silent.exporter.get_finished_spans())
        attempt = open_hearted.spans("mulligan.attempt")[0]
        assert attempt.status.description == "secret"
        assert [event.name for event in attempt.events] == ["exception"]

    def test_guards_are_events_of_spans(self, telemetry: Telemetry) -> None:
        breaker = CircuitBreaker("billing", consecutive(1), open_for=60)
        with use(telemetry.listener):
            try_execute(Pipeline(FETCH, guards=[breaker]), Script(ConnectionError()).play)
        [call], [attempt] = telemetry.spans("mulligan.call"), telemetry.spans("mulligan.attempt")
        assert [event.name for event in call.events] == ["mulligan.refused"]
        [changed] = attempt.events
        assert dict(changed.attributes or {}) == {
            "mulligan.guard": "billing",
            "mulligan.before": "closed",
            "mulligan.after": "open",
        }

    def test_a_refused_call_has_a_span_without_attempts(self, telemetry: Telemetry) -> None:
        breaker = CircuitBreaker("billing")
        breaker.force_open()
        with use(telemetry.listener):
            try_execute(Pipeline(FETCH, guards=[breaker]), Script(7).play)
        [call] = telemetry.exporter.get_finished_spans()
        assert (call.attributes or {})["mulligan.reason"] == "refused"

    def test_a_policy_without_a_name_has_spans_without_one(self, telemetry: Telemetry) -> None:
        with use(telemetry.listener):
            execute(FETCH.replace(name=""), Script(7).play)
        assert [span.name for span in telemetry.exporter.get_finished_spans()] == ["mulligan.attempt", "mulligan.call"]


class TestNumbers:
    def test_guards_and_stores(self, telemetry: Telemetry) -> None:
        telemetry.listener(GuardChanged(policy="", guard="billing", key="a", before="closed", after="open"))
        assert telemetry.points("mulligan.breaker.state") == {("billing", "open"): 1}
        telemetry.listener(StoreLost(policy="", store="redis", error=TimeoutError))
        assert telemetry.points("mulligan.store.up") == {("redis",): 0}

    def test_histograms_have_buckets_for_seconds(self, telemetry: Telemetry) -> None:
        with use(telemetry.listener):
            execute(FETCH, Script(7).play)
        data = telemetry.reader.get_metrics_data()
        assert data is not None
        metrics = {metric.name: metric for metric in data.resource_metrics[0].scope_metrics[0].metrics}
        [point] = metrics["mulligan.attempt.duration"].data.data_points
        assert isinstance(point, HistogramDataPoint)
        assert tuple(point.explicit_bounds)[:2] == (0.005, 0.01)


class TestSettings:
    def test_listeners_of_the_same_providers_are_one(self, telemetry: Telemetry) -> None:
        other = OpenTelemetry(meter_provider=telemetry.meters, tracer_provider=telemetry.tracers)
        assert other == telemetry.listener
        assert OpenTelemetry(meter_provider=telemetry.meters, spans=False) != telemetry.listener
        with use(telemetry.listener, other):
            execute(FETCH, Script(7).play)
        assert telemetry.points("mulligan.attempts") == {("fetch", "accepted"): 1}
        assert len(telemetry.exporter.get_finished_spans()) == 2

    def test_numbers_and_spans_can_be_had_alone(self, telemetry: Telemetry) -> None:
        with use(OpenTelemetry(meter_provider=telemetry.meters, spans=False)):
            execute(FETCH, Script(7).play)
        assert telemetry.exporter.get_finished_spans() == ()
        with use(OpenTelemetry(tracer_provider=telemetry.tracers, metrics=False)):
            execute(FETCH, Script(7).play)
        assert telemetry.points("mulligan.attempts") == {("fetch", "accepted"): 1}
        assert len(telemetry.exporter.get_finished_spans()) == 2

    def test_there_must_be_something_to_listen_for(self) -> None:
        with pytest.raises(ConfigError, match="metrics=False"):
            OpenTelemetry(metrics=False, spans=False)

    def test_without_an_sdk_it_does_nothing(self) -> None:
        with use(OpenTelemetry()):
            assert execute(FETCH, Script(7).play) == 7

    def test_an_sdk_may_be_set_up_afterwards(self) -> None:
        """Programs do both in any order; the global providers can be set once, so this takes a process of its own."""
        found = subprocess.run([sys.executable, "-c", LATE], check=True, capture_output=True, text=True)  # noqa: S603
        assert found.stdout.split() == ["mulligan.attempt", "mulligan.call", "mulligan.attempts"]


LATE = """
from mulligan import Policy, execute, observe
observe.use(observe.OpenTelemetry())
from opentelemetry import metrics, trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
reader, exporter, tracers = InMemoryMetricReader(), InMemorySpanExporter(), TracerProvider()
tracers.add_span_processor(SimpleSpanProcessor(exporter))
trace.set_tracer_provider(tracers)
metrics.set_meter_provider(MeterProvider(metric_readers=[reader]))
execute(Policy(retry_on=OSError), len, "page")
print(*(span.name for span in exporter.get_finished_spans()))
print(reader.get_metrics_data().resource_metrics[0].scope_metrics[0].metrics[0].name)
"""
