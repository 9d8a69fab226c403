"""Modes of the shims: the original alone, the original with the engine beside it, and what parts them."""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from mulligan import ConfigError, Raised
from mulligan.compat import backoff, originals, retry, retrying
from mulligan.compat.divergence import Diverged, SiteSummary, listen, render, reset, summary
from mulligan.compat.engine import Steps
from mulligan.compat.flag import VARIABLE
from mulligan.compat.shadow import Beside, Engine
from mulligan.testing import run_virtual

if TYPE_CHECKING:
    from collections.abc import Callable

    from mulligan.compat.retry.terms import Terms


class Operation:
    """Fails so often, and counts its calls."""

    __name__ = __qualname__ = "operation"

    def __init__(self, failures: int) -> None:
        self.failures, self.calls = failures, 0

    def __call__(self) -> str:
        self.calls += 1
        if self.calls <= self.failures:
            raise OSError(self.calls)
        return "page"


CALLS: dict[str, Callable[[Operation], object]] = {
    "retry": lambda operation: retry.retry_call(operation, tries=4, delay=1, backoff=2, jitter=(0, 1), max_delay=9),
    "retry, silent": lambda operation: retry.retry_call(operation, tries=4, delay=1, logger=None),
    "retrying": lambda operation: retrying.Retrying(
        stop_max_attempt_number=4, wait_exponential_multiplier=100, wait_random_max=300, wait_jitter_max=50
    ).call(operation),
    "retrying, own": lambda operation: retrying.Retrying(
        stop_func=lambda attempt, elapsed: attempt >= 4,
        wait_func=lambda attempt, elapsed: attempt * 10,
        retry_on_exception=lambda error: isinstance(error, OSError),
    ).call(operation),
    "backoff": lambda operation: backoff.on_exception(backoff.expo, OSError, max_tries=4, max_time=60)(operation)(),
    "backoff, giveup": lambda operation: backoff.on_exception(
        backoff.fibo, OSError, giveup=lambda error: error.args == (4,), jitter=None
    )(operation)(),
    "backoff, ends": lambda operation: backoff.on_exception(
        backoff.constant, OSError, interval=[1, 2, 3], raise_on_giveup=False
    )(operation)(),
}
every_call = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)


