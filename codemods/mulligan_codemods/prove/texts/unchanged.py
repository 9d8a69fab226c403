"""That nothing but the one function changed: all else is the same in both texts, and names mean what they meant.

Rules: imports may be added, and dropped where nothing needs them any longer. Text that is the same is not compared as
a tree: a module may be large.
"""

from __future__ import annotations

import ast
import builtins
from typing import TYPE_CHECKING

from mulligan_codemods.prove.texts.nodes import alike, blocks, first_line, header, is_import, named
from mulligan_codemods.prove.values.effects import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mulligan_codemods.prove.texts.scopes import Module

__all__ = ["check_unchanged"]


def check_unchanged(old: Module, new: Module, qualname: str) -> None:
    """Refuse texts that differ in anything but the one function, and in what a name means.

    Raises:
        Refused: where they do.
    """
    at_module = qualname in {"", "<module>"}
    _check_bindings(old, new, at_module=at_module)
    _check_dropped(old, new, at_module=at_module)
    if not at_module:
        first, second = _unlike(old, new)
        if _plain_statements(first) != _plain_statements(second):
            raise Refused("ML406", "statements at module level changed")
        _check_rest(old, new, first, second, qualname.replace(".<locals>", "").split("."))


def _check_rest(
    old: Module, new: Module, first: Sequence[ast.stmt], second: Sequence[ast.stmt], path: Sequence[str]
) -> None:
    """Refuse texts that differ in anything but the one function, and imports.

    Raises:
        Refused: where they do.
    """
    before = [node for node in first if not is_import(node)]
    after = [node for node in second if not is_import(node)]
    refused = Refused("ML406", "the texts differ outside of the function")
    if len(before) != len(after):
        raise refused
    for one, two in zip(before, after, strict=True):
        if _same_text(old, one, new, two):
            continue
        if not named(one) == named(two) == path[0]:
            if not alike(one, two):
                raise refused
        elif len(path) > 1:
            if type(one) is not type(two) or header(one) != header(two):
                raise refused
            _check_rest(old, new, blocks(one)["body"], blocks(two)["body"], path[1:])


def _unlike(old: Module, new: Module) -> tuple[list[ast.stmt], list[ast.stmt]]:
    """Return the statements at module level without those at both ends whose text is the same."""
    first, second = list(old.tree.body), list(new.tree.body)
    while first and second and _same_text(old, first[0], new, second[0]):
        del first[0], second[0]
    while first and second and _same_text(old, first[-1], new, second[-1]):
        del first[-1], second[-1]
    return first, second


def _same_text(old: Module, one: ast.stmt, new: Module, two: ast.stmt) -> bool:
    """Tell whether two statements are the same lines, and all that is on them."""
    texts = [module.lines[first_line(node) - 1 : node.end_lineno] for module, node in ((old, one), (new, two))]
    return texts[0] == texts[1] and (one.col_offset, one.end_col_offset) == (two.col_offset, two.end_col_offset)


def _check_bindings(old: Module, new: Module, *, at_module: bool) -> None:
    """Refuse texts whose module-level names mean other things.

    Raises:
        Refused: where a name that was there before is bound differently, or an added import takes a name in use.
    """
    for name, nodes in new.bindings.items():
        before = old.bindings.get(name)
        if before is None:
            added = all(is_import(node) for node in nodes if isinstance(node, ast.stmt))
            if at_module and not added:
                continue
            if not added or hasattr(builtins, name) or old.spells(name):
                raise Refused("ML406", f"the module-level name {name} is new, and {name} was in use")
        elif not at_module and not (_same_binding(before, nodes) and old.origin(name) == new.origin(name)):
            raise Refused("ML406", f"the module-level name {name} is bound differently")


def _plain_statements(body: Sequence[ast.stmt]) -> list[str]:
    kept = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
    return [ast.dump(node) for node in body if not isinstance(node, kept)]


def _check_dropped(old: Module, new: Module, *, at_module: bool) -> None:
    for name, nodes in old.bindings.items():
        if name in new.bindings or (at_module and not all(isinstance(node, ast.stmt) for node in nodes)):
            continue
        if not all(is_import(node) for node in nodes if isinstance(node, ast.stmt)) or new.spells(name):
            raise Refused("ML406", f"the module-level name {name} is gone")


def _same_binding(old: Sequence[ast.AST], new: Sequence[ast.AST]) -> bool:
    return [_binding_text(node) for node in old] == [_binding_text(node) for node in new]


def _binding_text(node: ast.AST) -> str:
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return f"{type(node).__name__} {name}"
        case ast.ImportFrom(module=module, level=level):
            return f"from {level} {module}"
        case ast.Import():
            return "import"
        case _:
            return type(node).__name__
