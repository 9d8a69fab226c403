"""What backoff's decorators are given, as values; its handlers and its log records.

Rules: the handler that logs comes first. It runs inside the handler of the error, whose last line it logs.
"""

from __future__ import annotations

import logging
import sys
import traceback
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, cast

from mulligan._value import Value
from mulligan.compat.backoff._wait_gen import constant, expo, fibo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from mulligan.compat.backoff._typing import Details, Handler, Jitterer, MaybeCallable, WaitGenerator

__all__ = ["ExceptionTerms", "Given", "Handlers", "Terms", "configured", "logging_handlers", "terms_of"]

_OWN: Final = (constant, expo, fibo)

Handlers: TypeAlias = "tuple[Callable[[Details], Any], ...]"


class Terms(Value):
    """What both decorators are told, under their own names.

    With `plain_waits` nobody can tell whether the generator of delays is made at the beginning of a call, as in the
    original, or when it is first needed.
    """

    wait_gen: WaitGenerator
    wait_gen_kwargs: Mapping[str, Any]
    max_tries: MaybeCallable[int] | None
    max_time: MaybeCallable[float] | None
    jitter: Jitterer | None
    plain_waits: bool
    on_success: Handlers
    on_backoff: Handlers
    on_giveup: Handlers


class ExceptionTerms(Value):
    """What `on_exception` is told, under its own names."""

    common: Terms
    exception: type[BaseException] | tuple[type[BaseException], ...]
    giveup: Callable[[Any], object]
    raise_on_giveup: bool


class Given(Value):
    """What a decorator was given, to be given to the original as well.

    Args:
        decorator: which of the two.
        arguments: its positional arguments.
        on_success: its handlers, without those that log.
        on_backoff: the same.
        on_giveup: the same.
        limits: its limits and its jitter, by name.
        logging: its logger and levels, by name.
        giveup: what `on_exception` alone takes, by name.
        wait_gen_kwargs: the arguments of its wait generator.
    """

    decorator: Literal["on_exception", "on_predicate"]
    arguments: tuple[Any, ...]
    on_success: Handlers
    on_backoff: Handlers
    on_giveup: Handlers
    limits: Mapping[str, Any]
    logging: Mapping[str, Any]
    giveup: Mapping[str, Any]
    wait_gen_kwargs: Mapping[str, Any]


def terms_of(given: Given) -> Terms:
    """Answer the terms of an execution, with the handlers that log."""
    given_logger = given.logging["logger"]
    logger = logging.getLogger(given_logger) if isinstance(given_logger, str) else given_logger
    levels = given.logging["backoff_log_level"], given.logging["giveup_log_level"]
    backing, giving = logging_handlers(logger, *levels)
    return Terms(
        wait_gen=given.arguments[0],
        wait_gen_kwargs=given.wait_gen_kwargs,
        max_tries=given.limits["max_tries"],
        max_time=given.limits["max_time"],
        jitter=given.limits["jitter"],
        plain_waits=_are_plain(given.arguments[0], given.wait_gen_kwargs),
        on_success=given.on_success,
        on_backoff=(*backing, *given.on_backoff),
        on_giveup=(*giving, *given.on_giveup),
    )


def _are_plain(wait_gen: WaitGenerator, options: Mapping[str, Any]) -> bool:
    """Answer whether it is one of backoff's own, with numbers that fit it."""
    if wait_gen not in _OWN or any(callable(value) for value in options.values()):
        return False
    try:
        wait_gen(**options)
    except TypeError:
        return False
    return True


def configured(given: Handler | Iterable[Handler] | None) -> Handlers:
    """Answer the handlers, whether one is given or several."""
    if given is None:
        return ()
    return (given,) if callable(given) and not hasattr(given, "__iter__") else tuple(cast("Iterable[Handler]", given))


def logging_handlers(logger: logging.Logger | None, backoff_level: int, giveup_level: int) -> tuple[Handlers, Handlers]:
    """Answer the handlers that log: before a sleep, and at the end; none without a logger."""
    return _log(_log_backoff, logger, backoff_level), _log(_log_giveup, logger, giveup_level)


def _log(log: Callable[..., None], logger: logging.Logger | None, level: int) -> Handlers:
    return () if logger is None else (partial(log, logger=logger, log_level=level),)


def _log_backoff(details: Details, logger: logging.Logger, log_level: int) -> None:
    name, wait = details["target"].__name__, details.get("wait")
    logger.log(log_level, "Backing off %s(...) for %.1fs (%s)", name, wait, _cause(details))


def _log_giveup(details: Details, logger: logging.Logger, log_level: int) -> None:
    name, tries = details["target"].__name__, details["tries"]
    logger.log(log_level, "Giving up %s(...) after %d tries (%s)", name, tries, _cause(details))


def _cause(details: Details) -> object:
    """Answer the last line of the error that is handled now, and else the value."""
    kind, error, _ = sys.exc_info()
    if error is None:
        return details.get("value")
    return traceback.format_exception_only(kind, error)[-1].rstrip("\n")
