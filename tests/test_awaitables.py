"""Awaitables are told from other values by their type, which is remembered for a bounded number of types."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from mulligan import _awaitables
from mulligan._awaitables import discard, is_awaitable

if TYPE_CHECKING:
    from collections.abc import Iterator


class Lazy:
    """A proxy that must not be woken up by looking at it."""

    def __getattr__(self, name: str) -> object:
        pytest.fail(f"{name} was looked up on the value")


class Deferred:
    """Awaitable, and nothing else."""

    def __await__(self) -> Iterator[int]:
        yield 1


async def coroutine() -> None: ...


def test_what_can_be_awaited_is_told_by_its_type() -> None:
    pending = coroutine()
    assert is_awaitable(pending)
    assert is_awaitable(Deferred())
    assert not is_awaitable(Deferred)
    assert not is_awaitable(Lazy())
    assert not is_awaitable(7)
    discard(pending)


def test_the_memory_of_types_is_bounded() -> None:
    """Classes made while the program runs are not kept alive for ever."""
    for number in range(_awaitables.LIMIT + 100):
        assert not is_awaitable(type(f"Made{number}", (), {})())
    assert len(_awaitables.plain_types) <= _awaitables.LIMIT


def test_what_is_discarded_is_closed_or_cancelled_or_left() -> None:
    async def main() -> bool:
        future = asyncio.get_running_loop().create_future()
        discard(future)
        return future.cancelled()

    assert asyncio.run(main())
    discard(Deferred())
