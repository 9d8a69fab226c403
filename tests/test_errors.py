"""The errors are one tree, say what happened and can be pickled."""

from __future__ import annotations

import pickle

import pytest

from mulligan import errors
from mulligan.errors import AttemptTimeout, ClassifierError, ConfigError, MulliganError, Rejected, RetryExhausted
from mulligan.outcome import Record

RECORD = Record(attempt=3, error=ConnectionError, elapsed=1.5, delay=None)


@pytest.mark.parametrize("name", errors.__all__)
def test_every_error_has_the_one_root_and_is_in_the_drawn_tree(name: str) -> None:
    assert issubclass(getattr(errors, name), MulliganError)
    assert name in str(errors.__doc__)


@pytest.mark.parametrize(
    "error",
    [
        ConfigError("cap", -1, "give more"),
        RetryExhausted("gave up", attempts=3, last_value=503, history=(RECORD,)),
        Rejected("no", retry_after=3.0),
        AttemptTimeout("late"),
        ClassifierError("wrong"),
    ],
)
def test_errors_survive_pickling(error: MulliganError) -> None:
    """A process pool sends them back."""
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - pickled just now
    assert type(copy) is type(error)
    assert str(copy) == str(error)
    assert vars(copy) == vars(error)


def test_standard_library_code_catches_what_it_knows() -> None:
    assert issubclass(ConfigError, ValueError)
    assert issubclass(AttemptTimeout, TimeoutError)
