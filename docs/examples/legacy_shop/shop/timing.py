"""Small timing functions, mostly for the warehouse scanners (their protocol counts in milliseconds)."""

import time


def sleep(milliseconds):
    """Pause for so many milliseconds."""
    time.sleep(milliseconds / 1000.0)


def now_ms():
    return int(time.time() * 1000)
