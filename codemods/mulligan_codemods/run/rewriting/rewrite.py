"""Rewrite the candidates of one file, each proved against the text that the one before left.

Rules: from the last site to the first, so that what is still to come does not move within its function; a rewrite
that is not applied leaves the text as it was; a stage that crashes costs one site. Nothing is written here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, assert_never

from mulligan_codemods.files.source import Source, Unreadable
from mulligan_codemods.files.width import line_length
from mulligan_codemods.find import Candidate, find
from mulligan_codemods.prove.result import Differs, Proof, Proved, Undecided, Unsupported
from mulligan_codemods.rows import Fix
from mulligan_codemods.run.rewriting.replacing import replacements
from mulligan_codemods.run.rewriting.staged import modern_views, staged_violation
from mulligan_codemods.run.rewriting.verify import violation
from mulligan_codemods.site import Reason, Site, Span, Status
from mulligan_codemods.texts.fitting import fitted
from mulligan_codemods.uses.tables import tables_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mulligan.compat.symbols import Library
    from mulligan_codemods.rows import Row
    from mulligan_codemods.run.stages import Rewritten, Stages

__all__ = ["Plan", "Rewrites", "Task", "candidates", "died", "rewrite"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the rewrites of a file share.

    Args:
        module: the absolute name of the central policies module; empty where there is none.
        policies: that module's text.
        names: the policy's name for each site, by the site's first line.
        unsafe: whether rewrites that are not safe are applied too.
        staged: whether the old code is kept behind the flag.
        helpers: the tables of the team's own helpers.
    """

    module: str
    policies: str
    names: Mapping[int, str]
    unsafe: bool = False
    staged: bool = False
    helpers: tuple[Library, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewrites:
    """A file's rows after the attempt to rewrite, and the text with all rewrites that are to be applied."""

    rows: tuple[Row, ...]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One file to be rewritten: its candidates are among `rows`, the sites of `source`."""

    source: Source
    rows: tuple[Row, ...]
    plan: Plan


def rewrite(task: Task, stages: Stages) -> Rewrites:
    """Rewrite the candidates of one file."""
    text, done = task.source.text, list(task.rows)
    for index, row in reversed(list(enumerate(task.rows))):
        if row.status is Status.CANDIDATE:
            done[index], text = _rewritten(task.source, row, text, task.plan, stages)
    return Rewrites(rows=tuple(done), text=_shared(task.source, text, [row.site for row in done if row.planned]))


def _shared(source: Source, text: str, sites: list[Site]) -> str:
    """Answer a text whose calls share the policies that they spell alike."""
    if len(sites) < 2:
        return text
    from mulligan_codemods.emit.sharing import with_shared_policies  # noqa: PLC0415 -- most files hold one site

    return with_shared_policies(text, sites, line_length(source.path, source.text))


def candidates(task: Task) -> int:
    """Count the sites that a task is about."""
    return sum(row.status is Status.CANDIDATE for row in task.rows)


def died(task: Task, why: str) -> Rewrites:
    """Answer what to say of a file on which the whole process died, or which took too long."""
    code = "ML009" if why.endswith("died") else "ML014"
    message = f"{why} while this file was rewritten"
    rows = tuple(
        _ended(row, Status.FAILED, code, message) if row.status is Status.CANDIDATE else row for row in task.rows
    )
    return Rewrites(rows=rows, text=task.source.text)


def _rewritten(source: Source, row: Row, text: str, plan: Plan, stages: Stages) -> tuple[Row, str]:
    try:
        return _step(source, row, text, plan, stages)
    except Exception as error:  # noqa: BLE001 -- a crash costs this site only
        message = f"{type(error).__name__}: {error}"
        return _ended(row, Status.FAILED, "ML009", message), text


def _step(source: Source, row: Row, text: str, plan: Plan, stages: Stages) -> tuple[Row, str]:
    now = replace(source, data=text.encode(), text=text)
    site = row.site if text == source.text else _found_again(now, row, plan, stages)
    if site is None or site.lowered is None:
        return _ended(row, Status.REFUSED, "ML229", "another rewrite in this file changed the site"), text
    moved = row.site.span.line - site.span.line
    policy = plan.names[row.site.span.line]
    emitted = _emitted(text, site, policy, plan, stages)
    if isinstance(emitted, Reason):
        return replace(row, status=Status.REFUSED, reason=_moved(emitted, moved)), text
    row = replace(row, policy=policy, form=emitted.form, dropped=emitted.dropped, unread=emitted.unread)
    after = _fitted(source, text, emitted.text, plan)
    wrong = _violation(text, after, site, policy, plan)
    if wrong is not None:
        return _ended(row, Status.FAILED, "ML010", wrong), text
    policies = {plan.module: plan.policies} if plan.module else {}
    proof = stages.prove(*modern_views(text, after), site, policies)
    row = _verdict(row, proof, moved)
    if row.status is not Status.SAFE and not plan.unsafe:
        return row, text
    fix = _alone(source, row, after if text == source.text else None, plan, stages)
    return replace(row, planned=True, fix=fix), after


def _violation(before: str, after: str, site: Site, policy: str, plan: Plan) -> str | None:
    return (staged_violation if plan.staged else violation)(before, after, site, policy)


def _emitted(text: str, site: Site, policy: str, plan: Plan, stages: Stages) -> Rewritten | Reason:
    emit = stages.stage if plan.staged else stages.emit
    return emit(text, site, policy, plan.module)


def _fitted(source: Source, before: str, after: str, plan: Plan) -> str:
    """Answer the text with its new lines broken; where old code is kept, that was done when it was emitted."""
    return after if plan.staged else fitted(before, after, line_length(source.path, source.text))


def _alone(source: Source, row: Row, text: str | None, plan: Plan, stages: Stages) -> Fix | None:
    """Answer the rewrite of a site as if it were the only one; `text` is that, where it is known."""
    if text is None and row.policy is not None:
        emitted = _emitted(source.text, row.site, row.policy, plan, stages)
        text = None if isinstance(emitted, Reason) else _fitted(source, source.text, emitted.text, plan)
    return None if text is None else Fix(replacements=replacements(source.text, text))


def _found_again(source: Source, row: Row, plan: Plan, stages: Stages) -> Site | None:
    """Recognise a site once more in a text that rewrites further down have changed."""
    found = find(source, tables_of(plan.helpers))
    again: tuple[Candidate, ...] = () if isinstance(found, Unreadable) else found
    for candidate in again:
        if (candidate.qualname, candidate.ordinal) == (row.site.qualname, row.ordinal):
            return stages.recognise(source, candidate)
    return None


def _verdict(row: Row, proof: Proof, moved: int) -> Row:
    row = replace(row, proof=proof)
    match proof:
        case Proved(assumptions=assumptions):
            uncommon = [assumption.text for assumption in assumptions if not assumption.documented]
            if not uncommon:
                return replace(row, status=Status.SAFE)
            return _ended(row, Status.UNSAFE, "ML492", f"equal only if {'; '.join(uncommon)}")
        case Differs(story=story):
            return _ended(row, Status.UNSAFE, "ML490", story)
        case Undecided(message=message):
            return _ended(row, Status.UNSAFE, "ML491", message)
        case Unsupported(code=code, message=message, line=line, in_new=in_new):
            told = f"{message} (in the rewritten text)" if in_new else message
            return _ended(row, Status.UNSAFE, code, told, None if in_new else line + moved)
    assert_never(proof)


def _ended(row: Row, status: Status, code: str, message: str, line: int | None = None) -> Row:
    span = row.site.span
    at = line if line is not None and span.line <= line <= span.end_line else span.line
    begin = span.column if at == span.line else 0
    where = Span(line=at, column=begin, end_line=at, end_column=begin)
    return replace(row, status=status, reason=Reason(code=code, message=message, span=where))


def _moved(reason: Reason, by: int) -> Reason:
    """Translate a reason about a later text to the lines of the file as it was read."""
    span = replace(reason.span, line=max(1, reason.span.line + by), end_line=max(1, reason.span.end_line + by))
    return replace(reason, span=span)
