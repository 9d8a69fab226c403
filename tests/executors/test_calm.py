"""Quiet guards are passed by, and nobody can tell: whatever happens meanwhile, they know what they would have known."""

from __future__ import annotations

import asyncio
import gc
import threading
import weakref
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mulligan import Pipeline, Policy, execute, execute_async, no_delay, retry, try_execute
from mulligan.classify import ACCEPT, FAIL, TRANSIENT
from mulligan.errors import BreakerOpen
from mulligan.guards import Budget, CircuitBreaker, Status, consecutive, deposit, quota, time_window, token_ratio
from mulligan.outcome import Raised
from mulligan.testing import run_virtual, virtual_time

if TYPE_CHECKING:
    from collections.abc import Callable

    from mulligan.classify import Verdict
    from mulligan.guards.breaker.guard import BreakerVisit
    from mulligan.guards.protocol import AnyGuard, Call
    from mulligan.outcome import Outcome

ONCE: Policy[int] = Policy(name="billing", retry_on=ConnectionError, max_attempts=1, schedule=no_delay())


class Counting(CircuitBreaker):
    """A breaker that does more: it counts how often it is asked."""

    visits = 0

    def visit(self, call: Call, /) -> BreakerVisit:
        self.visits += 1
        return super().visit(call)


class Recording:
    """A guard of one's own."""

    def admit(self, attempt: int, /) -> None:
        return None


def up() -> int:
    return 7


def down() -> int:
    raise ConnectionError("down")


def failures_of(breaker: CircuitBreaker) -> float:
    """Answer how many failures in a row it has seen."""
    state = getattr(breaker.cell(""), "state", None)
    return float(getattr(state, "window", (0,))[0])


def in_four_forms(pipeline: Pipeline[int]) -> list[Callable[[Callable[[], int]], int]]:
    """Answer the forms that take the shortcut, each as a function of a synchronous operation."""

    def plainly(operation: Callable[[], int]) -> int:
        return execute(pipeline, operation)

    def decorated(operation: Callable[[], int]) -> int:
        return retry(pipeline)(operation)()

    def awaited(operation: Callable[[], int]) -> int:
        async def asynchronous() -> int:
            return operation()

        return run_virtual(lambda: execute_async(pipeline, asynchronous))

    def decorated_async(operation: Callable[[], int]) -> int:
        async def asynchronous() -> int:
            return operation()

        return run_virtual(retry(pipeline)(asynchronous))

    return [plainly, decorated, awaited, decorated_async]


