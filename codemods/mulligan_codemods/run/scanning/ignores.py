"""The comments that tell mulligan to ignore a site, and which of them ignore nothing.

Rules: `# mulligan: ignore` on a site's first line ignores it; with codes, what these codes say of it. A comment, or a
code of one, that ignores nothing is told: it would hide the next site that is written there.
"""

from __future__ import annotations

import io
import re
import tokenize
from typing import TYPE_CHECKING

from mulligan_codemods.config import selects
from mulligan_codemods.rows import Notice

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from mulligan_codemods.files.source import Source
    from mulligan_codemods.site import Site

__all__ = ["MARK", "silenced", "unused"]

MARK = b"mulligan: ignore"
IGNORE = re.compile(r"#\s*mulligan:\s*ignore\b(?:\[([^\]]*)\])?")


def silenced(line: str) -> tuple[str, ...] | None:
    """Answer the codes that a line's comment ignores: none of them named means all; `None` without a comment.

    >>> silenced("while True:  # mulligan: ignore[ML101, ml102]"), silenced("x = 1")
    (('ML101', 'ML102'), None)
    """
    match = IGNORE.search(line)
    if match is None:
        return None
    return tuple(code.strip().upper() for code in (match.group(1) or "").split(",") if code.strip())


def unused(source: Source, sites: Sequence[Site]) -> tuple[Notice, ...]:
    """Answer the comments of a file that ignore nothing.

    Args:
        source: the file.
        sites: its sites, with all their hazards and reasons.
    """
    if "mulligan:" not in source.text:
        return ()
    by_line = {site.span.line: site for site in sites}
    return tuple(_told(source.path, line, codes, by_line) for line, codes in _comments(source.text, by_line))


def _comments(text: str, sites: Mapping[int, Site]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield lines and what of their comments is not used."""
    for line, codes in _ignoring(text):
        site = sites.get(line)
        said = () if site is None or not site.is_retry else _codes(site)
        left = tuple(code for code in codes if not any(selects((code,), each) for each in said))
        if left or not (codes or said):
            yield line, left


def _codes(site: Site) -> tuple[str, ...]:
    reason = () if site.reason is None else (site.reason.code,)
    return (*reason, *(hazard.code for hazard in site.hazards)) or ("",)


def _ignoring(text: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            codes = silenced(token.string) if token.type == tokenize.COMMENT else None
            if codes is not None:
                yield token.start[0], codes
    except (tokenize.TokenError, SyntaxError):
        return


def _told(path: str, line: int, codes: tuple[str, ...], sites: Mapping[int, Site]) -> Notice:
    where = "on this line" if line in sites and sites[line].is_retry else "here: no retry begins on this line"
    what = f"{', '.join(codes)} ignores nothing {where}" if codes else f"ignores nothing {where}"
    return Notice(path=path, line=line, code="ML501", message=what)
