"""What is tried: the statements of the `try` as one call, one expression or a function, and what becomes of its value.

Rules: pure; the statements are kept as text, only `break` becomes `return`; what would mean something else inside a
function (`yield`, `super()`, rebinding an outer name) is refused.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from mulligan_codemods.lowered import Block, Call, Result, Use
from mulligan_codemods.names import bound_names, own_nodes, read_names
from mulligan_codemods.recognise.loops.flow import Exit, exits
from mulligan_codemods.recognise.loops.heads import Counted, Items
from mulligan_codemods.recognise.lowering.annotations import annotation_of
from mulligan_codemods.recognise.lowering.bindings import binding_order, read_first, surely_bound
from mulligan_codemods.recognise.lowering.calls import single
from mulligan_codemods.recognise.lowering.leaving import returning
from mulligan_codemods.recognise.lowering.naming import operation_name
from mulligan_codemods.recognise.lowering.settling import keeps_answer
from mulligan_codemods.recognise.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mulligan_codemods.recognise.reading.reading import Reading
    from mulligan_codemods.texts.layout import Layout

__all__ = ["commented_lines", "idle", "operation_of", "own_statements"]

Operation = tuple[Call | Block, Result, bool]


def operation_of(reading: Reading, stem: str) -> Operation:
    """Answer the operation, what becomes of its value, and whether it is asynchronous.

    Args:
        reading: the loop.
        stem: what the loop's policy is called after.

    Raises:
        Refused: where the statements can't become one operation.
    """
    body = [*reading.anatomy.attempt.body]
    own = own_statements(reading)
    _check(reading, [*own, *body])
    then = _following(reading)
    body, then = _without_flag(reading, body, then)
    answer = _constant_answer(reading, body)
    if answer is not None and not keeps_answer(reading, answer):
        body, then = body[:-1], [answer]
    waits = any(isinstance(node, ast.Await | ast.AsyncFor | ast.AsyncWith) for node in own_nodes(body))
    kept = _without_break(body)
    values = _values(reading, [*own, *kept], then)
    needless = idle(reading, kept, values)
    if needless:
        body = kept = kept[: -len(needless)]
    plain = not own and not _own_comments(reading, body)
    found = single(reading, kept, values, waits=waits) if plain else None
    name = operation_name(reading, body, values, stem)
    operation, result = found or _function(reading, body, values)
    operation = replace(operation, name=name)
    if own and isinstance(operation, Block):
        operation = replace(operation, body=f"{_own_text(reading, own)}\n{operation.body}")
    text = None if _ends_function(reading, then) else _then_text(reading, then)
    return operation, Result(use=result.use, target=result.target, then=text), waits


def own_statements(reading: Reading) -> list[ast.stmt]:
    """Answer the statements before the `try` that the operation needs: log calls, and what it or they read."""
    wanted = set(read_names([*reading.anatomy.attempt.body, *reading.anatomy.attempt.orelse]))
    found: list[ast.stmt] = []
    for statement in reversed(reading.lead.own):
        bound = bound_names([statement])
        if not bound or bound & wanted or any(reading.place.read_later(name) for name in bound):
            wanted |= read_names([statement])
            found.append(statement)
    return found[::-1]


def _own_text(reading: Reading, own: Sequence[ast.stmt]) -> str:
    layout = reading.place.layout
    return "\n".join(layout.block([each], first_line=commented_lines(layout, each).start) for each in own)


def commented_lines(layout: Layout, statement: ast.stmt) -> range:
    """Answer a statement's lines, those of the comments directly above it included."""
    return range(layout.commented(statement.lineno), (statement.end_lineno or statement.lineno) + 1)


def idle(reading: Reading, body: Sequence[ast.stmt], values: Sequence[str] = ()) -> Sequence[ast.stmt]:
    """Answer what an attempt needn't end with: constants for names that nothing reads any more, and a bare `return`.

    Args:
        reading: the loop.
        body: the attempt, but for its `break`.
        values: the names that are read behind the attempt.
    """
    count = len(body)
    while count > 1 and _is_idle(reading, body[count - 1], {*values, *read_names(body[: count - 1])}):
        count -= 1
    return body[count:]


