"""The conditions of a handler as a predicate on the error: what is retried beyond its class.

Rules: pure; a condition keeps its text; only conditions that raise when they fail become part of the predicate. A
branch of the handler that counts as success (it returns, or breaks) belongs to the operation.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mulligan_codemods.lowered import Predicate
from mulligan_codemods.names import bound_names, read_names
from mulligan_codemods.recognise.lowering.leaving import returning
from mulligan_codemods.recognise.lowering.settling import answer_of_break, is_inside
from mulligan_codemods.recognise.reading.steps import Effect
from mulligan_codemods.recognise.refusal import Refused
from mulligan_codemods.texts.layout import headed, indented

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mulligan_codemods.recognise.reading.failure import Guard
    from mulligan_codemods.recognise.reading.reading import Reading
    from mulligan_codemods.texts.layout import Layout

__all__ = ["guard_statement", "is_plain", "is_shared", "predicate_of"]

OPPOSITE: dict[type[ast.cmpop], str] = {
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.In: "not in",
    ast.NotIn: "in",
    ast.Is: "is not",
    ast.IsNot: "is",
}
WIDTH = 80


def error_name(reading: Reading) -> str:
    """Answer the name that the predicate knows the error by."""
    return reading.error or "error"


def predicate_of(reading: Reading, types: str, excluded: Sequence[str]) -> Predicate | None:
    """Answer the predicate of a loop, `None` where the classes say everything.

    Args:
        reading: the loop.
        types: the classes that are retried, as source.
        excluded: classes that are not, although they may derive from those.

    Raises:
        Refused: where a condition can't become part of a predicate.
    """
    guards = [guard for guard in reading.guards if not is_inside(reading, guard)]
    for guard in reading.guards:
        _check(guard)
    computed = _computed(reading)
    if not guards and not excluded and not computed:
        return None
    name = error_name(reading)
    layout = reading.place.layout
    asked = [] if types == "Exception" and (guards or excluded) else [f"isinstance({name}, {types})"]
    parts = [*asked, *(f"not isinstance({name}, {each})" for each in excluded)]
    return Predicate(name="is_transient", error=name, body=_body(layout, parts, guards, _given(reading, guards)))


def _computed(reading: Reading) -> bool:
    """Tell whether the classes are computed whenever an error arrives, so that no policy can name them.

    Raises:
        Refused: where they are computed from what the loop changes.
    """
    own = bound_names([reading.place.loop])
    for each in reading.types:
        if each is not None and read_names([each]) & own:
            raise Refused("ML219", f"the exceptions depend on the attempt: `{ast.unparse(each)}`", each)
    return any(isinstance(node, ast.Call) for each in reading.types if each is not None for node in ast.walk(each))


def _check(guard: Guard) -> None:
    if any(isinstance(node, ast.Await | ast.NamedExpr) for node in ast.walk(guard.test)):
        raise Refused("ML206", "the condition waits for something", guard.test)


def is_shared(reading: Reading) -> bool:
    """Tell whether every guard does what the last failure does, so that both can be done around the call."""
    action = reading.end.action
    if not reading.guards or action is None:
        return False
    same = [ast.dump(each) for each in action]
    return all([ast.dump(each) for each in guard.action] == same for guard in reading.guards)


def is_plain(reading: Reading, guard: Guard) -> bool:
    """Tell whether a guard does nothing but raise the error."""
    match guard.action:
        case (ast.Raise(exc=None),):
            return True
        case (ast.Raise(exc=ast.Name(id=name), cause=None),):
            return name == reading.error
        case _:
            return False


def _body(layout: Layout, parts: list[str], guards: Sequence[Guard], given: list[str]) -> str:
    wanted = [_as_bool(condition(layout, guard, holds=False)) for guard in guards]
    whole = " and ".join([*parts, *map(_operand, wanted)])
    if not given and "\n" not in whole and (not guards or len(whole) <= WIDTH - len("return ")):
        return f"return {_wrapped(whole)}"
    opened = f"if not {parts[0]}:" if len(parts) == 1 else f"if not ({' and '.join(parts)}):"
    lines = [opened, "    return False"] if parts else []
    checks = [
        line
        for guard in guards[:-1]
        for line in (headed("if", condition(layout, guard, holds=True)), "    return False")
    ]
    last = f"return {_wrapped(wanted[-1])}" if wanted else "return True"
    return "\n".join([*lines, *given, *checks, last])


def _as_bool(text: str) -> str:
    """Answer a condition that answers True or False, whatever the code's own answers: a predicate has to."""
    return text if _is_bool(_parsed(text)) else f"bool({text})"


