"""The how-to prints what the commands print."""

from __future__ import annotations

import difflib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.codemods.pages import compared, filled

PAGE = Path(__file__).parents[2] / "docs" / "codemod.md"


def test_every_output_of_the_how_to_is_true() -> None:
    page = PAGE.read_text(encoding="utf-8")
    now, then = compared(filled(page)), compared(page)
    changed = "\n".join(difflib.unified_diff(then.split("\n"), now.split("\n"), "the page", "now", lineterm=""))
    assert not changed, f"{changed}\npython -m tests.codemods.pages docs/codemod.md"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shell_completion_knows_the_commands_and_their_options(shell: str) -> None:
    command = [sys.executable, "-c", "from mulligan.__main__ import main; main()"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}

    def completed(words: str, current: str) -> str:
        asked = {
            "_MULLIGAN_COMPLETE": f"{shell}_complete",
            "COMP_WORDS": f"mulligan {words}" if shell != "fish" else f"mulligan {words}".rsplit(" ", 1)[0],
            "COMP_CWORD": current if shell == "fish" else str(len(words.split(" "))),
        }
        result = subprocess.run(command, env={**environment, **asked}, capture_output=True, text=True, check=False)  # noqa: S603
        return result.stdout

    assert "scan" in completed("sc", "sc")
    assert "--baseline" in completed("scan --ba", "--ba")
    assert "sarif" in completed("migrate --format sa", "sa")
