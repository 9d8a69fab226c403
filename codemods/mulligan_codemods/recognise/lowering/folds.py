"""What the names of a handler become in the pieces of the new code.

In a callback the error is `event.error`, the delay `event.delay` and a counter an expression of `event.attempt`; behind
the last failure a counter has its last value.

Rules: pure; a name that would mean something else in its new place is refused.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mulligan_codemods.lowered import Symbol
from mulligan_codemods.names import bound_names, read_names
from mulligan_codemods.recognise.loops.heads import Items
from mulligan_codemods.recognise.numbers.sums import Sum, amount
from mulligan_codemods.recognise.numbers.values import Capped, Growth, Jittered, Line, Value, evaluate
from mulligan_codemods.recognise.reading.effects import assigned, is_save
from mulligan_codemods.recognise.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from mulligan_codemods.lowered import Delays
    from mulligan_codemods.recognise.numbers.counters import Known
    from mulligan_codemods.recognise.reading.reading import Reading

__all__ = ["Folds", "keep_all"]

ATTEMPT = Sum(0, (("event.attempt", 1),))


def keep_all(_: str) -> str | None:
    """Keep every expression."""
    return None


class Folds:
    """Answers what stands in the place of an expression, `None` to keep it."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._bound = bound_names([reading.place.loop])
        early = [each.step.statement for each in reading.line[: reading.end.position]]
        self.saved = bound_names([each for each in early if is_save(each, reading.error)])

    def constant(self, known: Known, own: frozenset[str]) -> Callable[[str], str | None]:
        """Answer the fold for what runs at every failure: nothing there knows the attempt's number.

        Args:
            known: what is known of the variables there.
            own: the names that the statement itself binds.
        """

        def fold(text: str) -> str | None:
            value = self._value(text, known)
            if isinstance(value, _Nothing) or text == self._reading.error or (text in own and value is None):
                return None
            if isinstance(value, Line) and value.step.number == 0:
                return None
            raise Refused("ML210", f"what happens at every failure reads `{text}`", self._reading.handler)

        return fold

    def before_retry(self, known: Known) -> Callable[[str], str | None]:
        """Answer the fold for a callback."""
        asked = self._reading.asked
        own = {self._reading.error: "event.error", **({asked.name: "event.delay"} if asked is not None else {})}

        def fold(text: str) -> str | None:
            if text in own:
                return own[text]
            compared = self._compared_attempt(text, known)
            if compared is not None:
                return compared
            value = self._value(text, known)
            if isinstance(value, _Nothing):
                return None
            if isinstance(value, Line) and value.step.number is not None:
                shown = _counted(value)
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
            from mulligan_codemods.recognise.lowering.rename import renamed  # noqa: PLC0415 - imports libcst

            return renamed(self._reading.place.layout.source(given[0]), self.before_retry(given[1])).strip()
        if value is not None and value == self._reading.delay:
            return "event.delay"
        raise Refused("ML210", f"the handler reads `{text}`, which a callback doesn't know", self._reading.handler)

    def last(self, at: Known | None = None) -> Callable[[str], str | None]:
        """Answer the fold for what runs behind the last failure.

        Args:
            at: what is known of the variables there; by default what is when the loop ends.
        """
        end = self._reading.end
        known = end.known if at is None else at
        attempts = end.attempts or _listed_attempts(self._reading.listed)

        def fold(text: str) -> str | None:
            if text == self._reading.error:
                return None
            if text in self.saved and not self._reading.place.read_later(text):
                return self._reading.error
            value = self._value(text, known)
            if isinstance(value, _Nothing):
                return None
            if isinstance(value, Line) and value.step.number is not None and attempts is not None:
                return _shown(value.start.plus(attempts.plus(Sum(-1)).times(value.step)))
            if value is None:
                return None
            if isinstance(value, Growth) and attempts is not None:
                grown = _grown(value, attempts)
                if grown is not None:
                    return grown
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
            given = [each.step.statement for each in self._reading.line if assigned(each) in found]
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


class _Nothing:
    """No value: the expression has nothing to do with the loop's variables."""


_NOTHING = _Nothing()


def _grown(value: Growth, attempts: Sum) -> str | None:
    """Answer a growing number at the last failure, where all of it is known."""
    base, ratio, count = value.base.number, value.ratio.number, attempts.number
    return None if base is None or ratio is None or count is None else str(base * ratio ** (count - 1))


def _counted(value: Line) -> str:
    """Answer a value that a callback computes from the attempt's number: `event.attempt + 1`, `event.attempt * 5`."""
    before = ATTEMPT.plus(Sum(-1))
    if value.start.number == 0 and value.step.number not in {0, 1, -1}:
        return f"({_shown(before)}) * {_shown(value.step)}"
    return _shown(value.start.plus(before.times(value.step)))


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
