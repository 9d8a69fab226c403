"""Bugs of other retry libraries, each as two short programs: one with the original, one with mulligan.

    python -m tests.regressions.bugs

prints the table of the documentation. A program answers whether the bug shows. Rules: the original is run as its own
documentation says; where it must sleep, it sleeps for hundredths of a second.
"""

from __future__ import annotations

import asyncio
import gc
import importlib.metadata
import sys
import threading
import time
import weakref
from contextlib import contextmanager
from typing import TYPE_CHECKING

import backoff
import retrying  # type: ignore[import-untyped]  # pyright: ignore[reportMissingTypeStubs] - it brings none
import stamina
import tenacity
from stamina.instrumentation import get_on_retry_hooks, set_on_retry_hooks

from mulligan import (
    Execution,
    Policy,
    attempts,
    constant,
    execute,
    exponential,
    full_jitter,
    no_delay,
    retry,
)
from mulligan.testing import run_virtual, virtual_time
from tests.regressions.breaker_bugs import BREAKER_BUGS
from tests.regressions.bug import Bug

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator, Iterator

__all__ = ["BUGS"]

POLICY = Policy(retry_on=ConnectionError, schedule=no_delay())
THRICE = tenacity.stop_after_attempt(3)
RETRYING: Callable[..., Callable[[Callable[[], None]], Callable[[], None]]] = getattr(retrying, "retry")  # noqa: B009


def counting(calls: list[int]) -> Callable[[], None]:
    """Answer an operation that always fails and counts its calls."""

    def operation() -> None:
        calls.append(1)
        raise ConnectionError

    return operation


def lines(calls: list[int]) -> Callable[[], Iterator[int]]:
    """Answer a generator function that fails in its first run, after two items."""

    def generate() -> Iterator[int]:
        calls.append(1)
        yield 1
        yield 2
        if len(calls) == 1:
            raise ConnectionError
        yield 3

    return generate


def a_generator_is_decorated(decorate: Callable[[Callable[[], Iterator[int]]], Callable[[], Iterator[int]]]) -> bool:
    """Tell whether a generator is taken and its errors pass, or its items come twice."""
    try:
        decorated = decorate(lines([]))
    except TypeError:
        return False
    try:
        return list(decorated()) != [1, 2, 3]
    except ConnectionError:
        return True


def tenacity_swallows() -> bool:
    async def work(retrying: tenacity.AsyncRetrying, seconds: float, *, fails: bool) -> str:
        async for attempt in retrying:
            with attempt:
                await asyncio.sleep(seconds)
                if fails:
                    raise ConnectionError
        return "fell through"

    async def main() -> bool:
        shared = tenacity.AsyncRetrying(stop=THRICE, wait=tenacity.wait_fixed(0.005), reraise=True)
        works = (work(shared, 0.005 * (n + 1), fails=n != 1) for n in range(3))
        ended = await asyncio.gather(*works, return_exceptions=True)
        return "fell through" in (ended[0], ended[2])

    return run_virtual(main)


def ours_swallows() -> bool:
    shared = attempts(POLICY)

    async def work(seconds: float, *, fails: bool) -> str:
        async for attempt in shared:
            with attempt:
                await asyncio.sleep(seconds)
                if fails:
                    raise ConnectionError
        return "fell through"

    async def main() -> bool:
        ended = await asyncio.gather(*(work(0.005 * (n + 1), fails=n != 1) for n in range(3)), return_exceptions=True)
        return [type(end) for end in ended] != [ConnectionError, str, ConnectionError]

    return run_virtual(main)


