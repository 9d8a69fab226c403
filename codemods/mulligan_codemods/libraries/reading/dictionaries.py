"""The entries of a dictionary that is given as `**CONFIG`.

Rules: the dictionary must be written down once, with string keys, and nothing in its module may change it.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from mulligan_codemods.central.homes import module_name
from mulligan_codemods.files.source import Unreadable, parsed, read
from mulligan_codemods.libraries.refusal import Refused
from mulligan_codemods.names import Function, Imported, names_of, own_nodes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mulligan_codemods.libraries.reading.place import Place

__all__ = ["bindings_of", "entries_of"]

CHANGING = frozenset({"update", "pop", "popitem", "clear", "setdefault", "__setitem__", "__delitem__"})


def entries_of(place: Place, expression: ast.expr) -> tuple[Place, Mapping[str, ast.expr]]:
    """Answer where a dictionary is written down, and its entries.

    Raises:
        Refused: it can't be read.
    """
    if isinstance(expression, ast.Dict | ast.Call):
        return place, _entries(expression, expression)
    if not isinstance(expression, ast.Name):
        raise Refused("ML255", f"what `{place.source(expression)}` holds can't be read", expression)
    home, name = _home(place, expression)
    values = list(bindings_of(home, name))
    if len(values) != 1 or _is_changed(home.tree, name):
        raise Refused("ML255", f"`{expression.id}` is not written down once and left alone", expression)
    return home, _entries(values[0], expression)


def _entries(value: ast.expr, expression: ast.expr) -> Mapping[str, ast.expr]:
    match value:
        case ast.Dict(keys=keys, values=values):
            names = [key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else "" for key in keys]
            if all(names):
                return dict(zip(names, values, strict=True))
        case ast.Call(func=ast.Name(id="dict"), args=[], keywords=keywords) if all(each.arg for each in keywords):
            return {each.arg or "": each.value for each in keywords}
        case _:
            pass
    raise Refused("ML255", "the dictionary is not written down with its keys", expression)


def _home(place: Place, expression: ast.Name) -> tuple[Place, str]:
    """Answer the module that holds the dictionary, and what it is called there."""
    match place.names.binding(expression.id):
        case Imported(module=module, attribute=str() as attribute):
            home = _module(place, module)
            if home is None:
                raise Refused("ML255", f"`{expression.id}` comes from a module that can't be read", expression)
            return home, attribute
        case None:
            raise Refused("ML255", f"what `{expression.id}` is can't be told", expression)
        case _:
            return place, expression.id


def _module(place: Place, module: str) -> Place | None:
    file = _module_file(place.path, module)
    source = None if file is None else read(file)
    if source is None or isinstance(source, Unreadable):
        return None
    try:
        tree = parsed(source.text)
    except (SyntaxError, ValueError, RecursionError):
        return None
    names = names_of(tree, ())
    return replace(place, path=source.path, text=source.text, tree=tree, names=names, ancestors=(tree,), decorated=None)


def _module_file(path: str, module: str) -> str | None:
    """Answer the file of a module of the same project, `None` where it has none."""
    level = len(module) - len(module.lstrip("."))
    own = (module_name(path) or "").split(".")
    package = own if Path(path).stem == "__init__" else own[:-1]
    parts = [part for part in module.lstrip(".").split(".") if part]
    absolute = [*package[: len(package) - (level - 1)], *parts] if level else parts
    root = Path(path).absolute().parent
    for _ in package:
        root = root.parent
    for file in (root.joinpath(*absolute).with_suffix(".py"), root.joinpath(*absolute, "__init__.py")):
        if absolute and file.is_file():
            return str(file)
    return None


def bindings_of(place: Place, name: str) -> Iterator[ast.expr]:
    """Yield what a name is bound to in the function around the use, or else in the module."""
    for scope in (*reversed(place.functions), place.tree):
        found = [*_assigned(scope, name)]
        if found:
            yield from found
            return


def _assigned(scope: ast.Module | Function, name: str) -> Iterator[ast.expr]:
    for node in own_nodes(scope.body):
        match node:
            case ast.Assign(targets=targets, value=value) if any(_is(each, name) for each in targets):
                yield value
            case ast.AnnAssign(target=ast.Name(id=found), value=ast.expr() as value) if found == name:
                yield value
            case ast.AugAssign(target=ast.Name(id=found), value=value) if found == name:
                yield value
                yield value
            case _:
                continue


def _is(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _is_changed(tree: ast.Module, name: str) -> bool:
    """Tell whether something in a module changes the entries of what a name is bound to."""
    for node in ast.walk(tree):
        match node:
            case ast.Subscript(value=ast.Name(id=found), ctx=ast.Store() | ast.Del()) if found == name:
                return True
            case ast.Call(func=ast.Attribute(value=ast.Name(id=found), attr=method)) if found == name:
                if method in CHANGING:
                    return True
            case _:
                continue
    return False