@pytest.mark.parametrize("form", range(4), ids=["execute", "retry", "execute_async", "async retry"])
class TestEveryForm:
    def test_a_success_asks_no_guard(self, form: int, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*arguments: object) -> None:
            raise AssertionError("nobody is to be asked")

        pipeline = Pipeline(ONCE, guards=[CircuitBreaker(), Budget()])
        monkeypatch.setattr("mulligan.guards.breaker.guard.CircuitBreaker.visit", refuse)
        monkeypatch.setattr("mulligan.guards.budget.guard.Budget.visit", refuse)
        assert in_four_forms(pipeline)[form](up) == 7

    def test_failures_count_and_open_the_breaker(self, form: int) -> None:
        breaker = CircuitBreaker("billing", consecutive(2), open_for=1e6)
        run = in_four_forms(Pipeline(ONCE, guards=[breaker]))[form]
        for failures in (1, 2):
            with pytest.raises(ConnectionError, match="down"):
                run(down)
            assert breaker.status() is (Status.CLOSED if failures == 1 else Status.OPEN)
        with pytest.raises(BreakerOpen):
            run(up)

    def test_a_success_after_a_failure_is_told(self, form: int) -> None:
        breaker = CircuitBreaker("billing", consecutive(2))
        run = in_four_forms(Pipeline(ONCE, guards=[breaker]))[form]
        with pytest.raises(ConnectionError):
            run(down)
        assert run(up) == 7
        with pytest.raises(ConnectionError):
            run(down)
        assert breaker.status() is Status.CLOSED

    def test_a_failure_elsewhere_while_an_attempt_runs_is_forgotten_after_its_success(self, form: int) -> None:
        breaker = CircuitBreaker("billing", consecutive(2))
        pipeline = Pipeline(ONCE, guards=[breaker])

        def disturbed() -> int:
            thread = threading.Thread(target=lambda: try_execute(pipeline, down))
            thread.start()
            thread.join()
            assert failures_of(breaker) == 1
            return 7

        assert in_four_forms(pipeline)[form](disturbed) == 7
        assert failures_of(breaker) == 0

    def test_what_an_attempt_does_that_began_before_an_order_counts_as_nothing(self, form: int) -> None:
        breaker = CircuitBreaker("billing", consecutive(1))

        def disturbed() -> int:
            breaker.force_open()
            breaker.reset()
            raise ConnectionError("down")

        with pytest.raises(ConnectionError):
            in_four_forms(Pipeline(ONCE, guards=[breaker]))[form](disturbed)
        assert breaker.status() is Status.CLOSED

    def test_a_retry_is_paid_for_and_its_success_pays_back(self, form: int) -> None:
        budget = Budget("billing", quota())
        policy = ONCE.replace(max_attempts=3)
        levels: list[float] = []

        def flaky() -> int:
            levels.append(budget.level())
            return up() if len(levels) == 3 else down()

        assert in_four_forms(Pipeline(policy, guards=[CircuitBreaker(), budget]))[form](flaky) == 7
        assert [*levels, budget.level()] == [500, 486, 472, 486]

    def test_an_error_is_the_operations_own_and_noted_once(self, form: int) -> None:
        pipeline = Pipeline(ONCE.replace(max_attempts=2), guards=[CircuitBreaker()])
        with pytest.raises(ConnectionError) as caught:
            in_four_forms(pipeline)[form](down)
        assert str(caught.value) == "down"
        assert caught.value.__context__ is None
        assert len(caught.value.__notes__) == 1
        assert "gave up after 2 attempts" in caught.value.__notes__[0]


def lenient(outcome: Outcome[object]) -> Verdict:
    return FAIL if isinstance(outcome, Raised) else ACCEPT


@pytest.mark.parametrize(
    ("guards", "passed"),
    [
        ([CircuitBreaker()], True),
        ([CircuitBreaker(), Budget(), Budget("tokens", token_ratio())], True),
        ([CircuitBreaker(), Budget("deposit", deposit())], True),  # looked at, and never quiet
        ([CircuitBreaker("window", time_window())], True),
        ([CircuitBreaker(classify=lambda outcome: TRANSIENT)], False),
        ([Budget(classify=lenient)], False),
        ([CircuitBreaker(key=lambda *arguments: "x")], True),
        ([Recording()], False),
        ([Counting()], False),
    ],
)
def test_which_guards_may_be_passed_by(guards: list[AnyGuard], passed: bool) -> None:
    assert (Pipeline(ONCE, guards=guards).calm is not None) is passed


def test_guards_that_count_successes_are_told_of_each() -> None:
    breaker = CircuitBreaker("window", time_window(60, failure_rate=0.5, minimum=4))
    pipeline = Pipeline(ONCE, guards=[breaker])
    with virtual_time():
        for operation in (up, up, up, down, down):
            try_execute(pipeline, operation)
        assert breaker.status() is Status.CLOSED
        with pytest.raises(ConnectionError):
            execute(pipeline, down)
        assert breaker.status() is Status.OPEN


def test_each_dependency_is_quiet_by_itself() -> None:
    breaker = CircuitBreaker("http", consecutive(2), key=_itself)
    pipeline = Pipeline(ONCE, guards=[breaker])

    def call(host: str) -> int:
        return down() if host == "bad" else up()

    for status in (Status.CLOSED, Status.OPEN):
        assert execute(pipeline, call, "good") == 7
        with pytest.raises(ConnectionError):
            execute(pipeline, call, "bad")
        assert (breaker.status("bad"), breaker.status("good")) == (status, Status.CLOSED)
    with pytest.raises(BreakerOpen):
        execute(pipeline, call, "bad")
    assert execute(pipeline, call, "good") == 7


def test_a_key_is_asked_for_once_where_all_is_quiet() -> None:
    asked: list[str] = []

    def key(host: str) -> str:
        asked.append(host)
        return host

    pipeline = Pipeline(ONCE, guards=[CircuitBreaker("http", key=key)])
    for host in ("a", "b", "a"):
        assert execute(pipeline, len, host) == 1
    assert asked == ["a", "b", "a"]


