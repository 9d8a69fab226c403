"""Where a candidate's loop stands: its function, its block, what comes before and after it, who reads its variables.

Rules: pure; everything is answered from one parse of the module's text.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mulligan_codemods.files.source import parsed
from mulligan_codemods.names import Function, Names, bound_names, names_of, own_nodes, read_names
from mulligan_codemods.texts.layout import Layout, layout_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mulligan_codemods.site import Span

__all__ = ["Loop", "Place", "locate"]

Loop = ast.For | ast.AsyncFor | ast.While


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Place:
    """A loop and everything around it.

    Args:
        tree: the module.
        ancestors: the nodes around the loop, the module first.
        block: the statements of the block in which the loop stands.
        index: the loop's place among them.
    """

    tree: ast.Module
    layout: Layout
    names: Names
    loop: Loop
    ancestors: tuple[ast.AST, ...]
    block: tuple[ast.stmt, ...]
    index: int

    @property
    def function(self) -> Function | None:
        """The innermost function around the loop; `None` at the level of the module or of a class."""
        for node in reversed(self.ancestors):
            if isinstance(node, Function):
                return node
            if isinstance(node, ast.ClassDef):
                return None
        return None

    @property
    def top(self) -> ast.stmt:
        """The statement of the module that holds the loop."""
        return self.ancestors[1] if len(self.ancestors) > 1 and isinstance(self.ancestors[1], ast.stmt) else self.loop

    @property
    def scope(self) -> ast.Module | Function:
        """The scope whose variables the loop uses."""
        return self.function or self.tree

    @property
    def scope_node(self) -> ast.AST:
        """The function, class or module whose block the loop stands in."""
        return next(node for node in reversed(self.ancestors) if isinstance(node, Function | ast.ClassDef | ast.Module))

    @property
    def loops_around(self) -> tuple[ast.AST, ...]:
        """The loops around this one in its own scope."""
        inside = self.ancestors[self.ancestors.index(self.scope_node) :]
        return tuple(node for node in inside if isinstance(node, Loop))

    @property
    def looped(self) -> frozenset[str]:
        """The names that a loop around this one binds anew in each round, this loop aside."""
        found: set[str] = set()
        stack = list(self.loops_around)
        while stack:
            node = stack.pop()
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                found.add(node.id)
            if node is not self.loop and not isinstance(node, Function | ast.ClassDef | ast.Lambda):
                stack.extend(ast.iter_child_nodes(node))
        return frozenset(found)

    @property
    def before(self) -> tuple[ast.stmt, ...]:
        """The statements before the loop in its block."""
        return self.block[: self.index]

    @property
    def after(self) -> tuple[ast.stmt, ...]:
        """The statements after the loop in its block."""
        return self.block[self.index + 1 :]

    def read_elsewhere(self, name: str, inside: Iterable[ast.AST]) -> bool:
        """Tell whether `name` is read in the scope outside the given nodes; a module's names always are."""
        if self.function is None:
            return True
        own = {id(node) for each in inside for node in ast.walk(each)}
        return any(
            isinstance(node, ast.Name)
            and node.id == name
            and isinstance(node.ctx, ast.Load | ast.Del)
            and id(node) not in own
            for node in ast.walk(self.scope)
        )

    def read_later(self, name: str, apart: Sequence[ast.stmt] = ()) -> bool:
        """Tell whether the value that the loop gives to `name` may be read after the loop.

        A name that every path binds again first is not; loops around this one and functions inside count as readers.
        What an attempt binds at the level of a module may be read by other modules.

        Args:
            name: it.
            apart: statements behind the loop that don't count.
        """
        if self.function is None and name in self._offered:
            return True
        if self._captured(name):
            return True
        if any(_own_reads(name, node, self.loop) for node in self.loops_around):
            return True
        return self._read_after(name, apart)

    @property
    def _offered(self) -> frozenset[str]:
        """The names that attempts bind."""
        tries = [node for node in own_nodes(self.loop.body) if isinstance(node, ast.Try)]
        return bound_names([each for node in tries for each in (*node.body, *node.orelse)])

    def _captured(self, name: str) -> bool:
        nested = [node for node in own_nodes(self.scope.body) if isinstance(node, Function | ast.Lambda | ast.ClassDef)]
        return any(name in read_names([node]) for node in nested if not _within(self.loop, node))

    def _read_after(self, name: str, apart: Sequence[ast.stmt]) -> bool:
        end = (self.loop.end_lineno or 0, self.loop.end_col_offset or 0)
        own = {id(node) for each in apart for node in ast.walk(each)}
        rest = [each for each in self.after if each not in apart]
        for statement in rest:
            if name in read_names([statement]):
                return True
            if _binds_surely(name, statement):
                return False
        return any(
            isinstance(node, ast.Name)
            and node.id == name
            and isinstance(node.ctx, ast.Load | ast.Del)
            and (node.lineno, node.col_offset) > end
            and id(node) not in own
            for node in ast.walk(self.scope)
        )


def _within(loop: ast.AST, node: ast.AST) -> bool:
    return any(each is node for each in ast.walk(loop))


def _own_reads(name: str, around: ast.AST, loop: ast.AST) -> bool:
    inside = {id(node) for node in ast.walk(loop)}
    return any(
        isinstance(node, ast.Name)
        and node.id == name
        and isinstance(node.ctx, ast.Load | ast.Del)
        and id(node) not in inside
        and (node.lineno, node.col_offset) < (getattr(loop, "lineno", 0), 0)
        for node in ast.walk(around)
    )


def _binds_surely(name: str, statement: ast.stmt) -> bool:
    match statement:
        case ast.Assign(targets=[ast.Name(id=bound)]):
            return bound == name
        case _:
            return False


def locate(text: str, span: Span) -> Place | None:
    """Find the loop that begins where `span` does."""
    tree = parsed(text)
    layout = layout_of(text)
    found = _search(tree, layout, span)
    if found is None:
        return None
    loop, ancestors = found
    block, index = _block_of(ancestors[-1], loop)
    names = names_of(tree, [node for node in ancestors if isinstance(node, Function)])
    return Place(tree=tree, layout=layout, names=names, loop=loop, ancestors=ancestors, block=tuple(block), index=index)


def _search(tree: ast.Module, layout: Layout, span: Span) -> tuple[Loop, tuple[ast.AST, ...]] | None:
    stack: list[tuple[ast.AST, tuple[ast.AST, ...]]] = [(tree, ())]
    begin = (span.line, span.column)
    while stack:
        node, ancestors = stack.pop()
        if isinstance(node, Loop) and (node.lineno, layout.column(node.lineno, node.col_offset)) == begin:
            return node, ancestors
        line = getattr(node, "lineno", None)
        end = getattr(node, "end_lineno", None)
        if isinstance(line, int) and isinstance(end, int) and not _first_line(node) <= span.line <= end:
            continue
        stack.extend((child, (*ancestors, node)) for child in ast.iter_child_nodes(node))
    return None


def _first_line(node: ast.AST) -> int:
    line = getattr(node, "lineno", 0)
    if isinstance(node, Function | ast.ClassDef):
        return min([line, *(each.lineno for each in node.decorator_list)])
    return int(line)


def _block_of(parent: ast.AST, loop: ast.stmt) -> tuple[list[ast.stmt], int]:
    for _, value in ast.iter_fields(parent):
        if isinstance(value, list):
            statements = [item for item in value if isinstance(item, ast.stmt)]  # pyright: ignore[reportUnknownVariableType] -- ast fields are untyped
            for index, statement in enumerate(statements):
                if statement is loop:
                    return statements, index
    return [loop], 0
