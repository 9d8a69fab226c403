"""A policy is a value, and what it can't use is refused at construction with field, value and remedy."""

from __future__ import annotations

import copy
import math
import pickle
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mulligan
from mulligan import (
    UNLIMITED,
    ConfigError,
    Pipeline,
    Policy,
    constant,
    execute,
    exponential,
    full_jitter,
    linear,
)
from mulligan.classify import FAIL
from mulligan.policy import FIELDS

if TYPE_CHECKING:
    from collections.abc import Callable


def transient(error: Exception) -> bool:
    return True


async def asking(error: Exception) -> bool:
    return True


POLICIES = st.builds(
    Policy[object],
    name=st.text(max_size=5),
    retry_on=st.sampled_from([OSError, (OSError,), (ConnectionError, TimeoutError), transient]),
    schedule=st.sampled_from([constant(1), linear(0.5), exponential(0.1, cap=10).jittered(full_jitter())]),
    max_attempts=st.integers(1, 10) | st.just(UNLIMITED),
    timeout=st.floats(0.001, 1e6) | st.none(),
    attempt_timeout=st.floats(0.001, 1e6) | st.none(),
    attempt_timeout_mode=st.sampled_from(["enforce", "advise"]),
    stop_after=st.floats(0.001, 1e6) | st.none(),
    on_exhausted=st.sampled_from(["raise", "return", "wrap"]),
    note=st.booleans(),
)
NAMES = {**vars(mulligan), "transient": transient}


class TestValue:
    @given(POLICIES)
    def test_repr_evaluates_back(self, policy: Policy[object]) -> None:
        assert eval(repr(policy), dict(NAMES)) == policy  # noqa: S307 - it was written by repr just now

    @given(POLICIES)
    def test_copies_and_pickles_are_equal(self, policy: Policy[object]) -> None:
        assert pickle.loads(pickle.dumps(policy)) == policy  # noqa: S301 - pickled just now
        assert copy.copy(policy) == copy.deepcopy(policy) == policy

    @given(POLICIES, POLICIES)
    def test_equality_is_that_of_the_fields(self, one: Policy[object], other: Policy[object]) -> None:
        same = all(getattr(one, field) == getattr(other, field) for field in FIELDS)
        assert (one == other) is same
        if same:
            assert hash(one) == hash(other)

    def test_it_is_equal_to_nothing_else(self) -> None:
        assert Policy(retry_on=OSError) != "policy"

    @given(POLICIES)
    def test_replace_changes_what_is_named_alone(self, policy: Policy[object]) -> None:
        changed = policy.replace(name="other", timeout=7)
        assert (changed.name, changed.timeout) == ("other", 7.0)
        assert changed.replace(name=policy.name, timeout=policy.timeout) == policy

    def test_replace_checks(self) -> None:
        with pytest.raises(ConfigError):
            Policy(retry_on=OSError).replace(max_attempts=0)

    def test_every_field_can_be_replaced(self) -> None:
        base: Policy[int] = Policy(retry_on=OSError)
        assert base.replace(retry_on=transient).retry_on is transient
        assert base.replace(retry_if=bool).retry_if is bool
        judged = Policy[int](retry_if=bool)
        assert judged.replace(retry_if=None, classify=lambda outcome: FAIL).retry_if is None
        assert base.replace(schedule=constant(1)).schedule == constant(1)
        assert base.replace(attempt_timeout=1, attempt_timeout_mode="advise").attempt_timeout == 1.0
        assert base.replace(stop_after=2).stop_after == 2.0
        assert base.replace(on_exhausted="wrap").on_exhausted == "wrap"
        assert base.replace(idempotency_key=str).idempotency_key is str
        assert base.replace(note=False).note is False

    def test_it_is_frozen(self) -> None:
        policy = Policy(retry_on=OSError)
        with pytest.raises(AttributeError, match=r"\.replace\(timeout="):
            policy.timeout = 3  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]
        with pytest.raises(AttributeError, match="can't be deleted"):
            delattr(policy, "timeout")
        with pytest.raises(AttributeError):
            policy.other = 3  # pyright: ignore[reportAttributeAccessIssue]

    def test_a_policy_with_unhashable_parts_is_no_key_but_works(self) -> None:
        class Unhashable:
            __hash__ = None  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]

            def delay(self, retry: int, seed: int, previous: float | None) -> float | None:
                return 0.0

        policy = Policy(retry_on=OSError, schedule=Unhashable())
        with pytest.raises(TypeError):
            hash(policy)
        assert execute(policy, len, "x") == 1


class TestForms:
    def test_one_type_is_a_tuple_of_one(self) -> None:
        assert Policy(retry_on=OSError) == Policy(retry_on=(OSError,))

    def test_timedeltas_are_seconds(self) -> None:
        policy = Policy(retry_on=OSError, timeout=timedelta(minutes=1), stop_after=timedelta(milliseconds=250))
        assert (policy.timeout, policy.stop_after) == (60.0, 0.25)

    def test_the_default_schedule_is_jittered_and_capped(self) -> None:
        policy = Policy(retry_on=OSError)
        assert policy.schedule == exponential(0.1, factor=2, cap=10).jittered(full_jitter())
        assert policy.max_attempts == 3


