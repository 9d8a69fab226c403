"""Add imports where a person would put them, and drop those that only the replaced code used.

Rules: an added import stands among the imports at the top of the module, never in a `try` or under `if`; standard
library first, then other distributions, then the own package. Only whole names are dropped, never one that `__all__`
names or that anything else reads. The rest of the text stays as it is.
"""

from __future__ import annotations

import ast
import re
import sys
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from mulligan_codemods.files.source import parsed
from mulligan_codemods.texts.layout import layout_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["with_imports", "without_imports"]

Import = ast.Import | ast.ImportFrom
STANDARD, OTHER, OWN, LOCAL = 0, 1, 2, 3


@dataclass(frozen=True, slots=True)
class Wanted:
    """An import that is to be there: `from module import names`, or a whole statement."""

    module: str
    statement: str
    group: int


def with_imports(text: str, names: Iterable[tuple[str, str]], statements: Iterable[str] = (), *, own: str = "") -> str:
    """Add imports to a module.

    Args:
        text: the module.
        names: pairs of a module and a name to take from it.
        statements: other import statements.
        own: the module's own top-level package.
    """
    wanted: dict[str, set[str]] = {}
    for module, name in names:
        wanted.setdefault(module, set()).add(name)
    for module, each in sorted(wanted.items()):
        text = _with_names(text, module, each, own)
    for statement in dict.fromkeys(statements):
        text = _with_statement(text, statement, own)
    return text


def _with_statement(text: str, statement: str, own: str) -> str:
    node = ast.parse(statement).body[0]
    if isinstance(node, ast.ImportFrom) and node.names[0].asname is None:
        module = "." * node.level + (node.module or "")
        return _with_names(text, module, {node.names[0].name}, own)
    present = {ast.dump(each) for each in _leading(parsed(text))}
    if ast.dump(node) in present:
        return text
    module = node.names[0].name if isinstance(node, ast.Import) else getattr(node, "module", "") or ""
    return _inserted(text, Wanted(module, statement, _group(module, own)), own)


def _with_names(text: str, module: str, names: set[str], own: str) -> str:
    tree = parsed(text)
    found = [node for node in _leading(tree) if isinstance(node, ast.ImportFrom) and _module(node) == module]
    present = {alias.name for node in found for alias in node.names if alias.asname is None}
    missing = sorted(names - present, key=_order)
    if not missing:
        return text
    plain = next((node for node in found if all(alias.asname is None for alias in node.names)), None)
    if plain is not None and _is_plain(text, plain):
        merged = sorted({alias.name for alias in plain.names} | names, key=_order)
        return _replaced(text, plain, _from(module, merged, exploded=_is_exploded(text, plain)))
    return _inserted(text, Wanted(module, _from(module, missing), _group(module, own)), own)


def _order(name: str) -> tuple[int, str]:
    """Sort as isort and ruff do: constants, classes, then the rest."""
    rank = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
    return rank, name


def _from(module: str, names: Sequence[str], *, exploded: bool = False) -> str:
    """Write an import: on one line, which is broken later where it is too long, or with a line for each name."""
    if not exploded:
        return f"from {module} import {', '.join(names)}"
    return f"from {module} import (\n" + "".join(f"    {name},\n" for name in names) + ")"


def _is_exploded(text: str, node: ast.stmt) -> bool:
    """Tell whether a comma before the closing bracket asks formatters for a line for each name."""
    return re.search(r",\s*\)$", layout_of(text).source(node)) is not None


def _module(node: Import) -> str:
    if isinstance(node, ast.Import):
        return node.names[0].name
    return "." * node.level + (node.module or "")


def _group(module: str, own: str) -> int:
    top = module.partition(".")[0]
    if module.startswith("."):
        return LOCAL
    if own and top == own:
        return OWN
    return STANDARD if top in sys.stdlib_module_names else OTHER


def _leading(tree: ast.Module) -> list[Import]:
    """Answer the imports at the level of the module that stand before its first definition."""
    found: list[Import] = []
    for statement in tree.body:
        if isinstance(statement, Import):
            found.append(statement)
        elif isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.For | ast.While):
            break
    return found


def _is_plain(text: str, node: ast.stmt) -> bool:
    """Tell whether a statement has lines of its own, without a comment."""
    layout = layout_of(text)
    return layout.owns_lines([node]) and not layout.comments_between(node.lineno, node.end_lineno or node.lineno)


def _replaced(text: str, node: ast.stmt, statement: str) -> str:
    lines = text.split("\n")
    lines[node.lineno - 1 : node.end_lineno] = statement.split("\n")
    return "\n".join(lines)


