"""The machine of one side at the beginning of the region: its frame, and the steps to run.

Rules: a variable bound before the region is an opaque term of its name; one that only the region binds is unbound.
Variables of enclosing functions are terms too, read anew each time where a `nonlocal` might rebind them.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mulligan_codemods.prove.machine.core import Arguments, Signal
from mulligan_codemods.prove.machine.interpreter import Interpreter, Policies
from mulligan_codemods.prove.texts.flow import live_at_marks
from mulligan_codemods.prove.texts.liveness import captured, loads
from mulligan_codemods.prove.texts.scopes import Module, Scope, bound_names, parameter_names, scope_of, walk_scope
from mulligan_codemods.prove.values.effects import Refused, Steps
from mulligan_codemods.prove.values.functions import Frame, FunctionObject
from mulligan_codemods.prove.values.terms import Root, Value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mulligan_codemods.prove.texts.region import Definition, Region
    from mulligan_codemods.prove.worlds.world import World

__all__ = ["Prepared", "Start", "prepare", "start"]


@dataclass(frozen=True, slots=True)
class Prepared:
    """What one side's machine begins with; the same in every world."""

    region: Region
    function: Definition | None
    body: Sequence[ast.stmt]
    is_new: bool
    module: Module
    scope: Scope
    variables: Mapping[str, Value]
    outer: Mapping[str, Value]
    shifting: frozenset[str]
    live: Mapping[int, frozenset[str]]

    def frame(self) -> Frame:
        """Return the frame at the region's beginning."""
        return Frame(
            self.scope,
            self.module,
            None,
            dict(self.variables),
            dict(self.outer),
            self.shifting,
            is_module=self.function is None,
            asynchronous=isinstance(self.function, ast.AsyncFunctionDef),
        )


@dataclass(frozen=True, slots=True)
class Start:
    """One side, ready to run."""

    machine: Interpreter
    frame: Frame
    steps: Steps[Signal | None]


def prepare(region: Region, module: Module, *, is_new: bool) -> Prepared:
    """Work out what one side begins with.

    Raises:
        Refused: where that can't be known.
    """
    function = region.new_function if is_new else region.function
    body = region.new if is_new else region.old
    if function is None:
        scope = Scope(frozenset(bound_names([*region.before, *body])), frozenset(), frozenset())
        live = live_at_marks(body, region.visible)
        return Prepared(region, None, body, is_new, module, scope, {}, {}, frozenset(), live)
    _refuse_shared(function, body)
    outer, shifting = _outer(region.outer, function)
    variables = _variables(function, region, module, body)
    live = _live(region, function, body)
    return Prepared(region, function, body, is_new, module, scope_of(function), variables, outer, shifting, live)


def _live(region: Region, function: Definition, body: Sequence[ast.stmt]) -> dict[int, frozenset[str]]:
    """Return what is of interest at the loops of the region, and at those of its local functions."""
    live = live_at_marks(body, region.visible | captured(function, body))
    for statement in body:
        for node in ast.walk(statement):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                live.update(live_at_marks(node.body, frozenset()))
    return live


def start(world: World, prepared: Prepared, policies: Policies) -> Start:
    """Begin one side in a world."""
    region, frame = prepared.region, prepared.frame()
    machine = Interpreter(world, prepared.is_new, policies=policies)
    if region.in_handler:
        machine.handling.append(Root("local", "<the exception being handled>"))
    if region.decorator is not None and prepared.function is not None:
        return Start(machine, frame, _whole(machine, region, prepared.function, frame, is_new=prepared.is_new))
    return Start(machine, frame, _steps(machine, [*region.before, *prepared.body], frame))


def _steps(machine: Interpreter, body: Sequence[ast.stmt], frame: Frame) -> Steps[Signal | None]:
    return (yield from machine.block(body, frame))


def _variables(function: Definition, region: Region, module: Module, body: Sequence[ast.stmt]) -> dict[str, Value]:
    others = _around(function, set(map(id, body)), in_loop=region.in_loop, body=body)
    names = set(parameter_names(function.args)) | bound_names(others)
    if region.in_loop:
        names |= bound_names(body)
    bound = names & scope_of(function).bound & (loads([*region.before, *body]) | bound_names(body) | region.visible)
    return {name: _imported(function, module, name) or Root("local", name) for name in sorted(bound)}


def _around(function: Definition, inside: set[int], *, in_loop: bool, body: Sequence[ast.stmt]) -> Sequence[ast.AST]:
    """Return the simple nodes outside the region that may run before it."""
    first = min((statement.lineno for statement in body), default=function.end_lineno or 0)
    found: list[ast.AST] = []
    stack: list[ast.AST] = list(function.body)
    while stack:
        node = stack.pop()
        if id(node) in inside:
            continue
        children = [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.stmt | ast.ExceptHandler)]
        if children and not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            stack.extend(children)
            found.extend(_headers(node))
        elif in_loop or getattr(node, "lineno", 0) < first or not body:
            found.append(node)
    return found


