"""The block: `for attempt in attempts(policy): with attempt: …`, and `async for` in asynchronous code.

Rules:
- Leaving the block without an error is a success and ends the loop: by its end, `continue`, `break`, `return`.
- `attempt.accept(value)` shows a value to the policy's `retry_if`: a `return attempt.accept(value)` is given up when
  the value is not accepted and another attempt follows. A block's `__exit__` can't undo a `return`, so `accept`
  leaves the block by a signal that no `except Exception` catches.
- Each loop is an execution of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar, overload

from mulligan._event_loops import running_loop
from mulligan.decision import Retry, Stop
from mulligan.errors import AttemptTimeout
from mulligan.executors.asynchronous import bridged_async
from mulligan.executors.attempt_limit import late
from mulligan.executors.published import publisher
from mulligan.executors.synchronous import announce, bridged
from mulligan.outcome import Reason, Returned

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from contextvars import Token
    from types import TracebackType
    from typing import Self

    from mulligan._event_loops import Limit
    from mulligan.decision import Decision
    from mulligan.executors.guarding import Watch
    from mulligan.executors.published import FirstAttempt, Publisher
    from mulligan.executors.run import Run

__all__ = ["Attempts", "Block"]

R = TypeVar("R")
V_contra = TypeVar("V_contra", contravariant=True)


class _NotAccepted(BaseException):
    """Leaves a block whose value was not accepted; never seen outside of it."""


class _Loop(Generic[V_contra]):
    """One execution in blocks: the run, and what the last block left behind."""

    def __init__(self, run: Run[V_contra]) -> None:
        self.run: Run[V_contra] = run
        self.begun: bool = False
        self.open: bool = False
        self.decision: Decision | None = None
        self.error: BaseException | None = None
        self.value: object = None

    def __iter__(self) -> Self:
        return self

    def __aiter__(self) -> Self:
        return self

    def __next__(self) -> Block[V_contra]:
        watch = self._guarded_first()
        try:
            if watch is not None:
                watch.drive(watch.admit())
            elif not self._first():
                delay = self._delay()
                if delay is None or not self._follow(bridged(self.run, delay)):
                    raise StopIteration
        except BaseException as error:
            self.interrupt(error)
            raise
        return self._block()

    async def __anext__(self) -> Block[V_contra]:
        watch = self._guarded_first()
        try:
            if watch is not None:
                await watch.drive_async(watch.admit())
            elif not self._first():
                delay = self._delay()
                if delay is None or not self._follow(await bridged_async(self.run, delay)):
                    raise StopAsyncIteration
        except BaseException as error:
            await self.interrupt_async(error)
            raise
        return self._block()

    def _first(self) -> bool:
        """Tell whether the loop is about to make its first attempt, which may be refused."""
        if self.begun:
            return False
        self.begun = True
        self.run.admit()
        return True

    def _guarded_first(self) -> Watch[V_contra] | None:
        """Answer the guards, where they are to be asked about the first attempt."""
        if self.begun or not self.run.guards:
            return None
        self.begun = True
        return self.run.watched((), {})

    def _release(self) -> None:
        """Give back what guards hold."""
        if self.run.watch is not None:
            self.run.watch.drive(self.run.watch.release())

    async def _release_async(self) -> None:
        """Give back what guards hold."""
        if self.run.watch is not None:
            await self.run.watch.drive_async(self.run.watch.release())

    def interrupt(self, error: BaseException) -> None:
        """End the execution where something else than a decision did."""
        self._release()
        self.run.interrupted(error)

    async def interrupt_async(self, error: BaseException) -> None:
        """End the execution where something else than a decision did."""
        await self._release_async()
        self.run.interrupted(error)

    def _delay(self) -> float | None:
        """Answer the seconds before the next attempt, `None` where there is none."""
        if self.open:
            raise RuntimeError("the attempt's block was never entered: write `with attempt:` inside the loop")
        return self.decision.delay if isinstance(self.decision, Retry) else None

    def _follow(self, stop: Stop | None) -> bool:
        """Move on to the next attempt after the sleep; false where somebody refused it."""
        error, self.error = self.error, None
        if stop is not None:
            self._end(stop, error)
            return False
        if isinstance(self.decision, Retry):
            self.run.advance(self.decision)
        return True

    def _end(self, stop: Stop, error: BaseException | None) -> None:
        if error is None:
            self.run.answer(stop, self.value)
            return
        try:
            self.run.give_up(stop, error)
            raise error
        finally:
            del error

    def _block(self) -> Block[V_contra]:
        """Answer the block of the attempt that begins."""
        self.open, self.decision = True, None
        return Block(self)

    def settle(self, decision: Decision, error: BaseException | None, value: object) -> bool:
        """Keep what an attempt led to; answer whether another one follows."""
        self.decision = decision
        if isinstance(decision, Stop):
            return False
        try:
            announce(self.run, decision, error, value)
        except BaseException:
            self._release()
            raise
        if self.run.bridges():
            self.error, self.value = error, value
        return True


class Block(Generic[V_contra]):
    """One attempt, made by the code inside `with attempt:`, or `async with attempt:` in an `async for`.

    An attempt timeout that is enforced needs `async with`.
    """

    __slots__ = ("_limit", "_loop", "_over", "_token")

    def __init__(self, loop: _Loop[V_contra]) -> None:
        self._loop = loop
        self._over = False
        self._limit: Limit | None = None
        self._token: Token[Publisher | FirstAttempt | None] | None = None

    @property
    def number(self) -> int:
        """The attempt's number, from 1."""
        return self._loop.run.attempt

    def __enter__(self) -> Self:
        if self._loop.run.attempt_limit() is not None and self._limit is None:
            raise RuntimeError("the attempt timeout can't be enforced here: write `async with attempt:`")
        if self._loop.run.policy.publishes:
            self._token = publisher.set(self._loop.run)
        if self._loop.run.heard:
            self._loop.run.started()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool:
        self._close()
        if self._over:
            return isinstance(error, _NotAccepted) or self._failed_to_accept(error)
        try:
            if error is None:
                self._loop.run.complete()
                return False
            return self._loop.settle(self._loop.run.failed(error), error, None)
        except BaseException as raised:
            self._loop.interrupt(raised)
            raise

    async def __aenter__(self) -> Self:
        seconds = self._loop.run.attempt_limit()
        if seconds is not None:
            self._limit = running_loop().limit(seconds)
            await self._limit.__aenter__()
        return self.__enter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool:
        if self._limit is not None and await self._limit.__aexit__(kind, error, traceback):
            return await self._exit_late()
        return await self._exit_async(error)

    async def _exit_late(self) -> bool:
        run = self._loop.run
        try:
            raise late(run.attempt, run.attempt_limit() or 0.0)
        except AttemptTimeout as error:
            if await self._exit_async(error):
                return True
            raise

    async def _exit_async(self, error: BaseException | None) -> bool:
        watch = self._loop.run.watch
        if watch is None or self._over:
            return self.__exit__(None, error, None)
        self._close()
        try:
            if error is None:
                await watch.drive_async(watch.passed())
                self._loop.run.complete()
                return False
            return self._loop.settle(await watch.drive_async(watch.failed(error)), error, None)
        except BaseException as raised:
            await self._loop.interrupt_async(raised)
            raise

    def _failed_to_accept(self, error: BaseException | None) -> bool:
        """Let listeners know where an observer raised in `accept`; answer that the error is not swallowed."""
        if error is not None:
            self._loop.interrupt(error)
        return False

    def _close(self) -> None:
        """End the attempt's being published."""
        self._loop.open = False
        if self._token is not None:
            publisher.reset(self._token)

    @overload
    def accept(self: Block[object], value: R) -> R: ...
    @overload
    def accept(self: Block[R], value: R) -> R: ...
    def accept(self: Block[R], value: R) -> R:
        """Answer the value where the policy accepts it, or give the attempt up.

        Args:
            value: what the operation returned.

        Raises:
            RetryExhausted: where the value is not accepted, no attempt follows and the policy does not answer it.
        """
        try:
            decision = self._loop.run.decided(Returned(value))
        except BaseException:
            self._over = True  # what a classifier raises is no error of the operation, to be judged once more
            raise
        if isinstance(decision, Stop) and decision.reason is Reason.ACCEPTED:
            return value
        self._over = True
        self._loop.settle(decision, None, value)
        if isinstance(decision, Retry):
            raise _NotAccepted
        self._loop.run.answer(decision, value)
        return value


class Attempts(Generic[V_contra]):
    """The attempts of an execution, made in blocks; each loop over it is a new execution.

    Args:
        begin: begins a run in synchronous code.
        begin_async: begins a run in asynchronous code.
    """

    __slots__ = ("_begin", "_begin_async")

    def __init__(self, begin: Callable[[], Run[V_contra]], begin_async: Callable[[], Run[V_contra]]) -> None:
        self._begin = begin
        self._begin_async = begin_async

    def __iter__(self) -> Iterator[Block[V_contra]]:
        return _Loop(self._begin())

    def __aiter__(self) -> AsyncIterator[Block[V_contra]]:
        return _Loop(self._begin_async())
