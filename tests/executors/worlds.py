"""The worlds and forms in which the same cases run: sync, asyncio and trio; function, decorator, execution, block.

Rules: every world runs in virtual time. A `Script` is an operation that plays a list of steps and remembers when it was
called; what runs it may be synchronous or not.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, TypeAlias

import pytest
import trio
import trio.testing

from mulligan import Execution, execute, execute_async, retry
from mulligan.testing import VirtualClock, run_virtual, virtual_time

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from mulligan import Failed, Pipeline, Policy, Succeeded

__all__ = [
    "FORMS",
    "WORLDS",
    "Asynchronous",
    "Asyncio",
    "Script",
    "Subject",
    "Sync",
    "Trio",
    "World",
    "every_async_world",
    "every_form",
    "every_world",
]

Subject: TypeAlias = "Policy[int] | Pipeline[int]"


class Script:
    """An operation that plays its steps in order, the last one for ever: an error is raised, a value returned.

    A step may be a pair of seconds and step: the attempt then takes that long.
    """

    def __init__(self, *steps: int | BaseException | tuple[float, int | BaseException]) -> None:
        self.steps = steps
        self.times: list[float] = []

    @property
    def calls(self) -> int:
        """How often it was called."""
        return len(self.times)

    def next(self, now: float) -> tuple[float, int | BaseException]:
        """Answer how long the attempt takes and what it does."""
        step = self.steps[min(self.calls, len(self.steps) - 1)]
        self.times.append(now)
        return step if isinstance(step, tuple) else (0.0, step)

    def play(self) -> int:
        """Play a step, without time."""
        return played(self.next(0.0)[1])


def played(step: int | BaseException) -> int:
    """Raise or return."""
    if isinstance(step, BaseException):
        raise step
    return step


class World(ABC):
    """A way to run retried operations in virtual time."""

    def run(self, form: str, subject: Subject, script: Script) -> int:
        """Run the script under a policy, in one of the four forms."""
        match form:
            case "function":
                return self.run_function(subject, script)
            case "decorator":
                return self.run_decorated(subject, script)
            case "execution":
                return self.run_execution(Execution(subject), script)
            case _:
                return self.run_block(Execution(subject), script)

    @abstractmethod
    def run_function(self, subject: Subject, script: Script) -> int:
        """Run the script by `execute` or `execute_async`."""

    @abstractmethod
    def run_decorated(self, subject: Subject, script: Script) -> int:
        """Run the script as a decorated function."""

    @abstractmethod
    def run_execution(self, execution: Execution[int], script: Script) -> int:
        """Run the script in an execution."""

    @abstractmethod
    def run_block(self, execution: Execution[int], script: Script) -> int:
        """Run the script in the block of an execution."""

    @abstractmethod
    def answer(self, execution: Execution[int], script: Script) -> Succeeded[int] | Failed[int]:
        """Run the script and answer how it ended."""


def synchronous(script: Script, clock: VirtualClock) -> Callable[[], int]:
    """Answer the script as a function."""

    def operation() -> int:
        seconds, step = script.next(clock.monotonic())
        clock.advance(seconds)
        return played(step)

    return operation


class Sync(World):
    """Synchronous code on a virtual clock."""

    def run_function(self, subject: Subject, script: Script) -> int:
        with virtual_time() as clock:
            return execute(subject, synchronous(script, clock))

    def run_decorated(self, subject: Subject, script: Script) -> int:
        with virtual_time() as clock:
            return retry(subject)(synchronous(script, clock))()

    def run_execution(self, execution: Execution[int], script: Script) -> int:
        with virtual_time() as clock:
            return execution.run(synchronous(script, clock))

    def run_block(self, execution: Execution[int], script: Script) -> int:
        value = 0
        with virtual_time() as clock:
            operation = synchronous(script, clock)
            for attempt in execution.attempts():
                with attempt:
                    value = operation()
                    attempt.accept(value)
        return value

    def answer(self, execution: Execution[int], script: Script) -> Succeeded[int] | Failed[int]:
        with virtual_time() as clock:
            return execution.try_run(synchronous(script, clock))


class Asynchronous(World):
    """Asynchronous code on a loop whose time jumps."""

    @abstractmethod
    def start(self, main: Callable[[], Awaitable[None]]) -> None:
        """Run a main function to its end."""

    @abstractmethod
    def now(self) -> float:
        """Answer the loop's time."""

    @abstractmethod
    async def sleep(self, seconds: float) -> None:
        """Sleep."""

    def asynchronous(self, script: Script) -> Callable[[], Awaitable[int]]:
        """Answer the script as an async function."""

        async def operation() -> int:
            seconds, step = script.next(self.now())
            await self.sleep(seconds)
            return played(step)

        return operation

    def _result(self, main: Callable[[], Awaitable[int]]) -> int:
        results: list[int] = []

        async def keep() -> None:
            results.append(await main())

        self.start(keep)
        return results[0]

    def run_function(self, subject: Subject, script: Script) -> int:
        return self._result(lambda: execute_async(subject, self.asynchronous(script)))

    def run_decorated(self, subject: Subject, script: Script) -> int:
        operation = self.asynchronous(script)

        @retry(subject)
        async def decorated() -> int:
            return await operation()

        return self._result(decorated)

    def run_execution(self, execution: Execution[int], script: Script) -> int:
        return self._result(lambda: execution.run_async(self.asynchronous(script)))

    def run_block(self, execution: Execution[int], script: Script) -> int:
        operation = self.asynchronous(script)

        async def main() -> int:
            value = 0
            async for attempt in execution.attempts():
                with attempt:
                    value = await operation()
                    attempt.accept(value)
            return value

        return self._result(main)

    def answer(self, execution: Execution[int], script: Script) -> Succeeded[int] | Failed[int]:
        answers: list[Succeeded[int] | Failed[int]] = []

        async def keep() -> None:
            answers.append(await execution.try_run_async(self.asynchronous(script)))

        self.start(keep)
        return answers[0]


class Asyncio(Asynchronous):
    """asyncio on a virtual loop."""

    def start(self, main: Callable[[], Awaitable[None]]) -> None:
        async def run() -> None:
            await main()

        run_virtual(run)

    def now(self) -> float:
        return asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class Trio(Asynchronous):
    """trio on its mock clock."""

    def start(self, main: Callable[[], Awaitable[None]]) -> None:
        trio.run(main, clock=trio.testing.MockClock(autojump_threshold=0))

    def now(self) -> float:
        return trio.current_time()

    async def sleep(self, seconds: float) -> None:
        await trio.sleep(seconds)


ASYNCHRONOUS: tuple[Asynchronous, ...] = (Asyncio(), Trio())
WORLDS: tuple[World, ...] = (Sync(), *ASYNCHRONOUS)
FORMS = ("function", "decorator", "execution", "block")


def _name(world: World) -> str:
    return type(world).__name__.lower()


every_world = pytest.mark.parametrize("world", WORLDS, ids=_name)
every_async_world = pytest.mark.parametrize("world", ASYNCHRONOUS, ids=_name)
every_form = pytest.mark.parametrize("form", FORMS)
