"""The policy: classification, schedule and limits of a retried operation, as one frozen value.

Rules:
- A policy holds nothing stateful and reads nothing from outside, so it is shared by threads and tasks freely.
- Every value is checked at construction, and the error names the field, the value and the remedy.
- What executors read is settled from the fields at construction (`plain` and the slots after it), so that a happy path
  reads one of them and nothing else.
- The type parameter is contravariant: a policy that can judge any `object` serves an operation of any type.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Generic, Literal, TypeAlias, TypeVar, dataclass_transform

from mulligan import _policy_fields as check
from mulligan._policy_fields import UNLIMITED, UNSET, Unlimited, Unset
from mulligan.classify import ByFields
from mulligan.schedules import exponential, full_jitter

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import timedelta

    from typing_extensions import TypeVar as TypeVarWithDefault

    from mulligan.classify import Classifier
    from mulligan.schedules import Schedule

    V_contra = TypeVarWithDefault("V_contra", contravariant=True, default=object)
else:
    # typing_extensions takes longer to import than everything else here, and the default matters to checkers alone
    V_contra = TypeVar("V_contra", contravariant=True)

__all__ = ["DEFAULT_SCHEDULE", "FIELDS", "UNLIMITED", "Policy", "Unlimited"]

T = TypeVar("T")
RetryOn: TypeAlias = "type[BaseException] | tuple[type[BaseException], ...] | Callable[[Exception], bool]"
Seconds: TypeAlias = "float | timedelta"
AttemptTimeoutMode: TypeAlias = Literal["enforce", "advise"]
OnExhausted: TypeAlias = Literal["raise", "return", "wrap"]

DEFAULT_SCHEDULE: Final = exponential(0.1, factor=2, cap=10).jittered(full_jitter())
"""The delays of a policy that names none."""

DEFAULTS: Final[Mapping[str, object]] = {
    "name": "",
    "retry_on": None,
    "retry_if": None,
    "classify": None,
    "schedule": DEFAULT_SCHEDULE,
    "max_attempts": 3,
    "timeout": None,
    "attempt_timeout": None,
    "attempt_timeout_mode": "enforce",
    "stop_after": None,
    "on_exhausted": "raise",
    "idempotency_key": None,
    "note": True,
}
FIELDS: Final = tuple(DEFAULTS)
"""The names of a policy's fields, in the order of its `repr`."""


@dataclass_transform(frozen_default=True, kw_only_default=True)
def _frozen(cls: type[T]) -> type[T]:
    """Let type checkers know that no field can be set."""
    return cls


