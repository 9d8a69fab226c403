"""Delays that the error asks for, as a classifier's hints: a header, an attribute, a length per class.

Where only some errors ask for a delay, the others wait as the schedule says.

Rules: pure; a delay that mixes the error and the number of the attempt is refused.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mulligan_codemods.lowered import Hint
from mulligan_codemods.names import bound_names, dotted, read_names
from mulligan_codemods.recognise.numbers.values import Value, evaluate
from mulligan_codemods.recognise.reading.steps import Pause
from mulligan_codemods.recognise.refusal import Refused
from mulligan_codemods.texts.layout import headed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mulligan_codemods.lowered import Predicate
    from mulligan_codemods.recognise.loops.place import Place
    from mulligan_codemods.recognise.numbers.counters import Known
    from mulligan_codemods.recognise.reading.failure import Placed
    from mulligan_codemods.recognise.reading.reading import Reading

__all__ = ["Asked", "asked_delay", "hint_of"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Asked:
    """A delay that depends on the error.

    Args:
        leaves: the conditions, in order, each with the delay that is asked for (`None`: as the schedule says).
        value: the schedule's delay, where one is needed.
        name: the variable that holds the delay, if there is one.
        given: the assignments that conditions and delays read.
    """

    leaves: tuple[tuple[ast.expr | None, ast.expr | None], ...]
    value: Value | None
    name: str | None
    given: tuple[ast.stmt, ...]


def asked_delay(place: Place, pause: Placed, error: str | None, line: Sequence[Placed]) -> Asked | None:
    """Read a delay that no schedule gives as one that the error asks for; `None` where it isn't."""
    if error is None or not isinstance(pause.step, Pause):
        return None
    expression, known, name = pause.step.delay, pause.known, None
    before = list(line[: line.index(pause)])
    if isinstance(expression, ast.Name):
        name = expression.id
        found = _given(before, name)
        if found is None:
            return None
        (expression, known), before = found
    leaves: list[tuple[ast.expr | None, ast.expr | None]] = []
    values: list[Value] = []
    own = bound_names([place.loop])
    for test, leaf in _leaves(expression):
        value = evaluate(leaf, known, place.names)
        if value is not None and error not in read_names([leaf]) and _varies(leaf, own):
            values.append(value)
        hint = leaf if not (values and values[-1] == value) else None
        if not all(_is_of_error(each, error, before, own) for each in (test, hint) if each is not None):
            return None
        leaves.append((test, hint))
    if len(values) > 1 or not any(_reads(each, error, before) for leaf in leaves for each in leaf if each is not None):
        return None
    read = [each for leaf in leaves for each in leaf if each is not None]
    return Asked(
        leaves=tuple(leaves), value=values[0] if values else None, name=name, given=tuple(_sources(read, before))
    )


def _varies(leaf: ast.expr, own: frozenset[str]) -> bool:
    return bool(read_names([leaf]) & own)


def _leaves(expression: ast.expr) -> list[tuple[ast.expr | None, ast.expr]]:
    found: list[tuple[ast.expr | None, ast.expr]] = []
    while isinstance(expression, ast.IfExp):
        found.append((expression.test, expression.body))
        expression = expression.orelse
    return [*found, (None, expression)]


def _given(line: Sequence[Placed], name: str) -> tuple[tuple[ast.expr, Known], list[Placed]] | None:
    bound = [each for each in line if name in bound_names([each.step.statement])]
    if len(bound) != 1:
        return None
    match bound[0].step.statement:
        case ast.Assign(targets=[ast.Name()], value=value):
            return (value, bound[0].known), list(line[: list(line).index(bound[0])])
        case _:
            return None


def _sources(read: Sequence[ast.expr], line: Sequence[Placed]) -> list[ast.stmt]:
    """Answer the assignments that give the names which are read, in order."""
    wanted = set(read_names(read))
    found: list[ast.stmt] = []
    for each in reversed(line):
        match each.step.statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) as statement if name in wanted:
                wanted |= read_names([value])
                found.append(statement)
            case _:
                continue
    return found[::-1]


def _reads(expression: ast.expr, error: str, line: Sequence[Placed]) -> bool:
    return error in read_names([expression, *_sources([expression], line)])


def _is_of_error(expression: ast.expr, error: str, line: Sequence[Placed], own: frozenset[str]) -> bool:
    """Tell whether an expression reads nothing that the loop changes but the error and what is computed from it."""
    sources = _sources([expression], line)
    read = read_names([expression, *sources])
    return not (read & own) - {error} - bound_names(sources)


def hint_of(reading: Reading, predicate: Predicate | None) -> Hint | None:
    """Answer the classifier of a loop whose error asks for the delay.

    Raises:
        Refused: where its classes can't stand in a pattern.
    """
    asked, name = reading.asked, reading.error
    if asked is None or name is None:
        return None
    layout = reading.place.layout
    lines = [layout.block([each]) for each in asked.given]
    for test, leaf in asked.leaves:
        verdict = "TRANSIENT" if leaf is None else f"Transient({layout.fragment(leaf)})"
        if test is None:
            lines.append(f"return {verdict}")
        else:
            lines += [headed("if", layout.fragment(test)), f"    return {verdict}"]
    pattern = f"Exception() as {name}) if {predicate.name}({name})" if predicate else f"{_pattern(reading)} as {name})"
    return Hint(name="classify", pattern=pattern, body="\n".join(lines))


def _pattern(reading: Reading) -> str:
    classes = [part for each in reading.types for part in (each.elts if isinstance(each, ast.Tuple) else [each])]
    texts = [dotted(each) for each in classes if each is not None]
    plain = all(text is not None for text in texts) and not any(
        _may_be_tuple(each) for each in classes if each is not None
    )
    if not plain or not texts:
        raise Refused("ML207", "what asks for the delay is no single class", reading.handler)
    patterns = [f"{text}()" for text in texts]
    return patterns[0] if len(patterns) == 1 else f"({' | '.join(patterns)})"


def _may_be_tuple(expression: ast.expr) -> bool:
    """Tell whether a name is spelled as a constant is, which may hold several classes."""
    return (dotted(expression) or "").rpartition(".")[2].isupper()
