"""A state that sits in Redis: how one question is put, waited for and given up.

Rules: each answer brings the state with it, so that this process can go on from there when the store is lost; permits
stay valid, because generations go on too. The server's clock counts for the fleet; the distance to this process's
clock is kept with the state.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Generic, TypeVar

from mulligan._event_loops import AsyncioLoop, running_loop
from mulligan.guards.cells import MemoryCell
from mulligan.guards.stores.scripts import Reply, reply, script_of, storage_key, words

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from concurrent.futures import Future

    from mulligan.guards.cells import Strategy
    from mulligan.guards.protocol import Call
    from mulligan.guards.stores.redis import AsyncClient, RedisStore
    from mulligan.guards.stores.scripts import Script

__all__ = ["RedisCell"]

S = TypeVar("S")
E = TypeVar("E")
A = TypeVar("A")
T = TypeVar("T")
_LOOK = "return 1"


class RedisCell(Generic[S, E, A]):
    """A state in Redis.

    Args:
        store: which Redis.
        name: the guard's.
        key: the dependency's.
        strategy: the pure part of the guard.
    """

    def __init__(self, store: RedisStore, name: str, key: str, strategy: Strategy[S, E, A]) -> None:
        self.store = store
        self.strategy = strategy
        self.address: str = storage_key(store.prefix, name, key, strategy)
        self.script: Script = script_of(strategy)
        self.local: MemoryCell[S, E, A] = MemoryCell(strategy)
        self.ahead: float = 0.0
        self.latest: float = 0.0

    def apply(self, event: E, now: float, call: Call | None = None) -> A:
        """Move the state on by an event, in synchronous code; here where the store doesn't answer in time."""
        if self._is_here(call):
            return self._here(event, now)
        future = self.store.workers.submit(lambda: self._ask(event))
        began = time.monotonic()
        try:
            found = future.result(self.store.allowance(call))
        except Exception as error:  # noqa: BLE001 - whatever it is, the store is lost and the call goes on
            self._give_up(future, event)
            self.store.lose(error, call)
            return self._here(event, now)
        except BaseException:
            self._give_up(future, event)
            raise
        finally:
            _wait(call, began)
        return self._settled(found, now)

    async def apply_async(self, event: E, now: float, call: Call | None = None) -> A:
        """Move the state on by an event, in asynchronous code; here where the store doesn't answer in time."""
        if self._is_here(call):
            return self._here(event, now)
        began = time.monotonic()
        try:
            found = await self._awaited(event, self.store.allowance(call))
        except Exception as error:  # noqa: BLE001 - as above
            self.store.lose(error, call)
            return self._here(event, now)
        finally:
            _wait(call, began)
        return self._settled(found, now)

    def insist(self, event: E) -> A:
        """Move the state on by an event in the store itself, however long that takes.

        Raises:
            Exception: whatever the client raises.
        """
        return self._ask(event).answer

    def known(self, now: float) -> tuple[S, float]:
        """Answer the state as this process knows it, and the instant on the store's clock."""
        return self.local.state, now + self.ahead

    def _is_here(self, call: Call | None) -> bool:
        """Tell whether the question is answered here: the store is lost, or the attempt has waited long enough."""
        self.store.announce(call)
        if self.store.is_lost and self.store.is_to_be_looked_for():
            self._look_for()
        return self.store.is_lost or self.store.allowance(call) <= 0

    def _here(self, event: E, now: float) -> A:
        return self.local.apply(event, now + self.ahead)

    def _settled(self, found: Reply[S, A], now: float) -> A:
        """Keep what the store replied, to go on from it."""
        if found.now >= self.latest:
            self.latest = found.now
            self.ahead = found.now - now
            self.local.put(found.state)
        return found.answer

    def _ask(self, event: E) -> Reply[S, A]:
        client, arguments = self.store.client, words(self.strategy, event)
        try:
            raw = client.evalsha(self.script.digest, 1, self.address, *arguments)
        except Exception as error:
            if not _is_unknown_script(error):
                raise
            raw = client.eval(self.script.source, 1, self.address, *arguments)
        return reply(self.strategy, raw)

    async def _ask_async(self, client: AsyncClient, event: E) -> Reply[S, A]:
        arguments = words(self.strategy, event)
        try:
            raw = await client.evalsha(self.script.digest, 1, self.address, *arguments)
        except Exception as error:
            if not _is_unknown_script(error):
                raise
            raw = await client.eval(self.script.source, 1, self.address, *arguments)
        return reply(self.strategy, raw)

    async def _awaited(self, event: E, seconds: float) -> Reply[S, A]:
        """Wait for an answer in asynchronous code, so long and no longer."""
        client = self.store.async_client
        if client is not None and self.store.serves_natively():
            return await self._awaited_natively(client, event, seconds)
        future = self.store.workers.submit(lambda: self._ask(event))
        try:
            await _finished(future, seconds)
            return future.result(0)
        except BaseException:
            self._give_up(future, event)
            raise

    async def _awaited_natively(self, client: AsyncClient, event: E, seconds: float) -> Reply[S, A]:
        task = _kept(self._ask_async(client, event))
        try:
            return await asyncio.wait_for(asyncio.shield(task), seconds)
        except BaseException:
            if self.strategy.gives(event):
                task.add_done_callback(lambda late: self._undo_natively(client, late, event))
            raise

    def _give_up(self, future: Future[Reply[S, A]], event: E) -> None:
        """Stop waiting: what is asked for is dropped or, where it comes late, given back; what is told is told."""
        if self.strategy.gives(event) and not future.cancel():
            future.add_done_callback(lambda late: self._undo(late, event))

    def _undo(self, late: Future[Reply[S, A]], event: E) -> None:
        if late.cancelled() or late.exception() is not None:
            return
        back = self.strategy.undo(event, late.result().answer)
        if back is not None:
            _try(lambda: self._ask(back))

    def _undo_natively(self, client: AsyncClient, late: asyncio.Future[Reply[S, A]], event: E) -> None:
        if late.cancelled() or late.exception() is not None:
            return
        back = self.strategy.undo(event, late.result().answer)
        if back is not None:
            _kept(self._ask_async(client, back))

    def _look_for(self) -> None:
        """Ask the lost store in the background, so that nobody waits."""

        def look() -> float | None:
            began = time.monotonic()
            done = _try(lambda: self.store.client.eval(_LOOK, 1, self.address))
            return time.monotonic() - began if done else None

        self.store.workers.submit(lambda: self.store.looked(look))


