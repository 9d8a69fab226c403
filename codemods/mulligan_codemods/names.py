"""What the names of a module stand for: its imports, its definitions, its literal constants.

Rules: a name is resolved only when every binding that could reach it agrees (`try: from gevent import sleep` with
`except ImportError: from time import sleep` resolves to neither); a name that a function binds hides the module's.
Nothing is imported and nothing is executed.
"""

from __future__ import annotations

import ast
import builtins
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

__all__ = [
    "EXECUTORS",
    "Binding",
    "Function",
    "Imported",
    "Literal",
    "Names",
    "Other",
    "blocks_of",
    "bound_names",
    "dotted",
    "free_names",
    "literal_number",
    "module_names",
    "names_in",
    "names_of",
    "own_nodes",
    "read_names",
    "statements_of",
]

Function = ast.FunctionDef | ast.AsyncFunctionDef
Scope = Function | ast.ClassDef | ast.Lambda
Number = int | float

EXECUTORS = frozenset(
    {"Execution", "attempts", "execute", "execute_async", "retry", "try_execute", "try_execute_async"}
)
"""What a site calls with its policy, in the module `mulligan`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """A name bound by one import statement at the level of its module or function.

    Args:
        path: what it stands for, such as `time.sleep`; relative imports keep their leading dots.
        module: the module that the statement names (`time`), with leading dots where it is relative.
        attribute: the name taken from the module; `None` for `import module`.
        certain: whether the statement always runs (not under `if` or `try`).
    """

    path: str
    module: str
    attribute: str | None
    line: int
    certain: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Literal:
    """A name bound once to a number."""

    value: Number
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """A name bound in any other way: a definition, an assignment, several bindings that disagree."""

    line: int
    defined: bool


Binding = Imported | Literal | Other


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The names of one scope chain: a module's, and on top of it those of a function."""

    module: Mapping[str, Binding]
    local: Mapping[str, Binding]

    def binding(self, name: str) -> Binding | None:
        """Answer what binds `name`, the function's own bindings first."""
        return self.local.get(name) or self.module.get(name)

    def resolve(self, expression: ast.expr) -> str | None:
        """Answer the dotted name that an expression stands for, such as `time.sleep`; `None` where it isn't known."""
        path = dotted(expression)
        if path is None:
            return None
        root, _, rest = path.partition(".")
        match self.binding(root):
            case Imported(path=found):
                return f"{found}.{rest}" if rest else found
            case None if not rest and hasattr(builtins, root):
                return f"builtins.{root}"
            case _:
                return None

    def number(self, name: str) -> Number | None:
        """Answer the number that `name` is bound to once and for all, if it is."""
        match self.binding(name):
            case Literal(value=value):
                return value
            case _:
                return None


def blocks_of(node: ast.AST) -> Iterator[list[ast.stmt | ast.excepthandler | ast.match_case]]:
    """Yield the blocks directly below a node: its statements, its handlers, its cases."""
    for name in ("body", "orelse", "finalbody", "handlers", "cases"):
        block = getattr(node, name, None)
        if isinstance(block, list):
            yield [each for each in block if isinstance(each, ast.stmt | ast.excepthandler | ast.match_case)]  # pyright: ignore[reportUnknownVariableType] -- ast fields are untyped


def dotted(expression: ast.expr) -> str | None:
    """Answer `a.b.c` for a chain of attributes on a name, `None` for anything else.

    >>> dotted(ast.parse("requests.exceptions.Timeout", mode="eval").body)
    'requests.exceptions.Timeout'
    """
    match expression:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=attribute):
            base = dotted(value)
            return None if base is None else f"{base}.{attribute}"
        case _:
            return None


@lru_cache(maxsize=8)
def module_names(tree: ast.Module) -> Mapping[str, Binding]:
    """Answer the bindings at the level of a module; names that functions declare global are never literal."""
    rebound = {name for node in statements_of(tree) if isinstance(node, ast.Global) for name in node.names}
    return {
        name: Other(line=found.line, defined=False) if name in rebound and isinstance(found, Literal) else found
        for name, found in _bindings(tree).items()
    }


def statements_of(tree: ast.Module) -> Iterator[ast.AST]:
    """Yield every statement of a module, with handlers and match cases: much faster than a walk over all nodes."""
    stack: list[ast.AST] = [tree]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(each for each in ast.iter_child_nodes(node) if not isinstance(each, ast.expr))


def names_of(tree: ast.Module, functions: Iterable[Function]) -> Names:
    """Answer the names that code in nested `functions` sees, the outermost first (none: at the module's level)."""
    local: dict[str, Binding] = {}
    for function in functions:
        local |= _bindings(function)
    return Names(module=module_names(tree), local=local)


def _bindings(scope: ast.Module | Function) -> dict[str, Binding]:
    found: dict[str, Binding] = {}
    if not isinstance(scope, ast.Module):
        for argument in _arguments(scope.args):
            found[argument] = Other(line=scope.lineno, defined=False)
    for node, certain in _scope_nodes(scope.body, certain=True):
        for name, binding in _bound_by(node, certain=certain):
            found[name] = _agreed(found[name], binding) if name in found else binding
    return found


