"""Policies of the rewritten code as real values: read from their module's text, built by mulligan itself.

Rules: a policies module is interpreted, never imported. Its arguments may be literals, names of exception classes,
mulligan's own schedules and jitters, and predicates. What mulligan refuses is thrown as its ConfigError.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import mulligan
from mulligan import errors
from mulligan.policy import UNLIMITED, Policy
from mulligan.schedules import BaseSchedule
from mulligan.schedules.flat import Constant as Flat
from mulligan.schedules.growing import Exponential, Fibonacci, Linear
from mulligan_codemods.prove.machine import operators
from mulligan_codemods.prove.machine.core import Arguments, look, thrown
from mulligan_codemods.prove.runtime.base import Callable_, RuntimeValue
from mulligan_codemods.prove.runtime.standins import stand_in_class
from mulligan_codemods.prove.values.effects import Refused, Steps, Thrown
from mulligan_codemods.prove.values.exceptions import class_atom, is_class_name
from mulligan_codemods.prove.values.functions import FunctionObject
from mulligan_codemods.prove.values.terms import (
    Attr,
    Constant,
    ListObject,
    Root,
    Term,
    TupleValue,
    Value,
    path_text,
)
from mulligan_codemods.prove.worlds.world import Key

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable

    from mulligan_codemods.prove.machine.calls import Calls

__all__ = ["SCHEDULES", "PolicyValue", "make_policy", "make_schedule"]

SCHEDULES = frozenset(
    {"constant", "linear", "exponential", "fibonacci", "decorrelated", "from_delays", "no_delay", "max_of", "min_of",
     "full_jitter", "equal_jitter", "proportional_jitter", "additive_jitter"}
)  # fmt: skip
_CONTROL = frozenset({"BaseException", "KeyboardInterrupt", "SystemExit", "GeneratorExit", "asyncio.CancelledError"})


@dataclass(frozen=True, slots=True)
class MadeValue(RuntimeValue):
    """A real schedule or jitter."""

    made: object

    def state(self) -> tuple[object, ...]:
        """Return its notation."""
        return (repr(self.made),)

    def attribute(self, name: str, node: ast.AST) -> Value:
        """Return a method of the schedule."""
        if isinstance(self.made, BaseSchedule) and name in {"jittered", "take", "then", "capped", "within"}:
            return MethodValue(self, name)
        raise Refused("ML401", f"the attribute {name} of a schedule is not interpreted", node)


@dataclass(frozen=True, slots=True)
class MethodValue(Callable_):
    """A method of a real schedule or policy."""

    owner: MadeValue | PolicyValue
    name: str

    def call(self, machine: Calls, arguments: Arguments, node: ast.AST) -> Steps[Value]:
        """Call the real method."""
        yield from ()
        if isinstance(self.owner, PolicyValue):
            return make_policy(machine, arguments, node, base=self.owner)
        return made(machine, getattr(self.owner.made, self.name), arguments, node)


@dataclass(frozen=True, slots=True)
class PolicyValue(RuntimeValue):
    """A real policy; interpreted predicates stand beside it."""

    policy: Policy[object]
    classes: frozenset[Value]
    on_error: Value | None
    on_value: Value | None

    def state(self) -> tuple[object, ...]:
        """Return what tells policies apart."""
        shown = self.policy.replace(retry_on=(Exception,), retry_if=None)
        return (repr(shown), self.classes, self.on_error, self.on_value)

    def attribute(self, name: str, node: ast.AST) -> Value:
        """Return `replace`."""
        if name == "replace":
            return MethodValue(self, name)
        raise Refused("ML401", f"the attribute {name} of a policy is not interpreted", node)

    def judging(self, *, error_holds: bool = False, value_holds: bool = False) -> Policy[object]:
        """Return the policy with its predicates' answers put in."""
        policy = self.policy
        if self.on_error is not None:
            policy = policy.replace(retry_on=lambda _: error_holds)
        if self.on_value is not None:
            policy = policy.replace(retry_if=lambda _: value_holds)
        return policy

    def is_endless(self, attempt: int) -> bool:
        """Tell whether, from this attempt on, neither a limit nor the delay depends on the attempt's number."""
        limits = (self.policy.max_attempts, self.policy.timeout, self.policy.stop_after)
        return limits == (UNLIMITED, None, None) and _is_flat(self.policy.schedule, attempt)


def _is_flat(schedule: object, attempt: int) -> bool:
    """Tell whether every delay from this one on is the same; a schedule that only grows has that at its cap."""
    match schedule:
        case Flat():
            return True
        case Exponential(factor=factor) if factor < 1:
            return False
        case Exponential(cap=cap) | Linear(cap=cap) | Fibonacci(cap=cap):
            return schedule.delay(attempt, 0, None) == cap
        case _:
            return False


def make_schedule(machine: Calls, name: str, arguments: Arguments, node: ast.AST) -> Value:
    """Build a real schedule or jitter."""
    return made(machine, getattr(mulligan, name), arguments, node)


def made(machine: Calls, maker: Callable[..., object], arguments: Arguments, node: ast.AST) -> Value:
    """Call a real maker on converted arguments.

    Raises:
        Thrown: ConfigError or TypeError, as the maker raises it.
    """
    positional = [converted(machine, value, node) for value in arguments.positional]
    keywords = {name: converted(machine, value, node) for name, value in arguments.keywords.items()}
    try:
        return MadeValue(maker(*positional, **keywords))
    except errors.ConfigError as error:
        raise thrown("mulligan.ConfigError", str(error)) from None
    except TypeError as error:
        raise thrown("TypeError", str(error)) from None


