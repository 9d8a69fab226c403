"""One execution of the rewritten side: its attempts are interpreted, its decisions are mulligan's own.

Rules: `mulligan.decision.decide` says what follows each outcome, on a real policy with the real schedule and limits.
Only what it can't do is done here: calling interpreted code, asking an interpreted predicate, and sleeping.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mulligan.decision import Retry, State, decide
from mulligan.errors import ClassifierError, ConfigError
from mulligan.outcome import Raised, Reason, Returned
from mulligan_codemods.prove.machine import operators
from mulligan_codemods.prove.machine.core import Arguments, thrown
from mulligan_codemods.prove.machine.expressions import is_log
from mulligan_codemods.prove.runtime.base import RuntimeValue
from mulligan_codemods.prove.runtime.standins import StandInError
from mulligan_codemods.prove.values.effects import Mark, MarkKind, Refused, Steps, Thrown
from mulligan_codemods.prove.values.functions import CoroutineObject, FunctionObject
from mulligan_codemods.prove.values.terms import (
    NONE,
    Attr,
    Constant,
    ExceptionObject,
    Result,
    Root,
    Term,
    Value,
    constant,
    path_text,
)
from mulligan_codemods.prove.worlds.world import Key

if TYPE_CHECKING:
    from mulligan.decision import Decision
    from mulligan.policy import Policy
    from mulligan_codemods.prove.machine.calls import Calls
    from mulligan_codemods.prove.runtime.policies import PolicyValue

__all__ = ["Run", "after_error", "begun", "pause", "run_execution"]

_EXCEPTION = frozenset({Root("builtin", "Exception")})
_BASE = Root("builtin", "BaseException")
_NUMBERED = frozenset({"attempt", "next_attempt", "elapsed", "state"})


@dataclass(slots=True, eq=False)
class Event(RuntimeValue):
    """What `on_retry` is given."""

    policy: str
    attempt: int
    error: Value
    value: Value
    delay: float
    elapsed: Value

    def attribute(self, name: str, node: ast.AST) -> Value:
        """Read one of the event's public facts."""
        facts: dict[str, Value] = {
            "policy": constant(self.policy),
            "attempt": constant(self.attempt),
            "next_attempt": constant(self.attempt + 1),
            "error": self.error,
            "value": self.value,
            "delay": constant(self.delay),
            "elapsed": self.elapsed,
        }
        if name not in facts:
            raise Refused("ML401", f"event.{name} is not interpreted", node)
        return facts[name]


@dataclass(slots=True, eq=False)
class Run:
    """Where one execution stands."""

    policy: PolicyValue
    on_retry: Value
    asynchronous: bool
    place: tuple[int, int]
    began: float
    attempt: int = 1
    previous: float | None = None

    def shape(self) -> tuple[object, ...]:
        """Return what decides how the execution goes on; numbers that nothing reads are left out."""
        endless = self.policy.is_endless(self.attempt) and not _reads_numbers(self.on_retry)
        numbers = () if endless else (self.attempt, self.previous)
        return (self.place, self.policy, self.on_retry, numbers, self.began)


def begun(machine: Calls, policy: PolicyValue, on_retry: Value, node: ast.AST, *, asynchronous: bool) -> Run:
    """Return an execution at its beginning."""
    place = (getattr(node, "lineno", 0), getattr(node, "col_offset", 0))
    return Run(policy, on_retry, asynchronous, place, machine.world.now)


def _reads_numbers(on_retry: Value) -> bool:
    if not isinstance(on_retry, FunctionObject):
        return on_retry != NONE
    names = {node.attr for node in ast.walk(on_retry.node) if isinstance(node, ast.Attribute)}
    return bool(names & _NUMBERED)


def run_execution(machine: Calls, run: Run, function: Value, arguments: Arguments, node: ast.AST) -> Steps[Value]:
    """Attempt until the decision is to stop.

    Raises:
        Thrown: the operation's own last error, or what mulligan raises.
    """
    with machine.within("execution", lambda: (*run.shape(), function, arguments.operands)):
        while True:
            yield Mark(MarkKind.ATTEMPT)
            machine.tick(node)
            error: Value | None = None
            value: Value = NONE
            try:
                value = yield from attempt(machine, run, function, arguments, node)
            except Thrown as caught:
                error = caught.value
            if error is None:
                step = yield from after_value(machine, run, value, node)
            else:
                with machine.handled(error):
                    yield Mark(MarkKind.CAUGHT)
                    step = yield from after_error(machine, run, error, node)
            if step is None:
                return value
            yield from pause(machine, run, step, node)


def attempt(machine: Calls, run: Run, function: Value, arguments: Arguments, node: ast.AST) -> Steps[Value]:
    """Make one attempt."""
    if isinstance(function, Attr):
        machine.world.assumes("lookup", path_text(function), matters=False)
    value = yield from machine.call(function, arguments, node)
    if run.asynchronous:
        return (yield from machine.await_value(value, node))
    if isinstance(value, CoroutineObject):
        raise thrown("TypeError", "the operation answered an awaitable")
    return value


