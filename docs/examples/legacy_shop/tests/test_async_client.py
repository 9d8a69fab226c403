import asyncio

import pytest
from faults import AsyncFake
from shop.async_client import AsyncClient
from shop.errors import ShopError, Throttled, TransportError


def client(*outcomes, **options):
    return AsyncClient(AsyncFake(request=outcomes), **options)


def down():
    return TransportError("hung up")


def test_fetch(clock):
    events = client(down(), down(), down(), "event")
    assert asyncio.run(events.fetch("k")) == "event"
    assert events.session.request.calls == [("fetch", "k")] * 4
    clock.assert_slept(0.2, 0.4, 0.8)
    assert not any(clock.blocking)


def test_fetch_gives_up(clock):
    last = down()
    with pytest.raises(TransportError) as caught:
        asyncio.run(client(down(), down(), down(), last, backoff=1).fetch("k"))
    assert caught.value is last
    clock.assert_slept(1, 2, 4)


def test_submit(clock):
    assert asyncio.run(client(down(), "accepted").submit("e")) == "accepted"
    clock.assert_slept(1)


def test_submit_gives_up(clock):
    last = down()
    with pytest.raises(ShopError, match="event was not accepted") as caught:
        asyncio.run(client(down(), down(), last).submit("e"))
    assert caught.value.__cause__ is last
    clock.assert_slept_until_failure(1, 1, 1)


def test_subscribe(clock):
    assert asyncio.run(client(down(), asyncio.TimeoutError(), "subscribed").subscribe("orders")) == "subscribed"
    clock.assert_slept(0.2, 0.2)


def test_subscribe_gives_up(clock):
    events = client(down(), down(), down(), max_retries=2)
    with pytest.raises(TransportError):
        asyncio.run(events.subscribe("orders"))
    assert len(events.session.request.calls) == 3
    clock.assert_slept(0.2, 0.2)


def test_subscribe_is_cancelled(clock):
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(client(down(), asyncio.CancelledError()).subscribe("orders"))
    clock.assert_slept(0.2)


def test_wait_until_ready(clock):
    events = client(*[ConnectionError("refused") for _ in range(12)] + ["hello"])
    assert asyncio.run(events.wait_until_ready()) is None
    clock.assert_slept(*[1] * 12)
    assert not any(clock.blocking)


def test_upload_blocks(clock):
    assert asyncio.run(client(down(), "uploaded").upload(b"x")) == "uploaded"
    clock.assert_slept(1)
    assert all(clock.blocking)


def test_history_goes_on_where_it_was(clock):
    events = client((["a"], 1), Throttled("slow down", 3), (["b"], None))
    assert asyncio.run(events.history("orders")) == ["a", "b"]
    assert events.session.request.calls == [("page", "orders", 0), ("page", "orders", 1), ("page", "orders", 1)]
    clock.assert_slept(3)
