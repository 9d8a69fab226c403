"""What becomes of the last error: its one note, the mark of its attempts, and `RetryExhausted`.

Rules:
- An error carries at most one note of ours: a later one takes the place of an earlier one, so that an error object that
  is raised again and again never collects them. The text depends on the numbers alone.
- The mark tells an execution around this one that the error was retried inside already. It is looked for in the cause
  chain, on the failing path only, and counts only if it was made while the outer execution ran.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from mulligan.errors import RetryExhausted

if TYPE_CHECKING:
    from typing import TypeGuard

    from mulligan.outcome import Reason, Record

__all__ = ["MARK", "annotate", "attempts_inside", "mark", "note_text", "unmark", "wrapped"]

PREFIX: Final = "mulligan: "
MARK: Final = "__mulligan_attempts__"
_CHAIN: Final = 16


def note_text(name: str, attempts: int, inside: int, elapsed: float, reason: Reason, *, since: str) -> str:
    """Answer the note's text.

    Args:
        name: the policy's name, "" where it has none.
        attempts: how many attempts were made.
        inside: how many attempts each of the last ones made inside; 1 where nothing is nested.
        elapsed: seconds.
        reason: why no further attempt was made.
        since: what the seconds are counted from, as the end of the phrase.

    >>> from mulligan.outcome import Reason
    >>> note_text("billing.fetch", 3, 1, 0.5, Reason.ATTEMPTS, since="")
    'mulligan: billing.fetch gave up after 3 attempts in 0.500 s (max_attempts)'
    """
    who = f"{name} gave up" if name else "gave up"
    times = f"{attempts} attempt{'' if attempts == 1 else 's'}"
    nested = f", {attempts * inside} with the retries inside," if inside > 1 else ""
    return f"{PREFIX}{who} after {times}{nested} in {elapsed:.3f} s{since} ({reason})"


def annotate(error: BaseException, text: str) -> None:
    """Give the error this note, in the place of an earlier one of ours."""
    notes: object = getattr(error, "__notes__", None)
    if _is_list(notes):
        notes[:] = [note for note in notes if not (isinstance(note, str) and note.startswith(PREFIX))]
    error.add_note(text)


def _is_list(notes: object) -> TypeGuard[list[object]]:
    return isinstance(notes, list)


def mark(error: BaseException, attempts: int, instant: float) -> None:
    """Let executions around this one know how many attempts the error stands for."""
    try:
        setattr(error, MARK, (attempts, instant))
    except (AttributeError, TypeError):
        return  # an error without room for attributes stays unmarked: the count is for people, nothing depends on it


def unmark(error: BaseException) -> None:
    """Take the mark away because another attempt follows: only what the last one does inside counts.

    One error object that every attempt raises would else collect the marks of all of them, where the clock stands still
    between two executions.
    """
    if hasattr(error, MARK):
        with suppress(AttributeError, TypeError):
            delattr(error, MARK)


def attempts_inside(error: BaseException | None, began: float) -> int:
    """Answer how many attempts executions inside made, as the error's chain of causes tells; at least 1."""
    for _ in range(_CHAIN):
        if error is None:
            return 1
        match getattr(error, MARK, None):
            case (int(attempts), float(instant)) if instant >= began:
                return attempts
            case _:
                error = error.__cause__ or error.__context__
    return 1


def wrapped(text: str, attempts: int, last_value: object, history: tuple[Record, ...]) -> RetryExhausted:
    """Answer the error for an execution that has none of its own to raise."""
    return RetryExhausted(text.removeprefix(PREFIX), attempts=attempts, last_value=last_value, history=history)
