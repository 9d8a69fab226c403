"""A team's own retry helper, on mulligan's engine and behind the flag.

Rules: the shim has the helper's signature, and calls the helper itself in the modes `legacy` and `shadow`. What the
helper logs, it logs in those modes alone. The policy is made when the engine is first needed, so that a call that has
none still works in the mode `legacy`.
"""

from __future__ import annotations

from functools import partial, wraps
from inspect import BoundArguments, Signature, signature
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, cast

from mulligan._functions import is_async
from mulligan.compat.flag import Mode, mode_of
from mulligan.compat.mapping import Mapping
from mulligan.compat.sites import site_name
from mulligan.errors import ConfigError
from mulligan.executors.asynchronous import execute_async
from mulligan.executors.decorator import retry
from mulligan.executors.synchronous import execute

if TYPE_CHECKING:
    from collections.abc import Callable

    from mulligan.compat.mapping import Unit

    _Decorator: TypeAlias = Callable[[Callable[..., Any]], Callable[..., Any]]

__all__ = ["helper"]

F = TypeVar("F", bound="Callable[..., Any]")


def helper(
    *,
    engine: F,
    max_attempts: str = "",
    max_retries: str = "",
    base: str = "",
    factor: str = "",
    cap: str = "",
    jitter: str = "",
    retry_on: str = "",
    unit: Unit = "s",
    operation: str = "",
    args: str = "",
    kwargs: str = "",
) -> F:
    """Build a shim with the signature of a team's own retry helper.

    Args:
        engine: the helper: it answers a decorator, or calls the operation that is given as `operation`.
        max_attempts: the helper's parameter that counts attempts, the first included; -1 and `None` never stop.
        max_retries: its parameter that counts the retries after the first attempt.
        base: its parameter of the first delay.
        factor: its parameter that says how many times longer each delay is.
        cap: its parameter of the greatest delay.
        jitter: its parameter of what is added to a delay at most.
        retry_on: its parameter of exception types, or of a predicate; without one, every `Exception` is retried.
        unit: the unit of its lengths of time, "s" or "ms".
        operation: its parameter of the operation, where it is no decorator.
        args: its parameter of the operation's positional arguments.
        kwargs: its parameter of the operation's keyword arguments.

    Raises:
        ConfigError: when a name is none of the helper's parameters. A call raises it where a value can't be a policy's.

    >>> def retried(tries=3, delay=1, backoff=1, exceptions=(Exception,)):
    ...     return lambda fn: fn  # here was the team's loop
    >>> retried = helper(
    ...     engine=retried, max_attempts="tries", base="delay", factor="backoff", retry_on="exceptions", unit="s"
    ... )
    >>> @retried(tries=5, exceptions=(ConnectionError,))
    ... def fetch(page):
    ...     return page.upper()
    >>> fetch("page")
    'PAGE'
    """
    mapping = Mapping(
        max_attempts=max_attempts,
        max_retries=max_retries,
        base=base,
        factor=factor,
        cap=cap,
        jitter=jitter,
        retry_on=retry_on,
        unit=unit,
        operation=operation,
        args=args,
        kwargs=kwargs,
    )
    if not callable(engine):
        raise ConfigError("engine", engine, "give the helper itself")
    mapping.check(engine)
    shim = _calling(engine, mapping) if operation else _decorating(engine, mapping)
    return cast("F", shim)  # it takes what the helper takes and answers what the helper answers


def _bound(parameters: Signature, arguments: tuple[Any, ...], named: dict[str, Any]) -> BoundArguments:
    bound = parameters.bind(*arguments, **named)
    bound.apply_defaults()
    return bound


def _decorating(engine: Callable[..., Any], mapping: Mapping) -> Callable[..., Any]:
    parameters = signature(engine)

    @wraps(engine)
    def shim(*arguments: Any, **named: Any) -> Any:
        if len(arguments) == 1 and not named and callable(arguments[0]) and not isinstance(arguments[0], type):
            return _decorated(_Use(mapping, _bound(parameters, (), {}), engine, arguments[0]), arguments[0])
        bound = _bound(parameters, arguments, named)

        def original(operation: Callable[..., Any]) -> Callable[..., Any]:
            decorated: Callable[..., Any] = engine(*arguments, **named)(operation)
            return decorated

        def decorate(fn: Callable[..., Any]) -> Callable[..., Any]:
            return _decorated(_Use(mapping, bound, original, fn), fn)

        return decorate

    return shim


class _Use:
    """One use of the helper on a function: what runs in each mode, made when it is first needed.

    Args:
        mapping: how the helper's parameters map to a policy.
        bound: the arguments of the helper.
        original: decorates by the helper itself.
        fn: the function.
    """

    def __init__(self, mapping: Mapping, bound: BoundArguments, original: _Decorator, fn: Callable[..., Any]) -> None:
        self._mapping, self._bound = mapping, bound
        self._original, self._fn = original, fn
        self._site = site_name(fn)
        self._made: dict[Mode, Callable[..., Any]] = {}

    @property
    def running(self) -> Callable[..., Any]:
        """What runs in the mode that the site has now."""
        mode = mode_of(self._site)
        if mode not in self._made:
            self._made[mode] = self._make(mode)
        return self._made[mode]

    def _make(self, mode: Mode) -> Callable[..., Any]:
        if mode is Mode.LEGACY:
            return self._original(self._fn)
        policy = self._mapping.policy(self._bound, self._site)
        if mode is Mode.MODERN:
            return retry(policy)(self._fn)
        from mulligan.compat.modes.own_helper import run  # noqa: PLC0415 - only this mode needs it

        return partial(run, self._site, policy, self._original, self._fn)


def _decorated(use: _Use, fn: Callable[..., Any]) -> Callable[..., Any]:
    if is_async(fn):

        @wraps(fn)
        async def asynchronous(*arguments: Any, **named: Any) -> Any:
            return await use.running(*arguments, **named)

        return asynchronous

    @wraps(fn)
    def synchronous(*arguments: Any, **named: Any) -> Any:
        return use.running(*arguments, **named)

    return synchronous


def _calling(engine: Callable[..., Any], mapping: Mapping) -> Callable[..., Any]:
    parameters = signature(engine)

    @wraps(engine)
    def shim(*arguments: Any, **named: Any) -> Any:
        bound = _bound(parameters, arguments, named)
        fn: Callable[..., Any] = bound.arguments[mapping.operation]
        site = site_name(fn)
        mode = mode_of(site)
        if mode is Mode.LEGACY:
            return engine(*arguments, **named)
        policy = mapping.policy(bound, site)
        if mode is Mode.SHADOW:
            from mulligan.compat.modes.own_helper import run  # noqa: PLC0415 - as above

            return run(site, policy, _with(engine, mapping, bound), fn)
        given = tuple(bound.arguments[mapping.args] or ()) if mapping.args else ()
        by_name = dict(bound.arguments[mapping.kwargs] or {}) if mapping.kwargs else {}
        return (execute_async if is_async(engine) else execute)(policy, fn, *given, **by_name)

    return shim


def _with(engine: Callable[..., Any], mapping: Mapping, bound: BoundArguments) -> _Decorator:
    """Answer what calls the helper as it was called, with another operation."""

    def original(operation: Callable[..., Any]) -> Callable[..., Any]:
        bound.arguments[mapping.operation] = operation
        if not is_async(engine):
            return lambda: engine(*bound.args, **bound.kwargs)

        async def call() -> Any:
            return await engine(*bound.args, **bound.kwargs)

        return call

    return original
