"""Print a report in the layout that was asked for.

Rules: what programs read goes out as it is, whatever the terminal; text is for a console. Layouts are imported when
they are asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, assert_never, cast, get_args

if TYPE_CHECKING:
    from mulligan_codemods.rows import Report

__all__ = ["LAYOUTS", "Document", "document", "layout_of"]

Document = Literal["json", "sarif", "github", "markdown", "html"]
"""The layouts for programs and pages."""

LAYOUTS: Final = ("text", *get_args(Document))


def layout_of(name: str) -> Document | None:
    """Answer a layout by its name, `None` for text."""
    return None if name == "text" else cast("Document", name)


def document(report: Report, layout: Document) -> str:
    """Answer the report in a layout."""
    match layout:
        case "json":
            from mulligan_codemods.report.json import rendered  # noqa: PLC0415 -- one layout is used
        case "sarif":
            from mulligan_codemods.report.sarif import rendered  # noqa: PLC0415 -- as above
        case "github":
            from mulligan_codemods.report.github import rendered  # noqa: PLC0415 -- as above
        case "markdown":
            from mulligan_codemods.report.markdown import rendered  # noqa: PLC0415 -- as above
        case "html":
            from mulligan_codemods.report.html import rendered  # noqa: PLC0415 -- as above
        case _:
            assert_never(layout)
    return rendered(report)
