"""What a recogniser understood of a site, in the terms of a policy: the contract between recognise, policies and emit.

Rules: values only, no syntax trees; every piece of source is text moved to the left margin (`Layout.block`), so that
all of it pickles between processes. An amount is a number where the code says it, otherwise the expression as the
code spells it: symbolic parameters stay symbolic.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mulligan_codemods.site import Span

__all__ = [
    "Additive",
    "Adopted",
    "Amount",
    "Beside",
    "Between",
    "Block",
    "Call",
    "Constant",
    "Delays",
    "Ending",
    "ErrorClass",
    "Exponential",
    "Fibonacci",
    "FullJitter",
    "Hint",
    "Hook",
    "Jitter",
    "Linear",
    "Longest",
    "Lowered",
    "NoDelay",
    "Origin",
    "Parameters",
    "Predicate",
    "Premise",
    "Proportional",
    "Result",
    "Schedule",
    "Shortest",
    "Strategy",
    "Symbol",
    "Understood",
    "Use",
]


@dataclass(frozen=True, slots=True)
class Symbol:
    """An expression as the code spells it, such as `self.retries`, with the names that it reads."""

    text: str
    names: frozenset[str] = field(default=frozenset(), compare=False, repr=False)


Amount = int | float | Symbol


@dataclass(frozen=True, slots=True)
class NoDelay:
    """The next attempt follows at once."""


@dataclass(frozen=True, slots=True)
class Constant:
    """Always the same delay, in seconds."""

    seconds: Amount


@dataclass(frozen=True, slots=True)
class Linear:
    """`start` seconds before the first retry, `step` more before each later one."""

    start: Amount
    step: Amount


@dataclass(frozen=True, slots=True)
class Exponential:
    """`base` seconds before the first retry, `factor` times as much before each later one."""

    base: Amount
    factor: Amount


@dataclass(frozen=True, slots=True)
class Delays:
    """Delays that are listed, as numbers or as the code spells the list; the schedule ends with them."""

    values: Symbol | tuple[int | float, ...]


@dataclass(frozen=True, slots=True)
class Fibonacci:
    """`base` seconds before the first and the second retry, then as Fibonacci's numbers grow."""

    base: Amount


@dataclass(frozen=True, slots=True)
class Longest:
    """The longest of several schedules at each retry."""

    parts: tuple[Schedule, ...]


@dataclass(frozen=True, slots=True)
class Shortest:
    """The shortest of several schedules at each retry."""

    parts: tuple[Schedule, ...]


Backoff = NoDelay | Constant | Linear | Exponential | Delays | Fibonacci | Longest | Shortest


@dataclass(frozen=True, slots=True)
class FullJitter:
    """Uniform between 0 and the backoff."""


@dataclass(frozen=True, slots=True)
class Additive:
    """The backoff and up to `most` seconds more."""

    most: Amount


@dataclass(frozen=True, slots=True)
class Proportional:
    """The backoff times a factor between `1 - ratio` and `1 + ratio`."""

    ratio: Amount


Jitter = FullJitter | Additive | Proportional


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """The delays: a backoff, bounded by `cap` seconds, then jittered; a `loose` cap may be below the first backoff."""

    backoff: Backoff
    cap: Amount | None = None
    jitter: Jitter | None = None
    loose: bool = False


