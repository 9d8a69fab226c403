"""`decide` is pure and obeys the policy's limits: against a model, and where executors use its parts."""

from __future__ import annotations

import json
import math
import pickle
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from mulligan import UNLIMITED, ClassifierError, ConfigError, Policy, constant, from_delays
from mulligan.classify import ACCEPT, FAIL, Transient
from mulligan.decision import Reason, Refusal, Retry, State, Stop, decide, next_delay, refuse
from mulligan.outcome import Raised, Returned

if TYPE_CHECKING:
    from mulligan.classify import Verdict
    from mulligan.outcome import Outcome

SECONDS = st.floats(0.01, 1000)
DELAYS = st.lists(st.floats(0, 100), max_size=6)
POLICY: Policy[int] = Policy(retry_on=ConnectionError, retry_if=lambda value: value < 0, schedule=constant(2))


class Model(RuleBasedStateMachine):
    """An execution played against a model that counts attempts and adds seconds, and nothing else."""

    @initialize(
        delays=DELAYS,
        attempts=st.integers(1, 8) | st.none(),
        timeout=SECONDS | st.none(),
        stop_after=SECONDS | st.none(),
        seed=st.integers(0, 2**64),
    )
    def begin(
        self, delays: list[float], attempts: int | None, timeout: float | None, stop_after: float | None, seed: int
    ) -> None:
        self.delays, self.attempts, self.timeout, self.stop_after = delays, attempts, timeout, stop_after
        self.policy = POLICY.replace(
            schedule=from_delays(delays),
            max_attempts=UNLIMITED if attempts is None else attempts,
            timeout=timeout,
            stop_after=stop_after,
        )
        self.state, self.now, self.made, self.stopped = State(seed=seed), 0.0, 0, False

    def expected(self, now: float) -> float | Reason:
        """Answer the delay, or the first limit that is reached."""
        if self.attempts is not None and self.made >= self.attempts:
            return Reason.ATTEMPTS
        if self.stop_after is not None and now >= self.stop_after:
            return Reason.STOP_AFTER
        if self.made > len(self.delays):
            return Reason.SCHEDULE_ENDED
        delay = self.delays[self.made - 1]
        return Reason.TIMEOUT if self.timeout is not None and now + delay >= self.timeout else delay

    def play(self, outcome: Outcome[int], seconds: float) -> None:
        self.now += seconds
        self.made += 1
        before = self.state
        decision = decide(self.policy, before, outcome, self.now)
        assert decide(self.policy, before, outcome, self.now) == decision
        match decision, self.expected(self.now):
            case Retry(delay, state), float(expected):
                assert delay == expected
                assert state == State(attempt=self.made + 1, elapsed=self.now + delay, seed=before.seed, previous=delay)
                self.state, self.now = state, self.now + delay
            case Stop(reason, state), Reason() as expected:
                assert reason is expected
                assert (state.attempt, state.elapsed) == (self.made, self.now)
                self.stopped = True
            case _:
                raise AssertionError((decision, self.expected(self.now)))

    @precondition(lambda self: not self.stopped)
    @rule(seconds=st.floats(0, 50))
    def fail(self, seconds: float) -> None:
        self.play(Raised(ConnectionError()), seconds)

    @precondition(lambda self: not self.stopped)
    @rule(seconds=st.floats(0, 50))
    def return_something_unaccepted(self, seconds: float) -> None:
        self.play(Returned(-1), seconds)

    @precondition(lambda self: not self.stopped)
    @rule(seconds=st.floats(0, 50))
    def end(self, seconds: float) -> None:
        """What is accepted, or is not transient, ends an execution whatever the limits say."""
        accepted = decide(self.policy, self.state, Returned(1), self.now + seconds)
        failed = decide(self.policy, self.state, Raised(ValueError()), self.now + seconds)
        assert isinstance(accepted, Stop)
        assert isinstance(failed, Stop)
        assert (accepted.reason, failed.reason) == (Reason.ACCEPTED, Reason.NOT_RETRYABLE)

    @precondition(lambda self: not self.stopped)
    @rule()
    def store_and_load(self) -> None:
        self.state = State(**json.loads(json.dumps(self.state.as_dict())))
        assert pickle.loads(pickle.dumps(self.state)) == self.state  # noqa: S301 - pickled just now
        assert eval(repr(self.state), {"State": State}) == self.state  # noqa: S307 - it was written by repr just now

    @precondition(lambda self: self.stopped)
    @rule()
    def begin_again(self) -> None:
        self.state, self.now, self.made, self.stopped = State(seed=self.state.seed), 0.0, 0, False

    @invariant()
    def no_attempt_begins_at_the_timeout(self) -> None:
        timeout: float | None = getattr(self, "timeout", None)
        if timeout is not None and not self.stopped and self.made:
            assert self.now < timeout


