"""Policies and budgets from settings: in outline, with stand-ins for what would have to be imported, or for real.

Rules: what can't be used is a `ConfigError` that names the field. Making a policy for real imports what the file
names, and nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol, TypeGuard

from mulligan.config.file.names import Unimportable, builtin_exception, imported, is_error_type
from mulligan.config.file.reading import fields_of
from mulligan.config.file.tables import UNSET
from mulligan.errors import ConfigError
from mulligan.policy import UNLIMITED, Policy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Never

    from mulligan.classify import Verdict
    from mulligan.config.file.tables import Attempts, BudgetTable, Limit, PolicyTable, UnsetType
    from mulligan.guards import Budget
    from mulligan.policy import RetryOn, Unlimited
    from mulligan.schedules import Schedule

__all__ = ["budget_of", "made", "outlined"]


class _Settings(Protocol):
    """What an entry has."""

    @property
    def name(self) -> str: ...
    @property
    def table(self) -> PolicyTable: ...
    @property
    def exceptions(self) -> tuple[str, ...]: ...
    @property
    def schedule(self) -> Schedule: ...


def outlined(name: str, table: PolicyTable, exceptions: tuple[str, ...], schedule: Schedule) -> Policy[Never]:
    """Make a policy with stand-ins for what its settings name.

    Raises:
        ConfigError: when the settings make no policy.
    """
    retry_on = tuple(builtin_exception(each) or _stand_in(each) for each in exceptions)
    return _policy(
        name,
        table,
        schedule,
        retry_on=retry_on or None,
        retry_if=None if table.retry_if is UNSET else _asked_nothing,
        classify=None if table.classify is UNSET else _classifies_nothing,
        idempotency_key=None if table.idempotency_key is UNSET else str,
    )


def _stand_in(name: str) -> type[Exception]:
    module, _, attribute = name.partition(":")
    return type(attribute, (Exception,), {"__module__": module, "__qualname__": attribute})


def _asked_nothing(value: object) -> bool:
    raise NotImplementedError(value)


def _classifies_nothing(outcome: object) -> Verdict:
    raise NotImplementedError(outcome)


def made(entry: _Settings) -> Policy[Never]:
    """Make a policy, importing what its settings name.

    Raises:
        ConfigError: when a name can't be imported, or stands for something else than the field needs.
    """
    table = entry.table
    return _policy(
        entry.name,
        table,
        entry.schedule,
        retry_on=_retry_on(entry.exceptions),
        retry_if=_function("retry_if", table.retry_if),
        classify=_function("classify", table.classify),
        idempotency_key=_key_factory(table.idempotency_key),
    )


def _retry_on(names: tuple[str, ...]) -> RetryOn | None:
    found = [_named("retry_on", name) for name in names]
    if len(found) == 1 and _is_predicate(found[0]):
        return found[0]
    for name, value in zip(names, found, strict=True):
        if not is_error_type(value):
            raise ConfigError("retry_on", name, f"it is {value!r}: name exception classes, or one predicate alone")
    return tuple(value for value in found if is_error_type(value)) or None


def _is_predicate(value: object) -> TypeGuard[Callable[[Exception], bool]]:
    return callable(value) and not is_error_type(value)


def _named(field: str, name: str) -> object:
    try:
        return imported(name)
    except Unimportable as error:
        raise ConfigError(field, name, str(error)) from error


def _function(field: str, name: str | UnsetType) -> Callable[..., object] | None:
    if not isinstance(name, str):
        return None
    found = _named(field, name)
    if callable(found):
        return found
    raise ConfigError(field, name, f"it is {found!r}: name something that can be called")


def _key_factory(name: str | UnsetType) -> Callable[[], str] | None:
    if name == "uuid4":
        from uuid import uuid4  # noqa: PLC0415 - most policies need no key

        return lambda: uuid4().hex
    return _function("idempotency_key", name)  # type: ignore[return-value]  # pyright: ignore[reportReturnType] - the file says so


def _policy(
    name: str,
    table: PolicyTable,
    schedule: Schedule,
    *,
    retry_on: RetryOn | None,
    retry_if: Callable[..., object] | None,
    classify: Callable[..., object] | None,
    idempotency_key: Callable[[], str] | None,
) -> Policy[Never]:
    return Policy(
        name=name,
        retry_on=retry_on,
        retry_if=retry_if,  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType] - the file says so
        classify=classify,  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType] - the file says so
        schedule=schedule,
        max_attempts=_attempts(table.max_attempts),
        timeout=_seconds(table.timeout),
        attempt_timeout=_seconds(table.attempt_timeout),
        attempt_timeout_mode="enforce" if table.attempt_timeout_mode is UNSET else table.attempt_timeout_mode,
        stop_after=_seconds(table.stop_after),
        on_exhausted="raise" if table.on_exhausted is UNSET else table.on_exhausted,
        idempotency_key=idempotency_key,
        note=table.note is not False,
    )


def _attempts(value: Attempts | UnsetType) -> int | Unlimited:
    return UNLIMITED if value == "unlimited" else value if isinstance(value, int) else 3


def _seconds(value: Limit | UnsetType) -> float | None:
    return value if isinstance(value, float) else None


def budget_of(name: str, table: BudgetTable) -> Budget:
    """Make a budget.

    Raises:
        ConfigError: when a field is none of its model's, or can't be used.
    """
    from mulligan.guards import Budget, deposit, quota, token_ratio  # noqa: PLC0415 - most files name none

    fields = fields_of(table)
    model = str(fields.pop("model"))
    other = sorted(fields.keys() - _PARAMETERS[model])
    if other:
        raise ConfigError(other[0], fields[other[0]], f"{model} takes {', '.join(_PARAMETERS[model])}")
    makers: Mapping[str, Callable[..., object]] = {"quota": quota, "token_ratio": token_ratio, "deposit": deposit}
    return Budget(name, makers[model](**fields))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


_PARAMETERS: Final = {
    "quota": ("capacity", "cost", "throttling_cost", "credit"),
    "token_ratio": ("max_tokens", "ratio"),
    "deposit": ("ttl", "ratio", "reserve"),
}
