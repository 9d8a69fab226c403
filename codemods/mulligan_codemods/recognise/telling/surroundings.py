"""Hazards that show only around a loop: silent failures, retries around retries, conditions that stay true.

Rules: pure; what can't be told from the module alone is no hazard.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from mulligan_codemods.names import Function, bound_names, own_nodes, read_names
from mulligan_codemods.recognise.loops.anatomy import dissect
from mulligan_codemods.recognise.loops.kinds import judge
from mulligan_codemods.recognise.loops.place import Loop, locate
from mulligan_codemods.site import Hazard

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mulligan_codemods.recognise.loops.anatomy import Anatomy
    from mulligan_codemods.recognise.loops.place import Place
    from mulligan_codemods.recognise.reading.reading import Reading

__all__ = ["of_surroundings"]

RETRYING = re.compile(r"retry|retri|backoff", re.IGNORECASE)


def of_surroundings(anatomy: Anatomy, reading: Reading | None) -> Iterator[Hazard]:
    """Yield the hazards of a loop that its handlers and its operation don't show by themselves."""
    line = anatomy.place.loop.lineno
    if reading is not None and _swallows(reading):
        yield Hazard(code="ML105", message="when all attempts have failed, the code goes on", line=line)
    for inner in _retries_below(anatomy):
        yield Hazard(code="ML109", message=f"`{inner.name}` retries by itself", line=inner.lineno)
    if _is_around(anatomy.place):
        yield Hazard(code="ML109", message="a loop around this one retries too", line=line)
    unchanged = _unchanged(anatomy.place.loop)
    if unchanged is not None:
        yield Hazard(code="ML111", message=f"nothing in the loop changes `{unchanged}`", line=line)


def _swallows(reading: Reading) -> bool:
    """Tell whether the last failure is followed by nothing, or by nothing but an empty answer."""
    end = reading.end
    if end.attempts is None and end.seconds is None and reading.listed is None:
        return False
    after: Sequence[ast.stmt] = [*reading.place.loop.orelse, *reading.place.after]
    if end.action is not None:
        after = [*end.action, *(after if end.action and isinstance(end.action[-1], ast.Break) else ())]
    return not after or all(_is_empty(each) for each in after[:1]) or _goes_on(reading, after)


def _is_empty(statement: ast.stmt) -> bool:
    match statement:
        case ast.Pass() | ast.Return(value=None) | ast.Return(value=ast.Constant(value=None)):
            return True
        case _:
            return False


def _goes_on(reading: Reading, after: Sequence[ast.stmt]) -> bool:
    """Tell whether the statements behind the loop never ask whether it succeeded."""
    leaves = (ast.Raise, ast.Return, ast.If, ast.Assert, ast.Try, ast.Break)
    bound = bound_names([reading.place.loop])
    return (
        reading.end.action is None
        and not reading.place.loop.orelse
        and not any(isinstance(each, leaves) for each in after[:2])
        and not bound & read_names(list(after[:2]))
    )


def _retries_below(anatomy: Anatomy) -> Iterator[Function]:
    """Yield the functions of the module that the attempt calls and that retry by themselves."""
    for node in own_nodes(anatomy.attempt.body):
        called = _definition(anatomy.place, node.func) if isinstance(node, ast.Call) else None
        if called is not None and _retries(anatomy.place, called):
            yield called


def _definition(place: Place, function: ast.expr) -> Function | None:
    match function:
        case ast.Name(id=name):
            body = place.tree.body
        case ast.Attribute(value=ast.Name(id="self"), attr=name):
            classes = [node for node in place.ancestors if isinstance(node, ast.ClassDef)]
            body = classes[-1].body if classes else []
        case _:
            return None
    found = [each for each in body if isinstance(each, Function) and each.name == name]
    return found[0] if len(found) == 1 and found[0] not in place.ancestors else None


def _retries(place: Place, function: Function) -> bool:
    if any(RETRYING.search(ast.unparse(each)) for each in function.decorator_list):
        return True
    return any(_is_retry(place, node) for node in own_nodes(function.body) if isinstance(node, Loop))


def _is_around(place: Place) -> bool:
    return any(_is_retry(place, node) for node in place.ancestors if isinstance(node, Loop))


def _is_retry(place: Place, loop: Loop) -> bool:
    found = locate(place.layout.text, place.layout.span(loop))
    anatomy = None if found is None else dissect(found)
    return found is not None and anatomy is not None and judge(found, anatomy) is None


def _unchanged(loop: Loop) -> str | None:
    """Answer the condition of a loop that compares names and numbers which nothing in the loop changes."""
    if not isinstance(loop, ast.While) or not isinstance(loop.test, ast.Compare):
        return None
    parts = [loop.test.left, *loop.test.comparators]
    names = read_names(parts)
    if not names or not all(isinstance(each, ast.Name | ast.Constant) for each in parts) or names & bound_names([loop]):
        return None
    return ast.unparse(loop.test)
