# ruff: noqa: PLR0911 - a dispatch by match answers in each of its cases
"""The public functions of mulligan, as the rewritten code calls them, and the objects that they answer."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from mulligan_codemods.prove.runtime.attempts import AttemptsValue
from mulligan_codemods.prove.runtime.base import Callable_, RuntimeValue
from mulligan_codemods.prove.runtime.execution import begun, run_execution
from mulligan_codemods.prove.runtime.policies import SCHEDULES, PolicyValue, make_policy, make_schedule
from mulligan_codemods.prove.values.effects import Refused, Steps
from mulligan_codemods.prove.values.functions import FunctionObject
from mulligan_codemods.prove.values.terms import NONE, Value

if TYPE_CHECKING:
    from mulligan_codemods.prove.machine.calls import Calls
    from mulligan_codemods.prove.machine.core import Arguments

__all__ = ["public_function"]

_FUNCTIONS = SCHEDULES | {"Policy", "execute", "execute_async", "Execution", "attempts", "retry"}


@cache
def public_function(path: str) -> MulliganFunction | None:
    """Return the public function of mulligan that has this path."""
    if path == "mulligan.config.define":
        return MulliganFunction("define")
    owner, _, name = path.partition(".")
    return MulliganFunction(name) if owner == "mulligan" and name in _FUNCTIONS else None


@dataclass(frozen=True, slots=True)
class MulliganFunction(Callable_):
    """A public function of mulligan."""

    name: str

    def call(self, machine: Calls, arguments: Arguments, node: ast.AST) -> Steps[Value]:
        """Do what the function does."""
        match self.name:
            case "Policy":
                return make_policy(machine, arguments, node)
            case "define":
                return arguments.positional[0]
            case "execute" | "execute_async":
                return (yield from _execute(machine, arguments, node, asynchronous=self.name == "execute_async"))
            case "Execution":
                return _execution(machine, arguments, node)
            case "attempts":
                return AttemptsValue(machine.policy_of(_first(arguments, node), node))
            case "retry":
                return RetryDecorator(machine.policy_of(_first(arguments, node), node))
            case _:
                return make_schedule(machine, self.name, arguments, node)


def _first(arguments: Arguments, node: ast.AST) -> Value:
    if len(arguments.operands) != 1 or arguments.operands[0][0] != "":
        raise Refused("ML401", "these arguments are not interpreted", node)
    return arguments.operands[0][1]


def _execute(machine: Calls, arguments: Arguments, node: ast.AST, *, asynchronous: bool) -> Steps[Value]:
    match arguments.operands:
        case (("", policy), ("", function), *_):
            found = machine.policy_of(policy, node)
            call = ExecuteCall(found, NONE, function, arguments.after(2), asynchronous)
            return call if asynchronous else (yield from call.run(machine, node))
        case _:
            raise Refused("ML401", "this call of execute is not interpreted", node)


def _execution(machine: Calls, arguments: Arguments, node: ast.AST) -> Value:
    match arguments.operands:
        case (("", policy), *_) if len(arguments.positional) == 1 and arguments.keywords.keys() <= {"on_retry", "seed"}:
            found = machine.policy_of(policy, node)
            return ExecutionValue(found, arguments.keywords.get("on_retry", NONE))
        case _:
            raise Refused("ML401", "these arguments of Execution are not interpreted", node)


@dataclass(frozen=True, slots=True)
class ExecuteCall(Callable_):
    """A call of `execute_async` or `run_async`, which runs when it is awaited."""

    policy: PolicyValue
    on_retry: Value
    function: Value
    arguments: Arguments
    asynchronous: bool

    def run(self, machine: Calls, node: ast.AST) -> Steps[Value]:
        """Run the execution."""
        run = begun(machine, self.policy, self.on_retry, node, asynchronous=self.asynchronous)
        return (yield from run_execution(machine, run, self.function, self.arguments, node))

    def awaited(self, machine: Calls, node: ast.AST) -> Steps[Value]:
        """Await it."""
        return (yield from self.run(machine, node))


@dataclass(frozen=True, slots=True)
class ExecutionValue(RuntimeValue):
    """An `Execution` that did not run yet."""

    policy: PolicyValue
    on_retry: Value

    def attribute(self, name: str, node: ast.AST) -> Value:
        """Return `run` or `run_async`."""
        if name in {"run", "run_async", "attempts"}:
            return ExecutionMethod(self, name)
        raise Refused("ML401", f"Execution.{name} is not interpreted", node)


@dataclass(frozen=True, slots=True)
class ExecutionMethod(Callable_):
    """`Execution(...).run`, `.run_async` or `.attempts`."""

    owner: ExecutionValue
    name: str

    def call(self, machine: Calls, arguments: Arguments, node: ast.AST) -> Steps[Value]:
        """Run it, or make what runs when it is awaited."""
        asynchronous = self.name == "run_async"
        match arguments.operands:
            case () if self.name == "attempts":
                return AttemptsValue(self.owner.policy, self.owner.on_retry)
            case (("", function), *_) if self.name != "attempts":
                given = arguments.after(1)
                call = ExecuteCall(self.owner.policy, self.owner.on_retry, function, given, asynchronous)
                return call if asynchronous else (yield from call.run(machine, node))
            case _:
                raise Refused("ML401", "this call of run is not interpreted", node)


@dataclass(frozen=True, slots=True)
class RetryDecorator(Callable_):
    """`retry(POLICY)`, to be applied to a function."""

    policy: PolicyValue

    def call(self, machine: Calls, arguments: Arguments, node: ast.AST) -> Steps[Value]:
        """Decorate a function."""
        yield from ()
        del machine
        function = _first(arguments, node)
        if not isinstance(function, FunctionObject):
            raise Refused("ML401", "only a local function can be decorated here", node)
        return Decorated(self.policy, function)


@dataclass(frozen=True, slots=True)
class Decorated(Callable_):
    """A function under `@retry(POLICY)`."""

    policy: PolicyValue
    function: FunctionObject

    def call(self, machine: Calls, arguments: Arguments, node: ast.AST) -> Steps[Value]:
        """Call it with retries, or make what runs when it is awaited."""
        asynchronous = isinstance(self.function.node, ast.AsyncFunctionDef)
        call = ExecuteCall(self.policy, NONE, self.function, arguments, asynchronous)
        return call if asynchronous else (yield from call.run(machine, node))
