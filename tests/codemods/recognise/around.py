"""Loops whose difficulty stands around the `try`: heads, limits, pauses, endings; before and after.

The import lines are left out of `after`; what is not `safe` needn't be proved.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["AROUND", "Around"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """A loop.

    Args:
        name: what is special about it.
        before: the function.
        after: the function after the rewrite.
        policy: the fields of its policy in the central module, except its name.
        safe: whether the rewrite is proved with documented assumptions.
    """

    name: str
    before: str
    after: str
    policy: str
    safe: bool = True


AROUND = (
    Around(
        name="a pause before every attempt",
        before="""
        def fetch(url):
            for _ in range(5):
                # the server needs a moment
                time.sleep(2)
                try:
                    return get(url)
                except OSError:
                    pass
            raise GatewayError(url)
        """,
        after="""
        def fetch(url):
            # the server needs a moment
            time.sleep(2)
            try:
                return execute(FETCH, get, url)
            except OSError:
                raise GatewayError(url)
        """,
        policy="retry_on=OSError, schedule=constant(2), max_attempts=5",
    ),
    Around(
        name="a pause before every attempt but the first",
        before="""
        def fetch(url):
            for attempt in range(4):
                if attempt > 0:
                    time.sleep(0.5 * 2 ** (attempt - 1))
                try:
                    return get(url)
                except OSError as error:
                    last = error
            raise last
        """,
        after="""
        @retry(FETCH)
        def fetch(url):
            return get(url)
        """,
        policy="retry_on=OSError, schedule=exponential(0.5), max_attempts=4",
    ),
    Around(
        name="a pause if this is not the first attempt, in a while loop",
        before="""
        def fetch(url):
            tries = 0
            while True:
                if tries:
                    time.sleep(3)
                try:
                    page = get(url)
                    break
                except OSError:
                    tries += 1
                    if tries == 5:
                        raise
            return page.text
        """,
        after="""
        def fetch(url):
            page = execute(FETCH, get, url)
            return page.text
        """,
        policy="retry_on=OSError, schedule=constant(3), max_attempts=5",
    ),
    Around(
        name="a limit tested before the attempt",
        before="""
        def fetch(url):
            tries = 0
            while True:
                if tries == 3:
                    raise GatewayError("gave up")
                try:
                    return get(url)
                except OSError:
                    tries += 1
                    time.sleep(1)
        """,
        after="""
        def fetch(url):
            try:
                return execute(FETCH, get, url)
            except OSError:
                raise GatewayError("gave up")
        """,
        policy="retry_on=OSError, schedule=constant(1), max_attempts=3",
    ),
    Around(
        name="a log line before every attempt",
        before="""
        def fetch(url):
            for _ in range(3):
                log.debug("asking %s", url)
                try:
                    return get(url)
                except OSError:
                    time.sleep(1)
            return None
        """,
        after="""
        def fetch(url):
            def fetch_once():
                log.debug("asking %s", url)
                return get(url)

            try:
                return execute(FETCH, fetch_once)
            except OSError:
                return None
        """,
        policy="retry_on=OSError, schedule=constant(1), max_attempts=3",
    ),
    Around(
        name="the last failure only logs",
        before="""
        def fetch(url):
            for attempt in range(3):
                try:
                    send(url)
                    break
                except OSError as error:
                    if attempt < 2:
                        time.sleep(1)
                    else:
                        log.error("gave up: %s", error)
        """,
        after="""
        def fetch(url):
            try:
                execute(FETCH, send, url)
            except OSError as error:
                log.error("gave up: %s", error)
        """,
        policy="retry_on=OSError, schedule=constant(1), max_attempts=3",
    ),
    Around(
        name="the last failure logs and falls through to a value",
        before="""
        def fetch(url):
            for attempt in range(1, 4):
                try:
                    return get(url)
                except OSError as error:
                    if attempt < 3:
                        time.sleep(1)
                        continue
                    log.error("gave up: %s", error)
            return None
        """,
        after="""
        def fetch(url):
            try:
                return execute(FETCH, get, url)
            except OSError as error:
                log.error("gave up: %s", error)
            return None
        """,
        policy="retry_on=OSError, schedule=constant(1), max_attempts=3",
    ),
    Around(
        name="a delay that may be None",
        before="""
        def fetch(url, pause=None):
            while True:
                try:
                    return get(url)
                except OSError:
                    if pause is not None and pause > 0:
                        time.sleep(pause)
        """,
        after="""
        def fetch(url, pause=None):
            return execute(FETCH.replace(schedule=constant(pause or 0)), get, url)
        """,
        policy="retry_on=OSError, max_attempts=UNLIMITED",
    ),
    Around(
        name="the last attempt written out behind the loop",
        before="""
        def fetch(url, limit):
            tries = 1
            while tries < limit:
                try:
                    return get(url)
                except OSError as error:
                    log.warning("%s: %s", url, error)
                    time.sleep(1)
                    tries += 1

            return get(url)
        """,
        after="""
        def fetch(url, limit):
            return Execution(
                FETCH.replace(max_attempts=limit),
                on_retry=lambda event: log.warning("%s: %s", url, event.error),
            ).run(get, url)
        """,
        policy="retry_on=OSError, schedule=constant(1)",
    ),
    Around(
        name="the last attempt written out behind the loop with a handler of its own",
        before="""
        def fetch(url):
            for attempt in range(1, 5):
                try:
                    return get(url)
                except OSError as error:
                    log.warning("attempt %d: %s", attempt, error)
                    time.sleep(attempt)
            try:
                return get(url)
            except OSError as error:
                raise GatewayError(url) from error
        """,
        after="""
        def fetch(url):
            try:
                return Execution(
                    FETCH,
                    on_retry=lambda event: log.warning("attempt %d: %s", event.attempt, event.error),
                ).run(get, url)
            except OSError as error:
                raise GatewayError(url) from error
        """,
        policy="retry_on=OSError, schedule=linear(1), max_attempts=5",
    ),
    Around(
        name="the last attempt in the else",
        before="""
        def fetch(url):
            for _ in range(9):
                try:
                    page = get(url)
                    break
                except OSError:
                    time.sleep(1)
            else:
                page = get(url)
            return page.text
        """,
        after="""
        def fetch(url):
            page = execute(FETCH, get, url)
            return page.text
        """,
        policy="retry_on=OSError, schedule=constant(1), max_attempts=10",
    ),
    Around(
        name="a message made from the error is raised behind the loop",
        before="""
        def fetch(url):
            message = ""
            for _ in range(3):
                try:
                    return get(url)
                except OSError as error:
                    message = str(error)
                    time.sleep(1)
            raise GatewayError("gave up: " + message)
        """,
        after="""
        def fetch(url):
            try:
                return execute(FETCH, get, url)
            except OSError as error:
                message = str(error)
                raise GatewayError("gave up: " + message)
        """,
        policy="retry_on=OSError, schedule=constant(1), max_attempts=3",
    ),
    Around(
        name="the counter is tested behind the loop",
        before="""
        def fetch(url, limit):
            tries = 0
            while tries < limit:
                try:
                    page = get(url)
                    break
                except OSError:
                    time.sleep(2)
                    tries += 1
            if tries == limit:
                raise GatewayError(url)
            return page.text
        """,
        after="""
        def fetch(url, limit):
            try:
                page = execute(FETCH.replace(max_attempts=limit), get, url)
            except OSError:
                raise GatewayError(url)
            return page.text
        """,
        policy="retry_on=OSError, schedule=constant(2)",
    ),
    Around(
        name="the clock and a count side by side",
        before="""
        def fetch(url):
            start = time.monotonic()
            for attempt in range(5):
                try:
                    return get(url)
                except OSError:
                    if attempt == 4 or time.monotonic() - start > 30:
                        raise
                    time.sleep(1)
        """,
        after="""
        @retry(FETCH)
        def fetch(url):
            return get(url)
        """,
        policy="retry_on=OSError, schedule=constant(1), max_attempts=5, stop_after=30",
        safe=False,
    ),
)