def threads_lose_the_error(operation: Callable[[], None]) -> bool:
    """Tell whether another error than the operation's own comes out when threads share a decorated function."""
    others: list[BaseException] = []

    def hammer() -> None:
        for _ in range(500):
            try:
                operation()
            except ConnectionError:
                continue
            except KeyError as error:
                others.append(error)
                return

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    threads = [threading.Thread(target=hammer) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sys.setswitchinterval(interval)
    return bool(others)


def tenacity_retries_after_the_stop() -> bool:
    calls: list[int] = []
    stop = threading.Event()
    stop.set()
    wrap = tenacity.retry(
        sleep=tenacity.sleep_using_event(stop), wait=tenacity.wait_fixed(100), stop=THRICE, reraise=True
    )
    fails(wrap(counting(calls)))
    return len(calls) > 1


def ours_retries_after_the_stop() -> bool:
    calls: list[int] = []
    stop = threading.Event()

    def operation() -> None:
        calls.append(1)
        stop.set()
        raise ConnectionError

    fails(lambda: Execution(POLICY.replace(schedule=constant(100)), stop=stop).run(operation))
    return len(calls) > 1


def fails(operation: Callable[[], object]) -> None:
    """Call it, and drop the operation's error."""
    try:
        operation()
    except ConnectionError:
        return


def a_lambda_gets_one_attempt(
    decorate: Callable[[Callable[[], Awaitable[None]]], Callable[[], Awaitable[None]]],
) -> bool:
    """Tell whether a lambda that answers a coroutine is silently attempted once."""
    calls: list[int] = []

    async def operation() -> None:
        calls.append(1)
        raise ConnectionError

    async def main() -> None:
        await decorate(lambda: operation())()  # noqa: PLW0108 - the lambda is the point

    try:
        asyncio.run(main())
    except ConnectionError:
        return len(calls) == 1
    except TypeError:
        return False
    return False


def bodies_errors_are_retried(
    decorate: Callable[[Callable[[], Generator[int, None, None]]], Callable[[], Generator[int, None, None]]],
) -> bool:
    """Tell whether the error of a `with` body reaches the decorated generator of its context manager."""

    def generate() -> Generator[int, None, None]:
        yield 1

    try:
        manager = contextmanager(decorate(generate))
    except TypeError:
        return False
    try:
        with manager():
            raise ConnectionError("body")
    except ConnectionError:
        return False
    except RuntimeError:
        return True


def stamina_overshoots() -> bool:
    begun = time.monotonic()
    fails(
        stamina.retry(on=ConnectionError, attempts=None, timeout=0.02, wait_initial=0.05, wait_max=0.05, wait_jitter=0)(
            counting([])
        )
    )
    return time.monotonic() - begun > 0.04


def ours_overshoots() -> bool:
    with virtual_time() as clock:
        policy = POLICY.replace(timeout=0.02, schedule=constant(0.05), max_attempts=99)
        fails(lambda: execute(policy, counting([])))
        return clock.monotonic() > 0.02


def backoff_overshoots() -> bool:
    starts: list[float] = []
    begun = time.monotonic()

    def operation() -> None:
        starts.append(time.monotonic() - begun)
        time.sleep(0.02)
        raise ConnectionError

    wrap = backoff.on_exception(
        backoff.constant, ConnectionError, max_time=0.04, interval=0.03, jitter=None, logger=None
    )
    fails(wrap(operation))
    return max(starts) > 0.04


def ours_attempts_after_the_timeout() -> bool:
    with virtual_time() as clock:
        starts: list[float] = []

        def operation() -> None:
            starts.append(clock.monotonic())
            clock.advance(0.02)
            raise ConnectionError

        fails(lambda: execute(POLICY.replace(timeout=0.04, schedule=constant(0.03)), operation))
        return max(starts) > 0.04


async def never(value: object) -> bool:
    return False


def backoff_takes_a_coroutine_for_true() -> bool:
    calls: list[int] = []

    async def operation() -> int:
        calls.append(1)
        return 7

    wrap = backoff.on_predicate(
        backoff.constant,
        never,  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        max_tries=3,
        interval=0,
        jitter=None,
        logger=None,
    )
    asyncio.run(wrap(operation)())
    return len(calls) > 1


def ours_takes_a_coroutine_for_true() -> bool:
    try:
        Policy(retry_if=never)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    except ValueError:
        return False
    return True


def retrying_fails_on_a_class() -> bool:
    wrap = RETRYING(retry_on_exception=ConnectionError, stop_max_attempt_number=2)
    try:
        fails(wrap(counting([])))
    except TypeError:
        return True
    return False


def ours_fails_on_a_class() -> bool:
    calls: list[int] = []
    fails(lambda: execute(POLICY, counting(calls)))
    return len(calls) != 3


class Canary:
    """Lives as long as the frame that holds it."""


def a_frame_stays_alive(run: Callable[[Callable[[], None]], None]) -> bool:
    """Tell whether a frame of the operation is alive after its error was dropped, with the collector off."""
    canaries: list[weakref.ref[Canary]] = []

    def operation() -> None:
        canary = Canary()
        canaries.append(weakref.ref(canary))
        raise ConnectionError

    gc.disable()
    try:
        run(operation)
        return any(canary() is not None for canary in canaries)
    finally:
        gc.enable()


def by_tenacity(operation: Callable[[], None]) -> None:
    fails(tenacity.retry(stop=THRICE, reraise=True)(operation))


def by_stamina(operation: Callable[[], None]) -> None:
    fails(stamina.retry(on=ConnectionError, attempts=2, wait_initial=0, wait_max=0, wait_jitter=0)(operation))


def by_retrying(operation: Callable[[], None]) -> None:
    fails(RETRYING(stop_max_attempt_number=2)(operation))


def by_us(operation: Callable[[], None]) -> None:
    fails(retry(POLICY)(operation))


def tenacity_loses_its_jitter() -> bool:
    wait = tenacity.wait_exponential_jitter(initial=1, max=10, jitter=1)
    state = tenacity.RetryCallState(tenacity.Retrying(), None, (), {})
    state.attempt_number = 9
    return len({wait(state) for _ in range(20)}) == 1


def ours_loses_its_jitter() -> bool:
    schedule = exponential(1, cap=10).jittered(full_jitter())
    return len({schedule.delay(9, seed, None) for seed in range(20)}) == 1


class Hook:
    """A hook that is a context manager and counts how often each call of it is left."""

    def __init__(self, exits: list[int], retry_number: int) -> None:
        self.exits = exits
        self.retry_number = retry_number

    def __enter__(self) -> None:
        return None

    def __exit__(self, *error: object) -> None:
        self.exits.append(self.retry_number)


def stamina_exits_its_hooks_again() -> bool:
    exits: list[int] = []
    hooks = get_on_retry_hooks()
    wrap = stamina.retry(on=ConnectionError, attempts=3, wait_initial=0, wait_max=0, wait_jitter=0)
    set_on_retry_hooks([lambda details: Hook(exits, details.retry_num)])
    try:
        fails(wrap(counting([])))
    finally:
        set_on_retry_hooks(hooks)
    return exits != [1, 2]


def ours_tells_its_observers_again() -> bool:
    seen: list[int] = []
    fails(lambda: Execution(POLICY, on_retry=lambda event: seen.append(event.attempt)).run(counting([])))
    return seen != [1, 2]


def ours_loses_the_error() -> bool:
    return threads_lose_the_error(retry(POLICY)(counting([])))


def tenacity_loses_the_error() -> bool:
    """Hammer until it shows: it is a race, and a busy machine may run the threads one after the other."""
    return any(threads_lose_the_error(tenacity.retry(stop=THRICE, reraise=True)(counting([]))) for _ in range(20))


BUGS = (
    Bug(
        what="a generator is decorated and its errors are never retried",
        library="tenacity",
        original=lambda: a_generator_is_decorated(tenacity.retry(stop=THRICE, reraise=True)),
        ours=lambda: a_generator_is_decorated(retry(POLICY)),
    ),
    Bug(
        what="a generator is started again and repeats its items",
        library="stamina",
        original=lambda: a_generator_is_decorated(stamina.retry(on=ConnectionError, wait_initial=0, wait_max=0)),
        ours=lambda: a_generator_is_decorated(retry(POLICY)),
    ),
    Bug(
        what="the error of a `with` body is thrown into a retried generator",
        library="stamina",
        original=lambda: bodies_errors_are_retried(stamina.retry(on=ConnectionError, wait_initial=0, wait_max=0)),
        ours=lambda: bodies_errors_are_retried(retry(POLICY)),
    ),
    Bug(
        what="tasks that share a retrying object swallow each other's failures",
        library="tenacity",
        original=tenacity_swallows,
        ours=ours_swallows,
    ),
    Bug(
        what="threads that share a decorated function get a KeyError for the operation's error",
        library="tenacity",
        original=tenacity_loses_the_error,
        ours=ours_loses_the_error,
    ),
    Bug(
        what="a stop event hastens the next attempt instead of preventing it",
        library="tenacity",
        original=tenacity_retries_after_the_stop,
        ours=ours_retries_after_the_stop,
    ),
    Bug(
        what="a lambda that answers a coroutine silently gets one attempt",
        library="tenacity",
        original=lambda: a_lambda_gets_one_attempt(tenacity.retry(stop=THRICE, reraise=True)),
        ours=lambda: a_lambda_gets_one_attempt(retry(POLICY)),
    ),
    Bug(
        what="jitter vanishes once the delay has reached its cap",
        library="tenacity",
        original=tenacity_loses_its_jitter,
        ours=ours_loses_its_jitter,
    ),
    Bug(
        what="a frame of the operation stays alive after its error was dropped",
        library="tenacity",
        original=lambda: a_frame_stays_alive(by_tenacity),
        ours=lambda: a_frame_stays_alive(by_us),
    ),
    Bug(
        what="a frame of the operation stays alive after its error was dropped",
        library="stamina",
        original=lambda: a_frame_stays_alive(by_stamina),
        ours=lambda: a_frame_stays_alive(by_us),
    ),
    Bug(
        what="a frame of the operation stays alive after its error was dropped",
        library="retrying",
        original=lambda: a_frame_stays_alive(by_retrying),
        ours=lambda: a_frame_stays_alive(by_us),
    ),
    Bug(
        what="a hook's context manager is left once more at each later attempt",
        library="stamina",
        original=stamina_exits_its_hooks_again,
        ours=ours_tells_its_observers_again,
    ),
    Bug(
        what="a sleep is started that ends after the timeout",
        library="stamina",
        original=stamina_overshoots,
        ours=ours_overshoots,
    ),
    Bug(
        what="an attempt begins after the time limit",
        library="backoff",
        original=backoff_overshoots,
        ours=ours_attempts_after_the_timeout,
    ),
    Bug(
        what="an async predicate counts as true, whatever it answers",
        library="backoff",
        original=backoff_takes_a_coroutine_for_true,
        ours=ours_takes_a_coroutine_for_true,
    ),
    Bug(
        what="an exception class as the predicate is a TypeError in mid-retry",
        library="retrying",
        original=retrying_fails_on_a_class,
        ours=ours_fails_on_a_class,
    ),
    *BREAKER_BUGS,
)


def main() -> None:
    """Print the table."""
    print("| what happens | with | mulligan |\n|---|---|---|")  # noqa: T201
    for bug in BUGS:
        version = importlib.metadata.version(bug.library)
        shows = f"{bug.library} {version}" if bug.original() else f"no longer with {bug.library} {version}"
        print(f"| {bug.what} | {shows} | {'yes' if bug.ours() else 'no'} |")  # noqa: T201


if __name__ == "__main__":
    main()
