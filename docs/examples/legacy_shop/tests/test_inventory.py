import pytest
from faults import Fake
from shop.errors import CacheMiss, StockConflict
from shop.inventory import Inventory


def inventory(retries=3, **methods):
    return Inventory(Fake(**methods), retries)


def conflict():
    return StockConflict("changed")


class Cache(dict):
    def __missing__(self, sku):
        raise CacheMiss(sku)


def test_level(clock):
    stock = inventory(level=[ConnectionError(), ConnectionError(), 12])
    assert stock.level("tea") == 12
    assert stock.store.level.calls == [("tea",)] * 3
    clock.assert_slept(0.1, 0.1)


def test_level_gives_up(clock):
    last = ConnectionError("gone")
    with pytest.raises(ConnectionError) as caught:
        inventory(retries=2, level=[ConnectionError(), last]).level("tea")
    assert caught.value is last
    clock.assert_slept_until_failure(0.1, 0.1)


def test_reserve(clock):
    assert inventory(reserve=[conflict(), conflict(), None]).reserve("tea", 2) is True
    clock.assert_slept(0.2, 0.2)


def test_reserve_does_not_work(clock):
    assert inventory(reserve=[conflict() for _ in range(5)]).reserve("tea", 2) is False
    clock.assert_slept_until_failure(*[0.2] * 5)


def test_release(clock):
    assert inventory(release=[conflict(), conflict(), conflict(), "ok"]).release("tea", 2) == "ok"
    clock.assert_slept(1, 2, 4)


def test_move_gives_up(clock):
    with pytest.raises(TimeoutError):
        inventory(move=[ConnectionError(), TimeoutError()]).move("tea", "B4")
    clock.assert_slept(1)


def test_restock(clock):
    assert inventory(restock=[conflict(), "ok"]).restock("tea", 10) == "ok"
    clock.assert_slept(1)


def test_restock_fails_silently(clock, caplog):
    assert inventory(restock=[conflict(), conflict(), conflict()]).restock("tea", 10) is None
    clock.assert_slept_until_failure(1, 1, 1)
    assert len(caplog.messages) == 3


def test_sync_goes_on(clock):
    assert inventory(sync=[ConnectionError() for _ in range(9)] + ["ok"]).sync("tea") == "ok"
    clock.assert_slept(*[2] * 9)


def test_recount(clock):
    assert inventory(count=[TimeoutError(), TimeoutError(), 40]).recount("B4") == (40, 3)
    clock.assert_slept(2, 2)


def test_recount_gives_up(clock):
    with pytest.raises(TimeoutError):
        inventory(count=[TimeoutError() for _ in range(5)]).recount("B4")
    clock.assert_slept(2, 2, 2, 2)


def test_cached_level(clock):
    assert inventory(level=[]).cached_level("tea", Cache(tea=3)) == 3


def test_cached_level_asks_the_store(clock):
    cache = Cache()
    assert inventory(level=[ConnectionError(), 5]).cached_level("tea", cache) == 5
    assert cache == {"tea": 5}
    clock.assert_slept(1)


def test_cached_level_raises_the_error_of_the_cache(clock):
    with pytest.raises(CacheMiss):
        inventory(level=[ConnectionError(), ConnectionError(), ConnectionError()]).cached_level("tea", Cache())
    clock.assert_slept_until_failure(1, 1, 1)