@_frozen
class Policy(Generic[V_contra]):
    """How an operation is retried: which outcomes, after which delays, how often and how long.

    Args:
        name: what to call it in events, notes and operator overrides, such as "billing.fetch".
        retry_on: the exception types that are transient, or a predicate on exceptions. Required, unless `retry_if` or
            `classify` is given. `KeyboardInterrupt`, `CancelledError` and whatever else is no `Exception` are
            retried only where they are named here.
        retry_if: a predicate on returned values; where it holds, the value is not accepted.
        classify: a classifier, instead of `retry_on` and `retry_if`.
        schedule: the delays between attempts.
        max_attempts: how many attempts are made at most, the first included; `UNLIMITED` where no limit is meant.
        timeout: seconds for the whole execution, sleeps included: a sleep that would reach it is not started.
        attempt_timeout: seconds for one attempt, enforced in asynchronous code.
        attempt_timeout_mode: "enforce", or "advise": published through `current_attempt()` and not enforced.
        stop_after: seconds after which a failure is final; laxer than `timeout`, because the last sleep may pass it.
        on_exhausted: "raise" the last error, "return" the last value, or "wrap" the error in `RetryExhausted`. Where
            the last attempt returned a value, "raise" raises `RetryExhausted`.
        idempotency_key: a factory; one key is made for each execution and published through `current_attempt()`.
        note: whether the error that is raised in the end gets a note about the attempts.

    Raises:
        ConfigError: when a value can't be used.

    >>> policy = Policy(retry_on=(ConnectionError, TimeoutError), max_attempts=5)
    >>> policy
    Policy(retry_on=(ConnectionError, TimeoutError), max_attempts=5)
    >>> policy.replace(max_attempts=2).max_attempts
    2
    """

    __slots__ = (
        *("name", "retry_on", "retry_if", "classify", "schedule", "max_attempts", "timeout", "attempt_timeout"),
        *("attempt_timeout_mode", "stop_after", "on_exhausted", "idempotency_key", "note"),
        *("plain", "timed", "publishes", "judges_values", "retry_types", "attempt_limit", "classifier"),
    )

    name: str
    retry_on: tuple[type[BaseException], ...] | Callable[[Exception], bool] | None
    retry_if: Callable[[V_contra], bool] | None
    classify: Classifier[V_contra] | None
    schedule: Schedule
    max_attempts: int | Unlimited
    timeout: float | None
    attempt_timeout: float | None
    attempt_timeout_mode: AttemptTimeoutMode
    stop_after: float | None
    on_exhausted: OnExhausted
    idempotency_key: Callable[[], str] | None
    note: bool

    plain: bool
    timed: bool
    publishes: bool
    judges_values: bool
    retry_types: tuple[type[BaseException], ...]
    attempt_limit: float
    classifier: Classifier[V_contra]

    def __init__(
        self,
        *,
        name: str = "",
        retry_on: RetryOn | None = None,
        retry_if: Callable[[V_contra], bool] | None = None,
        classify: Classifier[V_contra] | None = None,
        schedule: Schedule = DEFAULT_SCHEDULE,
        max_attempts: int | Unlimited = 3,
        timeout: Seconds | None = None,
        attempt_timeout: Seconds | None = None,
        attempt_timeout_mode: AttemptTimeoutMode = "enforce",
        stop_after: Seconds | None = None,
        on_exhausted: OnExhausted = "raise",
        idempotency_key: Callable[[], str] | None = None,
        note: bool = True,
    ) -> None:
        self._settle(
            name=check.text("name", name),
            retry_on=check.retry_on(retry_on, retry_if, classify),
            retry_if=check.optional_callable("retry_if", retry_if),
            classify=check.optional_callable("classify", classify),
            schedule=check.schedule(schedule),
            max_attempts=check.max_attempts(max_attempts),
            timeout=check.optional_seconds("timeout", timeout),
            attempt_timeout=check.optional_seconds("attempt_timeout", attempt_timeout),
            attempt_timeout_mode=check.choice("attempt_timeout_mode", attempt_timeout_mode, ("enforce", "advise")),
            stop_after=check.optional_seconds("stop_after", stop_after),
            on_exhausted=check.choice("on_exhausted", on_exhausted, ("raise", "return", "wrap")),
            idempotency_key=check.optional_callable("idempotency_key", idempotency_key),
            note=check.flag("note", note),
        )
        self._derive()

    def _derive(self) -> None:
        """Settle what executors read instead of the fields."""
        named = () if self.retry_on is None or callable(self.retry_on) else self.retry_on
        on_error = self.retry_on if callable(self.retry_on) else None
        types = check.effective_types(named)
        publishes = self.timeout is not None or self.attempt_timeout is not None or self.idempotency_key is not None
        judges_values = self.retry_if is not None or self.classify is not None
        simple = not judges_values and self.on_exhausted != "wrap"
        enforces = self.attempt_timeout is not None and self.attempt_timeout_mode == "enforce"
        self._settle(
            publishes=publishes,
            judges_values=judges_values,
            plain=simple and not publishes and self.stop_after is None,
            timed=simple and publishes and not enforces,
            retry_types=types,
            attempt_limit=float("inf") if isinstance(self.max_attempts, Unlimited) else self.max_attempts,
            classifier=self.classify or ByFields(types=types, on_error=on_error, on_value=self.retry_if),
        )

    def _settle(self, **slots: object) -> None:
        for slot, value in slots.items():
            object.__setattr__(self, slot, value)

    def replace(
        self,
        *,
        name: str | Unset = UNSET,
        retry_on: RetryOn | Unset | None = UNSET,
        retry_if: Callable[[V_contra], bool] | Unset | None = UNSET,
        classify: Classifier[V_contra] | Unset | None = UNSET,
        schedule: Schedule | Unset = UNSET,
        max_attempts: int | Unlimited | Unset = UNSET,
        timeout: Seconds | Unset | None = UNSET,
        attempt_timeout: Seconds | Unset | None = UNSET,
        attempt_timeout_mode: AttemptTimeoutMode | Unset = UNSET,
        stop_after: Seconds | Unset | None = UNSET,
        on_exhausted: OnExhausted | Unset = UNSET,
        idempotency_key: Callable[[], str] | Unset | None = UNSET,
        note: bool | Unset = UNSET,
    ) -> Policy[V_contra]:
        """Answer a policy with these fields changed, checked as at construction.

        Raises:
            ConfigError: when a value can't be used.

        >>> Policy(retry_on=OSError).replace(timeout=30)
        Policy(retry_on=(OSError,), timeout=30.0)
        """
        return Policy(
            name=self.name if isinstance(name, Unset) else name,
            retry_on=self.retry_on if isinstance(retry_on, Unset) else retry_on,
            retry_if=self.retry_if if isinstance(retry_if, Unset) else retry_if,
            classify=self.classify if isinstance(classify, Unset) else classify,
            schedule=self.schedule if isinstance(schedule, Unset) else schedule,
            max_attempts=self.max_attempts if isinstance(max_attempts, Unset) else max_attempts,
            timeout=self.timeout if isinstance(timeout, Unset) else timeout,
            attempt_timeout=self.attempt_timeout if isinstance(attempt_timeout, Unset) else attempt_timeout,
            attempt_timeout_mode=(
                self.attempt_timeout_mode if isinstance(attempt_timeout_mode, Unset) else attempt_timeout_mode
            ),
            stop_after=self.stop_after if isinstance(stop_after, Unset) else stop_after,
            on_exhausted=self.on_exhausted if isinstance(on_exhausted, Unset) else on_exhausted,
            idempotency_key=self.idempotency_key if isinstance(idempotency_key, Unset) else idempotency_key,
            note=self.note if isinstance(note, Unset) else note,
        )

    def _values(self) -> tuple[object, ...]:
        return tuple(getattr(self, field) for field in FIELDS)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Policy):
            return NotImplemented
        return self._values() == other._values()

    def __hash__(self) -> int:
        return hash(self._values())

    def __repr__(self) -> str:
        changed = [
            (field, value) for field, value in zip(FIELDS, self._values(), strict=True) if value != DEFAULTS[field]
        ]
        return f"Policy({', '.join(f'{field}={check.shown(value)}' for field, value in changed)})"

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"Policy is frozen: {name} can't be set; .replace({name}=...) makes a changed copy")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"Policy is frozen: {name} can't be deleted")

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (Policy, self._values())


def _rebuild(make: Callable[..., object], values: tuple[object, ...]) -> object:
    return make(**dict(zip(FIELDS, values, strict=True)))
