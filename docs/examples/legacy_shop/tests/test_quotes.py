import pytest
from faults import Fake
from shop.errors import CarrierError

pytest.importorskip("backoff")

from shop import quotes  # noqa: E402


def bad_day():
    return CarrierError("bad day")


def test_quote(clock):
    assert quotes.quote(Fake(quote=[bad_day(), bad_day(), 499]), "p") == 499
    clock.assert_slept(1, 2)


def test_customs_stay_pending(clock):
    assert quotes.customs_state(Fake(customs=["pending"] * 3), 1) == "pending"
    clock.assert_slept(10, 10)
