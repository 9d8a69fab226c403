"""Where the two texts differ: the smallest changed range of sibling statements, and what stands around it.

Rules: nothing is taken from the emitter. Everything outside the range must be the same in both texts, apart from
imports that the rewrite adds or no longer needs; a name that both sides read must be bound the same in both.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mulligan_codemods.prove.texts.liveness import captured, loads, read_after, reads_around
from mulligan_codemods.prove.texts.nodes import blocks, header, is_import, named
from mulligan_codemods.prove.texts.scopes import Module, bound_names, scope_of, walk_scope
from mulligan_codemods.prove.texts.unchanged import check_unchanged
from mulligan_codemods.prove.values.effects import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Region", "find_region"]

Definition = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Region:
    """The changed statements of both sides.

    `decorator` is the added `@retry(...)`; then the statements are the two whole bodies. `visible` are the names that
    code outside reads. `tail` tells that falling out of the range ends the function. `before` are the simple
    assignments that lead to it, run on both sides.
    """

    old: Sequence[ast.stmt]
    new: Sequence[ast.stmt]
    function: Definition | None
    new_function: Definition | None
    outer: Sequence[ast.AST]
    visible: frozenset[str]
    tail: bool
    decorator: ast.expr | None = None
    before: Sequence[ast.stmt] = field(default=())
    in_handler: bool = False
    guarded: bool = False
    in_loop: bool = False
    unread: frozenset[str] = frozenset()


def find_region(old: Module, new: Module, qualname: str) -> Region | None:
    """Find what changed in one function, or at module level; `None` where nothing did.

    Raises:
        Refused: where the texts differ in a way that is not a rewrite of this function.
    """
    check_unchanged(old, new, qualname)
    if qualname in {"", "<module>"}:
        return _module_region(old, new)
    first, outer = _definition(old.tree, qualname)
    second, _ = _definition(new.tree, qualname)
    if type(first) is not type(second) or ast.dump(first.args) != ast.dump(second.args):
        raise Refused("ML406", "the function's signature changed", second)
    decorator = _added_decorator(first, second)
    if decorator is not None:
        return Region(first.body, second.body, first, second, outer, frozenset(), True, decorator)
    return _changed(first, second, outer)


def _definition(tree: ast.Module, qualname: str) -> tuple[Definition, list[ast.AST]]:
    body: Sequence[ast.AST] = tree.body
    outer: list[ast.AST] = []
    found: ast.AST | None = None
    for part in qualname.replace(".<locals>", "").split("."):
        matches = [node for node in walk_scope(body) if named(node) == part]
        if len(matches) != 1:
            raise Refused("ML406", f"{qualname} is defined {len(matches)} times")
        found = matches[0]
        outer.append(found)
        body = found.body if isinstance(found, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) else []
    if not isinstance(found, ast.FunctionDef | ast.AsyncFunctionDef):
        raise Refused("ML406", f"{qualname} is not a function")
    return found, outer[:-1]


def _added_decorator(old: Definition, new: Definition) -> ast.expr | None:
    before = [ast.dump(node) for node in old.decorator_list]
    after = [ast.dump(node) for node in new.decorator_list]
    if before == after:
        return None
    if after[:-1] == before:
        return new.decorator_list[-1]
    raise Refused("ML406", "the decorator must be the innermost one, and the others unchanged", new)


def _changed(old: Definition, new: Definition, outer: Sequence[ast.AST]) -> Region | None:
    path = _descend(old.body, new.body, tail=True)
    if path is None:
        return None
    _check_scopes(old, new, reads_around(old, path.old) | reads_around(new, path.new))
    if path.in_loop:
        names = reads_around(old, path.old) | reads_around(new, path.new) | loads(path.old) | loads(path.new)
        names -= scope_of(old).bound ^ scope_of(new).bound  # a variable of one side alone begins as anything
    else:
        names = read_after(old, path.old) | read_after(new, path.new)
    names |= _declared(old) | _declared(new)
    kept = captured(old, path.old) | captured(new, path.new)
    guarded = path.guarded or bool(kept & (bound_names(path.old) | bound_names(path.new)))
    return Region(
        path.old,
        path.new,
        old,
        new,
        outer,
        frozenset(names),
        path.tail,
        None,
        _leading(path),
        path.in_handler,
        guarded,
        path.in_loop,
    )


def _module_region(old: Module, new: Module) -> Region | None:
    first = [node for node in old.tree.body if not is_import(node)]
    second = [node for node in new.tree.body if not is_import(node)]
    path = _descend(first, second, tail=False)
    if path is None:
        return None
    bound = bound_names(path.old) | bound_names(path.new)
    read = _read_elsewhere(old, path.old) | _read_elsewhere(new, path.new)
    return Region(
        path.old,
        path.new,
        None,
        None,
        (),
        frozenset(bound),
        tail=False,
        before=_leading(path),
        unread=frozenset(bound - read),
    )


def _read_elsewhere(module: Module, region: Sequence[ast.stmt]) -> set[str]:
    """Return the names and texts that stand anywhere outside the range: `__all__` holds texts."""
    inside = set(map(id, region))
    found: set[str] = set()
    for statement in module.tree.body:
        if id(statement) in inside:
            continue
        for node in ast.walk(statement):
            match node:
                case ast.Name(id=name) | ast.Constant(value=str(name)):
                    found.add(name)
                case ast.Global(names=names):
                    found.update(names)
                case _:
                    pass
    return found


@dataclass(frozen=True, slots=True)
class _Path:
    old: Sequence[ast.stmt]
    new: Sequence[ast.stmt]
    block: Sequence[ast.stmt]
    start: int
    tail: bool
    in_loop: bool = False
    in_handler: bool = False
    guarded: bool = False


def _descend(
    old: Sequence[ast.stmt], new: Sequence[ast.stmt], *, tail: bool, around: frozenset[str] = frozenset()
) -> _Path | None:
    first, second = [ast.dump(node) for node in old], [ast.dump(node) for node in new]
    if first == second:
        return None
    start = 0
    while start < min(len(first), len(second)) and first[start] == second[start]:
        start += 1
    end = 0
    while end < min(len(first), len(second)) - start and first[-1 - end] == second[-1 - end]:
        end += 1
    changed_old, changed_new = old[start : len(old) - end], new[start : len(new) - end]
    tail = tail and end == 0
    if len(changed_old) == len(changed_new) == 1:
        inner = _inside(changed_old[0], changed_new[0], tail=tail, around=around)
        if inner is not None:
            return inner
    return _Path(changed_old, changed_new, old, start, tail, "loop" in around, "handler" in around, "try" in around)


def _inside(old: ast.stmt, new: ast.stmt, *, tail: bool, around: frozenset[str]) -> _Path | None:
    if type(old) is not type(new) or isinstance(old, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return None
    before, after = blocks(old), blocks(new)
    changed = [place for place in before if _dumps(before[place]) != _dumps(after.get(place, []))]
    if len(changed) != 1 or set(before) != set(after) or header(old) != header(new):
        return None
    place = changed[0]
    found = set(around)
    if isinstance(old, ast.For | ast.AsyncFor | ast.While):
        found.add("loop")
    if isinstance(old, ast.Try | ast.With | ast.AsyncWith):
        found.add("try")
    if place.startswith("handler"):
        found.add("handler")
    keeps_tail = tail and isinstance(old, ast.If)
    return _descend(before[place], after[place], tail=keeps_tail, around=frozenset(found))


def _dumps(nodes: Sequence[ast.stmt]) -> list[str]:
    return [ast.dump(node) for node in nodes]


def _check_scopes(old: Definition, new: Definition, names: set[str]) -> None:
    """Refuse a rewrite that turns a name that is read outside the range into another scope's.

    Raises:
        Refused: where that happens.
    """
    changed = (scope_of(old).bound ^ scope_of(new).bound) & names
    if changed:
        raise Refused("ML406", f"the scope of {min(changed)} changes, and code around reads it", new)


def _declared(function: Definition) -> set[str]:
    scope = scope_of(function)
    return set(scope.globals | scope.nonlocals)


def _leading(path: _Path) -> list[ast.stmt]:
    """Return the plain assignments before the range whose names nothing rebinds in between."""
    found: list[ast.stmt] = []
    rebound: set[str] = set()
    for statement in reversed(path.block[: path.start]):
        target = _plain_target(statement)
        value = getattr(statement, "value", None)
        reads = loads([value]) if isinstance(value, ast.expr) else set[str]()
        if target is not None and target not in rebound and not reads & rebound:
            found.insert(0, statement)
        rebound |= bound_names([statement])
    return found


def _plain_target(statement: ast.stmt) -> str | None:
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=value) if _is_plain(value):
            return name
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value) if _is_plain(value):
            return name
        case _:
            return None


def _is_plain(node: ast.expr) -> bool:
    match node:
        case ast.Constant() | ast.Name():
            return True
        case ast.UnaryOp(operand=operand):
            return _is_plain(operand)
        case ast.BinOp(left=left, right=right):
            return _is_plain(left) and _is_plain(right)
        case _:
            return False
