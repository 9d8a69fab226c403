"""pytest finds the fixtures by itself, and pays for them only where a test asks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

pytest_plugins = ["pytester"]

FIXTURES = """
from mulligan import Policy, Reason, constant, try_execute

FETCH = Policy(name="billing.fetch", retry_on=ValueError, schedule=constant(60), max_attempts=3)


def test_time_is_virtual(virtual_clock):
    answer = try_execute(FETCH, int, "x")
    assert (virtual_clock.sleeps, answer.elapsed) == ([60.0, 60.0], 120.0)


def test_what_happens_is_recorded(virtual_clock, retry_events):
    try_execute(FETCH, int, "x")
    retry_events.assert_retried(times=2).assert_gave_up(reason=Reason.ATTEMPTS)


def test_nothing_is_retried(no_retries):
    assert try_execute(FETCH, int, "x").attempts == 1


def test_fixtures_end_with_their_test(retry_events):
    from mulligan import clock
    from mulligan.executors import switch
    assert clock.installed is None
    assert not switch.disabled
    assert retry_events.events == []
"""
UNITTEST = """
import unittest

import pytest

from mulligan import Policy, constant, try_execute
from mulligan.testing import no_retries, recording, virtual_time

FETCH = Policy(name="billing.fetch", retry_on=ValueError, schedule=constant(60), max_attempts=3)


class TestBilling(unittest.TestCase):
    def setUp(self):
        self.clock = self.enterContext(virtual_time())
        self.events = self.enterContext(recording())

    def test_it_gives_up(self):
        try_execute(FETCH, int, "x")
        self.assertEqual(self.clock.sleeps, [60.0, 60.0])
        self.events.assert_gave_up(attempts=3)

    def test_without_retries(self):
        self.enterContext(no_retries())
        self.assertEqual(try_execute(FETCH, int, "x").attempts, 1)


class TestAsync(unittest.IsolatedAsyncioTestCase):
    async def test_it_gives_up(self):
        from mulligan import try_execute_async

        async def failing():
            raise ValueError

        with virtual_time() as clock:
            answer = await try_execute_async(FETCH, failing)
        self.assertEqual((clock.sleeps, answer.attempts), ([60.0, 60.0], 3))


@pytest.mark.usefixtures("virtual_clock")
class TestWithFixtures(unittest.TestCase):
    def test_it_gives_up(self):
        from mulligan.testing import VirtualClock
        self.assertEqual(try_execute(FETCH, int, "x").elapsed, 120.0)


if __name__ == "__main__":
    unittest.main(defaultTest=["TestBilling", "TestAsync"])
"""
ASYNC = """
import asyncio

import pytest

from mulligan import Policy, constant, try_execute_async

FETCH = Policy(name="billing.fetch", retry_on=ValueError, schedule=constant(60), max_attempts=3)


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request):
    return request.param


async def failing():
    raise ValueError


@pytest.mark.anyio
async def test_time_is_virtual_in_tasks_too(virtual_clock, anyio_backend):
    answer = await try_execute_async(FETCH, failing)
    assert (virtual_clock.sleeps, answer.elapsed) == ([60.0, 60.0], 120.0)
"""
RACE = """
import asyncio

from mulligan import Policy, constant, execute_async
from mulligan.testing import raises, returns, script

SLOW = Policy(retry_on=ConnectionError, schedule=constant(10))
FAST = Policy(retry_on=ConnectionError, schedule=constant(1))


def test_the_faster_one_wins_every_time(virtual_clock):
    order = []

    async def fetch(name, policy):
        await execute_async(policy, script(raises(ConnectionError), returns(name)).as_async)
        order.append((name, virtual_clock.monotonic()))

    async def main():
        await asyncio.gather(fetch("slow", SLOW), fetch("fast", FAST))

    asyncio.run(main())
    assert order == [("fast", 1.0), ("slow", 10.0)]
"""


def test_the_fixtures_do_what_they_say(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(FIXTURES)
    pytester.runpytest_inprocess().assert_outcomes(passed=4)


def test_a_race_of_coroutines_has_one_outcome(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(RACE)
    pytester.runpytest_inprocess().assert_outcomes(passed=1)


def test_async_tests_of_other_plugins_have_virtual_time(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(ASYNC)
    pytester.runpytest_inprocess().assert_outcomes(passed=2)


def test_unittest_runs_under_pytest(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(UNITTEST)
    pytester.runpytest_inprocess().assert_outcomes(passed=4)


def test_unittest_runs_alone(pytester: pytest.Pytester) -> None:
    path = pytester.makepyfile(UNITTEST)
    done = pytester.runpython(path)
    assert done.ret == 0
    done.stderr.fnmatch_lines(["Ran 3 tests in *", "OK"])


def test_fixtures_are_described(pytester: pytest.Pytester) -> None:
    shown = pytester.runpytest_inprocess("--fixtures", "-q")
    shown.stdout.fnmatch_lines_random(["virtual_clock*", "retry_events*", "no_retries*"])


def test_nothing_is_imported_before_a_test_asks(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import sys

        def test_start():
            assert "_mulligan_pytest" in sys.modules
            assert "mulligan" not in sys.modules
        """
    )
    pytester.runpytest_subprocess().assert_outcomes(passed=1)


def test_coverage_sees_what_a_test_imports(pytester: pytest.Pytester) -> None:
    """Plugins are loaded before coverage begins to measure, so theirs must not import the package."""
    pytester.makepyfile("def test_it(retry_events): assert retry_events.events == []")
    done = pytester.runpytest_subprocess("--cov=mulligan.errors", "--cov-report=json")
    done.assert_outcomes(passed=1)
    files: dict[str, dict[str, list[int]]] = json.loads(Path("coverage.json").read_text())["files"]
    ((name, measured),) = files.items()
    classes = [
        number for number, line in enumerate(Path(name).read_text().splitlines(), 1) if line.startswith("class ")
    ]
    assert set(classes) <= set(measured["executed_lines"])