def _is_idle(reading: Reading, statement: ast.stmt, read: set[str]) -> bool:
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant()):
            unread = name not in read and not reading.place.read_later(name)
        case ast.Return(value=None):
            unread = True
        case _:
            return False
    return unread and reading.place.layout.owns_lines([statement])


def _without_flag(
    reading: Reading, body: list[ast.stmt], then: list[ast.stmt]
) -> tuple[list[ast.stmt], list[ast.stmt]]:
    """Take the flag out of the attempt: it is set afterwards where code behind the loop reads it, else not at all."""
    if reading.flag is None:
        return body, then
    last = then[-1] if then else body[-1]
    kept = [last] if reading.place.read_later(reading.flag) else []
    if then:
        return body, [*then[:-1], *kept]
    if len(body) == 1:
        raise Refused("ML301", "the attempt does nothing", body[0])
    return body[:-1], kept


def _constant_answer(reading: Reading, body: Sequence[ast.stmt]) -> ast.Return | None:
    """Answer the `return True` (or bare `return`) that ends an attempt and needs nothing of it."""
    last = body[-1]
    if len(body) < 2 or not isinstance(last, ast.Return) or Exit.RETURN in exits(body[:-1]):
        return None
    plain = last.value is None or isinstance(last.value, ast.Constant)
    return last if plain and reading.place.layout.owns_lines([last]) else None


def _check(reading: Reading, body: Sequence[ast.stmt]) -> None:
    for node in own_nodes(body):
        match node:
            case ast.Yield() | ast.YieldFrom():
                raise Refused("ML208", "what it yields can't be taken back", node)
            case ast.Call(func=ast.Name(id="super" | "locals" | "vars"), args=[]):
                raise Refused("ML220", "a call that depends on the frame can't move into a function", node)
            case ast.Global() | ast.Nonlocal():
                raise Refused("ML213", "it binds names of an outer scope", node)
            case _:
                pass
    ways = exits(body)
    if Exit.CONTINUE in ways:
        raise Refused("ML215", "it goes round again without an exception", body[-1])
    if Exit.RETURN in ways and ways & {Exit.BREAK, Exit.NEXT}:
        raise Refused("ML220", "the attempt succeeds in more than one way", body[-1])
    match reading.head:
        case Counted(variable=str() as variable) | Items(variable=str() as variable):
            if variable in read_names(body):
                raise Refused("ML203", f"the operation reads `{variable}`", body[0])
        case _:
            pass
    if reading.anatomy.attempt.finalbody:
        raise Refused("ML211", "a finally runs after every attempt", reading.anatomy.attempt.finalbody[0])
    _check_rebinding(reading, body)


def _check_rebinding(reading: Reading, body: Sequence[ast.stmt]) -> None:
    bound = bound_names(body)
    for name in bound & read_first(body):
        raise Refused("ML209", f"an attempt starts from the `{name}` that the one before left", body[0])
    handled = (
        read_names([*reading.handler.body, *reading.anatomy.tail])
        if not reading.through_tail
        else read_names(reading.handler.body)
    )
    for name in sorted(bound & handled):
        raise Refused("ML209", f"the handler reads `{name}`, which the attempt binds", reading.handler)


def _following(reading: Reading) -> list[ast.stmt]:
    """Answer the statements that run after a success, still inside the loop."""
    body, otherwise = reading.anatomy.attempt.body, reading.anatomy.attempt.orelse
    if Exit.NEXT not in exits(body):
        return []
    return _without_break([*otherwise, *(reading.anatomy.tail if reading.through_tail else ())])


def _without_break(body: Sequence[ast.stmt]) -> list[ast.stmt]:
    return list(body[:-1]) if body and isinstance(body[-1], ast.Break) else list(body)


