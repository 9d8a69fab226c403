"""Whether a value wants to be awaited, answered in the time that a happy path has.

Rules: only the type is asked, never the value, so that a lazy proxy is not woken up. The types that were found not to
be awaitable are remembered, at most `LIMIT` of them, because asking a type costs four times as much as the rest of a
successful execution.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable
    from typing import TypeGuard

__all__ = ["discard", "is_awaitable", "plain_types"]

LIMIT = 1024

plain_types: set[type] = {type(None), bool, int, float, str, bytes, tuple, list, dict, set}


def is_awaitable(value: object) -> TypeGuard[Awaitable[object]]:
    """Tell whether the value can be awaited.

    >>> is_awaitable(1)
    False
    """
    kind = type(value)
    if kind in plain_types:
        return False
    if hasattr(kind, "__await__"):
        return True
    if len(plain_types) >= LIMIT:
        plain_types.clear()
    plain_types.add(kind)
    return False


def discard(awaitable: object) -> None:
    """Close an awaitable that nobody will await, so that Python does not warn about it."""
    for name in ("close", "cancel"):
        method: object = getattr(awaitable, name, None)
        if callable(method):
            method()
            return
