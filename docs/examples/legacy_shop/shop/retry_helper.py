"""retry decorator. Copied over from the old monolith (platform/common/retry.py), please keep in sync."""

import functools
import logging
import time

log = logging.getLogger(__name__)


def retry(tries=3, delay=1, backoff=1, exceptions=(Exception,)):
    """Call the function up to `tries` times, `delay` seconds apart, `delay` growing by the factor `backoff`."""

    def decorate(func):
        @functools.wraps(func)
        def wrapper(*args, **kwargs):
            pause = delay
            for left in reversed(range(tries)):
                try:
                    return func(*args, **kwargs)
                except exceptions as exc:
                    if not left:
                        raise
                    log.warning("%s: %s (%d tries left)", func.__name__, exc, left)
                    time.sleep(pause)
                    pause *= backoff

        return wrapper

    return decorate
