"""Rewrite all files that share one central policies module, and plan what to write.

Rules: the proofs read the policies module as it would be with every candidate rewritten; what is written holds only
the policies of rewrites that are applied. The policies module comes first among the changes, so that a file never
imports what is not there yet.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from mulligan_codemods.rewrite import Plan, Rewrites, rewrite
from mulligan_codemods.site import Reason, Status
from mulligan_codemods.source import Source, Unreadable, read
from mulligan_codemods.write import Change

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mulligan_codemods.examine import Examined
    from mulligan_codemods.homes import Home
    from mulligan_codemods.report.rows import Row
    from mulligan_codemods.site import Site
    from mulligan_codemods.stages import Book, Stages

__all__ = ["Outcome", "campaign"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The rows by path, and the changes, the policies module's first."""

    rows: dict[str, tuple[Row, ...]]
    changes: tuple[Change, ...] = ()


class _Unusable(Exception):  # noqa: N818 -- control flow inside this module, never seen outside
    """Why a policies module can't be used, or what crashed on the way to it."""

    def __init__(self, status: Status, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


def campaign(
    home: Home, files: Sequence[Examined], stages: Stages, *, unsafe: bool, done: Callable[[], None]
) -> Outcome:
    """Rewrite the candidates of `files`, all of which import the policies module `home`.

    Args:
        home: the policies module.
        files: what was found in each file.
        stages: the stages to run.
        unsafe: whether rewrites that are not safe are applied too.
        done: called after each file.
    """
    try:
        return _campaign(home, files, stages, unsafe=unsafe, done=done)
    except _Unusable as unusable:
        return Outcome(rows={file.path: _all_ended(file.rows, unusable) for file in files})


def _campaign(
    home: Home, files: Sequence[Examined], stages: Stages, *, unsafe: bool, done: Callable[[], None]
) -> Outcome:
    if home.module is None:
        raise _Unusable(Status.REFUSED, "ML012", f"{home.path} has no importable name")
    existing = _existing(home)
    text = None if existing is None else existing.text
    book = _assigned(stages, [row.site for file in files for row in file.rows if _is_candidate(row)], text)
    policies = book.render(text)
    rewrites: list[tuple[Source, Rewrites]] = []
    for file in files:
        if file.source is not None:
            names = {row.site.span.line: book.name_for(row.site) for row in file.rows if _is_candidate(row)}
            plan = Plan(module=home.module, policies=policies, names=names, unsafe=unsafe)
            rewrites.append((file.source, rewrite(file.source, file.rows, plan, stages)))
        done()
    return _outcome(home, existing, stages, book, rewrites)


def _is_candidate(row: Row) -> bool:
    return row.status is Status.CANDIDATE


def _existing(home: Home) -> Source | None:
    if not Path(home.path).exists():
        return None
    source = read(home.path)
    if isinstance(source, Unreadable):
        raise _Unusable(Status.REFUSED, "ML012", f"{home.path} {source.message}")
    return source


def _assigned(stages: Stages, sites: Sequence[Site], existing: str | None) -> Book:
    try:
        book = stages.assign(sites, existing)
        ast.parse(book.render(existing))
    except Exception as error:  # a crash costs the sites of this policies module only
        message = f"{type(error).__name__}: {error}"
        raise _Unusable(Status.FAILED, "ML009", message) from error
    return book


def _outcome(
    home: Home, existing: Source | None, stages: Stages, book: Book, rewrites: Sequence[tuple[Source, Rewrites]]
) -> Outcome:
    rows: dict[str, tuple[Row, ...]] = {}
    changes: list[Change] = []
    for source, rewritten in rewrites:
        change = _change(source, rewritten.text)
        if isinstance(change, Unreadable):
            unusable = _Unusable(Status.FAILED, change.code, change.message)
            rows[source.path] = tuple(_ended(row, unusable) if row.planned else row for row in rewritten.rows)
            continue
        rows[source.path] = rewritten.rows
        changes.extend([change] if change.after != change.before else [])
    planned = [row.site for each in rows.values() for row in each if row.planned]
    if any(str(home.module) in rewritten.text for _, rewritten in rewrites) and planned:
        changes.insert(0, _policies_change(home, existing, _final(stages, book, planned, existing)))
    return Outcome(rows=rows, changes=tuple(change for change in changes if change.after != change.before))


def _final(stages: Stages, book: Book, planned: Sequence[Site], existing: Source | None) -> str:
    """Answer the policies module with the planned rewrites' policies only, where their names stay the same."""
    text = None if existing is None else existing.text
    fewer = _assigned(stages, planned, text)
    same = all(fewer.name_for(site) == book.name_for(site) for site in planned)
    return (fewer if same else book).render(text)


def _change(source: Source, text: str) -> Change | Unreadable:
    try:
        return Change(path=source.path, before=source.data, after=source.encode(text))
    except UnicodeEncodeError as error:
        message = f"the rewritten text does not fit into {source.encoding}: {error}"
        return Unreadable(path=source.path, code="ML011", message=message)


def _policies_change(home: Home, existing: Source | None, text: str) -> Change:
    if existing is None:
        return Change(path=home.path, before=None, after=text.encode())
    return Change(path=home.path, before=existing.data, after=existing.encode(text))


def _all_ended(rows: tuple[Row, ...], unusable: _Unusable) -> tuple[Row, ...]:
    return tuple(_ended(row, unusable) if _is_candidate(row) else row for row in rows)


def _ended(row: Row, unusable: _Unusable) -> Row:
    reason = Reason(
        code=unusable.code, message=unusable.message, span=replace(row.site.span, end_line=row.site.span.line)
    )
    return replace(row, status=unusable.status, reason=reason, planned=False)
