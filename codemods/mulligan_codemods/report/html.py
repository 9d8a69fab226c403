"""The report as one HTML page that needs nothing else: for a team to look at, sort out and share.

Rules: everything from the code is escaped; the page loads nothing and runs no script.
"""

from __future__ import annotations

import os
from html import escape
from typing import TYPE_CHECKING

from mulligan_codemods.report.diff import styled, unified
from mulligan_codemods.report.told import does, headline, remedy
from mulligan_codemods.rows import counts
from mulligan_codemods.site import Status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mulligan_codemods.rows import Report, Row

__all__ = ["rendered"]

STYLE = """
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
details { border: 1px solid #8884; border-radius: .4rem; margin: .5rem 0; padding: .3rem .8rem; }
summary { cursor: pointer; } code, pre { font: 13px/1.45 ui-monospace, monospace; } pre { overflow-x: auto; }
.safe { color: #1a7f37; } .unsafe { color: #9a6700; } .candidate { color: #0969da; } .refused { color: #8250df; }
.failed, .del { color: #cf222e; } .add { color: #1a7f37; } .known { opacity: .6; } li { margin: .2rem 0; }
"""
LINES = {"green": "add", "red": "del", "bold": "head", "cyan": "at"}


def rendered(report: Report) -> str:
    """Answer the page."""
    return "".join(f"{line}\n" for line in _page(report))


def _page(report: Report) -> Iterator[str]:
    yield "<!doctype html>"
    yield '<html lang="en"><head><meta charset="utf-8"><title>mulligan</title>'
    yield f"<style>{STYLE}</style></head><body>"
    new = " new" if report.baseline else ""
    yield f"<h1>{len(report.new):,}{new} retries in {report.files:,} files</h1>"
    told = [f'<span class="{status}">{count} {status}</span>' for status, count in counts(report).items() if count]
    yield f"<p>{' · '.join(told) or 'nothing found'}</p>"
    if report.interrupted:
        yield "<p><strong>The run was interrupted: this is what was done so far.</strong></p>"
    for row in report.rows:
        if row.status not in {Status.IGNORED, Status.NOT_RETRY}:
            yield from _row(row)
    yield from _left_alone(report)
    yield from _diff(report)
    yield "</body></html>"


def _row(row: Row) -> Iterator[str]:
    place = f"{os.path.relpath(row.site.path)}:{row.site.span.line}"
    known = ' class="known"' if row.known else ""
    yield f'<details{known}><summary><b class="{row.status}">{row.status}</b> <code>{escape(place)}</code>'
    yield f"{escape(row.site.qualname)}</summary><p>{escape(does(row))}</p><ul>"
    told = [headline(row), *(f"{each.code} {each.message}" for each in row.hazards), *remedy(row)]
    yield from (f"<li>{escape(each)}</li>" for each in told)
    yield "</ul>"
    if row.shown is not None:
        yield f"<pre>{escape(chr(10).join(row.shown.lines))}</pre>"
    yield "</details>"


def _left_alone(report: Report) -> Iterator[str]:
    told = [f"{each.path}: {each.code} {each.message}" for each in report.errors]
    told += [f"{each.path}: {each.code} {each.message}" for each in report.notices]
    if told:
        yield "<h2>Left alone, or no longer needed</h2><ul>"
        yield from (f"<li>{escape(each)}</li>" for each in told)
        yield "</ul>"


def _diff(report: Report) -> Iterator[str]:
    lines = list(styled(unified(report.changes)))
    if lines:
        yield "<h2>The rewrites</h2><pre>"
        yield from (f'<span class="{LINES.get(style, "")}">{escape(line)}</span>' for line, style in lines)
        yield "</pre>"
