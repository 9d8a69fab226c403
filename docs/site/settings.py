"""The settings of the site, with the places that are known only when it is built."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from docs.site.reference import public_modules

__all__ = ["SETTINGS", "settings"]

SETTINGS: Final = Path(__file__).parent / "zensical.toml"
ROOT: Final = Path(__file__).parents[2]


def settings() -> str:
    """Answer the text of the settings: navigation of the reference, and absolute paths."""
    modules = "\n".join(f'      {{ "{module}" = "reference/{module}.md" }},' for module in public_modules())
    return (
        SETTINGS.read_text(encoding="utf-8")
        .replace('"API"]', f"\n{modules}\n    ]")
        .replace('"SRC"', f'"{ROOT / "src"}"')
        .replace('"DOCSTRINGS"', f'"{ROOT / "docs" / "site" / "docstrings.py"}"')
    )
