"""Loops of every shape before and after, with the policy's fields; the import lines are left out of `after`."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["CASES", "Case"]


@dataclass(frozen=True, slots=True)
class Case:
    """A loop.

    Args:
        shape: its id.
        before: the function.
        after: the function after the rewrite.
        policy: the fields of its policy in the central module, except its name; empty where it is not there.
    """

    shape: str
    before: str
    after: str
    policy: str


CASES = (
    Case(
        "S01",
        '''
        def fetch(url):
            """Fetch a page."""
            for attempt in range(5):
                try:
                    return get(url, timeout=3)
                except OSError:
                    if attempt == 4:
                        raise
                    time.sleep(2 ** attempt)
        ''',
        '''
        @retry(FETCH)
        def fetch(url):
            """Fetch a page."""
            return get(url, timeout=3)
        ''',
        "retry_on=OSError, schedule=exponential(1), max_attempts=5",
    ),
    Case(
        "S01",
        """
        def fetch(self, url):
            for attempt in range(self.retries):
                try:
                    return self.session.get(url)
                except OSError as error:
                    if attempt < self.retries - 1:
                        log.warning("%s failed (%d): %s", url, attempt + 1, error)
                        time.sleep(self.delay)
                    else:
                        raise
        """,
        """
        def fetch(self, url):
            return Execution(
                FETCH.replace(max_attempts=self.retries, schedule=constant(self.delay)),
                on_retry=lambda event: log.warning("%s failed (%d): %s", url, event.attempt, event.error),
            ).run(lambda: self.session.get(url))
        """,
        "retry_on=OSError",
    ),
    Case(
        "S01",
        """
        async def fetch(url):
            # the mirror is slow in the morning
            for attempt in range(1, 4):
                try:
                    page = await get(url)
                    title = page.title
                    break
                except (OSError, ValueError):
                    if attempt >= 3:
                        raise
                    await asyncio.sleep(0.5 * attempt)
            return title
        """,
        """
        async def fetch(url):
            # the mirror is slow in the morning
            async def get_title():
                page = await get(url)
                return page.title

            return await execute_async(FETCH, get_title)
        """,
        "retry_on=(OSError, ValueError), schedule=linear(0.5), max_attempts=3",
    ),
    Case(
        "S02",
        """
        def fetch(url):
            last = None
            for _ in range(4):
                try:
                    return get(url)
                except OSError as error:
                    last = error
                    time.sleep(1)
            raise RuntimeError(url) from last
        """,
        """
        def fetch(url):
            try:
                return execute(FETCH, get, url)
            except OSError as last:
                raise RuntimeError(url) from last
        """,
        "retry_on=OSError, schedule=constant(1), max_attempts=4",
    ),
    Case(
        "S03",
        """
        def ping(host):
            for _ in range(3):
                try:
                    send(host)
                    return True
                except OSError:
                    time.sleep(1)
            return False
        """,
        """
        def ping(host):
            try:
                execute(PING, send, host)
            except OSError:
                return False
            return True
        """,
        "retry_on=OSError, schedule=constant(1), max_attempts=3",
    ),
    Case(
        "S04",
        """
        def fetch(url):
            for _ in range(3):
                try:
                    page = get(url)
                except OSError as error:
                    log.error("failed: %s", error)
                    time.sleep(1)
                else:
                    break
            else:
                raise RuntimeError(url)
            return page
        """,
        """
        def fetch(url):
            def get_page():
                try:
                    return get(url)
                except OSError as error:
                    log.error("failed: %s", error)
                    raise

            try:
                page = execute(FETCH, get_page)
            except OSError:
                raise RuntimeError(url)
            return page
        """,
        "retry_on=OSError, schedule=constant(1), max_attempts=3",
    ),
    Case(
        "S05",
        """
        def fetch(url):
            tries = 0
            while True:
                try:
                    return get(url)
                except GatewayError as error:
                    if error.status != 503:
                        raise
                    tries += 1
                    if tries > LIMIT:
                        raise
                    time.sleep(1)
        """,
        """
        def fetch(url):
            def is_transient(error):
                return isinstance(error, GatewayError) and error.status == 503

            return execute(
                Policy(retry_on=is_transient, schedule=constant(1), max_attempts=LIMIT + 1), get, url
            )
        """,
        "",
    ),
    Case(
        "S06",
        """
        def fetch(url, left):
            delay = 0.1
            while left > 0:
                try:
                    return get(url)
                except OSError:
                    left -= 1
                    if not left:
                        raise
                    time.sleep(delay)
                    delay = min(delay * 2, 10)
        """,
        """
        def fetch(url, left):
            return execute(FETCH.replace(max_attempts=left), get, url)
        """,
        "retry_on=OSError, schedule=exponential(0.1, cap=10)",
    ),
    Case(
        "S07",
        """
        def fetch(url):
            done = False
            tries = 0
            while not done:
                try:
                    page = get(url)
                    done = True
                except OSError:
                    tries += 1
                    if tries >= 3:
                        raise
                    time.sleep(1)
            return page
        """,
        """
        def fetch(url):
            return execute(FETCH, get, url)
        """,
        "retry_on=OSError, schedule=constant(1), max_attempts=3",
    ),
    Case(
        "S08",
        """
        def bind(socket, address):
            deadline = time.monotonic() + 5.0
            while True:
                try:
                    socket.bind(address)
                    break
                except OSError:
                    if time.monotonic() >= deadline:
                        raise
                    time.sleep(0.1)
            return socket
        """,
        """
        def bind(socket, address):
            execute(BIND, socket.bind, address)
            return socket
        """,
        "retry_on=OSError, schedule=constant(0.1), max_attempts=UNLIMITED, stop_after=5",
    ),
    Case(
        "S09",
        """
        def connect(host):
            while True:
                try:
                    return dial(host)
                except OSError:
                    log.info("waiting")
                    time.sleep(5)
        """,
        """
        def connect(host):
            return Execution(CONNECT, on_retry=lambda event: log.info("waiting")).run(dial, host)
        """,
        "retry_on=OSError, schedule=constant(5), max_attempts=UNLIMITED",
    ),
    Case(
        "S10",
        """
        def order(parcel):
            for delay in (1, 5, 15, None):
                try:
                    return carrier.label(parcel)
                except OSError:
                    if delay is None:
                        raise
                    time.sleep(delay)
        """,
        """
        @retry(ORDER)
        def order(parcel):
            return carrier.label(parcel)
        """,
        "retry_on=OSError, schedule=from_delays([1, 5, 15]), max_attempts=UNLIMITED",
    ),
)