TestAgainstTheModel = Model.TestCase


@given(delays=DELAYS, attempt=st.integers(1, 9), now=st.floats(0, 500), timeout=SECONDS | st.none())
def test_the_numbers_and_the_values_agree(delays: list[float], attempt: int, now: float, timeout: float | None) -> None:
    """Executors ask `next_delay` on the path that holds no values."""
    policy = POLICY.replace(schedule=from_delays(delays), max_attempts=6, timeout=timeout)
    step = next_delay(policy, attempt, 7, None, now)
    match decide(policy, State(attempt=attempt, seed=7), Raised(ConnectionError()), now):
        case Retry(delay, _):
            assert step == delay
        case Stop(reason, _):
            assert step is reason


@pytest.mark.parametrize(
    ("verdict", "delay"),
    [
        (Transient(), 2.0),
        (Transient(30.0), 30.0),
        (Transient(0.5), 0.5),
        (Transient(0.0), 0.0),
        (Transient(30.0, "at_least"), 30.0),
        (Transient(0.5, "at_least"), 2.0),
        (Transient(30.0, "at_most"), 2.0),
        (Transient(0.5, "at_most"), 0.5),
        (Transient(30.0, "on_top"), 32.0),
        (Transient(0.0, "on_top"), 2.0),
        (Transient(30.0, "near"), 7.0),
        (Transient(4.0, "near"), 4.0),
        (Transient(0.5, "near"), 2.0),
    ],
)
def test_a_hint_replaces_or_bounds_the_delay(verdict: Transient, delay: float) -> None:
    policy = Policy[int](classify=lambda outcome: verdict, schedule=constant(2))
    decision = decide(policy, State(), Raised(ConnectionError()), 1.0)
    assert isinstance(decision, Retry)
    assert decision.delay == delay


def test_the_schedule_goes_on_from_its_own_delay_after_a_hint() -> None:
    policy = Policy[int](classify=lambda outcome: Transient(30.0), schedule=constant(2))
    decision = decide(policy, State(), Raised(ConnectionError()), 1.0)
    assert decision.state == State(attempt=2, elapsed=31.0, previous=2.0)


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(), GeneratorExit()])
def test_control_flow_is_never_shown_to_a_predicate(error: BaseException) -> None:
    shown: list[BaseException] = []

    def predicate(error: BaseException) -> bool:
        shown.append(error)
        return True

    policy: Policy[object] = Policy(retry_on=predicate)
    decision = decide(policy, State(), Raised(error), 0.0)
    assert isinstance(decision, Stop)
    assert decision.reason is Reason.NOT_RETRYABLE
    assert shown == []


