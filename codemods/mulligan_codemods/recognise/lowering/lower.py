"""From a loop that was read to `Lowered`: the policy's parameters, the operation, what happens between and at the end.

Rules: pure; a comment of a dropped statement is moved above the new code, or named as dropped; what can't be said in
the new form is refused.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from mulligan_codemods.lowered import Block, Lowered, Result, Use
from mulligan_codemods.names import Function, own_nodes, read_names
from mulligan_codemods.recognise.lowering.beside import beside, excluded, goes_on
from mulligan_codemods.recognise.lowering.blocks import between_of
from mulligan_codemods.recognise.lowering.checks import check
from mulligan_codemods.recognise.lowering.classes import types_text
from mulligan_codemods.recognise.lowering.comments import settled
from mulligan_codemods.recognise.lowering.exhaustion import ending_of
from mulligan_codemods.recognise.lowering.fractions import check_whole
from mulligan_codemods.recognise.lowering.fragments import Fragments
from mulligan_codemods.recognise.lowering.naming import stem_of
from mulligan_codemods.recognise.lowering.operation import commented_lines, operation_of, own_statements
from mulligan_codemods.recognise.lowering.parameters import parameters_of, symbols_of
from mulligan_codemods.recognise.lowering.predicates import predicate_of
from mulligan_codemods.recognise.lowering.served import names_read, removed
from mulligan_codemods.recognise.lowering.whole import is_whole, whole_block
from mulligan_codemods.recognise.reading.hints import hint_of
from mulligan_codemods.site import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mulligan_codemods.recognise.loops.place import Place
    from mulligan_codemods.recognise.reading.reading import Reading
    from mulligan_codemods.texts.layout import Layout

__all__ = ["lower"]


def lower(reading: Reading) -> Lowered:
    """Lower a loop.

    Raises:
        Refused: where the loop can't be said in the new form.
    """
    check(reading)
    lowered, absorbed = _pieces(reading)
    lowered, gone = (lowered, absorbed) if absorbed else _returned(reading, lowered)
    texts = _texts(lowered)
    read = names_read([*texts, *symbols_of(lowered.parameters)], lowered.ending)
    rebound = lowered.result.target if lowered.ending is None else None
    lowered = replace(lowered, removed=removed(reading, gone, read, rebound))
    comments = settled(reading, lowered, texts, gone)
    lowered = replace(
        lowered, comments=comments.above, handler_comments=comments.handler, call_comments=comments.call,
        remark=comments.remark, dropped=comments.lost,
    )  # fmt: skip
    if is_whole(reading, lowered.result.use, absorbed, lowered.removed) and _is_alone(reading, lowered):
        return replace(lowered, operation=whole_block(reading, lowered.operation))
    return lowered


def _pieces(reading: Reading) -> tuple[Lowered, tuple[ast.stmt, ...]]:
    """Answer the loop but for what is left out of it, and the statements behind it that are part of it."""
    place = reading.place
    stem = stem_of(place, reading)
    operation, result, waits = operation_of(reading, stem)
    result = _at_once(place, result)
    others, around = excluded(reading), beside(reading)
    predicate = predicate_of(reading, types_text(reading), others)
    hint = hint_of(reading, predicate)
    leaves = _leaves(result) and not goes_on(reading)
    left = len(others) > sum(each.before for each in around)
    fragments = Fragments(reading, predicate, excluded=left, leaves=leaves)
    at_failure, saved = fragments.at_failure()
    hook = fragments.hook()
    ending, absorbed = ending_of(reading, fragments, saved, leaves=leaves)
    alone = ending is None and at_failure is None and hint is None and not around
    between = between_of(reading, hook) if alone else None
    absorbed = absorbed if between is None else ()
    check_whole(reading)
    lowered = Lowered(
        asynchronous=waits or reading.awaiting,
        annotated=place.function is not None and place.function.returns is not None,
        parameters=parameters_of(reading),
        operation=operation,
        result=result,
        plain=operation,
        region=_region(reading, absorbed),
        predicate=predicate,
        hint=hint,
        hook=hook,
        ending=ending,
        beside=around,
        at_failure=at_failure,
        failure_types=types_text(reading),
        failure_name=reading.error,
        first=_first(reading),
        between=between,
        names=_all_names(place),
        globals=frozenset(place.names.module),
        looped=place.looped,
        stem=stem,
    )
    return lowered, absorbed


def _texts(lowered: Lowered) -> list[str]:
    """Answer every piece of code that a rewrite keeps of its loop."""
    operation, hook, ending = lowered.operation, lowered.hook, lowered.ending
    pieces = [
        *(each.body for each in (lowered.predicate, lowered.hint) if each is not None),
        *([operation.body] if isinstance(operation, Block) else [operation.callee, *operation.arguments]),
        lowered.at_failure,
        lowered.first,
        hook and hook.body,
        lowered.between and lowered.between.attempt,
        ending and ending.body,
        ending and ending.behind,
        lowered.result.target,
        lowered.result.then,
        *(each.body for each in lowered.beside),
    ]
    return [piece for piece in pieces if piece]


def _is_alone(reading: Reading, lowered: Lowered) -> bool:
    """Tell whether a rewrite is its operation and nothing else."""
    others = (lowered.predicate, lowered.hint, lowered.hook, lowered.ending, lowered.at_failure, lowered.first)
    return all(each is None for each in others) and not lowered.beside and not own_statements(reading)


def _at_once(place: Place, result: Result) -> Result:
    """Answer a value that is bound only to be returned as one that is returned."""
    target = result.target or ""
    if result.use is not Use.ASSIGNED or not target.isidentifier() or result.then != f"return {target}":
        return result
    nested = [node for node in own_nodes(place.scope.body) if isinstance(node, Function | ast.Lambda)]
    final = [each for node in place.ancestors if isinstance(node, ast.Try) for each in node.finalbody]
    return result if target in read_names([*nested, *final]) else Result(use=Use.RETURNED)


def _returned(reading: Reading, lowered: Lowered) -> tuple[Lowered, tuple[ast.stmt, ...]]:
    """Let the call return what the statement behind the loop only returns; that goes then."""
    place, after = reading.place, reading.place.after[:1]
    around = (lowered.ending, lowered.between, lowered.result.then)
    if any(each is not None for each in around) or lowered.beside:
        return lowered, ()
    match after:
        case (ast.Return(value=ast.Name(id=name), end_lineno=int() as end),):
            result = _at_once(place, replace(lowered.result, then=f"return {name}"))
        case _:
            return lowered, ()
    if result.use is not Use.RETURNED or place.layout.comments_between(lowered.region.end_line + 1, end):
        return lowered, ()
    return replace(lowered, result=result, region=_region(reading, after)), after


def _first(reading: Reading) -> str | None:
    """Answer what runs once before the first attempt, with the comments above it."""
    once = reading.lead.once
    if not once:
        return None
    return reading.place.layout.block([*once], first_line=commented_lines(reading.place.layout, once[0]).start)


def _leaves(result: Result) -> bool:
    """Tell whether success always returns from the function."""
    return result.use is Use.RETURNED or (result.then or "").split("\n")[-1].startswith("return")


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


def _all_names(place: Place) -> frozenset[str]:
    scope = {node.id for node in ast.walk(place.scope) if isinstance(node, ast.Name)}
    return frozenset(scope) | frozenset(place.names.local)