def after_error(machine: Calls, run: Run, error: Value, node: ast.AST) -> Steps[Retry]:
    """Decide after a failure, inside its handler.

    Raises:
        Thrown: the error, where no retry follows.
    """
    decision = yield from decided_error(machine, run, error, node)
    if isinstance(decision, Retry):
        yield from announce(machine, run, decision, error, NONE, node)
        return decision
    yield Mark(MarkKind.STOPPED)
    if decision.reason not in {Reason.NOT_RETRYABLE, Reason.ACCEPTED}:
        if run.policy.policy.on_exhausted == "wrap":
            raise Thrown(ExceptionObject("mulligan.RetryExhausted", (), cause=error))
        if run.policy.policy.note:
            machine.noted.add("a note about the attempts is added to the exception")
    raise Thrown(error)


def decided_error(machine: Calls, run: Run, error: Value, node: ast.AST) -> Steps[Decision]:
    """Ask mulligan what follows a failure."""
    holds = False
    if run.policy.on_error is not None and machine.instance_of(error, _EXCEPTION):
        holds = yield from predicate(machine, run.policy.on_error, error, error, node)
    by_types = run.policy.on_error is None and _BASE not in run.policy.classes  # then only the types decide
    stand_in = StandInError(error, machine.instance_of, is_ordinary=by_types)
    return _decided(machine, run, run.policy.judging(error_holds=holds), Raised(stand_in))


def predicate(machine: Calls, function: Value, subject: Value, error: Value | None, node: ast.AST) -> Steps[bool]:
    """Ask an interpreted predicate, as mulligan asks it: what it raises is a ClassifierError."""
    try:
        with machine.within("predicate", lambda: (subject,)):
            answer = yield from machine.call(function, Arguments((("", subject),)), node)
    except Thrown as caught:
        if not machine.instance_of(caught.value, _EXCEPTION):
            raise
        raise Thrown(ExceptionObject("mulligan.ClassifierError", (), cause=error or caught.value)) from None
    if answer == NONE or isinstance(answer, CoroutineObject):
        raise Thrown(ExceptionObject("mulligan.ClassifierError", (), cause=error))
    if not isinstance(answer, Constant) and machine.world.is_none(answer):
        raise Thrown(ExceptionObject("mulligan.ClassifierError", (), cause=error))
    return operators.truth(machine.world, answer)


def _decided(machine: Calls, run: Run, policy: Policy[object], outcome: Raised | Returned[object]) -> Decision:
    is_drawn = isinstance(outcome, Raised) or run.policy.on_value is not None  # what is accepted waits for nothing
    state = State(attempt=run.attempt, seed=machine.world.seed() if is_drawn else 0, previous=run.previous)
    try:
        return decide(policy, state, outcome, machine.world.now - run.began)
    except ConfigError as error:
        raise thrown("mulligan.ConfigError", str(error)) from None
    except ClassifierError as error:
        raise thrown("mulligan.ClassifierError", str(error)) from None


def after_value(machine: Calls, run: Run, value: Value, node: ast.AST) -> Steps[Retry | None]:
    """Decide after a returned value; `None` where it is the answer.

    Raises:
        Thrown: RetryExhausted, where it is not accepted and no retry follows.
    """
    holds = False
    if run.policy.on_value is not None:
        holds = yield from predicate(machine, run.policy.on_value, value, None, node)
    decision = _decided(machine, run, run.policy.judging(value_holds=holds), Returned(None))
    if isinstance(decision, Retry):
        yield from announce(machine, run, decision, NONE, value, node)
        return decision
    if decision.reason is not Reason.ACCEPTED:
        yield Mark(MarkKind.STOPPED)
        if run.policy.policy.on_exhausted != "return":
            raise Thrown(ExceptionObject("mulligan.RetryExhausted", ()))
    return None


def announce(  # noqa: PLR0917 - what an event is made of
    machine: Calls, run: Run, decision: Retry, error: Value, value: Value, node: ast.AST
) -> Steps[None]:
    """Call `on_retry`; what it raises propagates."""
    if run.on_retry == NONE:
        return
    elapsed = operators.operation(machine.world, "elapsed", Root("local", "the execution"))
    event = Event(run.policy.policy.name, run.attempt, error, value, decision.delay, elapsed)
    with machine.within("on_retry", lambda: (decision.delay,)):
        answer = yield from machine.call(run.on_retry, Arguments((("", event),)), node)
    if isinstance(answer, CoroutineObject) or (run.asynchronous and _is_awaitable(machine, answer)):
        if not run.asynchronous:
            raise thrown("TypeError", "on_retry is async")
        yield from machine.await_value(answer, node)


def _is_awaitable(machine: Calls, answer: Value) -> bool:
    """Tell whether what `on_retry` answered can be awaited; a logger's answer can't."""
    if not isinstance(answer, Term):
        return False
    if isinstance(answer, Result) and is_log(machine.world.made.get(answer.effect, answer)):
        return False
    return machine.world.choose(Key("awaitable", (answer,)), (False, True))


def pause(machine: Calls, run: Run, decision: Retry, node: ast.AST) -> Steps[None]:
    """Sleep as the executor does, outside the handler, and begin the next attempt."""
    delay = constant(decision.delay)
    yield from machine.sleep(delay, node, asynchronous=run.asynchronous)
    run.attempt, run.previous = decision.state.attempt, decision.state.previous
