"""Conditions on outcomes, their algebra, and how one becomes a classifier.

Rules: a condition is pure. `|` and `&` ask the right side only where the left one leaves it open.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar, overload

from mulligan._policy_fields import shown
from mulligan._value import Value
from mulligan.classify import ACCEPT, FAIL, TRANSIENT, Transient
from mulligan.outcome import Returned

if TYPE_CHECKING:
    from collections.abc import Callable

    from mulligan.classify import Classifier, Verdict
    from mulligan.outcome import Outcome

__all__ = ["Condition", "hopeless"]

T = TypeVar("T")
V_contra = TypeVar("V_contra", contravariant=True)


class Condition(Value, Generic[V_contra]):
    """Something that an outcome is or is not; a subclass brings `holds`."""

    if TYPE_CHECKING:

        def holds(self, outcome: Outcome[V_contra], /) -> bool:
            """Tell whether the outcome is of this kind."""
            ...

    def __call__(self, outcome: Outcome[V_contra], /) -> Verdict:
        """Answer the verdict: transient where it holds, otherwise a value is accepted and an error fails."""
        if self.holds(outcome):
            return TRANSIENT
        return ACCEPT if isinstance(outcome, Returned) else FAIL

    @overload
    def __or__(self, other: Condition[object], /) -> Condition[V_contra]: ...
    @overload
    def __or__(self: Condition[object], other: Condition[T], /) -> Condition[T]: ...
    @overload
    def __or__(self: Condition[T], other: Condition[T], /) -> Condition[T]: ...
    def __or__(self: Condition[T], other: Condition[T], /) -> Condition[T]:
        return Either(self, other)

    @overload
    def __and__(self, other: Condition[object], /) -> Condition[V_contra]: ...
    @overload
    def __and__(self: Condition[object], other: Condition[T], /) -> Condition[T]: ...
    @overload
    def __and__(self: Condition[T], other: Condition[T], /) -> Condition[T]: ...
    def __and__(self: Condition[T], other: Condition[T], /) -> Condition[T]:
        return Both(self, other)

    def __invert__(self) -> Condition[V_contra]:
        return Not(self)

    def hinted(self: Condition[T], hint: float | Callable[[Outcome[T]], float | None]) -> Hinted[T]:
        """Answer a classifier that waits as long as a hint says where the condition holds.

        Args:
            hint: seconds, or a function from the outcome to seconds, `None` where there is no hint.

        >>> from mulligan.classifiers import status
        >>> from mulligan.outcome import Returned
        >>> class Response:
        ...     status = 429
        >>> status(429).hinted(30)(Returned(Response()))
        Transient(hint=30.0, rule='replace')
        """
        return Hinted(self, hint)

    def otherwise(self: Condition[T], classifier: Classifier[T]) -> Cascade[T]:
        """Answer a classifier that asks another one where the condition does not hold.

        Args:
            classifier: asked then.
        """
        return Cascade(self, classifier)


class Either(Condition[V_contra], kw_only=False):
    """Holds where one of two conditions does."""

    left: Condition[V_contra]
    right: Condition[V_contra]

    def holds(self, outcome: Outcome[V_contra], /) -> bool:
        """Tell whether either holds."""
        return self.left.holds(outcome) or self.right.holds(outcome)

    def __repr__(self) -> str:
        return f"({self.left!r} | {self.right!r})"


class Both(Condition[V_contra], kw_only=False):
    """Holds where both conditions do."""

    left: Condition[V_contra]
    right: Condition[V_contra]

    def holds(self, outcome: Outcome[V_contra], /) -> bool:
        """Tell whether both hold."""
        return self.left.holds(outcome) and self.right.holds(outcome)

    def __repr__(self) -> str:
        return f"({self.left!r} & {self.right!r})"


class Not(Condition[V_contra], kw_only=False):
    """Holds where a condition does not."""

    of: Condition[V_contra]

    def holds(self, outcome: Outcome[V_contra], /) -> bool:
        """Tell whether it does not hold."""
        return not self.of.holds(outcome)

    def __repr__(self) -> str:
        return f"~{self.of!r}"


class Hinted(Value, Generic[V_contra], kw_only=False):
    """The classifier behind `.hinted(hint)`."""

    of: Condition[V_contra]
    hint: float | Callable[[Outcome[V_contra]], float | None]

    def __call__(self, outcome: Outcome[V_contra], /) -> Verdict:
        """Answer the condition's verdict with the hint."""
        verdict = self.of(outcome)
        if verdict is not TRANSIENT:
            return verdict
        hint = self.hint(outcome) if callable(self.hint) else self.hint
        return TRANSIENT if hint is None else Transient(float(hint))

    def otherwise(self: Hinted[T], classifier: Classifier[T]) -> Cascade[T]:
        """Answer a classifier that asks another one where the condition does not hold.

        Args:
            classifier: asked then.

        >>> from mulligan.classifiers import error, status
        >>> status(429).hinted(30).otherwise(error(OSError))
        status(429).hinted(30).otherwise(error(OSError))
        """
        return Cascade(self, classifier)

    def __repr__(self) -> str:
        return f"{self.of!r}.hinted({shown(self.hint)})"


class Cascade(Value, Generic[V_contra], kw_only=False):
    """The classifier behind `.otherwise(classifier)`."""

    first: Condition[V_contra] | Hinted[V_contra]
    then: Classifier[V_contra]

    def __call__(self, outcome: Outcome[V_contra], /) -> Verdict:
        """Answer that it is transient, or what the other classifier says."""
        verdict = self.first(outcome)
        return verdict if isinstance(verdict, Transient) else self.then(outcome)

    def __repr__(self) -> str:
        return f"{self.first!r}.otherwise({shown(self.then)})"


class Hopeless(Value, Generic[V_contra], kw_only=False):
    """The classifier behind `hopeless(condition, classifier)`."""

    condition: Condition[V_contra]
    otherwise: Classifier[V_contra]

    def __call__(self, outcome: Outcome[V_contra], /) -> Verdict:
        """Answer that it fails, or what the other classifier says."""
        return FAIL if self.condition.holds(outcome) else self.otherwise(outcome)

    def __repr__(self) -> str:
        return f"hopeless({self.condition!r}, {shown(self.otherwise)})"


def hopeless(condition: Condition[T], otherwise: Classifier[T], /) -> Classifier[T]:
    """Answer a classifier that gives up where a condition holds, and asks another one elsewhere.

    Args:
        condition: where another attempt would do no better.
        otherwise: the classifier for every other outcome.

    >>> from mulligan.classifiers import error, status
    >>> hopeless(status(404), status(range(400, 600)) | error(OSError))
    hopeless(status(404), (status(range(400, 600)) | error(OSError)))
    """
    return Hopeless(condition, otherwise)
