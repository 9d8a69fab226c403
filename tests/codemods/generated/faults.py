"""What the outside does in one run: fault scripts, written out and drawn.

Rules: a script says what each call of the outside does, how long it takes, how the foreign exception classes are
related, what numbers come from outside and which attribute a call changes. Old and new code get the same script.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["FAMILIES", "RAISED", "Change", "Fails", "Returns", "Script", "battery", "scripts"]

RAISED = (
    "Broken",
    "Timeout",
    "Refused",
    "Other",
    "Exhausted",
    "OSError",
    "ConnectionResetError",
    "ValueError",
    "Exception",
    "KeyboardInterrupt",
    "CancelledError",
    "Fatal",
)
"""The classes that calls raise; `Fatal` derives from `BaseException` alone."""

FAMILIES: tuple[dict[str, str], ...] = (
    {"Timeout": "Broken", "Refused": "Broken"},
    {},
    {"Broken": "Timeout"},
    {"Broken": "OSError", "Timeout": "Broken", "Other": "ValueError"},
    {"Other": "Broken", "Exhausted": "Broken"},
    {"Broken": "Other", "Timeout": "Exhausted", "Refused": "Timeout"},
    {"Broken": "BaseException", "Timeout": "BaseException"},
)
"""From which class the foreign classes derive, where not from `Exception`; in the last, from `BaseException` alone."""


@dataclass(frozen=True, slots=True)
class Returns:
    """A call returns: a thing, or one of the values that count as false."""

    value: str = "thing"


@dataclass(frozen=True, slots=True)
class Fails:
    """A call raises an error of a class, with a number for its `code`, `status` and `errno`."""

    name: str
    code: int = 503


@dataclass(frozen=True, slots=True)
class Change:
    """At one call an attribute of the instance becomes another number."""

    call: int
    attribute: str
    value: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """One run's outside.

    Args:
        outcomes: what the calls do, in order; then the last one again and again.
        seconds: how long the calls take, in order, then from the first again.
        family: the index of the classes' relations.
        count: the number for counts from outside.
        delay: the number for delays from outside.
        draw: where in [0, 1) each random draw falls.
        changes: what calls change.
        same_error: whether all errors of a class are one object.
        repeat: how often `work` is called.
    """

    outcomes: tuple[Returns | Fails, ...]
    seconds: tuple[float, ...] = (0.0,)
    family: int = 0
    count: int = 3
    delay: float = 0.5
    draw: float = 0.25
    changes: tuple[Change, ...] = ()
    same_error: bool = False
    repeat: int = 1

    def outcome(self, number: int) -> Returns | Fails:
        """Answer what the call of this number does, from 1."""
        return self.outcomes[min(number, len(self.outcomes)) - 1]

    def duration(self, number: int) -> float:
        """Answer how many seconds the call of this number takes."""
        return self.seconds[(number - 1) % len(self.seconds)]


def battery() -> Iterator[Script]:
    """Answer scripts that cover the plain cases: each class once, twice, always; numbers at their boundaries."""
    yield from _numbers()
    yield from _classes()
    yield from _values()
    yield from _times()


def _numbers() -> Iterator[Script]:
    fine = Returns()
    for name, failures, count in itertools.product(("Broken", "OSError"), range(7), (3, 1, 4)):
        yield Script(outcomes=(*[Fails(name)] * failures, fine), count=count)
    numbers = itertools.product(("Broken", "OSError"), (0, 1, 2, 5, -1), (0.0, 2.0, -1.0), (0, 3))
    for name, count, delay, family in numbers:
        yield Script(outcomes=(Fails(name),), count=count, delay=delay, family=family)


def _classes() -> Iterator[Script]:
    fine = Returns()
    for name, family in itertools.product(RAISED, range(len(FAMILIES))):
        yield Script(outcomes=(Fails(name),), family=family)
        yield Script(outcomes=(fine, Fails(name), fine), family=family)
        yield Script(outcomes=(Fails("Broken"), Fails(name), fine), family=family)


def _values() -> Iterator[Script]:
    fine = Returns()
    for value in ("none", "false", "zero", "empty", "again"):
        yield Script(outcomes=(Returns(value), fine))
        yield Script(outcomes=(Fails("Broken"), Returns(value)))
        yield Script(outcomes=(Returns(value),))
    for code in (404, 500, 503, 429, 0):
        yield Script(outcomes=(Fails("Broken", code), Fails("OSError", code), fine))
        yield Script(outcomes=(Fails("OSError", code),))


def _times() -> Iterator[Script]:
    fine = Returns()
    for seconds in (0.3, 1.0, 2.5, 10.0):
        yield Script(outcomes=(Fails("Broken"),), seconds=(seconds,))
        yield Script(outcomes=(Fails("OSError"),), seconds=(seconds, 0.0))
        yield Script(outcomes=(Fails("OSError"), Fails("Broken"), Fails("Timeout"), fine), seconds=(0.0, seconds))
    changes = itertools.product((1, 2), ("retries", "delay"), (0, 1, 6))
    for call, attribute, number in changes:
        for name in ("Broken", "OSError"):
            yield Script(outcomes=(Fails(name),), changes=(Change(call, attribute, number),))
    for repeat in (2, 3):
        yield Script(outcomes=(Fails("Broken"), fine, Fails("Broken"), Fails("Broken"), fine), repeat=repeat)
        yield Script(outcomes=(Fails("OSError"),), repeat=repeat)
        yield Script(outcomes=(Fails("Broken"),), repeat=repeat, same_error=True)


def scripts() -> st.SearchStrategy[Script]:
    """Draw scripts."""
    returns = st.builds(Returns, st.sampled_from(("thing", "thing", "none", "false", "zero", "empty", "again")))
    fails = st.builds(Fails, st.sampled_from(("Broken", *RAISED)), st.sampled_from((503, 404, 500, 429, 0)))
    seconds = st.sampled_from((0.0, 0.0, 0.3, 1.0, 2.5, 7.0))
    changes = st.builds(Change, st.integers(1, 4), st.sampled_from(("retries", "delay")), st.integers(0, 6))
    return st.builds(
        Script,
        outcomes=st.lists(fails | returns, min_size=1, max_size=9).map(tuple),
        seconds=st.lists(seconds, min_size=1, max_size=3).map(tuple),
        family=st.integers(0, len(FAMILIES) - 1),
        count=st.integers(-1, 6),
        delay=st.sampled_from((0.5, 0.0, 0.1, 1.0, 3.0, -1.0)),
        draw=st.sampled_from((0.25, 0.0, 0.9)),
        changes=st.lists(changes, max_size=1).map(tuple),
        same_error=st.booleans(),
        repeat=st.integers(1, 2),
    )
