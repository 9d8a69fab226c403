"""The commands of a page, run for real: what the page prints is what they print.

    python -m tests.codemods.pages docs/codemod.md      # fills the outputs in

Rules: the blocks of a page that begin with ```console are run in order, in one folder; a line that begins with `$ ` is
a command, the lines up to the next one are its output.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

__all__ = ["EXAMPLE", "compared", "filled"]

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "billing"
BLOCK = re.compile(r"(```console\n)(.*?)(```)", re.DOTALL)
SECONDS = re.compile(r"\(\d+\.\d s\)|\"seconds\": [\d.]+")
GIT = ("git", "-c", "user.name=a", "-c", "user.email=a@b.c")


def filled(page: str) -> str:
    """Answer a page with the outputs of its commands."""
    with tempfile.TemporaryDirectory() as place:
        root = Path(place) / "billing"
        shutil.copytree(EXAMPLE, root)
        for words in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-q", "-m", "first"]):
            subprocess.run([*GIT, *words], cwd=root, check=True)  # noqa: S603 -- the machine's git
        return BLOCK.sub(lambda block: block[1] + _ran(block[2], root) + block[3], page)


def compared(text: str) -> str:
    """Answer a page without what differs from run to run."""
    return SECONDS.sub("(… s)", text)


def _ran(block: str, root: Path) -> str:
    commands = [line[2:] for line in block.split("\n") if line.startswith("$ ")]
    return "".join(f"$ {command}\n{_output(command, root)}" for command in commands)


def _output(command: str, root: Path) -> str:
    state = root.parent / "user"
    environment = {
        **os.environ,
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", ""))),
        "PYTHONPATH": os.pathsep.join(sys.path),
        "XDG_CACHE_HOME": str(state / "cache"),
        "XDG_STATE_HOME": str(state / "state"),
        "NO_COLOR": "1",
    }
    done = subprocess.run(  # noqa: S603 -- the page's own commands
        ["bash", "-c", command],  # noqa: S607 -- the bash of the machine
        cwd=root,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    output = done.stdout
    return output if not output or output.endswith("\n") else f"{output}\n"


if __name__ == "__main__":
    for name in sys.argv[1:]:
        Path(name).write_text(filled(Path(name).read_text(encoding="utf-8")), encoding="utf-8")
