"""backoff's `backoff._typing`: the types of its interface. Its own names, with an underscore, are what code imports."""

# ruff: noqa: PYI018, PYI047 - names that other code imports

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine, Generator, Sequence
from typing import Any, TypeAlias, TypedDict, TypeVar

__all__ = ["Details", "Handler", "Jitterer", "MaybeCallable", "MaybeLogger", "WaitGenerator"]

T = TypeVar("T")


class _Details(TypedDict):
    target: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    tries: int
    elapsed: float


class Details(_Details, total=False):
    """What a handler is given: the function and its arguments, how many tries, and the seconds before the last one."""

    wait: float  # where a retry follows
    value: Any  # with on_predicate
    exception: Exception  # with on_exception, but on success


Handler: TypeAlias = Callable[[Details], None] | Callable[[Details], Coroutine[Any, Any, None]]
Jitterer: TypeAlias = Callable[[float], float]
MaybeCallable: TypeAlias = T | Callable[[], T]
MaybeLogger: TypeAlias = str | logging.Logger | None
WaitGenerator: TypeAlias = Callable[..., Generator[float, Any, None]]

_CallableT = TypeVar("_CallableT", bound=Callable[..., Any])
_Handler: TypeAlias = Handler
_Jitterer: TypeAlias = Jitterer
_MaybeCallable: TypeAlias = MaybeCallable[T]
_MaybeLogger: TypeAlias = MaybeLogger
_MaybeSequence: TypeAlias = T | Sequence[T]
_Predicate: TypeAlias = Callable[[T], bool]
_WaitGenerator: TypeAlias = WaitGenerator
