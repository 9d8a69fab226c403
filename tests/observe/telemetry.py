"""OpenTelemetry's SDK in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import HistogramDataPoint, InMemoryMetricReader, NumberDataPoint
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from mulligan.observe import OpenTelemetry

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import ReadableSpan

__all__ = ["Telemetry"]


class Telemetry:
    """An SDK in memory, with a listener for it."""

    def __init__(self, *, include_messages: bool = False) -> None:
        self.reader = InMemoryMetricReader()
        self.meters = MeterProvider(metric_readers=[self.reader])
        self.tracers = TracerProvider()
        self.exporter = InMemorySpanExporter()
        self.tracers.add_span_processor(SimpleSpanProcessor(self.exporter))
        self.listener = OpenTelemetry(
            meter_provider=self.meters, tracer_provider=self.tracers, include_messages=include_messages
        )

    def points(self, name: str) -> dict[tuple[object, ...], float]:
        """Answer a metric's points by the values of their attributes; a histogram's by how many it counted."""
        found: dict[tuple[object, ...], float] = {}
        data = self.reader.get_metrics_data()
        assert data is not None
        for metric in data.resource_metrics[0].scope_metrics[0].metrics:
            for point in metric.data.data_points if metric.name == name else ():
                key = tuple((point.attributes or {}).values())
                match point:
                    case HistogramDataPoint():
                        found[key] = point.count
                    case NumberDataPoint():
                        found[key] = point.value
                    case _:
                        pytest.fail(f"unexpected point: {point}")
        return found

    def spans(self, prefix: str) -> list[ReadableSpan]:
        """Answer the spans whose names begin so, in the order in which they ended."""
        return [span for span in self.exporter.get_finished_spans() if span.name.startswith(prefix)]
