"""The local functions of a site: its operation, what judges its errors, what runs between its attempts.

Rules: a function that is one expression is a lambda where it fits; names that the scope has are avoided; annotated
where the site's function is.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mulligan_codemods.lowered import Block, Call, Lowered, Use
from mulligan_codemods.names import free_names, names_in
from mulligan_codemods.texts.layout import indented
from mulligan_codemods.texts.wrapping import STEP, listed

if TYPE_CHECKING:
    from mulligan_codemods.lowered import Hook

__all__ = ["Functions", "except_lines"]

PAUSING = "# The pause is made here; the policy has none."
"""Stands in a callback that sleeps by itself, beside a policy with `no_delay()`."""


class Functions:
    """Writes the functions of one site at one indentation; `names` are those of mulligan that they use."""

    def __init__(self, lowered: Lowered, indent: str, width: int) -> None:
        self._lowered = lowered
        self._indent = indent
        self._width = width
        self._taken = set(lowered.names)
        self.names = set[str]()

    def free(self, name: str) -> str:
        """Answer a name that nothing in the scope has, and keep it."""
        found, number = name, 2
        while found in self._taken:
            found, number = f"{name}_{number}", number + 1
        self._taken.add(found)
        return found

    def operation(self) -> tuple[str, tuple[str, ...], list[str]]:
        """Write what is tried: how the call names it, its arguments, and the function where there is one."""
        operation = self._lowered.operation
        if self._lowered.at_failure is not None:
            return self._local(operation.name, "\n".join(self._watched(operation)), self._returns(operation))
        match operation:
            case Block(body=body):
                return self._local(operation.name, body, operation.returns)
            case Call(callee=callee, arguments=arguments, direct=True):
                return callee, arguments, []
            case Call(callee=callee):
                parameters = self._looped(callee)
                head = f"lambda {', '.join(parameters)}".rstrip() + ": "
                return f"{head}{_aligned(callee, operation.column, len(head))}", parameters, []

    def _returns(self, operation: Call | Block) -> str | None:
        if isinstance(operation, Block):
            return operation.returns
        return "None" if self._lowered.annotated and self._lowered.result.use is Use.IGNORED else None

    def _watched(self, operation: Call | Block) -> list[str]:
        """Answer the operation with what happens at every failure around it."""
        lowered = self._lowered
        body = operation.body if isinstance(operation, Block) else self._statement(operation)
        told = lowered.at_failure or ""
        bound = lowered.failure_name if lowered.failure_name in names_in(told) else None
        return [
            "try:",
            *self._deeper("\n".join([*lowered.call_comments, body])),
            *except_lines(lowered, lowered.failure_types, bound, "", self._width),
            *self._deeper(told),
            f"{STEP}raise",
        ]

    def _statement(self, operation: Call) -> str:
        head = "" if self._lowered.result.use is Use.IGNORED else "return "
        head += "await " if self._lowered.asynchronous else ""
        if operation.direct:
            return f"{head}{operation.callee}({', '.join(operation.arguments)})"
        return f"{head}{_aligned(operation.callee, operation.column, len(head))}"

    def _deeper(self, block: str) -> list[str]:
        return [
            line if line.startswith("\0") else f"{STEP}{line}" if line.strip() else "" for line in block.split("\n")
        ]

    def _local(self, stem: str, body: str, returns: str | None) -> tuple[str, tuple[str, ...], list[str]]:
        name, parameters = self.free(stem), self._looped(body)
        keyword = "async def" if self._lowered.asynchronous else "def"
        arrow = f" -> {returns}" if returns else ""
        inner = indented(body, self._indent + STEP)
        head = f"{self._indent}{keyword} {name}({', '.join(parameters)}){arrow}:"
        return name, parameters, [head, *inner.split("\n"), ""]

    def _looped(self, code: str) -> tuple[str, ...]:
        """Answer the names which a function reads that a loop around binds anew: linters want them as parameters.

        Where the site's function is annotated they would need types that nobody knows, so they stay as they are.
        """
        return () if self._lowered.annotated else tuple(free_names(code, self._lowered.looped))

    def _kept(self, code: str, *, own: str | None = None) -> str:
        """Answer the same names, but for its own one, as parameters that are bound when a callback is made."""
        return "".join(f", {name}={name}" for name in self._looped(code) if name != own)

    def predicate(self) -> list[str]:
        """Write the function that tells whether an error is retried."""
        predicate = self._lowered.predicate
        if predicate is None:
            return []
        typed = self._lowered.annotated
        error = (
            f"{predicate.error}: Exception"
            if typed
            else f"{predicate.error}{self._kept(predicate.body, own=predicate.error)}"
        )
        head = f"def {predicate.name}({error}){' -> bool' if typed else ''}:"
        inner = indented(predicate.body, self._indent + STEP)
        return [f"{self._indent}{head}", *inner.split("\n"), ""]

    def hook(self) -> tuple[str | None, list[str]]:
        """Write what runs before a retry: how the call names it, and the function where there is one."""
        hook = self._lowered.hook
        if hook is None:
            return None, []
        function = f"lambda event{self._kept(hook.body)}: {hook.expression}"
        inline = f"{self._indent}{STEP}on_retry={function},"
        if hook.expression is not None and "\n" not in hook.expression and len(inline) <= self._width:
            return function, []
        return self._hook_function(hook)

    def _hook_function(self, hook: Hook) -> tuple[str, list[str]]:
        name = self.free(hook.name)
        event = f"event{self._kept(hook.body)}"
        arrow = ""
        if self._lowered.annotated:
            self.names.add("Retrying")
            event, arrow = "event: Retrying", " -> None"
        body = f"{PAUSING}\n{hook.body}" if hook.pauses else hook.body
        inner = indented(body, self._indent + STEP)
        keyword = "async def" if hook.waits else "def"
        return name, [f"{self._indent}{keyword} {name}({event}){arrow}:", *inner.split("\n"), ""]


def except_lines(lowered: Lowered, types: str, bound: str | None, indent: str, width: int) -> list[str]:
    """Write the head of a handler; the comment behind the old one goes with the classes that are retried."""
    lines = listed("except ", _items(types), f"{f' as {bound}' if bound else ''}:", indent, width)
    remark = lowered.remark if types == lowered.failure_types else ""
    return [*lines[:-1], f"{lines[-1]}  {remark}".rstrip()]


def _items(types: str) -> list[str]:
    """Answer the classes of a tuple, each on its own; one class alone."""
    tree = ast.parse(types.strip(), mode="eval").body
    if (
        not isinstance(tree, ast.Tuple)
        or len(tree.elts) < 2
        or not all(each.lineno == each.end_lineno for each in tree.elts)
    ):
        return [types]
    return [ast.unparse(each) for each in tree.elts]


def _aligned(code: str, before: int, now: int) -> str:
    """Answer an expression that begins at another column; lines that are aligned with its bracket stay so."""
    first, *rest = code.split("\n")
    indents = [len(line) - len(line.lstrip()) for line in rest if line.strip()]
    if not indents or min(indents) <= before or first.endswith(("(", "[", "{")) or "\0" in code:
        return code
    return "\n".join([first, *(f"{' ' * now}{line[before:]}" if line.strip() else line for line in rest)])
