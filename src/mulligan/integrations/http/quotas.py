"""The RateLimit fields (the IETF's draft-ietf-httpapi-ratelimit-headers), in the forms that servers send.

    RateLimit: "burst";r=0;t=3, "daily";r=90;t=4000       since draft 08: one item for each quota
    RateLimit: limit=100, remaining=0, reset=3            drafts 07 and earlier, in one field
    RateLimit-Remaining: 0 and RateLimit-Reset: 3         drafts 06 and earlier, in fields of their own

Rules: only a quota that is used up is a reason to wait, until the last of those begins anew. A malformed item is
absent. `X-RateLimit-Reset` is not read: some servers mean seconds by it, others an instant.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mulligan.integrations.http.hints import Headers

__all__ = ["quota_reset"]

_QUOTED: Final = re.compile(r'"[^"]*"')
_NUMBER: Final = re.compile("[0-9]+")


def quota_reset(headers: Headers) -> float | None:
    """Answer the seconds until every quota that is used up begins anew, `None` where none is.

    Args:
        headers: the answer's fields.

    >>> quota_reset({"RateLimit": '"burst";r=0;t=3, "daily";r=90;t=4000'})
    3.0
    >>> quota_reset({"RateLimit-Remaining": "0", "RateLimit-Reset": "5"})
    5.0
    """
    whole = headers.get("RateLimit")
    quotas = [*_items(whole), _dictionary(whole)] if whole is not None else [_apart(headers)]
    return max((reset for remaining, reset in quotas if remaining == 0 and reset is not None), default=None)


def _items(text: str) -> Iterator[tuple[float | None, float | None]]:
    for item in _QUOTED.sub("q", text).split(","):
        yield _pair(item.split(";")[1:], "r", "t")


def _dictionary(text: str) -> tuple[float | None, float | None]:
    return _pair(text.split(","), "remaining", "reset")


def _apart(headers: Headers) -> tuple[float | None, float | None]:
    return _number(headers.get("RateLimit-Remaining")), _number(headers.get("RateLimit-Reset"))


def _pair(parts: list[str], remaining: str, reset: str) -> tuple[float | None, float | None]:
    found = {name.strip(): value for name, equals, value in (part.partition("=") for part in parts) if equals}
    return _number(found.get(remaining)), _number(found.get(reset))


def _number(text: str | None) -> float | None:
    stripped = (text or "").strip(" \t")
    return float(stripped) if _NUMBER.fullmatch(stripped) else None
