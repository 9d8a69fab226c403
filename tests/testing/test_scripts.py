"""A script plays its steps in order, in sync code, asyncio and trio."""

from __future__ import annotations

import pytest
import trio
import trio.testing

from mulligan import ConfigError, Policy, constant, execute, execute_async, try_execute
from mulligan.testing import ScriptEnded, raises, returns, run_virtual, script, virtual_time

POLICY: Policy[object] = Policy(retry_on=ConnectionError, schedule=constant(60), max_attempts=4)


def test_steps_are_played_in_order() -> None:
    fetch = script(raises(ConnectionError), raises(ConnectionError("down")), returns("page"))
    with virtual_time():
        assert execute(POLICY, fetch, "/a", page=2) == "page"
    assert [(call.args, call.kwargs, call.at) for call in fetch.calls] == [
        (("/a",), {"page": 2}, 0.0),
        (("/a",), {"page": 2}, 60.0),
        (("/a",), {"page": 2}, 120.0),
    ]
    assert fetch.left == ()


def test_a_step_takes_its_time_without_anybody_sleeping() -> None:
    fetch = script(raises(ConnectionError).lasting(5), returns("page").lasting(2))
    with virtual_time() as clock:
        execute(POLICY, fetch)
    assert (clock.monotonic(), clock.sleeps) == (67.0, [60.0])


def test_the_last_step_may_go_on_for_ever() -> None:
    fetch = script(raises(ConnectionError).forever())
    with virtual_time():
        assert try_execute(POLICY, fetch).attempts == 4


def test_a_call_after_the_end_is_nothing_that_a_policy_retries() -> None:
    fetch = script(raises(ConnectionError))
    with virtual_time(), pytest.raises(ScriptEnded, match="call 2 of a script of 1 steps"):
        execute(Policy(retry_on=Exception, max_attempts=9), fetch)


def test_what_was_not_played_is_left() -> None:
    fetch = script(returns("page"), returns("never"))
    assert (fetch(), fetch.left) == ("page", (returns("never"),))


def test_asyncio() -> None:
    fetch = script(raises(ConnectionError).lasting(5), returns("page").lasting(2))

    async def main() -> str:
        return await execute_async(POLICY, fetch.as_async, "/a")

    assert run_virtual(main) == "page"
    assert [call.at for call in fetch.calls] == [0.0, 65.0]


def test_trio() -> None:
    fetch = script(raises(ConnectionError).lasting(5), returns("page").lasting(2))
    began: list[float] = []

    async def main() -> None:
        began.append(trio.current_time())
        assert await execute_async(POLICY, fetch.as_async) == "page"

    trio.run(main, clock=trio.testing.MockClock(autojump_threshold=0))
    assert [call.at - began[0] for call in fetch.calls] == [0.0, 65.0]


@pytest.mark.parametrize("seconds", [-1, float("nan")])
def test_a_duration_that_is_none_is_refused(seconds: float) -> None:
    with pytest.raises(ConfigError, match="seconds"):
        raises(OSError).lasting(seconds)


def test_a_script_without_steps_is_refused() -> None:
    with pytest.raises(ConfigError, match="at least one step"):
        script()


def test_what_is_no_step_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"^steps=.*returns"):
        script("page")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType] - on purpose


def test_what_can_not_be_raised_is_refused() -> None:
    for error in ("down", str):
        with pytest.raises(ConfigError, match=r"^error="):
            raises(error)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType] - on purpose
