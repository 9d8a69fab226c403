"""tenacity's stops: attempts, seconds, and either of several."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mulligan_codemods.libraries.differences import above_nothing, at_least_one
from mulligan_codemods.libraries.reading.amounts import known
from mulligan_codemods.libraries.refusal import Refused
from mulligan_codemods.lowered import Strategy, Symbol

if TYPE_CHECKING:
    from mulligan_codemods.libraries.lowering.tenacity.pieces import Piece
    from mulligan_codemods.lowered import Amount, Premise

__all__ = ["Stops", "stops_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stops:
    """The limits of a stop.

    Args:
        told: the stop in tenacity's terms.
        attempts: how many attempts are made at most.
        stop_after: seconds after which a failure is final.
        timeout: seconds that no sleep may reach.
        premises: what is taken for granted.
    """

    told: Strategy
    attempts: Amount | None = None
    stop_after: Amount | None = None
    timeout: Amount | None = None
    premises: tuple[Premise, ...] = ()


def stops_of(piece: Piece | None) -> Stops:
    """Answer the limits of a stop; none where it never stops."""
    if piece is None or piece.name == "stop_never":
        return Stops(told=Strategy("stop_never"))
    if (isinstance(piece.node, ast.BinOp) and isinstance(piece.node.op, ast.BitOr)) or piece.name == "stop_any":
        return _either([stops_of(each) for each in piece.parts()], piece)
    if piece.name == "stop_after_attempt":
        return _attempts(piece)
    if piece.name in {"stop_after_delay", "stop_before_delay"}:
        limit = piece.number(piece.arguments().get("max_delay"), None)
        if limit is None or (not isinstance(limit, Symbol) and limit <= 0):
            raise Refused("ML251", "its limit of seconds is not above 0", piece.node)
        told, premises = Strategy(piece.name, (("max_delay", limit),)), above_nothing(limit)
        if piece.name == "stop_after_delay":
            return Stops(told=told, stop_after=limit, premises=premises)
        return Stops(told=told, timeout=limit, premises=premises)
    raise Refused("ML251", f"`{ast.unparse(piece.node)}` stops by a rule of its own", piece.node)


def _attempts(piece: Piece) -> Stops:
    argument = piece.arguments().get("max_attempt_number")
    found = piece.number(argument, None)
    if argument is None or found is None:
        raise Refused("ML251", "its number of attempts is not given", piece.node)
    number = known(argument, found)
    told = Strategy("stop_after_attempt", (("max_attempt_number", found),))
    if isinstance(found, Symbol):
        if number is not None and number < 1:
            return Stops(told=told, attempts=1)
        return Stops(told=told, attempts=found, premises=() if number is not None else at_least_one(found))
    return Stops(told=told, attempts=max(1, -int(-found // 1)))


def _either(found: list[Stops], piece: Piece) -> Stops:
    """Answer the limits of which the first that is reached counts."""
    return Stops(
        told=Strategy("stop_any", (("stops", tuple(each.told for each in found)),)),
        attempts=_least([each.attempts for each in found], piece),
        stop_after=_least([each.stop_after for each in found], piece),
        timeout=_least([each.timeout for each in found], piece),
        premises=tuple(premise for each in found for premise in each.premises),
    )


def _least(amounts: list[Amount | None], piece: Piece) -> Amount | None:
    given = [each for each in amounts if each is not None]
    if len(given) < 2:
        return given[0] if given else None
    numbers = [each for each in given if not isinstance(each, Symbol)]
    if len(numbers) != len(given):
        raise Refused("ML251", "which of two limits is the lower can't be told", piece.node)
    return min(numbers)
