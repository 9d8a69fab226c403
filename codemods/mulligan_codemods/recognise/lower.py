"""From a loop that was read to `Lowered`: the policy's parameters, the operation, what happens between and at the end.

Rules: pure; a comment of a dropped statement is moved above the new code, or named as dropped; what can't be said in
the new form is refused.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mulligan_codemods.lowered import (
    Block,
    Ending,
    Lowered,
    Result,
    Use,
)
from mulligan_codemods.names import Function, names_in, own_nodes, read_names
from mulligan_codemods.recognise.beside import beside, excluded, goes_on
from mulligan_codemods.recognise.blocks import between_of
from mulligan_codemods.recognise.classes import types_text
from mulligan_codemods.recognise.comments import settled
from mulligan_codemods.recognise.effects import is_log
from mulligan_codemods.recognise.fractions import check_whole
from mulligan_codemods.recognise.fragments import Fragments
from mulligan_codemods.recognise.heads import Counted
from mulligan_codemods.recognise.hints import hint_of
from mulligan_codemods.recognise.naming import stem_of
from mulligan_codemods.recognise.operation import commented_lines, idle, operation_of, own_statements
from mulligan_codemods.recognise.parameters import parameters_of, symbols_of
from mulligan_codemods.recognise.predicates import predicate_of
from mulligan_codemods.recognise.refusal import Refused
from mulligan_codemods.recognise.served import removed
from mulligan_codemods.recognise.settling import check_settling
from mulligan_codemods.recognise.steps import Effect, Pause
from mulligan_codemods.recognise.whole import is_whole, whole_block
from mulligan_codemods.site import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mulligan_codemods.recognise.place import Place
    from mulligan_codemods.recognise.reading import Reading
    from mulligan_codemods.texts.layout import Layout

__all__ = ["lower"]


def lower(reading: Reading) -> Lowered:
    """Lower a loop.

    Raises:
        Refused: where the loop can't be said in the new form.
    """
    place = reading.place
    _check(reading)
    _check_last_shot(reading)
    stem = stem_of(place, reading)
    operation, result, waits = operation_of(reading, stem)
    result = _at_once(place, result)
    asynchronous = waits or (isinstance(reading.pause and reading.pause.step, Pause) and not _blocking(reading))
    others = excluded(reading)
    around = beside(reading)
    predicate = predicate_of(reading, types_text(reading), others)
    hint = hint_of(reading, predicate)
    leaves = _leaves(result) and not goes_on(reading)
    left = len(others) > sum(each.before for each in around)
    fragments = Fragments(reading, predicate, excluded=left, leaves=leaves)
    at_failure, saved = fragments.at_failure()
    hook = fragments.hook()
    ending, absorbed = _ending(reading, fragments, saved, leaves=leaves)
    alone = ending is None and at_failure is None and hint is None and not around
    between = between_of(reading, hook) if alone else None
    if between is not None:
        absorbed = ()
    region = _region(reading, absorbed)
    first = _first(reading)
    check_whole(reading)
    parameters = parameters_of(reading)
    texts = [each.body for each in (predicate, hint) if each is not None]
    texts += [operation.body] if isinstance(operation, Block) else [operation.callee, *operation.arguments]
    texts += [
        part
        for part in (
            at_failure,
            first,
            hook and hook.body,
            between and between.attempt,
            ending and ending.body,
            ending and ending.behind,
            result.target,
            result.then,
            *(each.body for each in around),
        )
        if part
    ]
    rebound = result.target if ending is None else None
    gone = removed(reading, absorbed, _read([*texts, *symbols_of(parameters)], ending), rebound)
    pointless = _pointless(reading, ending, absorbed)
    caught = at_failure is not None or ending is not None
    comments = settled(reading, region, texts, pointless, caught=caught)
    whole = is_whole(reading, result.use, absorbed, gone)
    plain = operation
    if (
        whole
        and predicate is None
        and hint is None
        and hook is None
        and ending is None
        and not around
        and at_failure is None
        and first is None
        and not own_statements(reading)
        and result.use is Use.RETURNED
    ):
        operation = whole_block(reading, operation)
    return Lowered(
        asynchronous=asynchronous,
        annotated=place.function is not None and place.function.returns is not None,
        parameters=parameters,
        operation=operation,
        result=result,
        plain=plain,
        region=region,
        removed=gone,
        predicate=predicate,
        hint=hint,
        hook=hook,
        ending=ending,
        beside=around,
        at_failure=at_failure,
        failure_types=types_text(reading),
        failure_name=reading.error,
        first=first,
        between=between,
        comments=comments.above,
        handler_comments=comments.handler,
        call_comments=comments.call,
        remark=comments.remark,
        dropped=comments.lost,
        names=_all_names(place),
        globals=frozenset(place.names.module),
        looped=place.looped,
        stem=stem,
    )


def _at_once(place: Place, result: Result) -> Result:
    """Answer a value that is bound only to be returned as one that is returned."""
    target = result.target or ""
    if result.use is not Use.ASSIGNED or not target.isidentifier() or result.then != f"return {target}":
        return result
    nested = [node for node in own_nodes(place.scope.body) if isinstance(node, Function | ast.Lambda)]
    final = [each for node in place.ancestors if isinstance(node, ast.Try) for each in node.finalbody]
    return result if target in read_names([*nested, *final]) else Result(use=Use.RETURNED)


def _check_last_shot(reading: Reading) -> None:
    """Refuse one more attempt behind the loop that is not merged: the delay before it would be dropped."""
    if reading.pause is None or reading.end.action is not None:
        return
    tried = {ast.dump(node) for node in own_nodes(reading.anatomy.attempt.body) if isinstance(node, ast.Call)}
    behind = [*reading.place.loop.orelse, *reading.place.after][:2]
    for node in own_nodes(behind):
        if isinstance(node, ast.Call) and node.args and ast.dump(node) in tried:
            raise Refused("ML205", "one more attempt follows the last delay", node)


def _check(reading: Reading) -> None:
    place = reading.place
    if place.function is None and isinstance(place.scope_node, ast.ClassDef):
        raise Refused("ML226", "its results are attributes of a class", place.loop)
    if reading.dead is not None:
        raise Refused("ML205", "a guard is never true, so that exhaustion is silent", reading.dead)
    if _blocking(reading) and isinstance(place.function, ast.AsyncFunctionDef):
        raise Refused("ML230", "it blocks the event loop while it waits", place.loop)
    match reading.head:
        case Counted(variable=str() as variable) if place.read_later(variable):
            raise Refused("ML204", f"`{variable}` is read after the loop", place.loop)
        case _:
            pass
    effects = [each.step.statement for each in reading.line if isinstance(each.step, Effect)]
    for statement in effects:
        _check_effect(statement)
    check_settling(reading, endless=_is_endless(reading))
    if _is_endless(reading) and reading.pause is None and not all(map(is_log, effects)):
        raise Refused("ML210", "what the handler calls may sleep, or end the loop", effects[0])


def _check_effect(statement: ast.stmt) -> None:
    """Refuse a pause whose unit nobody knows, such as `sleep_ms`; a `sleep` of the code's own is kept as it is."""
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Name(id=name)) | ast.Await(value=ast.Call(func=ast.Name(id=name)))):
            if "sleep" in name.lower() and name.strip("_") != "sleep":
                raise Refused("ML221", f"it is not certain what `{name}` does", statement)
        case _:
            return


