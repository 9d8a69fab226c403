"""The RateLimit fields (the IETF's draft-ietf-httpapi-ratelimit-headers), in the forms that servers send.

    RateLimit: "burst";r=0;t=3, "daily";r=90;t=4000       since draft 08: one item for each quota
    RateLimit: limit=100, remaining=0, reset=3            drafts 07 and earlier, in one field
    RateLimit-Remaining: 0 and RateLimit-Reset: 3         drafts 06 and earlier, in fields of their own
    X-RateLimit-Remaining: 0 and X-RateLimit-Reset: 3     vendors' own, X-Rate-Limit- too

Rules: only a quota that is used up is a reason to wait, until the last of those begins anew. A malformed item is
absent. In fields of their own some servers (GitLab, GitHub, Auth0) give an instant, in Unix time, instead of seconds.
The number tells which: one of ten digits, which would be 31 years, is an instant; one of thirteen, which may be
milliseconds, is malformed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from mulligan.integrations.http.hints import Headers

__all__ = ["quota_reset"]

_QUOTED: Final = re.compile(r'"[^"]*"')
_NUMBER: Final = re.compile("[0-9]+")
_APART: Final = ("ratelimit", "x-ratelimit", "x-rate-limit")
_EARLIEST_INSTANT: Final = 1e9
_LATEST_INSTANT: Final = 1e12


def quota_reset(headers: Headers, now: datetime) -> float | None:
    """Answer the seconds until every quota that is used up begins anew, `None` where none is.

    Args:
        headers: the answer's fields.
        now: the instant to compare instants with, aware of its time zone.

    >>> from datetime import UTC, datetime
    >>> now = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
    >>> quota_reset({"ratelimit": '"burst";r=0;t=3, "daily";r=90;t=4000'}, now)
    3.0
    >>> quota_reset({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1795867205"}, now)
    5.0
    """
    whole = headers.get("ratelimit")
    if whole is not None:
        quotas = [*_items(whole), _dictionary(whole)]
    else:
        quotas = [_apart(headers, prefix, now) for prefix in _APART]
    return max((reset for remaining, reset in quotas if remaining == 0 and reset is not None), default=None)


def _items(text: str) -> Iterator[tuple[float | None, float | None]]:
    for item in _QUOTED.sub("q", text).split(","):
        yield _pair(item.split(";")[1:], "r", "t")


def _dictionary(text: str) -> tuple[float | None, float | None]:
    return _pair(text.split(","), "remaining", "reset")


def _apart(headers: Headers, prefix: str, now: datetime) -> tuple[float | None, float | None]:
    return _number(headers.get(f"{prefix}-remaining")), _from_now(_number(headers.get(f"{prefix}-reset")), now)


def _from_now(reset: float | None, now: datetime) -> float | None:
    """Answer the seconds until a quota begins anew, whether they or the instant were said."""
    if reset is None or reset < _EARLIEST_INSTANT:
        return reset
    return max(reset - now.timestamp(), 0.0) if reset < _LATEST_INSTANT else None


def _pair(parts: list[str], remaining: str, reset: str) -> tuple[float | None, float | None]:
    found = {name.strip(): value for name, equals, value in (part.partition("=") for part in parts) if equals}
    return _number(found.get(remaining)), _number(found.get(reset))


def _number(text: str | None) -> float | None:
    stripped = (text or "").strip(" \t")
    return float(stripped) if _NUMBER.fullmatch(stripped) else None
