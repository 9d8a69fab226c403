"""Lay out the pages of the site in a folder: those of docs/, and those that are made from the code.

Rules: nothing is edited on the way, so that a page reads alike here and in a browser of the repository; only links from
and to the pages at the repository's top lead elsewhere, and interactive sessions are marked as such, so that their
prompts are not copied. A page that is made takes the place of one that is written under the same name.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final

from docs.site.command_page import command_page
from docs.site.reference import module_page, public_modules
from docs.site.rule_pages import rule_pages

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["DOCS", "TOP", "lay_out", "linked", "made", "moved", "written"]

DOCS: Final = Path(__file__).parents[1]
APART: Final = ("examples", "site")
"""Folders of docs/ whose files are no pages."""

SHOWN: Final = (".svg", ".png", ".json", ".yml")
TOP: Final = {f"{name.upper()}.md": f"{name}.md" for name in ("migration", "changelog", "contributing", "security")}
"""Pages at the repository's top that the site has too, and their names there."""
LINK: Final = re.compile(r"(?<!!)\[([^\]\n]+)\]\(([\w./-]+)(#[\w-]+)?\)")
SESSION: Final = re.compile(r"^```python$(?=\n>>> )", re.MULTILINE)
UPWARD: Final = re.compile(rf"\]\(\.\./((?:\.\./)*)({'|'.join(map(re.escape, TOP))})")


def written() -> dict[str, Path]:
    """Answer the pages that people write, by their paths in the site."""
    found = sorted(DOCS.rglob("*.md"))
    paths = {path.relative_to(DOCS): path for path in found}
    return {str(path): source for path, source in paths.items() if path.parts[0] not in APART}


def made() -> Iterator[tuple[str, str]]:
    """Yield the paths and texts of the pages that are made from the code."""
    yield from rule_pages()
    yield "reference/command-line.md", command_page()
    for module in public_modules():
        yield f"reference/{module}.md", module_page(module)


def _beside() -> dict[str, Path]:
    """Answer what pages show or offer: pictures, dashboards, rules for alerts."""
    found = {path.relative_to(DOCS): path for path in sorted(DOCS.rglob("*")) if path.suffix in SHOWN}
    return {str(path): source for path, source in found.items() if path.parts[0] not in APART}


def moved() -> Iterator[tuple[str, str]]:
    """Yield the pages of the repository's top: a link to what the site doesn't have becomes plain text."""
    for source, path in TOP.items():
        yield path, LINK.sub(_moved, (DOCS.parent / source).read_text(encoding="utf-8"))


def _moved(link: re.Match[str]) -> str:
    words, target, anchor = link.groups(default="")
    inside = TOP.get(target, target.removeprefix("docs/") if target.startswith("docs/") else "")
    known = inside in TOP.values() or inside in written()
    return f"[{words}]({inside}{anchor})" if known else words


def linked() -> Iterator[tuple[str, str]]:
    """Yield the pages that people write, as the site has them."""
    for path, source in written().items():
        text = SESSION.sub("```pycon", source.read_text(encoding="utf-8"))
        yield path, UPWARD.sub(lambda link: f"]({link[1]}{TOP[link[2]]}", text)


def lay_out(folder: Path) -> None:
    """Write all pages, and what they show, below an empty folder."""
    for path, source in {**_beside(), "style.css": DOCS / "site" / "style.css"}.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    for path, text in (*linked(), *moved(), *made()):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
