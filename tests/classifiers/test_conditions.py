"""Conditions compose, and each says of an outcome what its name says."""

from __future__ import annotations

import errno
import pickle
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mulligan import ClassifierError, ConfigError, Policy, classifiers, execute, no_delay
from mulligan.classifiers import (
    Condition,
    any_member,
    cause,
    error,
    error_number,
    error_where,
    every_member,
    hopeless,
    message,
    status,
    value,
    value_where,
)
from mulligan.classify import ACCEPT, FAIL, TRANSIENT, Transient
from mulligan.decision import State, decide
from mulligan.outcome import Raised, Returned
from tests.executors.worlds import Script, played

if TYPE_CHECKING:
    from collections.abc import Callable

    from mulligan.classify import Classifier
    from mulligan.outcome import Outcome


class Response:
    """What most HTTP clients return."""

    def __init__(self, status_code: int) -> None:
        self.status_code = status_code


class StatusError(Exception):
    """What most HTTP clients raise."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.response = Response(code)


def is_busy(error: Exception) -> bool:
    return "busy" in str(error)


def is_negative(number: int) -> bool:
    return number < 0


class Multiple(Condition[int]):
    """Somebody's own condition."""

    of: int

    def holds(self, outcome: Outcome[int], /) -> bool:
        return isinstance(outcome, Returned) and outcome.value % self.of == 0


def caused(error: Exception, by: Exception | None) -> Exception:
    """Answer the error with its cause."""
    error.__cause__ = by
    return error


def during(error: Exception, other: Exception, *, suppressed: bool = False) -> Exception:
    """Answer the error as raised while another one was handled."""
    error.__context__ = other
    error.__suppress_context__ = suppressed
    return error


GROUP = ExceptionGroup("both", [TimeoutError(), ExceptionGroup("inner", [ConnectionResetError()])])

CASES: list[tuple[Condition[object], object, bool]] = [
    (error(ConnectionError, TimeoutError), ConnectionResetError(), True),
    (error(ConnectionError, TimeoutError), ValueError(), False),
    (error(ConnectionError), 7, False),
    (error_where(is_busy), RuntimeError("busy"), True),
    (error_where(is_busy), RuntimeError("idle"), False),
    (error_where(is_busy), "busy", False),
    (error_number(errno.EAGAIN, errno.EINTR), OSError(errno.EINTR, "interrupted"), True),
    (error_number(errno.EAGAIN), OSError(errno.ENOENT, "missing"), False),
    (error_number(errno.EAGAIN), ValueError(), False),
    (message("dead ?lock"), RuntimeError("a deadlock was found"), True),
    (message("dead ?lock"), RuntimeError("live"), False),
    (message("dead"), "dead", False),
    (value(None, ""), None, True),
    (value(None, ""), "", True),
    (value(None), 0, False),
    (value(None), RuntimeError(), False),
    (status(429, 503), Response(503), True),
    (status(429, range(500, 600)), Response(599), True),
    (status(429, range(500, 600)), Response(600), False),
    (status(429), StatusError(429), True),
    (status(429), ValueError(429), False),
    (cause(error(ConnectionError)), caused(RuntimeError(), caused(ValueError(), ConnectionResetError())), True),
    (cause(error(ConnectionError)), ConnectionError(), True),
    (cause(error(ConnectionError)), caused(RuntimeError(), ValueError()), False),
    (cause(error(ConnectionError)), during(RuntimeError(), ConnectionError()), True),
    (cause(error(ConnectionError)), during(RuntimeError(), ConnectionError(), suppressed=True), False),
    (cause(error(ConnectionError)), 7, False),
    (any_member(error(ConnectionError)), GROUP, True),
    (any_member(error(ValueError)), GROUP, False),
    (any_member(error(ValueError)), ValueError(), True),
    (every_member(error(ConnectionError, TimeoutError)), GROUP, True),
    (every_member(error(ConnectionError)), GROUP, False),
    (every_member(error(ConnectionError)), 7, False),
    (error(OSError) & ~error(FileNotFoundError), ConnectionError(), True),
    (error(OSError) & ~error(FileNotFoundError), FileNotFoundError(), False),
    (error(OSError) | value(None), None, True),
    (error(OSError) | value(None), OSError(), True),
    (error(OSError) | value(None), 7, False),
]


def outcome_of(subject: object) -> Outcome[object]:
    return Raised(subject) if isinstance(subject, BaseException) else Returned(subject)


@pytest.mark.parametrize(("condition", "subject", "holds"), CASES, ids=range(len(CASES)))
def test_a_condition_holds_for_what_it_names(condition: Condition[object], subject: object, holds: bool) -> None:
    assert condition.holds(outcome_of(subject)) is holds
    expected = TRANSIENT if holds else FAIL if isinstance(subject, BaseException) else ACCEPT
    assert condition(outcome_of(subject)) is expected


