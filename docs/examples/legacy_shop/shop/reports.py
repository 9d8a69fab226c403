"""Nightly reports."""

from retrying import retry

from .errors import StorageError


def is_busy(exc):
    return isinstance(exc, StorageError)


@retry(retry_on_exception=is_busy, stop_max_attempt_number=4, wait_fixed=2000)
def render(source, name):
    """Render one report; the reporting replica lags behind."""
    return source.render(name)


@retry(retry_on_result=lambda rows: not rows, wait_exponential_multiplier=500, wait_exponential_max=5000, stop_max_attempt_number=3)
def rows(source, day):
    """Rows of a day; they arrive some seconds after midnight."""
    return source.rows(day)