class TestClassifiersThatFail:
    def test_a_predicate_that_raises_keeps_the_operations_error_as_the_cause(self) -> None:
        error = ConnectionError("down")
        with pytest.raises(ClassifierError, match=r"retry_on: .* raised ZeroDivisionError") as caught:
            decide(Policy(retry_on=lambda _: 1 / 0 > 1), State(), Raised(error), 0.0)
        assert caught.value.__cause__ is error
        assert isinstance(caught.value.__context__, ZeroDivisionError)

    def test_a_predicate_that_answers_none_is_an_error(self) -> None:
        error = ConnectionError("down")
        policy: Policy[object] = Policy(retry_on=silent)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        with pytest.raises(ClassifierError, match="answered None: return True or False") as caught:
            decide(policy, State(), Raised(error), 0.0)
        assert caught.value.__cause__ is error

    def test_a_predicate_that_answers_a_coroutine_is_an_error(self) -> None:
        policy: Policy[object] = Policy(retry_if=lambda value: asking(value))  # type: ignore[arg-type, return-value]  # pyright: ignore[reportArgumentType]  # noqa: PLW0108
        with pytest.raises(ClassifierError, match="a predicate can't be async"):
            decide(policy, State(), Returned(1), 0.0)

    def test_a_classifier_that_raises_keeps_the_cause(self) -> None:
        def classify(outcome: Outcome[object]) -> Verdict:
            raise LookupError("table")

        error = ConnectionError("down")
        with pytest.raises(ClassifierError, match="classify: raised LookupError") as caught:
            decide(Policy(classify=classify), State(), Raised(error), 0.0)
        assert caught.value.__cause__ is error

    def test_a_classifier_that_answers_no_verdict_is_an_error(self) -> None:
        policy: Policy[object] = Policy(classify=lambda outcome: True)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        with pytest.raises(ClassifierError, match="answer Accept, Transient or Fail"):
            decide(policy, State(), Returned(1), 0.0)

    def test_any_truth_counts(self) -> None:
        policy: Policy[str] = Policy(retry_if=lambda value: value)  # type: ignore[arg-type, return-value]  # pyright: ignore[reportArgumentType]
        assert isinstance(decide(policy, State(), Returned("x"), 0.0), Retry)


def silent(error: Exception) -> None: ...


async def asking(value: object) -> bool:
    return True


class Broken:
    """A schedule whose delays can't be slept."""

    def __init__(self, answer: float) -> None:
        self.answer = answer

    def delay(self, retry: int, seed: int, previous: float | None) -> float | None:
        return self.answer


@pytest.mark.parametrize("delay", [-1.0, math.nan, math.inf, 1e10])
def test_a_schedule_that_answers_nonsense_is_named(delay: float) -> None:
    with pytest.raises(ConfigError) as caught:
        decide(POLICY.replace(schedule=Broken(delay)), State(), Raised(ConnectionError()), 0.0)
    assert caught.value.field == "schedule"


def test_verdicts_of_a_classifier_decide() -> None:
    verdicts: dict[int, Verdict] = {0: ACCEPT, 1: FAIL, 2: Transient()}

    def classify(outcome: Outcome[int]) -> Verdict:
        assert isinstance(outcome, Returned)
        return verdicts[outcome.value]

    decisions = [decide(Policy[int](classify=classify), State(), Returned(value), 0.0) for value in range(3)]
    assert [getattr(decision, "reason", None) for decision in decisions] == [
        Reason.ACCEPTED,
        Reason.NOT_RETRYABLE,
        None,
    ]


def test_a_refusal_stops_in_the_state_it_is_given() -> None:
    state = State(attempt=3, elapsed=1.5)
    assert refuse(state, Refusal(by="budget")) == Stop(Reason.REFUSED, state)
    assert refuse(state, Refusal(by="stop", reason=Reason.STOPPED)).reason is Reason.STOPPED


@pytest.mark.parametrize(
    ("field", "make"),
    [
        ("attempt", lambda: State(attempt=0)),
        ("elapsed", lambda: State(elapsed=-1.0)),
        ("elapsed", lambda: State(elapsed=math.nan)),
        ("hint", lambda: Transient(-1.0)),
        ("hint", lambda: Transient(math.nan)),
        ("hint", lambda: Transient(math.inf)),
    ],
)
def test_impossible_numbers_are_refused(field: str, make: object) -> None:
    assert callable(make)
    with pytest.raises(ConfigError) as caught:
        make()
    assert caught.value.field == field