def _first(reading: Reading) -> str | None:
    """Answer what runs once before the first attempt, with the comments above it."""
    once = reading.lead.once
    if not once:
        return None
    return reading.place.layout.block([*once], first_line=commented_lines(reading.place.layout, once[0]).start)


def _blocking(reading: Reading) -> bool:
    step = reading.pause.step if reading.pause else None
    return isinstance(step, Pause) and step.blocking


def _is_endless(reading: Reading) -> bool:
    """Tell whether nothing but success ends the loop."""
    end = reading.end
    return end.attempts is None and end.seconds is None and end.action is None


def _leaves(result: Result) -> bool:
    """Tell whether success always returns from the function."""
    return result.use is Use.RETURNED or (result.then or "").split("\n")[-1].startswith("return")


def _ending(
    reading: Reading, fragments: Fragments, saved: tuple[ast.Assign, ...], *, leaves: bool
) -> tuple[Ending | None, tuple[ast.stmt, ...]]:
    """Answer what follows exhaustion, and the statements after the loop that it absorbs."""
    if _is_endless(reading):
        return None, _unreachable(reading, leaves=leaves)
    if reading.end.action is not None:
        return _stopping(reading, fragments, saved, reading.end.action, leaves=leaves)
    otherwise = [*reading.place.loop.orelse]
    if otherwise:
        return fragments.exhausted(otherwise, saved, leaves=leaves), ()
    return fragments.afterwards([*reading.place.after], saved, leaves=leaves)


