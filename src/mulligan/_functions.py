"""What kind of callable a function is, and what to call it, found without importing `inspect`.

Rules: partials, bound methods and callable objects are looked through, down to a function with a code object. What
has none (a builtin, a C extension) counts as a plain function; its answers are checked when they come.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import ParamSpec, TypeGuard

    P = ParamSpec("P")
    R = TypeVar("R")

__all__ = ["answers_awaitable", "answers_generator", "is_async", "is_predicate", "named"]

# https://docs.python.org/3/library/inspect.html#code-objects-bit-flags
GENERATOR = 0x20
COROUTINE = 0x80
ITERABLE_COROUTINE = 0x100
ASYNC_GENERATOR = 0x200
_DEPTH = 20


def _unwrapped(function: object) -> object:
    """Answer the function that a partial, a method or a callable object ends in."""
    for _ in range(_DEPTH):
        inner = _inner(function)
        if inner is None:
            break
        function = inner
    return function


def _inner(function: object) -> object:
    """Answer what calling it calls, `None` where that is the function itself."""
    if issubclass(type(function), partial):
        return getattr(function, "func", None)
    if hasattr(function, "__func__"):
        return getattr(function, "__func__", None)
    if hasattr(function, "__code__") or isinstance(function, type):
        return None
    call: object = getattr(type(function), "__call__", None)  # noqa: B004 - the method itself is wanted
    return call if hasattr(call, "__code__") else None


def _flags(function: object) -> int:
    flags: object = getattr(getattr(_unwrapped(function), "__code__", None), "co_flags", 0)
    return flags if isinstance(flags, int) else 0


def answers_awaitable(function: object) -> bool:
    """Tell whether calling it answers a coroutine.

    >>> async def fetch() -> None: ...
    >>> answers_awaitable(fetch), answers_awaitable(partial(fetch)), answers_awaitable(len)
    (True, True, False)
    """
    return bool(_flags(function) & (COROUTINE | ITERABLE_COROUTINE)) or _is_marked(function)


def _is_marked(function: object) -> bool:
    """Tell whether `inspect.markcoroutinefunction` marked it (Python 3.12)."""
    marker: object = getattr(_unwrapped(function), "_is_coroutine_mark", None)
    return marker is not None


def answers_generator(function: object) -> bool:
    """Tell whether calling it answers a generator or an async generator.

    >>> def lines() -> object: yield
    >>> answers_generator(lines)
    True
    """
    return bool(_flags(function) & (GENERATOR | ASYNC_GENERATOR)) and not _flags(function) & ITERABLE_COROUTINE


def is_async(function: Callable[P, R]) -> TypeGuard[Callable[P, Awaitable[R]]]:
    """Tell whether it is an async function, and let type checkers know."""
    return answers_awaitable(function)


def is_predicate(function: object) -> TypeGuard[Callable[[Exception], bool]]:
    """Tell whether it can be asked about an error."""
    return callable(function)


def named(function: object) -> str:
    """Answer how to name a callable in a message.

    >>> named(len)
    'len'
    """
    name: object = getattr(function, "__qualname__", None)
    return name if isinstance(name, str) else repr(function)
