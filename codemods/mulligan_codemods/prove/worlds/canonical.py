# ruff: noqa: C901, PLR0911, PLR0912 - a dispatch by match answers in each of its cases
"""One name for joint states that are alike: terms renamed in their order of appearance, with what the world knows.

Rules: two states get the same key only if everything that can happen from the one can happen from the other, up to the
numbering of effects. What can't be rendered gets no key, so it is never merged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mulligan_codemods.prove.machine.core import Signal
from mulligan_codemods.prove.machine.iteration import IteratorObject, RangeValue
from mulligan_codemods.prove.runtime.base import RuntimeValue
from mulligan_codemods.prove.values.effects import Refused
from mulligan_codemods.prove.values.functions import BoundMethod, CoroutineObject, Frame, FunctionObject
from mulligan_codemods.prove.values.terms import (
    Attr,
    Constant,
    DictObject,
    Error,
    ExceptionObject,
    Fresh,
    Item,
    ListObject,
    Mutable,
    Operation,
    Result,
    Root,
    SetObject,
    TupleValue,
    Value,
    path_text,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from mulligan_codemods.prove.worlds.world import Key, World

__all__ = ["Unrenderable", "joint_key"]

Rendered = tuple[object, ...]


class Unrenderable(Exception):  # noqa: N818 - a signal, not an error of ours
    """A state that has no canonical form."""


def joint_key(
    world: World, old: Sequence[object], new: Sequence[object], *, live: Mapping[int, frozenset[str]]
) -> Rendered:
    """Return the key of a joint state.

    Args:
        world: what is known.
        old: the state of the old side.
        new: the state of the new side.
        live: for a frame, by its id, the variables that are still of interest; all, where it is not named.

    Raises:
        Unrenderable: where there is none.
    """
    renderer = _Renderer(world.epoch, live, world.made)
    states = renderer.render((*old, world.now, *world.varied)), renderer.render(tuple(new))
    return (states, frozenset(renderer.facts(world)))


class _Renderer:
    def __init__(self, epoch: int, live: Mapping[int, frozenset[str]], made: Mapping[int, Value]) -> None:
        self.made = made
        self.epoch = epoch
        self.live = live
        self.numbers: dict[object, int] = {}
        self.objects: dict[int, int] = {}
        self.closed = False

    def number(self, atom: object) -> int:
        if atom not in self.numbers:
            if self.closed:
                raise Unrenderable
            self.numbers[atom] = len(self.numbers)
        return self.numbers[atom]

    def epoch_of(self, epoch: int | None) -> object:
        if epoch is None or epoch == self.epoch:
            return None if epoch is None else "now"
        return self.number(("epoch", epoch))

    def render(self, value: object) -> Rendered:
        match value:
            case None | bool() | int() | float() | str():
                return ("=", type(value).__name__, value)
            case Constant(value=found, kind=kind):
                return ("c", kind, repr(found))
            case Root(space=space, name=name, epoch=epoch):
                return ("r", space, name, self.epoch_of(epoch))
            case Attr(base=base, name=name, epoch=epoch):
                return ("a", self.render(base), name, self.epoch_of(epoch))
            case Item(base=base, key=key, epoch=epoch):
                return ("i", self.render(base), self.render(key), self.epoch_of(epoch))
            case Operation(operator=name, operands=operands, epoch=epoch):
                return ("o", name, *map(self.render, operands), self.epoch_of(epoch))
            case Result(effect=effect):
                return ("R", self.number(effect), path_text(self.made[effect]) if effect in self.made else None)
            case Error(origin=int() as effect):
                return ("E", self.number(effect))
            case Error(origin=Attr(epoch=int() as epoch) | Item(epoch=int() as epoch)) if epoch != self.epoch:
                return ("E", self.number(value))  # nothing reads that again: it is an error like any other
            case Error(origin=origin):
                return ("T", self.render(origin))
            case Fresh(effect=effect, place=place):
                return ("F", self.number(effect), place)
            case tuple() | list():
                return ("t", *map(self.render, value))  # pyright: ignore[reportUnknownArgumentType]  # items of any kind
            case frozenset():
                return ("s", *sorted(map(self.render, value), key=repr))  # pyright: ignore[reportUnknownArgumentType]  # items of any kind
            case TupleValue(items=items):
                return ("u", *map(self.render, items))
            case _:
                return self._object(value)

    def _object(self, value: object) -> Rendered:
        if isinstance(value, Mutable) and value.fresh is not None:
            return self.render(value.fresh)
        if id(value) in self.objects:
            return ("ref", self.objects[id(value)])
        place = self.objects[id(value)] = len(self.objects)
        return (type(value).__name__, place, *self._content(value))

    def _content(self, value: object) -> Rendered:
        match value:
            case ListObject(items=items) | SetObject(items=items):
                return tuple(map(self.render, items))
            case DictObject(pairs=pairs):
                return tuple((None if key is None else self.render(key), self.render(item)) for key, item in pairs)
            case ExceptionObject(kind=kind, arguments=arguments, cause=cause):
                return (kind, self.render(arguments), self.render(cause))
            case Frame(variables=variables, parent=parent):
                names = self.live.get(id(value))
                kept = variables if names is None else {name: variables[name] for name in names & variables.keys()}
                return (self._variables(kept), self.render(parent))
            case FunctionObject(node=node, frame=frame, defaults=defaults, keyword_defaults=keywords):
                return (id(node), self.render(frame), self.render(defaults), self._variables(keywords))
            case BoundMethod(owner=owner, name=name):
                return (self.render(owner), name)
            case CoroutineObject(function=function, operands=operands, awaited=awaited):
                return (self.render(function), self.render(operands), awaited)
            case IteratorObject():
                return (self.render(tuple(value.state())),)
            case RangeValue(start=start, stop=stop, step=step):
                return (start, stop, step)
            case Signal(kind=kind, value=found):
                return (kind, self.render(found))
            case RuntimeValue():
                return (self._known(value),)
            case _:
                raise Unrenderable

    def _known(self, value: RuntimeValue) -> Rendered:
        try:
            state = value.state()
        except Refused:
            raise Unrenderable from None
        return self.render(state)

    def _variables(self, variables: Mapping[str, Value]) -> Rendered:
        return tuple((name, self.render(variables[name])) for name in sorted(variables))

    def facts(self, world: World) -> Iterable[Rendered]:
        """Render what the world knows about anything that is still in reach."""
        self.closed = True
        for key, answer in world.facts.items():
            if self._is_past(key):
                continue
            try:
                yield self._fact(key, answer)
            except Unrenderable:
                continue
        for error, known in world.kinds.items():
            try:
                subject = self.render(error)
            except Unrenderable:
                continue
            denied = self.render(frozenset(known.denied))
            granted = sorted((self.render(group) for group in known.granted), key=repr)
            yield ("kind", subject, denied, tuple(granted))

    def _is_past(self, key: Key) -> bool:
        """Tell whether a question is never asked again: of one effect, of another epoch; kinds say what classes are."""
        if key.question == "instance" or (key.epoch is not None and key.epoch != self.epoch):
            return True
        return any(isinstance(part, int) for part in key.subject)

    def _fact(self, key: Key, answer: object) -> Rendered:
        subject = tuple(self.render(part) for part in key.subject)
        return (key.question, subject, key.epoch is not None, self.render(answer))
