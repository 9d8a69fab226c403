"""The shells complete the commands and their options."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest


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
