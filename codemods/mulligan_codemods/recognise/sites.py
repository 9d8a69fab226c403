"""From a candidate to a `Site`: always an answer, a retry with its parameters, a retry with a reason, or no retry."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mulligan_codemods.recognise.canonical import canonical
from mulligan_codemods.recognise.loops.anatomy import dissect
from mulligan_codemods.recognise.loops.answers import driven_by_answer
from mulligan_codemods.recognise.loops.kinds import judge
from mulligan_codemods.recognise.loops.place import locate
from mulligan_codemods.recognise.lowering.constants import with_names
from mulligan_codemods.recognise.lowering.lower import lower
from mulligan_codemods.recognise.reading.reading import Reading, read
from mulligan_codemods.recognise.refusal import Refused
from mulligan_codemods.recognise.shapes import shape_of
from mulligan_codemods.recognise.telling.behaviour import behaviour_of
from mulligan_codemods.recognise.telling.hazards import hazards_of
from mulligan_codemods.site import Kind, Reason, Site, Span

if TYPE_CHECKING:
    from mulligan_codemods.files.source import Source
    from mulligan_codemods.find import Candidate
    from mulligan_codemods.lowered import Lowered
    from mulligan_codemods.recognise.loops.anatomy import Anatomy
    from mulligan_codemods.recognise.loops.place import Place

__all__ = ["recognise"]

BY_ANSWER = frozenset({"ML301", "ML302", "ML307"})
"""The verdicts on loops that no exception of their own drives."""


def recognise(source: Source, candidate: Candidate) -> Site:
    """Say what a candidate is.

    Args:
        source: the file, which must parse.
        candidate: one of its loops, as `find` answered it.
    """
    place = locate(source.text, candidate.span)
    if place is None:
        return _no_retry(candidate, "ML307", "it can't be found again")
    anatomy = dissect(place)
    verdict = judge(place, anatomy)
    answer = driven_by_answer(place, anatomy) if verdict is not None and verdict[0] in BY_ANSWER else None
    if answer is not None:
        return _driven(candidate, answer)
    if anatomy is None or verdict is not None:
        code, message = verdict or ("ML307", "no exception makes it go round again")
        return _no_retry(candidate, code, message)
    return _retry(candidate, anatomy)


def _no_retry(candidate: Candidate, code: str, message: str) -> Site:
    return Site(
        path=candidate.path, qualname=candidate.qualname, span=candidate.span, kind=Kind.LOOP, shape=None,
        is_retry=False, reason=Reason(code=code, message=message, span=candidate.span),
    )  # fmt: skip


def _driven(candidate: Candidate, answer: str) -> Site:
    return Site(
        path=candidate.path, qualname=candidate.qualname, span=candidate.span, kind=Kind.LOOP, shape="S11",
        is_retry=True, reason=Reason(code="ML215", message=answer, span=candidate.span),
    )  # fmt: skip


def _retry(candidate: Candidate, anatomy: Anatomy) -> Site:
    reading: Reading | None = None
    reason: Reason | None = None
    lowered = None
    try:
        reading = read(anatomy)
        lowered = with_names(candidate.path, anatomy, lower(reading))
    except Refused as refused:
        reason = Reason(code=refused.code, message=refused.message, span=_span(refused, anatomy.place, candidate.span))
        found = _otherwise(candidate.path, anatomy)
        if found is not None:
            reading, lowered = found
            reason = None
    return Site(
        path=candidate.path,
        qualname=candidate.qualname,
        span=candidate.span,
        kind=Kind.LOOP,
        shape=shape_of(anatomy, reading),
        is_retry=True,
        behaviour=behaviour_of(anatomy, reading),
        hazards=hazards_of(anatomy, reading),
        lowered=lowered,
        reason=reason,
    )


def _otherwise(path: str, anatomy: Anatomy) -> tuple[Reading, Lowered] | None:
    """Read a loop in the plainest other way of writing it that can be read, and put it where the loop stands."""
    for other in reversed([*canonical(anatomy)]):
        if judge(other.place, other) is not None:
            continue
        try:
            reading = read(other)
            lowered = with_names(path, other, lower(reading))
        except Refused:
            continue
        grown = (other.place.loop.end_lineno or 0) - (anatomy.place.loop.end_lineno or 0)
        region = replace(lowered.region, end_line=lowered.region.end_line - grown)
        return reading, replace(lowered, region=region)
    return None


def _span(refused: Refused, place: Place, otherwise: Span) -> Span:
    return otherwise if refused.node is None else place.layout.span(refused.node)
