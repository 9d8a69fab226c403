"""How often the request that is being sent was sent before: `http.request.resend_count` of OpenTelemetry.

Rules: it is `None` at the first send, where the attribute is to be omitted. It is known inside the client, below the
retries, which is where instrumentation opens a span for each send.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from typing import Protocol

    class Attributed(Protocol):
        """A span, as far as it is needed."""

        def set_attribute(self, key: str, value: int, /) -> object:
            """Set an attribute."""
            ...


__all__ = ["mark_resend", "mark_resend_async", "resend_count", "resending"]

_RESEND_COUNT: Final = "http.request.resend_count"

resending: ContextVar[int | None] = ContextVar("mulligan.integrations.http.resend_count", default=None)


def resend_count() -> int | None:
    """Answer how often the request that is being sent was sent before; `None` at the first send, and outside of one.

    >>> resend_count() is None
    True
    """
    return resending.get()


def mark_resend(span: Attributed, *_: object) -> None:
    """Set `http.request.resend_count` on the span of a send, where it is a resend.

    Give it as the `request_hook` of OpenTelemetry's instrumentation of httpx; `mark_resend_async` as the
    `async_request_hook`.

    Args:
        span: the span that was opened for the send.
    """
    count = resending.get()
    if count is not None:
        span.set_attribute(_RESEND_COUNT, count)


async def mark_resend_async(span: Attributed, *_: object) -> None:
    """Do what `mark_resend` does, where a hook has to be async.

    Args:
        span: the span that was opened for the send.
    """
    mark_resend(span)
