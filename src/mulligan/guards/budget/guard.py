"""The retry budget as a guard.

Rules: it is asked before a retry, before the sleep that precedes it; a first attempt is never refused. What was taken
out for a retry that isn't made (another guard refuses it, it is cancelled in its sleep) is put back in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mulligan.classify import Accept, Fail, Transient
from mulligan.errors import ConfigError
from mulligan.guards.arguments import plain
from mulligan.guards.budget.accountings import quota
from mulligan.guards.budget.states import BEGIN, Accounting, Answer, Event, Refund, Settle, Withdraw
from mulligan.guards.cells import ask, tell
from mulligan.guards.instants import here
from mulligan.guards.judging import counted, judged
from mulligan.guards.keyed import Keyed
from mulligan.guards.stores.memory import MemoryStore
from mulligan.outcome import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from mulligan.classify import Classifier
    from mulligan.guards.buckets import Window
    from mulligan.guards.cells import Cell, Store
    from mulligan.guards.protocol import Call, Ending, Said

__all__ = ["Budget"]


class Budget(Keyed["Window", Event, Answer]):
    """Refuse retries once too many are needed: what backoff alone can't do in an outage.

    One instance serves any number of threads, tasks, pipelines and dependencies. When it refuses a retry, the
    operation's own error is raised, with a note that says so.

    Args:
        name: what to call it in events, errors and stores.
        accounting: how it counts: `quota()`, `token_ratio()`, `deposit()` or `retry_share()`.
        throttled: a classifier; where it says transient, the other side said that it is too much, and a quota takes
            its throttling cost.
        classify: what counts; the policy's classification when left out. Transient is a failure, accept a success,
            fail and cancellation count as nothing.
        key: tells dependencies apart: a constant, or a function of the call's arguments.
        store: where the states sit; this process's memory when left out.
        max_keys: how many dependencies are remembered.

    Raises:
        ConfigError: when an argument can't be used.

    >>> from mulligan import Pipeline, Policy, no_delay, try_execute
    >>> budget = Budget("billing", quota(capacity=28, cost=14))
    >>> careful = Pipeline(Policy(retry_on=ValueError, schedule=no_delay(), max_attempts=10), guards=[budget])
    >>> answer = try_execute(careful, int, "x")
    >>> answer.attempts, answer.reason
    (3, <Reason.REFUSED: 'refused'>)
    """

    def __init__(
        self,
        name: str = "budget",
        accounting: Accounting | None = None,
        *,
        throttled: Classifier[object] | None = None,
        classify: Classifier[object] | None = None,
        key: str | Callable[..., object] = "",
        store: Store | None = None,
        max_keys: int = 10_000,
    ) -> None:
        if accounting is not None and not callable(getattr(accounting, "step", None)):
            raise ConfigError("accounting", accounting, "give quota(), token_ratio(), deposit() or retry_share()")
        if throttled is not None:
            plain("throttled", throttled)
        self.accounting: Accounting = quota() if accounting is None else accounting
        super().__init__(name, key, store, max_keys, self.accounting, classify=classify)
        self.throttled = throttled

    def visit(self, call: Call, /) -> BudgetVisit:
        """Answer this budget's part in one execution."""
        return BudgetVisit(self, call)

    def may_rest(self) -> bool:
        """Tell whether it need not be asked while it is quiet: nothing but the policy's verdict counts, in memory."""
        return type(self) is Budget and self.classify is None and type(self.store) is MemoryStore

    def level(self, key: str = "") -> float:
        """Answer what is in the budget, as this process knows it.

        Args:
            key: which dependency.
        """
        return float(self.accounting.level(*self.cell(key).known(here())))


class BudgetVisit:
    """A budget's part in one execution.

    Args:
        budget: the guard.
        call: the execution.
    """

    __slots__ = ("budget", "call", "cell", "held")

    def __init__(self, budget: Budget, call: Call) -> None:
        self.budget: Budget = budget
        self.call: Call = call
        self.cell: Cell[Window, Event, Answer] = budget.cell(budget.key_of(call.args, call.kwargs))
        self.held: float = 0.0

    def resume(self, state: object, /) -> None:
        """Hold nothing: a first attempt takes nothing out."""

    def enter(self, attempt: int, now: float, /) -> Said:
        """Count an execution where the accounting does."""
        if attempt > 1 or not self.budget.accounting.counts_beginnings:
            return None
        return tell(self.cell, BEGIN, now, self.call)

    def leave(self, ending: Ending, now: float, /) -> Said:
        """Count what the attempt did, where the accounting does."""
        held, self.held = self.held, 0.0
        if not self.budget.accounting.counts_endings:
            return None
        verdict = counted(self.budget.classify, ending)
        if isinstance(verdict, Fail):
            return None
        return tell(self.cell, Settle(accepted=isinstance(verdict, Accept), held=held), now, self.call)

    def retry(self, ending: Ending, delay: float, now: float, /) -> Said:  # noqa: ARG002 - the protocol's
        """Take out what a retry costs."""
        rule = self.budget.throttled
        throttled = rule is not None and isinstance(judged("throttled", rule, ending.outcome), Transient)
        return ask(self.cell, Withdraw(throttled=throttled), now, self.call, self._taken)

    def release(self, now: float, /) -> Said:
        """Put back in what was taken out for a retry that isn't made."""
        if not self.held:
            return None
        event = Refund(held=self.held)
        self.held = 0.0
        return tell(self.cell, event, now, self.call)

    def _taken(self, answer: Answer) -> Refusal | None:
        self.held = answer.held
        return None if answer.granted else Refusal(by=self.budget.name)
