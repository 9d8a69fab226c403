"""Read one file, find its candidates, let each be recognised, and judge it by comments and settings.

Rules: a recogniser that crashes costs one site; what can't be read costs one file. Both are values.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mulligan_codemods.config import Config, selects
from mulligan_codemods.files.source import Source, Unreadable, read
from mulligan_codemods.find import Candidate, find
from mulligan_codemods.rows import Excerpt, Row
from mulligan_codemods.site import Kind, Reason, Site, Span, Status

if TYPE_CHECKING:
    from mulligan_codemods.run.stages import Recognise

__all__ = ["Examined", "crashed", "examine", "excerpt", "vanished"]

IGNORE = re.compile(r"#\s*mulligan:\s*ignore\b(?:\[([^\]]*)\])?")
SHOWN_AROUND = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """A file's sites; `source` only where one of them is a candidate for a rewrite."""

    path: str
    rows: tuple[Row, ...] = ()
    source: Source | None = None
    error: Unreadable | None = None


def examine(path: str, recognise: Recognise, config: Config) -> Examined:
    """Examine the file at `path`."""
    try:
        return _examined(path, recognise, config)
    except Exception as error:  # noqa: BLE001 -- whatever one file does to us, the run goes on
        message = f"{type(error).__name__}: {error}"
        return Examined(path=path, error=Unreadable(path=path, code="ML009", message=message))


def vanished(path: str) -> Examined:
    """Answer what to say of a file on which the whole process died."""
    message = "the process died while it read this file"
    return Examined(path=path, error=Unreadable(path=path, code="ML009", message=message))


def _examined(path: str, recognise: Recognise, config: Config) -> Examined:
    source = read(path)
    if isinstance(source, Unreadable):
        return Examined(path=path, error=source)
    found = find(source)
    if isinstance(found, Unreadable):
        return Examined(path=path, error=found)
    if not found:
        return Examined(path=path)
    lines = source.text.split("\n")
    rows = tuple(_row(source, lines, candidate, recognise, config) for candidate in found)
    candidates = any(row.status is Status.CANDIDATE for row in rows)
    return Examined(path=path, rows=rows, source=source if candidates else None)


def _row(source: Source, lines: list[str], candidate: Candidate, recognise: Recognise, config: Config) -> Row:
    try:
        site = recognise(source, candidate)
    except Exception as error:  # noqa: BLE001 -- a crash costs this site only
        return crashed(candidate, lines, error)
    return _judged(site, candidate, lines, config)


def crashed(candidate: Candidate, lines: list[str], error: Exception) -> Row:
    """Answer the row of a site on which a stage crashed."""
    message = f"{type(error).__name__}: {error}"
    reason = Reason(code="ML009", message=message, span=candidate.span)
    site = Site(
        path=candidate.path,
        qualname=candidate.qualname,
        span=candidate.span,
        kind=Kind.LOOP,
        shape=None,
        is_retry=True,
        reason=reason,
    )
    shown = excerpt(lines, candidate.span)
    return Row(site=site, ordinal=candidate.ordinal, status=Status.FAILED, reason=reason, shown=shown)


def _judged(site: Site, candidate: Candidate, lines: list[str], config: Config) -> Row:
    silenced = _silenced(lines[site.span.line - 1])
    hazards = tuple(
        hazard for hazard in site.hazards if config.reports(hazard.code) and not selects(silenced or (), hazard.code)
    )
    status, reason = _status(site, silenced, config, reported=bool(hazards))
    shown = excerpt(lines, reason.span if reason else site.span)
    return Row(site=site, ordinal=candidate.ordinal, status=status, reason=reason, hazards=hazards, shown=shown)


def _status(
    site: Site, silenced: tuple[str, ...] | None, config: Config, *, reported: bool
) -> tuple[Status, Reason | None]:
    reason = site.reason
    if not site.is_retry:
        return Status.NOT_RETRY, reason
    if silenced == () or (reason and selects(silenced or (), reason.code)):
        return Status.IGNORED, Reason(code="ML228", message="ignored by a comment", span=_head(site.span))
    if not _selected(config, reason, reported=reported):
        return Status.IGNORED, Reason(code="ML227", message="left out by --select or --ignore", span=_head(site.span))
    if reason is None and site.lowered is not None:
        return Status.CANDIDATE, None
    return Status.REFUSED, reason or Reason(code="ML201", message="the loop is not understood", span=_head(site.span))


def _selected(config: Config, reason: Reason | None, *, reported: bool) -> bool:
    if reason and selects(config.ignore, reason.code):
        return False
    return not config.select or reported or (reason is not None and selects(config.select, reason.code))


def _silenced(line: str) -> tuple[str, ...] | None:
    """Answer the codes that a line's comment ignores: none of them named means all; `None` without a comment."""
    match = IGNORE.search(line)
    if match is None:
        return None
    return tuple(code.strip().upper() for code in (match.group(1) or "").split(",") if code.strip())


def _head(span: Span) -> Span:
    return Span(line=span.line, column=span.column, end_line=span.line, end_column=span.column)


def excerpt(lines: list[str], span: Span) -> Excerpt:
    """Answer the lines around the beginning of a span."""
    first = max(1, span.line - SHOWN_AROUND)
    last = min(len(lines), span.line + SHOWN_AROUND)
    return Excerpt(line=first, lines=tuple(lines[first - 1 : last]))
