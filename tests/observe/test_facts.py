"""Whatever happens, the facts are whole: for any policy, script, world and form, and listening changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mulligan import Execution, Pipeline, Policy, RetryExhausted, from_delays
from mulligan.errors import ClassifierError, Rejected
from mulligan.events import AttemptEnded, Finished, Retrying
from mulligan.guards import CircuitBreaker, consecutive
from mulligan.observe import use
from mulligan.outcome import Reason
from tests.executors.worlds import Script, World, every_form, every_world
from tests.observe.recording import Recorder

if TYPE_CHECKING:
    from tests.executors.worlds import Subject

EXPECTED = (ConnectionError, KeyError, KeyboardInterrupt, RetryExhausted, Rejected, ClassifierError)


def judge(value: int) -> bool:
    if value == 13:
        raise LookupError("the predicate fails")
    return value < 0


steps = st.tuples(
    st.sampled_from([0.0, 0.5, 3.0]),
    st.one_of(
        st.builds(ConnectionError), st.builds(KeyError), st.builds(KeyboardInterrupt), st.sampled_from([-1, 7, 13])
    ),
)


@st.composite
def policies(draw: st.DrawFn) -> Policy[int]:
    """Draw a policy, its limits on every side of what the steps take."""
    exhausted: list[Literal["raise", "return", "wrap"]] = ["raise", "return", "wrap"]
    return Policy[int](
        name="any",
        retry_on=ConnectionError,
        retry_if=draw(st.sampled_from([None, judge])),
        max_attempts=draw(st.integers(1, 4)),
        timeout=draw(st.sampled_from([None, 2.0, 60.0])),
        on_exhausted=draw(st.sampled_from(exhausted)),
        schedule=from_delays(draw(st.lists(st.sampled_from([0.0, 0.5, 1.0]), min_size=1, max_size=4))),
    )


def ran(world: World, form: str, subject: Subject, script: Script) -> object:
    """Answer what came of it: a value, or the type of an error."""
    try:
        return world.run(form, subject, script)
    except EXPECTED as error:
        return type(error)


@every_world
@every_form
@settings(max_examples=40)
@given(policy=policies(), script=st.lists(steps, min_size=1, max_size=5), guarded=st.booleans())
def test_facts_are_whole_and_listening_changes_nothing(
    world: World, form: str, policy: Policy[int], script: list[tuple[float, int | BaseException]], guarded: bool
) -> None:
    def subject() -> Subject:
        return Pipeline(policy, guards=[CircuitBreaker("any", consecutive(2), open_for=9)]) if guarded else policy

    unheard, heard, listener = Script(*script), Script(*script), Recorder()
    alone = ran(world, form, subject(), unheard)
    with use(listener):
        assert ran(world, form, subject(), heard) == alone
    assert heard.times == pytest.approx(unheard.times)
    listener.check()
    [finished] = [event for event in listener.events if isinstance(event, Finished)]
    ended = [event for event in listener.events if isinstance(event, AttemptEnded)]
    retried = [event for event in listener.events if isinstance(event, Retrying)]
    assert [event.attempt for event in ended] == list(range(1, heard.calls + 1))
    assert finished.attempts == heard.calls
    assert [event.attempt for event in retried] == [event.attempt for event in ended if event.verdict == "transient"][
        : len(retried)
    ]
    assert finished.accepted is (ended[-1].verdict == "accepted")
    assert (finished.reason is Reason.INTERRUPTED) is (alone is ClassifierError)
    taken = sum(event.seconds for event in ended)
    slept = sum(event.delay for event in retried[: heard.calls - 1])
    assert finished.elapsed == pytest.approx(taken + slept, abs=1e-6)


def test_what_belongs_to_one_call_is_heard_too() -> None:
    listener = Recorder()
    with use(listener):
        Execution(Policy[int](name="any", retry_on=ConnectionError)).run(Script(7).play)
    listener.check()
