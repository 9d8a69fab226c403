"""The statements of a handler that survive: at every failure, before a retry, at the end; with their names put right.

Inside a hook the error is `event.error`, the delay `event.delay` and a counter an expression of `event.attempt`; at the
end a counter has its last value. Assignments that only fed dropped statements are left out.

Rules: pure; a name that would mean something else in its new place is refused.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from mulligan_codemods.lowered import Ending, Hook, Symbol
from mulligan_codemods.names import bound_names, own_nodes, read_names
from mulligan_codemods.recognise.flow import AWAY, Exit, exits, jumps
from mulligan_codemods.recognise.heads import Items
from mulligan_codemods.recognise.leaving import breaks, returning
from mulligan_codemods.recognise.limits import Never, limit
from mulligan_codemods.recognise.predicates import guard_statement, is_plain, is_shared
from mulligan_codemods.recognise.refusal import Refused
from mulligan_codemods.recognise.settling import answer_of_break, is_inside, leads_to_success, settles
from mulligan_codemods.recognise.steps import Effect
from mulligan_codemods.recognise.values import Capped, Growth, Jittered, Line, Sum, Value, amount, evaluate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mulligan_codemods.lowered import Delays, Predicate
    from mulligan_codemods.recognise.counters import Known
    from mulligan_codemods.recognise.endings import Guard, Placed
    from mulligan_codemods.recognise.reading import Reading

__all__ = ["Fragments", "is_log"]

ATTEMPT = Sum(0, (("event.attempt", 1),))
LOGS = {"debug", "info", "warning", "warn", "error", "exception", "critical", "log"}


def keep_all(_: str) -> str | None:
    """Keep every expression."""
    return None


class Fragments:
    """What a handler does, cut into the pieces of the new code."""

    def __init__(self, reading: Reading, predicate: Predicate | None, *, excluded: bool = False) -> None:
        self._reading = reading
        self._predicate = predicate
        self._layout = reading.place.layout
        self._bound = bound_names([reading.place.loop])
        self._saved = {
            each.step.statement.targets[0].id
            for each in reading.line[: reading.end.position]
            if isinstance(each.step.statement, ast.Assign)
            and isinstance(each.step.statement.targets[0], ast.Name)
            and self._saves(each)
        }
        self._excluded = excluded
        self._shared = is_shared(reading) and not excluded
        self._outer = [each for each in reading.guards if settles(each) and not is_inside(reading, each)]
        self._doubled = self._doubles()
        self._check_settling()

    # ---- pieces

    def at_failure(self) -> tuple[str | None, tuple[ast.Assign, ...]]:
        """Answer the statements that run at every failure, and those that only save the error."""
        early = self._reading.line[: self._reading.end.position]
        saved = tuple(each.step.statement for each in early if self._saves(each))
        kept = self._needed([each for each in early if not self._saves(each)])
        texts = self._watched(kept[: len(kept) - len(self._doubled)])
        return "\n".join(texts) or None, tuple(each for each in saved if isinstance(each, ast.Assign))

    def _doubles(self) -> tuple[Placed, ...]:
        """Answer the last effects of every failure, from the first that must stand outside of the operation.

        What may fail itself would be retried inside, and the number of the attempt isn't known there.
        """
        reading = self._reading
        early = reading.line[: reading.end.position]
        kept = self._needed([each for each in early if not self._saves(each)])
        outside = next((place for place, each in enumerate(kept) if self._stays_outside(each)), len(kept))
        doubled = kept[outside:]
        if not doubled or any(self._assigned(each) for each in doubled) or self._is_guarded_after(doubled[0]):
            return ()
        return tuple(doubled)

    def _stays_outside(self, each: Placed) -> bool:
        if _leaves(each):
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
        for each in kept:
            while guards and guards[0].position <= line.index(each):
                texts.append(self._guarded(guards.pop(0)))
            texts.append(self._text(each, self._constant_fold(each.known)))
        texts += [self._guarded(guard) for guard in guards if not is_plain(self._reading, guard)]
        if texts and any(guard.position for guard in self._reading.guards):
            return [*self._sources(kept), *texts]
        return texts

    def _check_settling(self) -> None:
        """Refuse an effect that leaves the loop, unless it is part of the operation."""
        inside = self._reading.line[: self._reading.end.position]
        for each in self._reading.line:
            if not _leaves(each):
                continue
            statement = each.step.statement
            ways = exits([statement]) - {Exit.NEXT}
            if each in self._doubled or each not in inside or not leads_to_success(self._reading, statement, ways):
                raise Refused("ML218", "the handler goes round again in more than one way", statement)

    def _guarded(self, guard: Guard) -> str:
        if not guard.sole:
            raise Refused("ML206", "one condition tests both the error and the number of attempts", guard.statement)
        return guard_statement(self._reading, guard)

    def _sources(self, kept: Sequence[Placed]) -> list[str]:
        """Answer assignments that guards read and that are not among the effects themselves."""
        read = read_names([guard.test for guard in self._reading.guards])
        read |= read_names([each for guard in self._reading.guards for each in guard.action])
        return [self._text(each, keep_all) for each in self._given_for(read) if each not in kept]

    def _given_for(self, names: frozenset[str]) -> list[Placed]:
        """Answer the assignments of the handler that give these names, and what those read, in order."""
        wanted = set(names)
        found: list[Placed] = []
        for each in reversed(self._reading.line[: self._reading.end.position]):
            if self._assigned(each) in wanted and not self._saves(each):
                wanted |= read_names([each.step.statement])
                found.append(each)
        return found[::-1]

    def hook(self) -> Hook | None:
        """Answer what runs before a retry and only then."""
        late = self._reading.line[self._reading.end.position :]
        if self._doubled:
            late = self._reading.line[self._reading.line.index(self._doubled[0]) :]
        kept = self._needed([each for each in late if not self._saves(each)])
        if not kept:
            return None
        read = read_names([each.step.statement for each in kept])
        sources = [each for each in self._given_for(read) if not self._folded(each, late)]
        body = [*sources, *kept]
        waits = any(isinstance(node, ast.Await) for each in body for node in ast.walk(each.step.statement))
        if waits:
            raise Refused("ML210", "the handler awaits something between attempts", body[0].step.statement)
        texts = [self._text(each, self._hook_fold(each.known)) for each in body]
        statement = body[0].step.statement
        single = len(body) == 1 and isinstance(statement, ast.Expr) and not texts[0].lstrip().startswith("#")
        logs = all(is_log(each.step.statement) for each in kept)
        return Hook(
            body="\n".join(texts),
            expression=texts[0] if single and "#" not in texts[0] else None,
            name="log_retry" if logs else "before_retry",
        )

    def stopping(self, action: Sequence[ast.stmt], saved: Sequence[ast.Assign]) -> Ending | None:
        """Answer the end for the statements that run at the last failure."""
        last = action[-1]
        bare = isinstance(last, ast.Raise) and self._reraises(last)
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
        if (
            len(body) == 1
            and isinstance(last, ast.Raise)
            and isinstance(last.exc, ast.Name)
            and last.exc.id in names
            and last.cause is None
            and not self._doubled
        ):
            return None
        if leaves and not self._doubled and self._predicate is None and not _only_leaves(body):
            read = read_names(body)
            late = [each for each in saved if isinstance(each.targets[0], ast.Name) and each.targets[0].id in read]
            return replace(self._ended(late), behind=self._ended(body).body)
        return self._absorbed(body, saved)

    def _absorbed(self, body: Sequence[ast.stmt], saved: Sequence[ast.Assign]) -> Ending:
        """Answer the end for statements that nothing else follows: the saved error is bound by the handler itself."""
        names = {each.targets[0].id for each in saved if isinstance(each.targets[0], ast.Name)}
        read = read_names(body) & names
        if len(read) == 1 and self._predicate is None and self._reading.error not in read_names(body):
            (name,) = read
            return Ending(bound=name, body=self._ended(body).body)
        late = [each for each in saved if self._is_read_later(each)]
        return self._ended([*late, *body])

    def _is_read_later(self, saved: ast.Assign) -> bool:
        return isinstance(saved.targets[0], ast.Name) and self._reading.place.read_later(saved.targets[0].id)

    def afterwards(
        self, after: Sequence[ast.stmt], saved: Sequence[ast.Assign], *, leaves: bool
    ) -> tuple[Ending | None, tuple[ast.stmt, ...]]:
        """Answer the end for a loop that falls through to the statements behind it."""
        if leaves and after and exits(after) <= AWAY and len(after) <= 4:
            return self.exhausted(after, saved, leaves=leaves), tuple(after)
        return self._ended([each for each in saved if self._is_read_later(each)]), ()

    # ---- parts

    def _ended(self, statements: Sequence[ast.stmt]) -> Ending:
        statements = [*(each.step.statement for each in self._doubled if not self._is_idle(each)), *statements]
        fold = self._last_fold()
        texts = [
            self._source(each, keep_all if isinstance(each, ast.Assign) and self._is_save(each) else fold)
            for each in statements
        ]
        unknown = [
            each
            for each in self._given_for(read_names(statements))
            if self._reading.end.known.get(self._assigned(each) or "") is None
        ]
        given = [self._text(each, keep_all) for each in unknown]
        read = read_names([*statements, *(each.step.statement for each in unknown)])
        if self._predicate is not None and not self._shared:
            settled = [*self._sources([]), *(guard_statement(self._reading, each) for each in self._outer)]
            rest = len(self._outer) < len(self._reading.guards) or self._excluded
            check = [f"if not {self._predicate.name}({self._predicate.error}):\n    raise"] if rest else []
            before = settled if self._outer else []
            return Ending(bound=self._predicate.error, body="\n".join([*before, *check, *given, *texts]))
        error = self._reading.error
        return Ending(bound=error if {error, *self._saved} & read else None, body="\n".join([*given, *texts]) or "pass")

    def _saves(self, each: Placed) -> bool:
        return (
            isinstance(each.step, Effect)
            and isinstance(each.step.statement, ast.Assign)
            and self._is_save(each.step.statement)
        )

    def _is_save(self, statement: ast.Assign) -> bool:
        value = statement.value
        return (
            self._reading.error is not None
            and len(statement.targets) == 1
            and isinstance(statement.targets[0], ast.Name)
            and isinstance(value, ast.Name)
            and value.id == self._reading.error
        )

    def _reraises(self, statement: ast.Raise) -> bool:
        match statement:
            case ast.Raise(exc=None):
                return True
            case ast.Raise(exc=ast.Name(id=name), cause=None):
                return name == self._reading.error
            case _:
                return False

    def _assigned(self, each: Placed) -> str | None:
        match each.step.statement if isinstance(each.step, Effect) else None:
            case (
                ast.Assign(targets=[ast.Name(id=name)])
                | ast.AugAssign(target=ast.Name(id=name))
                | ast.AnnAssign(target=ast.Name(id=name))
            ):
                return name
            case _:
                return None

    def _needed(self, line: Sequence[Placed]) -> list[Placed]:
        """Answer the effects that stay: no pause, no assignment of the loop's own variables that nothing reads."""
        effects = [each for each in line if isinstance(each.step, Effect)]
        others = [each for each in effects if self._assigned(each) is None]
        kept = list(others)
        for each in others:
            self._check_binding(each)
        for each in effects:
            name = self._assigned(each)
            if name is None:
                continue
            read = any(
                name in read_names([other.step.statement]) and other.known.get(name) is None
                for other in effects
                if other is not each
            )
            if self._reading.place.read_later(name):
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
        name = self._assigned(each)
        return name is not None and all(other.known.get(name) is not None for other in late)

    def _is_idle(self, each: Placed) -> bool:
        """Tell whether an effect tests for a number of attempts that the last failure doesn't have."""
        statement, last = each.step.statement, self._reading.end.attempts
        match statement:
            case ast.If(test=ast.Compare(ops=[ast.Eq()]) as test, orelse=[]):
                at = limit(test, each.known, self._reading.place.names, negated=False)
            case _:
                return False
        if isinstance(at, Never):
            return True
        return at is not None and last is not None and at.number is not None and last.number not in {at.number, None}

    # ---- text

    def _text(self, each: Placed, fold: Callable[[str], str | None]) -> str:
        return self._source(each.step.statement, fold)

    def _source(self, statement: ast.stmt, fold: Callable[[str], str | None]) -> str:
        first = self._first_comment(statement)
        text = self._layout.block([statement], first_line=first)
        if breaks([statement]):
            text = "\n".join(returning(self._layout, [statement], text, answer_of_break(self._reading)))
        if fold is keep_all or not self._foldable(statement):
            return text
        if "\0" in text:
            raise Refused("ML222", "a string over several lines stands in the handler", statement)
        from mulligan_codemods.recognise.rename import renamed  # noqa: PLC0415 - imports libcst

        return renamed(text, fold)

    def _foldable(self, statement: ast.stmt) -> bool:
        own = {name for name in self._bound if name in read_names([statement])}
        return bool(own)

    def _first_comment(self, statement: ast.stmt) -> int:
        line = statement.lineno
        while line > 1 and self._layout.lines[line - 2].lstrip().startswith("#"):
            line -= 1
        return line

    # ---- folds

    def _constant_fold(self, known: Known) -> Callable[[str], str | None]:
        def fold(text: str) -> str | None:
            value = self._value(text, known)
            if isinstance(value, _Nothing) or text == self._reading.error:
                return None
            if isinstance(value, Line) and value.step.number == 0:
                return None
            raise Refused("ML210", f"what happens at every failure reads `{text}`", self._reading.handler)

        return fold

    def _hook_fold(self, known: Known) -> Callable[[str], str | None]:
        def fold(text: str) -> str | None:
            if text == self._reading.error:
                return "event.error"
            compared = self._compared_attempt(text, known)
            if compared is not None:
                return compared
            value = self._value(text, known)
            if isinstance(value, _Nothing):
                return None
            if isinstance(value, Line) and value.step.number is not None:
                shown = _shown(value.start.plus(ATTEMPT.plus(Sum(-1)).times(value.step)))
                return None if value.step.number == 0 and not text.isidentifier() else shown
            listed = isinstance(self._reading.head, Items) and text == self._reading.head.variable
            if listed or (value is not None and value == self._reading.delay and _is_float(value)):
                return "event.delay"
            return self._computed(text, value)

        return fold

    def _compared_attempt(self, text: str, known: Known) -> str | None:
        """Answer a test of a counter against a number as one of the attempt's number."""
        try:
            expression = ast.parse(text, mode="eval").body
        except SyntaxError:
            return None
        match expression:
            case ast.Compare(left=ast.Name() as name, ops=[op], comparators=[ast.Constant(value=int() as number)]):
                value = evaluate(name, known, self._reading.place.names)
            case _:
                return None
        if not isinstance(value, Line) or value.step.number != 1 or value.start.number is None:
            return None
        operator = ast.unparse(ast.Compare(ast.Name("event.attempt"), [op], [ast.Constant(number)])).split(" ", 1)[1]
        return f"event.attempt {operator.rsplit(' ', 1)[0]} {number - int(value.start.number) + 1}"

    def _computed(self, text: str, value: Value | _Nothing | None) -> str | None:
        """Answer a value that the handler computes, by the expression that computes it."""
        if not text.isidentifier():
            return None
        given = self._given(text)
        if value is None and given is not None:
            return None
        if given is not None and not isinstance(given[0], ast.Name) and len(ast.unparse(given[0])) <= 40:
            from mulligan_codemods.recognise.rename import renamed  # noqa: PLC0415 - imports libcst

            return renamed(self._layout.source(given[0]), self._hook_fold(given[1])).strip()
        if value is not None and value == self._reading.delay:
            return "event.delay"
        raise Refused("ML210", f"the handler reads `{text}`, which a callback doesn't know", self._reading.handler)

    def _last_fold(self) -> Callable[[str], str | None]:
        end = self._reading.end
        attempts = end.attempts or _listed_attempts(self._reading.listed)

        def fold(text: str) -> str | None:
            if text == self._reading.error:
                return None
            if text in self._saved and not self._reading.place.read_later(text):
                return self._reading.error
            value = self._value(text, end.known)
            if isinstance(value, _Nothing):
                return None
            if isinstance(value, Line) and value.step.number is not None and attempts is not None:
                return _shown(value.start.plus(attempts.plus(Sum(-1)).times(value.step)))
            if value is None:
                return None
            raise Refused("ML205", f"what follows the last failure reads `{text}`", self._reading.place.loop)

        return fold

    def _given(self, name: str) -> tuple[ast.expr, Known] | None:
        for each in self._reading.line:
            match each.step.statement:
                case ast.Assign(targets=[ast.Name(id=found)], value=value) if found == name:
                    return None if name in self._sources_of(value) else (value, each.known)
                case _:
                    continue
        return None

    def _sources_of(self, value: ast.expr) -> frozenset[str]:
        """Answer every name that a value is computed from, by way of the handler's assignments too."""
        found = frozenset[str]()
        more = read_names([value])
        while not more <= found:
            found |= more
            given = [each.step.statement for each in self._reading.line if self._assigned(each) in found]
            more = read_names(given)
        return found

    def _value(self, text: str, known: Known) -> Value | _Nothing | None:
        """Answer the value of an expression that reads a variable of the loop; `_NOTHING` where it reads none."""
        try:
            expression = ast.parse(text, mode="eval").body
        except SyntaxError:
            return _NOTHING
        read = read_names([expression])
        if not read & self._bound or (not isinstance(expression, ast.Name) and self._reading.error in read):
            return _NOTHING
        value = evaluate(expression, known, self._reading.place.names)
        if value is None and not isinstance(expression, ast.Name):
            return _NOTHING
        return value


