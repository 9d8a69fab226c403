"""Redis as the store of a fleet: states that processes share, and this process's own where Redis is slow or gone.

    asks in time     →  shared       the transition runs in Redis, as one script
    StoreLost        →  here         Redis was too slow or failed: guards go on from what this process knows
    StoreFound       →  shared       a question that nobody waits for was answered in time

Rules:
- Waiting for Redis delays one attempt by `timeout` at most, however many guards ask, and never fails it. One question
  that isn't answered in time is enough: from then on nobody waits until Redis is found again.
- While it is lost, one question at a time is put to it in the background, every `retry_every` seconds at most.
- What was asked for and came too late (a permit, tokens) is given back.
- The client is the caller's: its address, its credentials, cluster or not. This module imports no client.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Protocol, TypeVar

from mulligan._functions import answers_awaitable
from mulligan.errors import ConfigError
from mulligan.events import StoreFound, StoreLost
from mulligan.guards.arguments import positive, whole
from mulligan.guards.stores.remote_cell import RedisCell
from mulligan.guards.stores.workers import Workers

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import timedelta

    from mulligan.guards.cells import Strategy
    from mulligan.guards.protocol import Call

__all__ = ["AsyncClient", "Client", "RedisStore"]

S = TypeVar("S")
E = TypeVar("E")
A = TypeVar("A")
_PATIENCE = 30


class Client(Protocol):
    """What is needed of a synchronous client: redis-py's `Redis` and `RedisCluster` have it."""

    def evalsha(self, sha: str, numkeys: int, /, *keys_and_args: str) -> object:
        """Run a script that the server knows."""
        ...

    def eval(self, script: str, numkeys: int, /, *keys_and_args: str) -> object:
        """Run a script."""
        ...


class AsyncClient(Protocol):
    """What is needed of an asyncio client: those of `redis.asyncio` have it."""

    def evalsha(self, sha: str, numkeys: int, /, *keys_and_args: str) -> Awaitable[object]:
        """Run a script that the server knows."""
        ...

    def eval(self, script: str, numkeys: int, /, *keys_and_args: str) -> Awaitable[object]:
        """Run a script."""
        ...