@pytest.mark.parametrize("condition", [case[0] for case in CASES], ids=range(len(CASES)))
def test_conditions_are_values(condition: Condition[object]) -> None:
    names = {**vars(classifiers), "is_busy": is_busy}
    assert eval(repr(condition), names) == condition  # noqa: S307 - it was written by repr just now
    assert pickle.loads(pickle.dumps(condition)) == condition  # noqa: S301 - pickled just now
    assert hash(condition) == hash(pickle.loads(pickle.dumps(condition)))  # noqa: S301 - as above


CONDITIONS = st.sampled_from([case[0] for case in CASES])
SUBJECTS = st.sampled_from([case[1] for case in CASES]).map(outcome_of)


@given(one=CONDITIONS, other=CONDITIONS, outcome=SUBJECTS)
def test_the_algebra_is_that_of_truth(
    one: Condition[object], other: Condition[object], outcome: Outcome[object]
) -> None:
    assert (one | other).holds(outcome) is (one.holds(outcome) or other.holds(outcome))
    assert (one & other).holds(outcome) is (one.holds(outcome) and other.holds(outcome))
    assert (~one).holds(outcome) is not one.holds(outcome)
    assert (~(one | other)).holds(outcome) is (~one & ~other).holds(outcome)


def test_a_predicate_on_values_is_typed_by_its_value() -> None:
    condition = value_where(is_negative)
    assert condition.holds(Returned(-1))
    assert not condition.holds(Returned(1))
    assert not condition.holds(Raised(ValueError()))
    assert eval(repr(condition), {**vars(classifiers), "is_negative": is_negative}) == condition  # noqa: S307


def test_anyones_own_condition_takes_part_in_the_algebra() -> None:
    condition = Multiple(of=3) | error(OSError)
    assert [condition.holds(outcome) for outcome in (Returned(9), Returned(8), Raised(OSError()))] == [
        True,
        False,
        True,
    ]
    assert repr(condition) == "(Multiple(of=3) | error(OSError))"


class TestHints:
    def test_a_number_is_a_hint(self) -> None:
        classifier = status(429).hinted(30)
        assert classifier(Returned(Response(429))) == Transient(30.0)
        assert classifier(Returned(Response(200))) is ACCEPT
        assert repr(classifier) == "status(429).hinted(30)"

    def test_a_function_reads_the_hint_from_the_outcome(self) -> None:
        def retry_after(outcome: Outcome[object]) -> float | None:
            return 5.0 if isinstance(outcome, Returned) else None

        classifier = status(429).hinted(retry_after)
        assert classifier(Returned(Response(429))) == Transient(5.0)
        assert classifier(Raised(StatusError(429))) is TRANSIENT


class TestCascades:
    CLASSIFIER: Classifier[object] = hopeless(
        status(404), status(429).hinted(30).otherwise(status(503).otherwise(error(OSError)))
    )

    @pytest.mark.parametrize(
        ("subject", "verdict"),
        [
            (Response(404), FAIL),
            (Response(429), Transient(30.0)),
            (Response(503), TRANSIENT),
            (OSError(), TRANSIENT),
            (Response(200), ACCEPT),
        ],
    )
    def test_the_first_that_holds_decides(self, subject: object, verdict: object) -> None:
        assert self.CLASSIFIER(outcome_of(subject)) == verdict

    def test_its_repr_says_it(self) -> None:
        said = "hopeless(status(404), status(429).hinted(30).otherwise(status(503).otherwise(error(OSError))))"
        assert repr(self.CLASSIFIER) == said


def test_a_condition_is_a_policys_classifier() -> None:
    script = Script(ConnectionError("busy"), -1, 7)
    policy = Policy[int](classify=error_where(is_busy) | value_where(is_negative), schedule=no_delay())
    assert execute(policy, lambda: played(script.next(0.0)[1])) == 7


def test_control_flow_is_never_retried_by_a_condition() -> None:
    policy: Policy[object] = Policy(classify=error(BaseException))
    assert getattr(decide(policy, State(), Raised(KeyboardInterrupt()), 0.0), "reason", None) == "not_retryable"


def test_a_predicate_that_fails_keeps_the_operations_error() -> None:
    failed = RuntimeError("down")
    with pytest.raises(ClassifierError, match="error_where: ") as caught:
        error_where(lambda _: 1 / 0 > 1).holds(Raised(failed))
    assert caught.value.__cause__ is failed


@pytest.mark.parametrize(
    ("field", "construct"),
    [
        ("types", lambda: error()),  # noqa: PLW0108 - the lambda delays the construction
        ("types", lambda: error(int)),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        ("numbers", lambda: error_number()),  # noqa: PLW0108 - as above
        ("values", lambda: value()),  # noqa: PLW0108 - as above
        ("codes", lambda: status()),  # noqa: PLW0108 - as above
        ("pattern", lambda: message("(")),
    ],
)
def test_a_condition_on_nothing_is_refused(field: str, construct: Callable[[], object]) -> None:
    with pytest.raises(ConfigError) as caught:
        construct()
    assert caught.value.field == field
