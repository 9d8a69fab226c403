"""Adaptive delays: they grow with the failure rate that a guard observes, and shrink as the dependency recovers."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mulligan import ConfigError, Failed, Pipeline, Policy, Succeeded, constant, execute_async, try_execute
from mulligan.guards import FailureRate, adaptive
from mulligan.guards.rate.transitions import Observing, Settle
from mulligan.schedules import Bounds, exponential, full_jitter
from mulligan.testing import run_virtual, virtual_time
from tests.executors.worlds import Script, World, every_form, every_world
from tests.guards.machines import ONCE, Player, down, up


def first(host: str, *rest: object) -> str:
    return host


def test_delays_grow_with_the_failure_rate_and_shrink_on_recovery() -> None:
    with virtual_time() as clock:
        rate = FailureRate("billing", minimum=4)
        schedule = adaptive(constant(1), rate, most=5)
        player = Player([rate])
        seen: list[float] = []
        for operation in (down, down, down, down, up, up, up, up, up, up, up, up, up, up, up, up):
            player.play(operation)
            seen.append(next(schedule.delays(seed=7)))
        clock.advance(40)
        seen.append(next(schedule.delays(seed=7)))
    assert seen[:4] == [1, 1, 1, 5]
    assert seen[4:-1] == sorted(seen[4:-1], reverse=True)
    assert (seen[7], seen[-2], seen[-1]) == (3, 2, 1)


@every_world
@every_form
def test_an_execution_waits_longer_the_more_has_failed(world: World, form: str) -> None:
    rate = FailureRate("billing", minimum=1)
    policy: Policy[int] = ONCE.replace(max_attempts=3, schedule=adaptive(constant(1), rate, most=10))
    script = Script(ConnectionError(), ConnectionError(), 7)
    assert world.run(form, Pipeline(policy, guards=[rate]), script) == 7
    first, second, third = script.times
    assert (second - first, third - second) == pytest.approx((10, 10))


def test_dependencies_are_told_apart_by_the_arguments() -> None:
    rate = FailureRate("http", minimum=1, key=first)
    policy = Policy[int](retry_on=ConnectionError, max_attempts=2, schedule=adaptive(constant(1), rate, most=10))
    pipeline = Pipeline(policy, guards=[rate])
    fails = iter([True, True, True, False])

    def fetch(host: str) -> int:
        if host == "bad" or next(fails):
            raise ConnectionError(host)
        return 7

    with virtual_time():
        answers = [try_execute(pipeline, fetch, host) for host in ("bad", "good", "good")]
        assert (rate.rate("bad"), rate.rate("good")) == (1.0, 0.75)
    assert isinstance(answers[0], Failed)
    assert isinstance(answers[2], Succeeded)
    assert [answer.elapsed for answer in answers] == pytest.approx([10, 10, 10])


def test_concurrent_tasks_see_the_rate_of_their_own_dependency() -> None:
    rate = FailureRate("http", minimum=1, key=first)
    policy = Policy[int](retry_on=ConnectionError, max_attempts=2, schedule=adaptive(constant(1), rate, most=10))
    pipeline = Pipeline(policy, guards=[rate])
    ended: dict[str, float] = {}

    async def fetch(host: str, outcomes: list[bool]) -> int:
        await asyncio.sleep(1)
        if outcomes.pop():
            raise ConnectionError(host)
        return 7

    async def run(host: str, outcomes: list[bool]) -> None:
        begun = asyncio.get_running_loop().time()
        await execute_async(pipeline, fetch, host, outcomes)
        ended[host] = asyncio.get_running_loop().time() - begun

    async def main() -> None:
        for _ in range(9):
            await run("good", [False])
        await asyncio.gather(run("good", [False, True]), run("bad", [False, True]))

    run_virtual(main)
    assert ended["bad"] == pytest.approx(1 + 10 + 1)
    assert ended["good"] == pytest.approx(1 + 1 + 9 * 0.1 + 1)


def test_growth_comes_before_the_jitter() -> None:
    rate = FailureRate("billing")
    schedule = adaptive(exponential(1, factor=2, cap=4), rate, most=3)
    assert schedule.jittered(full_jitter()).bounds(2) == (Bounds(0, 3), Bounds(0, 6))
    assert schedule.take(2).length == 2
    assert not schedule.is_jittered
    assert repr(schedule).startswith("adaptive(exponential(1, factor=2, cap=4), FailureRate('billing'")


@given(st.lists(st.booleans(), max_size=30), st.floats(1, 100))
def test_delays_stay_within_their_bounds(failures: list[bool], most: float) -> None:
    with virtual_time():
        rate = FailureRate("billing", minimum=1)
        schedule = adaptive(exponential(0.1, cap=10), rate, most=most)
        player = Player([rate])
        for failed in failures:
            player.play(down if failed else up)
        for delay, bound in zip(schedule.take(5), schedule.bounds(5), strict=True):
            assert bound.least <= delay <= bound.greatest * (1 + 1e-9)
        assert rate.rate() == (sum(failures) / len(failures) if failures else 0)


def test_what_is_too_old_is_forgotten() -> None:
    observing = Observing(window=10, buckets=5, minimum=1)
    state, _ = observing.step(observing.start(), Settle(failed=True), 100)
    assert [observing.rate(state, now) for now in (100, 109, 110)] == [1, 1, 0]


def test_what_is_no_failure_rate_is_refused() -> None:
    with pytest.raises(ConfigError, match="give a FailureRate"):
        adaptive(constant(1), 0.5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType] - on purpose
    with pytest.raises(ConfigError, match="most="):
        adaptive(constant(1), FailureRate("billing"), most=0.5)
    with pytest.raises(ConfigError, match="give a schedule"):
        adaptive(1, FailureRate("billing"))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType] - on purpose
