"""The branches of a handler put straight: what all of them do stands before or behind the `if`, once.

- an `else` that only leaves becomes a guard before the other branches: `if not (a or b): raise`;
- a statement that every branch begins or ends with is taken out;
- where a branch breaks and the rest leaves otherwise, the rest becomes its `else`, and the `break` comes last;
- pauses of different lengths become one pause of a conditional length.

Rules: pure; one change at a time, `None` where nothing is to be done.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mulligan_codemods.names import own_nodes, read_names
from mulligan_codemods.recognise.canonical.text import block, branch, rewritten
from mulligan_codemods.recognise.loops.flow import AWAY, Exit, exits
from mulligan_codemods.recognise.reading.steps import Pause, pause_of
from mulligan_codemods.texts.layout import headed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mulligan_codemods.recognise.loops.anatomy import Anatomy
    from mulligan_codemods.texts.layout import Layout

__all__ = ["broken_last", "straightened"]

AGAIN = frozenset({Exit.NEXT, Exit.CONTINUE})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Branch:
    """One branch: its condition (`None`: the `else`) and its statements."""

    test: ast.expr | None
    body: tuple[ast.stmt, ...]

    @property
    def goes_on(self) -> bool:
        """Whether it can go round again."""
        return bool(exits(self.body) & AGAIN)


def straightened(anatomy: Anatomy) -> Anatomy | None:
    """Straighten the first `if` of the failure's path that can be; `None` where none can."""
    if len(anatomy.again) != 1:
        return None
    body = anatomy.again[0].body
    for index, statement in enumerate(body):
        if not isinstance(statement, ast.If):
            continue
        last = index == len(body) - 1 and not anatomy.tail
        found = _straightened(anatomy, statement, last=last)
        if found is not None:
            return found
    return None


def broken_last(anatomy: Anatomy) -> Anatomy | None:
    """Let the `break` of a branch come last, behind an `else` with what would have followed."""
    for handler in anatomy.again:
        blocks = [handler.body]
        for node in own_nodes(handler.body):
            blocks += [node.body, node.orelse] if isinstance(node, ast.If) else []
        for found in (_broken_last(anatomy, each) for each in blocks):
            if found is not None:
                return found
    return None


def _broken_last(anatomy: Anatomy, body: Sequence[ast.stmt]) -> Anatomy | None:
    layout = anatomy.place.layout
    for index, each in enumerate(body[:-1]):
        rest = body[index + 1 :]
        match each:
            case ast.If(test=test, body=[*before, ast.Break()], orelse=[]) if before and exits(rest) <= AWAY:
                lines = [
                    branch(headed("if", layout.fragment(test)), block(layout, before)),
                    branch("else:", block(layout, rest)),
                    "break",
                ]
                return rewritten(anatomy, each.lineno, rest[-1].end_lineno or rest[-1].lineno, "\n".join(lines))
            case _:
                continue
    return None


def _straightened(anatomy: Anatomy, statement: ast.If, *, last: bool) -> Anatomy | None:
    branches = _branches(statement, last=last)
    going = [each for each in branches if each.goes_on]
    if len(going) < 2 or any(Exit.CONTINUE in exits(each.body) for each in going):
        return None
    layout = anatomy.place.layout
    before: list[str] = []
    after: list[str] = []
    fatal = [each for each in branches if not each.goes_on]
    if fatal:
        if fatal != branches[-1:] or fatal[0].test is not None or not exits(fatal[0].body) <= AWAY:
            return None
        before.append(_guard(layout, branches[:-1], fatal[0]))
    shared, going = _taken(going, 0)
    if not shared and _is_guarded(branches[0]):
        return _hoisted(anatomy, statement, branches[0])
    before += [block(layout, [each]) for each in shared]
    ended, going = _taken(going, -1)
    after = [block(layout, [each]) for each in reversed(ended)]
    pauses = [pause_of(each.body[-1], anatomy.place.names) if each.body else None for each in going]
    if any(pauses) and not after and (all(pauses) or _of_error(anatomy, branches)):
        after.append(_pause(layout, going, pauses))
        going = [
            replace(each, body=each.body[:-1]) if pause is not None else each
            for each, pause in zip(going, pauses, strict=True)
        ]
    if not before and not after:
        return None
    text = "\n".join([*before, *_chain(layout, going, closed=bool(fatal)), *after])
    return rewritten(anatomy, statement.lineno, statement.end_lineno or statement.lineno, text)


