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


def test_write(clock):
    broken, fine = Fake(write=[OSError("gone")]), Fake(write=["written"])
    assert reports.ReportWriter(Fake(acquire=[broken, fine])).write("sales") == "written"
    clock.assert_slept(1)


def test_an_empty_pool_is_not_our_problem(clock):
    broken = Fake(write=[OSError("gone")])
    with pytest.raises(OSError, match="pool is empty"):
        reports.ReportWriter(Fake(acquire=[broken, OSError("pool is empty")])).write("sales")
    clock.assert_slept(1)
