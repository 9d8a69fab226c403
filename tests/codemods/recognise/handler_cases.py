"""Handlers that fork, before and after; the imports are left out."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["HANDLERS", "HandlerCase"]


@dataclass(frozen=True, slots=True)
class HandlerCase:
    """A loop.

    Args:
        name: what its handler does.
        before: the function.
        after: the function after the rewrite.
        proof: whether it is proved equal, or the beginning of what differs.
    """

    name: str
    before: str
    after: str
    proof: str = "proved"


HANDLERS = (
    HandlerCase(
        "giving up and the last failure do the same",
        """
        def fetch(url):
            for attempt in range(3):
                try:
                    return get(url)
                except OSError as error:
                    if error.errno != 11 or attempt == 2:
                        log.error("%s: %s", url, error)
                        raise LookupError(url) from error
                    time.sleep(1)
        """,
        """
        def fetch(url):
            def is_transient(error):
                return isinstance(error, OSError) and error.errno == 11

            try:
                return execute(
                    Policy(retry_on=is_transient, schedule=constant(1), max_attempts=3), get, url
                )
            except OSError as error:
                log.error("%s: %s", url, error)
                raise LookupError(url) from error
        """,
    ),
    HandlerCase(
        "only what is done at the last failure is told apart",
        """
        def write(self, points):
            for attempt in range(3):
                try:
                    self.client.write(points)
                    break
                except OSError as error:
                    if attempt < 2:
                        time.sleep(1)
                    else:
                        log.error("lost: %s", error)
        """,
        """
        def write(self, points):
            try:
                execute(WRITE, lambda: self.client.write(points))
            except OSError as error:
                log.error("lost: %s", error)
        """,
    ),
    HandlerCase(
        "the last failure is logged behind the pauses",
        """
        def write(self, points):
            for attempt in range(1, 4):
                try:
                    self.client.write(points)
                    return True
                except OSError as error:
                    if attempt < 3:
                        log.warning("attempt %d failed", attempt)
                        time.sleep(1)
                        continue
                    log.error("lost: %s", error)
            return False
        """,
        """
        def write(self, points):
            try:
                Execution(
                    WRITE,
                    on_retry=lambda event: log.warning("attempt %d failed", event.attempt),
                ).run(lambda: self.client.write(points))
            except OSError as error:
                log.error("lost: %s", error)
            else:
                return True
            return False
        """,
    ),
    HandlerCase(
        "what reads the attempt's number stands outside of the operation",
        """
        def connect(host):
            tries = 0
            while True:
                try:
                    return dial(host)
                except OSError as error:
                    log.info(error)
                    if tries == 0:
                        log.warning("not ready yet")
                    if tries == 3:
                        raise LookupError(host)
                    tries += 1
                    log.warning(".")
                    time.sleep(1)
        """,
        """
        def connect(host):
            def connect_once():
                try:
                    return dial(host)
                except OSError as error:
                    log.info(error)
                    raise

            def log_retry(event):
                if event.attempt == 1:
                    log.warning("not ready yet")
                log.warning(".")

            try:
                return Execution(CONNECT, on_retry=log_retry).run(connect_once)
            except OSError:
                raise LookupError(host)
        """,
    ),
    HandlerCase(
        "the last attempt has a name",
        """
        def fetch(url):
            for attempt in range(3):
                try:
                    return get(url)
                except OSError as error:
                    is_last = attempt == 2
                    if is_last or error.errno != 11:
                        raise
                    time.sleep(1)
        """,
        """
        def fetch(url):
            def is_transient(error):
                return isinstance(error, OSError) and error.errno == 11

            return execute(Policy(retry_on=is_transient, schedule=constant(1), max_attempts=3), get, url)
        """,
    ),
    HandlerCase(
        "whether it retries depends on something else",
        """
        def fetch(self, url):
            for attempt in range(3):
                try:
                    return get(url)
                except OSError:
                    if self.closed:
                        raise
                    if attempt == 2:
                        raise
                    time.sleep(1)
        """,
        """
        def fetch(self, url):
            def is_transient(error):
                return isinstance(error, OSError) and not self.closed

            return execute(Policy(retry_on=is_transient, schedule=constant(1), max_attempts=3), get, url)
        """,
        "reading self.closed fails",
    ),
    HandlerCase(
        "only one of several branches is fatal",
        """
        def fetch(url):
            for attempt in range(3):
                try:
                    return get(url)
                except OSError as error:
                    if error.errno == 11:
                        log.info("busy")
                    elif error.errno == 32:
                        log.info("broken")
                    else:
                        raise
                    if attempt == 2:
                        raise LookupError(url)
                    time.sleep(1)
        """,
        """
        def fetch(url):
            def is_transient(error):
                return isinstance(error, OSError) and (error.errno == 11 or error.errno == 32)

            def fetch_once():
                try:
                    return get(url)
                except OSError as error:
                    if error.errno != 11 and error.errno != 32:
                        raise
                    if error.errno == 11:
                        log.info("busy")
                    else:
                        log.info("broken")
                    raise

            try:
                return execute(
                    Policy(retry_on=is_transient, schedule=constant(1), max_attempts=3), fetch_once
                )
            except OSError as error:
                if not is_transient(error):
                    raise
                raise LookupError(url)
        """,
    ),
    HandlerCase(
        "a finally per attempt runs before the pause",
        """
        def fetch(url):
            for attempt in range(3):
                try:
                    return get(url)
                except OSError:
                    if attempt == 2:
                        raise
                    time.sleep(1)
                finally:
                    bar.update()
        """,
        """
        @retry(FETCH)
        def fetch(url):
            try:
                return get(url)
            finally:
                bar.update()
        """,
        "effect 2 raises; error 2 is OSError: one side goes on",
    ),
    HandlerCase(
        "what every attempt begins with is part of it",
        """
        def fetch(url):
            for attempt in range(3):
                # a new one each time
                session = connect()
                try:
                    return session.get(url)
                except OSError:
                    if attempt == 2:
                        raise
                    time.sleep(1)
        """,
        """
        @retry(FETCH)
        def fetch(url):
            # a new one each time
            session = connect()
            return session.get(url)
        """,
        "error 4 is OSError: one side goes on",
    ),
    HandlerCase(
        "what reconnects awaits",
        """
        async def send(self, data):
            left = self.limit()
            while True:
                try:
                    return await self.write(data)
                except OSError as error:
                    if left > 0:
                        left -= 1
                        await self.reconnect()
                        await asyncio.sleep(1)
                    else:
                        raise error
        """,
        """
        async def send(self, data):
            left = self.limit()

            async def before_retry(event):
                await self.reconnect()

            return await Execution(SEND.replace(max_attempts=left + 1), on_retry=before_retry).run_async(
                self.write, data
            )
        """,
    ),
    HandlerCase(
        "giving up and the last failure translate the error alike",
        """
        def update(self):
            for attempt in range(7):
                try:
                    return self.client.update()
                except Busy as error:
                    details = error.details
                    if details == "conflict":
                        if attempt == 6:
                            raise ValueError(details)
                        time.sleep(2 ** attempt)
                    else:
                        raise ValueError(details)
        """,
        """
        def update(self):
            def is_transient(error):
                if not isinstance(error, Busy):
                    return False
                details = error.details
                return details == "conflict"

            try:
                return execute(
                    Policy(retry_on=is_transient, schedule=exponential(1), max_attempts=7),
                    lambda: self.client.update(),
                )
            except Busy as error:
                details = error.details
                raise ValueError(details)
        """,
        "ClassifierError",
    ),
)
