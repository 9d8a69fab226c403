"""The page shows the file that its examples load."""

from __future__ import annotations

from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def test_the_file_on_the_page_is_the_example() -> None:
    file = (DOCS / "examples" / "policies" / "policies.toml").read_text(encoding="utf-8")
    page = (DOCS / "how-to" / "policies.md").read_text(encoding="utf-8")
    assert f'```toml title="policies.toml"\n{file}```\n' in page
