"""What a server says about when to come back, read from the fields of its answer into one typed hint.

| field | form | what becomes of the delay |
|---|---|---|
| `x-amz-retry-after` | milliseconds | the backoff, raised towards the hint by 5 s at most (AWS, Retries 2.1) |
| `grpc-retry-pushback-ms` | milliseconds; negative: do not retry | the hint itself (gRPC A6) |
| `Retry-After` | seconds, or an HTTP date | the hint and the backoff on top of it |
| `RateLimit`, `RateLimit-Reset`, `X-RateLimit-Reset` | when a quota that is used up begins anew | as `Retry-After` |

Rules: the first field of this table that says something counts. A malformed field is absent, never 0: `²` is no digit,
and neither a sign nor a fraction belongs to a number of seconds. A hint is clamped to the longest wait that the client
allows. Clients that were told the same instant are spread by the backoff's jitter on top of it, so never earlier.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal, Protocol

from mulligan._value import Value
from mulligan.classify import FAIL, Transient
from mulligan.integrations.http.dates import http_date
from mulligan.integrations.http.quotas import quota_reset

if TYPE_CHECKING:
    from datetime import datetime

    from mulligan.classify import Verdict

    class Headers(Protocol):
        """Header fields by name, whatever the case of its letters."""

        def get(self, key: str, /) -> str | None:
            """Answer the field's value, `None` where it is absent."""
            ...


__all__ = ["LONGEST_HINT", "ServerHint", "server_hint"]

Source = Literal["x-amz-retry-after", "grpc-retry-pushback-ms", "retry-after", "ratelimit"]
LONGEST_HINT: Final = 120.0
"""Seconds that a server's hint counts for at most, unless told otherwise."""
_MILLISECONDS: Final = re.compile("[0-9]+")
_PUSHBACK: Final = re.compile("-?[0-9]+")


class ServerHint(Value):
    """When a server wants to be asked again.

    Args:
        source: the field that says so.
        seconds: from now; `None` where it wants not to be asked again at all.
    """

    source: Source
    seconds: float | None

    def verdict(self) -> Verdict:
        """Answer what it means to a retry.

        >>> ServerHint(source="retry-after", seconds=30.0).verdict()
        Transient(hint=30.0, rule='on_top')
        >>> ServerHint(source="grpc-retry-pushback-ms", seconds=None).verdict()
        Fail()
        """
        if self.seconds is None:
            return FAIL
        match self.source:
            case "x-amz-retry-after":
                return Transient(self.seconds, "near")
            case "grpc-retry-pushback-ms":
                return Transient(self.seconds)
            case "retry-after" | "ratelimit":
                return Transient(self.seconds, "on_top")


def server_hint(headers: Headers, now: datetime, *, longest: float = LONGEST_HINT) -> ServerHint | None:
    """Read the hint of an answer, `None` where it has none.

    Args:
        headers: the answer's fields; a mapping with lower-case names will do.
        now: the instant to compare dates with, aware of its time zone. The answer's own `Date`, where it has one, is
            better than this machine's clock, because both dates are then of one clock.
        longest: seconds that a hint counts for at most.

    >>> from datetime import UTC, datetime
    >>> now = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
    >>> server_hint({"retry-after": "3"}, now)
    ServerHint(source='retry-after', seconds=3.0)
    >>> server_hint({"retry-after": "Sat, 28 Nov 2026 12:00:07 GMT"}, now).seconds
    7.0
    >>> server_hint({"retry-after": "-1"}, now) is None
    True
    """
    return (
        _amazon(headers, longest)
        or _pushback(headers, longest)
        or _retry_after(headers, now, longest)
        or _quota(headers, now, longest)
    )


def _field(headers: Headers, name: str) -> str:
    return (headers.get(name) or "").strip(" \t")


def _amazon(headers: Headers, longest: float) -> ServerHint | None:
    text = _field(headers, "x-amz-retry-after")
    if not _MILLISECONDS.fullmatch(text):
        return None
    return ServerHint(source="x-amz-retry-after", seconds=min(float(text) / 1000, longest))


def _pushback(headers: Headers, longest: float) -> ServerHint | None:
    text = _field(headers, "grpc-retry-pushback-ms")
    if not _PUSHBACK.fullmatch(text):
        return None
    seconds = None if text.startswith("-") else min(float(text) / 1000, longest)
    return ServerHint(source="grpc-retry-pushback-ms", seconds=seconds)


def _retry_after(headers: Headers, now: datetime, longest: float) -> ServerHint | None:
    text = _field(headers, "retry-after")
    if text.isascii() and text.isdigit():
        return ServerHint(source="retry-after", seconds=min(float(text), longest))
    date = http_date(text, now)
    if date is None:
        return None
    return ServerHint(source="retry-after", seconds=min(max((date - now).total_seconds(), 0.0), longest))


def _quota(headers: Headers, now: datetime, longest: float) -> ServerHint | None:
    seconds = quota_reset(headers, now)
    return None if seconds is None else ServerHint(source="ratelimit", seconds=min(seconds, longest))
