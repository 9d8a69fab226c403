"""Handlers in which something follows the sleep, or that sleep by a function of their own; before and after."""

from __future__ import annotations

from tests.codemods.recognise.handler_cases import HandlerCase

__all__ = ["PAUSES"]

PAUSES = (
    HandlerCase(
        "a log line follows the sleep",
        """
        def fetch(url):
            for attempt in range(3):
                try:
                    return get(url)
                except OSError as error:
                    if attempt == 2:
                        raise
                    time.sleep(5)
                    log.warning("again (%d): %s", attempt + 1, error)
        """,
        """
        def fetch(url):
            def wait(event):
                # The pause is made here; the policy has none.
                time.sleep(5)
                log.warning("again (%d): %s", event.attempt, event.error)

            return Execution(
                Policy(retry_on=OSError, schedule=no_delay(), max_attempts=3),
                on_retry=wait,
            ).run(get, url)
        """,
    ),
    HandlerCase(
        "it reconnects after the sleep",
        """
        async def fetch(self, url):
            tries = 0
            while True:
                try:
                    return await self.get(url)
                except OSError:
                    tries += 1
                    if tries >= self.most:
                        raise
                    await asyncio.sleep(self.pause)
                    await self.connect()
        """,
        """
        async def fetch(self, url):
            async def wait(event):
                # The pause is made here; the policy has none.
                await asyncio.sleep(self.pause)
                await self.connect()

            return await Execution(
                Policy(retry_on=OSError, schedule=no_delay(), max_attempts=self.most),
                on_retry=wait,
            ).run_async(self.get, url)
        """,
    ),
    HandlerCase(
        "what follows the sleep happens at the last failure too",
        """
        def fetch(url):
            for attempt in range(3):
                try:
                    return get(url)
                except OSError as error:
                    time.sleep(5)
                    log.warning("failed: %s", error)
            raise RuntimeError(url)
        """,
        """
        def fetch(url):
            def wait(event):
                # The pause is made here; the policy has none.
                time.sleep(5)
                log.warning("failed: %s", event.error)

            try:
                return Execution(
                    Policy(retry_on=OSError, schedule=no_delay(), max_attempts=3),
                    on_retry=wait,
                ).run(get, url)
            except OSError as error:
                log.warning("failed: %s", error)
                raise RuntimeError(url)
        """,
    ),
    HandlerCase(
        "a delay that grows stays in the policy",
        """
        def fetch(url):
            delay = 1
            for attempt in range(3):
                try:
                    return get(url)
                except OSError as error:
                    if attempt == 2:
                        raise
                    time.sleep(delay)
                    delay *= 2
                    log.warning("again: %s", error)
        """,
        """
        def fetch(url):
            return Execution(FETCH, on_retry=lambda event: log.warning("again: %s", event.error)).run(
                get, url
            )
        """,
        proof="effect 1 raises; error 1 is OSError: the next thing they do differs: old sleeps 1 s, new calls",
    ),
    HandlerCase(
        "a sleep of the code's own is kept",
        """
        def fetch(self, url):
            tries = 0
            while tries < 4:
                try:
                    page = get(url)
                    break
                except OSError as error:
                    tries += 1
                    failure = error
                    self.sleep(10)
            else:
                raise failure
            return page.text
        """,
        """
        def fetch(self, url):
            try:
                page = Execution(
                    Policy(retry_on=OSError, schedule=no_delay(), max_attempts=4),
                    on_retry=lambda event: self.sleep(10),
                ).run(get, url)
            except OSError:
                self.sleep(10)
                raise
            return page.text
        """,
    ),
    HandlerCase(
        "a log line behind the handler sees no error",
        """
        def connect(self, host):
            for attempt in range(5 + 1):
                try:
                    # a fresh client each time
                    client = Client(self.key)
                    client.connect(host)
                    return client
                except OSError:
                    if attempt == 5:
                        raise
                log.info("waiting %ds", attempt)
                time.sleep(attempt)
            raise RuntimeError("not reached")
        """,
        """
        def connect(self, host):
            for attempt in attempts(CONNECT):
                with attempt:
                    # a fresh client each time
                    client = Client(self.key)
                    client.connect(host)
                    return client
                log.info("waiting %ds", attempt.number - 1)
            raise RuntimeError("not reached")
        """,
    ),
    HandlerCase(
        "a call behind the handler, and values that are read afterwards",
        """
        async def fetch(url, attempt):
            left = 4
            while True:
                try:
                    page = await get(url)
                    size = len(page)
                    break
                except OSError as error:
                    if error.errno != 11:
                        raise
                    left -= 1
                    if not left:
                        raise
                reconnect(url)
                await asyncio.sleep(2)
            return page, size, attempt
        """,
        """
        async def fetch(url, attempt):
            def is_transient(error):
                return isinstance(error, OSError) and error.errno == 11

            async for attempt_2 in attempts(
                Policy(retry_on=is_transient, schedule=constant(2), max_attempts=4)
            ):
                with attempt_2:
                    page = await get(url)
                    size = len(page)
                    break
                reconnect(url)
            return page, size, attempt
        """,
    ),
    HandlerCase(
        "what reads the error, or would hide a missing return, stays in a callback",
        """
        def fetch(url: str) -> str:
            tries = 0
            while True:
                try:
                    return get(url)
                except OSError:
                    tries += 1
                    if tries == 3:
                        raise
                log.info("again")
                time.sleep(1)
        """,
        """
        def fetch(url: str) -> str:
            return Execution(FETCH, on_retry=lambda event: log.info("again")).run(get, url)
        """,
        proof="effect 1 raises; error 1 is OSError: the exception being handled differs",
    ),
    HandlerCase(
        "what is never reached goes with its comment",
        """
        def fetch(url):
            for attempt in range(1, 4):
                try:
                    return get(url)
                except OSError as error:
                    if attempt < 3:
                        log.exception("again")
                        time.sleep(1)
                    else:
                        raise error from None

            # Never reached; type checkers want it.
            raise AssertionError
        """,
        """
        def fetch(url):
            try:
                return Execution(FETCH, on_retry=lambda event: log.exception("again")).run(get, url)
            except OSError as error:
                raise error from None
        """,
    ),
)
