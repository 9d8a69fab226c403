"""What stands before the attempt in every round: a counter, a pause or a limit tested first, a part of the operation.

A round's begin is read as the end of the round before it: `sleep(5)` before every attempt is one sleep before the
first attempt and a delay of 5 s before each retry; `if attempt: sleep(5)` is the delay alone; a limit tested first is
reached after the failure before.

Rules: pure; only log calls and assignments that compute nothing from outside become part of the operation, because
what else stands before the `try` isn't tried again when it fails.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mulligan_codemods.names import bound_names, own_nodes, read_names
from mulligan_codemods.recognise.numbers.counters import Known, advance
from mulligan_codemods.recognise.numbers.deadlines import deadline
from mulligan_codemods.recognise.numbers.limits import begins_with_second, conditions, limit
from mulligan_codemods.recognise.numbers.sums import Sum
from mulligan_codemods.recognise.reading.effects import is_log
from mulligan_codemods.recognise.reading.steps import Effect, Pause, Step, Stop, pause_of, steps
from mulligan_codemods.recognise.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mulligan_codemods.recognise.loops.place import Place

__all__ = ["Lead", "lead_of"]

UNSTABLE = ast.Call | ast.Await | ast.NamedExpr | ast.Yield | ast.YieldFrom


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lead:
    """What stands before the attempt.

    Args:
        turn: the steps between the loop's head and the next attempt, where they matter.
        once: the pause that is made before the first attempt too.
        own: the statements that belong to the operation.
    """

    turn: tuple[Step, ...] = ()
    once: tuple[ast.stmt, ...] = ()
    own: tuple[ast.stmt, ...] = ()


def lead_of(place: Place, statements: Sequence[ast.stmt], known: Known) -> Lead:
    """Read the statements before the attempt, and bring what is known of the loop's variables behind them.

    Raises:
        Refused: for one that is none of these.
    """
    turn: list[Step] = []
    once: list[ast.stmt] = []
    own: list[ast.stmt] = []
    for statement in statements:
        pause = pause_of(statement, place.names)
        if _counts(statement, known):
            turn.append(Effect(statement))
        elif pause is not None:
            turn.append(pause)
            once.append(_fixed(pause, known))
        elif isinstance(statement, ast.If):
            turn += _tested(place, statement, known)
        elif _belongs(statement):
            own.append(statement)
            turn += [Effect(statement)] if isinstance(statement, ast.Assign) and not _foreign(statement) else []
        else:
            raise Refused("ML202", "something runs before every attempt, outside the try", statement)
        advance(statement, known, place.names)
    matters = any(isinstance(step, Pause | Stop) for step in turn)
    return Lead(turn=tuple(turn) if matters else (), once=tuple(once), own=tuple(own))


def _counts(statement: ast.stmt, known: Known) -> bool:
    match statement:
        case ast.AugAssign(target=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)]):
            return known.get(name) is not None
        case _:
            return False


def _fixed(pause: Pause, known: Known) -> ast.stmt:
    """Answer a pause whose delay doesn't change from round to round."""
    if read_names([pause.delay]) & known.keys():
        raise Refused("ML207", "the pause before the first attempt is another one", pause.delay)
    return pause.statement


def _belongs(statement: ast.stmt) -> bool:
    """Tell whether a statement does no harm inside the `try`: it logs, or binds a name to something known."""
    match statement:
        case ast.Assign(targets=[ast.Name()]) | ast.AnnAssign(target=ast.Name()):
            return not _foreign(statement)
        case ast.Expr(value=ast.Call()):
            return is_log(statement) and not any(isinstance(node, ast.Await) for node in own_nodes([statement]))
        case _:
            return False


def _foreign(statement: ast.stmt) -> bool:
    return any(isinstance(node, UNSTABLE) for node in own_nodes([statement]))


def _tested(place: Place, statement: ast.If, known: Known) -> list[Step]:
    """Read `if attempt: sleep(…)`, and a limit that is tested before the attempt."""
    if begins_with_second(statement.test, known, place.names) and not statement.orelse:
        inner = steps(statement.body, place.names)
        if all(isinstance(step, Effect | Pause) for step in inner) and not bound_names(statement.body):
            return list(inner)
    match steps([statement], place.names):
        case (Stop(action=(*_, _), falls=False) as stop,):
            return [_limit(place, stop, known)]
        case _:
            raise Refused("ML202", "something runs before every attempt, outside the try", statement)


def _limit(place: Place, stop: Stop, known: Known) -> Stop:
    """Answer a limit that is not reached before the first attempt."""
    for test, negated in conditions(stop.test, negated=stop.negated):
        at = limit(test, known, place.names, negated=negated)
        if at is None and deadline(place, test, negated=negated) is None:
            raise Refused("ML206", "the condition under which it gives up can't be read", test)
        if at is not None and (not isinstance(at, Sum) or (at.number is not None and at.number < 2)):
            raise Refused("ML205", "the limit before the attempt is reached at once, or never", test)
    if any(isinstance(node, ast.Raise) and node.exc is None for node in own_nodes(stop.action)):
        raise Refused("ML205", "the bare raise before the attempt belongs to an outer handler", stop.action[-1])
    return Stop(stop.statement, stop.test, stop.negated, stop.action, outside=True)