@every_call
@pytest.mark.parametrize("mode", ["modern", "legacy", "shadow"])
@pytest.mark.parametrize("failures", [0, 2, 9])
def test_every_mode_calls_and_sleeps_as_often(
    call: Callable[[Operation], object],
    mode: str,
    failures: int,
    sleeps: list[float],
    seen: list[Diverged],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(VARIABLE, mode)
    operation = Operation(failures)
    if failures == 9:
        with pytest.raises(OSError, match="4"):
            call(operation)
    else:
        assert call(operation) == "page"
    assert operation.calls == min(failures + 1, 4)
    assert len(sleeps) == operation.calls - 1
    assert seen == []
    compared = [(site.calls, site.retries, site.divergences) for site in summary()]
    assert compared == ([(1, operation.calls - 1, 0)] if mode == "shadow" else [])


def test_values_are_compared_too(sleeps: list[float], seen: list[Diverged], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "shadow")
    values = iter([None, None, "page", None, None])

    def fetch() -> str | None:
        return next(values)

    assert backoff.on_predicate(backoff.constant, interval=1, jitter=None)(fetch)() == "page"
    with pytest.raises(retrying.RetryError) as caught:
        retrying.Retrying(retry_on_result=lambda value: value is None, stop_max_attempt_number=2).call(fetch)
    assert isinstance(caught.value, sys.modules["retrying"].RetryError)
    assert seen == []


@pytest.mark.parametrize("mode", ["modern", "legacy", "shadow"])
def test_an_asynchronous_original_is_compared(mode: str, seen: list[Diverged], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, mode)
    reset()
    operation, asked = Operation(2), list[str]()

    async def giveup(error: Exception) -> bool:
        asked.append(str(error))
        return False

    @backoff.on_exception(backoff.expo, OSError, max_tries=4, giveup=giveup, jitter=None)
    async def fetch() -> str:
        await asyncio.sleep(0)
        return operation()

    assert run_virtual(fetch) == "page"
    assert asked == ["1", "2"]
    assert seen == []
    assert [site.retries for site in summary()] == ([2] if mode == "shadow" else [])
    reset()


def test_the_log_and_the_handlers_see_the_operation(sleeps: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "shadow")
    operation, targets = Operation(1), list[object]()

    def tell(details: Any) -> None:
        targets.append(details["target"])

    backoff.on_exception(backoff.expo, OSError, on_backoff=tell, on_success=tell)(operation)()
    assert targets == [operation, operation]


@pytest.mark.parametrize(
    ("terms", "what", "engine"),
    [
        ({"tries": 2}, "decision", "stops (max_attempts)"),
        ({"delay": 5}, "delay", "waits 5.000 s"),
        ({"tries": 9}, "decision", "retries after 1.000 s"),
        ({"exceptions": ()}, "decision", "stops (not_retryable)"),
    ],
)
def test_each_divergence_is_an_event(
    terms: dict[str, Any],
    what: str,
    engine: str,
    sleeps: list[float],
    seen: list[Diverged],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The engine is given other terms than the original, as if it read them wrongly."""
    from mulligan.compat.modes import retry as modes

    monkeypatch.setenv(VARIABLE, "shadow")
    shadow = modes.Shadow

    def mistaken(given: Terms, asked: Any) -> Any:
        return shadow(given._replace(**terms), asked)

    monkeypatch.setattr(modes, "Shadow", mistaken)
    operation = Operation(9)
    with pytest.raises(OSError, match="3"):
        retry.retry_call(operation, tries=3, delay=1)
    assert (operation.calls, sleeps) == (3, [1, 1])
    assert (seen[0].what, seen[0].engine, seen[0].site) == (what, engine, f"{__name__}:operation")
    assert [site.divergences for site in summary()] == [len(seen)]


def test_a_failing_engine_is_an_event_and_the_original_goes_on(
    sleeps: list[float], seen: list[Diverged], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> Any:
        raise ZeroDivisionError

    beside = Beside("docs:site", Engine(judge=fail, span=fail, surfaces=fail), lambda: 0.0)
    from mulligan.compat.shadow import observed, watch

    assert watch(beside, observed(beside, Operation(0))) == "page"
    assert [event.what for event in seen] == ["engine"]


def test_a_listener_that_raises_is_reported_once(
    sleeps: list[float], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(event: Diverged) -> None:
        raise ValueError("broken")

    from mulligan.compat.divergence import publish

    stop = listen(broken)
    for _ in range(2):
        publish(Diverged(site="docs:site", what="delay", attempt=1, original="a", engine="b"))
    stop()
    assert len([record for record in caplog.records if record.levelno == logging.ERROR]) == 1


def test_an_original_that_is_not_installed_is_a_config_error(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigError, match="nowhere_at_all is not installed"):
        originals.original("nowhere_at_all")


def test_the_summary_is_printed_at_exit() -> None:
    code = (
        "import os; os.environ['MULLIGAN_MODE'] = 'shadow'\n"
        "from mulligan.compat.retry import retry_call\n"
        "retry_call(len, ['abc'])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    expected = render([SiteSummary(site="builtins:len", calls=1)])
    assert done.stderr == f"mulligan: shadow mode compared these sites\n{expected}\n"


def test_an_operator_makes_every_shim_a_single_attempt(monkeypatch: pytest.MonkeyPatch) -> None:
    from mulligan.executors import switch

    monkeypatch.setattr(switch, "disabled", True)
    assert Steps(lambda attempt: 1.0).after(Raised(OSError()), 0.0) == "disabled"
    operation = Operation(1)
    with pytest.raises(OSError, match="1"):
        retry.retry_call(operation)
    assert operation.calls == 1
