"""Loops that are no retries, and retries that are refused: each with its code."""

from __future__ import annotations

__all__ = ["NO_RETRIES", "REFUSED"]

NO_RETRIES = {
    "daemon": (
        "ML301",
        """
        while True:
            try:
                handle(queue.get())
            except Exception:
                time.sleep(1)
        """,
    ),
    "poll": (
        "ML302",
        """
        while True:
            try:
                job = fetch(url)
            except OSError:
                job = None
            if job:
                return job
            time.sleep(5)
        """,
    ),
    "different items": (
        "ML304",
        """
        for host in hosts:
            try:
                return connect(host)
            except OSError:
                time.sleep(1)
        """,
    ),
    "different numbers": (
        "ML304",
        """
        for port in range(8000, 8100):
            try:
                return listen(port)
            except OSError:
                time.sleep(0.1)
        """,
    ),
    "a library": (
        "ML306",
        """
        for attempt in RetryManager(3):
            try:
                return connect(host)
            except OSError as error:
                time.sleep(1)
        """,
    ),
    "it waits through Ctrl-C": (
        "ML307",
        """
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                pass
        """,
    ),
    "every error is fatal": (
        "ML307",
        """
        while not job.done():
            try:
                job.refresh()
            except OSError:
                raise
            time.sleep(1)
        """,
    ),
}

REFUSED = {
    "the attempt's number is an argument": (
        "ML203",
        """
        for attempt in range(3):
            try:
                return get(url, attempt)
            except OSError:
                time.sleep(1)
        """,
    ),
    "its variable is read later": (
        "ML204",
        """
        for attempt in range(3):
            try:
                page = get(url)
                break
            except OSError:
                if attempt == 2:
                    raise
                time.sleep(1)
        return page, attempt
        """,
    ),
    "one branch goes on without the value": (
        "ML205",
        """
        page = None
        for attempt in range(3):
            try:
                page = create(url)
                break
            except OSError as error:
                if "exists" in str(error):
                    break
                if attempt == 2:
                    raise
                time.sleep(1)
        return page
        """,
    ),
    "a yield": (
        "ML208",
        """
        for attempt in range(3):
            try:
                yield from get(url)
                return
            except OSError:
                time.sleep(1)
        """,
    ),
    "an attempt goes on where the last one stopped": (
        "ML209",
        """
        offset = 0
        while True:
            try:
                while offset < 100:
                    offset = send(offset)
                return offset
            except OSError:
                time.sleep(1)
        """,
    ),
    "exceptions that depend on the attempt": (
        "ML219",
        """
        for attempt in range(3):
            try:
                return get(url)
            except errors_of(attempt) as error:
                if attempt == 2:
                    raise
                time.sleep(1)
        """,
    ),
    "an endless loop that something else ends": (
        "ML206",
        """
        while True:
            try:
                return get(url)
            except OSError:
                log.warning("again")
                if queue.closed():
                    return None
                time.sleep(1)
        """,
    ),
    "a decision tree": (
        "ML218",
        """
        for attempt in range(3):
            try:
                return get(url)
            except OSError as error:
                if error.errno == 1:
                    return 1
                if error.errno == 2:
                    return 2
                if error.errno == 3:
                    return 3
                if error.errno == 4:
                    return 4
                if attempt == 2:
                    raise
                time.sleep(1)
        """,
    ),
    "a branch that binds what is read later": (
        "ML210",
        """
        for attempt in range(3):
            try:
                return get(url)
            except OSError as error:
                if attempt == 2:
                    raise
                if error.errno == 11:
                    host = mirror
                time.sleep(1)
        report(host)
        """,
    ),
    "a sleep in another unit": (
        "ML221",
        """
        for attempt in range(3):
            try:
                return get(url)
            except OSError:
                sleep_ms(250)
        """,
    ),
    "a status decides": (
        "ML215",
        """
        for attempt in range(3):
            try:
                response = get(url)
                if response.status_code not in (429, 503):
                    return response
            except OSError:
                pass
            time.sleep(1)
        """,
    ),
    "the condition tests the result": (
        "ML215",
        """
        page = None
        tries = 0
        while page is None and tries < 3:
            try:
                page = get(url)
            except OSError:
                time.sleep(1)
            tries += 1
        return page
        """,
    ),
    "a bare raise of an outer handler": (
        "ML205",
        """
        try:
            return cache[url]
        except KeyError:
            for attempt in range(3):
                try:
                    page = get(url)
                    break
                except OSError:
                    time.sleep(1)
            else:
                raise
            return page
        """,
    ),
}
