"""OpenTelemetry: numbers and spans through its API, with whatever SDK the program has set up.

Rules: without an SDK the API does nothing. Listeners with the same settings are equal, so that an execution tells one
of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mulligan.errors import ConfigError
from mulligan.observe.metering import HEARD
from mulligan.observe.needing import needed

if TYPE_CHECKING:
    from opentelemetry.metrics import MeterProvider
    from opentelemetry.trace import TracerProvider

    from mulligan.events import Event
    from mulligan.observe.metering import Metering
    from mulligan.observe.otel_spans import Spans

__all__ = ["OpenTelemetry"]


class OpenTelemetry:
    """Count executions in OpenTelemetry's instruments, and make spans of them and of their attempts.

    Args:
        meter_provider: where numbers go; the global provider when left out.
        tracer_provider: where spans go; the global provider when left out.
        metrics: whether to count.
        spans: whether to make spans.
        include_messages: whether errors' messages and stack traces, and the keys of guards, may be seen in spans.
        max_names: how many policies, guards and stores are told apart by name, each, in the numbers.

    Raises:
        ConfigError: when neither numbers nor spans are wanted.
        ModuleNotFoundError: when opentelemetry-api is not installed.

    >>> from opentelemetry.sdk.trace import TracerProvider
    >>> from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    >>> from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
    >>> from mulligan import Pipeline, Policy, execute
    >>> provider, exporter = TracerProvider(), InMemorySpanExporter()
    >>> provider.add_span_processor(SimpleSpanProcessor(exporter))
    >>> otel = OpenTelemetry(tracer_provider=provider, metrics=False)
    >>> execute(Pipeline(Policy(name="billing.fetch", retry_on=OSError), listeners=[otel]), max, 1, 2)
    2
    >>> [span.name for span in exporter.get_finished_spans()]
    ['mulligan.attempt billing.fetch', 'mulligan.call billing.fetch']
    """

    hears: tuple[type[Event], ...] = ()

    def __init__(
        self,
        *,
        meter_provider: MeterProvider | None = None,
        tracer_provider: TracerProvider | None = None,
        metrics: bool = True,
        spans: bool = True,
        include_messages: bool = False,
        max_names: int = 100,
    ) -> None:
        if not metrics and not spans:
            raise ConfigError("metrics", metrics, "give metrics=True or spans=True: there is nothing else")
        with needed("OpenTelemetry", "otel"):
            from opentelemetry import metrics as of_metrics  # noqa: PLC0415 - only who uses it needs it
            from opentelemetry import trace as of_traces  # noqa: PLC0415 - as above
        self._metering: Metering | None = None
        self._spans: Spans | None = None
        tracers = tracer_provider or of_traces.get_tracer_provider()
        if metrics:
            from mulligan.observe.otel_metrics import metering_of  # noqa: PLC0415 - as above

            self._metering = metering_of(meter_provider or of_metrics.get_meter_provider(), max_names)
            self.hears += HEARD
        if spans:
            from mulligan.observe import otel_spans  # noqa: PLC0415 - as above

            tracer = tracers.get_tracer("mulligan")
            self._spans = otel_spans.Spans(tracer, include_messages=include_messages)
            self.hears += tuple(kind for kind in otel_spans.HEARD if kind not in self.hears)
        self._settings: Final = (self._metering, tracers if spans else None, include_messages)

    def __call__(self, event: Event, /) -> None:
        """Count an event, and begin or end its span."""
        if self._spans is not None:
            self._spans(event)
        if self._metering is not None:
            self._metering(event)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, OpenTelemetry) and other._settings == self._settings

    def __hash__(self) -> int:
        return hash(self._settings)
