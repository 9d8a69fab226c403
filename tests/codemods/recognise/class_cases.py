"""Several handlers, classes that are computed, errors that say how long to wait; before and after."""

from __future__ import annotations

from tests.codemods.recognise.handler_cases import HandlerCase

__all__ = ["CLASSES"]

CLASSES = (
    HandlerCase(
        "several handlers of which one judges the error",
        """
        async def wait(self, name):
            end = time.monotonic() + 60
            last = None
            while True:
                try:
                    return await self.get(name)
                except Busy as error:
                    if error.status != 404:
                        raise
                    last = error
                except ValueError as error:
                    last = error
                if time.monotonic() >= end:
                    raise TimeoutError(name) from last
                await asyncio.sleep(1)
        """,
        """
        async def wait(self, name):
            def is_transient(error):
                if not isinstance(error, (Busy, ValueError)):
                    return False
                return not isinstance(error, Busy) or error.status == 404

            try:
                return await execute_async(
                    Policy(
                        retry_on=is_transient,
                        schedule=constant(1),
                        max_attempts=UNLIMITED,
                        stop_after=60,
                    ),
                    self.get,
                    name,
                )
            except (Busy, ValueError) as error:
                if not is_transient(error):
                    raise
                raise TimeoutError(name) from error
        """,
        "status fails",
    ),
    HandlerCase(
        "several handlers that log differently",
        """
        def fetch(url):
            for attempt in range(3):
                try:
                    return get(url)
                except Busy as error:
                    log.info("busy: %s", error)
                    if attempt == 2:
                        raise
                    time.sleep(1)
                except OSError as error:
                    log.warning("broken: %s", error)
                    if attempt == 2:
                        raise
                    time.sleep(1)
        """,
        """
        def fetch(url):
            def fetch_once():
                try:
                    return get(url)
                except (Busy, OSError) as error:
                    if isinstance(error, Busy):
                        log.info("busy: %s", error)
                    else:
                        log.warning("broken: %s", error)
                    raise

            return execute(FETCH, fetch_once)
        """,
    ),
    HandlerCase(
        "another handler gives up",
        """
        def load(url):
            for attempt in range(3):
                try:
                    page = get(url)
                    break
                except Missing as error:
                    # nothing to be done
                    log.error(error)
                    return None
                except OSError:
                    if attempt == 2:
                        raise
                    time.sleep(1)
            return page.text
        """,
        """
        def load(url):
            def is_transient(error):
                return isinstance(error, OSError) and not isinstance(error, Missing)

            try:
                page = execute(
                    Policy(retry_on=is_transient, schedule=constant(1), max_attempts=3), get, url
                )
            except Missing as error:
                # nothing to be done
                log.error(error)
                return None
            return page.text
        """,
    ),
    HandlerCase(
        "a later handler gives up",
        """
        def load(url):
            for attempt in range(3):
                try:
                    get(url)
                    break
                except Busy:
                    if attempt == 2:
                        raise
                    time.sleep(1)
                except Exception as error:
                    log.error(error)
                    break
            return url
        """,
        """
        def load(url):
            try:
                execute(LOAD, get, url)
            except Busy:
                raise
            except Exception as error:
                log.error(error)
            return url
        """,
    ),
    HandlerCase(
        "exceptions built by a call",
        """
        def fetch(url):
            for attempt in range(3):
                try:
                    return get(url)
                except transient() as error:
                    if attempt == 2:
                        raise
                    time.sleep(1)
        """,
        """
        def fetch(url):
            def is_transient(error):
                return isinstance(error, transient())

            return execute(Policy(retry_on=is_transient, schedule=constant(1), max_attempts=3), get, url)
        """,
        "ClassifierError",
    ),
    HandlerCase(
        "the error says how long to wait",
        """
        async def send(self, data):
            for attempt in range(self.retries + 1):
                try:
                    return await self.write(data)
                except Busy as error:
                    if attempt == self.retries:
                        log.error("giving up", exc_info=error)
                        raise
                    delay = error.retry_after + 0.1
                    log.info("again after %f seconds", delay)
                    await asyncio.sleep(delay)
        """,
        """
        async def send(self, data):
            def classify(outcome):
                match outcome:
                    case Raised(error=Busy() as error):
                        return Transient(error.retry_after + 0.1)
                    case Raised():
                        return FAIL
                    case _:
                        return ACCEPT

            try:
                return await Execution(
                    Policy(classify=classify, max_attempts=self.retries + 1),
                    on_retry=lambda event: log.info("again after %f seconds", event.delay),
                ).run_async(self.write, data)
            except Busy as error:
                log.error("giving up", exc_info=error)
                raise
        """,
        "classify is not interpreted",
    ),
    HandlerCase(
        "a header says how long to wait, if it is there",
        """
        def fetch(url):
            for attempt in range(5):
                try:
                    return get(url)
                except Busy as error:
                    if attempt == 4 or error.status != 429:
                        raise
                    asked = error.headers.get("Retry-After")
                    time.sleep(int(asked) if asked else 2 ** attempt)
        """,
        """
        def fetch(url):
            def is_transient(error):
                return isinstance(error, Busy) and error.status == 429

            def classify(outcome):
                match outcome:
                    case Raised(error=Exception() as error) if is_transient(error):
                        asked = error.headers.get("Retry-After")
                        if asked:
                            return Transient(int(asked))
                        return TRANSIENT
                    case Raised():
                        return FAIL
                    case _:
                        return ACCEPT

            return execute(Policy(classify=classify, schedule=exponential(1), max_attempts=5), get, url)
        """,
        "classify is not interpreted",
    ),
    HandlerCase(
        "each class has its delay",
        """
        def fetch(url):
            for attempt in range(3):
                try:
                    return get(url)
                except Busy as error:
                    if attempt == 2:
                        raise
                    time.sleep(30)
                except OSError as error:
                    if attempt == 2:
                        raise
                    time.sleep(1)
        """,
        """
        def fetch(url):
            def classify(outcome):
                match outcome:
                    case Raised(error=(Busy() | OSError()) as error):
                        if isinstance(error, Busy):
                            return Transient(30)
                        return Transient(1)
                    case Raised():
                        return FAIL
                    case _:
                        return ACCEPT

            return execute(Policy(classify=classify, max_attempts=3), get, url)
        """,
        "classify is not interpreted",
    ),
)
