# ruff: noqa: C901, PLR0911, PLR0912 - a dispatch by match answers in each of its cases
"""A difference as people read it: the world in sentences, and both timelines side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mulligan_codemods.prove.result import Step
from mulligan_codemods.prove.values.effects import Effect, EffectKind, Mark, Thrown
from mulligan_codemods.prove.values.functions import BoundMethod, FunctionObject
from mulligan_codemods.prove.values.terms import (
    Attr,
    Constant,
    DictObject,
    Error,
    ExceptionObject,
    Fresh,
    Item,
    ListObject,
    Operation,
    Result,
    Root,
    SetObject,
    TupleValue,
    Value,
)

if TYPE_CHECKING:
    from mulligan_codemods.prove.worlds.lockstep import Lockstep
    from mulligan_codemods.prove.worlds.sides import Difference, Standing
    from mulligan_codemods.prove.worlds.world import Choice

__all__ = ["shown", "tell", "timelines"]


def tell(lockstep: Lockstep, difference: Difference) -> str:
    """Tell in which world the sides differ, and how."""
    facts = [said for choice in lockstep.world.path if (said := _fact(choice)) is not None]
    world = "; ".join(facts) or "in the plainest world"
    return f"{world}: {difference.why}: old {_done(difference.old)}, new {_done(difference.new)}"


def timelines(lockstep: Lockstep, difference: Difference) -> tuple[tuple[Step, ...], tuple[Step, ...]]:
    """Return what each side did, the difference last."""
    common = tuple(Step(text=_step(effect, answer)) for effect, answer in lockstep.trace)
    old = Step(text=_done(difference.old), differs=True)
    new = Step(text=_done(difference.new), differs=True)
    return (*common, old), (*common, new)


def _step(effect: Effect, answer: Value | Thrown) -> str:
    done = _effect(effect)
    if isinstance(answer, Thrown):
        return f"{done} → raises {shown(answer.value)}"
    return f"{done} → {shown(answer)}" if isinstance(answer, Result) and not effect.log else done


def _done(item: Standing) -> str:
    if isinstance(item, Mark):
        return "loops without doing anything"
    if isinstance(item, Effect):
        return _effect(item)
    if item.error is not None:
        return f"raises {shown(item.error)}"
    if item.signal is None:
        return "goes on after the code"
    value = "" if item.signal.value is None else f" {shown(item.signal.value)}"
    return f"{item.signal.kind}s{value}"


def _effect(effect: Effect) -> str:
    operands = ", ".join(_operand(label, value) for label, value in effect.operands)
    match effect.kind:
        case EffectKind.CALL:
            inside = f" (handling {shown(effect.handled)})" if effect.handled is not None else ""
            return f"calls {shown(effect.subject)}({operands}){inside}"
        case EffectKind.SLEEP | EffectKind.ASYNC_SLEEP:
            return f"sleeps {operands} s"
        case EffectKind.AWAIT:
            return f"awaits {shown(effect.subject)}"
        case _:
            return f"{effect.kind} {shown(effect.subject)} {operands}".rstrip()


def _operand(label: str, value: Value) -> str:
    if label in {"*", "**"}:
        return f"{label}{shown(value)}"
    return f"{label}={shown(value)}" if label else shown(value)


def _fact(choice: Choice) -> str | None:
    subject = choice.key.subject
    match choice.key.question, subject:
        case "raises", (int(number),):
            return f"effect {number} raises" if choice.answer else None
        case "instance", (Value() as error, frozenset() as atoms):
            names = " or ".join(sorted(shown(atom) for atom in atoms))
            return f"{shown(error)} is {'' if choice.answer else 'no '}{names}"
        case "number", (Value() as value,):
            return f"{shown(value)} = {choice.answer!r}"
        case "truth", (Value() as value,):
            return f"{shown(value)} is {'true' if choice.answer else 'false'}"
        case "fails", (Value() as value,):
            return f"reading {shown(value)} fails" if choice.answer else None
        case "none", (Value() as value,):
            return f"{shown(value)} is None" if choice.answer else None
        case "interrupted", _:
            return "a sleep is interrupted" if choice.answer else None
        case _:
            return None


def shown(value: Value | None) -> str:
    """Return a value as text."""
    match value:
        case None:
            return "nothing"
        case Constant(value=found):
            return repr(found)
        case Root(name=name):
            return name
        case Attr(base=base, name=name):
            return f"{shown(base)}.{name}"
        case Item(base=base, key=key):
            return f"{shown(base)}[{shown(key)}]"
        case Result(effect=effect):
            return f"result {effect}"
        case Error(origin=int() as origin):
            return f"error {origin}"
        case Error(origin=origin) if isinstance(origin, Value):
            return f"the error of reading {shown(origin)}"
        case Operation(operator=name, operands=operands):
            return f"{name}({', '.join(map(shown, operands))})"
        case TupleValue(items=items):
            return f"({', '.join(map(shown, items))})"
        case ListObject(items=items) | SetObject(items=items):
            return f"[{', '.join(map(shown, items))}]"
        case DictObject(pairs=pairs):
            return "{" + ", ".join(f"{shown(key) if key else '**'}: {shown(item)}" for key, item in pairs) + "}"
        case ExceptionObject(kind=kind, arguments=arguments):
            return f"{kind}({', '.join(map(shown, arguments))})"
        case FunctionObject():
            return f"the function {value.name}"
        case BoundMethod(owner=owner, name=name):
            return f"{shown(owner)}.{name}"
        case Fresh(effect=effect):
            return f"the object given to effect {effect}"
        case _:
            return type(value).__name__