def test_a_dependency_that_is_forgotten_meanwhile_begins_anew() -> None:
    breaker = CircuitBreaker("http", consecutive(1), max_keys=1)
    pipeline = Pipeline(ONCE, guards=[breaker])
    assert execute(pipeline, up) == 7
    breaker.force_open("other")
    with pytest.raises(ConnectionError):
        execute(pipeline, down)
    assert breaker.status() is Status.OPEN


def test_a_derived_guard_is_asked_each_time() -> None:
    breaker = Counting()
    for _ in range(3):
        execute(Pipeline(ONCE, guards=[breaker]), up)
    assert breaker.visits == 3


def test_listeners_hear_of_successes() -> None:
    seen: list[object] = []
    execute(Pipeline(ONCE, guards=[CircuitBreaker()], listeners=[seen.append]), up)
    assert len(seen) == 1


def test_an_interrupt_passes_and_counts_as_nothing() -> None:
    breaker = CircuitBreaker("billing", consecutive(1))

    def interrupted() -> int:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        execute(Pipeline(ONCE, guards=[breaker]), interrupted)
    assert breaker.status() is Status.CLOSED


def test_cancellation_passes_and_counts_as_nothing() -> None:
    breaker = CircuitBreaker("billing", consecutive(1))

    async def main() -> None:
        async def hang() -> int:
            await asyncio.sleep(3600)
            return 7

        task = asyncio.ensure_future(execute_async(Pipeline(ONCE, guards=[breaker]), hang))
        await asyncio.sleep(1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    run_virtual(main)
    assert breaker.status() is Status.CLOSED


def test_what_answers_an_awaitable_is_a_type_error() -> None:
    async def asynchronous() -> int:
        return 7

    with pytest.raises(TypeError, match="use execute_async"):
        pending: object = execute(Pipeline(Policy(retry_on=ConnectionError), guards=[CircuitBreaker()]), asynchronous)
        assert pending is None  # never reached


def test_nothing_of_a_failed_attempt_outlives_it() -> None:
    class Payload:
        pass

    kept: list[weakref.ref[Payload]] = []

    def heavy() -> int:
        payload = Payload()
        kept.append(weakref.ref(payload))
        raise ConnectionError("down")

    gc.disable()
    try:
        try_execute(Pipeline(ONCE, guards=[CircuitBreaker()]), up)
        with pytest.raises(ConnectionError):
            execute(Pipeline(ONCE.replace(max_attempts=3), guards=[CircuitBreaker()]), heavy)
        assert [reference() for reference in kept] == [None] * 3
    finally:
        gc.enable()


@given(script=st.lists(st.sampled_from(["up", "down", "both", "order"]), max_size=30), threshold=st.integers(1, 3))
def test_with_and_without_the_shortcut_guards_know_the_same(script: list[str], threshold: int) -> None:
    """The same course of events with a guard that must always be asked beside them, which shuts the shortcut off."""
    levels: list[list[object]] = []
    besides: list[list[AnyGuard]] = [[], [Counting("asked", consecutive(1_000))]]
    for beside in besides:
        with virtual_time() as clock:
            breaker, budget = CircuitBreaker("b", consecutive(threshold), open_for=2), Budget("q", quota(capacity=30))
            pipeline = Pipeline(ONCE.replace(max_attempts=2), guards=[breaker, budget, *beside])
            assert (pipeline.calm is None) is bool(beside)
            known: list[object] = []
            for step in script:
                try:
                    execute(pipeline, played(step, pipeline, breaker))
                except (ConnectionError, BreakerOpen) as error:
                    known.append(type(error))
                clock.advance(1)
                known.append((breaker.status(), failures_of(breaker), budget.level()))
            levels.append(known)
    assert levels[0] == levels[1]


def played(step: str, pipeline: Pipeline[int], breaker: CircuitBreaker) -> Callable[[], int]:
    """Answer an operation: it succeeds, fails, or something else happens while it runs."""

    def both() -> int:
        try_execute(pipeline, down)
        return 7

    def order() -> int:
        breaker.reset()
        return 7

    return {"up": up, "down": down, "both": both, "order": order}[step]


def _itself(host: str) -> str:
    return host