_running: set[object] = set()
"""Questions that run in event loops: a loop alone keeps no task alive."""


def _kept(question: Coroutine[object, object, T]) -> asyncio.Task[T]:
    """Begin a question that runs to its end, whoever waits for it."""
    task = asyncio.ensure_future(question)

    def end(done: asyncio.Task[T]) -> None:
        _running.discard(done)
        if not done.cancelled():
            done.exception()  # perhaps nobody else looks at it

    _running.add(task)
    task.add_done_callback(end)
    return task


async def _finished(future: Future[T], seconds: float) -> None:
    """Wait until a thread has its answer, or the time is over."""
    loop = running_loop()
    if isinstance(loop, AsyncioLoop):
        await _woken(future, seconds)
        return
    step, end = 0.0002, time.monotonic() + seconds  # trio has no futures
    while not future.done() and time.monotonic() < end:
        await loop.sleep(step)
        step = min(step * 1.5, 0.002)


async def _woken(future: Future[T], seconds: float) -> None:
    loop, ended = asyncio.get_running_loop(), asyncio.Event()

    def wake(done: Future[T]) -> None:  # noqa: ARG001 - the future is looked at where it is waited for
        with suppress(RuntimeError):  # the loop may be closed by then
            loop.call_soon_threadsafe(ended.set)

    future.add_done_callback(wake)
    with suppress(TimeoutError):
        await asyncio.wait_for(ended.wait(), seconds)


def _wait(call: Call | None, began: float) -> None:
    if call is not None:
        call.waited += time.monotonic() - began


def _try(task: Callable[[], object]) -> bool:
    try:
        task()
    except Exception:  # noqa: BLE001 - nobody waits for it
        return False
    return True


def _is_unknown_script(error: Exception) -> bool:
    """Tell whether the server doesn't know the script, by name: every client has an error class of its own."""
    return type(error).__name__ == "NoScriptError"
