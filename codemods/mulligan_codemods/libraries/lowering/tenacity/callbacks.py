"""tenacity's callbacks: `before`, `after`, `before_sleep`, tenacity's own log functions among them.

Rules: tenacity's own are kept as a logger and a level; one's own are kept where they read nothing of the state but what
mulligan gives them.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mulligan_codemods.libraries.lowering.tenacity.pieces import piece_of
from mulligan_codemods.libraries.lowering.terms import Callbacks
from mulligan_codemods.libraries.refusal import Refused
from mulligan_codemods.names import Function

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mulligan_codemods.libraries.lowering.terms import Use
    from mulligan_codemods.libraries.reading.arguments import Argument

__all__ = ["callbacks_of"]

NAMES = ("before", "after", "before_sleep")
GIVEN = frozenset(
    {"attempt_number", "fn", "args", "kwargs", "outcome", "next_action", "seconds_since_start", "idle_for"}
    | {"upcoming_sleep"}
)
"""What mulligan's call state has of tenacity's."""


def callbacks_of(use: Use) -> Callbacks | None:
    """Answer the callbacks of a use, `None` where there are none."""
    arguments: list[str] = []
    for name in NAMES:
        argument = use.told(name)
        if argument is not None:
            arguments += _callback(name, argument)
    return Callbacks(maker="retry_calling", arguments=tuple(arguments)) if arguments else None


def _callback(name: str, argument: Argument) -> Iterator[str]:
    piece = piece_of(argument)
    if piece.name.endswith("_nothing"):
        return
    if piece.name == f"{name}_log" and not piece.elsewhere:
        given = piece.arguments()
        if not given.keys() <= {"logger", "log_level"}:
            raise Refused("ML251", f"`{name}_log` has options of its own", argument.node)
        yield f"{name}=({given['logger'].flat}, {given['log_level'].flat})"
        return
    function = _function(argument)
    if piece.name or function is None or not _reads_what_is_given(function):
        raise Refused("ML251", f"`{name}` reads a state that mulligan does not have", argument.node)
    yield f"{name}={argument.flat}"


def _function(argument: Argument) -> Function | ast.Lambda | None:
    """Answer the function of the same module that an argument names."""
    if isinstance(argument.node, ast.Lambda):
        return argument.node
    text = argument.text
    name = text.removeprefix("self.") if text.startswith("self.") else text
    found = [node for node in ast.walk(argument.place.tree) if isinstance(node, Function) and node.name == name]
    return found[0] if len(found) == 1 and not argument.listed else None


def _reads_what_is_given(function: Function | ast.Lambda) -> bool:
    """Tell whether a function reads nothing of its state but attributes that there are."""
    parameters = [*function.args.posonlyargs, *function.args.args]
    names = [each.arg for each in parameters if each.arg != "self"]
    if len(names) != 1:
        return False
    body = [function.body] if isinstance(function, ast.Lambda) else function.body
    nodes = [node for each in body for node in ast.walk(each)]
    reads = [node for node in nodes if isinstance(node, ast.Name) and node.id == names[0]]
    kept = [
        node.value
        for node in nodes
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load) and node.attr in GIVEN
    ]
    return all(any(each is read for each in kept) for read in reads)