def _agreed(first: Binding, second: Binding) -> Binding:
    match first, second:
        case Imported(path=one), Imported(path=two) if one == two:
            return first
        case _:
            return Other(line=second.line, defined=False)


def _bound_by(node: ast.AST, *, certain: bool) -> Iterator[tuple[str, Binding]]:
    match node:
        case ast.Import(names=names):
            for alias in names:
                path = alias.name if alias.asname else alias.name.partition(".")[0]
                bound = Imported(path=path, module=alias.name, attribute=None, line=node.lineno, certain=certain)
                yield alias.asname or path, bound
        case ast.ImportFrom(module=module, names=names, level=level):
            origin = "." * level + (module or "")
            for alias in names:
                path = f"{origin}.{alias.name}" if module else f"{origin}{alias.name}"
                bound = Imported(path=path, module=origin, attribute=alias.name, line=node.lineno, certain=certain)
                yield alias.asname or alias.name, bound
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name, Other(line=node.lineno, defined=certain)
        case (
            ast.Assign(targets=[ast.Name(id=name)], value=ast.expr() as value)
            | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
        ) if certain and (number := literal_number(value)) is not None:
            yield name, Literal(value=number, line=node.lineno)
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
            yield name, Other(line=node.lineno, defined=certain)
        case (
            ast.ExceptHandler(name=str() as name) | ast.MatchAs(name=str() as name) | ast.MatchStar(name=str() as name)
        ):
            yield name, Other(line=node.lineno, defined=False)
        case _:
            return


def literal_number(expression: ast.expr) -> Number | None:
    """Answer the value of a numeric literal, with its sign; `None` for anything else."""
    match expression:
        case ast.Constant(value=bool()):
            return None
        case ast.Constant(value=int() | float() as value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            number = literal_number(operand)
            return None if number is None else -number
        case _:
            return None


def _scope_nodes(body: Iterable[ast.AST], *, certain: bool) -> Iterator[tuple[ast.AST, bool]]:
    """Yield the nodes of a scope in the order of the text, each with whether it always runs, once."""
    for node in body:
        yield node, certain
        if isinstance(node, Function | ast.ClassDef):
            outside: list[ast.AST] = [*node.decorator_list]
            yield from _scope_nodes(outside, certain=certain)
        elif isinstance(node, ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp) or (
            isinstance(node, ast.Assign | ast.AnnAssign) and _is_literal(node) and certain
        ):
            continue
        else:
            always = certain and not isinstance(node, ast.If | ast.Try | ast.TryStar | ast.For | ast.While | ast.Match)
            yield from _scope_nodes(ast.iter_child_nodes(node), certain=always)


def _is_literal(node: ast.Assign | ast.AnnAssign) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    value = node.value
    return (
        len(targets) == 1
        and isinstance(targets[0], ast.Name)
        and value is not None
        and literal_number(value) is not None
    )


def _arguments(arguments: ast.arguments) -> Iterator[str]:
    for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
        yield argument.arg
    for rest in (arguments.vararg, arguments.kwarg):
        if rest is not None:
            yield rest.arg


def own_nodes(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Yield the nodes that run with `nodes` themselves: not the bodies of functions and classes inside."""
    stack = list(nodes)[::-1]
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, Function | ast.ClassDef | ast.Lambda):
            stack.extend([*ast.iter_child_nodes(node)][::-1])


def bound_names(nodes: Iterable[ast.AST]) -> frozenset[str]:
    """Answer the names that these statements bind in their own scope."""
    return frozenset(name for node, _ in _scope_nodes(nodes, certain=True) for name, _ in _bound_by(node, certain=True))


def read_names(nodes: Iterable[ast.AST]) -> frozenset[str]:
    """Answer every name that is read anywhere below `nodes`, functions inside included."""
    return frozenset(
        node.id
        for each in nodes
        for node in ast.walk(each)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load | ast.Del)
    )


def free_names(text: str, among: Collection[str]) -> Iterator[str]:
    """Yield those of some names that a piece of code reads and does not bind itself, in the order of the text."""
    code = text.replace("\0", "")
    try:
        tree = ast.parse(code)
    except SyntaxError:  # an expression over several lines, which stands in brackets
        tree = ast.parse(f"({code}\n)")
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    bound = bound_names(tree.body) | {node.id for node in nodes if not isinstance(node.ctx, ast.Load)}
    read = sorted((node for node in nodes if node.id not in bound), key=lambda node: (node.lineno, node.col_offset))
    yield from dict.fromkeys(node.id for node in read if node.id in among)


def names_in(text: str) -> Collection[str]:
    """Answer the names of a piece of code; its words, where it can't be parsed alone."""
    try:
        return {node.id for node in ast.walk(ast.parse(text.replace("\0", ""))) if isinstance(node, ast.Name)}
    except SyntaxError:
        return re.findall(r"\w+", text)
