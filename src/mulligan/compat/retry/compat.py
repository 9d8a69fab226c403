"""retry's `retry.compat`: how it makes a decorator of a function that calls the decorated one."""

from __future__ import annotations

from functools import wraps
from logging import NullHandler
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["NullHandler", "decorator"]

P = ParamSpec("P")
R = TypeVar("R")


def decorator(caller: Callable[Concatenate[Callable[P, R], P], R]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a decorator of `caller(f, *args, **kwargs)`.

    >>> @decorator
    ... def twice(f, *args, **kwargs):
    ...     return f(*args, **kwargs) * 2
    >>> twice(len)("abc")
    6
    """

    def decorate(f: Callable[P, R]) -> Callable[P, R]:
        @wraps(f)
        def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
            return caller(f, *args, **kwargs)

        return wrapper

    return decorate
