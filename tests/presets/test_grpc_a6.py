"""gRPC's retries against the numbers of gRFC A6: backoff, attempts, statuses, throttling, pushback."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mulligan import ConfigError, Execution, Failed, Succeeded, try_execute
from mulligan.decision import Retry, State, Stop, decide
from mulligan.guards import Budget
from mulligan.outcome import Raised, Reason
from mulligan.presets import grpc_a6
from mulligan.schedules import uniform
from mulligan.testing import virtual_time

if TYPE_CHECKING:
    from mulligan import Pipeline
    from mulligan.events import Retrying

SEED = 7


class StatusCode(Enum):
    """As grpc's."""

    UNAVAILABLE = (14, "unavailable")
    INVALID_ARGUMENT = (3, "invalid argument")


class RpcError(Exception):
    """As grpc raises it."""

    def __init__(self, status: StatusCode, pushback: str | bytes | None = None) -> None:
        super().__init__(status.name)
        self.status, self.pushback = status, pushback

    def code(self) -> StatusCode:
        return self.status

    def trailing_metadata(self) -> tuple[tuple[str, str | bytes], ...]:
        own = () if self.pushback is None else (("grpc-retry-pushback-ms", self.pushback),)
        return (("other", "1"), *own)


UNAVAILABLE = RpcError(StatusCode.UNAVAILABLE)
INVALID = RpcError(StatusCode.INVALID_ARGUMENT)


def pushed(text: str | bytes, status: StatusCode = StatusCode.UNAVAILABLE) -> RpcError:
    return RpcError(status, text)


def tokens(pipeline: Pipeline[object]) -> float:
    (budget,) = pipeline.guards
    assert isinstance(budget, Budget)
    return budget.level()


def play(pipeline: Pipeline[object], *script: RpcError | None) -> tuple[Succeeded[int] | Failed[int], list[float]]:
    """Execute, and answer how it ended and the delays."""
    delays: list[float] = []
    steps = iter(script)

    def observe(event: Retrying) -> None:
        delays.append(event.delay)

    def operation() -> int:
        error = next(steps)
        if error is not None:
            raise error
        return 7

    with virtual_time():
        return Execution(pipeline, seed=SEED, on_retry=observe).try_run(operation), delays


def jitter(retry: int) -> float:
    return 0.8 + 0.4 * uniform(SEED, retry)


def test_the_backoff_is_doubled_capped_and_then_jittered_by_20_percent() -> None:
    delays: list[float] = []
    previous: float | None = None
    for retry in range(1, 7):
        previous = grpc_a6().policy.schedule.delay(retry, SEED, previous)
        assert previous is not None
        delays.append(previous)
    expected = [min(0.1 * 2 ** (retry - 1), 1) * jitter(retry) for retry in range(1, 7)]
    assert delays == pytest.approx(expected)


@given(st.integers(0, 2**64), st.floats(0.01, 5), st.floats(1, 4), st.floats(0.01, 60))
def test_delays_stay_within_their_bounds(seed: int, initial: float, multiplier: float, most: float) -> None:
    schedule = grpc_a6(initial=initial, multiplier=multiplier, most=most).policy.schedule
    previous: float | None = None
    backoff = min(initial, most)
    for retry in range(1, 20):
        previous = schedule.delay(retry, seed, previous)
        assert previous is not None
        assert backoff * 0.8 * (1 - 1e-9) <= previous <= backoff * 1.2 * (1 + 1e-9)
        backoff = min(backoff * multiplier, most)


@pytest.mark.parametrize(("given_attempts", "made"), [(4, 4), (2, 2), (5, 5), (9, 5)])
def test_more_than_five_attempts_count_as_five(given_attempts: int, made: int) -> None:
    answer, _ = play(grpc_a6(max_attempts=given_attempts, max_tokens=100), *[UNAVAILABLE] * 9)
    assert answer.attempts == made


