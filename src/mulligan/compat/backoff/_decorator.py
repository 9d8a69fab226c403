"""backoff's two decorators.

Rules: what is decorated is asynchronous where calling it answers a coroutine. A wrong keyword of a wait generator shows
at the first call.
"""

from __future__ import annotations

import logging
import operator
from functools import partial, wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from mulligan import audience as audiences
from mulligan._functions import answers_awaitable
from mulligan.clock import running_clock
from mulligan.compat.backoff import _async, _sync
from mulligan.compat.backoff._given import ExceptionTerms, Given, configured, terms_of
from mulligan.compat.backoff._jitter import full_jitter
from mulligan.compat.flag import Mode, is_set, mode_of
from mulligan.compat.narration import Narration
from mulligan.compat.sites import site_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mulligan.compat.backoff._typing import (
        Handler,
        Jitterer,
        MaybeCallable,
        MaybeLogger,
        WaitGenerator,
    )

__all__ = ["on_exception", "on_predicate"]

P = ParamSpec("P")
R = TypeVar("R")


def _never(error: Exception) -> bool:  # noqa: ARG001 - a predicate's signature
    """Answer False: the default of `giveup`."""
    return False


def on_predicate(
    wait_gen: WaitGenerator,
    predicate: Callable[[Any], object] = operator.not_,
    *,
    max_tries: MaybeCallable[int] | None = None,
    max_time: MaybeCallable[float] | None = None,
    jitter: Jitterer | None = full_jitter,
    on_success: Handler | Iterable[Handler] | None = None,
    on_backoff: Handler | Iterable[Handler] | None = None,
    on_giveup: Handler | Iterable[Handler] | None = None,
    logger: MaybeLogger = "backoff",
    backoff_log_level: int = logging.INFO,
    giveup_log_level: int = logging.ERROR,
    **wait_gen_kwargs: Any,
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Decorate a function so that it is called again while a predicate holds for its value.

    Args:
        wait_gen: makes the generator of delays in seconds.
        predicate: holds for values that are not accepted; a falsy value by default.
        max_tries: how many attempts are made; exhaustion answers the last value. Or a callable that answers it.
        max_time: seconds after which the last value is final. Or a callable that answers it.
        jitter: makes a delay of the generator's; `None` takes it as it is.
        on_success: one handler or several, called with details.
        on_backoff: the same, before each retry.
        on_giveup: the same, where no attempt follows.
        logger: a logger or its name; `None` is silent.
        backoff_log_level: the level of the records before retries.
        giveup_log_level: the level of the record where no attempt follows.
        wait_gen_kwargs: passed to the wait generator; callables are called first.

    >>> from mulligan.compat.backoff import constant
    >>> pages = iter([None, None, "page"])
    >>> @on_predicate(constant, interval=0, jitter=None)
    ... def fetch() -> str | None:
    ...     return next(pages)
    >>> fetch()
    'page'
    """
    given = Given(
        decorator="on_predicate",
        arguments=(wait_gen, predicate),
        on_success=configured(on_success),
        on_backoff=configured(on_backoff),
        on_giveup=configured(on_giveup),
        limits={"max_tries": max_tries, "max_time": max_time, "jitter": jitter},
        logging={"logger": logger, "backoff_log_level": backoff_log_level, "giveup_log_level": giveup_log_level},
        giveup={},
        wait_gen_kwargs=wait_gen_kwargs,
    )
    terms = terms_of(given)

    def decorate(target: Callable[P, R]) -> Callable[P, R]:
        if answers_awaitable(target):
            return _asynchronous(given, target, partial(_async.on_predicate, terms, predicate))
        return _synchronous(given, target, partial(_sync.on_predicate, terms, predicate))

    return decorate


def on_exception(
    wait_gen: WaitGenerator,
    exception: type[BaseException] | tuple[type[BaseException], ...],
    *,
    max_tries: MaybeCallable[int] | None = None,
    max_time: MaybeCallable[float] | None = None,
    jitter: Jitterer | None = full_jitter,
    giveup: Callable[[Any], object] = _never,
    on_success: Handler | Iterable[Handler] | None = None,
    on_backoff: Handler | Iterable[Handler] | None = None,
    on_giveup: Handler | Iterable[Handler] | None = None,
    raise_on_giveup: bool = True,
    logger: MaybeLogger = "backoff",
    backoff_log_level: int = logging.INFO,
    giveup_log_level: int = logging.ERROR,
    **wait_gen_kwargs: Any,
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Decorate a function so that it is called again after errors.

    Args:
        wait_gen: makes the generator of delays in seconds.
        exception: the errors that are retried.
        max_tries: how many attempts are made. Or a callable that answers it.
        max_time: seconds after which an error is final. Or a callable that answers it.
        jitter: makes a delay of the generator's; `None` takes it as it is.
        giveup: answers whether an error is final.
        on_success: one handler or several, called with details.
        on_backoff: the same, before each retry.
        on_giveup: the same, where no attempt follows.
        raise_on_giveup: whether the last error is raised; otherwise the call answers `None`.
        logger: a logger or its name; `None` is silent.
        backoff_log_level: the level of the records before retries.
        giveup_log_level: the level of the record where no attempt follows.
        wait_gen_kwargs: passed to the wait generator; callables are called first.

    >>> from mulligan.compat.backoff import expo
    >>> @on_exception(expo, ConnectionError, max_tries=4, factor=0.1)
    ... def fetch(page: str) -> str:
    ...     return page.upper()
    >>> fetch("page")
    'PAGE'
    """
    given = Given(
        decorator="on_exception",
        arguments=(wait_gen, exception),
        on_success=configured(on_success),
        on_backoff=configured(on_backoff),
        on_giveup=configured(on_giveup),
        limits={"max_tries": max_tries, "max_time": max_time, "jitter": jitter},
        logging={"logger": logger, "backoff_log_level": backoff_log_level, "giveup_log_level": giveup_log_level},
        giveup={"giveup": giveup, "raise_on_giveup": raise_on_giveup},
        wait_gen_kwargs=wait_gen_kwargs,
    )
    common = terms_of(given)
    terms = ExceptionTerms(common=common, exception=exception, giveup=giveup, raise_on_giveup=raise_on_giveup)

    def decorate(target: Callable[P, R]) -> Callable[P, R]:
        if answers_awaitable(target):
            return _asynchronous(given, target, partial(_async.on_exception, terms))
        return _synchronous(given, target, partial(_sync.on_exception, terms))

    return decorate


def _synchronous(given: Given, target: Callable[P, R], modern: Callable[..., R]) -> Callable[P, R]:
    name = site_name(target)

    @wraps(target)
    def retried(*args: P.args, **kwargs: P.kwargs) -> R:
        if not is_set() or (mode := mode_of(name)) is Mode.MODERN:
            audience = audiences.everywhere
            if audience is None:
                return modern(None, target, *args, **kwargs)
            with Narration(target, audience) as narration:
                return modern(narration, target, *args, **kwargs)
        from mulligan.compat.modes.backoff import run  # noqa: PLC0415 - only these modes need the original

        return run(mode, given, target, *args, **kwargs)

    return retried


def _asynchronous(given: Given, target: Callable[P, Any], modern: Callable[..., Any]) -> Callable[P, Any]:
    name = site_name(target)

    @wraps(target)
    async def retried(*args: P.args, **kwargs: P.kwargs) -> Any:
        if not is_set() or (mode := mode_of(name)) is Mode.MODERN:
            audience = audiences.everywhere
            if audience is None:
                return await modern(None, target, *args, **kwargs)
            with Narration(target, audience, running_clock()) as narration:
                return await modern(narration, target, *args, **kwargs)
        from mulligan.compat.modes.backoff import run_async  # noqa: PLC0415 - only these modes need the original

        return await run_async(mode, given, target, *args, **kwargs)

    return retried
