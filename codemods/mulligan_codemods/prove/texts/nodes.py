"""Questions about single nodes of a syntax tree: where they begin, what blocks they hold, whether two are alike."""

from __future__ import annotations

import ast

__all__ = ["alike", "blocks", "first_line", "header", "is_import", "named"]


def alike(one: ast.AST, two: ast.AST) -> bool:
    """Tell whether two nodes have the same dump, without making it: a module may be large."""
    pairs: list[tuple[object, object]] = [(one, two)]
    while pairs:
        first, second = pairs.pop()
        if type(first) is not type(second):
            return False
        if isinstance(first, ast.AST):
            pairs.extend((getattr(first, name, None), getattr(second, name, None)) for name in first._fields)
        elif isinstance(first, list) and isinstance(second, list):
            if len(first) != len(second):  # pyright: ignore[reportUnknownArgumentType]  # fields of any kind
                return False
            pairs.extend(zip(first, second, strict=True))  # pyright: ignore[reportUnknownArgumentType]  # fields of any kind
        elif first is not second and repr(first) != repr(second):  # pyright: ignore[reportUnknownArgumentType]  # 0.0 is not -0.0
            return False
    return True


def first_line(node: ast.stmt) -> int:
    """Return the line on which a statement begins, its decorators included."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])


def named(node: ast.AST) -> str | None:
    """Return the name of a function or class that a node defines."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return node.name
    return None


def is_import(node: ast.stmt) -> bool:
    """Tell whether a statement imports."""
    return isinstance(node, ast.Import | ast.ImportFrom)


def blocks(node: ast.stmt) -> dict[str, list[ast.stmt]]:
    """Return the blocks of statements that a statement holds, by what they are to it."""
    found: dict[str, list[ast.stmt]] = {}
    for name in ("body", "orelse", "finalbody"):
        value = getattr(node, name, None)
        if isinstance(value, list):
            found[name] = value  # pyright: ignore[reportUnknownVariableType]  # lists of statements by the grammar
    if isinstance(node, ast.Try):
        for place, handler in enumerate(node.handlers):
            found[f"handler {place}"] = handler.body
    return found


def header(node: ast.stmt) -> str:
    """Return what a statement says outside its blocks."""
    shown: list[str] = []
    for name, value in ast.iter_fields(node):
        if name == "handlers":
            shown.extend(f"{handler.name} {handler.type and ast.dump(handler.type)}" for handler in value)
        elif name not in {"body", "orelse", "finalbody"}:
            parts = value if isinstance(value, list) else [value]  # pyright: ignore[reportUnknownVariableType]  # fields of any kind
            shown.extend(ast.dump(part) if isinstance(part, ast.AST) else repr(part) for part in parts)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]  # fields of any kind
    return " ".join(shown)
