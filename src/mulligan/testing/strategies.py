"""Hypothesis strategies: any schedule, any policy, any script of faults.

Rules: what is drawn is valid, covers the boundaries first (no delay, the smallest and the greatest delay, one attempt),
and shrinks to the simplest: no delay, few attempts, success at once. Needs Hypothesis: `mulligan[testing]`.
"""

from __future__ import annotations

from typing import TypeVar

from hypothesis import strategies as st

from mulligan.policy import Policy
from mulligan.schedules import (
    BaseSchedule,
    Jitter,
    additive_jitter,
    constant,
    decorrelated,
    equal_jitter,
    exponential,
    fibonacci,
    from_delays,
    full_jitter,
    linear,
    max_of,
    min_of,
    no_delay,
    proportional_jitter,
)
from mulligan.testing.scripts import Step

__all__ = ["jitters", "policies", "schedules", "scripts"]

V = TypeVar("V")
_LONGEST = 1e9


def durations(longest: float) -> st.SearchStrategy[float]:
    """Draw seconds, the boundaries first.

    Args:
        longest: the greatest.
    """
    boundaries = [seconds for seconds in (0.0, 5e-324, 1e-9, 0.1, 1.0, longest) if seconds <= longest]
    return st.one_of(st.sampled_from(boundaries), st.floats(0, min(longest, 10.0)), st.floats(0, longest))


def kinds_of_jitter() -> dict[str, st.SearchStrategy[Jitter]]:
    """Answer a strategy for each kind of jitter, by the name of its function."""
    return {
        "full_jitter": st.just(full_jitter()),
        "equal_jitter": st.just(equal_jitter()),
        "proportional_jitter": st.floats(0, 1).map(proportional_jitter),
        "additive_jitter": durations(_LONGEST).map(additive_jitter),
    }


def jitters() -> st.SearchStrategy[Jitter]:
    """Draw any kind of jitter.

    >>> from hypothesis import find
    >>> find(jitters(), lambda jitter: True)
    full_jitter()
    """
    return st.one_of(*kinds_of_jitter().values())


def families(longest: float = _LONGEST) -> dict[str, st.SearchStrategy[BaseSchedule]]:
    """Answer a strategy for each family of schedules, by the name of its function.

    Args:
        longest: the greatest base, step or cap, in seconds.
    """
    seconds = durations(longest)
    spans = seconds.flatmap(lambda base: st.tuples(st.just(base), st.none() | st.floats(base, longest)))
    factors = st.one_of(st.sampled_from([1e-300, 0.5, 1.0, 2.0, 1e300]), st.floats(0.01, 1e6))
    return {
        "no_delay": st.just(no_delay()),
        "constant": seconds.map(constant),
        "linear": st.builds(_linear, spans, st.none() | seconds),
        "exponential": st.builds(_exponential, spans, factors),
        "fibonacci": spans.map(lambda span: fibonacci(span[0], cap=span[1])),
        "from_delays": st.lists(seconds, max_size=6).map(from_delays),
        "decorrelated": spans.map(lambda span: decorrelated(span[0], cap=span[1])),
    }


def schedules(*, longest: float = _LONGEST) -> st.SearchStrategy[BaseSchedule]:
    """Draw any schedule: every family, jittered, capped, and combined with others.

    Args:
        longest: the greatest base, step or cap, in seconds.

    >>> from hypothesis import find
    >>> find(schedules(), lambda schedule: True)
    no_delay()
    """
    return st.recursive(st.one_of(*families(longest).values()), lambda parts: combined(parts, longest), max_leaves=4)


def combined(parts: st.SearchStrategy[BaseSchedule], longest: float = _LONGEST) -> st.SearchStrategy[BaseSchedule]:
    """Draw a combination of schedules.

    Args:
        parts: what is combined.
        longest: the greatest cap or total, in seconds.
    """
    counts, seconds = st.integers(0, 9), durations(longest)
    return st.one_of(
        st.builds(BaseSchedule.take, parts, counts),
        st.builds(_in_a_row, parts, parts, counts),
        st.builds(BaseSchedule.within, parts, seconds),
        st.builds(_capped, parts, seconds),
        st.builds(_jittered, parts, jitters()),
        st.builds(max_of, parts, parts),
        st.builds(min_of, parts, parts),
    )


def _linear(span: tuple[float, float | None], step: float | None) -> BaseSchedule:
    return linear(span[0], step=step, cap=span[1])


def _exponential(span: tuple[float, float | None], factor: float) -> BaseSchedule:
    return exponential(span[0], factor=factor, cap=span[1])


def _in_a_row(first: BaseSchedule, other: BaseSchedule, count: int) -> BaseSchedule:
    return first.take(count).then(other)


def _capped(schedule: BaseSchedule, cap: float) -> BaseSchedule:
    return schedule if schedule.is_jittered else schedule.capped(cap)


def _jittered(schedule: BaseSchedule, kind: Jitter) -> BaseSchedule:
    return schedule if schedule.is_jittered else schedule.jittered(kind)


def policies(
    *errors: type[BaseException], longest: float = _LONGEST, most_attempts: int = 6
) -> st.SearchStrategy[Policy[object]]:
    """Draw any policy that retries some exception types.

    Args:
        errors: the exception types; `ConnectionError` and `TimeoutError` where none is given.
        longest: the greatest delay or limit, in seconds.
        most_attempts: the greatest attempt limit.

    >>> from hypothesis import find
    >>> find(policies(OSError), lambda policy: policy.max_attempts > 1)
    Policy(retry_on=(OSError,), schedule=no_delay(), max_attempts=2)
    """
    retried = errors or (ConnectionError, TimeoutError)

    def policy(
        schedule: BaseSchedule, attempts: int, timeout: float | None, stop_after: float | None
    ) -> Policy[object]:
        return Policy(
            retry_on=retried, schedule=schedule, max_attempts=attempts, timeout=timeout, stop_after=stop_after
        )

    limits = st.none() | st.floats(1e-9, longest)
    return st.builds(policy, schedules(longest=longest), st.integers(1, most_attempts), limits, limits)


def scripts(
    *errors: type[BaseException], values: st.SearchStrategy[V], longest: float = 10.0, most: int = 6
) -> st.SearchStrategy[tuple[Step[V], ...]]:
    """Draw the steps of a script: failures, and at last a value or one failure for ever.

    Args:
        errors: the exception types; `ConnectionError` and `TimeoutError` where none is given.
        values: what the operation returns.
        longest: the greatest duration of a call, in seconds.
        most: the greatest number of failures before the last step.

    >>> from hypothesis import find
    >>> find(scripts(OSError, values=st.just(1)), lambda steps: len(steps) > 1)[0].error
    <class 'OSError'>
    """
    kinds = st.sampled_from(errors or (ConnectionError, TimeoutError))
    seconds = durations(longest)

    def failing(error: type[BaseException], lasting: float) -> Step[V]:
        return Step(error=error, seconds=lasting)

    def answering(value: V, lasting: float) -> Step[V]:
        return Step(value=value, seconds=lasting)

    def ending(before: list[Step[V]], last: Step[V]) -> tuple[Step[V], ...]:
        return (*before, last.forever())

    failures = st.builds(failing, kinds, seconds)
    answers = st.builds(answering, values, seconds)
    return st.builds(ending, st.lists(failures, max_size=most), answers | failures)
