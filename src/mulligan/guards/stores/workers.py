"""Threads that ask a store, so that whoever waits for an answer can stop waiting, whatever the client does.

Rules:
- Threads are daemons and begin when there is work for them: a store that hangs never keeps a process from ending.
- Work that nobody began when its asker gave up is dropped; what runs then runs to its end.
- After a fork the child has threads of its own.
"""

from __future__ import annotations

import os
import threading
import weakref
from concurrent.futures import Future
from queue import SimpleQueue
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Workers"]

T = TypeVar("T")


class Workers:
    """A few threads that do what they are given.

    Args:
        most: how many there are at most.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.begin()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=_renewing(weakref.ref(self)))

    def begin(self) -> None:
        """Begin without threads, as a child process does."""
        self.lock: threading.Lock = threading.Lock()
        self.queue: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self.waiting: int = 0
        self.threads: int = 0

    def submit(self, task: Callable[[], T]) -> Future[T]:
        """Have something done.

        Args:
            task: what to do.
        """
        future: Future[T] = Future()

        def work() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                found = task()
            except BaseException as error:  # noqa: BLE001 - it belongs to whoever waits
                future.set_exception(error)
            else:
                future.set_result(found)

        self._recruit()
        self.queue.put(work)
        return future

    def _recruit(self) -> None:
        """Count on a thread that waits, or start one."""
        with self.lock:
            if self.waiting > 0:
                self.waiting -= 1
                return
            if self.threads >= self.most:
                return
            self.threads += 1
            number = self.threads
        threading.Thread(target=self._serve, name=f"mulligan-store-{number}", daemon=True).start()

    def _serve(self) -> None:
        queue = self.queue
        while True:
            queue.get()()
            with self.lock:
                self.waiting += 1


def _renewing(workers: weakref.ref[Workers]) -> Callable[[], None]:
    def renew() -> None:
        found = workers()
        if found is not None:
            found.begin()

    return renew
