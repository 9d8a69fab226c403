"""`http.request.resend_count` on the spans of OpenTelemetry's own instrumentation, and below each client's retries."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import httpx
import pytest
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from mulligan import Policy, no_delay
from mulligan.integrations.http import mark_resend, mark_resend_async, resend_count
from mulligan.integrations.httpx import AsyncRetryTransport, HttpxFailures, RetryTransport
from mulligan.testing import FaultServer, respond

if TYPE_CHECKING:
    from collections.abc import Iterator

QUICK: Policy = Policy(classify=HttpxFailures(), schedule=no_delay())


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    exporter, provider, instrumentor = InMemorySpanExporter(), TracerProvider(), HTTPXClientInstrumentor()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    instrumentor.instrument(tracer_provider=provider, request_hook=mark_resend, async_request_hook=mark_resend_async)
    yield exporter
    instrumentor.uninstrument()


def test_it_is_on_the_spans_of_resends_and_omitted_on_the_first_send(spans: InMemorySpanExporter) -> None:
    with FaultServer() as server, httpx.Client(transport=RetryTransport(QUICK)) as client:
        server.on("/a", *respond(503).times(2), respond(200))
        client.get(server.url("/a"))
    counts = [(span.attributes or {}).get("http.request.resend_count") for span in spans.get_finished_spans()]
    assert counts == [None, 1, 2]


def test_it_is_on_the_spans_of_asynchronous_resends_too(spans: InMemorySpanExporter) -> None:
    async def main(url: str) -> None:
        async with httpx.AsyncClient(transport=AsyncRetryTransport(QUICK)) as client:
            await client.get(url)

    with FaultServer() as server:
        server.on("/a", *respond(503).times(2), respond(200))
        asyncio.run(main(server.url("/a")))
    counts = [(span.attributes or {}).get("http.request.resend_count") for span in spans.get_finished_spans()]
    assert counts == [None, 1, 2]


def test_it_is_known_below_the_retries_alone() -> None:
    seen: list[int | None] = []

    class Below(httpx.HTTPTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            seen.append(resend_count())
            return super().handle_request(request)

    with FaultServer() as server, httpx.Client(transport=RetryTransport(QUICK, transport=Below())) as client:
        server.on("/a", respond(503), respond(200), respond(200))
        for _ in range(2):
            client.get(server.url("/a"))
            seen.append(resend_count())
    assert seen == [None, 1, None, None, None]
