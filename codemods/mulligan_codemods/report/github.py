"""Annotations for GitHub Actions: workflow commands, one a line.

Rules: properties and messages are escaped as the runner's own toolkit does (`%`, line ends; in properties `:` and `,`
too). Sites that the baseline knows, that are ignored or no retries make no annotation: GitHub shows ten of a kind.
Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from mulligan_codemods.report.told import headline, remedy
from mulligan_codemods.site import Status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mulligan_codemods.rows import Report, Row

__all__ = ["rendered"]

LEVELS = {
    Status.SAFE: "warning",
    Status.UNSAFE: "warning",
    Status.CANDIDATE: "warning",
    Status.REFUSED: "notice",
    Status.FAILED: "error",
}


def rendered(report: Report) -> str:
    """Answer the commands."""
    return "".join(f"{line}\n" for line in _lines(report))


def _lines(report: Report) -> Iterator[str]:
    for row in report.new:
        yield _row(row)
    for error in report.errors:
        yield _command("error", error.path, (error.line, error.line), error.code, f"{error.path} {error.message}")
    for notice in report.notices:
        yield _command("notice", notice.path, (notice.line, notice.line), notice.code, notice.message)


def _row(row: Row) -> str:
    span = row.site.span
    code = row.reason.code if row.reason else "retry"
    told = [headline(row), *(f"{each.code} {each.message}" for each in row.hazards), *remedy(row)]
    return _command(LEVELS[row.status], row.site.path, (span.line, span.end_line), code, "\n".join(told))


def _command(level: str, path: str, lines: tuple[int | None, int | None], code: str, message: str) -> str:
    properties = {"file": os.path.relpath(path).replace(os.sep, "/"), "line": lines[0], "endLine": lines[1]}
    listed = [f"{name}={_property(str(value))}" for name, value in properties.items() if value is not None]
    return f"::{level} {','.join(listed)},title={_property(f'mulligan {code}')}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
