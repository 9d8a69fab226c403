import pytest
from faults import Fake, Script
from shop.errors import ChargeNotFound, GatewayError, PaymentDeclined, ShopError
from shop.payments import Payments, load_exchange_rates


def payments(**methods):
    return Payments(Fake(**methods))


def test_exchange_rates(clock, caplog):
    caplog.set_level("INFO")
    fetch = Script(OSError("refused"), TimeoutError("slow"), {"USD": 1.1})
    assert load_exchange_rates(fetch) == {"USD": 1.1}
    assert fetch.calls == [("EUR",)] * 3
    clock.assert_slept(3, 3)
    assert caplog.messages == ["no exchange rates yet (refused)", "no exchange rates yet (slow)"]


def test_exchange_rates_give_up(clock, caplog):
    caplog.set_level("INFO")
    with pytest.raises(OSError):
        load_exchange_rates(Script(*[OSError("refused")] * 4))
    clock.assert_slept(3, 3, 3)
    assert len(caplog.messages) == 3


def test_lookup(clock):
    p = payments(lookup=[ConnectionError(), ConnectionError(), "charge"])
    assert p.lookup("c1") == "charge"
    clock.assert_slept(1.5, 1.5)


def test_lookup_gives_up(clock):
    last = ConnectionError()
    p = Payments(Fake(lookup=[ConnectionError(), last]), max_tries=2, pause=9)
    with pytest.raises(ConnectionError) as caught:
        p.lookup("c1")
    assert caught.value is last
    clock.assert_slept(9)


def test_capture(clock):
    assert payments(capture=[GatewayError("busy"), "taken"]).capture("c1", 100) == "taken"
    clock.assert_slept(1.5)


def test_capture_gives_up(clock):
    with pytest.raises(GatewayError):
        payments(capture=[GatewayError("busy") for _ in range(3)]).capture("c1", 100)
    clock.assert_slept(1.5, 1.5)


def test_capture_declined(clock):
    with pytest.raises(PaymentDeclined):
        payments(capture=[GatewayError("busy"), PaymentDeclined("no money")]).capture("c1", 100)
    clock.assert_slept(1.5)


def test_settle(clock, caplog):
    caplog.set_level("INFO")
    assert payments(settle=[GatewayError("busy"), "receipt"]).settle([1]) == "receipt"
    clock.assert_slept(60)
    assert caplog.messages == ["settlement failed: busy", "settled: receipt"]


def test_settle_gives_up(clock, caplog):
    last = GatewayError("still busy")
    with pytest.raises(ShopError, match="batch was not settled") as caught:
        payments(settle=[GatewayError("busy"), GatewayError("busy"), last]).settle([1])
    assert caught.value.__cause__ is last
    clock.assert_slept_until_failure(60, 60, 60)
    assert len(caplog.messages) == 3


def test_refund_numbers_its_requests(clock):
    p = payments(refund=[GatewayError("busy"), GatewayError("busy"), "back"])
    assert p.refund("c1", 100) == "back"
    assert p.gateway.refund.calls == [("c1", 100, "c1-0"), ("c1", 100, "c1-1"), ("c1", 100, "c1-2")]
    clock.assert_slept(2, 2)


def test_dispute(clock):
    assert payments(dispute=[TimeoutError(), OSError(), "opened"]).dispute("c1") == "opened"
    clock.assert_slept(1, 1)


def test_dispute_nonsense(clock):
    with pytest.raises(GatewayError, match="nonsense") as caught:
        payments(dispute=[ValueError("<html>")]).dispute("c1")
    assert isinstance(caught.value.__context__, ValueError)
    clock.assert_slept()


def test_dispute_gives_up(clock):
    with pytest.raises(GatewayError, match="timed out"):
        payments(dispute=[TimeoutError() for _ in range(4)]).dispute("c1")
    clock.assert_slept(1, 1, 1)


def test_voided(clock):
    assert payments(lookup=["charge", "charge", ChargeNotFound("c1")]).wait_until_voided("c1") is True
    clock.assert_slept(10, 10)


def test_never_voided(clock):
    assert payments(lookup=["charge"] * 6).wait_until_voided("c1") is False
    clock.assert_slept_until_failure(*[10] * 6)
