"""The decorator: a function that is retried wherever it is called.

Rules: one signature keeps every callable as it is for type checkers. What can't be retried (a generator, a class
method object) is a TypeError at decoration, with the remedy.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar, cast

from mulligan import audience as audiences
from mulligan._awaitables import is_awaitable, plain_types
from mulligan._functions import answers_generator, is_async, named
from mulligan.errors import ConfigError
from mulligan.executors.asynchronous import again_async, begin_asynchronous, calmly_async, drive_async, failed_plainly
from mulligan.executors.plain import PlainRun
from mulligan.executors.subject import policy_of, serves
from mulligan.executors.synchronous import (
    again,
    begin_synchronous,
    calmly,
    drive,
    refuse_enforcement,
    refused,
)
from mulligan.policy import Policy

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Never

    from mulligan.executors.subject import Subject

__all__ = ["retry"]

P = ParamSpec("P")
R = TypeVar("R")


def retry(policy: Subject[Never], /) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Decorate a function, sync or async, so that each call is retried under a policy.

    A type checker can't compare the values that the policy judges with what the function returns; `execute` does.

    Args:
        policy: the policy, or a pipeline around one.

    Raises:
        ConfigError: when no policy is given, or it enforces an attempt timeout on a synchronous function.
        TypeError: when what is decorated can't be retried.

    >>> from mulligan import Policy
    >>> @retry(Policy(retry_on=ConnectionError))
    ... def greet(name: str) -> str:
    ...     return f"Hello {name}"
    >>> greet("Ada")
    'Hello Ada'
    """
    if not serves(policy):
        raise ConfigError("policy", policy, "write @retry(Policy(retry_on=...)): the decorator needs a policy")
    subject = policy

    def decorate(fn: Callable[P, R]) -> Callable[P, R]:
        _refuse_undecoratable(fn)
        if is_async(fn):
            return cast("Callable[P, R]", _asynchronous(subject, fn))
        return _synchronous(subject, fn)

    return decorate


def _refuse_undecoratable(fn: object) -> None:
    if issubclass(type(fn), staticmethod | classmethod | property):
        kind = type(fn).__name__
        raise TypeError(f"retry can't decorate a {kind} object: put @{kind} above @retry(...)")
    if not callable(fn):
        raise TypeError(f"retry can't decorate {fn!r}: it is not callable")
    if answers_generator(fn):
        raise TypeError(
            f"{named(fn)} is a generator: its errors come while it is iterated, and a restart would repeat items. "
            "Retry the calls inside it, or collect its items in a plain function and decorate that"
        )


def _synchronous(subject: Subject[object], fn: Callable[P, R]) -> Callable[P, R]:
    refuse_enforcement(subject)
    if not subject.plain:
        calm = None if isinstance(subject, Policy) else subject.calm

        @wraps(fn)
        def layered(*args: P.args, **kwargs: P.kwargs) -> R:
            if calm is not None and audiences.everywhere is None:
                return calmly(subject, calm, fn, *args, **kwargs)
            return drive(begin_synchronous(subject, None), fn, *args, **kwargs)

        return layered

    policy = policy_of(subject)

    @wraps(fn)
    def plain(*args: P.args, **kwargs: P.kwargs) -> R:
        if audiences.everywhere is not None:
            return drive(begin_synchronous(subject, None), fn, *args, **kwargs)
        try:
            value = fn(*args, **kwargs)
        except BaseException as error:
            run = PlainRun(policy)
            delay = run.recover(error)
            if delay is None:
                raise
        else:
            if type(value) in plain_types or not is_awaitable(value):
                return value
            raise refused(fn, value)
        return again(run, delay, fn, *args, **kwargs)

    return plain


def _asynchronous(subject: Subject[object], fn: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
    if not subject.plain:
        calm = None if isinstance(subject, Policy) else subject.calm

        @wraps(fn)
        async def layered(*args: P.args, **kwargs: P.kwargs) -> R:
            if calm is not None and audiences.everywhere is None:
                return await calmly_async(subject, calm, fn, *args, **kwargs)
            return await drive_async(begin_asynchronous(subject, None), fn, *args, **kwargs)

        return layered

    @wraps(fn)
    async def plain(*args: P.args, **kwargs: P.kwargs) -> R:
        if audiences.everywhere is not None:
            return await drive_async(begin_asynchronous(subject, None), fn, *args, **kwargs)
        try:
            return await fn(*args, **kwargs)
        except BaseException as error:
            run = failed_plainly(subject)
            delay = run.recover(error)
            if delay is None:
                raise
        return await again_async(run, delay, fn, *args, **kwargs)

    return plain
