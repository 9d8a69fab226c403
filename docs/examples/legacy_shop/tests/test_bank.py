import pytest
from faults import Fake
from shop.errors import PaymentDeclined

tenacity = pytest.importorskip("tenacity")

from shop.bank import Bank  # noqa: E402


def bank(**methods):
    return Bank(Fake(**methods))


def test_authorize(clock):
    p = bank(authorize=[ConnectionError(), ConnectionError(), "yes"])
    assert p.authorize("4111", 100) == "yes"
    clock.assert_slept(0.5, 1)


def test_authorize_gives_up(clock):
    with pytest.raises(ConnectionError):
        bank(authorize=[ConnectionError(), ConnectionError(), ConnectionError()]).authorize("4111", 100)
    clock.assert_slept(0.5, 1)


def test_authorize_declined(clock):
    with pytest.raises(PaymentDeclined):
        bank(authorize=[PaymentDeclined("no money")]).authorize("4111", 100)
    clock.assert_slept()


def test_statement_is_filed_by_hand(clock):
    with pytest.raises(tenacity.RetryError) as caught:
        bank(statement=[OSError("1"), OSError("2")]).fetch_statement("monday")
    assert isinstance(caught.value.__cause__, OSError)
    clock.assert_slept(30)
