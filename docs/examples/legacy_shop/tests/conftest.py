import asyncio
import os
import time

import pytest

os.environ.pop("SHOP_SETTINGS", None)


class VirtualClock(object):
    """Time that passes only while somebody sleeps."""

    def __init__(self):
        self.now = 1000.0
        self.sleeps = []
        self.blocking = []

    def sleep(self, seconds):
        self._pass(seconds, True)

    async def async_sleep(self, seconds, result=None):
        self._pass(seconds, False)
        return result

    def _pass(self, seconds, blocking):
        self.sleeps.append(pytest.approx(seconds))
        self.blocking.append(blocking)
        self.now += seconds

    def read(self):
        return self.now

    def assert_slept(self, *expected):
        assert self.sleeps == list(expected)

    def assert_slept_until_failure(self, *expected):
        """Like assert_slept, for loops that give up.

        Some of them sleep once more after their last failure, just before they raise. Nobody needs that sleep, so it
        may go away when such a loop is cleaned up; all the others must stay.
        """
        assert self.sleeps in (list(expected), list(expected[:-1]))


@pytest.fixture
def clock(monkeypatch):
    """The one place where the tests replace sleeping, for everybody who sleeps."""
    virtual = VirtualClock()
    monkeypatch.setattr(time, "sleep", virtual.sleep)
    monkeypatch.setattr(asyncio, "sleep", virtual.async_sleep)
    monkeypatch.setattr(time, "monotonic", virtual.read)
    monkeypatch.setattr(time, "time", virtual.read)
    return virtual
