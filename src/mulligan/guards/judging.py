"""Asking a guard's own classifier, as a policy's is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mulligan.errors import ClassifierError
from mulligan.outcome import Raised

if TYPE_CHECKING:
    from mulligan.classify import Classifier, Verdict
    from mulligan.guards.protocol import Ending
    from mulligan.outcome import Outcome

__all__ = ["counted", "judged"]


def counted(classifier: Classifier[object] | None, ending: Ending) -> Verdict:
    """Answer what an attempt counts as to a guard: by its own classifier, or as the policy judged it.

    Args:
        classifier: the guard's, `None` where it has none.
        ending: how the attempt ended.

    Raises:
        ClassifierError: when the classifier fails.
    """
    return ending.verdict if classifier is None else judged("classify", classifier, ending.outcome)


def judged(field: str, classifier: Classifier[object], outcome: Outcome[object]) -> Verdict:
    """Answer what a guard's classifier says.

    Args:
        field: where it was given.
        classifier: what to ask.
        outcome: what is judged.

    Raises:
        ClassifierError: when it fails; its cause is the operation's error.
    """
    try:
        return classifier(outcome)
    except ClassifierError:
        raise
    except Exception as failure:  # noqa: BLE001 - whatever it is becomes a ClassifierError
        error = outcome.error if isinstance(outcome, Raised) else None
        raise ClassifierError(f"{field}: raised {type(failure).__name__}: {failure}") from error or failure
