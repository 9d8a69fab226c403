import sqlite3

import pytest
from faults import Fake, Script
from shop.database import SCHEMA, Database
from shop.errors import StorageError


class Rows(object):
    def __init__(self, *rows):
        self.rows = rows

    def fetchall(self):
        return list(self.rows)


def database(*outcomes, **options):
    return Database(Fake(execute=outcomes), **options)


def locked():
    return sqlite3.OperationalError("database is locked")


def test_a_real_one(clock):
    db = Database.open(":memory:")
    db.create_schema()
    db.create_schema()
    db.execute("INSERT INTO orders VALUES (1, 'Ada', 4200)")
    assert db.order_total(1) == 4200
    assert db.order_total(2) is None
    clock.assert_slept()


def test_open_waits_for_the_share(clock):
    connect = Script(locked(), locked(), "connection")
    assert Database.open("orders.db", connect).connection == "connection"
    assert connect.calls == [("orders.db",)] * 3
    clock.assert_slept(1, 1)


def test_open_gives_up(clock):
    with pytest.raises(sqlite3.OperationalError):
        Database.open("orders.db", Script(locked(), locked(), locked()))
    clock.assert_slept(1, 1)


def test_execute_waits_for_the_lock(clock):
    db = database(locked(), locked(), Rows((1,)))
    assert db.execute("SELECT 1", ()) == [(1,)]
    assert db.connection.execute.calls == [("SELECT 1", ())] * 3
    clock.assert_slept(0.25, 0.25)


def test_execute_gives_up(clock):
    last = locked()
    with pytest.raises(StorageError, match="database is locked: SELECT 1") as caught:
        database(locked(), locked(), locked(), last).execute("SELECT 1")
    assert caught.value.__cause__ is last
    clock.assert_slept_until_failure(0.25, 0.25, 0.25, 0.25)


def test_execute_raises_other_errors(clock):
    with pytest.raises(sqlite3.IntegrityError):
        database(locked(), sqlite3.IntegrityError("duplicate")).execute("INSERT")
    clock.assert_slept(0.25)


def test_order_total_waits_longer_and_longer(clock):
    assert database(locked(), locked(), Rows((99,))).order_total(3) == 99
    clock.assert_slept(0.5, 1.0)


def test_order_total_raises_the_last_error(clock):
    last = locked()
    with pytest.raises(sqlite3.OperationalError) as caught:
        database(locked(), locked(), last).order_total(3)
    assert caught.value is last
    clock.assert_slept_until_failure(0.5, 1.0, 1.5)


def test_create_schema_loses_the_race(clock, caplog):
    caplog.set_level("INFO")
    db = database(locked(), sqlite3.OperationalError("table orders already exists"))
    db.create_schema()
    assert db.connection.execute.calls == [(SCHEMA, ())] * 2
    clock.assert_slept(0.5)
    assert "schema is ready" in caplog.messages


def test_create_schema_gives_up(clock):
    with pytest.raises(sqlite3.OperationalError):
        database(*[locked() for _ in range(5)]).create_schema()
    clock.assert_slept(0.5, 0.5, 0.5, 0.5)


def statements(db):
    return [call[0] for call in db.connection.execute.calls]


def test_transaction(clock):
    db = database("begin", "commit")
    assert db.transaction(lambda connection: "done") == "done"
    assert statements(db) == ["BEGIN IMMEDIATE", "COMMIT"]


def test_transaction_rolls_back_each_time(clock):
    db = database("begin", "rollback", "begin", "commit")
    work = Script(locked(), "done")
    assert db.transaction(work) == "done"
    assert statements(db) == ["BEGIN IMMEDIATE", "ROLLBACK", "BEGIN IMMEDIATE", "COMMIT"]
    clock.assert_slept(0.25)


def test_transaction_does_not_retry_its_begin(clock):
    with pytest.raises(sqlite3.OperationalError):
        database(locked()).transaction(Script())
    clock.assert_slept()


def test_stream(clock):
    assert list(database(locked(), [(1,), (2,)]).stream("SELECT 1")) == [(1,), (2,)]
    clock.assert_slept(1)


def test_stream_gives_up(clock):
    with pytest.raises(sqlite3.OperationalError):
        list(database(locked(), locked(), locked()).stream("SELECT 1"))
    clock.assert_slept(1, 1)


def test_acquire_lock(clock):
    taken = sqlite3.IntegrityError("taken")
    assert database(taken, taken, Rows()).acquire_lock("till") == []
    clock.assert_slept(5, 5)


def test_acquire_lock_times_out(clock):
    with pytest.raises(StorageError, match="till"):
        database(*[sqlite3.IntegrityError("taken") for _ in range(3)], lock_timeout=15).acquire_lock("till")
    clock.assert_slept_until_failure(5, 5, 5)
