import pytest
from faults import Fake
from shop.errors import StorageError

retrying = pytest.importorskip("retrying")

from shop import reports  # noqa: E402


def test_render(clock):
    assert reports.render(Fake(render=[StorageError("lag"), StorageError("lag"), "pdf"]), "sales") == "pdf"
    clock.assert_slept(2, 2)


def test_render_gives_up(clock):
    with pytest.raises(StorageError):
        reports.render(Fake(render=[StorageError("lag") for _ in range(4)]), "sales")
    clock.assert_slept(2, 2, 2)


def test_render_with_a_bug(clock):
    with pytest.raises(KeyError):
        reports.render(Fake(render=[KeyError("oops")]), "sales")
    clock.assert_slept()


def test_rows(clock):
    assert reports.rows(Fake(rows=[[], [], [1]]), "monday") == [1]
    clock.assert_slept(1, 2)


def test_no_rows(clock):
    with pytest.raises(retrying.RetryError):
        reports.rows(Fake(rows=[[], [], []]), "monday")
    clock.assert_slept(1, 2)
