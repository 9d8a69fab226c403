"""The new statements of a site: comments, local functions, the call, and what surrounds it.

Rules: the shortest form that keeps the meaning; lines are broken as ruff and black break them.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from mulligan_codemods.emit.classifier import classifier
from mulligan_codemods.emit.functions import Functions, except_lines
from mulligan_codemods.lowered import Between, Block, Lowered, Use
from mulligan_codemods.site import Form
from mulligan_codemods.texts.layout import indented
from mulligan_codemods.texts.wrapping import STEP, WIDTH, called

__all__ = ["Code", "written"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """What takes the place of the loop.

    Args:
        lines: the new lines.
        form: what they are.
        mulligan: the names of mulligan that they use.
        decorator: the line that goes above the function, if it is decorated.
        decorator_line: the line of the function's `def`.
    """

    lines: tuple[str, ...]
    form: Form
    mulligan: frozenset[str]
    decorator: str | None = None
    decorator_line: int = 0


def written(
    text: str,
    lowered: Lowered,
    policy: str,
    *,
    hidden: frozenset[str] = frozenset(),
    width: int = WIDTH,
) -> Code:
    """Write the new code of a site.

    Args:
        text: the module.
        lowered: the site.
        policy: its policy, as it is spelled there.
        hidden: the names of mulligan that mean something else in the module.
        width: the longest line.
    """
    operation = lowered.operation
    if isinstance(operation, Block) and operation.whole:
        return _decorated(text, lowered, operation, policy, hidden=hidden, width=width)
    lines = text.split("\n")
    first = lines[lowered.region.line - 1]
    indent = first[: lowered.region.column]
    return _Writer(lowered, policy, indent, hidden=hidden, width=width).code()


def _decorated(
    text: str, lowered: Lowered, operation: Block, policy: str, *, hidden: frozenset[str], width: int
) -> Code:
    lines = text.split("\n")
    number = _definition_line(text, lowered.region.line)
    margin = lines[number - 1][: len(lines[number - 1]) - len(lines[number - 1].lstrip())]
    inner = lines[lowered.region.line - 1][: lowered.region.column]
    body = [
        *(f"{inner}{comment}" for comment in (*lowered.comments, *lowered.handler_comments, *lowered.call_comments)),
        *indented(operation.body, inner).split("\n"),
    ]
    return Code(
        lines=tuple(body), form=Form.DECORATOR, mulligan=frozenset({"retry"}),
        decorator="\n".join(called(f"@{_spelled('retry', hidden)}", [policy], margin, width)), decorator_line=number,
    )  # fmt: skip


def _definition_line(text: str, line: int) -> int:
    """Answer the line of the innermost `def` around a line."""
    functions = [
        node
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.lineno < line <= (node.end_lineno or 0)
    ]
    return max(node.lineno for node in functions)


class _Writer:
    """Writes the statements of one site at one indentation."""

    def __init__(self, lowered: Lowered, policy: str, indent: str, *, hidden: frozenset[str], width: int) -> None:
        self._lowered = lowered
        self._policy = policy
        self._indent = indent
        self._names = set[str]()
        self._hidden = hidden
        self._width = width
        self._functions = Functions(lowered, indent, width)

    def code(self) -> Code:
        """Write everything."""
        lowered = self._lowered
        if lowered.between is not None:
            return self._block(lowered.between)
        lines = self._remarks(lowered.comments)
        operation, arguments, local = self._functions.operation()
        hook, hook_function = self._functions.hook()
        judging = [*self._functions.predicate(), *classifier(lowered, self._indent)]
        remarks = self._remarks(lowered.handler_comments)
        if not judging and hook_function:
            hook_function = [*remarks, *hook_function]
        elif judging:
            judging = [*remarks, *judging]
        else:
            lines += remarks
        functions = [*judging, *local, *hook_function]
        if lowered.first is not None:
            lines += [*indented(lowered.first, self._indent).split("\n"), *([""] if functions else [])]
        lines += functions
        lines += self._remarks(lowered.call_comments) if lowered.at_failure is None else []
        lines += self._surrounded(operation, arguments, hook)
        form = Form.FUNCTION if local else Form.EXECUTE
        return Code(lines=tuple(lines), form=form, mulligan=frozenset(self._names | self._functions.names))

    def _block(self, between: Between) -> Code:
        """Write the loop as a block: the attempt as it stood, and behind it what happens before the next one."""
        lowered = self._lowered
        name = "attempt" if between.own_name else self._functions.free("attempt")
        lines = [*self._remarks(lowered.comments), *self._functions.predicate()]
        if lowered.first is not None:
            lines += indented(lowered.first, self._indent).split("\n")
        body = between.body if name == "attempt" else re.sub(r"\battempt\.number\b", f"{name}.number", between.body)
        head = "async for" if lowered.asynchronous else "for"
        iterated = f"{head} {name} in {_spelled('attempts', self._hidden)}"
        opened = called(iterated, [self._policy], self._indent, self._width - 1)
        lines += [*opened[:-1], f"{opened[-1]}:"]
        deeper = self._indent + STEP
        lines += [f"{deeper}with {name}:", *indented(between.attempt, deeper + STEP).split("\n")]
        lines += [f"{deeper}{comment}" for comment in lowered.handler_comments]
        lines += indented(body, deeper).split("\n")
        return Code(lines=tuple(lines), form=Form.ATTEMPTS, mulligan=frozenset({"attempts"}))

    def _remarks(self, comments: tuple[str, ...]) -> list[str]:
        return [f"{self._indent}{comment}" for comment in comments]

    # ---- the call

    def _surrounded(self, operation: str, arguments: tuple[str, ...], hook: str | None) -> list[str]:
        lowered = self._lowered
        ending = lowered.ending
        then = indented(lowered.result.then, self._indent).split("\n") if lowered.result.then else []
        clauses = self._clauses()
        if not clauses:
            return [*self._call(operation, arguments, hook, self._indent), *then]
        deeper = self._indent + STEP
        lines = [f"{self._indent}try:", *self._call(operation, arguments, hook, deeper)]
        for types, bound, body in clauses:
            lines += except_lines(lowered, types, bound, self._indent, self._width)
            lines += indented(body, deeper).split("\n")
        if then and all(_leaves(body) for _, _, body in clauses):
            return [*lines, *then]
        if lowered.result.then:
            lines += [f"{self._indent}else:", *indented(lowered.result.then, deeper).split("\n")]
        if ending is not None and ending.behind is not None:
            lines += indented(ending.behind, self._indent).split("\n")
        return lines

    def _clauses(self) -> list[tuple[str, str | None, str]]:
        """Answer the handlers around the call: their classes, the error's name, their statements."""
        lowered = self._lowered
        ending, around = lowered.ending, lowered.beside
        found = [(each.types, each.bound, each.body) for each in around if each.before]
        if ending is not None:
            found.append((lowered.failure_types, ending.bound, ending.body))
        elif any(not each.before for each in around):
            found.append((lowered.failure_types, None, "raise"))
        return found + [(each.types, each.bound, each.body) for each in around if not each.before]

    def _call(self, operation: str, arguments: tuple[str, ...], hook: str | None, indent: str) -> list[str]:
        lowered = self._lowered
        prefix = {Use.RETURNED: "return ", Use.ASSIGNED: f"{lowered.result.target} = ", Use.IGNORED: ""}[
            lowered.result.use
        ]
        waiting = "await " if lowered.asynchronous else ""
        if hook is None:
            executor = "execute_async" if lowered.asynchronous else "execute"
            self._names.add(executor)
            head = f"{prefix}{waiting}{_spelled(executor, self._hidden)}"
            return called(head, [self._policy, operation, *arguments], indent, self._width)
        self._names.add("Execution")
        run = "run_async" if lowered.asynchronous else "run"
        execution = _spelled("Execution", self._hidden)
        made = f"{prefix}{waiting}{execution}({self._policy}, on_retry={hook}).{run}"
        if len(f"{indent}{made}(") <= self._width:
            return called(made, [operation, *arguments], indent, self._width)
        constructed = called(
            f"{prefix}{waiting}{execution}", [self._policy, f"on_retry={hook}"], indent, self._width, always=True
        )
        return [*constructed[:-1], *called(f").{run}", [operation, *arguments], indent, self._width)]


def _leaves(body: str) -> bool:
    """Tell whether statements end with one that leaves the function."""
    try:
        last = ast.parse(body.replace("\0", "")).body[-1]
    except SyntaxError:
        return body.rpartition("\n")[2].startswith(("raise", "return"))
    return isinstance(last, ast.Raise | ast.Return)


def _spelled(name: str, hidden: frozenset[str]) -> str:
    """Answer a name of mulligan, by its module where it means something else in the site's."""
    return f"mulligan.{name}" if name in hidden else name
