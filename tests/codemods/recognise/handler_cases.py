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
        "what is gone already counts as success",
        """
        def remove(self, name):
            for attempt in range(3):
                try:
                    self.api.delete(name)
                    return
                except OSError as error:
                    # somebody else was faster
                    if error.errno == 2:
                        log.warning("%s is gone", name)
                        return
                    elif attempt < 2:
                        log.warning("again (%d): %s", attempt + 1, error)
                        time.sleep(1)
                    else:
                        raise
        """,
        """
        def remove(self, name):
            def remove_once():
                try:
                    self.api.delete(name)
                except OSError as error:
                    # somebody else was faster
                    if error.errno == 2:
                        log.warning("%s is gone", name)
                        return
                    raise

            Execution(
                REMOVE,
                on_retry=lambda event: log.warning("again (%d): %s", event.attempt, event.error),
            ).run(remove_once)
        """,
    ),
    HandlerCase(
        "one branch answers another constant",
        """
        def create(url):
            for attempt in range(3):
                try:
                    post(url)
                    return True
                except OSError as error:
                    if error.errno == 17:
                        return False
                    if attempt == 2:
                        raise
                    time.sleep(1)
        """,
        """
        def create(url):
            def create_once():
                try:
                    post(url)
                    return True
                except OSError as error:
                    if error.errno == 17:
                        return False
                    raise

            return execute(CREATE, create_once)
        """,
    ),
    HandlerCase(
        "a branch breaks to the function's answer",
        """
        def head(url):
            for attempt in range(3):
                try:
                    return get(url)
                except OSError as error:
                    if error.errno == 2:
                        log.info("%s is missing", url)
                        break
                    if attempt == 2:
                        raise
                    time.sleep(1)
            return None
        """,
        """
        def head(url):
            def head_once():
                try:
                    return get(url)
                except OSError as error:
                    if error.errno == 2:
                        log.info("%s is missing", url)
                        return None
                    raise

            return execute(HEAD, head_once)
        """,
    ),
    HandlerCase(
        "a branch leaves the function where success goes on",
        """
        def load(url):
            for attempt in range(3):
                try:
                    page = get(url)
                    break
                except OSError as error:
                    if error.errno == 2:
                        return None
                    if attempt == 2:
                        raise
                    time.sleep(1)
            return page.text
        """,
        """
        def load(url):
            def is_transient(error):
                return isinstance(error, OSError) and error.errno != 2

            try:
                page = execute(
                    Policy(retry_on=is_transient, schedule=constant(1), max_attempts=3), get, url
                )
            except OSError as error:
                if error.errno == 2:
                    return None
                raise
            return page.text
        """,
    ),
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
        "a branch in the handler's end breaks",
        """
        def stop(self, job):
            for left in reversed(range(5)):
                try:
                    self.api.stop(job)
                except OSError as error:
                    if error.errno == 11 and left:
                        log.warning("%d more times", left)
                        time.sleep(1)
                    else:
                        if error.errno == 3:
                            log.warning("it was not running")
                            break
                        log.error(error)
                        raise
                else:
                    break
            return job
        """,
        """
        def stop(self, job):
            def is_transient(error):
                return isinstance(error, OSError) and error.errno == 11

            try:
                Execution(
                    Policy(retry_on=is_transient, schedule=constant(1), max_attempts=5),
                    on_retry=lambda event: log.warning("%d more times", 5 - event.attempt),
                ).run(lambda: self.api.stop(job))
            except OSError as error:
                if error.errno == 3:
                    log.warning("it was not running")
                else:
                    log.error(error)
                    raise
            return job
        """,
    ),
    HandlerCase(
        "one branch settles after it asked for more",
        """
        def read(url):
            for attempt in range(3):
                try:
                    return get(url)
                except Missing as error:
                    code = error.code()
                    if code == 404:
                        return ""
                except OSError as error:
                    log.error("failed")
                if attempt != 2:
                    time.sleep(2 ** attempt)
            return ""
        """,
        """
        def read(url):
            def read_once():
                try:
                    return get(url)
                except (Missing, OSError) as error:
                    if isinstance(error, Missing):
                        code = error.code()
                        if code == 404:
                            return ""
                    else:
                        log.error("failed")
                    raise

            try:
                return execute(READ, read_once)
            except (Missing, OSError):
                return ""
        """,
        "raises error 8, new returns",
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
