"""Functions that the comparisons give to originals and shims: predicates, waits, stops."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hypothesis.strategies import SearchStrategy


def is_os_error(error: object) -> bool:
    return isinstance(error, OSError)


def is_none(value: object) -> bool:
    return value is None


def is_zero(value: object) -> bool:
    return value == 0


def no_answer(value: object) -> None:
    """Forget to answer."""


def says_three(error: object) -> bool:
    return "3" in str(error)


def late(attempt: int, elapsed: int) -> bool:
    return attempt * 100 + elapsed > 700


def growing(attempt: int, elapsed: int) -> int:
    return attempt * 10 + elapsed // 7


def half(value: float) -> float:
    return value / 2


def length(given: object) -> int:
    return len(str(given))


def two() -> int:
    return 2


def options(optional: Mapping[str, SearchStrategy[Any]]) -> SearchStrategy[dict[str, Any]]:
    """Draw any of these options."""
    drawn: SearchStrategy[dict[str, Any]] = st.fixed_dictionaries({}, optional=dict(optional))
    return drawn


def one_of(*choices: Any) -> SearchStrategy[Any]:
    """Draw one of these."""
    return st.sampled_from(choices)
