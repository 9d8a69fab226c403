"""retry's `retry.api`: the decorator and the direct call.

Rules: names, signatures, defaults and log records are those of retry 0.9.2. Where `log_traceback` or `on_exception` is
given, which only retry2 has, the records are retry2's. A decorated function that is called with wrong arguments is not
retried, as where the package `decorator` is installed.
"""

from __future__ import annotations

import logging
import time
import traceback
from functools import partial, wraps
from inspect import signature
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from mulligan import audience as audiences
from mulligan.compat.flag import Mode, is_set, mode_of
from mulligan.compat.narration import Narration
from mulligan.compat.retry.terms import Course, Terms
from mulligan.compat.sites import site_name
from mulligan.outcome import Reason

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from mulligan.compat.retry.terms import Jitter

__all__ = ["logging_logger", "retry", "retry_call"]

P = ParamSpec("P")
R = TypeVar("R")

logging_logger: logging.Logger = logging.getLogger("retry.api")


def retry(  # noqa: PLR0917 - the interface
    exceptions: type[BaseException] | tuple[type[BaseException], ...] = Exception,
    tries: float = -1,
    delay: float = 0,
    max_delay: float | None = None,
    backoff: float = 1,
    jitter: Jitter = 0,
    logger: logging.Logger | None = logging_logger,
    log_traceback: bool = False,
    on_exception: Callable[[Any], object] | None = None,
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Answer a decorator that retries a function.

    Args:
        exceptions: the errors that are retried.
        tries: how many attempts are made; -1 never stops, 0 answers `None` without a call.
        delay: seconds before the first retry.
        max_delay: the greatest delay in seconds, from the second one on.
        backoff: how many times longer each delay is than the one before.
        jitter: seconds added to each delay from the second one on, or a range to draw them from.
        logger: warned before each retry; `None` is silent.
        log_traceback: log the traceback too (retry2).
        on_exception: called with each error; where it answers true, the call answers `None` (retry2).

    >>> @retry(ConnectionError, tries=3, delay=1, backoff=2)
    ... def fetch(page: str) -> str:
    ...     return page.upper()
    >>> fetch("page")
    'PAGE'
    """
    terms = Terms(exceptions, tries, delay, max_delay, backoff, jitter, logger, log_traceback, on_exception)

    def decorate(f: Callable[P, R]) -> Callable[P, R]:
        fits = signature(f).bind

        @wraps(f)
        def retried(*args: P.args, **kwargs: P.kwargs) -> R:
            if is_set() or audiences.everywhere is not None:
                return _retried(terms, f, fits, *args, **kwargs)
            return _attempts(terms, None, f, fits, *args, **kwargs)

        return retried

    return decorate


def retry_call(  # noqa: PLR0917 - the interface
    f: Callable[..., R],
    fargs: Sequence[Any] | None = None,
    fkwargs: Mapping[str, Any] | None = None,
    exceptions: type[BaseException] | tuple[type[BaseException], ...] = Exception,
    tries: float = -1,
    delay: float = 0,
    max_delay: float | None = None,
    backoff: float = 1,
    jitter: Jitter = 0,
    logger: logging.Logger | None = logging_logger,
    log_traceback: bool = False,
    on_exception: Callable[[Any], object] | None = None,
) -> R:
    """Call a function and retry it.

    Args:
        f: the operation.
        fargs: its positional arguments.
        fkwargs: its keyword arguments.
        exceptions: as in `retry`, like the rest.
        tries: how many attempts are made; -1 never stops, 0 answers `None` without a call.
        delay: seconds before the first retry.
        max_delay: the greatest delay in seconds, from the second one on.
        backoff: how many times longer each delay is than the one before.
        jitter: seconds added to each delay from the second one on, or a range to draw them from.
        logger: warned before each retry; `None` is silent.
        log_traceback: log the traceback too (retry2).
        on_exception: called with each error; where it answers true, the call answers `None` (retry2).

    >>> retry_call(max, fargs=[1, 2], tries=3)
    2
    """
    terms = Terms(exceptions, tries, delay, max_delay, backoff, jitter, logger, log_traceback, on_exception)
    if is_set() or audiences.everywhere is not None:
        return _retried(terms, f, None, *(fargs or ()), **(fkwargs or {}))
    return _attempts(terms, None, f, None, *(fargs or ()), **(fkwargs or {}))


def _retried(
    terms: Terms, f: Callable[P, R], fits: Callable[..., object] | None, *args: P.args, **kwargs: P.kwargs
) -> R:
    mode = mode_of(site_name(f))
    if mode is Mode.MODERN:
        audience = audiences.everywhere
        if audience is None:
            return _attempts(terms, None, f, fits, *args, **kwargs)
        with Narration(f, audience) as narration:
            return _attempts(terms, narration, f, fits, *args, **kwargs)
    from mulligan.compat.modes.retry import run  # noqa: PLC0415 - only these modes need the original

    return run(mode, terms, fits is not None, f, *args, **kwargs)


def _attempts(
    terms: Terms,
    narration: Narration | None,
    f: Callable[P, R],
    fits: Callable[..., object] | None,
    *args: P.args,
    **kwargs: P.kwargs,
) -> R:
    course, tries, exceptions = None, terms.tries, terms.exceptions
    while tries:
        if narration is not None:
            narration.begins()
        try:
            return f(*args, **kwargs)
        except exceptions as error:
            if course is None:
                if fits is not None and isinstance(error, TypeError):
                    fits(*args, **kwargs)
                course = Course(terms, narration)
            enough = terms.on_exception is not None and terms.on_exception(error)
            delay = course.after(error, enough=enough)
            if enough:
                break
            if isinstance(delay, Reason):
                raise
            _warn(terms, error, delay, f)
            time.sleep(delay)
            course.slept()
    return None  # type: ignore[return-value]  # pyright: ignore[reportReturnType] - the interface, with tries=0


def _warn(terms: Terms, error: BaseException, delay: float, f: object) -> None:
    if terms.logger is None:
        return
    if not terms.speaks_retry2:
        terms.logger.warning("%s, retrying in %s seconds...", error, delay)
        return
    while isinstance(f, partial):
        f = f.func
    name = f"{getattr(f, '__module__', None)}.{getattr(f, '__qualname__', None) or f}"
    kind = type(error).__qualname__
    terms.logger.warning(f"{kind}: {error} in {name}, retrying in {delay} seconds...")  # noqa: G004 - retry2's msg
    if terms.log_traceback:
        terms.logger.warning(traceback.format_exc())