def _headers(node: ast.AST) -> list[ast.AST]:
    found: list[ast.AST] = [
        child for child in ast.iter_child_nodes(node) if not isinstance(child, ast.stmt | ast.ExceptHandler)
    ]
    return found


def _imported(function: Definition, module: Module, name: str) -> Root | None:
    """Return the origin of a local name that one import statement of the function binds."""
    statements = [node for node in walk_scope(function.body) if isinstance(node, ast.stmt)]
    imports: list[ast.stmt] = [
        node for node in statements if isinstance(node, ast.Import | ast.ImportFrom) and name in bound_names([node])
    ]
    if not imports or name in parameter_names(function.args):
        return None
    nodes = [node for node in statements if name in bound_names([node])]
    if any(node not in imports and not any(_contains(node, inner) for inner in imports) for node in nodes):
        return None
    bindings: dict[str, list[ast.AST]] = {name: [*imports]}
    local = Module(ast.Module(imports, []), bindings, frozenset(), module.name, module.package)
    origin = local.origin(name)
    return None if origin is None else Root("import", origin)


def _contains(node: ast.AST, inner: ast.AST) -> bool:
    return any(child is inner for child in ast.walk(node))


def _refuse_shared(function: Definition, body: Sequence[ast.stmt]) -> None:
    """Refuse variables of the region that a nested function outside it may rebind.

    Raises:
        Refused: where there is one.
    """
    inside = {id(node) for statement in body for node in ast.walk(statement)}
    for node in ast.walk(function):
        if isinstance(node, ast.Nonlocal) and id(node) not in inside and node not in function.body:
            raise Refused("ML407", f"a nested function rebinds {node.names[0]}", node)


def _outer(functions: Sequence[ast.AST], innermost: Definition) -> tuple[dict[str, Value], frozenset[str]]:
    names: dict[str, Value] = {}
    shifting: set[str] = set()
    for place, function in enumerate(functions):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        names.update({name: Root("local", name) for name in scope_of(function).bound})
        inner = functions[place + 1] if place + 1 < len(functions) else innermost
        for node in ast.walk(function):
            if isinstance(node, ast.Nonlocal):
                shifting.update(node.names)
        shifting.update(_bound_later(function, inner))
    return names, frozenset(shifting)


def _bound_later(function: ast.FunctionDef | ast.AsyncFunctionDef, inner: ast.AST) -> set[str]:
    """Return the variables that an enclosing function may bind after it made the inner one."""
    loops = [node for node in ast.walk(function) if isinstance(node, ast.For | ast.AsyncFor | ast.While)]
    end = 0 if any(_contains(loop, inner) for loop in loops) else getattr(inner, "end_lineno", 0)
    return {name for node in walk_scope(function.body) if getattr(node, "lineno", 0) > end for name in _stored(node)}


def _stored(node: ast.AST) -> set[str]:
    return bound_names([node]) if isinstance(node, ast.stmt | ast.Name | ast.ExceptHandler) else set()


def _whole(
    machine: Interpreter, region: Region, function: Definition, frame: Frame, *, is_new: bool
) -> Steps[Signal | None]:
    """Call the whole function, on the new side under its decorator."""
    outside = Frame(
        Scope(frozenset(), frozenset(), frozenset()),
        frame.module,
        None,
        {},
        frame.outer,
        frame.shifting,
        asynchronous=frame.asynchronous,
    )
    _refuse_splats(function)
    operands = [("", Root("local", name)) for name in _positional(function)]
    operands.extend((argument.arg, Root("local", argument.arg)) for argument in function.args.kwonlyargs)
    target = FunctionObject(function, outside, (), {}, splats=_splats(function))
    callee: Value = target
    if is_new and region.decorator is not None:
        decorator = yield from machine.evaluate(region.decorator, outside)
        callee = yield from machine.call(decorator, Arguments((("", target),)), region.decorator)
    value = yield from machine.call(callee, Arguments(tuple(operands)), function)
    if isinstance(function, ast.AsyncFunctionDef):
        value = yield from machine.await_value(value, function)
    return Signal("return", value)


def _positional(function: Definition) -> list[str]:
    return [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]


def _splats(function: Definition) -> dict[str, Value]:
    splats = [splat for splat in (function.args.vararg, function.args.kwarg) if splat is not None]
    return {splat.arg: Root("local", splat.arg) for splat in splats}


def _refuse_splats(function: Definition) -> None:
    """Refuse a function that does more with its `**kwargs` than pass them on: each attempt gets a fresh dict.

    Raises:
        Refused: where it does.
    """
    if function.args.kwarg is None:
        return
    name = function.args.kwarg.arg
    passed = {
        id(key.value)
        for node in ast.walk(function)
        if isinstance(node, ast.Call)
        for key in node.keywords
        if key.arg is None
    }
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and node.id == name and id(node) not in passed:
            raise Refused("ML407", f"the function keeps or changes its {name}", node)