def test_only_the_statuses_that_are_named_are_retried() -> None:
    assert isinstance(decide(grpc_a6().policy, State(), Raised(UNAVAILABLE), 0.0), Retry)
    assert isinstance(decide(grpc_a6().policy, State(), Raised(INVALID), 0.0), Stop)
    assert isinstance(decide(grpc_a6(statuses=["INVALID_ARGUMENT"]).policy, State(), Raised(INVALID), 0.0), Retry)


def test_five_straight_failures_block_retries_and_nothing_else() -> None:
    pipeline = grpc_a6(max_attempts=2)
    attempts = [play(pipeline, UNAVAILABLE, UNAVAILABLE)[0].attempts for _ in range(4)]
    assert attempts == [2, 2, 1, 1]
    assert tokens(pipeline) == 4
    answer, _ = play(pipeline, UNAVAILABLE)
    assert isinstance(answer, Failed)
    assert answer.reason is Reason.REFUSED


def test_successes_put_a_tenth_in_until_retries_are_made_again() -> None:
    pipeline = grpc_a6(max_attempts=2)
    for _ in range(5):
        play(pipeline, UNAVAILABLE, UNAVAILABLE)
    for _ in range(50):
        play(pipeline, None)
    level = tokens(pipeline)
    for _ in range(20):
        play(pipeline, None)
    assert tokens(pipeline) == pytest.approx(level + 2)
    assert play(pipeline, UNAVAILABLE, None)[0].attempts == 2


def test_pushback_replaces_the_delay_and_the_backoff_begins_anew_after_it() -> None:
    answer, delays = play(
        grpc_a6(max_attempts=5, max_tokens=100), UNAVAILABLE, UNAVAILABLE, pushed("2500"), UNAVAILABLE, None
    )
    assert answer.attempts == 5
    assert delays == pytest.approx([0.1 * jitter(1), 0.2 * jitter(2), 2.5, 0.1 * jitter(4)])


def test_the_backoff_grows_again_from_its_beginning() -> None:
    _, delays = play(grpc_a6(max_attempts=5, max_tokens=100), UNAVAILABLE, pushed(b"0"), UNAVAILABLE, UNAVAILABLE, None)
    assert delays == pytest.approx([0.1 * jitter(1), 0.0, 0.1 * jitter(3), 0.2 * jitter(4)])


@pytest.mark.parametrize("text", ["-1", "-5000", "soon", "", "1.5", "007", "+1", "²", "2147483648", b"\xff"])
def test_negative_and_malformed_pushback_means_not_to_retry_and_counts_as_a_failure(text: str | bytes) -> None:
    pipeline = grpc_a6()
    answer, _ = play(pipeline, pushed(text), None)
    assert isinstance(answer, Failed)
    assert (answer.reason, tokens(pipeline)) == (Reason.NOT_RETRYABLE, 9)


def test_a_status_that_is_not_retried_counts_only_with_pushback_that_says_no() -> None:
    pipeline = grpc_a6()
    play(pipeline, INVALID)
    assert tokens(pipeline) == 10
    play(pipeline, pushed("100", StatusCode.INVALID_ARGUMENT))
    assert tokens(pipeline) == 10
    play(pipeline, pushed("-1", StatusCode.INVALID_ARGUMENT))
    assert tokens(pipeline) == 9


def test_servers_are_told_apart() -> None:
    def call(host: str) -> int:
        raise UNAVAILABLE

    pipeline = grpc_a6(max_attempts=2, key=_host)
    with virtual_time():
        assert [try_execute(pipeline, call, "a").attempts for _ in range(3)] == [2, 2, 1]
        assert try_execute(pipeline, call, "b").attempts == 2


@pytest.mark.parametrize("arguments", [{"multiplier": 0.5}, {"initial": -1}, {"max_tokens": 0}, {"max_attempts": 0}])
def test_arguments_that_cannot_be_used_are_refused(arguments: dict[str, int]) -> None:
    with pytest.raises(ConfigError, match=f"{next(iter(arguments))}="):
        grpc_a6(**arguments)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType] - by name


def _host(host: str) -> str:
    return host
