"""tenacity's waits as schedules."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from mulligan_codemods.libraries.differences import at_least_nothing
from mulligan_codemods.libraries.lowering.delays import at_least, at_most, bounded, constant, total, uniform
from mulligan_codemods.libraries.refusal import Refused
from mulligan_codemods.lowered import Additive, Exponential, FullJitter, Linear, NoDelay, Schedule, Strategy, Symbol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mulligan_codemods.libraries.lowering.tenacity.pieces import Piece
    from mulligan_codemods.lowered import Amount, Premise

__all__ = ["waits_of"]

Waits = tuple[Schedule, Strategy, tuple["Premise", ...]]
DEFAULTS: Mapping[str, Mapping[str, float | None]] = {
    "wait_fixed": {"wait": 0},
    "wait_random": {"min": 0, "max": 1},
    "wait_incrementing": {"start": 0, "increment": 100, "max": None},
    "wait_exponential": {"multiplier": 1, "max": None, "exp_base": 2, "min": 0},
    "wait_random_exponential": {"multiplier": 1, "max": None, "exp_base": 2, "min": 0},
    "wait_exponential_jitter": {"initial": 1, "max": None, "exp_base": 2, "jitter": 1, "min": 0, "multiplier": 1},
}


def waits_of(piece: Piece | None) -> Waits:
    """Answer the schedule of a wait, the wait in tenacity's terms, and what is taken for granted."""
    if piece is None or piece.name == "wait_none" or _is_none(piece):
        return Schedule(backoff=NoDelay()), Strategy("wait_none"), ()
    if (isinstance(piece.node, ast.BinOp) and isinstance(piece.node.op, ast.Add)) or piece.name == "wait_combine":
        return _summed(piece)
    name = "wait_random_exponential" if piece.name == "wait_full_jitter" else piece.name
    if name not in DEFAULTS or not isinstance(piece.node, ast.Call):
        raise Refused("ML252", f"`{ast.unparse(piece.node)}` waits by a rule of its own", piece.node)
    arguments = piece.arguments()
    unknown = arguments.keys() - DEFAULTS[name].keys()
    if unknown:
        raise Refused("ML250", f"tenacity.{name} has no parameter `{min(unknown)}`", piece.node)
    given = {key: piece.number(arguments.get(key), default) for key, default in DEFAULTS[name].items()}
    found = _schedule(piece, name, given)
    told = tuple((key, value) for key, value in given.items() if value is not None)
    return found, Strategy(name, told), at_least_nothing(*given.values())


def _is_none(piece: Piece) -> bool:
    return isinstance(piece.node, ast.Constant) and piece.node.value is None


def _summed(piece: Piece) -> Waits:
    parts = [waits_of(each) for each in piece.parts()]
    found, told, premises = parts[0][0], tuple(each[1] for each in parts), [*parts[0][2]]
    for schedule, _, more in parts[1:]:
        sum_ = total(found, schedule)
        if sum_ is None:
            raise Refused("ML252", "mulligan has no sum of these waits", piece.node)
        found = sum_
        premises += more
    return found, Strategy("wait_combine", (("strategies", told),)), tuple(premises)


def _schedule(piece: Piece, name: str, given: Mapping[str, Amount | None]) -> Schedule:
    def number(key: str) -> Amount:
        found = given[key]
        return 0 if found is None else found

    if any(value is not None and not isinstance(value, Symbol) and value < 0 for value in given.values()):
        raise Refused("ML252", "a delay is negative", piece.node)
    match name:
        case "wait_fixed":
            return constant(number("wait"))
        case "wait_random":
            drawn = uniform(number("min"), number("max"))
            if drawn is None:
                raise Refused("ML252", "its least delay is above the greatest", piece.node)
            return drawn
        case "wait_incrementing":
            return bounded(Linear(number("start"), number("increment")), given["max"])
        case _:
            return _exponential(piece, name, given, number("exp_base"), number("min"))


def _exponential(
    piece: Piece, name: str, given: Mapping[str, Amount | None], factor: Amount, least: Amount
) -> Schedule:
    base = given["initial"] if given.get("initial", 1) != 1 else given["multiplier"]
    backoff = Exponential(1 if base is None else base, factor)
    if name == "wait_exponential":
        return at_least(bounded(backoff, given["max"]), least)
    if least != 0:
        raise Refused("ML252", "a least delay below the random one has no schedule", piece.node)
    if name == "wait_random_exponential":
        return replace(bounded(backoff, given["max"]), jitter=FullJitter())
    jitter = given["jitter"]
    return at_most(Schedule(backoff=backoff, jitter=Additive(0 if jitter is None else jitter)), given["max"])