def _values(reading: Reading, body: Sequence[ast.stmt], then: Sequence[ast.stmt]) -> tuple[str, ...]:
    """Answer the names that the attempt binds and that are read afterwards, in the order of binding."""
    if Exit.RETURN in exits(body):
        return ()
    bound = bound_names(body)
    needed = [
        name
        for name in binding_order(body)
        if name in bound and (name in read_names(then) or reading.place.read_later(name))
    ]
    missing = set(needed) - surely_bound(body)
    if missing:
        raise Refused("ML213", f"`{min(missing)}` is bound on some paths only, and read later", body[0])
    return tuple(dict.fromkeys(needed))


def _own_comments(reading: Reading, body: Sequence[ast.stmt]) -> bool:
    layout = reading.place.layout
    first = reading.anatomy.attempt.lineno
    last = body[-1].end_lineno or body[-1].lineno
    return (
        any(
            comment.alone and not body[0].lineno <= comment.line <= (body[0].end_lineno or 0)
            for comment in layout.comments_between(first + 1, last)
        )
        and len(body) > 2
    )


def _function(reading: Reading, body: Sequence[ast.stmt], values: tuple[str, ...]) -> tuple[Block, Result]:
    layout = reading.place.layout
    text = layout.block(list(body), first_line=reading.anatomy.attempt.lineno + 1)
    answer = ", ".join(values)
    returned = Exit.RETURN in exits(body)
    if not returned:
        text = _broken(reading, body, text, answer)
    annotation = _annotation(reading, body, returned=returned, values=values)
    if returned:
        result = Result(use=Use.RETURNED)
    elif values:
        result = Result(use=Use.ASSIGNED, target=answer)
    else:
        result = Result(use=Use.IGNORED)
    return Block(body=text, returns=annotation), result


def _broken(reading: Reading, body: Sequence[ast.stmt], text: str, answer: str) -> str:
    """Turn each `break` of the attempt into `return`, and return the values at its end."""
    layout = reading.place.layout
    lines = returning(layout, body, text, answer)
    first = (body[-1].end_lineno or 0) - len(text.split("\n")) + 1
    last = body[-1]
    if isinstance(last, ast.Break):
        if not answer:
            del lines[last.lineno - first :]
    elif answer and Exit.NEXT in exits(body):
        lines.append(f"return {answer}")
    while lines and not lines[-1].strip():
        lines.pop()
    return "\n".join(_at_once(_without_break(body), lines, answer))


def _at_once(body: Sequence[ast.stmt], lines: list[str], answer: str) -> list[str]:
    """Return a value instead of binding it only to return it; one over several lines as far as brackets hold it."""
    match body:
        case [*_, ast.Assign(targets=[ast.Name(id=name)]) as last] if lines[-1:] == [f"return {answer}"]:
            first = len(lines) - 2 - ((last.end_lineno or last.lineno) - last.lineno)
        case _:
            return lines
    head = f"{name} = "
    whole = first == len(lines) - 2 or (first >= 0 and lines[first].endswith(("(", "[", "{")))
    if name != answer or first < 0 or not whole or not lines[first].startswith(head):
        return lines
    return [*lines[:first], f"return {lines[first].removeprefix(head)}", *lines[first + 1 : -1]]


def _annotation(reading: Reading, body: Sequence[ast.stmt], *, returned: bool, values: tuple[str, ...]) -> str | None:
    function = reading.place.function
    if function is None or function.returns is None:
        return None
    if returned:
        return reading.place.layout.source(function.returns)
    return annotation_of(reading.place, body, values) if values else "None"


def _ends_function(reading: Reading, then: Sequence[ast.stmt]) -> bool:
    """Tell whether all that follows is a bare `return` at the end of the function."""
    place = reading.place
    bare = len(then) == 1 and isinstance(then[0], ast.Return) and then[0].value is None
    return bare and not place.after and place.function is place.ancestors[-1]


def _then_text(reading: Reading, then: Sequence[ast.stmt]) -> str | None:
    if not then:
        return None
    if any(isinstance(node, ast.Break | ast.Continue) for node in own_nodes(then)):
        raise Refused("ML220", "what follows a success leaves the loop in more than one way", then[0])
    return reading.place.layout.block(list(then))
