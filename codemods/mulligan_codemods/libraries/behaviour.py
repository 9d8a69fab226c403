"""What a use does today, in short phrases, and what is hazardous about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mulligan_codemods.libraries.lowering.delays import is_drawn
from mulligan_codemods.lowered import Constant, Exponential, Fibonacci, Linear, Longest, NoDelay, Shortest
from mulligan_codemods.recognise.telling.behaviour import delays, shown
from mulligan_codemods.site import Behaviour, Hazard

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mulligan_codemods.libraries.lowering.terms import Terms
    from mulligan_codemods.libraries.reading.place import Place
    from mulligan_codemods.lowered import Schedule

__all__ = ["behaviour_of", "hazards_of"]


def behaviour_of(terms: Terms) -> Behaviour:
    """Describe what is retried."""
    attempts = "unlimited" if terms.max_attempts is None else shown(terms.max_attempts)
    limit = terms.stop_after if terms.stop_after is not None else terms.timeout
    exceptions = terms.predicate or ", ".join(each.text for each in terms.retry_on) or "none"
    return Behaviour(
        attempts=attempts if limit is None else f"{attempts}, for {shown(limit)} s",
        delays=delays(terms.schedule),
        exceptions=exceptions if terms.retry_if is None else f"{exceptions}; values by {terms.retry_if}",
    )


def hazards_of(place: Place, terms: Terms) -> tuple[Hazard, ...]:
    """Answer the hazards of a use, sorted by code."""
    return tuple(Hazard(code=code, message=message, line=place.node.lineno) for code, message in sorted(_told(terms)))


def _told(terms: Terms) -> Iterator[tuple[str, str]]:
    if terms.max_attempts is None and terms.stop_after is None and terms.timeout is None:
        yield "ML101", "there is no limit of attempts or time"
    texts = {each.text for each in terms.retry_on}
    if terms.predicate is None and "BaseException" in texts:
        yield "ML114", "retries interruption and cancellation too"
    elif terms.predicate is None and "Exception" in texts:
        yield "ML104", "`Exception` retries programming errors too"
    if isinstance(terms.schedule.backoff, NoDelay) and terms.schedule.jitter is None:
        yield "ML112", "the next attempt follows at once"
        return
    if not is_drawn(terms.schedule):
        yield "ML102", "the delays have no jitter"
    if _is_endless(terms.schedule):
        yield "ML103", "the delay grows without a cap"


def _is_endless(schedule: Schedule) -> bool:
    match schedule.backoff:
        case Exponential() | Linear() | Fibonacci():
            return schedule.cap is None
        case Longest(parts=parts):
            return any(map(_is_endless, parts))
        case Shortest(parts=parts):
            return all(map(_is_endless, parts))
        case Constant() | _:
            return False
