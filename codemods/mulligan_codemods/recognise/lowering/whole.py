"""Loops that are all that their function does, so that the function can carry the policy itself.

Rules: pure; what a decorator could not see when the function is defined is no such loop.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mulligan_codemods.lowered import Block, Call, ErrorClass, Origin, Use
from mulligan_codemods.names import Function, bound_names
from mulligan_codemods.recognise.lowering.classes import classes_of
from mulligan_codemods.recognise.lowering.operation import idle
from mulligan_codemods.recognise.lowering.parameters import parameters_of, symbols_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mulligan_codemods.recognise.loops.place import Place
    from mulligan_codemods.recognise.reading.reading import Reading
    from mulligan_codemods.site import Span

__all__ = ["is_whole", "whole_block"]


def is_whole(reading: Reading, use: Use, absorbed: Sequence[ast.stmt], removed: Sequence[Span]) -> bool:
    """Tell whether the function does nothing but the loop."""
    place = reading.place
    function = place.function
    if function is None or use is not Use.RETURNED or place.ancestors[-1] is not function:
        return False
    lines = {span.line for span in removed}
    rest = [
        each for each in function.body if each is not place.loop and each not in absorbed and each.lineno not in lines
    ]
    only_docstring = all(
        isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant) and each is function.body[0]
        for each in rest
    )
    parameters = _parameters_of(function)
    symbolic = any(names for names in symbols_of(parameters_of(reading)))
    local = any(each.origin is Origin.LOCAL or _comes_later(place, each) for each in classes_of(reading))
    rebound = bound_names(reading.anatomy.attempt.body) & parameters
    return only_docstring and not symbolic and not local and not rebound and not _nested(place)


def _comes_later(place: Place, error: ErrorClass) -> bool:
    """Tell whether a class is defined behind the function, so that a decorator could not name it."""
    binding = place.names.module.get(error.bound or "")
    return error.origin is Origin.MODULE and (binding is None or binding.line >= _top_line(place))


def _nested(place: Place) -> bool:
    """Tell whether the function is a closure, whose decorator would run again and again."""
    return sum(1 for node in place.ancestors if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)) > 1


def _parameters_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    arguments = function.args
    return {each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}


def whole_block(reading: Reading, operation: Call | Block) -> Block:
    """Answer the attempt as the whole body of a function that carries the policy."""
    layout = reading.place.layout
    body = [*reading.anatomy.attempt.body]
    body = body[: len(body) - len(idle(reading, body))]
    text = layout.block(body, first_line=reading.anatomy.attempt.lineno + 1)
    name = operation.name if isinstance(operation, Block) else ""
    return Block(body=text, name=name, returns=None, whole=True)


def _top_line(place: Place) -> int:
    top = place.top
    decorators = top.decorator_list if isinstance(top, Function | ast.ClassDef) else []
    return min([top.lineno, *(each.lineno for each in decorators)])
