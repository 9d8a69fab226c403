import pytest
from faults import Fake
from shop import shipping
from shop.errors import CarrierError, Throttled, TransportError


def bad_day():
    return CarrierError("bad day")


def test_create_label(clock, caplog):
    assert shipping.create_label(Fake(label=[bad_day(), bad_day(), "label"]), "p1") == "label"
    clock.assert_slept(1, 5)
    assert caplog.messages == ["no label for p1 yet: bad day"] * 2


def test_create_label_gives_up(clock):
    last = bad_day()
    with pytest.raises(CarrierError) as caught:
        shipping.create_label(Fake(label=[bad_day(), bad_day(), bad_day(), last]), "p1")
    assert caught.value is last
    clock.assert_slept(1, 5, 15)


def test_track(clock):
    assert shipping.track(Fake(track=[bad_day(), bad_day(), "Porto"]), 1) == "Porto"
    clock.assert_slept(1, 2)


def test_track_gives_up(clock):
    with pytest.raises(CarrierError, match="no news of 1") as caught:
        shipping.track(Fake(track=[bad_day() for _ in range(4)]), 1)
    assert caught.value.__cause__ is None
    clock.assert_slept_until_failure(1, 2, 3, 4)


def test_weigh(clock):
    assert shipping.weigh(Fake(read=[TimeoutError(), TimeoutError(), 1200])) == 1200
    clock.assert_slept(0.25, 0.25)


def test_pickup_obeys_the_carrier(clock):
    assert shipping.pickup(Fake(pickup=[Throttled("slow down", 20), TransportError("x"), "08:00"]), "ramp") == "08:00"
    clock.assert_slept(20, 1)


def test_pickup_gives_up(clock):
    with pytest.raises(ConnectionError):
        shipping.pickup(Fake(pickup=[ConnectionError(), ConnectionError(), ConnectionError()]), "ramp")
    clock.assert_slept(1, 1)


def test_manifest(clock):
    assert shipping.Manifest(Fake(manifest=[bad_day(), bad_day(), "accepted"])).send([1]) == "accepted"
    clock.assert_slept(10, 20)


def test_manifest_is_not_accepted(clock, caplog):
    with pytest.raises(CarrierError):
        shipping.Manifest(Fake(manifest=[bad_day(), bad_day()]), tries=2).send([1])
    clock.assert_slept(10)
    assert caplog.messages == ["manifest was not accepted: bad day"]
