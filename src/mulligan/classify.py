"""What an outcome means: the verdicts, the `Classifier` protocol, and the classifier that a policy's fields make.

- `Accept`: this is what was wanted. `Transient(hint)`: another attempt may do better. `Fail`: it won't.
- A hint is a number of seconds, from the error or the response; it replaces the schedule's delay, or bounds it.

Rules: a classifier is pure and answers at once. A predicate that raises, answers `None` or answers an awaitable is a
`ClassifierError` whose cause is the operation's error. Control flow (`KeyboardInterrupt`, `SystemExit`,
`GeneratorExit`, `CancelledError`: whatever is no `Exception`) is never shown to a predicate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Generic, Literal, Protocol, TypeAlias, TypeVar

from mulligan._awaitables import discard, is_awaitable
from mulligan._functions import named
from mulligan._value import Value
from mulligan.errors import ClassifierError, ConfigError
from mulligan.outcome import Returned

if TYPE_CHECKING:
    from collections.abc import Callable

    from mulligan.outcome import Outcome
    from mulligan.schedules import Schedule

__all__ = [
    "ACCEPT",
    "FAIL",
    "TRANSIENT",
    "Accept",
    "Classifier",
    "Fail",
    "Transient",
    "Verdict",
    "asked",
]

V_contra = TypeVar("V_contra", contravariant=True)
T = TypeVar("T")
NEAR = 5.0
"""Seconds by which a hint raises the schedule's delay at most, where the rule is "near"."""


class Accept(Value):
    """The outcome is what was wanted: a value is answered, an error is raised as it is."""


class Fail(Value):
    """Another attempt would do no better: the error is raised as it is."""


class Transient(Value, kw_only=False):
    """Another attempt may do better; a subclass may say more of the delay than a hint does.

    Args:
        hint: seconds to wait, as the other side asked for; `None` leaves it to the schedule.
        rule: "replace" the schedule's delay by the hint; wait "at_least" or "at_most" that long; wait the hint and the
            schedule's delay "on_top" of it, so that many who were told the same are spread by its jitter; or come
            "near" it, at most 5 s above the schedule's delay (AWS, Retries 2.1).

    Raises:
        ConfigError: when the hint is negative or no finite number.

    >>> Transient(30.0, "at_least")
    Transient(hint=30.0, rule='at_least')
    """

    hint: float | None = None
    rule: Literal["replace", "at_least", "at_most", "on_top", "near"] = "replace"

    restarts: ClassVar[bool] = False
    """Whether the schedule begins anew after this delay: it is then given no previous one."""

    def __post_init__(self) -> None:
        """Refuse a hint that is no length of time."""
        if self.hint is not None and not 0.0 <= self.hint < float("inf"):
            raise ConfigError("hint", self.hint, "give a number of seconds from 0, or None where there is no hint")

    def apply(self, delay: float) -> float:
        """Answer the seconds to wait where the schedule would wait `delay`.

        >>> Transient(30.0).apply(0.1), Transient(30.0, "at_most").apply(0.1), Transient().apply(0.1)
        (30.0, 0.1, 0.1)
        >>> Transient(30.0, "on_top").apply(0.5), Transient(30.0, "near").apply(0.5)
        (30.5, 5.5)
        """
        if self.hint is None:
            return delay
        match self.rule:
            case "replace":
                return self.hint
            case "at_least":
                return max(self.hint, delay)
            case "at_most":
                return min(self.hint, delay)
            case "on_top":
                return self.hint + delay
            case "near":
                return max(delay, min(self.hint, delay + NEAR))

    def paced(self, schedule: Schedule) -> Schedule:
        """Answer the schedule that gives the delay: the policy's."""
        return schedule


Verdict: TypeAlias = Accept | Transient | Fail
"""What an outcome means."""

ACCEPT = Accept()
"""The outcome is what was wanted."""
TRANSIENT = Transient()
"""Another attempt may do better; the schedule says when."""
FAIL = Fail()
"""Another attempt would do no better."""


class Classifier(Protocol[V_contra]):
    """Anything that says what an outcome means."""

    def __call__(self, outcome: Outcome[V_contra], /) -> Verdict:
        """Answer the verdict, without side effects."""
        ...


class ByFields(Value, Generic[V_contra]):
    """The classifier that a policy's `retry_on` and `retry_if` make.

    Args:
        types: errors of these types are transient.
        on_error: asked about every other `Exception`; `None` where only the types count.
        on_value: asked about every value; `None` where every value is accepted.
    """

    types: tuple[type[BaseException], ...]
    on_error: Callable[[Exception], bool] | None
    on_value: Callable[[V_contra], bool] | None

    def __call__(self, outcome: Outcome[V_contra], /) -> Verdict:
        """Answer the verdict that the fields give."""
        if isinstance(outcome, Returned):
            accepted = self.on_value is None or not asked("retry_if", self.on_value, outcome.value, None)
            return ACCEPT if accepted else TRANSIENT
        return TRANSIENT if self._retries(outcome.error) else FAIL

    def _retries(self, error: BaseException) -> bool:
        if isinstance(error, self.types):
            return True
        if self.on_error is None or not isinstance(error, Exception):
            return False
        return asked("retry_on", self.on_error, error, error)


def asked(field: str, predicate: Callable[[T], object], subject: T, cause: BaseException | None) -> bool:
    """Ask a predicate and insist on an answer.

    Args:
        field: where the predicate was given.
        predicate: what to ask.
        subject: the value or the error that is judged.
        cause: the operation's error, `None` where a value is judged.

    Raises:
        ClassifierError: when the predicate raises, answers `None` or answers an awaitable.

    >>> asked("retry_if", lambda value: value > 2, 3, None)
    True
    """
    try:
        answer = predicate(subject)
    except Exception as error:  # noqa: BLE001 - whatever it is becomes a ClassifierError
        raise ClassifierError(f"{field}: {named(predicate)} raised {type(error).__name__}: {error}") from cause or error
    if answer is None:
        raise ClassifierError(f"{field}: {named(predicate)} answered None: return True or False") from cause
    if is_awaitable(answer):
        discard(answer)
        raise ClassifierError(
            f"{field}: {named(predicate)} answered an awaitable: a predicate can't be async"
        ) from cause
    return bool(answer)
