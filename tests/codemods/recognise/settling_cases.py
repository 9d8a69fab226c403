"""Handlers of which a branch counts as success; before and after."""

from __future__ import annotations

from tests.codemods.recognise.handler_cases import HandlerCase

__all__ = ["SETTLING"]

SETTLING = (
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
)