def _inserted(text: str, wanted: Wanted, own: str) -> str:
    tree = parsed(text)
    lines = text.split("\n")
    leading = [node for node in _leading(tree) if not _is_future(node)]
    if not leading:
        return _first_import(tree, lines, wanted)
    same = [node for node in leading if _group(_module(node), own) == wanted.group]
    before = [node for node in leading if _group(_module(node), own) < wanted.group]
    if same:
        mixed = _is_mixed(same)
        key = _wanted_key(wanted)[mixed:]
        smaller = [node for node in same if _sort_key(node)[mixed:] <= key]
        line = max(node.end_lineno or 0 for node in smaller) if smaller else same[0].lineno - 1
        lines[line:line] = wanted.statement.split("\n")
    elif before:
        line = max(node.end_lineno or 0 for node in before)
        lines[line:line] = ["", *wanted.statement.split("\n")]
    else:
        line = leading[0].lineno - 1
        lines[line:line] = [*wanted.statement.split("\n"), ""]
    return "\n".join(lines)


def _is_mixed(group: Sequence[Import]) -> bool:
    """Tell whether a group is sorted by module alone, `import` and `from` mixed, as some projects want it."""
    kinds = [isinstance(node, ast.ImportFrom) for node in group]
    modules = [_module(node).lower() for node in group]
    return kinds != sorted(kinds) and modules == sorted(modules)


def _sort_key(node: Import) -> tuple[int, str]:
    return (1 if isinstance(node, ast.ImportFrom) else 0, _module(node).lower())


def _wanted_key(wanted: Wanted) -> tuple[int, str]:
    return (1 if wanted.statement.startswith("from") else 0, wanted.module.lower())


def _is_future(node: Import) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def _first_import(tree: ast.Module, lines: list[str], wanted: Wanted) -> str:
    """Put the module's first import after its docstring and its `__future__` imports."""
    statement = wanted.statement.split("\n")
    opening = [each for each in tree.body[:1] if isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant)]
    kept: list[ast.stmt] = [*opening]
    kept += [each for each in tree.body if isinstance(each, Import) and _is_future(each)]
    line = max((each.end_lineno or 0 for each in kept), default=0)
    if line:
        lines[line:line] = ["", *statement]
    else:
        first = next((index for index, text in enumerate(lines) if not text.startswith("#")), 0)
        lines[first:first] = [*statement, ""] if lines[first].strip() else statement
    return "\n".join(lines)


def without_imports(text: str, names: Iterable[str]) -> str:
    """Drop those of `names` that a single import statement of the module binds and nothing reads any more."""
    for name in sorted(names):
        text = _without(text, name)
    return text


def _without(text: str, name: str) -> str:
    tree = parsed(text)
    if name in _mentioned(tree):
        return text
    found = [node for node in ast.walk(tree) if isinstance(node, Import) and name in map(_bound, node.names)]
    if len(found) != 1 or found[0] not in tree.body or not _is_plain(text, found[0]):
        return text
    node = found[0]
    rest = [alias for alias in node.names if _bound(alias) != name]
    if rest:
        spelled = [alias.name if alias.asname is None else f"{alias.name} as {alias.asname}" for alias in rest]
        if isinstance(node, ast.Import):
            return _replaced(text, node, f"import {', '.join(spelled)}")
        return _replaced(text, node, _from(_module(node), spelled, exploded=_is_exploded(text, node)))
    return _deleted(text, node)


def _deleted(text: str, node: ast.stmt) -> str:
    lines = text.split("\n")
    begin, end = node.lineno - 1, node.end_lineno or node.lineno
    before_blank = begin == 0 or not lines[begin - 1].strip()
    if before_blank and end < len(lines) and not lines[end].strip():
        end += 1
    del lines[begin:end]
    return "\n".join(lines)


def _bound(alias: ast.alias) -> str:
    return alias.asname or alias.name.partition(".")[0]


@lru_cache(maxsize=4)
def _mentioned(tree: ast.Module) -> set[str]:
    """Answer every name that is read, exported by `__all__`, or part of an annotation that is a string."""
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    for node in ast.walk(tree):
        match node:
            case (
                ast.Assign(targets=[ast.Name(id="__all__")], value=value)
                | ast.AugAssign(target=ast.Name(id="__all__"), value=value)
            ):
                names.update(_strings(value))
            case ast.arg(annotation=ast.expr() as value) | ast.AnnAssign(annotation=value):
                names.update(word for text in _strings(value) for word in re.findall(r"\w+", text))
            case ast.FunctionDef(returns=ast.expr() as value) | ast.AsyncFunctionDef(returns=ast.expr() as value):
                names.update(word for text in _strings(value) for word in re.findall(r"\w+", text))
            case _:
                continue
    return names


def _strings(value: ast.expr) -> list[str]:
    return [node.value for node in ast.walk(value) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
