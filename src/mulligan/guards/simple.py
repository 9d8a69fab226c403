"""A guard that only refuses, as a visit: it is asked about an attempt's number and sees no outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeGuard

if TYPE_CHECKING:
    from collections.abc import Callable

    from mulligan.guards.protocol import AnyGuard, Call, Ending, Guard, Said, Visit, Watching
    from mulligan.outcome import Refusal

__all__ = ["is_guard", "visit_of"]


class _Simple:
    """A visit that asks the guard and sees nothing.

    Args:
        admit: the guard's one method.
    """

    __slots__ = ("admit", "asked")

    def __init__(self, admit: Callable[[int], Refusal | None]) -> None:
        self.admit = admit
        self.asked = 0

    def enter(self, attempt: int, now: float, /) -> Said:  # noqa: ARG002 - the protocol's
        """Ask about the first attempt; a retry was asked about before its sleep."""
        return None if attempt == self.asked else self.admit(attempt)

    def leave(self, ending: Ending, now: float, /) -> Said:
        """See nothing."""

    def retry(self, ending: Ending, delay: float, now: float, /) -> Said:  # noqa: ARG002 - the protocol's
        """Ask about a retry."""
        self.asked = ending.attempt + 1
        return self.admit(self.asked)

    def release(self, now: float, /) -> Said:
        """Hold nothing."""


def visit_of(guard: AnyGuard, call: Call) -> Visit:
    """Answer a guard's part in one execution.

    Args:
        guard: any guard.
        call: the execution.
    """
    if _watches(guard):
        return guard.visit(call)
    assert _refuses(guard)  # noqa: S101 - a pipeline takes nothing else
    return _Simple(guard.admit)


def is_guard(guard: object) -> bool:
    """Tell whether it can be one.

    Args:
        guard: anything.
    """
    return _watches(guard) or _refuses(guard)


def _watches(guard: object) -> TypeGuard[Watching]:
    return callable(getattr(guard, "visit", None))


def _refuses(guard: object) -> TypeGuard[Guard]:
    return callable(getattr(guard, "admit", None))
