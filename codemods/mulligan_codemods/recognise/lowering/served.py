"""Statements before a loop that only served it: its counter, its clock, a value that it always binds again.

Rules: pure; a statement goes only where it has no effect and nothing that stays reads its name.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mulligan_codemods.names import bound_names, names_in, read_names
from mulligan_codemods.recognise.numbers.deadlines import is_clock

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mulligan_codemods.lowered import Ending
    from mulligan_codemods.recognise.loops.place import Place
    from mulligan_codemods.recognise.reading.reading import Reading
    from mulligan_codemods.site import Span

__all__ = ["names_read", "removed"]


def removed(reading: Reading, absorbed: Sequence[ast.stmt], used: set[str], rebound: str | None) -> tuple[Span, ...]:
    """Answer the statements before the loop that only served it.

    Args:
        reading: the loop.
        absorbed: the statements behind it that go too.
        used: the words of the new code.
        rebound: the name that the new code surely binds.
    """
    place = reading.place
    if place.function is None:
        return ()
    served = read_names([place.loop, *absorbed]) | bound_names([place.loop])
    found: list[Span] = []
    gone: list[ast.AST] = [place.loop, *absorbed]
    for statement in reversed(place.before):
        name = _simple_target(place, statement)
        if name is not None and name == rebound and statement is place.before[-1] and _is_constant(statement):
            found.append(place.layout.span(statement))
            continue
        if name is None or name not in served or name in used:
            continue
        if _is_needed(place, name, statement, gone) or not _alone(place, statement):
            continue
        if _is_shared(place, name):
            continue
        found.append(place.layout.span(statement))
        gone.append(statement)
    return tuple(reversed(found))


def _is_shared(place: Place, name: str) -> bool:
    """Tell whether a scope around or inside binds a name as its own."""
    nodes = ast.walk(place.scope)
    return any(isinstance(node, ast.Global | ast.Nonlocal) and name in node.names for node in nodes)


def _is_needed(place: Place, name: str, statement: ast.stmt, gone: Sequence[ast.AST]) -> bool:
    """Tell whether what a statement before the loop gives to a name is read by more than what is gone."""
    if any(isinstance(node, ast.Try) for node in place.ancestors):
        return place.read_elsewhere(name, [*gone, statement])
    between = place.before[place.before.index(statement) + 1 :]
    left = [each for each in between if not any(each is other for other in gone)]
    return name in read_names(left) or (place.read_later(name) and place.read_elsewhere(name, [*gone, statement]))


def _simple_target(place: Place, statement: ast.stmt) -> str | None:
    match statement:
        case (
            ast.Assign(targets=[ast.Name(id=name)], value=value)
            | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
        ):
            calls = [node for node in ast.walk(value) if isinstance(node, ast.Call | ast.Await | ast.Yield)]
            harmless = all(isinstance(node, ast.Call) and is_clock(place, node) for node in calls)
            return name if harmless else None
        case _:
            return None


def _is_constant(statement: ast.stmt) -> bool:
    """Tell whether a statement presets a name that the loop always binds again."""
    return isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant)


def _alone(place: Place, statement: ast.stmt) -> bool:
    return place.layout.owns_lines([statement]) and len(place.block) > 1


def names_read(texts: Iterable[str], ending: Ending | None) -> set[str]:
    """Answer the names that the new code reads; what the end binds for itself is its own."""
    used = {name for text in texts for name in names_in(text)}
    if ending is None:
        return used
    rest = {name for text in texts if text not in {ending.body, ending.behind} for name in names_in(text)}
    return used - (_own_names(ending) - rest)


def _own_names(ending: Ending) -> set[str]:
    """Answer the names that an end binds before it reads them."""
    own = {ending.bound} if ending.bound is not None else set[str]()
    read = set[str]()
    for statement in ast.parse(ending.body.replace("\0", "")).body:
        read |= read_names([statement])
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)]) if name not in read:
                own.add(name)
            case _:
                continue
    return own
