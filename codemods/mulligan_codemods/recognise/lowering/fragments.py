"""The statements of a handler that survive: at every failure, before a retry, at the end; with their names put right.

Inside a hook the error is `event.error`, the delay `event.delay` and a counter an expression of `event.attempt`; at the
end a counter has its last value. Assignments that only fed dropped statements are left out.

Rules: pure; a name that would mean something else in its new place is refused.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from mulligan_codemods.lowered import Ending, Hook
from mulligan_codemods.names import bound_names, read_names
from mulligan_codemods.recognise.loops.flow import Exit, exits, jumps
from mulligan_codemods.recognise.lowering.absorbing import absorbable
from mulligan_codemods.recognise.lowering.folds import Folds, keep_all
from mulligan_codemods.recognise.lowering.leaving import breaks, returning
from mulligan_codemods.recognise.lowering.numbered import at_last_failure, before_retry
from mulligan_codemods.recognise.lowering.predicates import guard_statement, is_plain, is_shared
from mulligan_codemods.recognise.lowering.settling import answer_of_break, is_inside, leads_to_success, settles
from mulligan_codemods.recognise.numbers.values import Line
from mulligan_codemods.recognise.reading.effects import (
    assigned,
    is_log,
    is_save,
    is_sleep,
    leaves,
    only_leaves,
    raises_again,
    raises_one_of,
)
from mulligan_codemods.recognise.reading.steps import Effect
from mulligan_codemods.recognise.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mulligan_codemods.lowered import Predicate
    from mulligan_codemods.recognise.reading.failure import Guard, Placed
    from mulligan_codemods.recognise.reading.reading import Reading

__all__ = ["Fragments"]


class Fragments:
    """What a handler does, cut into the pieces of the new code."""

    def __init__(
        self, reading: Reading, predicate: Predicate | None, *, excluded: bool = False, leaves: bool = False
    ) -> None:
        self._reading = reading
        self._predicate = predicate
        self._layout = reading.place.layout
        self._bound = bound_names([reading.place.loop])
        self._folds = Folds(reading)
        self._excluded = excluded
        self._absorbable = absorbable(reading, leaves=leaves)
        self._shared = is_shared(reading) and not excluded
        self._outer = [each for each in reading.guards if settles(each) and not is_inside(reading, each)]
        self._doubled = self._doubles()
        self._check_settling()

    # ---- pieces

    def at_failure(self) -> tuple[str | None, tuple[ast.Assign, ...]]:
        """Answer the statements that run at every failure, and those that only save the error."""
        early = self._reading.line[: self._reading.end.position]
        statements = [each.step.statement for each in early]
        saved = tuple(each for each in statements if is_save(each, self._reading.error))
        kept = self._needed([each for each in early if not is_save(each.step.statement, self._reading.error)])
        texts = self._watched(kept[: len(kept) - len(self._doubled)])
        return "\n".join(texts) or None, saved

    def _doubles(self) -> tuple[Placed, ...]:
        """Answer the last effects of every failure, from the first that must stand outside of the operation.

        What may fail itself would be retried inside, and the number of the attempt isn't known there.
        """
        reading = self._reading
        early = reading.line[: reading.end.position]
        kept = self._needed([each for each in early if not is_save(each.step.statement, self._reading.error)])
        outside = next((place for place, each in enumerate(kept) if self._stays_outside(each)), len(kept))
        doubled = kept[outside:]
        if not doubled or any(assigned(each) for each in doubled) or self._is_guarded_after(doubled[0]):
            return ()
        return tuple(doubled)

    def _stays_outside(self, each: Placed) -> bool:
        if leaves(each):
            return False
        changing = {name for name, value in each.known.items() if isinstance(value, Line) and value.step.number != 0}
        return not is_log(each.step.statement) or bool(read_names([each.step.statement]) & changing)

    def _is_guarded_after(self, each: Placed) -> bool:
        """Tell whether a guard stands behind an effect, or does more than raise: then both belong together."""
        at = self._reading.line.index(each)
        return any(guard.position > at or not is_plain(self._reading, guard) for guard in self._reading.guards)

    def _watched(self, kept: Sequence[Placed]) -> list[str]:
        """Answer the effects of every failure, each after the guards that stand before it."""
        texts: list[str] = []
        line = list(self._reading.line)
        guards = [] if self._shared else [each for each in self._reading.guards if each not in self._outer]
        if all(assigned(each) for each in kept) and all(is_plain(self._reading, guard) for guard in guards):
            return []
        if any(guard.position for guard in self._reading.guards):
            kept = sorted([*self._sources(kept), *kept], key=line.index)
        own = bound_names([each.step.statement for each in kept])
        for each in kept:
            while guards and guards[0].position <= line.index(each):
                texts.append(self._guarded(guards.pop(0)))
            texts.append(self._text(each, self._folds.constant(each.known, own)))
        last = [self._guarded(guard) for guard in guards if not is_plain(self._reading, guard)]
        return [*texts, *last[:-1], *(text.removesuffix("\n    raise") for text in last[-1:])]

    def _check_settling(self) -> None:
        """Refuse an effect that leaves the loop, unless it is part of the operation."""
        inside = self._reading.line[: self._reading.end.position]
        for each in self._reading.line:
            if not leaves(each):
                continue
            statement = each.step.statement
            ways = exits([statement]) - {Exit.NEXT}
            if each in self._doubled or each not in inside or not leads_to_success(self._reading, statement, ways):
                raise Refused("ML218", "the handler goes round again in more than one way", statement)

    def _guarded(self, guard: Guard) -> str:
        if not guard.sole:
            raise Refused("ML206", "one condition tests both the error and the number of attempts", guard.statement)
        return guard_statement(self._reading, guard)

    def _sources(self, kept: Sequence[Placed]) -> list[Placed]:
        """Answer assignments that guards read and that are not among the effects themselves."""
        read = read_names([guard.test for guard in self._reading.guards])
        read |= read_names([each for guard in self._reading.guards for each in guard.action])
        return [each for each in self._given_for(read) if each not in kept]

    def _given_for(self, names: frozenset[str]) -> list[Placed]:
        """Answer the assignments of the handler that give these names, and what those read, in order."""
        wanted = set(names)
        found: list[Placed] = []
        for each in reversed(self._reading.line[: self._reading.end.position]):
            if assigned(each) in wanted and not is_save(each.step.statement, self._reading.error):
                wanted |= read_names([each.step.statement])
                found.append(each)
        return found[::-1]

    def hook(self) -> Hook | None:
        """Answer what runs before a retry and only then."""
        late = self._reading.line[self._reading.end.position :]
        if self._doubled:
            late = self._reading.line[self._reading.line.index(self._doubled[0]) :]
        kept = self._needed([each for each in late if not is_save(each.step.statement, self._reading.error)])
        kept = [each for each in kept if before_retry(self._reading, each)]
        if not kept:
            return None
        read = read_names([each.step.statement for each in kept])
        if self._reading.asked is not None:
            read -= {self._reading.asked.name or ""}
        sources = [each for each in self._given_for(read) if not self._folded(each, late)]
        parts = [(each, part) for each in (*sources, *kept) for part in before_retry(self._reading, each)]
        texts = [self._source(part, self._folds.before_retry(each.known)) for each, part in parts]
        statements = [part for _, part in parts]
        nodes = [node for part in statements for node in ast.walk(part)]
        waits = any(isinstance(node, ast.Await) for node in nodes)
        single = len(parts) == 1 and isinstance(statements[0], ast.Expr) and not texts[0].lstrip().startswith("#")
        logs = all(is_log(each.step.statement) for each in kept)
        return Hook(
            body="\n".join(texts),
            expression=texts[0] if single and not waits and "#" not in texts[0] else None,
            name="log_retry" if logs else "wait" if self._reading.followed else "before_retry",
            waits=waits,
            pauses=any(map(is_sleep, nodes)),
        )

    def stopping(self, action: Sequence[ast.stmt], saved: Sequence[ast.Assign]) -> Ending | None:
        """Answer the end for the statements that run at the last failure."""
        last = action[-1]
        bare = isinstance(last, ast.Raise) and raises_again(last, self._reading.error)
        if bare and len(action) == 1:
            return self._ended([last]) if self._doubled or self._outer else None
        body = list(action[:-1]) if isinstance(last, ast.Break) else list(action)
        for jump in jumps(body):
            raise Refused("ML205", "what follows the last failure leaves the loop in more than one way", jump)
        late = [each for each in saved if self._is_read_later(each)]
        return self._ended([*late, *body])

    def exhausted(self, body: Sequence[ast.stmt], saved: Sequence[ast.Assign], *, leaves: bool) -> Ending | None:
        """Answer the end for the statements that follow the last failure outside of the handler.

        Where every success leaves, those that do more than leave stay outside: a log call sees no error there.
        """
        last = body[-1]
        if any(isinstance(node, ast.Raise) and node.exc is None for each in body for node in ast.walk(each)):
            raise Refused("ML205", "the bare raise after the loop belongs to an outer handler", last)
        names = {each.targets[0].id for each in saved if isinstance(each.targets[0], ast.Name)}
        if len(body) == 1 and isinstance(last, ast.Raise) and raises_one_of(last, names):
            if not self._doubled:
                return None
            if self._predicate is None:
                doubled = self._ended([])
                return replace(doubled, body=f"{doubled.body}\nraise")
        if leaves and not self._doubled and self._predicate is None and not only_leaves(body):
            read = read_names(body)
            late = [each for each in saved if isinstance(each.targets[0], ast.Name) and each.targets[0].id in read]
            derived = [each.step.statement for each in self._unknown(body)]
            return replace(self._ended([*late, *derived]), behind=self._ended(body, given=False).body)
        return self._absorbed(body, saved)

    def _absorbed(self, body: Sequence[ast.stmt], saved: Sequence[ast.Assign]) -> Ending:
        """Answer the end for statements that nothing else follows: the saved error is bound by the handler itself."""
        names = {each.targets[0].id for each in saved if isinstance(each.targets[0], ast.Name)}
        read = read_names(body) & names
        others = read_names([*body, *(each.step.statement for each in self._doubled)])
        if len(read) == 1 and self._predicate is None and self._reading.error not in others:
            (name,) = read
            bound = name if self._reading.place.read_later(name) else self._reading.error
            return replace(self._ended(body), bound=bound)
        late = [each for each in saved if self._is_read_later(each)]
        return self._ended([*late, *body])

    def _is_read_later(self, saved: ast.Assign) -> bool:
        return isinstance(saved.targets[0], ast.Name) and self._reading.place.read_later(saved.targets[0].id)

    def afterwards(
        self, after: Sequence[ast.stmt], saved: Sequence[ast.Assign], *, leaves: bool
    ) -> tuple[Ending | None, tuple[ast.stmt, ...]]:
        """Answer the end for a loop that falls through to the statements behind it."""
        absorbed = self._absorbable
        match absorbed:
            case ():
                pass
            case (ast.If(body=body),) if len(absorbed) < len(after) or not leaves:
                return self._absorbed(body, saved), absorbed
            case _:
                return self.exhausted(absorbed, saved, leaves=leaves), absorbed
        return self._ended([each for each in saved if self._is_read_later(each)]), ()

    # ---- parts

    def _unknown(self, statements: Sequence[ast.stmt]) -> list[Placed]:
        """Answer the assignments of the handler that statements read, where no number can stand for them."""
        found = self._given_for(read_names(statements))
        return [
            each
            for each in found
            if each.step.statement not in statements and self._reading.end.known.get(assigned(each) or "") is None
        ]

    def _ended(self, statements: Sequence[ast.stmt], *, given: bool = True) -> Ending:
        doubled = [each for each in self._doubled if isinstance(each.step, Effect)]
        fold = self._folds.last()
        last = [(each, part) for each in doubled for part in at_last_failure(self._reading, each)]
        texts = [self._source(part, self._folds.last(each.known)) for each, part in last]
        texts += [self._source(each, keep_all if is_save(each, self._reading.error) else fold) for each in statements]
        statements = [*(part for _, part in last), *statements]
        unknown = self._unknown(statements) if given else []
        sources = [self._text(each, keep_all) for each in unknown]
        read = read_names([*statements, *(each.step.statement for each in unknown)])
        reads_error = bool({self._reading.error, *self._folds.saved} & read)
        if self._predicate is not None and not self._shared:
            given_first = [self._text(each, keep_all) for each in self._sources([])]
            settled = [*given_first, *(guard_statement(self._reading, each) for each in self._outer)]
            rest = len(self._outer) < len(self._reading.guards) or self._excluded
            check = [f"if not {self._predicate.name}({self._predicate.error}):\n    raise"] if rest else []
            before = settled if self._outer else []
            body = "\n".join([*before, *check, *sources, *texts])
            named = reads_error or bool(before or check)
            return Ending(bound=self._predicate.error if named else None, body=body or "pass")
        bound = self._reading.error if reads_error else None
        return Ending(bound=bound, body="\n".join([*sources, *texts]) or "pass")

    def _needed(self, line: Sequence[Placed]) -> list[Placed]:
        """Answer the effects that stay: no assignment that nothing reads, no pause unless something follows it."""
        pause = self._reading.pause if self._reading.followed else None
        effects = [each for each in line if isinstance(each.step, Effect) or each is pause]
        others = [each for each in effects if assigned(each) is None]
        kept = list(others)
        for each in others:
            self._check_binding(each)
        for each in effects:
            name = assigned(each)
            if name is None or (self._reading.asked is not None and name == self._reading.asked.name):
                continue
            read = any(
                name in read_names([other.step.statement]) and other.known.get(name) is None
                for other in effects
                if other is not each
            )
            if self._reading.place.read_later(name, self._absorbable):
                raise Refused("ML204", f"`{name}` is read after the loop", each.step.statement)
            if read and each.known.get(name) is None:
                kept.append(each)
        return [each for each in effects if each in kept]

    def _check_binding(self, each: Placed) -> None:
        """Refuse a compound effect that binds a name which something else reads: in a function it would be another."""
        statement = each.step.statement
        for name in bound_names([statement]):
            if self._reading.place.read_elsewhere(name, [statement]):
                raise Refused("ML210", f"the handler binds `{name}` on some paths only", statement)

    def _folded(self, each: Placed, late: Sequence[Placed]) -> bool:
        name = assigned(each)
        return name is not None and all(other.known.get(name) is not None for other in late)

    # ---- text

    def _text(self, each: Placed, fold: Callable[[str], str | None]) -> str:
        return self._source(each.step.statement, fold)

    def _source(self, statement: ast.stmt, fold: Callable[[str], str | None]) -> str:
        text = self._layout.block([statement], first_line=self._layout.commented(statement.lineno))
        if breaks([statement]):
            text = "\n".join(returning(self._layout, [statement], text, answer_of_break(self._reading)))
        if fold is keep_all or not self._foldable(statement):
            return text
        if "\0" in text:
            raise Refused("ML222", "a string over several lines stands in the handler", statement)
        from mulligan_codemods.recognise.lowering.rename import renamed  # noqa: PLC0415 - imports libcst

        return renamed(text, fold)

    def _foldable(self, statement: ast.stmt) -> bool:
        own = {name for name in self._bound if name in read_names([statement])}
        return bool(own)
