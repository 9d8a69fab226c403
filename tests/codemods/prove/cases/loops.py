"""Loops of our own with the structure of the labelled ones, and their rewrites.

Rules: all that is foreign comes from the module `outside`, so that both texts can also be run against a script of
faults. A case is named after what is peculiar about it; `like` names the labelled loops of that structure.
"""

from __future__ import annotations

from tests.codemods.prove.cases.model import Case

__all__ = ["LOOPS"]

COUNT = "count"
DELAY = "delay"
SAME = "unchanged"
LOGGING = "logging"
METHOD = "lookup"
UNREAD = "unread"


def _assumes(*codes: str) -> frozenset[str]:
    return frozenset(codes)


LOOPS = (
    Case(
        name="log-outside-handler",
        like=("A034",),
        imports="import time\nfrom outside import Broken, Other, Session, Tunnel, choose, log",
        before="""
            def work(host, tunnel):
                longest = 5
                for pause in range(longest + 1):
                    try:
                        session = Session(host)
                        session.prepare(choose())
                        session.open(host=host, via=Tunnel(tunnel) if tunnel else None)
                        return session
                    except Broken:
                        if pause == longest:
                            raise
                    log.info("No session. Waiting %ds", pause)
                    time.sleep(pause)
                raise Other("no session")
        """,
        added="from mulligan import attempts\nfrom policies import CONNECT",
        after="""
            def work(host, tunnel):
                for attempt in attempts(CONNECT):
                    with attempt:
                        session = Session(host)
                        session.prepare(choose())
                        session.open(host=host, via=Tunnel(tunnel) if tunnel else None)
                        return session
                    log.info("No session. Waiting %ds", attempt.number - 1)
                raise Other("no session")
        """,
        policies="""
            from mulligan import Policy, linear
            from outside import Broken

            CONNECT = Policy(retry_on=Broken, schedule=linear(0, step=1), max_attempts=6)
        """,
        calls=("work('h', None)", "work('h', 't')"),
        assumes=_assumes(METHOD),
    ),
    Case(
        name="unbounded-break",
        like=("A050",),
        imports="import time\nfrom outside import Connection, log",
        before="""
            def work(url, body):
                while True:
                    try:
                        connection = Connection(url)
                        connection.request(method="PUT", url=url, body=body)
                        response = connection.response()
                        log.info("answered %s", response.reason)
                        break
                    except Exception as e:
                        log.error("unexpected failure %s", e, exc_info=True)
                        time.sleep(5)
        """,
        added="from mulligan import Execution\nfrom policies import SEND",
        after="""
            def work(url, body):
                def send():
                    connection = Connection(url)
                    connection.request(method="PUT", url=url, body=body)
                    response = connection.response()
                    log.info("answered %s", response.reason)

                Execution(
                    SEND, on_retry=lambda event: log.error("unexpected failure %s", event.error, exc_info=True)
                ).run(send)
        """,
        policies="""
            from mulligan import UNLIMITED, Policy, constant

            SEND = Policy(retry_on=Exception, schedule=constant(5), max_attempts=UNLIMITED)
        """,
        calls=("work('u', 'b')",),
        assumes=_assumes(METHOD),
    ),
    Case(
        name="unbounded-print",
        like=("A051",),
        imports="import time\nfrom outside import Connection, report",
        before="""
            def work(url, data):
                while True:
                    try:
                        connection = Connection(url)
                        connection.request("PUT", headers={"content-length": str(len(data))}, body=data)
                        report(f"status {connection.response().reason}")
                        break
                    except Exception as e:
                        report(f"failed: {e}")
                        time.sleep(5)
        """,
        added="from mulligan import Execution\nfrom policies import SEND",
        after="""
            def work(url, data):
                def send():
                    connection = Connection(url)
                    connection.request("PUT", headers={"content-length": str(len(data))}, body=data)
                    report(f"status {connection.response().reason}")

                def failed(event):
                    report(f"failed: {event.error}")

                Execution(SEND, on_retry=failed).run(send)
        """,
        policies="""
            from mulligan import UNLIMITED, Policy, constant

            SEND = Policy(retry_on=Exception, schedule=constant(5), max_attempts=UNLIMITED)
        """,
        calls=("work('u', 'data')",),
        assumes=_assumes(METHOD),
    ),
    Case(
        name="own-sleep-after-each-failure",
        like=("A052",),
        imports="from outside import Broken, log",
        before="""
            class Client:
                pause = 1.5
                limit = 3

                def __init__(self, door):
                    self.door = door

                def work(self, url):
                    attempts = 0
                    while True:
                        try:
                            return self.door.get(url, self.pause)
                        except Broken as e:
                            log.debug("no metadata: %s", e, exc_info=True)
                            self.door.rest(self.pause)
                            attempts += 1
                            if attempts >= self.limit:
                                raise
        """,
        added="from mulligan import execute\nfrom policies import METADATA",
        after="""
            class Client:
                pause = 1.5
                limit = 3

                def __init__(self, door):
                    self.door = door

                def work(self, url):
                    value = failure = None

                    def found():
                        nonlocal value, failure
                        try:
                            value = self.door.get(url, self.pause)
                            return True
                        except Broken as error:
                            log.debug("no metadata: %s", error, exc_info=True)
                            self.door.rest(self.pause)
                            failure = error
                            return False

                    if not execute(METADATA.replace(max_attempts=self.limit), found):
                        raise failure
                    return value
        """,
        policies="""
            from mulligan import Policy, no_delay

            METADATA = Policy(retry_if=lambda found: not found, schedule=no_delay(), on_exhausted="return")
        """,
        qualname="Client.work",
        calls=("Client(__import__('outside').door).work('u')",),
        assumes=_assumes(COUNT, SAME, METHOD),
    ),
    Case(
        name="counter-in-log",
        like=("A057",),
        imports="import time\nfrom outside import Broken, client, log",
        before="""
            def work(app):
                limit = 3
                retries = 0
                while True:
                    try:
                        return client.create({"app": app})["id"]
                    except Broken as ex:
                        if retries >= limit:
                            raise
                        retries += 1
                        log.warning("%s; retry %d of %d", ex, retries, limit)
                        time.sleep(10)
        """,
        added="from mulligan import Execution\nfrom policies import CREATE",
        after="""
            def work(app):
                def create():
                    return client.create({"app": app})["id"]

                return Execution(
                    CREATE, on_retry=lambda event: log.warning("%s; retry %d of %d", event.error, event.attempt, 3)
                ).run(create)
        """,
        policies="""
            from mulligan import Policy, constant
            from mulligan.config import define
            from outside import Broken

            CREATE = define(Policy(name="client.create", retry_on=Broken, schedule=constant(10), max_attempts=4))
        """,
        calls=("work('a')",),
        assumes=_assumes(METHOD),
    ),
    Case(
        name="engine-linear-log-outside",
        like=("A093",),
        imports="import time\nfrom outside import Broken, Timeout, fetch, note",
        before="""
            def engine(retries, base=0, kind=Exception):
                def decorated(f):
                    def work(*args, **kwargs):
                        left = retries
                        multiplier = 1
                        while True:
                            try:
                                return f(*args, **kwargs)
                            except kind:
                                if not left:
                                    raise

                            delay = base * multiplier
                            multiplier += 1
                            note("%d more times (delay=%s)" % (left, delay), level=3)
                            left -= 1
                            if delay:
                                time.sleep(delay)

                    return work

                return decorated
        """,
        added="from mulligan import attempts, linear\nfrom policies import RETRY",
        after="""
            def engine(retries, base=0, kind=Exception):
                def decorated(f):
                    def work(*args, **kwargs):
                        policy = RETRY.replace(retry_on=kind, max_attempts=retries + 1, schedule=linear(base))
                        for attempt in attempts(policy):
                            with attempt:
                                return f(*args, **kwargs)
                            note(
                                "%d more times (delay=%s)" % (retries - attempt.number + 1, base * attempt.number),
                                level=3,
                            )

                    return work

                return decorated
        """,
        policies="""
            from mulligan import Policy

            RETRY = Policy(retry_on=Exception)
        """,
        qualname="engine.decorated.work",
        calls=("engine(3, 2, Broken)(fetch)(1, a=2)", "engine(0, 2)(fetch)()", "engine(2)(fetch)('u')"),
        assumes=_assumes(COUNT, DELAY),
    ),
    Case(
        name="async-block-exponential-jitter",
        like=("A189",),
        imports="""
            import asyncio
            import random
            from itertools import groupby
            from outside import SAFE, async_span, async_write, batches, open_batch
        """,
        before="""
            async def work(rows, totals, retries=3):
                for attempt in range(retries + 1):
                    try:
                        for part in batches(rows, 100):
                            async with async_span("index"):
                                await async_write(data=part, skip=True)
                        async with async_span("totals"), open_batch("x") as batch:
                            batch.lock()
                            for key, grouped in groupby(totals, key=lambda entry: entry[0]):
                                entries = tuple(grouped)
                                spend = sum(entry[1] for entry in entries)
                                batch.upsert(where={"key": key}, data={"spend": spend, "count": len(entries)})
                        return
                    except SAFE:
                        if attempt >= retries:
                            raise
                        await asyncio.sleep(2.0**attempt + random.uniform(0, 1))
        """,
        added="from mulligan import execute_async\nfrom policies import FLUSH",
        after="""
            async def work(rows, totals, retries=3):
                async def flush():
                    for part in batches(rows, 100):
                        async with async_span("index"):
                            await async_write(data=part, skip=True)
                    async with async_span("totals"), open_batch("x") as batch:
                        batch.lock()
                        for key, grouped in groupby(totals, key=lambda entry: entry[0]):
                            entries = tuple(grouped)
                            spend = sum(entry[1] for entry in entries)
                            batch.upsert(where={"key": key}, data={"spend": spend, "count": len(entries)})

                await execute_async(FLUSH.replace(max_attempts=retries + 1), flush)
        """,
        policies="""
            from mulligan import Policy, additive_jitter, exponential
            from outside import SAFE

            FLUSH = Policy(retry_on=SAFE, schedule=exponential(1, factor=2).jittered(additive_jitter(1)))
        """,
        calls=("work(['r'], [('a', 1), ('a', 2), ('b', 3)])", "work(['r'], [('a', 1)], 0)"),
        assumes=_assumes(COUNT, METHOD),
        grain=1.0,
    ),
    Case(
        name="listed-delays-none-last",
        like=("A197",),
        imports="import time\nfrom outside import Broken, Other, fetch, log",
        before="""
            def engine(delays=(0, 1, 5), kind=Exception):
                def decorated(function):
                    def work(*args, **kwargs):
                        count = 0
                        for delay in (*delays, None):
                            try:
                                return function(*args, **kwargs)
                            except kind as e:
                                if delay is None:
                                    log.info("failed after %d times" % count)
                                    raise
                                else:
                                    count += 1
                                    log.info("failed on try %d: again after %ds" % (count, delay))
                                    log.exception(e)
                                    time.sleep(delay)

                    return work

                return decorated
        """,
        added="from mulligan import Execution, from_delays\nfrom policies import LISTED",
        after="""
            def engine(delays=(0, 1, 5), kind=Exception):
                def decorated(function):
                    def work(*args, **kwargs):
                        count = 0

                        def report(event):
                            nonlocal count
                            count = event.attempt
                            log.info("failed on try %d: again after %ds" % (count, event.delay))
                            log.exception(event.error)

                        policy = LISTED.replace(retry_on=kind, schedule=from_delays(delays))
                        try:
                            return Execution(policy, on_retry=report).run(function, *args, **kwargs)
                        except kind:
                            log.info("failed after %d times" % count)
                            raise

                    return work

                return decorated
        """,
        policies="""
            from mulligan import UNLIMITED, Policy

            LISTED = Policy(retry_on=Exception, max_attempts=UNLIMITED)
        """,
        qualname="engine.decorated.work",
        calls=("engine((1, 3), Broken)(fetch)('u')", "engine(kind=(Broken, Other))(fetch)('u')", "engine(())(fetch)()"),
        assumes=_assumes(DELAY, LOGGING),
    ),
    Case(
        name="exponential-break-value",
        like=("A200",),
        imports="import time\nfrom outside import Broken, Other, provider, send",
        before="""
            def work(payload, retries):
                for attempt in range(retries + 1):
                    try:
                        raw = send(endpoint=provider.url("chat"), headers=provider.headers, payload=payload)
                        break
                    except (Broken, Other):
                        if attempt >= retries:
                            raise
                        time.sleep(2**attempt)

                return provider.parse(raw)
        """,
        added="from mulligan import execute\nfrom policies import CHAT",
        after="""
            def work(payload, retries):
                def sent():
                    return send(endpoint=provider.url("chat"), headers=provider.headers, payload=payload)

                raw = execute(CHAT.replace(max_attempts=retries + 1), sent)

                return provider.parse(raw)
        """,
        policies="""
            from mulligan import Policy, exponential
            from outside import Broken, Other

            CHAT = Policy(retry_on=(Broken, Other), schedule=exponential(1))
        """,
        calls=("work('p', 3)", "work('p', 0)"),
        assumes=_assumes(COUNT, METHOD),
    ),
    Case(
        name="while-else-saved-error",
        like=("A264",),
        imports="from outside import Broken, Timeout, client, config, rest",
        before="""
            def work(url):
                count = 0
                while count <= config.retries:
                    try:
                        info = client.info(url)
                        break
                    except (Timeout, Broken) as e:
                        error = e
                        count += 1
                        rest(config.wait)
                else:
                    raise error

                return info.get("mementos")
        """,
        added="from mulligan import execute\nfrom policies import INFO",
        after="""
            def work(url):
                info = failure = None

                def found():
                    nonlocal info, failure
                    try:
                        info = client.info(url)
                        return True
                    except (Timeout, Broken) as error:
                        failure = error
                        rest(config.wait)
                        return False

                if not execute(INFO.replace(max_attempts=config.retries + 1), found):
                    raise failure

                return info.get("mementos")
        """,
        policies="""
            from mulligan import Policy, no_delay

            INFO = Policy(retry_if=lambda found: not found, schedule=no_delay(), on_exhausted="return")
        """,
        calls=("work('u')",),
        assumes=_assumes(COUNT, SAME, METHOD),
    ),
    Case(
        name="deadline-in-handler",
        like=("A286",),
        imports="import time\nfrom outside import Broken, socket",
        before="""
            class Door:
                def __init__(self, uri):
                    self.uri = uri
                    self.socket = socket

                def work(self):
                    deadline = time.monotonic() + 5.0
                    while True:
                        try:
                            self.socket.bind(self.uri)
                            break
                        except Broken:
                            if time.monotonic() >= deadline:
                                raise
                            time.sleep(0.1)
                    self.monitor = self.socket.monitor()
        """,
        added="from mulligan import execute\nfrom policies import BIND",
        after="""
            class Door:
                def __init__(self, uri):
                    self.uri = uri
                    self.socket = socket

                def work(self):
                    execute(BIND, lambda: self.socket.bind(self.uri))
                    self.monitor = self.socket.monitor()
        """,
        policies="""
            from mulligan import UNLIMITED, Policy, constant
            from outside import Broken

            BIND = Policy(retry_on=Broken, schedule=constant(0.1), max_attempts=UNLIMITED, stop_after=5.0)
        """,
        qualname="Door.work",
        calls=("Door('u').work()",),
        assumes=_assumes(METHOD),
    ),
    Case(
        name="many-attempts-inner-poll",
        like=("A295",),
        imports="import time\nfrom outside import Client, is_active, log",
        before="""
            def work(wall, ports):
                attempts = 0
                max_attempts = 300
                while attempts < max_attempts:
                    try:
                        rule = Client().add(wall, ports)
                        if rule is not None:
                            number = rule["id"]
                            while True:
                                rule = Client().find(wall, number)
                                if is_active(rule["state"]):
                                    return number
                        else:
                            return None
                    except Exception as e:
                        attempts += 1
                        time.sleep(10)
                        log.error(f"add rule error: {e}")
                        continue
                raise RuntimeError("add rule error")
        """,
        added="from mulligan import execute\nfrom policies import ADD_RULE",
        after="""
            def work(wall, ports):
                def add():
                    try:
                        rule = Client().add(wall, ports)
                        if rule is not None:
                            number = rule["id"]
                            while True:
                                rule = Client().find(wall, number)
                                if is_active(rule["state"]):
                                    return number
                        else:
                            return None
                    except Exception as e:
                        time.sleep(10)
                        log.error(f"add rule error: {e}")
                        raise

                try:
                    return execute(ADD_RULE, add)
                except Exception:
                    pass
                raise RuntimeError("add rule error")
        """,
        policies="""
            from mulligan import Policy, no_delay

            ADD_RULE = Policy(retry_on=Exception, schedule=no_delay(), max_attempts=300)
        """,
        calls=("work('w', [1])",),
        assumes=_assumes(METHOD, LOGGING),
    ),
    Case(
        name="trailing-sleep-linear",
        like=("A317",),
        imports="import time\nfrom outside import copy, host, log",
        before="""
            def work(source, target, role):
                limit = 10
                for retry in range(limit):
                    try:
                        copy([source, ":" + target], role=role)
                        return True
                    except Exception as e:
                        log.debug("copy failed, trying again: %s" % e)
                        time.sleep(10 * retry)
                raise RuntimeError(f"no copy of {source} on {role} at {host.ip}")
        """,
        added="from mulligan import execute\nfrom policies import COPY",
        after="""
            def work(source, target, role):
                def copied():
                    try:
                        copy([source, ":" + target], role=role)
                        return True
                    except Exception as e:
                        log.debug("copy failed, trying again: %s" % e)
                        raise

                try:
                    return execute(COPY, copied)
                except Exception:
                    pass
                raise RuntimeError(f"no copy of {source} on {role} at {host.ip}")
        """,
        policies="""
            from mulligan import Policy, linear

            COPY = Policy(retry_on=Exception, schedule=linear(0, step=10), max_attempts=10)
        """,
        calls=("work('s', 't', 'r')",),
        assumes=_assumes(LOGGING),
    ),
    Case(
        name="success-flag",
        like=("A341",),
        imports="from outside import Broken, page, rest",
        before="""
            def work(url, tries, timeout):
                success = False
                count = 0
                while success is False:
                    try:
                        found = page(url, "note", fatal=True)
                        success = True
                    except Broken as e:
                        count += 1
                        if count >= tries:
                            raise e
                        rest(timeout, url)
                if found is False:
                    return found
                return found["content"]
        """,
        added="from mulligan import Execution\nfrom policies import PAGE",
        after="""
            def work(url, tries, timeout):
                found = Execution(
                    PAGE.replace(max_attempts=tries), on_retry=lambda event: rest(timeout, url)
                ).run(page, url, "note", fatal=True)
                if found is False:
                    return found
                return found["content"]
        """,
        policies="""
            from mulligan import Policy, no_delay
            from outside import Broken

            PAGE = Policy(retry_on=Broken, schedule=no_delay())
        """,
        calls=("work('u', 3, 2)", "work('u', 1, 2)"),
        assumes=_assumes(COUNT),
    ),
    Case(
        name="falls-through",
        like=("A342",),
        imports="from outside import Broken, Other, load, rest",
        before="""
            def work(url):
                info = None
                for trial in range(5):
                    try:
                        info = load(url, headers={"Referer": url})
                        break
                    except Broken:
                        rest(1, url)
                if not info:
                    raise Other("no info")
                return info
        """,
        added="from mulligan import execute\nfrom policies import INFO",
        after="""
            def work(url):
                info = None

                def found():
                    nonlocal info
                    try:
                        info = load(url, headers={"Referer": url})
                        return True
                    except Broken:
                        rest(1, url)
                        return False

                execute(INFO, found)
                if not info:
                    raise Other("no info")
                return info
        """,
        policies="""
            from mulligan import Policy, no_delay

            INFO = Policy(retry_if=lambda found: not found, schedule=no_delay(), max_attempts=5, on_exhausted="return")
        """,
        calls=("work('u')",),
    ),
    Case(
        name="raise-the-bound-error",
        like=("A345",),
        imports="from outside import Broken, rest, site",
        before="""
            class Extractor:
                def __page(self, url, *args, **kwargs):
                    return site.page(url, None, *args, **kwargs)

                def work(self, url, tries, timeout, *args, **kwargs):
                    count = 0
                    while True:
                        try:
                            return self.__page(url, *args, **kwargs)
                        except Broken as e:
                            count += 1
                            if count >= tries:
                                raise e
                            rest(timeout, url)
        """,
        added="from mulligan import Execution\nfrom policies import PAGE",
        after="""
            class Extractor:
                def __page(self, url, *args, **kwargs):
                    return site.page(url, None, *args, **kwargs)

                def work(self, url, tries, timeout, *args, **kwargs):
                    return Execution(
                        PAGE.replace(max_attempts=tries), on_retry=lambda event: rest(timeout, url)
                    ).run(self.__page, url, *args, **kwargs)
        """,
        policies="""
            from mulligan import Policy, no_delay
            from outside import Broken

            PAGE = Policy(retry_on=Broken, schedule=no_delay())
        """,
        qualname="Extractor.work",
        calls=("Extractor().work('u', 2, 1)", "Extractor().work('u', 3, 1, 'x', k=1)"),
        assumes=_assumes(COUNT, METHOD),
    ),
    Case(
        name="countdown-without-delay",
        like=("B008",),
        imports="from outside import Broken, pack, port\n\nATTEMPTS = pack.count",
        before="""
            def work(data, seq):
                for left in range(ATTEMPTS - 1, -1, -1):
                    try:
                        port.command(f"write {seq}", pack(len(data), seq) , port.sum(data), timeout=3)
                        break
                    except Broken:
                        if left:
                            port.trace(f"write failed, {left} attempts left")
                        else:
                            raise
        """,
        added="from mulligan import Execution\nfrom policies import WRITE",
        after="""
            def work(data, seq):
                def write():
                    port.command(f"write {seq}", pack(len(data), seq) , port.sum(data), timeout=3)

                def report(event):
                    port.trace(f"write failed, {ATTEMPTS - event.attempt} attempts left")

                Execution(WRITE.replace(max_attempts=ATTEMPTS), on_retry=report).run(write)
        """,
        policies="""
            from mulligan import Policy, no_delay
            from outside import Broken

            WRITE = Policy(retry_on=Broken, schedule=no_delay())
        """,
        calls=("work('data', 7)",),
        assumes=_assumes(COUNT, METHOD),
    ),
    Case(
        name="countdown-function",
        like=("T027",),
        imports="import time\nfrom outside import fetch, log",
        before="""
            def work(func, args, attempts=1, wait=0):
                while attempts:
                    try:
                        return func(*args)
                    except Exception as e:
                        attempts -= 1
                        if not attempts:
                            raise e

                        log.debug("%s, retrying in %s seconds", e, wait)
                        time.sleep(wait)
                return None
        """,
        added="from mulligan import Execution, constant\nfrom policies import RETRY",
        after="""
            def work(func, args, attempts=1, wait=0):
                return Execution(
                    RETRY.replace(max_attempts=attempts, schedule=constant(wait)),
                    on_retry=lambda event: log.debug("%s, retrying in %s seconds", event.error, wait),
                ).run(lambda: func(*args))
        """,
        policies="""
            from mulligan import Policy

            RETRY = Policy(retry_on=Exception)
        """,
        calls=("work(fetch, ['u'], 3, 2)", "work(fetch, ['u'])"),
        assumes=_assumes(COUNT, DELAY),
    ),
    Case(
        name="async-engine-closed-over",
        like=("T028",),
        imports="import asyncio\nfrom outside import Broken, async_fetch",
        before="""
            def engine(limit, wait, kind):
                def decorated(func):
                    async def work(*args, **kwargs):
                        attempt = 0
                        result = None
                        while attempt <= limit:
                            try:
                                result = await func(*args, **kwargs)
                                break
                            except kind as err:
                                if attempt < limit:
                                    attempt += 1
                                    await asyncio.sleep(wait)
                                else:
                                    raise err
                        return result

                    return work

                return decorated
        """,
        added="from mulligan import constant, execute_async\nfrom policies import RETRY",
        after="""
            def engine(limit, wait, kind):
                def decorated(func):
                    async def work(*args, **kwargs):
                        policy = RETRY.replace(retry_on=kind, max_attempts=limit + 1, schedule=constant(wait))
                        return await execute_async(policy, func, *args, **kwargs)

                    return work

                return decorated
        """,
        policies="""
            from mulligan import Policy

            RETRY = Policy(retry_on=Exception)
        """,
        qualname="engine.decorated.work",
        calls=("engine(2, 3, Broken)(async_fetch)('u', a=1)", "engine(0, 3, Exception)(async_fetch)()"),
        assumes=_assumes(COUNT, DELAY),
    ),
    Case(
        name="log-after-sleep-and-at-the-end",
        like=("T031",),
        imports="import time\nfrom outside import fetch, log",
        before="""
            def engine(func):
                def work(*args, **kwargs):
                    times = 36
                    for retry in range(0, times):
                        try:
                            return func(*args, **kwargs)
                        except Exception as ex:
                            if retry < times - 1:
                                time.sleep(5)
                                log.warning("retrying %s: %s/%s", kwargs["entity"], retry + 1, times)
                            else:
                                log.warning("failed %s: %s", kwargs["entity"], ex.args if hasattr(ex, "args") else ex)
                                raise

                return work
        """,
        added="from mulligan import Execution\nfrom policies import REPLICATED",
        after="""
            def engine(func):
                def work(*args, **kwargs):
                    def wait(event):
                        time.sleep(5)
                        log.warning("retrying %s: %s/%s", kwargs["entity"], event.attempt, 36)

                    try:
                        return Execution(REPLICATED, on_retry=wait).run(func, *args, **kwargs)
                    except Exception as ex:
                        log.warning("failed %s: %s", kwargs["entity"], ex.args if hasattr(ex, "args") else ex)
                        raise

                return work
        """,
        policies="""
            from mulligan import Policy, no_delay

            REPLICATED = Policy(retry_on=Exception, schedule=no_delay(), max_attempts=36)
        """,
        qualname="engine.work",
        calls=("engine(fetch)('u', entity='e')", "engine(fetch)('u')"),
        assumes=_assumes(LOGGING),
    ),
    Case(
        name="first-failure-says-more",
        like=("T033",),
        imports="import time\nfrom outside import Connection, Other, log",
        before="""
            def work(host, password):
                tries = 0
                while True:
                    try:
                        connection = Connection(host=host, extra={"password": password})
                        break
                    except Exception as ex:
                        log.info(ex)
                        if tries == 0:
                            log.warning("not ready yet, please wait")
                        if tries == 60:
                            raise Other("no connection")
                        tries = tries + 1
                        log.warning(".")
                        time.sleep(1)
                return connection.run("motd", pty=True)
        """,
        added="from mulligan import Execution\nfrom policies import SESSION",
        after="""
            def work(host, password):
                def report(event):
                    log.info(event.error)
                    if event.attempt == 1:
                        log.warning("not ready yet, please wait")
                    log.warning(".")

                try:
                    connection = Execution(SESSION, on_retry=report).run(
                        lambda: Connection(host=host, extra={"password": password})
                    )
                except Exception as ex:
                    log.info(ex)
                    raise Other("no connection")
                return connection.run("motd", pty=True)
        """,
        policies="""
            from mulligan import Policy, constant

            SESSION = Policy(retry_on=Exception, schedule=constant(1), max_attempts=61)
        """,
        calls=("work('h', 'p')",),
        assumes=_assumes(LOGGING),
    ),
    Case(
        name="engine-countdown",
        like=("T034",),
        imports="import time\nfrom outside import Broken, fetch",
        before="""
            def engine(retries=3, interval=5, kind=Exception):
                def decorated(func):
                    def work(*args, **kwargs):
                        left = retries
                        while True:
                            try:
                                return func(*args, **kwargs)
                            except kind:
                                left -= 1
                                if left <= 0:
                                    raise
                            time.sleep(interval)

                    return work

                return decorated
        """,
        added="from mulligan import constant, execute\nfrom policies import RETRY",
        after="""
            def engine(retries=3, interval=5, kind=Exception):
                def decorated(func):
                    def work(*args, **kwargs):
                        policy = RETRY.replace(retry_on=kind, max_attempts=retries, schedule=constant(interval))
                        return execute(policy, func, *args, **kwargs)

                    return work

                return decorated
        """,
        policies="""
            from mulligan import Policy

            RETRY = Policy(retry_on=Exception)
        """,
        qualname="engine.decorated.work",
        calls=("engine()(fetch)('u', k=1)", "engine(2, 0.5, Broken)(fetch)()"),
        assumes=_assumes(COUNT, DELAY),
    ),
    Case(
        name="new-error-from-the-last",
        like=("T035",),
        imports="import time\nfrom outside import Other, fetch, log",
        before="""
            def work(operation, text, limit, *args, **kwargs):
                while True:
                    try:
                        return operation(*args, **kwargs)
                    except Exception as e:
                        limit -= 1
                        if limit <= 0:
                            raise Other(text) from e
                        time.sleep(5)
                        log.info(f"error: {e}. Retrying...")
        """,
        added="from mulligan import Execution\nfrom policies import UNTIL_SUCCESS",
        after="""
            def work(operation, text, limit, *args, **kwargs):
                def wait(event):
                    time.sleep(5)
                    log.info(f"error: {event.error}. Retrying...")

                try:
                    return Execution(UNTIL_SUCCESS.replace(max_attempts=limit), on_retry=wait).run(
                        operation, *args, **kwargs
                    )
                except Exception as e:
                    raise Other(text) from e
        """,
        policies="""
            from mulligan import Policy, no_delay

            UNTIL_SUCCESS = Policy(retry_on=Exception, schedule=no_delay())
        """,
        calls=("work(fetch, 'gave up', 3, 'u', k=1)", "work(fetch, 'gave up', 1)"),
        assumes=_assumes(COUNT, LOGGING),
    ),
    Case(
        name="attribute-assigned-in-branches",
        like=("T053",),
        imports="import time\nfrom outside import Broken, Opened, Plain, config, describe, log",
        before="""
            class Backend:
                def work(self, client, token):
                    for n in range(1, config.retries + 1):
                        try:
                            if client and token:
                                self.http = Opened(client, token)
                            else:
                                self.http = Plain("api")
                            break
                        except Exception as e:
                            if n >= config.retries:
                                raise e
                            log.warning("Nr. %s failed. %s: %s" % (n, e.__class__.__name__, describe(e)))
                            time.sleep(config.wait)
        """,
        added="from mulligan import Execution, constant\nfrom policies import OPEN",
        after="""
            class Backend:
                def work(self, client, token):
                    def opened():
                        if client and token:
                            self.http = Opened(client, token)
                        else:
                            self.http = Plain("api")

                    def report(event):
                        e = event.error
                        log.warning("Nr. %s failed. %s: %s" % (event.attempt, e.__class__.__name__, describe(e)))

                    Execution(
                        OPEN.replace(max_attempts=config.retries, schedule=constant(config.wait)), on_retry=report
                    ).run(opened)
        """,
        policies="""
            from mulligan import Policy

            OPEN = Policy(retry_on=Exception)
        """,
        qualname="Backend.work",
        calls=(
            "(lambda backend: (backend.work('c', 't'), vars(backend)))(Backend())",
            "(lambda backend: (backend.work('c', None), vars(backend)))(Backend())",
        ),
        assumes=_assumes(COUNT, DELAY, SAME),
    ),
    Case(
        name="counter-used-twice",
        like=("T055",),
        imports="import time\nfrom outside import Broken, api",
        before="""
            def work(job):
                t = 0
                while True:
                    try:
                        stage = api.describe(job, {})["stages"][0]
                        break
                    except IndexError:
                        t += 5
                        if t > 500:
                            raise Exception("no stage")
                        time.sleep(5)
                t = 0
                while True:
                    try:
                        api.describe(stage, {})
                        break
                    except Broken:
                        t += 1
                        if t > 10:
                            raise Exception("no job")
                        time.sleep(5)
                return stage
        """,
        added="from mulligan import execute\nfrom policies import CREATED",
        after="""
            def work(job):
                t = 0
                while True:
                    try:
                        stage = api.describe(job, {})["stages"][0]
                        break
                    except IndexError:
                        t += 5
                        if t > 500:
                            raise Exception("no stage")
                        time.sleep(5)
                try:
                    execute(CREATED, lambda: api.describe(stage, {}))
                except Broken:
                    raise Exception("no job")
                return stage
        """,
        policies="""
            from mulligan import Policy, constant
            from outside import Broken

            CREATED = Policy(retry_on=Broken, schedule=constant(5), max_attempts=11)
        """,
        calls=("work('j')",),
    ),
    Case(
        name="logs-the-last-failure-too",
        like=("T057",),
        imports="import time\nfrom outside import Broken, Other, door, log",
        before="""
            class Recorder:
                limit = 3
                wait = 2

                def commit(self):
                    door.commit()

                def work(self):
                    tries = 1
                    while tries <= self.limit:
                        try:
                            self.commit()
                            return
                        except (Broken, Other) as err:
                            log.error("%s: %s (again in %s s)", "lost" if err.args else "error", err, self.wait)
                            if tries == self.limit:
                                raise

                            tries += 1
                            time.sleep(self.wait)
        """,
        added="from mulligan import constant, execute\nfrom policies import COMMIT",
        after="""
            class Recorder:
                limit = 3
                wait = 2

                def commit(self):
                    door.commit()

                def work(self):
                    failure = None

                    def committed():
                        nonlocal failure
                        try:
                            self.commit()
                            return True
                        except (Broken, Other) as err:
                            log.error("%s: %s (again in %s s)", "lost" if err.args else "error", err, self.wait)
                            failure = err
                            return False

                    if not execute(COMMIT.replace(max_attempts=self.limit, schedule=constant(self.wait)), committed):
                        raise failure
        """,
        policies="""
            from mulligan import Policy

            COMMIT = Policy(retry_if=lambda committed: not committed, on_exhausted="return")
        """,
        qualname="Recorder.work",
        calls=("Recorder().work()",),
        assumes=_assumes(COUNT, DELAY, SAME, METHOD),
    ),
    Case(
        name="several-returns",
        like=("T058",),
        imports="import time\nfrom outside import Broken, log, session\n\nRETRIES = 3\nPAUSE = 0.1",
        before="""
            def work(statement, rows, everything):
                for number in range(RETRIES):
                    try:
                        if rows:
                            executed = session.execute(statement)
                        else:
                            executed = session.connection().execute(statement)
                        if everything:
                            return executed.all()
                        return executed.part(5)
                    except Broken as err:
                        log.error("Error executing query: %s", err)
                        if number == RETRIES - 1:
                            raise
                        time.sleep(PAUSE)

                raise RuntimeError
        """,
        added="from mulligan import execute\nfrom policies import QUERY",
        after="""
            def work(statement, rows, everything):
                def query():
                    try:
                        if rows:
                            executed = session.execute(statement)
                        else:
                            executed = session.connection().execute(statement)
                        if everything:
                            return executed.all()
                        return executed.part(5)
                    except Broken as err:
                        log.error("Error executing query: %s", err)
                        raise

                return execute(QUERY, query)
        """,
        policies="""
            from mulligan import Policy, constant
            from mulligan.config import define
            from outside import Broken

            QUERY = define(Policy(name="recorder.query", retry_on=Broken, schedule=constant(0.1), max_attempts=3))
        """,
        calls=("work('s', True, True)", "work('s', False, False)"),
        assumes=_assumes(METHOD, LOGGING),
    ),
    Case(
        name="async-value-used-after",
        like=("T060",),
        imports="import asyncio\nfrom outside import async_radio, log, target\n\nRETRIES = 5\nPAUSE = 1.0",
        before="""
            async def work(port):
                manager = async_radio
                for retry in range(RETRIES):
                    try:
                        backup = await manager.load(port, create=True)
                        break
                    except OSError as err:
                        if retry >= RETRIES - 1:
                            raise

                        log.debug("no backup %r, retrying in %s seconds", err, PAUSE)

                    await asyncio.sleep(PAUSE)

                target.chosen = backup
                return True
        """,
        added="from mulligan import Execution\nfrom policies import BACKUP",
        after="""
            async def work(port):
                manager = async_radio
                backup = await Execution(
                    BACKUP,
                    on_retry=lambda event: log.debug("no backup %r, retrying in %s seconds", event.error, PAUSE),
                ).run_async(manager.load, port, create=True)

                target.chosen = backup
                return True
        """,
        policies="""
            from mulligan import Policy, constant

            BACKUP = Policy(retry_on=OSError, schedule=constant(1), max_attempts=5)
        """,
        calls=("work('p')",),
        assumes=_assumes(METHOD),
    ),
    Case(
        name="module-level",
        like=("T067",),
        imports="import random\nimport time\nfrom outside import encodings",
        before="""
            _retries = 5
            _pause = 0.1

            for attempt in range(_retries):
                try:
                    encoding = encodings.get("base")
                    break
                except (FileExistsError, OSError):
                    if attempt == _retries - 1:
                        raise
                    delay = _pause * (2.0**attempt) + random.uniform(0, 0.1)
                    time.sleep(delay)
        """,
        added="from mulligan import execute\nfrom policies import ENCODING",
        after="""
            _retries = 5
            _pause = 0.1

            encoding = execute(ENCODING, encodings.get, "base")
        """,
        policies="""
            from mulligan import Policy, additive_jitter, exponential

            ENCODING = Policy(
                retry_on=(FileExistsError, OSError),
                schedule=exponential(0.1, factor=2).jittered(additive_jitter(0.1)),
                max_attempts=5,
            )
        """,
        qualname="",
        calls=("encoding",),
        assumes=_assumes(METHOD, UNREAD),
        grain=0.1,
    ),
    Case(
        name="try-else-return",
        like=("T069",),
        imports="import asyncio\nimport random\nfrom outside import SAFE, async_write, client",
        before="""
            async def work(turn, retries, statement):
                for attempt in range(retries + 1):
                    try:
                        await async_write(client.db, turn, statement)
                    except SAFE:
                        if attempt >= retries:
                            raise
                        await asyncio.sleep(2.0**attempt + random.uniform(0, 1))
                    else:
                        return
        """,
        added="from mulligan import execute_async\nfrom policies import UPSERT",
        after="""
            async def work(turn, retries, statement):
                async def upsert():
                    await async_write(client.db, turn, statement)

                await execute_async(UPSERT.replace(max_attempts=retries + 1), upsert)
        """,
        policies="""
            from mulligan import Policy, additive_jitter, exponential
            from outside import SAFE

            UPSERT = Policy(retry_on=SAFE, schedule=exponential(1, factor=2).jittered(additive_jitter(1)))
        """,
        calls=("work('t', 2, 's')", "work('t', 0, 's')"),
        assumes=_assumes(COUNT),
        grain=1.0,
    ),
    Case(
        name="keywords-passed-on",
        like=("T075",),
        imports="import time\nfrom outside import Broken, log, route",
        before="""
            class Client:
                def send(self, messages, **kwargs):
                    return route(messages, **kwargs)

                def work(self, messages, *, form=None, retries=0, **kwargs):
                    for attempt in range(retries + 1):
                        try:
                            return self.send(messages, form=form, retries=retries, **kwargs)
                        except Broken:
                            if attempt >= retries:
                                raise
                            log.debug(f"call failed (attempt {attempt + 1}/{retries + 1}), retrying...")
                            time.sleep(2**attempt)
        """,
        added="from mulligan import Execution\nfrom policies import COMPLETE",
        after="""
            class Client:
                def send(self, messages, **kwargs):
                    return route(messages, **kwargs)

                def work(self, messages, *, form=None, retries=0, **kwargs):
                    def report(event):
                        log.debug(f"call failed (attempt {event.attempt}/{retries + 1}), retrying...")

                    return Execution(COMPLETE.replace(max_attempts=retries + 1), on_retry=report).run(
                        self.send, messages, form=form, retries=retries, **kwargs
                    )
        """,
        policies="""
            from mulligan import Policy, exponential
            from outside import Broken

            COMPLETE = Policy(retry_on=Broken, schedule=exponential(1))
        """,
        qualname="Client.work",
        calls=("Client().work('m', retries=3, heat=1)", "Client().work('m')"),
        assumes=_assumes(COUNT, METHOD),
    ),
    Case(
        name="inside-a-loop-over-chunks",
        like=("T077",),
        imports="import time\nfrom outside import config, load, log",
        before="""
            def work(chunks, headers):
                retries = config.get("retries")
                pause = config.get("pause")
                for chunk in chunks:
                    log.info(f"chunk {chunk}")
                    for retry in range(retries):
                        try:
                            load(start=chunk.start, end=chunk.end, headers=headers)
                            log.info(f"loaded {chunk}")
                            break
                        except Exception:
                            if retry == retries - 1:
                                raise
                        time.sleep(pause)
        """,
        added="from mulligan import constant, execute\nfrom policies import CHUNK",
        after="""
            def work(chunks, headers):
                retries = config.get("retries")
                pause = config.get("pause")
                for chunk in chunks:
                    log.info(f"chunk {chunk}")

                    def loaded():
                        load(start=chunk.start, end=chunk.end, headers=headers)
                        log.info(f"loaded {chunk}")

                    execute(CHUNK.replace(max_attempts=retries, schedule=constant(pause)), loaded)
        """,
        policies="""
            from mulligan import Policy

            CHUNK = Policy(retry_on=Exception)
        """,
        calls=("work(__import__('outside').chunks, {'h': 1})",),
        assumes=_assumes(COUNT, DELAY),
    ),
    Case(
        name="body-builds-arguments",
        like=("T097",),
        imports="""
            import time
            from outside import Timeout, is_windows, log, runner

            LIMIT = 2 if is_windows() else 1
            SECONDS = 120
        """,
        before="""
            def work():
                for attempt in range(1, LIMIT + 1):
                    try:
                        kwargs = {"_timeout": SECONDS}
                        if is_windows():
                            kwargs["env"] = "base"
                        answer = runner.run("sync", **kwargs)
                        assert answer.code is not None, answer
                        return
                    except Timeout as exc:
                        if attempt >= LIMIT:
                            raise
                        log.warning("sync timed out (attempt %s/%s): %s", attempt, LIMIT, exc)
                        time.sleep(15)
        """,
        added="from mulligan import Execution\nfrom policies import SYNC",
        after="""
            def work():
                def sync():
                    kwargs = {"_timeout": SECONDS}
                    if is_windows():
                        kwargs["env"] = "base"
                    answer = runner.run("sync", **kwargs)
                    assert answer.code is not None, answer

                def report(event):
                    log.warning("sync timed out (attempt %s/%s): %s", event.attempt, LIMIT, event.error)

                Execution(SYNC.replace(max_attempts=LIMIT), on_retry=report).run(sync)
        """,
        policies="""
            from mulligan import Policy, constant
            from outside import Timeout

            SYNC = Policy(retry_on=Timeout, schedule=constant(15))
        """,
        calls=("work()",),
        assumes=_assumes(COUNT, METHOD),
    ),
    Case(
        name="assertion-is-not-retried",
        like=("T100",),
        imports="import time\nfrom outside import Timeout, log, runner\n\nLIMIT = 2",
        before="""
            def work(wanted):
                for attempt in range(1, LIMIT + 1):
                    try:
                        answer = runner.run("sync", limit=LIMIT)
                        assert answer.code == wanted, answer
                        return
                    except Timeout as exc:
                        if attempt >= LIMIT:
                            raise
                        log.warning("timed out (attempt %s/%s), retrying: %s", attempt, LIMIT, exc)
                        time.sleep(15)
        """,
        added="from mulligan import Execution\nfrom policies import SYNC",
        after="""
            def work(wanted):
                def sync():
                    answer = runner.run("sync", limit=LIMIT)
                    assert answer.code == wanted, answer

                Execution(
                    SYNC,
                    on_retry=lambda event: log.warning(
                        "timed out (attempt %s/%s), retrying: %s", event.attempt, LIMIT, event.error
                    ),
                ).run(sync)
        """,
        policies="""
            from mulligan import Policy, constant
            from outside import Timeout

            SYNC = Policy(retry_on=Timeout, schedule=constant(15), max_attempts=2)
        """,
        calls=("work(3)",),
        assumes=_assumes(METHOD),
    ),
    Case(
        name="deadline-of-a-local",
        like=("T102",),
        imports="import time",
        before="""
            def work(handle):
                from outside import Broken, context

                door = context().socket("dealer")
                deadline = time.monotonic() + 5.0
                while True:
                    try:
                        door.bind(handle)
                        break
                    except Broken:
                        if time.monotonic() >= deadline:
                            raise
                        time.sleep(0.1)
                return door
        """,
        added="from mulligan import execute\nfrom policies import BIND",
        after="""
            def work(handle):
                from outside import Broken, context

                door = context().socket("dealer")
                execute(BIND.replace(retry_on=Broken), lambda: door.bind(handle))
                return door
        """,
        policies="""
            from mulligan import UNLIMITED, Policy, constant

            BIND = Policy(retry_on=Exception, schedule=constant(0.1), max_attempts=UNLIMITED, stop_after=5.0)
        """,
        calls=("work('u')",),
        assumes=_assumes(METHOD, SAME),
    ),
    Case(
        name="own-class-logged-each-time",
        like=("T107",),
        imports="import time\nfrom outside import Broken, fetch, log",
        before="""
            class Ongoing(Broken):
                pass


            def engine(method, tries=3, pause=2):
                def work(self, *args, **kwargs):
                    count = 0
                    while count < tries:
                        try:
                            return method(self, *args, **kwargs)
                        except Ongoing:
                            log.warning("Ongoing. Retrying.")
                            count += 1
                            if count < tries:
                                time.sleep(pause)
                            else:
                                raise

                return work
        """,
        added="from mulligan import constant, execute\nfrom policies import ONGOING",
        after="""
            class Ongoing(Broken):
                pass


            def engine(method, tries=3, pause=2):
                def work(self, *args, **kwargs):
                    def call():
                        try:
                            return method(self, *args, **kwargs)
                        except Ongoing:
                            log.warning("Ongoing. Retrying.")
                            raise

                    policy = ONGOING.replace(retry_on=Ongoing, max_attempts=tries, schedule=constant(pause))
                    return execute(policy, call)

                return work
        """,
        policies="""
            from mulligan import Policy

            ONGOING = Policy(retry_on=Exception)
        """,
        qualname="engine.work",
        calls=("engine(lambda self, u: __import__('outside').ongoing(Ongoing, u))(None, 'u')",),
        assumes=_assumes(COUNT, DELAY, LOGGING),
    ),
    Case(
        name="inside-an-outer-try",
        like=("T117",),
        imports="import time\nfrom outside import Broken, client, config, log",
        before="""
            def work(network, gateway):
                if network is None:
                    return
                try:
                    if gateway is not None:
                        client.delete_gateway(gateway)
                    count = 0
                    while count < config.retries:
                        try:
                            response = client.delete(network=network)
                            log.debug(f"deleted {network}-{response.data}")
                            break
                        except Broken as e:
                            log.info(f"waiting: {str(e)}")
                            count = count + 1
                            if count == config.retries:
                                raise e
                            else:
                                time.sleep(config.wait)

                except Broken as e:
                    log.error(f"not deleted: {str(e)}")
        """,
        added="from mulligan import constant, execute\nfrom policies import DELETE",
        after="""
            def work(network, gateway):
                if network is None:
                    return
                try:
                    if gateway is not None:
                        client.delete_gateway(gateway)

                    def delete():
                        try:
                            response = client.delete(network=network)
                            log.debug(f"deleted {network}-{response.data}")
                        except Broken as e:
                            log.info(f"waiting: {str(e)}")
                            raise

                    execute(DELETE.replace(max_attempts=config.retries, schedule=constant(config.wait)), delete)

                except Broken as e:
                    log.error(f"not deleted: {str(e)}")
        """,
        policies="""
            from mulligan import Policy
            from outside import Broken

            DELETE = Policy(retry_on=Broken)
        """,
        calls=("work('n', 'g')", "work('n', None)"),
        assumes=_assumes(COUNT, DELAY, SAME, METHOD, LOGGING),
    ),
    Case(
        name="limit-checked-before-the-log",
        like=("T121",),
        imports="import time\nfrom outside import Broken, log, runner",
        before="""
            class Commands:
                def run(self, cmd, **kwargs):
                    return runner.run(cmd, **kwargs)

                def work(self, cmd, **kwargs):
                    count = 0
                    limit = 3
                    while True:
                        try:
                            return self.run(cmd, **kwargs)
                        except Broken as e:
                            count += 1
                            if count >= limit:
                                raise e
                            log.warning(f"failed to run {cmd!r}. Retry count: {count}")
                            time.sleep(10)
        """,
        added="from mulligan import Execution\nfrom policies import RUN",
        after="""
            class Commands:
                def run(self, cmd, **kwargs):
                    return runner.run(cmd, **kwargs)

                def work(self, cmd, **kwargs):
                    def report(event):
                        log.warning(f"failed to run {cmd!r}. Retry count: {event.attempt}")

                    return Execution(RUN, on_retry=report).run(self.run, cmd, **kwargs)
        """,
        policies="""
            from mulligan import Policy, constant
            from outside import Broken

            RUN = Policy(retry_on=Broken, schedule=constant(10), max_attempts=3)
        """,
        qualname="Commands.work",
        calls=("Commands().work('ls', sudo=True)",),
        assumes=_assumes(METHOD),
    ),
    Case(
        name="trailing-sleep-method",
        like=("T129",),
        imports="import time\nfrom outside import copy, log",
        before="""
            class Node:
                ip = "10.0.0.1"

                def sync(self, paths, role):
                    copy(paths, role=role)

                def work(self, source, target, role):
                    limit = 4
                    for retry in range(limit):
                        try:
                            self.sync([":" + source, target], role=role)
                            return True
                        except Exception as e:
                            log.debug("copy failed, trying again. Error message: %s" % e)
                            time.sleep(10 * retry)
                    raise RuntimeError(f"no copy of {source} from {role} at {self.ip}")
        """,
        added="from mulligan import execute\nfrom policies import COPY",
        after="""
            class Node:
                ip = "10.0.0.1"

                def sync(self, paths, role):
                    copy(paths, role=role)

                def work(self, source, target, role):
                    def copied():
                        try:
                            self.sync([":" + source, target], role=role)
                            return True
                        except Exception as e:
                            log.debug("copy failed, trying again. Error message: %s" % e)
                            raise

                    try:
                        return execute(COPY, copied)
                    except Exception:
                        pass
                    raise RuntimeError(f"no copy of {source} from {role} at {self.ip}")
        """,
        policies="""
            from mulligan import Policy, linear

            COPY = Policy(retry_on=Exception, schedule=linear(0, step=10), max_attempts=4)
        """,
        qualname="Node.work",
        calls=("Node().work('s', 't', 'r')",),
        assumes=_assumes(METHOD, LOGGING),
    ),
)