class RedisStore:
    """Keep the states of guards in Redis 5 or newer, so that the processes of a fleet share them.

    A guard of one name has one state in the fleet, for each dependency. Give one store to as many guards as you like.

    Args:
        client: a synchronous client, such as `redis.Redis(...)` or `redis.RedisCluster(...)`. It is asked by threads of
            the store's own, so that it never keeps a call waiting; give it a `socket_timeout` all the same, so that
            a question to a host that fell silent ends.
        async_client: a client of `redis.asyncio`, for asyncio code; without it, and in trio, asyncio code is served by
            `client` too.
        name: what to call it in events.
        prefix: put before every key.
        timeout: seconds by which it may delay one attempt.
        retry_every: seconds between background questions to a store that is lost.
        threads: how many threads ask at most.

    Raises:
        ConfigError: when an argument can't be used.

    >>> RedisStore.from_url("redis://localhost:6379/0", prefix="shop")  # connects when it is first asked
    RedisStore(name='redis', prefix='shop', timeout=0.05)
    """

    def __init__(
        self,
        client: Client,
        async_client: AsyncClient | None = None,
        *,
        name: str = "redis",
        prefix: str = "mulligan",
        timeout: float | timedelta = 0.05,
        retry_every: float | timedelta = 1.0,
        threads: int = 16,
    ) -> None:
        _insist_on("client", client, is_async=False)
        if async_client is not None:
            _insist_on("async_client", async_client, is_async=True)
        self.client = client
        self.async_client = async_client
        self.name = name
        self.prefix = prefix
        self.timeout: float = positive("timeout", timeout)
        self.retry_every: float = positive("retry_every", retry_every)
        self.workers: Workers = Workers(whole("threads", threads, 1))
        self.is_lost: bool = False
        self._lock = threading.Lock()
        self._unheard = False
        self._next_look = 0.0

    @classmethod
    def from_url(
        cls,
        url: str,
        *,
        name: str = "redis",
        prefix: str = "mulligan",
        timeout: float | timedelta = 0.05,
        retry_every: float | timedelta = 1.0,
        threads: int = 16,
    ) -> RedisStore:
        """Answer a store with a client of its own, which serves synchronous code, asyncio and trio.

        Args:
            url: such as "redis://localhost:6379/0".
            name: what to call it in events.
            prefix: put before every key.
            timeout: seconds by which it may delay one attempt.
            retry_every: seconds between background questions to a store that is lost.
            threads: how many threads ask at most.

        Raises:
            ConfigError: when redis-py is missing or an argument can't be used.
        """
        try:
            from redis import Redis  # noqa: PLC0415 - an extra
            from redis.backoff import NoBackoff  # noqa: PLC0415
            from redis.retry import Retry  # noqa: PLC0415
        except ImportError:
            raise ConfigError("url", url, "install the extra: pip install 'mulligan[redis]'") from None
        limit = 2 * positive("timeout", timeout)
        try:
            client = Redis.from_url(  # pyright: ignore[reportUnknownMemberType] - its keywords have no types
                url, socket_timeout=limit, socket_connect_timeout=limit, retry=Retry(NoBackoff(), 0)
            )
        except ValueError as error:
            raise ConfigError("url", url, f"give an address such as 'redis://localhost:6379/0': {error}") from None
        return cls(client, name=name, prefix=prefix, timeout=timeout, retry_every=retry_every, threads=threads)

    def cell(self, name: str, key: str, strategy: Strategy[S, E, A], /) -> RedisCell[S, E, A]:
        """Answer the cell for a guard and a dependency."""
        return RedisCell(self, name, key, strategy)

    def serves_natively(self) -> bool:
        """Tell whether the code that runs here is to use the asyncio client."""
        if self.async_client is None:
            return False
        from mulligan._event_loops import AsyncioLoop, running_loop  # noqa: PLC0415 - only asynchronous code asks

        return isinstance(running_loop(), AsyncioLoop)

    def allowance(self, call: Call | None) -> float:
        """Answer the seconds that an execution may still wait.

        Args:
            call: the execution, `None` where an operator asks.
        """
        return self.timeout if call is None else self.timeout - call.waited

    def lose(self, error: BaseException, call: Call | None) -> None:
        """Note that the store didn't answer in time, and tell it once.

        Args:
            error: what went wrong.
            call: the execution that noticed.
        """
        with self._lock:
            known, self.is_lost = self.is_lost, True
            self._unheard = False
            self._next_look = time.monotonic() + self.retry_every
        if call is not None and not known:
            call.publish(StoreLost(policy=call.policy_name, store=self.name, error=type(error)))

    def find(self) -> None:
        """Note that the store answers again."""
        with self._lock:
            self._unheard, self.is_lost = self.is_lost, False

    def announce(self, call: Call | None) -> None:
        """Tell once that the store was found.

        Args:
            call: an execution that may tell it.
        """
        if not self._unheard or call is None:
            return
        with self._lock:
            unheard, self._unheard = self._unheard, False
        if unheard:
            call.publish(StoreFound(policy=call.policy_name, store=self.name))

    def is_to_be_looked_for(self) -> bool:
        """Tell whether it is time to ask a lost store in the background, and take on to do so."""
        with self._lock:
            due = self.is_lost and time.monotonic() >= self._next_look
            if due:
                self._next_look = time.monotonic() + _PATIENCE * self.retry_every  # a look may never end
        return due

    def looked(self, look: Callable[[], float | None]) -> None:
        """End a look for the lost store.

        Args:
            look: answers the seconds that the store took, `None` where it failed.
        """
        seconds = look()
        if seconds is not None and seconds <= self.timeout:
            self.find()
            return
        with self._lock:
            self._next_look = time.monotonic() + self.retry_every

    def __repr__(self) -> str:
        return f"RedisStore(name={self.name!r}, prefix={self.prefix!r}, timeout={self.timeout!r})"


def _insist_on(field: str, client: object, *, is_async: bool) -> None:
    kind = "an asyncio client, such as redis.asyncio.Redis()" if is_async else "a synchronous client: redis.Redis()"
    if not callable(getattr(client, "evalsha", None)) or not callable(getattr(client, "eval", None)):
        raise ConfigError(field, client, f"give {kind}")
    if answers_awaitable(getattr(client, "execute_command", None)) is not is_async:
        raise ConfigError(field, client, f"give {kind}")
