"""The pages: where the commands of each begin, which blocks nothing runs and why, and the command that mends them.

    python -m tests.docs.pages docs/tutorial.md MIGRATION.md

brings up to date what these pages print: outputs of commands that changed, and the tables of libraries.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from docs.site import pages as site
from tests.docs.console import ROOT, fences, filled
from tests.docs.migration import tabled

__all__ = ["EXEMPT", "FENCES", "PAGES", "PLACES", "TOP", "WITH_COMMANDS", "exempt"]

EXAMPLES: Final = site.DOCS / "examples"
TOP: Final = ("README.md", *site.TOP)
VARIES: Final = "its figures differ by machine"
EXEMPT: Final = {
    "README.md": {"$ make run": "CI runs both, as they stand"},
    "CONTRIBUTING.md": {"$ make test": "CI runs them, one by one"},
    "docs/tutorial.md": {"$ python -m venv": "installs: the wheel's smoke test does that"},
    "docs/migrate/compat.md": {"$ export MULLIGAN_UPSTREAM": "needs checkouts of the originals"},
    "docs/explanation/benchmarks.md": {
        "$ make bench": VARIES,
        "$ python -m tests.benchmarks.scan": VARIES,
        "$ python -m tests.codemods.soak": VARIES,
        "$ python -m tests.benchmarks.guards": VARIES,
        "$ python -m tests.benchmarks.listeners": VARIES,
    },
    "docs/explanation/regressions.md": {"$ python -m": "tests/regressions runs the same table"},
}
"""How the only blocks begin that are not run, by their pages, and why."""

PLACES: Final = {
    "MIGRATION.md": EXAMPLES / "legacy_shop",
    "README.md": EXAMPLES / "billing",
    "docs/index.md": EXAMPLES / "billing",
    "docs/migrate/codemod.md": EXAMPLES / "billing",
}
"""The folder that a page's commands begin in; elsewhere an empty one."""


def pages() -> dict[str, str]:
    """Answer the text of every page by its path from the root."""
    paths = [*(ROOT / name for name in TOP), *site.written().values()]
    return {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in paths}


PAGES: Final = pages()
FENCES: Final = [(name, fence) for name, text in PAGES.items() for fence in fences(text)]
WITH_COMMANDS: Final = sorted({name for name, fence in FENCES if fence.language == "console"})


def exempt(name: str) -> tuple[str, ...]:
    """Answer how the exempt blocks of a page begin."""
    return tuple(EXEMPT.get(name, ()))


def main(names: list[str]) -> None:
    """Write pages anew, where something is no longer true."""
    for name in names:
        page = tabled(PAGES[name])
        Path(ROOT, name).write_text(filled(page, PLACES.get(name), exempt(name)), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
