"""What no rewrite can say, told before one is made: where a loop stands, what ends it, what its handler calls.

Rules: pure; what only one part of the rewrite can't say is refused where that part is made.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mulligan_codemods.names import EXECUTORS, own_nodes
from mulligan_codemods.recognise.loops.heads import Counted
from mulligan_codemods.recognise.lowering.settling import check_settling
from mulligan_codemods.recognise.reading.effects import is_log
from mulligan_codemods.recognise.reading.steps import Effect
from mulligan_codemods.recognise.refusal import Refused

if TYPE_CHECKING:
    from mulligan_codemods.recognise.reading.reading import Reading

__all__ = ["check"]


def check(reading: Reading) -> None:
    """Refuse a loop that no rewrite can say.

    Raises:
        Refused: with what stands in the way.
    """
    place = reading.place
    if place.function is None and isinstance(place.scope_node, ast.ClassDef):
        raise Refused("ML226", "its results are attributes of a class", place.loop)
    if reading.dead is not None:
        raise Refused("ML205", "a guard is never true, so that exhaustion is silent", reading.dead)
    if reading.blocking and isinstance(place.function, ast.AsyncFunctionDef):
        raise Refused("ML230", "it blocks the event loop while it waits", place.loop)
    _check_attempt(reading)
    match reading.head:
        case Counted(variable=str() as variable) if place.read_later(variable):
            raise Refused("ML204", f"`{variable}` is read after the loop", place.loop)
        case _:
            pass
    effects = [each.step.statement for each in reading.line if isinstance(each.step, Effect)]
    for statement in effects:
        _check_effect(statement)
    check_settling(reading, endless=reading.end.endless)
    if reading.end.endless and reading.pause is None and not all(map(is_log, effects)):
        raise Refused("ML210", "what the handler calls may sleep, or end the loop", effects[0])
    _check_last_shot(reading)


def _check_attempt(reading: Reading) -> None:
    """Refuse a loop around a policy: two policies, one inside the other, would multiply the attempts."""
    for call in own_nodes(reading.anatomy.attempt.body):
        if isinstance(call, ast.Call):
            module, _, name = (reading.place.names.resolve(call.func) or "").rpartition(".")
            if module == "mulligan" and name in EXECUTORS:
                raise Refused("ML231", "each attempt runs a policy of its own", call)


def _check_effect(statement: ast.stmt) -> None:
    """Refuse a pause whose unit nobody knows, such as `sleep_ms`; a `sleep` of the code's own is kept as it is."""
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Name(id=name)) | ast.Await(value=ast.Call(func=ast.Name(id=name)))):
            if "sleep" in name.lower() and name.strip("_") != "sleep":
                raise Refused("ML221", f"it is not certain what `{name}` does", statement)
        case _:
            return


def _check_last_shot(reading: Reading) -> None:
    """Refuse one more attempt behind the loop that is not merged: the delay before it would be dropped."""
    if reading.pause is None or reading.end.action is not None:
        return
    tried = {ast.dump(node) for node in own_nodes(reading.anatomy.attempt.body) if isinstance(node, ast.Call)}
    behind = [*reading.place.loop.orelse, *reading.place.after][:2]
    for node in own_nodes(behind):
        if isinstance(node, ast.Call) and node.args and ast.dump(node) in tried:
            raise Refused("ML205", "one more attempt follows the last delay", node)
