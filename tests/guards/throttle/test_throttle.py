"""The adaptive throttle in executions: its fixed point, its recovery, and what counts."""

from __future__ import annotations

import asyncio
from random import Random
from typing import TYPE_CHECKING

import pytest

from mulligan import ConfigError, Pipeline, Policy, Succeeded, execute_async
from mulligan.errors import Throttled
from mulligan.guards import AdaptiveThrottle
from mulligan.testing import run_virtual, virtual_time
from tests.executors.worlds import Script, World, every_form, every_world
from tests.guards.machines import ONCE, Player, down, up

if TYPE_CHECKING:
    from collections.abc import Callable


def wrong() -> int:
    raise ValueError("wrong")


def overloaded(capacity: int) -> Callable[[float], Callable[[], int]]:
    """Answer an operation that takes on so many requests a second and fails the others."""
    seconds: dict[int, int] = {}

    def at(now: float) -> Callable[[], int]:
        def operation() -> int:
            second = int(now)
            seconds[second] = seconds.get(second, 0) + 1
            return up() if seconds[second] <= capacity else down()

        return operation

    return at


@pytest.mark.parametrize("k", [1.5, 2.0, 3.0])
def test_k_attempts_are_sent_for_each_that_is_accepted(k: float) -> None:
    """The fixed point: with demand far above capacity, sent / accepted → k."""
    with virtual_time() as clock:
        throttle = AdaptiveThrottle("billing", k=k, draw=Random(7).random)
        player, operation = Player([throttle], ONCE), overloaded(10)
        accepted = sent = 0
        for second in range(300):
            before = player.calls
            results = [player.play(operation(clock.monotonic()), heard=False) for _ in range(80)]
            if second >= 150:
                sent += player.calls - before
                accepted += sum(isinstance(result, Succeeded) for result in results)
            clock.advance(1)
    assert sent / accepted == pytest.approx(k, rel=0.08)


def test_demand_that_grows_does_not_grow_what_is_sent() -> None:
    """Counting admitted attempts alone would let it grow as the root of the demand."""
    sent: list[int] = []
    for demand in (40, 200):
        with virtual_time() as clock:
            player = Player([AdaptiveThrottle("billing", draw=Random(7).random)], ONCE)
            operation = overloaded(10)
            for second in range(300):
                if second == 150:
                    player.calls = 0
                for _ in range(demand):
                    player.play(operation(clock.monotonic()), heard=False)
                clock.advance(1)
            sent.append(player.calls)
    assert sent[1] / sent[0] == pytest.approx(1.0, abs=0.1)


def test_it_lets_everything_through_again_once_all_is_accepted() -> None:
    with virtual_time() as clock:
        throttle = AdaptiveThrottle("billing", draw=Random(7).random)
        player = Player([throttle])
        for _ in range(500):
            player.play(down)
        assert throttle.probability() > 0.9
        for _ in range(900):
            clock.advance(1)
            player.play(up)
            player.play(up)
        assert throttle.probability() == 0


@every_world
@every_form
def test_a_refused_first_attempt_raises_throttled(world: World, form: str) -> None:
    throttle = AdaptiveThrottle("billing", draw=lambda: 0.0)
    pipeline = Pipeline(ONCE, guards=[throttle])
    with pytest.raises(ConnectionError):
        world.run(form, pipeline, Script(ConnectionError()))
    script = Script(7)
    with pytest.raises(Throttled, match="billing refused attempt 1"):
        world.run(form, pipeline, script)
    assert script.calls == 0


@every_world
@every_form
def test_a_refused_retry_leaves_the_error_of_the_operation(world: World, form: str) -> None:
    throttle = AdaptiveThrottle("billing", draw=lambda: 0.0)
    policy: Policy[int] = ONCE.replace(max_attempts=5)
    script = Script(ConnectionError("down"))
    with pytest.raises(ConnectionError, match="down"):
        world.run(form, Pipeline(policy, guards=[throttle]), script)
    assert script.calls == 1


def test_errors_that_no_attempt_would_mend_count_as_nothing() -> None:
    throttle = AdaptiveThrottle("billing", draw=lambda: 0.999)
    with virtual_time():
        player = Player([throttle])
        for _ in range(10):
            player.play(wrong)
        assert throttle.probability() == 0


def test_a_cancelled_attempt_counts_as_nothing() -> None:
    throttle = AdaptiveThrottle("billing")
    pipeline = Pipeline(ONCE, guards=[throttle])

    async def rest() -> int:
        await asyncio.sleep(3600)
        return 7

    async def main() -> None:
        task = asyncio.ensure_future(execute_async(pipeline, rest))
        await asyncio.sleep(1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert throttle.probability() == 0

    run_virtual(main)


def test_a_burst_at_the_start_is_no_overload() -> None:
    """Attempts are counted when they end: those that still run say nothing about the other side."""
    throttle = AdaptiveThrottle("billing", draw=lambda: 0.0)
    pipeline = Pipeline(ONCE, guards=[throttle])

    async def rest() -> int:
        await asyncio.sleep(1)
        return 7

    async def main() -> list[int]:
        return await asyncio.gather(*[execute_async(pipeline, rest) for _ in range(50)])

    assert run_virtual(main) == [7] * 50


@pytest.mark.parametrize("arguments", [{"k": 0.5}, {"window": 0}, {"buckets": 0}, {"name": ""}])
def test_arguments_that_cannot_be_used_are_refused(arguments: dict[str, float]) -> None:
    with pytest.raises(ConfigError, match=f"{next(iter(arguments))}="):
        AdaptiveThrottle(**arguments)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType] - on purpose


def test_draws_are_even() -> None:
    throttle = AdaptiveThrottle("billing")
    draws = [throttle.draw() for _ in range(2000)]
    assert 0 <= min(draws) < max(draws) < 1
    assert sum(draws) / len(draws) == pytest.approx(0.5, abs=0.03)
