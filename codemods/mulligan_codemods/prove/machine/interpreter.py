"""The whole interpreter of one side: statements, expressions, calls, and the policies that it imports.

Rules: a policy's module is evaluated once where that asks no world anything, else once in each. What it does to the
outside it does when it is imported, long before the code runs: that is refused.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mulligan_codemods.prove.machine.core import look
from mulligan_codemods.prove.machine.statements import Statements
from mulligan_codemods.prove.runtime.policies import PolicyValue
from mulligan_codemods.prove.texts.scopes import Module, Scope, read_module
from mulligan_codemods.prove.values.effects import Refused, Steps, Thrown
from mulligan_codemods.prove.values.functions import Frame, FunctionObject
from mulligan_codemods.prove.values.terms import Root, Value, stable_path
from mulligan_codemods.prove.worlds.world import World

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Interpreter", "Policies"]

_NO_NAMES = Scope(frozenset(), frozenset(), frozenset())


@dataclass(frozen=True, slots=True)
class Policies:
    """The modules of policies, by the name under which they are imported; `known` are those alike in every world."""

    texts: Mapping[str, str]
    known: dict[str, PolicyValue | None] = field(default_factory=dict[str, PolicyValue | None])


@dataclass(eq=False)
class Interpreter(Statements):
    """One side of a proof."""

    policies: Policies = field(default_factory=lambda: Policies({}))
    named: dict[str, PolicyValue] = field(default_factory=dict[str, PolicyValue])

    def known_value(self, value: Value, node: ast.AST) -> Value:
        """Return the policy that an imported name is, or the value itself."""
        path = stable_path(value)
        if path is not None and path.rpartition(".")[0] in self.policies.texts:
            return self.policy_of(value, node)
        return value

    def policy_of(self, value: Value, node: ast.AST) -> PolicyValue:
        """Return the policy that a value is, reading its module where it is imported."""
        value = look(value)
        if isinstance(value, PolicyValue):
            return value
        path = stable_path(value) or ""
        known = self._known(path, node) or self.named.get(path)
        if known is None:
            known = self.named[path] = self.read(path, node)
        return known

    def _known(self, path: str, node: ast.AST) -> PolicyValue | None:
        """Return a policy that is the same in every world."""
        known = self.policies.known
        if path not in known:
            blank = World((), frozenset())
            known[path] = None
            try:
                found = Interpreter(blank, self.is_new, policies=self.policies).read(path, node)
            except Thrown:
                return None
            if not blank.facts and not blank.applicable and _is_timeless(found):
                known[path] = found
        return known[path]

    def read(self, path: str, node: ast.AST) -> PolicyValue:
        """Evaluate the statement that defines a policy.

        Raises:
            Refused: where there is none, or more is done than that.
        """
        owner, _, name = path.rpartition(".")
        if owner not in self.policies.texts:
            raise Refused("ML405", f"the policy {path or 'given here'} is not known", node)
        module = read_module(self.policies.texts[owner], owner)
        binding = module.sole(name)
        for statement in module.tree.body:
            match statement:
                case (
                    ast.Assign(targets=[ast.Name() as target], value=value)
                    | ast.AnnAssign(target=ast.Name() as target, value=ast.expr() as value)
                ) if target is binding:
                    found = _at_import(self._module_level(module, value), node)
                    if isinstance(found, PolicyValue):
                        return found
                    raise Refused("ML405", "this policy is not known", node)
                case _:
                    pass
        raise Refused("ML405", f"{owner} does not define {name} plainly", node)

    def _module_level(self, module: Module, value: ast.expr) -> Steps[Value]:
        functions = {
            statement.name: statement
            for statement in module.tree.body
            if isinstance(statement, ast.FunctionDef) and module.sole(statement.name) is statement
        }
        frame = Frame(_NO_NAMES, module, None, {})
        for name, function in functions.items():
            frame.outer[name] = yield from self.make_function(function, frame)
        self.importing = True
        try:
            return (yield from self.evaluate(value, frame))
        finally:
            self.importing = False


def _at_import(steps: Steps[Value], node: ast.AST) -> Value:
    try:
        next(steps)
    except StopIteration as stop:
        found: Value = stop.value
        return found
    raise Refused("ML405", "the module of the policy does more than define it", node)


def _is_timeless(policy: PolicyValue) -> bool:
    """Tell whether nothing in a policy belongs to the moment or the world in which it was made."""
    parts = (*policy.classes, policy.on_error, policy.on_value)
    return all(part is None or _is_root(part) or _is_plain_function(part) for part in parts)


def _is_root(value: Value) -> bool:
    return isinstance(value, Root) and value.epoch is None


def _is_plain_function(value: Value) -> bool:
    if not isinstance(value, FunctionObject):
        return False
    functions = [value, *(outer for outer in value.frame.outer.values() if isinstance(outer, FunctionObject))]
    return not any(function.defaults or function.keyword_defaults for function in functions)
