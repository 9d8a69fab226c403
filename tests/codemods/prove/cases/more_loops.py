"""Loops of our own beyond the labelled structures: what mutants need to show themselves.

Rules: as in `loops`.
"""

from __future__ import annotations

from tests.codemods.prove.cases.model import Case

__all__ = ["MORE_LOOPS"]

COUNT = "count"
DELAY = "delay"
SAME = "unchanged"
LOGGING = "logging"
METHOD = "lookup"
ORDINARY = "ordinary"


def _assumes(*codes: str) -> frozenset[str]:
    return frozenset(codes)


MORE_LOOPS = (
    Case(
        name="timeout-clause-first",
        imports="import time\nfrom outside import Broken, Timeout, fetch, log",
        before="""
            def work(url):
                for attempt in range(4):
                    try:
                        return fetch(url, timeout=3)
                    except Timeout:
                        raise
                    except Broken:
                        if attempt == 3:
                            raise
                        log.warning("try %d failed", attempt + 1)
                        time.sleep(0.5 * 2**attempt)
        """,
        added="from mulligan import Execution\nfrom policies import FETCH",
        after="""
            def work(url):
                return Execution(
                    FETCH, on_retry=lambda event: log.warning("try %d failed", event.attempt)
                ).run(fetch, url, timeout=3)
        """,
        policies="""
            from mulligan import Policy, exponential
            from outside import Broken, Timeout

            FETCH = Policy(
                retry_on=lambda error: isinstance(error, Broken) and not isinstance(error, Timeout),
                schedule=exponential(0.5, factor=2),
                max_attempts=4,
            )
        """,
        calls=("work('u')",),
        assumes=_assumes(ORDINARY),
    ),
    Case(
        name="reconnects-between",
        imports="import time\nfrom outside import Broken, door, log",
        before="""
            def work(query):
                for attempt in range(3):
                    try:
                        return door.query(query)
                    except Broken as error:
                        if attempt == 2:
                            log.exception("gave up")
                            raise
                        log.exception("query failed: %s", error)
                        door.reconnect()
                        time.sleep(2)
        """,
        added="from mulligan import Execution\nfrom policies import QUERY",
        after="""
            def work(query):
                def again(event):
                    log.exception("query failed: %s", event.error)
                    door.reconnect()

                asked = 0

                def ask():
                    nonlocal asked
                    asked += 1
                    try:
                        return door.query(query)
                    except Broken:
                        if asked == 3:
                            log.exception("gave up")
                        raise

                return Execution(QUERY, on_retry=again).run(ask)
        """,
        policies="""
            from mulligan import Policy, constant
            from outside import Broken

            QUERY = Policy(retry_on=Broken, schedule=constant(2), max_attempts=3)
        """,
        calls=("work('q')",),
        assumes=_assumes(METHOD, LOGGING),
    ),
    Case(
        name="finally-per-attempt",
        imports="import time\nfrom outside import Broken, connect, log",
        before="""
            def work(query):
                tries = 0
                while True:
                    try:
                        connection = connect()
                        try:
                            return connection.ask(query)
                        finally:
                            connection.close()
                    except Broken:
                        tries += 1
                        if tries == 3:
                            raise
                        time.sleep(1)
        """,
        added="from mulligan import execute\nfrom policies import ASK",
        after="""
            def work(query):
                def ask():
                    connection = connect()
                    try:
                        return connection.ask(query)
                    finally:
                        connection.close()

                return execute(ASK, ask)
        """,
        policies="""
            from mulligan import Policy, constant
            from outside import Broken

            ASK = Policy(retry_on=Broken, schedule=constant(1), max_attempts=3)
        """,
        calls=("work('q')",),
        assumes=_assumes(METHOD),
    ),
    Case(
        name="whole-function",
        imports="import time\nfrom outside import Broken, parse, read",
        before="""
            def work(path, *, size=4):
                for attempt in range(3):
                    try:
                        data = read(path, size=size)
                        return parse(data)
                    except Broken:
                        if attempt == 2:
                            raise
                        time.sleep(attempt + 1)
        """,
        added="from mulligan import retry\nfrom policies import READ",
        after="""
            @retry(READ)
            def work(path, *, size=4):
                data = read(path, size=size)
                return parse(data)
        """,
        policies="""
            from mulligan import Policy, linear
            from outside import Broken

            READ = Policy(retry_on=Broken, schedule=linear(1), max_attempts=3)
        """,
        calls=("work('p')", "work('p', size=9)"),
    ),
    Case(
        name="value-decides",
        imports="import time\nfrom outside import find",
        before="""
            def work(url):
                response = None
                for _ in range(4):
                    response = find(url)
                    if response is not None:
                        break
                    time.sleep(1)
                return response
        """,
        added="from mulligan import execute\nfrom policies import ABSENT",
        after="""
            def work(url):
                response = execute(ABSENT, find, url)
                return response
        """,
        policies="""
            from mulligan import Policy, constant

            ABSENT = Policy(
                retry_if=lambda response: response is None,
                schedule=constant(1),
                max_attempts=4,
                on_exhausted="return",
            )
        """,
        calls=("work('u')",),
    ),
    Case(
        name="full-jitter-capped",
        imports="import random\nimport time\nfrom outside import Broken, fetch",
        before="""
            def work(url):
                attempt = 0
                while True:
                    try:
                        return fetch(url)
                    except Broken:
                        attempt += 1
                        if attempt > 5:
                            raise
                        time.sleep(random.uniform(0, min(8, 2 ** (attempt - 1))))
        """,
        added="from mulligan import execute\nfrom policies import FETCH",
        after="""
            def work(url):
                return execute(FETCH, fetch, url)
        """,
        policies="""
            from mulligan import Policy, exponential, full_jitter
            from outside import Broken

            FETCH = Policy(retry_on=Broken, schedule=exponential(1, cap=8).jittered(full_jitter()), max_attempts=6)
        """,
        calls=("work('u')",),
        grain=8.0,
    ),
    Case(
        name="exponential-capped",
        imports="import time\nfrom outside import Broken, fetch",
        before="""
            def work(url):
                delay = 0.5
                for left in reversed(range(8)):
                    try:
                        return fetch(url)
                    except Broken:
                        if not left:
                            raise
                        time.sleep(delay)
                        delay = min(delay * 3, 30)
        """,
        added="from mulligan import execute\nfrom policies import FETCH",
        after="""
            def work(url):
                return execute(FETCH, fetch, url)
        """,
        policies="""
            from mulligan import Policy, exponential
            from outside import Broken

            FETCH = Policy(retry_on=Broken, schedule=exponential(0.5, factor=3, cap=30), max_attempts=8)
        """,
        calls=("work('u')",),
    ),
    Case(
        name="token-renewed-between",
        imports="import time\nfrom outside import Broken, fetch, renew",
        before="""
            class Client:
                def __init__(self):
                    self.token = "first"

                def work(self, url):
                    for attempt in range(3):
                        try:
                            return fetch(url, token=self.token)
                        except Broken:
                            if attempt == 2:
                                raise
                            self.token = renew(attempt)
                            time.sleep(1)
        """,
        added="from mulligan import Execution\nfrom policies import FETCH",
        after="""
            class Client:
                def __init__(self):
                    self.token = "first"

                def work(self, url):
                    def renewed(event):
                        self.token = renew(event.attempt - 1)

                    return Execution(FETCH, on_retry=renewed).run(lambda: fetch(url, token=self.token))
        """,
        policies="""
            from mulligan import Policy, constant
            from outside import Broken

            FETCH = Policy(retry_on=Broken, schedule=constant(1), max_attempts=3)
        """,
        qualname="Client.work",
        calls=("Client().work('u')",),
    ),
    Case(
        name="else-after-success",
        imports="import time\nfrom outside import Broken, load, log, save",
        before="""
            def work(path):
                for attempt in range(3):
                    try:
                        value = load(path)
                    except Broken:
                        if attempt == 2:
                            raise
                        time.sleep(1)
                    else:
                        save(value)
                        log.info("saved")
                        return value
        """,
        added="from mulligan import execute\nfrom policies import LOAD",
        after="""
            def work(path):
                value = execute(LOAD, load, path)
                save(value)
                log.info("saved")
                return value
        """,
        policies="""
            from mulligan import Policy, constant
            from outside import Broken

            LOAD = Policy(retry_on=Broken, schedule=constant(1), max_attempts=3)
        """,
        calls=("work('p')",),
    ),
    Case(
        name="arguments-computed-each-time",
        imports="import time\nfrom outside import Broken, fetch, nonce",
        before="""
            def work(url):
                for attempt in range(3):
                    try:
                        return fetch(url, nonce())
                    except Broken:
                        if attempt == 2:
                            raise
                    time.sleep(1)
        """,
        added="from mulligan import execute\nfrom policies import FETCH",
        after="""
            def work(url):
                return execute(FETCH, lambda: fetch(url, nonce()))
        """,
        policies="""
            from mulligan import Policy, constant
            from outside import Broken

            FETCH = Policy(retry_on=Broken, schedule=constant(1), max_attempts=3)
        """,
        calls=("work('u')",),
    ),
    Case(
        name="sleeps-first-from-the-second",
        imports="import time\nfrom outside import Broken, Other, fetch",
        before="""
            def work(url):
                failure = None
                for attempt in range(4):
                    if attempt:
                        time.sleep(2)
                    try:
                        return fetch(url)
                    except Broken as error:
                        failure = error
                raise Other("gave up", url) from failure
        """,
        added="from mulligan import execute\nfrom policies import FETCH",
        after="""
            def work(url):
                failure = None
                try:
                    return execute(FETCH, fetch, url)
                except Broken as error:
                    failure = error
                raise Other("gave up", url) from failure
        """,
        policies="""
            from mulligan import Policy, constant
            from outside import Broken

            FETCH = Policy(retry_on=Broken, schedule=constant(2), max_attempts=4)
        """,
        calls=("work('u')",),
    ),
    Case(
        name="answers-a-fallback",
        imports="import time\nfrom outside import Broken, log, look",
        before="""
            def work(name, default):
                for attempt in range(3):
                    try:
                        return look(name)
                    except Broken as error:
                        log.warning("look failed: %s", error)
                        if attempt < 2:
                            time.sleep(0.2)
                log.error("no answer")
                return default
        """,
        added="from mulligan import execute\nfrom policies import LOOK",
        after="""
            def work(name, default):
                def looked():
                    try:
                        return look(name)
                    except Broken as error:
                        log.warning("look failed: %s", error)
                        raise

                try:
                    return execute(LOOK, looked)
                except Broken:
                    pass
                log.error("no answer")
                return default
        """,
        policies="""
            from mulligan import Policy, constant
            from outside import Broken

            LOOK = Policy(retry_on=Broken, schedule=constant(0.2), max_attempts=3)
        """,
        calls=("work('n', 7)",),
        assumes=_assumes(LOGGING),
    ),
    Case(
        name="async-context-per-attempt",
        imports="import asyncio\nfrom outside import Broken, async_session, log",
        before="""
            async def work(url):
                for attempt in range(3):
                    try:
                        value = None
                        async with async_session(url) as session:
                            value = await session.get(url)
                        return value
                    except (Broken, asyncio.TimeoutError):
                        if attempt == 2:
                            raise
                        log.warning("again")
                        await asyncio.sleep(3)
        """,
        added="from mulligan import Execution\nfrom policies import GET",
        after="""
            async def work(url):
                async def get():
                    value = None
                    async with async_session(url) as session:
                        value = await session.get(url)
                    return value

                return await Execution(GET, on_retry=lambda event: log.warning("again")).run_async(get)
        """,
        policies="""
            from mulligan import Policy, constant
            from outside import Broken

            GET = Policy(retry_on=(Broken, TimeoutError), schedule=constant(3), max_attempts=3)
        """,
        calls=("work('u')",),
        assumes=_assumes(METHOD),
    ),
    Case(
        name="deadline-that-answers",
        imports="import time\nfrom outside import Broken, Other, probe",
        before="""
            def work(port):
                end = time.monotonic() + 4.25
                while True:
                    try:
                        return probe(port)
                    except Broken as error:
                        if time.monotonic() >= end:
                            raise Other("not up") from error
                        time.sleep(0.5)
        """,
        added="from mulligan import execute\nfrom policies import PROBE",
        after="""
            def work(port):
                try:
                    return execute(PROBE, probe, port)
                except Broken as error:
                    raise Other("not up") from error
        """,
        policies="""
            from mulligan import UNLIMITED, Policy, constant
            from outside import Broken

            PROBE = Policy(retry_on=Broken, schedule=constant(0.5), max_attempts=UNLIMITED, stop_after=4.25)
        """,
        calls=("work(1)",),
    ),
    Case(
        name="number-in-a-message",
        imports="import time\nfrom outside import Broken, Other, fetch, log",
        before="""
            def work(url):
                for attempt in range(1, 4):
                    try:
                        return fetch(url)
                    except Broken as error:
                        log.warning(f"{url}: attempt {attempt}/3")
                        if attempt < 3:
                            time.sleep(2)
                            continue
                        raise Other("gave up") from error
        """,
        added="from mulligan import Execution\nfrom policies import FETCH",
        after="""
            def work(url):
                try:
                    return Execution(
                        FETCH, on_retry=lambda event: log.warning(f"{url}: attempt {event.attempt}/3")
                    ).run(fetch, url)
                except Broken as error:
                    log.warning(f"{url}: attempt 3/3")
                    raise Other("gave up") from error
        """,
        policies="""
            from mulligan import Policy, constant
            from outside import Broken

            FETCH = Policy(retry_on=Broken, schedule=constant(2), max_attempts=3)
        """,
        calls=("work('u')",),
        assumes=_assumes(LOGGING),
    ),
)
