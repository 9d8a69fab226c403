"""A loop in the terms of its rewrite: the operation, what happens at failures, between attempts and at the end."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mulligan_codemods.lowered.parameters import Parameters
    from mulligan_codemods.site import Span

__all__ = ["Beside", "Between", "Block", "Call", "Ending", "Hint", "Hook", "Lowered", "Predicate", "Result", "Use"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """The operation is one call.

    Args:
        callee: the function's text; the whole expression's, where the call isn't direct.
        arguments: the texts of a direct call's arguments.
        direct: whether callee and arguments may be evaluated once, before the first attempt.
        name: what a local function around it would be called.
        column: how far from its statement's margin it stood, which its further lines may be aligned with.
    """

    callee: str
    arguments: tuple[str, ...]
    direct: bool
    name: str = "attempt"
    column: int = 0


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