def _leaves(each: Placed) -> bool:
    """Tell whether an effect may leave the loop."""
    return isinstance(each.step, Effect) and exits([each.step.statement]) != frozenset({Exit.NEXT})


class _Nothing:
    """No value: the expression has nothing to do with the loop's variables."""


_NOTHING = _Nothing()


def _shown(total: Sum) -> str:
    found = amount(total)
    return found.text if isinstance(found, Symbol) else str(found)


def _listed_attempts(listed: Delays | None) -> Sum | None:
    """Answer how many attempts a list of delays makes: one more than it has."""
    if listed is None:
        return None
    if isinstance(listed.values, Symbol):
        return Sum(1, ((f"len({listed.values.text})", 1),), listed.values.names)
    return Sum(len(listed.values) + 1)


def _is_float(value: Value) -> bool:
    """Tell whether the code computes a float, as a schedule does, and not an integer."""
    match value:
        case Jittered():
            return True
        case Capped(value=inner):
            return _is_float(inner)
        case Growth(base=base, ratio=ratio):
            return isinstance(base.number, float) or isinstance(ratio.number, float)
        case Line():
            return isinstance(value.start.number, float) or isinstance(value.step.number, float)


def _only_leaves(body: Sequence[ast.stmt]) -> bool:
    """Tell whether statements raise or return, and call nothing but the new exception's class."""
    match body:
        case [ast.Raise(exc=ast.Call(args=args, keywords=keywords))]:
            parts: list[ast.AST] = [*args, *keywords]
        case [ast.Raise() | ast.Return()]:
            parts = list(body)
        case _:
            return False
    return not any(isinstance(node, ast.Call | ast.Await) for part in parts for node in ast.walk(part))


def is_log(statement: ast.stmt) -> bool:
    """Tell whether a statement does nothing but log, or bind a name."""
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr=name))):
            return name in LOGS
        case ast.Expr(value=ast.Call(func=ast.Name(id=name))):
            return name in {"print", "log", *LOGS}
        case ast.If(test=test, body=body, orelse=otherwise):
            return all(map(is_log, (*body, *otherwise))) and not any(
                isinstance(each, ast.Call) for each in ast.walk(test)
            )
        case _:
            return isinstance(statement, ast.Assign) or not any(
                isinstance(node, ast.Call) for node in own_nodes([statement])
            )
