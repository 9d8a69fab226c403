"""Staged sites: what the old code asks before it runs, until `mulligan migrate --finalize` removes it.

Rules: the answer is read from the flag whenever the site runs. A staged site has no engine to put beside the old code,
so `shadow` runs the old code there, as it does everywhere. A decorated function is decorated in both ways at once, and
each call chooses.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar, cast

from mulligan._functions import is_async
from mulligan.compat.flag import Mode, mode_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

__all__ = ["either", "legacy_here"]

P = ParamSpec("P")
R = TypeVar("R")


def legacy_here(site: str, /) -> bool:
    """Answer whether the old code is to run at a staged site.

    Args:
        site: the site's name, `module:qualname`, written out so that it stays the same when code moves.

    Raises:
        ConfigError: when `MULLIGAN_MODE` holds something that is no rule.

    >>> import os
    >>> os.environ["MULLIGAN_MODE"] = "billing.*=legacy"
    >>> legacy_here("billing.client:fetch"), legacy_here("mail.client:send")
    (True, False)
    >>> del os.environ["MULLIGAN_MODE"]
    >>> legacy_here("billing.client:fetch")
    False
    """
    return mode_of(site) is not Mode.MODERN


def either(
    site: str, /, *, legacy: Callable[..., object], modern: Callable[..., object]
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Decorate a function in the old way and in the new one, and let each call choose as `legacy_here` does.

    Args:
        site: the site's name, `module:qualname`.
        legacy: the old decorator; what it sets on the function stays there.
        modern: the new decorator.

    Raises:
        ConfigError: at a call, when `MULLIGAN_MODE` holds something that is no rule.

    >>> from mulligan import Policy, retry
    >>> @either("billing.client:fetch", legacy=lambda fn: fn, modern=retry(Policy(retry_on=OSError)))
    ... def fetch(page: str) -> str:
    ...     return page.upper()
    >>> fetch("a page")
    'A PAGE'
    """

    def decorate(fn: Callable[P, R]) -> Callable[P, R]:
        old, new = (cast("Callable[P, R]", decorator(fn)) for decorator in (legacy, modern))  # decorators keep it
        return cast("Callable[P, R]", _awaiting(site, old, new)) if is_async(new) else _calling(site, old, new)

    return decorate


def _calling(site: str, old: Callable[P, R], new: Callable[P, R]) -> Callable[P, R]:
    @wraps(old)
    def chosen(*args: P.args, **kwargs: P.kwargs) -> R:
        return (old if legacy_here(site) else new)(*args, **kwargs)

    return chosen


def _awaiting(site: str, old: Callable[P, R], new: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
    coroutine = cast("Callable[P, Awaitable[R]]", old)  # it decorates the same coroutine function

    @wraps(coroutine)
    async def chosen(*args: P.args, **kwargs: P.kwargs) -> R:
        return await (coroutine if legacy_here(site) else new)(*args, **kwargs)

    return chosen
