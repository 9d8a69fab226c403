"""Chaos: the same seed gives the same faults, at the rates that were asked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mulligan import ConfigError, Policy, constant, no_delay
from mulligan.testing import chaos, run_virtual, virtual_time

POLICY: Policy[object] = Policy(retry_on=(ConnectionError, TimeoutError), schedule=no_delay(), max_attempts=50)


class Account:
    """An operation that is not idempotent."""

    def __init__(self) -> None:
        self.balance = 0

    def pay(self, amount: int) -> int:
        self.balance += amount
        return self.balance


@given(st.integers(), st.floats(0, 0.5), st.floats(0, 0.4))
def test_the_same_seed_gives_the_same_faults(seed: int, error_rate: float, lost_rate: float) -> None:
    def played() -> tuple[int, int, int, int]:
        account = Account()
        unreliable = chaos(POLICY, error_rate=error_rate, lost_rate=lost_rate, seed=seed)
        for _ in range(10):
            unreliable(account.pay)(1)
        return unreliable.calls, unreliable.failed, unreliable.lost, account.balance

    assert played() == played()


def test_the_rates_are_those_that_were_asked_for() -> None:
    unreliable = chaos(POLICY, error_rate=0.3, lost_rate=0.1, seed=7)
    for _ in range(3000):
        unreliable(len)("page")
    assert unreliable.failed / unreliable.calls == pytest.approx(0.3, abs=0.02)
    assert unreliable.lost / unreliable.calls == pytest.approx(0.1, abs=0.02)


def test_a_lost_answer_shows_who_is_not_idempotent() -> None:
    account = Account()
    unreliable = chaos(POLICY, lost_rate=0.5, seed=1)
    for _ in range(10):
        unreliable(account.pay)(1)
    assert account.balance == 10 + unreliable.lost > 10


def test_latency_lies_between_its_bounds() -> None:
    with virtual_time() as clock:
        chaos(POLICY, latency=(1.0, 3.0), seed=7)(len)("page")
        assert 1 <= clock.monotonic() <= 3
        chaos(POLICY, latency=100, seed=7)(len)("page")
        assert 101 <= clock.monotonic() <= 103
    assert clock.sleeps == []


def test_both_kinds_of_error_come() -> None:
    seen: set[type[BaseException]] = set()
    for seed in range(20):
        try:
            chaos(POLICY.replace(max_attempts=1), error_rate=1, seed=seed)(len)("page")
        except (ConnectionError, TimeoutError) as error:
            seen.add(type(error))
    assert seen == {ConnectionError, TimeoutError}


def test_an_async_operation_stays_async() -> None:
    policy: Policy[object] = Policy(retry_on=ConnectionError, schedule=constant(1), max_attempts=50)
    unreliable = chaos(policy, error_rate=0.5, latency=1.0, seed=3)

    async def fetch(page: int) -> int:
        return page

    async def main() -> list[int]:
        return [await unreliable(fetch)(page) for page in range(5)]

    assert run_virtual(main) == [0, 1, 2, 3, 4]
    assert unreliable.failed > 0


@pytest.mark.parametrize(
    ("field", "error_rate", "lost_rate", "latency"),
    [
        ("error_rate", 1.5, 0, 0),
        ("lost_rate", 0, -0.1, 0),
        ("lost_rate", 0.8, 0.8, 0),
        ("latency", 0, 0, -1),
        ("latency", 0, 0, float("nan")),
    ],
)
def test_what_is_out_of_range_is_refused(field: str, error_rate: float, lost_rate: float, latency: float) -> None:
    with pytest.raises(ConfigError, match=field):
        chaos(POLICY, error_rate=error_rate, lost_rate=lost_rate, latency=latency, seed=1)


def test_a_predicate_does_not_say_what_to_raise() -> None:
    with pytest.raises(ConfigError, match="names no exception types"):
        chaos(Policy(retry_on=lambda error: True), error_rate=1, seed=1)


def test_errors_are_given_in_a_list() -> None:
    with pytest.raises(ConfigError, match=r"^errors=.*in a list"):
        chaos(POLICY, error_rate=1, errors=OSError, seed=1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