class Origin(StrEnum):
    """Where the name of an exception class comes from, which says where a policy may name it."""

    BUILTIN = "builtin"
    IMPORTED = "imported"
    MODULE = "module"
    LOCAL = "local"


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorClass:
    """An exception class (or an expression for several) as the handler names it.

    Args:
        text: as the code spells it.
        module: for an imported one, the module that the import statement names, with leading dots.
        attribute: for an imported one, what is taken from the module; `None` for `import module`.
        bound: the name that the import binds.
    """

    text: str
    origin: Origin
    module: str | None = None
    attribute: str | None = None
    bound: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What a policy says; equal parameters share one policy.

    Args:
        retry_on: the classes that are retried.
        max_attempts: attempts including the first; `None`: no limit.
        stop_after: seconds after which a failure is the last; `None`: no limit.
        timeout: seconds that no sleep may pass; `None`: no limit.
        on_exhausted: what happens where no attempt is left, if it is not that the error is raised: "return" or "wrap".
    """

    retry_on: tuple[ErrorClass, ...]
    schedule: Schedule
    max_attempts: Amount | None
    stop_after: Amount | None = None
    timeout: Amount | None = None
    on_exhausted: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """The operation is one call.

    Args:
        callee: the function's text; the whole expression's, where the call isn't direct.
        arguments: the texts of a direct call's arguments.
        direct: whether callee and arguments may be evaluated once, before the first attempt.
        name: what a local function around it would be called.
    """

    callee: str
    arguments: tuple[str, ...]
    direct: bool
    name: str = "attempt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """The operation is several statements, which become a function of this name.

    Args:
        body: the statements; every success leaves them by `return`.
        returns: the annotation of its result, where the site's function is annotated.
        name: the local function's name.
        whole: whether the statements are all that the site's function does, so that it can carry the policy itself.
    """

    body: str
    returns: str | None
    name: str = "attempt"
    whole: bool = False


class Use(StrEnum):
    """What becomes of the operation's value."""

    RETURNED = "returned"
    ASSIGNED = "assigned"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What becomes of the operation's value, and the statements that follow a success."""

    use: Use
    target: str | None = None
    then: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """What happens between a failure and its delay; `event` is the event.

    Args:
        body: the statements.
        expression: the same as one expression, where it is one.
        name: the function's name where it needs one.
        waits: whether it awaits something.
        pauses: whether it makes the delay itself, so that the policy has none.
    """

    body: str
    expression: str | None
    name: str
    waits: bool = False
    pauses: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """An attempt as it stands, and what happens outside of the handler before the next one.

    Args:
        attempt: the statements of the attempt.
        body: the statements between attempts; `attempt` is the attempt that failed.
        own_name: whether the loop's own variable is called `attempt`, so that the name is free.
    """

    attempt: str
    body: str
    own_name: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Predicate:
    """A function that tells whether an error is retried.

    Args:
        name: what to call it.
        error: its parameter.
        body: its statements.
    """

    name: str
    error: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """A classifier of errors that ask for the delay themselves.

    Args:
        name: what to call it.
        pattern: the end of the pattern that fits errors which are retried, from the class on.
        body: the statements that answer the verdict.
    """

    name: str
    pattern: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What follows when the attempts are used up and the error is not simply raised.

    Args:
        bound: the name that the error is bound to.
        body: the statements that run while the error is handled.
        behind: the statements that run after that, where every success has left already.
    """

    bound: str | None
    body: str
    behind: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """A handler of errors that are not retried.

    Args:
        types: the classes, as the code spells them.
        bound: the name that the error is bound to.
        body: its statements.
        before: whether it comes before the handler of the errors that are retried.
    """

    types: str
    bound: str | None
    body: str
    before: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Lowered:
    """Everything that policies and emission need to know of a site.

    Args:
        plain: the operation as a call, where `operation` is a whole function that is to carry the policy itself.
        region: the lines that are replaced, from the loop's first line.
        removed: statements elsewhere that only served the loop (`tries = 0`).
        comments: comments of dropped statements, to stand before the new code.
        handler_comments: those of the handler, to stand before what runs between attempts.
        call_comments: those of an attempt that is one call, to stand before the call.
        remark: the comment behind the retrying handler's `except`.
        dropped: comments that are lost.
        names: every name that the site's scope knows, which new names must avoid.
        stem: the name that policy and functions are derived from.
        looped: the names that a loop around the site binds anew in each round.
        at_failure: statements that run at every failure, the last included, before the error is judged.
        failure_types: the classes that they run for.
        failure_name: the name that they know the error by.
        first: statements that run once, before the first attempt.
        between: what stands in the place of operation and hook, where a block is the right form.
    """

    asynchronous: bool
    annotated: bool
    parameters: Parameters
    operation: Call | Block
    result: Result
    region: Span
    plain: Call | Block | None = None
    removed: tuple[Span, ...] = ()
    predicate: Predicate | None = None
    hint: Hint | None = None
    hook: Hook | None = None
    ending: Ending | None = None
    beside: tuple[Beside, ...] = ()
    at_failure: str | None = None
    failure_types: str = ""
    failure_name: str | None = None
    first: str | None = None
    between: Between | None = None
    comments: tuple[str, ...] = ()
    handler_comments: tuple[str, ...] = ()
    call_comments: tuple[str, ...] = ()
    remark: str = ""
    dropped: tuple[str, ...] = ()
    names: frozenset[str] = frozenset()
    globals: frozenset[str] = frozenset()
    looped: frozenset[str] = frozenset()
    stem: str = ""

    @property
    def is_told_at_site(self) -> bool:
        """Whether a function of the site says what its policy can't: which errors are retried, or how it pauses."""
        return self.predicate is not None or (self.hook is not None and self.hook.pauses)


@dataclass(frozen=True, slots=True)
class Strategy:
    """What a library was told, in its own terms: a name, and what it was given, by parameter.

    It is what the proof models the library by, so no lowering goes into it.
    """

    name: str
    given: tuple[tuple[str, Told], ...] = ()


Told = int | float | bool | None | Symbol | Strategy | tuple[Strategy, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Premise:
    """Something about the code around that is taken for granted: the code of its kind, and a text for people."""

    code: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopted:
    """Everything that policies and emission need to know of the use of a library: one expression becomes another.

    Args:
        parameters: the policy's.
        region: the expression that is replaced.
        maker: what takes the policy, as it is called: `retry`, `execute`, `Execution`.
        after: the arguments behind it.
        suffix: what follows the call of it, such as `.run`.
        fields: fields of the policy that this site alone can say, such as a predicate: names and texts.
        mulligan: the names of mulligan that the new expression uses, besides those of the policy.
        imports: further names that it uses: pairs of a module and a name.
        original: what the library was told.
        premises: what is taken for granted.
        differences: how the new behaviour may differ, of the closed list of what is permitted.
        departures: how it differs beyond that; with one of them the rewrite is not safe.
        comments: those inside of the expression.
        names: every name that the site's scope knows.
        globals: the names that the module binds.
        stem: the name that the policy is derived from.
    """

    parameters: Parameters
    region: Span
    maker: str
    after: tuple[str, ...] = ()
    suffix: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    mulligan: frozenset[str] = frozenset()
    imports: tuple[tuple[str, str], ...] = ()
    original: Strategy = Strategy("")
    premises: tuple[Premise, ...] = ()
    differences: tuple[str, ...] = ()
    departures: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()
    names: frozenset[str] = frozenset()
    globals: frozenset[str] = frozenset()
    stem: str = ""


Understood = Lowered | Adopted
