"""Policies and budgets from settings: in outline, with stand-ins for what would have to be imported, or for real.

Rules: what can't be used is a `ConfigError` that names the field. Making a policy for real imports what the file
names, and nothing else. An outline is there to be looked at: what it names can't be called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeGuard

from mulligan._value import Value
from mulligan.config.file.names import Unimportable, builtin_exception, imported, is_error_type
from mulligan.config.file.reading import fields_of
from mulligan.errors import ConfigError
from mulligan.policy import UNLIMITED, Policy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Never, NoReturn

    from mulligan.config.file.document import Entry
    from mulligan.config.file.tables import BudgetTable, PolicyTable, UnsetType
    from mulligan.guards import Budget
    from mulligan.guards.protocol import AnyGuard
    from mulligan.pipeline import Pipeline
    from mulligan.policy import RetryOn
    from mulligan.schedules import Schedule

__all__ = ["budget_of", "guards_of", "in_outline", "made"]


class Unimported(Value, kw_only=False):
    """The stand-in for a function that the settings name: it says the name, and can't be called.

    Args:
        name: as the file has it.
    """

    name: str

    def __call__(self, *_: object) -> NoReturn:
        """Refuse to be called.

        Raises:
            ConfigError: always.
        """
        raise ConfigError(
            "policy", self.name, "it is not imported in an outline: load the file, and ask for the policy"
        )

    def __repr__(self) -> str:
        return self.name


def in_outline(name: str, table: PolicyTable, exceptions: tuple[str, ...], schedule: Schedule | None) -> Policy[Never]:
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
        retry_if=_unimported(table.retry_if),
        classify=_unimported(table.classify),
        idempotency_key=uuid4_hex if table.idempotency_key == "uuid4" else _unimported(table.idempotency_key),
    )


def _unimported(name: str | UnsetType) -> Unimported | None:
    return Unimported(name) if isinstance(name, str) else None


def uuid4_hex() -> str:
    """Answer a random key, of 32 characters."""
    from uuid import uuid4  # noqa: PLC0415 - most policies need no key

    return uuid4().hex


def _stand_in(name: str) -> type[Exception]:
    module, _, attribute = name.partition(":")
    return type(attribute, (Exception,), {"__module__": module, "__qualname__": attribute})


def made(entry: Entry) -> Policy[Never]:
    """Make a policy, importing what its settings name.

    Raises:
        ConfigError: when a name can't be imported, or stands for something else than the field needs.
    """
    table, key = entry.table, entry.table.idempotency_key
    return _policy(
        entry.name,
        table,
        entry.written_schedule,
        retry_on=_retry_on(entry.exceptions),
        retry_if=_function("retry_if", table.retry_if),
        classify=_function("classify", table.classify),
        idempotency_key=uuid4_hex if key == "uuid4" else _function("idempotency_key", key),
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


def preset_of(name: str, table: PolicyTable, retry_on: RetryOn | None) -> Pipeline[object] | None:
    """Make the pipeline that a preset prescribes; `None` where the settings name none.

    Raises:
        ConfigError: when the preset can't take what is retried, or needs to be told.
    """
    from mulligan import presets  # noqa: PLC0415 - most policies have none

    match table.preset:
        case "aws_standard":
            return _pipeline(presets.aws_standard, name, retry_on)
        case "grpc_a6" if retry_on is None:
            return presets.grpc_a6(name)
        case "grpc_a6":
            raise ConfigError("retry_on", retry_on, "leave it out: grpc_a6 retries by status")
        case "sre" if retry_on is None:
            raise ConfigError("retry_on", retry_on, "name the exceptions that say that the other side is overloaded")
        case "sre":
            return _pipeline(presets.sre, name, retry_on)
        case _:
            return None


def _pipeline(make: Callable[..., Pipeline[object]], name: str, retry_on: RetryOn | None) -> Pipeline[object]:
    return make(name) if retry_on is None else make(name, retry_on=retry_on)


def _policy(
    name: str,
    table: PolicyTable,
    schedule: Schedule | None,
    *,
    retry_on: RetryOn | None,
    retry_if: Callable[..., object] | None,
    classify: Callable[..., object] | None,
    idempotency_key: Callable[..., object] | None,
) -> Policy[Never]:
    preset = preset_of(name, table, retry_on)
    named = {
        "schedule": schedule,
        "retry_on": retry_on if preset is None else None,
        "retry_if": retry_if,
        "classify": classify,
        "idempotency_key": idempotency_key,
    }
    given = _as_written(table) | {field: value for field, value in named.items() if value is not None}
    return _called(Policy if preset is None else preset.policy.replace, {**given, "name": name})


def _called(make: Callable[..., Policy[Never]], fields: Mapping[str, object]) -> Policy[Never]:
    """Call it with fields of any type: it checks each one."""
    return make(**fields)


def _as_written(table: PolicyTable) -> dict[str, object]:
    """Answer the fields that the file says as they are, or in a word."""
    written = fields_of(table)
    return {field: _WORDS.get(written[field], written[field]) for field in _PLAIN if field in written}


_LIMITS: Final = ("max_attempts", "timeout", "attempt_timeout", "stop_after")
_PLAIN: Final = (*_LIMITS, "attempt_timeout_mode", "on_exhausted", "note")
_WORDS: Final[Mapping[object, object]] = {"none": None, "unlimited": UNLIMITED}


def guards_of(entry: Entry) -> tuple[AnyGuard, ...]:
    """Make the guards that an entry's preset brings."""
    pipeline = preset_of(entry.name, entry.table, _retry_on(entry.exceptions))
    return () if pipeline is None else pipeline.guards


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
