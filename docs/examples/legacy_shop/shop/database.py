"""Orders database. sqlite in the stores, something bigger in head office, the same code for both."""

import logging
import sqlite3
import time

from .errors import StorageError

log = logging.getLogger(__name__)

LOCKED_RETRIES = 4
LOCKED_DELAY = 0.25

SCHEMA = "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer TEXT, total INTEGER)"


class Database(object):
    def __init__(self, connection, lock_timeout=30):
        self.connection = connection
        self.lock_timeout = lock_timeout

    @classmethod
    def open(cls, path, connect=sqlite3.connect, retries=3):
        """Open the database; the file may sit on a network share that is still being mounted."""
        left = retries
        while left > 0:
            try:
                return cls(connect(path))
            except sqlite3.OperationalError:
                left -= 1
                if left == 0:
                    raise
                time.sleep(1)

    def _run(self, sql, params=()):
        cursor = self.connection.execute(sql, params)
        return cursor.fetchall()

    def execute(self, sql, params=()):
        """Run a statement, waiting for whoever holds the lock."""
        problem = None
        for _ in range(LOCKED_RETRIES):
            try:
                return self._run(sql, params)
            except sqlite3.OperationalError as exc:
                problem = exc
                time.sleep(LOCKED_DELAY)
        raise StorageError("database is locked: %s" % sql) from problem

    def order_total(self, order_id):
        """The total of an order in cents; None when there is no such order."""
        last = None
        for attempt in range(3):
            try:
                rows = self._run("SELECT total FROM orders WHERE id = ?", (order_id,))
                return rows[0][0] if rows else None
            except sqlite3.OperationalError as e:
                last = e
                time.sleep(0.5 * (attempt + 1))
        raise last

    def create_schema(self):
        """Create the tables. Two tills may start at the same time, so losing the race is fine."""
        for attempt in range(5):
            try:
                self._run(SCHEMA)
                break
            except sqlite3.OperationalError as exc:
                if "already exists" in str(exc):
                    break
                if attempt == 4:
                    raise
                time.sleep(0.5)
        log.info("schema is ready")

    def transaction(self, work, retries=3):
        """Run `work(connection)` in a transaction of its own, again when the lock was lost."""
        for attempt in range(retries):
            self.connection.execute("BEGIN IMMEDIATE")
            committed = False
            try:
                result = work(self.connection)
                self.connection.execute("COMMIT")
                committed = True
                return result
            except sqlite3.OperationalError:
                if attempt == retries - 1:
                    raise
                time.sleep(LOCKED_DELAY)
            finally:
                if not committed:
                    self.connection.execute("ROLLBACK")

    def stream(self, sql):
        """Yield the rows of a long query one by one."""
        for attempt in range(3):
            try:
                for row in self.connection.execute(sql):
                    yield row
                return
            except sqlite3.OperationalError:
                if attempt == 2:
                    raise
                time.sleep(1)

    def acquire_lock(self, name):
        """Take a named lock or give up after `lock_timeout` seconds."""
        deadline = time.monotonic() + self.lock_timeout
        while time.monotonic() < deadline:
            try:
                return self._run("INSERT INTO locks (name) VALUES (?)", (name,))
            except sqlite3.IntegrityError:
                time.sleep(5)
        raise StorageError("could not get the lock %s" % name)