def _is_bool(found: ast.expr) -> bool:
    match found:
        case ast.Compare() | ast.UnaryOp(op=ast.Not()) | ast.Constant(value=bool()):
            return True
        case ast.BoolOp(values=values):
            return all(map(_is_bool, values))
        case ast.Call(func=ast.Name(id="isinstance" | "issubclass" | "bool" | "any" | "all" | "hasattr" | "callable")):
            return True
        case ast.Call(func=ast.Attribute(attr="startswith" | "endswith")):
            return True
        case _:
            return False


def _operand(text: str) -> str:
    return f"({text})" if isinstance(_parsed(text), ast.BoolOp | ast.IfExp) else text


def _parsed(text: str) -> ast.expr:
    return ast.parse(f"({text}\n)".replace("\0", ""), mode="eval").body


def _grouped(text: str) -> str:
    simple = isinstance(_parsed(text), ast.Name | ast.Attribute | ast.Call)
    return text if simple and "\n" not in text else f"({text})"


def _wrapped(text: str) -> str:
    """Answer an expression behind `return`, on several lines where it has several or is long."""
    try:
        found = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError):  # its lines, or a string over several of them, need brackets
        return f"({text})"
    if len(text) <= WIDTH + 8 or not isinstance(found, ast.BoolOp):
        return text
    word = "or" if isinstance(found.op, ast.Or) else "and"
    parts = [ast.get_source_segment(text, each) or "" for each in found.values]
    first, *rest = [
        f"({part})" if isinstance(each, ast.BoolOp) else part for part, each in zip(parts, found.values, strict=True)
    ]
    return "\n".join(["(", f"    {first}", *(f"    {word} {each}" for each in rest), ")"])


def condition(layout: Layout, guard: Guard, *, holds: bool) -> str:
    """Answer the condition of a guard: that under which it raises, or (`holds` false) that under which it doesn't."""
    return layout.fragment(guard.test) if guard.negated is not holds else _negated(layout, guard.test)


def _negated(layout: Layout, test: ast.expr) -> str:
    text = layout.fragment(test)
    match test:
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in OPPOSITE and "\n" not in text:
            return f"{layout.source(left)} {OPPOSITE[type(op)]} {layout.source(right)}"
        case ast.UnaryOp(op=ast.Not(), operand=operand) if "\n" not in text:
            return layout.source(operand)
        case ast.BoolOp(op=op, values=values) if "\n" not in text and not any(
            isinstance(each, ast.BoolOp) for each in values
        ):
            word = " or " if isinstance(op, ast.And) else " and "
            return word.join(_negated(layout, each) for each in values)
        case _:
            return f"not {_grouped(text)}"


def guard_statement(reading: Reading, guard: Guard) -> str:
    """Answer a guard as a statement of its own."""
    layout = reading.place.layout
    text = layout.block([*guard.action], first_line=layout.commented(guard.action[0].lineno))
    if is_inside(reading, guard):
        text = "\n".join(returning(layout, guard.action, text, answer_of_break(reading)))
    head = headed("if", condition(layout, guard, holds=True))
    return "\n".join([*_comments_above(layout, guard.statement), head, indented(text, "    ")])


def _comments_above(layout: Layout, statement: ast.stmt) -> list[str]:
    """Answer the comments that stand directly above a statement that begins its own line."""
    if layout.lines[statement.lineno - 1].lstrip().startswith("elif"):
        return []
    lines = range(layout.commented(statement.lineno), statement.lineno)
    return [layout.lines[number - 1].strip() for number in lines]


def _given(reading: Reading, guards: Sequence[Guard]) -> list[str]:
    """Answer the assignments of the handler that the conditions read."""
    wanted = set(read_names([guard.test for guard in guards]))
    found: list[str] = []
    for each in reversed(reading.line):
        statement = each.step.statement
        if not isinstance(each.step, Effect):
            continue
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name in wanted:
                wanted |= read_names([value])
                found.append(reading.place.layout.block([statement]))
            case _:
                continue
    return found[::-1]