def _is_guarded(first: Branch) -> bool:
    """Tell whether a branch begins with a guard of its own, and does something else as well."""
    match first.body:
        case (ast.If(body=inner, orelse=[]), *_):
            return exits(inner) <= AWAY
        case _:
            return False


def _hoisted(anatomy: Anatomy, statement: ast.If, first: Branch) -> Anatomy | None:
    """Put the guard that the first branch begins with before the `if`."""
    layout = anatomy.place.layout
    match first.body:
        case (ast.If(test=test, body=inner) as guard, *rest) if first.test is not None:
            head = f"if {_operand(layout, first.test)} and {_operand(layout, test)}:"
            text = branch(head, block(layout, inner))
        case _:
            return None
    lines = [text, branch(headed("if", layout.fragment(first.test)), block(layout, rest) if rest else "pass")]
    ended = first.body[-1].end_lineno or guard.lineno
    margin = layout.indent(statement.lineno)
    others = layout.lines[ended : statement.end_lineno]
    lines += [line.removeprefix(margin) for line in others]
    return rewritten(anatomy, statement.lineno, statement.end_lineno or statement.lineno, "\n".join(lines))


def _of_error(anatomy: Anatomy, branches: Sequence[Branch]) -> bool:
    """Tell whether every condition asks about the error, and none about a count."""
    name = anatomy.again[0].name
    return all(name in read_names([each.test]) for each in branches if each.test is not None)


def _branches(statement: ast.If, *, last: bool) -> list[Branch]:
    found: list[Branch] = []
    each = statement
    while True:
        found.append(Branch(test=each.test, body=_trimmed(each.body, last=last)))
        if len(each.orelse) == 1 and isinstance(each.orelse[0], ast.If):
            each = each.orelse[0]
            continue
        return [*found, Branch(test=None, body=_trimmed(each.orelse, last=last))]


def _trimmed(body: Sequence[ast.stmt], *, last: bool) -> tuple[ast.stmt, ...]:
    """Answer a branch without `pass`, and without a `continue` at its end where nothing follows anyway."""
    kept = [each for each in body if not isinstance(each, ast.Pass)]
    return tuple(kept[:-1] if last and kept and isinstance(kept[-1], ast.Continue) else kept)


def _guard(layout: Layout, others: Sequence[Branch], fatal: Branch) -> str:
    tests = [_operand(layout, each.test) for each in others if each.test is not None]
    joined = " or ".join(tests)
    return branch(f"if not ({joined}):", block(layout, fatal.body))


def _operand(layout: Layout, test: ast.expr) -> str:
    text = layout.fragment(test)
    simple = isinstance(test, ast.Call | ast.Name | ast.Attribute | ast.Compare) and "\n" not in text
    return text if simple else f"({text})"


def _taken(branches: list[Branch], at: int) -> tuple[list[ast.stmt], list[Branch]]:
    """Take out the statements that every branch begins (or ends) with; no condition."""
    taken: list[ast.stmt] = []
    while all(each.body for each in branches):
        ends = [each.body[at] for each in branches]
        if any(ast.dump(each) != ast.dump(ends[0]) for each in ends):
            break
        taken.append(ends[0])
        branches = [replace(each, body=each.body[1:] if at == 0 else each.body[:-1]) for each in branches]
    return taken, branches


def _pause(layout: Layout, branches: Sequence[Branch], pauses: Sequence[Pause | None]) -> str:
    delays = [layout.source(each.delay) if each is not None else "0" for each in pauses]
    text = delays[-1]
    for each, delay in reversed([*zip(branches[:-1], delays[:-1], strict=True)]):
        text = f"{delay} if {_operand(layout, each.test)} else {text}" if each.test is not None else text
    first = next(each for each in pauses if each is not None)
    source = layout.source(first.statement)
    return source.replace(f"({layout.source(first.delay)})", f"({text})")


def _chain(layout: Layout, branches: Sequence[Branch], *, closed: bool) -> list[str]:
    """Answer what is left of the branches; the last is the `else` where nothing else reaches it."""
    if not any(each.body for each in branches):
        return []
    lines: list[str] = []
    for index, each in enumerate(branches):
        closing = each.test is None or (closed and index == len(branches) - 1)
        if closing and not each.body:
            continue
        body = block(layout, each.body) if each.body else "pass"
        test = "" if each.test is None else layout.fragment(each.test)
        head = "else:" if closing else headed("elif" if index else "if", test)
        lines.append(branch(head, body))
    return lines
