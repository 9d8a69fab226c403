"""The attempt as the operation sees it: published only where the policy has something to tell."""

from __future__ import annotations

import asyncio
from itertools import count

import pytest

from mulligan import Attempt, Policy, attempts, constant, current_attempt, execute, execute_async, retry
from mulligan.testing import run_virtual, virtual_time

POLICY = Policy(retry_on=ConnectionError, schedule=constant(1), max_attempts=3)
KEYS = count(1)


def new_key() -> str:
    return f"key-{next(KEYS)}"


def remaining(attempt: Attempt | None) -> float | None:
    """Answer what remains, of an attempt that is published."""
    return None if attempt is None else attempt.remaining


def seen_by(policy: Policy[object], seconds: float = 0) -> list[Attempt | None]:
    """Answer what each attempt of a failing operation sees, at its end."""
    seen: list[Attempt | None] = []
    with virtual_time() as clock:

        def operation() -> None:
            clock.advance(seconds)
            seen.append(current_attempt())
            raise ConnectionError

        with pytest.raises(ConnectionError):
            execute(policy, operation)
    assert current_attempt() is None
    return seen


@pytest.mark.parametrize("policy", [POLICY, POLICY.replace(stop_after=60)])
def test_nothing_is_published_without_a_need(policy: Policy[object]) -> None:
    assert seen_by(policy) == [None] * 3


def test_a_timeout_publishes_what_remains_of_it() -> None:
    seen = seen_by(POLICY.replace(timeout=60), 2)
    assert seen == [
        Attempt(number=1, elapsed=2.0, remaining=58.0, idempotency_key=None),
        Attempt(number=2, elapsed=5.0, remaining=55.0, idempotency_key=None),
        Attempt(number=3, elapsed=8.0, remaining=52.0, idempotency_key=None),
    ]


def test_advice_publishes_what_remains_of_the_attempt() -> None:
    seen = seen_by(POLICY.replace(attempt_timeout=5, attempt_timeout_mode="advise"), 2)
    assert [remaining(attempt) for attempt in seen] == [3.0, 3.0, 3.0]


def test_the_nearer_timeout_is_published_and_never_below_zero() -> None:
    policy = POLICY.replace(timeout=20, attempt_timeout=5, attempt_timeout_mode="advise")
    assert [remaining(attempt) for attempt in seen_by(policy, 7)] == [0.0, 0.0, 0.0]
    assert [remaining(attempt) for attempt in seen_by(policy, 4)] == [1.0, 1.0, 1.0]


def test_a_key_is_one_for_each_execution() -> None:
    policy = POLICY.replace(idempotency_key=new_key)
    first, second = seen_by(policy), seen_by(policy)
    keys = [{attempt.idempotency_key for attempt in seen if attempt} for seen in (first, second)]
    assert [len(found) for found in keys] == [1, 1]
    assert keys[0] != keys[1]


def test_the_innermost_execution_that_publishes_is_seen() -> None:
    outer = POLICY.replace(timeout=60)

    def inside() -> tuple[float | None, float | None]:
        around = current_attempt()
        silent = execute(POLICY, current_attempt)
        nested = execute(POLICY.replace(timeout=5), current_attempt)
        assert silent == around
        return remaining(around), remaining(nested)

    with virtual_time():
        assert execute(outer, inside) == (60.0, 5.0)


def test_decorated_functions_and_blocks_publish_too() -> None:
    policy = POLICY.replace(timeout=60)
    with virtual_time():
        decorated = retry(policy)(current_attempt)()
        assert decorated is not None
        for attempt in attempts(policy):
            with attempt:
                assert current_attempt() == decorated
            assert current_attempt() is None


def test_tasks_see_their_own() -> None:
    async def operation(seconds: float) -> float | None:
        await asyncio.sleep(seconds)
        return remaining(current_attempt())

    async def main() -> tuple[float | None, ...]:
        return await asyncio.gather(
            execute_async(POLICY.replace(timeout=60), operation, 1),
            execute_async(POLICY.replace(timeout=30), operation, 2),
            execute_async(POLICY, operation, 3),
        )

    assert run_virtual(main) == pytest.approx((59, 28, None))
