"""The bodies of httpx's requests and answers: sent again, kept, or let go of.

Rules: an answer that is retried is read where it is small, so that its connection can be used again, and otherwise let
go of together with its connection. Reading it afterwards is an error of httpx, never an empty body.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import httpx

from mulligan.integrations.http.replaying import as_it_is, rewinder
from mulligan.integrations.http.sending import is_small, length_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from typing import TypeGuard

    from mulligan.events import Retrying

__all__ = ["keep", "keep_async", "let_go", "let_go_async", "rewinder_of"]


def rewinder_of(stream: object) -> Callable[[], object] | None:
    """Answer what makes a body ready to be sent again, `None` where it can be sent once."""
    if isinstance(stream, httpx.ByteStream):
        return as_it_is
    inner: object = getattr(stream, "_stream", stream)  # httpx shows the file or the iterable by no other name
    if inner is not stream:
        return rewinder(inner)
    fields: object = getattr(stream, "fields", None)
    return as_it_is if _is_list(fields) and all(_begins_anew(field) for field in fields) else None


def _is_list(fields: object) -> TypeGuard[list[object]]:
    return isinstance(fields, list)


def _begins_anew(field: object) -> bool:
    """Tell whether a field of a form can be sent again; httpx itself sends a file from its beginning."""
    return rewinder(getattr(field, "file", None)) is not None


class _Gone(httpx.SyncByteStream, httpx.AsyncByteStream):
    """The body of an answer that was let go of for a retry, which somebody then refused."""

    def __iter__(self) -> Iterator[bytes]:
        raise self._error()

    def __aiter__(self) -> AsyncIterator[bytes]:
        raise self._error()

    def _error(self) -> httpx.ReadError:
        return httpx.ReadError("the answer's body was let go of for a retry, which a guard then refused")


def let_go(event: Retrying) -> None:
    """Free the connection of an answer that is retried, and keep its body where it is small."""
    response = event.value
    if not isinstance(response, httpx.Response) or not isinstance(response.stream, httpx.SyncByteStream):
        return
    if is_small(length_of(response.headers)):
        with suppress(httpx.HTTPError):  # the body broke off: it is the answer of an attempt that is over
            keep(response)
            return
    response.stream.close()
    response.stream = _Gone()


async def let_go_async(event: Retrying) -> None:
    """Free the connection of an answer that is retried, and keep its body where it is small."""
    response = event.value
    if not isinstance(response, httpx.Response) or not isinstance(response.stream, httpx.AsyncByteStream):
        return
    if is_small(length_of(response.headers)):
        with suppress(httpx.HTTPError):  # as above
            await keep_async(response)
            return
    await response.stream.aclose()
    response.stream = _Gone()


def keep(response: httpx.Response) -> None:
    """Read a body, in such a way that the client can read it too."""
    stream = response.stream
    assert isinstance(stream, httpx.SyncByteStream)  # noqa: S101 - a transport of this kind gives no other
    try:
        body = b"".join(stream)
    finally:
        stream.close()
    response.stream = httpx.ByteStream(body)


async def keep_async(response: httpx.Response) -> None:
    """Read a body, in such a way that the client can read it too."""
    stream = response.stream
    assert isinstance(stream, httpx.AsyncByteStream)  # noqa: S101 - as above
    try:
        body = b"".join([chunk async for chunk in stream])
    finally:
        await stream.aclose()
    response.stream = httpx.ByteStream(body)
