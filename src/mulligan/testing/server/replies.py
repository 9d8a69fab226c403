"""What the fault server does with a request: values, which `respond` and `reset` make.

Rules: seconds are those of the server's clock for what decides, and real seconds for latency and slow bodies, because a
real client waits for them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Literal

from mulligan.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Reply", "http_date", "reset", "respond"]

Breakage = Literal["none", "reset", "close", "truncate"]
DateForm = Literal["imf", "rfc850", "asctime"]
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What becomes of one request.

    Args:
        status: the HTTP status.
        headers: the reply's headers.
        body: the reply's body.
        latency: real seconds before the reply begins.
        breakage: how the connection ends: not at all, by a reset, by closing it without a reply, or in mid-body.
        chunks: in how many pieces the body is sent.
        pause: real seconds between two pieces.
        endless: whether it answers every later request too.
    """

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: bytes = b""
    latency: float = 0.0
    breakage: Breakage = "none"
    chunks: int = 1
    pause: float = 0.0
    endless: bool = False

    def times(self, count: int) -> tuple[Reply, ...]:
        """Answer the same reply so many times.

        Args:
            count: how often.

        >>> [reply.status for reply in respond(503).times(2)]
        [503, 503]
        """
        return (self,) * count

    def forever(self) -> Reply:
        """Answer the same reply, given to every later request too."""
        return replace(self, endless=True)

    def after(self, latency: float) -> Reply:
        """Answer the same reply, later.

        Args:
            latency: real seconds before it begins.
        """
        return replace(self, latency=latency)

    def slowly(self, *, chunks: int, pause: float) -> Reply:
        """Answer the same reply with its body sent in pieces.

        Args:
            chunks: how many pieces.
            pause: real seconds between two of them.

        Raises:
            ConfigError: when there is no piece.
        """
        if chunks < 1:
            raise ConfigError("chunks", chunks, "give 1 piece or more")
        return replace(self, chunks=chunks, pause=pause)

    def truncated(self) -> Reply:
        """Answer the same reply, cut off in the middle of its body.

        >>> respond(200, body=b"page").truncated().breakage
        'truncate'
        """
        return replace(self, breakage="truncate")


def respond(
    status: int = 200,
    *,
    body: bytes | str | object = b"",
    headers: Mapping[str, str] | None = None,
    retry_after: float | datetime | str | None = None,
) -> Reply:
    """Describe a reply.

    Args:
        status: the HTTP status, from 100 to 599.
        body: bytes, text, or a value that becomes JSON.
        headers: the reply's headers.
        retry_after: the `Retry-After` header: whole seconds, an instant, or its text as it is, such as `http_date` in
            another form, or nonsense.

    Raises:
        ConfigError: when the status is none.

    >>> respond(503, retry_after=2).headers
    {'Retry-After': '2'}
    >>> respond(200, body={"paid": True}).body
    b'{"paid": true}'
    """
    if not _is_status(status):
        raise ConfigError("status", status, "give an HTTP status from 100 to 599")
    given = dict(headers or {})
    if retry_after is not None:
        given["Retry-After"] = _retry_after(retry_after)
    return Reply(status=status, headers=given, body=_encoded(body))


def reset(*, close: bool = False) -> Reply:
    """Describe a connection that breaks before the reply.

    Args:
        close: closed in an orderly way instead of by a reset.

    >>> reset().breakage, reset(close=True).breakage
    ('reset', 'close')
    """
    return Reply(breakage="close" if close else "reset")


def http_date(instant: datetime, *, form: DateForm = "imf") -> str:
    """Answer an instant as an HTTP date, in one of the three forms of RFC 9110.

    Args:
        instant: aware of its time zone.
        form: "imf" for IMF-fixdate, which servers send; "rfc850" with a year of two digits and "asctime", which clients
            must understand too.

    Raises:
        ConfigError: when the instant knows no time zone, or the form is none.

    >>> instant = datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)
    >>> http_date(instant), http_date(instant, form="rfc850"), http_date(instant, form="asctime")
    ('Sun, 06 Nov 1994 08:49:37 GMT', 'Sunday, 06-Nov-94 08:49:37 GMT', 'Sun Nov  6 08:49:37 1994')
    """
    if instant.tzinfo is None:
        raise ConfigError("instant", instant, "give an instant that knows its time zone")
    at = instant.astimezone(UTC)
    day, month = _DAYS[at.weekday()], _MONTHS[at.month - 1]
    match form:
        case "imf":
            return f"{day[:3]}, {at.day:02} {month} {at.year:04} {at:%H:%M:%S} GMT"
        case "rfc850":
            return f"{day}, {at.day:02}-{month}-{at.year % 100:02} {at:%H:%M:%S} GMT"
        case "asctime":
            return f"{day[:3]} {month} {at.day:2} {at:%H:%M:%S} {at.year:04}"
        case _:
            raise ConfigError("form", form, "give 'imf', 'rfc850' or 'asctime'")


def _is_status(status: object) -> bool:
    return isinstance(status, int) and 100 <= status <= 599


def _retry_after(given: float | datetime | str) -> str:
    match given:
        case str():
            return given
        case datetime():
            return http_date(given)
        case _:
            return str(int(given))


def _encoded(body: object) -> bytes:
    match body:
        case bytes():
            return body
        case str():
            return body.encode()
        case _:
            return json.dumps(body).encode()
