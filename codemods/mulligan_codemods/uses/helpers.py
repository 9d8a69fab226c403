"""A team's own helper as a table: its signature, and what each parameter means.

Rules: the helper is read where it is defined and never imported. Defaults that are names of constants of its module
are written out; others stay as they are spelled there.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final, NamedTuple

from mulligan.compat.symbols import Library, Parameter, Symbol
from mulligan_codemods.names import Function, literal_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mulligan.compat.symbols.model import Passing, Unit

__all__ = ["AWAITS", "FIELDS", "PASSED_ON", "helper_name", "is_helper", "library_of"]

FIELDS: Final = ("max_attempts", "max_retries", "base", "factor", "cap", "jitter", "retry_on")
"""What a parameter of a helper may mean to a policy."""

PASSED_ON: Final = ("operation", "args", "kwargs")
"""What a parameter may mean to the call that the helper makes."""

AWAITS: Final = "It retries coroutine functions too."
"""The note of a helper that holds code for them."""

LENGTHS = frozenset({"base", "cap", "jitter"})


def is_helper(library: Library) -> bool:
    """Tell whether a table is a helper's."""
    return not library.versions


def helper_name(library: Library) -> str:
    """Answer what a helper is called in its mapping: `module:function`."""
    return f"{library.name}:{library.symbols[0].name}"


def library_of(module: str, function: ast.AST, tree: ast.Module, meanings: Mapping[str, str], unit: Unit) -> Library:
    """Answer the table of a helper.

    Args:
        module: the module's dotted name.
        function: its definition.
        tree: its module.
        meanings: what its parameters mean: their names by `FIELDS` and `PASSED_ON`.
        unit: the unit of its lengths of time.
    """
    if not isinstance(function, Function):
        raise TypeError(f"{ast.dump(function)[:80]} is no function")
    fields = {name: field for field, name in meanings.items()}
    calls = "operation" in meanings
    symbol = Symbol(
        name=function.name,
        kind="call" if calls else "decorator",
        parameters=tuple(_parameters(function.args, tree, fields, unit)),
        module=module,
        modern="execute" if calls else "retry",
        note=AWAITS if any(isinstance(node, ast.AsyncFunctionDef) for node in ast.walk(function)) else "",
    )
    return Library(name=module, distributions=(), versions=(), unit=unit, modules=(module,), symbols=(symbol,))


class _Given(NamedTuple):
    """A parameter, its default, and how it is passed."""

    node: ast.arg
    default: ast.expr | None
    passing: Passing


def _parameters(
    arguments: ast.arguments, tree: ast.Module, fields: Mapping[str, str], unit: Unit
) -> Iterator[Parameter]:
    either = [*arguments.posonlyargs, *arguments.args]
    required = len(either) - len(arguments.defaults)
    pairs = [
        _Given(each, None if place < required else arguments.defaults[place - required], "either")
        for place, each in enumerate(either)
    ]
    if arguments.vararg is not None:
        pairs.append(_Given(arguments.vararg, None, "rest"))
    named = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    pairs += [_Given(each, default, "keyword") for each, default in named]
    if arguments.kwarg is not None:
        pairs.append(_Given(arguments.kwarg, None, "keywords"))
    for each, default, passing in pairs:
        field = fields.get(each.arg, "")
        text = None if default is None else _spelled(default, tree)
        yield Parameter(each.arg, text, unit if field in LENGTHS else "", field, passing)


def _spelled(default: ast.expr, tree: ast.Module) -> str:
    """Answer a default, the number behind it where it is the name of one."""
    if isinstance(default, ast.Name):
        values = [
            node.value
            for node in tree.body
            if isinstance(node, ast.Assign)
            and any(isinstance(target, ast.Name) and target.id == default.id for target in node.targets)
        ]
        if len(values) == 1 and literal_number(values[0]) is not None:
            return ast.unparse(values[0])
    return ast.unparse(default)
