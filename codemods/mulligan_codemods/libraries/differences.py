"""How the new code may differ from the library's: the closed list of what is permitted, and premises in their wording.

Rules: a difference is permitted only if it is worded here; what is used at a site is printed. Anything else is a
departure, which makes the rewrite unsafe and is named as exactly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mulligan_codemods.lowered import Amount, Premise, Symbol
from mulligan_codemods.uses.helpers import helper_name

if TYPE_CHECKING:
    from mulligan.compat.symbols import Library

__all__ = [
    "ATTRIBUTES",
    "CLOCK",
    "CONTROL",
    "HELPER",
    "NOTE",
    "PREDICATE",
    "SWITCHES",
    "WHOLE",
    "above_nothing",
    "at_least_nothing",
    "at_least_one",
    "mapped",
    "plain_callable",
    "records",
    "steady_callable",
    "written_down",
]

NOTE: Final = "a note about the attempts is added to the error"
PREDICATE: Final = "what a predicate itself raises is raised as ClassifierError"
CONTROL: Final = "a predicate is not asked about KeyboardInterrupt and what else is no Exception: they are not retried"
CLOCK: Final = "time is counted exactly and by the monotonic clock, not in whole milliseconds of the wall clock"
WHOLE: Final = "random delays are any fraction of a second, not whole milliseconds"
ATTRIBUTES: Final = "the function has no attributes retry, retry_with and statistics, which nothing here reads"
HELPER: Final = "what the helper logs, or does besides, ends"
SWITCHES: Final = "stamina.set_active, set_testing and hooks no longer reach it"


def mapped(library: Library) -> Premise:
    """Answer the premise on a helper."""
    return Premise(code="helper", text=f"{helper_name(library)} does as its mapping says")


def records(logger: str) -> str:
    """Answer the difference that a library's own log records end."""
    return f"the library's own records to the logger `{logger}` end"


def at_least_one(found: Amount) -> tuple[Premise, ...]:
    """Answer the premise on a number of attempts that the code computes."""
    return (Premise(code="count", text=f"{found.text} ≥ 1"),) if isinstance(found, Symbol) else ()


def at_least_nothing(*found: Amount | None) -> tuple[Premise, ...]:
    """Answer the premises on lengths of time that the code computes."""
    return tuple(Premise(code="delay", text=f"{each.text} ≥ 0") for each in found if isinstance(each, Symbol))


def above_nothing(found: Amount | None) -> tuple[Premise, ...]:
    """Answer the premise on a limit of seconds that the code computes."""
    return (Premise(code="delay", text=f"{found.text} > 0"),) if isinstance(found, Symbol) else ()


def written_down(name: str) -> Premise:
    """Answer the premise on a dictionary."""
    return Premise(code="unchanged", text=f"{name} holds what it is written down with")


def steady_callable(name: str) -> Premise:
    """Answer the premise on what a decorator that serves async functions is applied to."""
    return Premise(code="callable", text=f"{name} is no generator function, and async only as an async function")


def plain_callable(name: str) -> Premise:
    """Answer the premise on a callable that the codemod does not see."""
    return Premise(code="callable", text=f"{name} is no generator function and answers no awaitable")
