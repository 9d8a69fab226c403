"""Rewrite all files that share one central policies module, and plan what to write.

Rules: the proofs read the policies module as it would be with every candidate rewritten; what is written holds only
the policies of rewrites that are applied. The policies module comes first among the changes, so that a file never
imports what is not there yet.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from mulligan.errors import ConfigError
from mulligan_codemods.central.importing import is_central
from mulligan_codemods.files.source import Source, Unreadable, read
from mulligan_codemods.files.width import line_length
from mulligan_codemods.files.write import Change
from mulligan_codemods.run.rewriting.rewrite import Plan, Rewrites, Task
from mulligan_codemods.site import Reason, Status
from mulligan_codemods.texts.fitting import fitted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mulligan.compat.symbols import Library
    from mulligan_codemods.central.homes import Home
    from mulligan_codemods.rows import Row
    from mulligan_codemods.run.scanning.examine import Examined
    from mulligan_codemods.run.stages import Book, Stages
    from mulligan_codemods.site import Site

__all__ = ["Campaign", "Outcome", "concluded", "planned"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """What is known before the rewrites: the policies module and its settings as they are, names, a task a file."""

    home: Home
    existing: Source | None
    book: Book
    tasks: tuple[Task, ...]
    settings: Source | None = None


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


def planned(
    home: Home,
    files: Sequence[Examined],
    stages: Stages,
    *,
    unsafe: bool,
    staged: bool = False,
    helpers: tuple[Library, ...] = (),
) -> Campaign | Outcome:
    """Name the policies for the candidates of `files`, all of which are to import the module `home`.

    Args:
        home: the policies module.
        files: what was found in each file.
        stages: the stages to run.
        unsafe: whether rewrites that are not safe are to be applied too.
        staged: whether the old code is kept behind the flag.
        helpers: the tables of the team's own helpers.

    Returns:
        The campaign; or its outcome, where the policies module can't be used.
    """
    try:
        plan = Plan(module=home.module or "", policies="", names={}, unsafe=unsafe, staged=staged, helpers=helpers)
        return _planned(home, files, stages, plan)
    except _Unusable as unusable:
        return Outcome(rows={file.path: _all_ended(file.rows, unusable) for file in files})


def _planned(home: Home, files: Sequence[Examined], stages: Stages, plan: Plan) -> Campaign:
    sites = [row.site for file in files for row in file.rows if _is_candidate(row)]
    if home.module is None and any(each.lowered and is_central(each.path, each.lowered) for each in sites):
        raise _Unusable(Status.REFUSED, "ML012", f"{home.path} has no importable name")
    existing = _existing(home.path)
    settings = None if home.settings is None else _existing(home.settings)
    text = None if existing is None else existing.text
    book = _assigned(stages, sites, text) if home.settings is None else _kept(stages, sites, existing, settings, home)
    policies = _shown(book, home, text)
    tasks: list[Task] = []
    for file in files:
        if file.source is not None:
            names = {row.site.span.line: book.name_for(row.site) for row in file.rows if _is_candidate(row)}
            task = Task(source=file.source, rows=file.rows, plan=replace(plan, policies=policies, names=names))
            tasks.append(task)
    return Campaign(home=home, existing=existing, book=book, tasks=tuple(tasks), settings=settings)


def _shown(book: Book, home: Home, existing: str | None) -> str:
    """Answer the policies module's text, its lines as long as its project wants them."""
    before = existing or ""
    return fitted(before, book.render(existing), line_length(home.path, before))


def _is_candidate(row: Row) -> bool:
    return row.status is Status.CANDIDATE


def _existing(path: str) -> Source | None:
    if not Path(path).exists():
        return None
    source = read(path)
    if isinstance(source, Unreadable):
        raise _Unusable(Status.REFUSED, "ML012", f"{path} {source.message}")
    return source


def _kept(stages: Stages, sites: Sequence[Site], existing: Source | None, settings: Source | None, home: Home) -> Book:
    """Answer the book of policies that are kept in a file of settings."""
    from mulligan_codemods.central.policies import PolicyBook  # noqa: PLC0415 -- most runs have no such file
    from mulligan_codemods.central.settings import SettingsBook, as_module  # noqa: PLC0415 -- it needs an extra

    texts = "" if existing is None else existing.text, "" if settings is None else settings.text
    try:
        book = _assigned(stages, sites, as_module(*texts) if existing is not None else None)
        assert isinstance(book, PolicyBook)  # noqa: S101 -- the stage's own kind
        package = (home.module or "").rpartition(".")[0]
        kept = SettingsBook(book=book, module=texts[0], settings=texts[1], package=package)
        ast.parse(kept.render(None))
    except ConfigError as error:
        raise _Unusable(Status.REFUSED, "ML012", str(error)) from error
    except _Unusable:
        raise
    except Exception as error:  # a crash costs the sites of this policies module only
        raise _Unusable(Status.FAILED, "ML009", f"{type(error).__name__}: {error}") from error
    return kept