BAD: list[tuple[str, Callable[[], object]]] = [
    ("retry_on", lambda: Policy()),  # noqa: PLW0108 - the lambda delays the construction
    ("retry_on", lambda: Policy(retry_on=())),
    ("retry_on", lambda: make(retry_on="OSError")),
    ("retry_on", lambda: make(retry_on=["x"])),
    ("retry_on", lambda: make(retry_on=OSError("instance"))),
    ("retry_on", lambda: make(retry_on=(OSError("instance"),))),
    ("retry_on", lambda: make(retry_on=int)),
    ("retry_on", lambda: make(retry_on=(OSError, int))),
    ("retry_on", lambda: make(retry_on=7)),
    ("retry_on", lambda: make(retry_on=asking)),
    ("retry_on", lambda: make(retry_on=OSError, classify=transient)),
    ("retry_if", lambda: make(retry_if=bool, classify=transient)),
    ("retry_if", lambda: make(retry_if=asking)),
    ("retry_if", lambda: make(retry_if=503)),
    ("retry_if", lambda: make(retry_if=OSError)),
    ("classify", lambda: make(classify="table")),
    ("schedule", lambda: make(retry_on=OSError, schedule=1.5)),
    ("schedule", lambda: make(retry_on=OSError, schedule=None)),
    ("schedule", lambda: make(retry_on=OSError, schedule=[1, 2])),
    ("max_attempts", lambda: make(retry_on=OSError, max_attempts=0)),
    ("max_attempts", lambda: make(retry_on=OSError, max_attempts=-1)),
    ("max_attempts", lambda: make(retry_on=OSError, max_attempts=2.5)),
    ("max_attempts", lambda: make(retry_on=OSError, max_attempts=True)),
    ("max_attempts", lambda: make(retry_on=OSError, max_attempts=None)),
    ("name", lambda: make(retry_on=OSError, name=None)),
    ("note", lambda: make(retry_on=OSError, note="no")),
    ("on_exhausted", lambda: make(retry_on=OSError, on_exhausted="retry")),
    ("on_exhausted", lambda: make(retry_on=OSError, on_exhausted=[])),
    ("attempt_timeout_mode", lambda: make(retry_on=OSError, attempt_timeout_mode="soft")),
    ("idempotency_key", lambda: make(retry_on=OSError, idempotency_key="key")),
]


def make(**arguments: object) -> object:
    """Construct without the type checkers' help, as a caller without them does."""
    return built(Policy, **arguments)


def built(construct: Callable[..., object], **arguments: object) -> object:
    """Call it without the type checkers' help."""
    return construct(**arguments)


@pytest.mark.parametrize(("field", "construct"), BAD, ids=range(len(BAD)))
def test_a_bad_value_is_refused_with_its_field_and_a_remedy(field: str, construct: Callable[[], object]) -> None:
    with pytest.raises(ConfigError) as caught:
        construct()
    assert caught.value.field == field
    assert str(caught.value).startswith(f"{field}={caught.value.value!r}: ")
    assert len(caught.value.remedy) > 10


@pytest.mark.parametrize("field", ["timeout", "attempt_timeout", "stop_after"])
@pytest.mark.parametrize("seconds", [0, -1, math.nan, math.inf, -math.inf, "5", True, timedelta(0), timedelta(-1)])
def test_a_limit_is_a_length_of_time(field: str, seconds: object) -> None:
    with pytest.raises(ConfigError) as caught:
        make(retry_on=OSError, **{field: seconds})
    assert caught.value.field == field


class TestPipeline:
    def test_its_repr_says_what_is_around_the_policy(self) -> None:
        policy = Policy(retry_on=OSError)
        assert repr(Pipeline(policy)) == f"Pipeline({policy!r}, guards=(), listeners=())"

    @pytest.mark.parametrize(
        ("field", "arguments"),
        [
            ("policy", {"policy": "shop"}),
            ("policy", {"policy": Pipeline(Policy(retry_on=OSError))}),
            ("guards", {"policy": Policy(retry_on=OSError), "guards": [object()]}),
            ("listeners", {"policy": Policy(retry_on=OSError), "listeners": ["log"]}),
        ],
    )
    def test_bad_arguments_are_named(self, field: str, arguments: dict[str, object]) -> None:
        with pytest.raises(ConfigError) as caught:
            built(Pipeline, **arguments)
        assert caught.value.field == field


def test_what_is_no_policy_is_refused_where_one_is_expected() -> None:
    run: Callable[..., object] = execute
    with pytest.raises((ConfigError, AttributeError)):
        run("policy", len, "x")
