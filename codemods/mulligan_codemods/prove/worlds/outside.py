"""What the outside answers to an effect: a value, an error, the end of an iteration, an interrupted sleep.

Rules: the world decides; under an assumption it is not asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mulligan_codemods.prove.machine.iteration import EXHAUSTED
from mulligan_codemods.prove.values.effects import Effect, EffectKind, Thrown
from mulligan_codemods.prove.values.terms import NONE, Constant, Error, ExceptionObject, Result, Value
from mulligan_codemods.prove.worlds.pauses import SLEEPS, logger_of, own_sleep
from mulligan_codemods.prove.worlds.world import Key

if TYPE_CHECKING:
    from mulligan_codemods.prove.worlds.world import World

__all__ = ["EARLY", "Outside"]

_ITEMS = 2
EARLY = 8
"""How many of the first attempts are followed in every way, where there are very many."""


@dataclass(frozen=True, slots=True)
class Outside:
    """All that the two programs don't know of."""

    world: World

    def answer(self, effect: Effect, number: int) -> Value | Thrown:
        """Answer an effect, which is the world's of this number."""
        world = self.world
        world.made[number] = self._maker(effect)
        if effect.kind in SLEEPS:
            self._sleep_passes(effect)
            return self._slept(number, NONE, asynchronous=effect.kind is EffectKind.ASYNC_SLEEP)
        if effect.log and world.assumes("logging", logger_of(effect), matters=False):
            return Result(number)
        world.epoch += 1
        if effect.kind in {EffectKind.CALL, EffectKind.AWAIT} and not effect.log:
            world.pass_time(number)
        paused = own_sleep(effect, world.made[number])
        if paused is not None and world.assumes("pausing", paused, matters=False):
            return self._slept(number, Result(number), asynchronous=effect.kind is EffectKind.AWAIT)
        order = (False, True) if world.turns <= EARLY else (True, False)
        if world.choose(Key("raises", (number,)), order):
            if effect.log:
                world.assumes("logging", logger_of(effect))
            world.assumes("pausing", paused)
            return Thrown(Error(number))
        if effect.kind is EffectKind.NEXT:
            return self._next(effect, number)
        return Result(number) if effect.kind not in {EffectKind.STORE, EffectKind.DELETE} else NONE

    def _maker(self, effect: Effect) -> Value:
        """Return the callable behind a result; an awaited one's is that of the awaitable."""
        subject = effect.subject
        awaited = effect.kind is EffectKind.AWAIT and isinstance(subject, Result)
        return self.world.made.get(subject.effect, subject) if awaited and isinstance(subject, Result) else subject

    def _sleep_passes(self, effect: Effect) -> None:
        self.world.epoch += 1
        length = effect.operands[0][1]
        if self.world.variety.durations and isinstance(length, Constant) and isinstance(length.value, int | float):
            self.world.now += length.value

    def _slept(self, number: int, answer: Value, *, asynchronous: bool) -> Value | Thrown:
        if self.world.choose(Key("interrupted", (number,)), (False, True)):
            return Thrown(ExceptionObject("asyncio.CancelledError" if asynchronous else "KeyboardInterrupt", ()))
        return answer

    def _next(self, effect: Effect, number: int) -> Value:
        how = effect.operands[0][1]
        if isinstance(how, Constant) and how.kind == "str":
            return Result(number)
        key = Key("iterated", (effect.subject,))
        given = self.world.facts.get(key, 0)
        if given == _ITEMS or self.world.choose(Key("ends", (number,)), (True, False)):
            self.world.facts.pop(key, None)
            return EXHAUSTED
        self.world.facts[key] = 1 + (given if isinstance(given, int) else 0)
        return Result(number)
