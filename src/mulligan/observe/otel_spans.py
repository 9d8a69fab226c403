"""One span for each execution and, inside it, one for each attempt, linked to the attempt before.

    mulligan.call billing.fetch            mulligan.policy, mulligan.attempts, mulligan.reason; error.type
    ├── mulligan.attempt billing.fetch     mulligan.policy, mulligan.attempt, mulligan.outcome; error.type
    └── mulligan.attempt billing.fetch     and mulligan.delay, the seconds slept before; links to the one above

Rules:
- The span of an attempt is the current span while the attempt runs, so that what the operation calls is inside it.
- Names and attributes hold no arguments and values; messages and stack traces of errors are there only if asked for.
- What is remembered of an execution is forgotten when it finishes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from opentelemetry import context as contexts
from opentelemetry.trace import Link, Status, StatusCode, get_current_span, set_span_in_context

from mulligan.events import AttemptEnded, AttemptStarted, Finished, GuardChanged, Nested, Refused, Retrying
from mulligan.observe.records import type_name

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextvars import Token

    from opentelemetry.context import Context
    from opentelemetry.trace import Span, Tracer
    from opentelemetry.util.types import AttributeValue

    from mulligan.events import Event

__all__ = ["HEARD", "Spans"]

HEARD: Final[tuple[type[Event], ...]] = (
    *(AttemptStarted, AttemptEnded, Retrying),
    *(Finished, Refused, Nested, GuardChanged),
)


class _Live:
    """The spans of an execution that runs.

    Args:
        call: the span of the execution.
        inside: the context in which attempts begin: that of the execution, with its span.
    """

    __slots__ = ("attempt", "call", "delay", "inside", "token")

    def __init__(self, call: Span, inside: Context) -> None:
        self.call = call
        self.inside = inside
        self.attempt: Span | None = None
        self.delay: float | None = None
        self.token: Token[Context] | None = None


class Spans:
    """Makes spans of events.

    Args:
        tracer: what makes them.
        include_messages: whether errors' messages and stack traces, and the keys of guards, may be seen.
    """

    def __init__(self, tracer: Tracer, *, include_messages: bool) -> None:
        self._tracer: Final = tracer
        self._include_messages: Final = include_messages
        self._live: Final[dict[int, _Live]] = {}

    def __call__(self, event: Event, /) -> None:
        """Begin, end or add to a span."""
        match event:
            case AttemptStarted():
                self._start(event)
            case AttemptEnded():
                self._end(event)
            case Retrying():
                self._of(event.execution, event.policy).delay = event.delay
            case Refused():
                self._add(event.execution, event.policy, "mulligan.refused", {"mulligan.guard": event.guard})
            case Nested():
                attributes = {"mulligan.amplification": event.amplification}
                self._add(event.execution, event.policy, "mulligan.nested", attributes)
            case GuardChanged():
                self._guard_changed(event)
            case Finished():
                self._finish(event)
            case _:
                return

    def _of(self, execution: int, policy: str) -> _Live:
        """Answer the spans of an execution, begun where this is the first that is heard of it."""
        live = self._live.get(execution)
        if live is None:
            call = self._tracer.start_span(_named("mulligan.call", policy), attributes={"mulligan.policy": policy})
            live = self._live[execution] = _Live(call, set_span_in_context(call))
        return live

    def _start(self, event: AttemptStarted) -> None:
        live = self._of(event.execution, event.policy)
        attributes: dict[str, AttributeValue] = {
            "mulligan.policy": event.policy,
            "mulligan.attempt": event.attempt,
        }
        if live.delay is not None:
            attributes["mulligan.delay"] = live.delay
        links = None if live.attempt is None else [Link(live.attempt.get_span_context())]
        name = _named("mulligan.attempt", event.policy)
        live.attempt = self._tracer.start_span(name, context=live.inside, attributes=attributes, links=links)
        live.token = contexts.attach(set_span_in_context(live.attempt, live.inside))

    def _end(self, event: AttemptEnded) -> None:
        live = self._live.get(event.execution)
        if live is None or live.attempt is None:
            return
        if live.token is not None:
            contexts.detach(live.token)
            live.token = None
        live.attempt.set_attribute("mulligan.outcome", event.verdict)
        failed = event.verdict in ("transient", "failed")
        self._mark(live.attempt, event.error, "not accepted" if failed else None)
        live.attempt.end()

    def _finish(self, event: Finished) -> None:
        call = self._of(event.execution, event.policy).call
        del self._live[event.execution]
        call.set_attribute("mulligan.attempts", event.attempts)
        call.set_attribute("mulligan.reason", str(event.reason))
        self._mark(call, event.raised, None if event.accepted else str(event.reason))
        call.end()

    def _mark(self, span: Span, error: BaseException | None, failed: str | None) -> None:
        """Say on a span how it failed, if it did."""
        if error is not None:
            span.set_attribute("error.type", type_name(type(error)))
            if self._include_messages:
                span.record_exception(error)
                failed = failed and str(error)
        if failed is not None:
            span.set_status(Status(StatusCode.ERROR, failed))

    def _add(self, execution: int, policy: str, name: str, attributes: Mapping[str, AttributeValue]) -> None:
        self._of(execution, policy).call.add_event(name, attributes)

    def _guard_changed(self, event: GuardChanged) -> None:
        attributes: dict[str, AttributeValue] = {
            "mulligan.guard": event.guard,
            "mulligan.before": str(event.before),
            "mulligan.after": str(event.after),
        }
        if self._include_messages:
            attributes["mulligan.key"] = event.key
        get_current_span().add_event("mulligan.guard_changed", attributes)


def _named(what: str, policy: str) -> str:
    return f"{what} {policy}" if policy else what
