"""Find what a page would fetch from elsewhere: a reader's browser asks nobody but the site."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["foreign_assets"]

FETCHED: Final = {
    "script": "src",
    "img": "src",
    "iframe": "src",
    "source": "src",
    "video": "src",
    "link": "href",
}
HARMLESS: Final = {"canonical", "next", "prev", "alternate"}
"""Kinds of <link> that a browser does not fetch."""
IN_STYLES: Final = re.compile(r"""url\(["']?((?:https?:)?//[^)]*)""")


class _Assets(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        address = given.get(FETCHED.get(tag, "")) or ""
        if address.startswith(("http:", "https:", "//")) and given.get("rel") not in HARMLESS:
            self.found.append(address)


def foreign_assets(site: Path) -> list[str]:
    """Answer what the pages and style sheets below a folder would fetch from elsewhere."""
    return [f"{path.relative_to(site)}: {address}" for path in sorted(site.rglob("*")) for address in _fetched(path)]


def _fetched(path: Path) -> list[str]:
    match path.suffix:
        case ".html":
            assets = _Assets()
            assets.feed(path.read_text(encoding="utf-8"))
            return assets.found
        case ".css":
            return IN_STYLES.findall(path.read_text(encoding="utf-8"))
        case _:
            return []
