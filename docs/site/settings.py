"""The settings of the site, with the places that are known only when it is built."""

from __future__ import annotations

import json
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Final

from docs.site.reference import public_modules
from docs.site.rule_pages import navigation

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["SETTINGS", "settings"]

SETTINGS: Final = Path(__file__).parent / "zensical.toml"
ROOT: Final = Path(__file__).parents[2]


def settings() -> str:
    """Answer the text of the settings: navigation of the reference and of the rules, and absolute paths."""
    rules = [_section(title, [_page(*page) for page in pages.items()]) for title, pages in navigation().items()]
    return (
        SETTINGS.read_text(encoding="utf-8")
        .replace('"RULES"', ", ".join(rules))
        .replace('"MODULES"', ", ".join(_modules()))
        .replace('"SRC"', json.dumps(str(ROOT / "src")))
        .replace('"DOCSTRINGS"', json.dumps(str(ROOT / "docs" / "site" / "docstrings.py")))
    )


def _modules() -> Iterator[str]:
    """Yield the entries of the modules, those of one package together."""
    for package, members in groupby(public_modules(), key=lambda module: ".".join(module.split(".")[:2])):
        pages = [_page(module, f"reference/{module}.md") for module in members]
        yield pages[0] if len(pages) == 1 else _section(package, pages)


def _section(title: str, entries: list[str]) -> str:
    return f"{{ {json.dumps(title)} = [{', '.join(entries)}] }}"


def _page(title: str, path: str) -> str:
    return f"{{ {json.dumps(title)} = {json.dumps(path)} }}"
