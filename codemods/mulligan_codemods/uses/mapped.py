"""The helpers that `[tool.mulligan.helpers."module:function"]` maps, as tables.

Rules: the words are those of `mulligan.compat.helper(...)`. A helper's file is looked for below the folder of
`pyproject.toml`; it is read, never imported. What is wrong is a `ConfigError` that names the key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from mulligan.errors import ConfigError
from mulligan_codemods.files.source import Unreadable, parse, read
from mulligan_codemods.names import Function
from mulligan_codemods.uses.helpers import FIELDS, PASSED_ON, library_of

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from mulligan.compat.mapping import Unit
    from mulligan.compat.symbols import Library

__all__ = ["helpers_of"]

KEY = "tool.mulligan.helpers"
WORDS = (*FIELDS, *PASSED_ON, "unit")


def helpers_of(tables: Mapping[str, object], folder: Path) -> tuple[Library, ...]:
    """Answer the table of each mapped helper.

    Args:
        tables: what stands below `[tool.mulligan.helpers]`.
        folder: the folder of `pyproject.toml`.

    Raises:
        ConfigError: a mapping is wrong, or its helper can't be found.
    """
    return tuple(_helper(name, table, folder) for name, table in sorted(tables.items()))


def _helper(name: str, table: object, folder: Path) -> Library:
    from mulligan.compat.mapping import Mapping  # noqa: PLC0415 -- most projects map no helper

    field = f'{KEY}."{name}"'
    words = _words(field, table)
    module, _, function = name.partition(":")
    definition, tree = _definition(field, name, module, function, folder)
    arguments = definition.args
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
    unit = words.pop("unit", "s")
    mapping = Mapping(**words, unit=cast("Unit", unit))  # checked by `fits`
    try:
        mapping.fits([each.arg for each in every if each is not None])
    except ConfigError as error:
        raise ConfigError(field, words | {"unit": unit}, str(error)) from error
    return library_of(module, definition, tree, words, mapping.unit)


def _words(field: str, table: object) -> dict[str, str]:
    if not isinstance(table, dict):
        raise ConfigError(field, table, "make it a table")
    found = cast("dict[str, object]", table)
    for word, value in found.items():
        if word not in WORDS:
            raise ConfigError(f"{field}.{word}", value, f"use one of {', '.join(WORDS)}")
        if not isinstance(value, str) or not value:
            raise ConfigError(f"{field}.{word}", value, "give the name of a parameter")
    return {word: str(value) for word, value in found.items()}


def _definition(
    field: str, name: str, module: str, function: str, folder: Path
) -> tuple[ast.FunctionDef | ast.AsyncFunctionDef, ast.Module]:
    for path in _files(module, folder):
        source = read(str(path))
        tree = source if isinstance(source, Unreadable) else parse(source)
        if isinstance(tree, Unreadable):
            raise ConfigError(field, str(path), f"make it readable: {tree.message}")
        for node in tree.body:
            if isinstance(node, Function) and node.name == function:
                return node, tree
    raise ConfigError(KEY, name, f"give module:function, where a file below {folder} defines the function")


def _files(module: str, folder: Path) -> Iterator[Path]:
    """Yield the files that a module may be, in the folder and in the folders directly below it."""
    parts = module.split(".")
    for root in (folder, *sorted(each for each in folder.iterdir() if each.is_dir() and each.name[:1] != ".")):
        for path in (root.joinpath(*parts[:-1], f"{parts[-1]}.py"), root.joinpath(*parts, "__init__.py")):
            if path.is_file():
                yield path