def converted(machine: Calls, value: Value, node: ast.AST) -> object:
    """Turn an interpreted argument into a real one; opaque numbers are drawn."""
    value = operators.settled(machine.world, look(value))
    match value:
        case Constant(value=found):
            return found
        case MadeValue(made=found):
            return found
        case TupleValue(items=items):
            return tuple(converted(machine, item, node) for item in items)
        case ListObject(items=listed):
            return [converted(machine, item, node) for item in listed]
        case Attr() if machine.importing:
            raise Refused("ML405", f"the policy reads {path_text(value)} when its module is imported", node)
        case Term():
            return operators.number_of(machine.world, value, count=False)
        case _:
            raise Refused("ML405", "this argument of a schedule is not interpreted", node)


def make_policy(machine: Calls, arguments: Arguments, node: ast.AST, base: PolicyValue | None = None) -> Value:
    """Build a real policy, or a changed copy of one.

    Raises:
        Thrown: ConfigError, as mulligan raises it.
    """
    if not arguments.plain or arguments.positional:
        raise Refused("ML405", "these arguments of a policy are not interpreted", node)
    given = dict(arguments.keywords)
    on_error, on_value = (base.on_error, base.on_value) if base else (None, None)
    classes = base.classes if base else frozenset[Value]()
    fields: dict[str, object] = {}
    if "retry_on" in given:
        classes, on_error, fields["retry_on"] = _retry_on(machine, given.pop("retry_on"))
    if "retry_if" in given:
        on_value = _predicate(given.pop("retry_if"), node)
        fields["retry_if"] = None if on_value is None else _never
    for name, value in given.items():
        fields[name] = _field(machine, name, value, node)
    try:
        policy = base.policy.replace(**fields) if base else Policy(**fields)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # mulligan checks each field
    except errors.ConfigError as error:
        raise thrown("mulligan.ConfigError", str(error)) from None
    except TypeError as error:
        raise thrown("TypeError", str(error)) from None
    return PolicyValue(policy, classes, on_error, on_value)


def _field(machine: Calls, name: str, value: Value, node: ast.AST) -> object:
    value = look(value)
    match name, value:
        case (("classify" | "idempotency_key"), _) if value != Constant(None, "NoneType"):
            raise Refused("ML405", f"{name} is not interpreted", node)
        case "attempt_timeout", _ if value != Constant(None, "NoneType"):
            raise Refused("ML405", "attempt_timeout is not interpreted", node)
        case (_, Attr()) if machine.importing and path_text(value) != "mulligan.UNLIMITED":
            raise Refused("ML405", f"the policy reads {path_text(value)} when its module is imported", node)
        case (("timeout" | "stop_after"), Term()):
            return operators.number_of(machine.world, value, count=False)
        case "schedule", MadeValue(made=found):
            return found
        case "max_attempts", Root(name="mulligan.UNLIMITED"):
            return UNLIMITED
        case "max_attempts", Term():
            if path_text(value) == "mulligan.UNLIMITED":
                return UNLIMITED
            return operators.number_of(machine.world, value, count=True)
        case _, Constant(value=found):
            return found
        case _:
            raise Refused("ML405", f"this value of {name} is not interpreted", node)


def _predicate(value: Value, node: ast.AST) -> Value | None:
    if isinstance(value, Constant) and value.value is None:
        return None
    if isinstance(value, FunctionObject | Term):
        return value
    raise Refused("ML405", "this predicate is not interpreted", node)


def _retry_on(machine: Calls, value: Value) -> tuple[frozenset[Value], Value | None, object]:
    value = look(value)
    if isinstance(value, FunctionObject):
        return frozenset(), value, _never
    items = value.items if isinstance(value, TupleValue) else (value,)
    if not all(isinstance(item, Term) for item in items):
        raise config_error("retry_on takes exception types")
    atoms = frozenset(class_atom(item) for item in items)
    if isinstance(value, TupleValue):
        for atom in atoms:
            _insist_class(machine, atom)
    return atoms, None, tuple(_real_class(atom) for atom in _grouped(atoms))


def config_error(message: str) -> Thrown:
    """Make a ConfigError of mulligan."""
    return thrown("mulligan.ConfigError", message)


def _insist_class(machine: Calls, atom: Value) -> None:
    """A name inside a tuple must be a class: where its spelling leaves it open, it might be a tuple."""
    if is_class_name(atom) or (isinstance(atom, Root) and atom.space == "builtin"):
        return
    if machine.world.choose(Key("tuple", (atom,)), (False, True)):
        raise config_error("retry_on takes exception types")


def _never(subject: object) -> bool:
    """Stand for an interpreted predicate until its answer is put in."""
    del subject
    return False


def _grouped(atoms: frozenset[Value]) -> list[frozenset[Value]]:
    special = [atom for atom in atoms if isinstance(atom, Root) and atom.name in _CONTROL]
    plain = atoms - frozenset(special)
    groups: list[frozenset[Value]] = [frozenset[Value]({atom}) for atom in special]
    return [*groups, plain] if plain else groups


def _real_class(group: frozenset[Value]) -> type[BaseException]:
    if group == frozenset({Root("builtin", "BaseException")}):
        return BaseException
    return stand_in_class(group)
