"""Read one file, find its candidates, let each be recognised, and judge it by comments and settings.

Rules: a recogniser that crashes costs one site; what can't be read costs one file. Both are values.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mulligan_codemods.config import Config, selects
from mulligan_codemods.files.source import Source, Unreadable, decode, parse, read
from mulligan_codemods.find import Candidate, find
from mulligan_codemods.rows import Excerpt, Notice, Row
from mulligan_codemods.run.scanning.cache import content_key
from mulligan_codemods.run.scanning.fingerprint import fingerprint
from mulligan_codemods.run.scanning.ignores import MARK, silenced, unused
from mulligan_codemods.run.scanning.moved import moved_sites
from mulligan_codemods.site import Kind, Reason, Site, Span, Status
from mulligan_codemods.uses.engines import Engine, engines_in
from mulligan_codemods.uses.tables import tables_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mulligan_codemods.rows import StagedSite
    from mulligan_codemods.run.stages import Recognise

__all__ = ["Examined", "crashed", "examine", "excerpt", "recalled", "remembered", "vanished"]

SHOWN_AROUND = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """A file's sites.

    Args:
        path: the file.
        rows: its sites.
        source: its text, only where one of the sites is a candidate for a rewrite.
        error: why it was left alone.
        notices: comments in it that nobody needs.
        staged: its sites whose old code is kept behind the flag.
        modern: how many of its sites use a policy, besides those.
        engines: its functions that are retry engines themselves.
        key: what names its content in a cache; `None` where the result must not be kept.
    """

    path: str
    rows: tuple[Row, ...] = ()
    source: Source | None = None
    error: Unreadable | None = None
    notices: tuple[Notice, ...] = ()
    staged: tuple[StagedSite, ...] = ()
    modern: int = 0
    engines: tuple[Engine, ...] = ()
    key: bytes | None = None


def examine(path: str, recognise: Recognise, config: Config, salt: bytes = b"") -> Examined:
    """Examine the file at `path`; `salt` goes into the key of its content."""
    try:
        return _examined(path, recognise, config, salt)
    except Exception as error:  # noqa: BLE001 -- whatever one file does to us, the run goes on
        message = f"{type(error).__name__}: {error}"
        return Examined(path=path, error=Unreadable(path=path, code="ML009", message=message))


def vanished(path: str, why: str) -> Examined:
    """Answer what to say of a file on which the whole process died, or which took too long."""
    code = "ML009" if why.endswith("died") else "ML014"
    return Examined(path=path, error=Unreadable(path=path, code=code, message=f"{why} while it was read"))


def remembered(examined: Examined) -> tuple[object, ...]:
    """Answer what a cache is to keep of a file."""
    if not (examined.rows or examined.error or examined.notices or examined.staged or examined.modern):
        return ()
    return replace(examined, source=None, key=None), examined.source is not None


def recalled(path: str, key: bytes, data: bytes, value: tuple[object, ...]) -> Examined | None:
    """Answer what `remembered` was asked to keep, `None` where it is something else."""
    match value:
        case ():
            return Examined(path=path, key=key)
        case (Examined() as examined, bool() as candidates):
            source = decode(path, data) if candidates else None
            return replace(examined, source=source if isinstance(source, Source) else None, key=key)
        case _:
            return None


def _examined(path: str, recognise: Recognise, config: Config, salt: bytes) -> Examined:
    source = read(path)
    if isinstance(source, Unreadable):
        return Examined(path=path, error=source)
    key = content_key(salt, path, source.data) if salt else None
    found = find(source, tables_of(config.helpers))
    if isinstance(found, Unreadable):
        return _unparsed(source, found, key)
    if not found and MARK not in source.data:
        moved = moved_sites(source)
        return Examined(path=path, key=key, staged=moved.staged, modern=moved.modern)
    lines = source.text.split("\n")
    moved = moved_sites(source)
    found = tuple(candidate for candidate in found if not moved.keeps(candidate.span.line))
    recognised = [(candidate, _recognised(source, candidate, lines, recognise)) for candidate in found]
    rows = tuple(_row(source, lines, candidate, site, config) for candidate, site in recognised)
    sites = [site for _, site in recognised if isinstance(site, Site)]
    candidates = any(row.status is Status.CANDIDATE for row in rows)
    return Examined(
        path=path,
        rows=rows,
        source=source if candidates else None,
        notices=() if config.select or config.ignore else unused(source, sites),
        staged=moved.staged,
        modern=moved.modern,
        engines=_engines(source, found),
        key=key,
    )


def _engines(source: Source, found: Sequence[Candidate]) -> tuple[Engine, ...]:
    loops = [candidate.span.line for candidate in found if candidate.kind is Kind.LOOP]
    tree = parse(source) if loops else None
    return () if tree is None or isinstance(tree, Unreadable) else tuple(engines_in(tree, loops))


def _unparsed(source: Source, why: Unreadable, key: bytes | None) -> Examined:
    """Look at a file that this Python does not parse once more: libcst may know its syntax."""
    from mulligan_codemods.run.scanning.newer import newer_sites  # noqa: PLC0415 -- such files are rare

    rows = newer_sites(source) if why.code == "ML004" else None
    return (
        Examined(path=source.path, error=why, key=key)
        if rows is None
        else Examined(path=source.path, rows=rows, key=key)
    )


def _recognised(source: Source, candidate: Candidate, lines: list[str], recognise: Recognise) -> Site | Row:
    try:
        return recognise(source, candidate)
    except Exception as error:  # noqa: BLE001 -- a crash costs this site only
        return crashed(candidate, lines, error)


def _row(source: Source, lines: list[str], candidate: Candidate, site: Site | Row, config: Config) -> Row:
    row = site if isinstance(site, Row) else _judged(site, candidate, lines, config)
    return replace(row, fingerprint=fingerprint(source.text, row.site.qualname, row.site.span))


def crashed(candidate: Candidate, lines: list[str], error: Exception) -> Row:
    """Answer the row of a site on which a stage crashed."""
    message = f"{type(error).__name__}: {error}"
    reason = Reason(code="ML009", message=message, span=candidate.span)
    site = Site(
        path=candidate.path,
        qualname=candidate.qualname,
        span=candidate.span,
        kind=candidate.kind,
        shape=None,
        is_retry=True,
        reason=reason,
    )
    shown = excerpt(lines, candidate.span)
    return Row(site=site, ordinal=candidate.ordinal, status=Status.FAILED, reason=reason, shown=shown)


def _judged(site: Site, candidate: Candidate, lines: list[str], config: Config) -> Row:
    told = silenced(lines[site.span.line - 1])
    hazards = tuple(
        hazard for hazard in site.hazards if config.reports(hazard.code) and not selects(told or (), hazard.code)
    )
    status, reason = _status(site, told, config, reported=bool(hazards))
    shown = excerpt(lines, reason.span if reason else site.span)
    return Row(site=site, ordinal=candidate.ordinal, status=status, reason=reason, hazards=hazards, shown=shown)


def _status(
    site: Site, ignored: tuple[str, ...] | None, config: Config, *, reported: bool
) -> tuple[Status, Reason | None]:
    reason = site.reason
    if not site.is_retry:
        return Status.NOT_RETRY, reason
    if ignored == () or (reason and selects(ignored or (), reason.code)):
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


def _head(span: Span) -> Span:
    return Span(line=span.line, column=span.column, end_line=span.line, end_column=span.column)


def excerpt(lines: list[str], span: Span) -> Excerpt:
    """Answer the lines around the beginning of a span."""
    first = max(1, span.line - SHOWN_AROUND)
    last = min(len(lines), span.line + SHOWN_AROUND)
    return Excerpt(line=first, lines=tuple(lines[first - 1 : last]))
