"""OpenTelemetry's exporters over OTLP and HTTP, to a receiver on loopback: what arrives is what happened."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from mulligan import Policy, execute, no_delay, try_execute
from mulligan.observe import OpenTelemetry, use
from tests.executors.worlds import Script

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opentelemetry.proto.metrics.v1.metrics_pb2 import Metric
    from opentelemetry.proto.trace.v1.trace_pb2 import Span

FETCH: Policy[int] = Policy(name="fetch", retry_on=ConnectionError, schedule=no_delay(), max_attempts=3)


class Receiver:
    """An OTLP receiver on loopback."""

    def __init__(self) -> None:
        self.bodies: list[tuple[str, bytes]] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.bodies.append((self.path, body))
                self.send_response(200)
                self.send_header("Content-Type", "application/x-protobuf")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def address(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server.server_port}{path}"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def spans(self) -> list[Span]:
        requests = [ExportTraceServiceRequest.FromString(body) for path, body in self.bodies if path == "/v1/traces"]
        return [
            span
            for request in requests
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]

    def metrics(self) -> dict[str, Metric]:
        requests = [ExportMetricsServiceRequest.FromString(body) for path, body in self.bodies if path == "/v1/metrics"]
        return {
            metric.name: metric
            for request in requests
            for resource in request.resource_metrics
            for scope in resource.scope_metrics
            for metric in scope.metrics
        }


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.close()


def test_spans_arrive_with_their_links(receiver: Receiver) -> None:
    tracers = TracerProvider()
    tracers.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(receiver.address("/v1/traces"))))
    with use(OpenTelemetry(tracer_provider=tracers, metrics=False)):
        execute(FETCH, Script(ConnectionError("secret"), 7).play)
    tracers.shutdown()
    first, second, call = receiver.spans()
    assert [first.name, second.name, call.name] == [*["mulligan.attempt fetch"] * 2, "mulligan.call fetch"]
    assert [link.span_id for link in second.links] == [first.span_id]
    assert {first.parent_span_id, second.parent_span_id} == {call.span_id}
    assert {first.trace_id, second.trace_id, call.trace_id} == {call.trace_id}
    attributes = {pair.key: pair.value.string_value for pair in first.attributes}
    assert (attributes["mulligan.policy"], attributes["error.type"]) == ("fetch", "ConnectionError")
    assert not any(b"secret" in body for _, body in receiver.bodies)


def test_numbers_arrive(receiver: Receiver) -> None:
    exporter = OTLPMetricExporter(receiver.address("/v1/metrics"))
    meters = MeterProvider(metric_readers=[PeriodicExportingMetricReader(exporter, export_interval_millis=3_600_000)])
    with use(OpenTelemetry(meter_provider=meters, spans=False)):
        execute(FETCH, Script(ConnectionError(), 7).play)
        try_execute(FETCH, Script(ConnectionError()).play)
    meters.shutdown()
    metrics = receiver.metrics()
    attempts = {
        point.attributes[1].value.string_value: point.as_int for point in metrics["mulligan.attempts"].sum.data_points
    }
    assert attempts == {"transient": 4, "accepted": 1}
    calls = {
        point.attributes[1].value.string_value: point.as_int for point in metrics["mulligan.calls"].sum.data_points
    }
    assert calls == {"successful_with_retry": 1, "failed_with_retry": 1}
    [durations] = metrics["mulligan.attempt.duration"].histogram.data_points
    assert (durations.count, metrics["mulligan.attempt.duration"].unit) == (5, "s")