def _stopping(
    reading: Reading,
    fragments: Fragments,
    saved: tuple[ast.Assign, ...],
    action: tuple[ast.stmt, ...],
    *,
    leaves: bool,
) -> tuple[Ending | None, tuple[ast.stmt, ...]]:
    """Answer the end for statements of the loop's body that leave it."""
    broken = any(isinstance(node, ast.Break) for node in own_nodes(action))
    raises = not broken and not any(isinstance(node, ast.Return) for node in own_nodes(action))
    absorbed = reading.end.absorbs or (_unreachable(reading, leaves=leaves) if raises else ())
    if not reading.end.outside:
        return fragments.stopping(action, saved), absorbed
    if broken:
        if len(action) > 1:
            raise Refused("ML205", "it does more than leave the loop before an attempt", action[0])
        return fragments.afterwards([*reading.place.after], saved, leaves=leaves)
    return fragments.exhausted(action, saved, leaves=leaves), absorbed


def _unreachable(reading: Reading, *, leaves: bool) -> tuple[ast.stmt, ...]:
    """Answer what stands after a loop that always leaves by `return` or an exception: a guard for type checkers."""
    after = reading.place.after
    if not leaves or len(after) != 1 or not isinstance(after[0], ast.Raise | ast.Return | ast.Assert):
        return ()
    return after


def _region(reading: Reading, absorbed: Sequence[ast.stmt]) -> Span:
    layout = reading.place.layout
    span = layout.span(reading.place.loop)
    end = layout.span(absorbed[-1]) if absorbed else span
    last = _commented_end(layout, span, end.end_line)
    column = end.end_column if last == end.end_line else len(layout.lines[last - 1])
    return Span(line=span.line, column=span.column, end_line=last, end_column=column)


def _commented_end(layout: Layout, loop: Span, last: int) -> int:
    """Answer the last line of the comments behind a loop that are deeper than it, as those of a handler are."""
    for number in range(last + 1, len(layout.lines) + 1):
        line = layout.lines[number - 1].strip()
        if line.startswith("#") and len(layout.indent(number)) > loop.column:
            last = number
        elif line:
            break
    return last


def _read(texts: Iterable[str], ending: Ending | None) -> set[str]:
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


def _pointless(reading: Reading, ending: Ending | None, absorbed: Sequence[ast.stmt]) -> set[int]:
    """Answer the lines whose comments explain nothing but what is dropped.

    That is a constant that the attempt ended with, the statement that only raised the last error again, and what is
    never reached.
    """
    body = [each for each in reading.anatomy.attempt.body if not isinstance(each, ast.Break)]
    raised = reading.end.action is not None and isinstance(reading.end.action[-1], ast.Raise)
    never = ending is None or (raised and not reading.end.absorbs and not reading.end.outside)
    written = [each for each in reading.end.action or () if hasattr(each, "lineno")]
    again = (*reading.place.loop.orelse, *written) if ending is None else ()
    dropped = [*idle(reading, body), *again, *(absorbed if never else ())]
    return {number for each in dropped for number in commented_lines(reading.place.layout, each)}


def _all_names(place: Place) -> frozenset[str]:
    scope = {node.id for node in ast.walk(place.scope) if isinstance(node, ast.Name)}
    return frozenset(scope) | frozenset(place.names.local)
