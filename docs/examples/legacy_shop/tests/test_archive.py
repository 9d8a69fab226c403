import pytest
from faults import Fake
from shop.archive import ReportWriter


def test_write(clock):
    broken, fine = Fake(write=[OSError("gone")]), Fake(write=["written"])
    assert ReportWriter(Fake(acquire=[broken, fine])).write("sales") == "written"
    clock.assert_slept(1)


def test_an_empty_pool_is_not_our_problem(clock):
    broken = Fake(write=[OSError("gone")])
    with pytest.raises(OSError, match="pool is empty"):
        ReportWriter(Fake(acquire=[broken, OSError("pool is empty")])).write("sales")
    clock.assert_slept(1)
