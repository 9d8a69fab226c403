"""Propose jitter, caps and timeouts for the policies of a module, as an edit of its own.

A rewrite keeps what the loop did, its hazards included; these edits change it, so they are unsafe by definition and
stand in a diff that can be read and applied alone.

Rules: pure; only schedules and policies that mulligan's own functions make, by names that are certain; what a proposal
changes is an argument or a call behind the schedule, everything else stays as it is.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mulligan_codemods.names import names_of
from mulligan_codemods.texts.imports import with_imports
from mulligan_codemods.texts.layout import layout_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mulligan_codemods.names import Names
    from mulligan_codemods.texts.layout import Layout

__all__ = ["Hardened", "Proposal", "hardened"]

CAP, TIMEOUT, RATIO = 60, 600, 0.25
"""Seconds that a delay may grow to; seconds that an unbounded execution may take; jitter of delays that don't grow."""

JITTER = {
    "mulligan.exponential": "full_jitter()",
    "mulligan.fibonacci": "full_jitter()",
    "mulligan.constant": f"proportional_jitter({RATIO})",
    "mulligan.linear": f"proportional_jitter({RATIO})",
    "mulligan.from_delays": f"proportional_jitter({RATIO})",
}
GROWING = ("mulligan.exponential", "mulligan.fibonacci")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One change: its place, the hazard that it answers, and why.

    Args:
        line: where the policy or its schedule stands.
        code: the hazard's code in the rule table.
        message: what would change, and why.
    """

    line: int
    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hardened:
    """A module with all proposals applied; the text is the same where there are none."""

    text: str
    proposals: tuple[Proposal, ...]


@dataclass(frozen=True, slots=True)
class _Insertion:
    at: int
    text: str
    proposal: Proposal
    imported: str | None = None


def hardened(text: str) -> Hardened:
    r"""Apply every proposal to a module.

    Raises:
        SyntaxError: the text is no Python.

    >>> found = hardened("from mulligan import Policy, constant\nP = Policy(retry_on=OSError, schedule=constant(1))\n")
    >>> found.text.splitlines()[1]
    'P = Policy(retry_on=OSError, schedule=constant(1).jittered(proportional_jitter(0.25)))'
    >>> found.proposals[0].code
    'ML102'
    """
    tree = ast.parse(text)
    layout, names = layout_of(text), names_of(tree, ())
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    found = [each for call in calls for each in (*_of_schedule(call, layout, names), *_of_policy(call, layout, names))]
    if not found:
        return Hardened(text=text, proposals=())
    for each in sorted(found, key=lambda each: each.at, reverse=True):
        text = text[: each.at] + each.text + text[each.at :]
    text = with_imports(text, sorted({("mulligan", each.imported) for each in found if each.imported is not None}))
    proposals = sorted((each.proposal for each in found), key=lambda each: (each.line, each.code))
    return Hardened(text=text, proposals=tuple(proposals))


def _of_schedule(call: ast.Call, layout: Layout, names: Names) -> Iterator[_Insertion]:
    """Yield what the schedule of a policy, or of its `replace`, lacks: a cap first, then jitter."""
    replaced = isinstance(call.func, ast.Attribute) and call.func.attr == "replace"
    if not replaced and names.resolve(call.func) != "mulligan.Policy":
        return
    schedule = next((each.value for each in call.keywords if each.arg == "schedule"), None)
    inner, methods = _unwound(schedule)
    made = None if inner is None else names.resolve(inner.func)
    if schedule is None or inner is None or made not in JITTER:
        return
    if made in GROWING and "capped" not in methods and not any(each.arg == "cap" for each in inner.keywords):
        message = f"the delay grows to at most {CAP} s instead of without bound"
        at = _end(layout, inner) - 1
        begun = layout.text[:at].rstrip()
        added = Proposal(line=inner.lineno, code="ML103", message=message)
        yield _Insertion(len(begun), f" cap={CAP}" if begun.endswith(",") else f", cap={CAP}", added)
    if "jittered" not in methods:
        jitter = JITTER[made]
        message = f"{jitter} spreads the retries of clients that failed together"
        added = Proposal(line=inner.lineno, code="ML102", message=message)
        yield _Insertion(_end(layout, schedule), f".jittered({jitter})", added, jitter.partition("(")[0])


def _of_policy(call: ast.Call, layout: Layout, names: Names) -> Iterator[_Insertion]:
    """Yield a timeout for a policy that has no limit at all."""
    given = {each.arg: each.value for each in call.keywords}
    limit = given.get("max_attempts")
    if names.resolve(call.func) != "mulligan.Policy" or limit is None or names.resolve(limit) != "mulligan.UNLIMITED":
        return
    if not {"timeout", "stop_after"} & given.keys():
        message = f"the caller waits at most {TIMEOUT} s instead of for ever"
        added = Proposal(line=call.lineno, code="ML101", message=message)
        yield _Insertion(_end(layout, call.keywords[-1].value), _field(call, layout), added)


def _field(call: ast.Call, layout: Layout) -> str:
    """Answer the new argument, on a line of its own where the last one has one."""
    last = call.keywords[-1]
    own_line = last.lineno != call.lineno
    return f",\n{layout.indent(last.lineno)}timeout={TIMEOUT}" if own_line else f", timeout={TIMEOUT}"


def _unwound(schedule: ast.expr | None) -> tuple[ast.Call | None, frozenset[str]]:
    """Answer the call that makes a schedule, and the methods that are called on it."""
    methods: set[str] = set()
    while isinstance(schedule, ast.Call) and isinstance(schedule.func, ast.Attribute):
        if not isinstance(schedule.func.value, ast.Call):
            break
        methods.add(schedule.func.attr)
        schedule = schedule.func.value
    return (schedule if isinstance(schedule, ast.Call) else None), frozenset(methods)


def _end(layout: Layout, node: ast.expr) -> int:
    span = layout.span(node)
    return layout.starts[span.end_line - 1] + span.end_column