def _assigned(stages: Stages, sites: Sequence[Site], existing: str | None) -> Book:
    try:
        book = stages.assign(sites, existing)
        ast.parse(book.render(existing))
    except Exception as error:  # a crash costs the sites of this policies module only
        message = f"{type(error).__name__}: {error}"
        raise _Unusable(Status.FAILED, "ML009", message) from error
    return book


def concluded(campaign: Campaign, rewrites: Sequence[Rewrites]) -> Outcome:
    """Plan what to write, given what became of each task."""
    rows: dict[str, tuple[Row, ...]] = {}
    changes: list[Change] = []
    for task, rewritten in zip(campaign.tasks, rewrites, strict=True):
        change = _change(task.source, rewritten.text)
        if isinstance(change, Unreadable):
            unusable = _Unusable(Status.FAILED, change.code, change.message)
            rows[task.source.path] = tuple(_ended(row, unusable) if row.planned else row for row in rewritten.rows)
        else:
            needs = _files(campaign.home) if _uses(rewritten, campaign.home) else ()
            rows[task.source.path] = tuple(_needing(row, needs) for row in rewritten.rows)
            changes.append(change)
    applied = [row.site for each in rows.values() for row in each if row.planned]
    if applied and any(_uses(rewritten, campaign.home) for rewritten in rewrites):
        changes[:0] = _policies_changes(campaign, applied)
    return Outcome(rows=rows, changes=tuple(change for change in changes if change.after != change.before))


def _files(home: Home) -> tuple[str, ...]:
    return (home.path,) if home.settings is None else (home.settings, home.path)


def _needing(row: Row, policies: tuple[str, ...]) -> Row:
    return row if row.fix is None else replace(row, fix=replace(row.fix, policies=policies))


def _uses(rewritten: Rewrites, home: Home) -> bool:
    """Tell whether a text imports the central module: a policy may also be defined where it is used."""
    if home.module is None:
        return False
    relative = rf"^from \.+{home.module.rpartition('.')[2]} import "
    return home.module in rewritten.text or re.search(relative, rewritten.text, re.MULTILINE) is not None


def _policies_changes(campaign: Campaign, applied: Sequence[Site]) -> list[Change]:
    """Plan the policies module, and the settings beside it, with the applied rewrites' policies only."""
    book, home = campaign.book.limited_to(applied), campaign.home
    text = None if campaign.existing is None else campaign.existing.text
    if home.settings is None:
        return [_policies_change(campaign.existing, home.path, _shown(book, home, text))]
    from mulligan_codemods.central.settings import SettingsBook  # noqa: PLC0415 -- it needs an extra

    assert isinstance(book, SettingsBook)  # noqa: S101 -- `_kept` made it
    module, settings = book.texts()
    module = fitted(text or "", module, line_length(home.path, text or ""))
    return [
        _policies_change(campaign.settings, home.settings, settings),
        _policies_change(campaign.existing, home.path, module),
    ]


def _change(source: Source, text: str) -> Change | Unreadable:
    try:
        return Change(path=source.path, before=source.data, after=source.encode(text))
    except UnicodeEncodeError as error:
        message = f"the rewritten text does not fit into {source.encoding}: {error}"
        return Unreadable(path=source.path, code="ML011", message=message)


def _policies_change(existing: Source | None, path: str, text: str) -> Change:
    if existing is None:
        return Change(path=path, before=None, after=text.encode())
    return Change(path=path, before=existing.data, after=existing.encode(text))


def _all_ended(rows: tuple[Row, ...], unusable: _Unusable) -> tuple[Row, ...]:
    return tuple(_ended(row, unusable) if _is_candidate(row) else row for row in rows)


def _ended(row: Row, unusable: _Unusable) -> Row:
    reason = Reason(
        code=unusable.code, message=unusable.message, span=replace(row.site.span, end_line=row.site.span.line)
    )
    return replace(row, status=unusable.status, reason=reason, planned=False)
