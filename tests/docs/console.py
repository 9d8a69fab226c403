"""The commands of the pages, run for real: what a page prints is what they print.

    python -m tests.docs.pages docs/tutorial.md      # fills in the outputs that are no longer true

Rules: the blocks of a page are taken in order, in one folder: an empty one, or a copy of an example, under git. A block
with a title is written as the file that it is called; a line of a ```console block that begins with `$ ` is a command,
the lines up to the next one are its output. A line of three dots stands for any number of lines. Seconds differ from
run to run and are not compared.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["ROOT", "Command", "Fence", "commands", "fences", "filled", "matches", "run"]

ROOT: Final = Path(__file__).parents[2]
FENCE: Final = re.compile(
    r"^(?P<marks>`{3,})(?P<info>[^\n`]*)\n(?P<text>.*?)^(?P=marks)[ ]*$", re.MULTILINE | re.DOTALL
)
TITLE: Final = re.compile(r'title="([^"]+)"')
VARYING: Final = re.compile(r"(?<=\()\d+\.\d s(?=\))|(?<= in )\d+\.\d+ ?s\b")
ANYTHING: Final = "..."
GIT: Final = ("git", "-c", "user.name=a", "-c", "user.email=a@b.c")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fence:
    """A fenced block: its language, the file that it is, its text, and where it stands in the page."""

    language: str
    title: str | None
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command of a page and the output that the page says it has."""

    line: str
    output: str


def fences(page: str) -> Iterator[Fence]:
    """Yield the fenced blocks of a page."""
    for found in FENCE.finditer(page):
        title = TITLE.search(found["info"])
        yield Fence(
            language=found["info"].split(" ")[0],
            title=title[1] if title else None,
            text=found["text"],
            start=found.start("text"),
            end=found.end("text"),
        )


def commands(block: str) -> list[Command]:
    r"""Answer the commands of a console block.

    >>> commands("$ echo a\na\n$ true\n")[0]
    Command(line='echo a', output='a\\n')
    """
    parts = re.split(r"^\$ (.*)\n", block, flags=re.MULTILINE)
    return [Command(line=line, output=output) for line, output in zip(parts[1::2], parts[2::2], strict=True)]


def matches(expected: str, actual: str) -> bool:
    """Tell whether an output is what a page says, three dots standing for any lines, and seconds aside."""
    wanted = [VARYING.sub("… s", line.rstrip()) for line in expected.rstrip("\n").split("\n")]
    pattern = "\n".join("@@" if line.strip() == ANYTHING else re.escape(line) for line in wanted)
    anything = pattern.replace("@@\n", r"(?:.*\n)*?").replace("\n@@", r"(?:\n.*)*")
    told = "\n".join(VARYING.sub("… s", line.rstrip()) for line in actual.rstrip("\n").split("\n"))
    return re.fullmatch(anything, told) is not None


def run(
    page: str, example: Path | None, exempt: tuple[str, ...] = ()
) -> Iterator[tuple[Fence, list[tuple[Command, str]]]]:
    """Run a page; yield its console blocks with each command and what it printed.

    Args:
        page: the text.
        example: the folder that the commands begin with; an empty one where there is none.
        exempt: first lines of blocks that are not run.
    """
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / (example.name if example else "work")
        _copied(example, folder) if example else folder.mkdir()
        for fence in fences(page):
            if fence.title:
                (folder / fence.title).parent.mkdir(parents=True, exist_ok=True)
                (folder / fence.title).write_text(fence.text, encoding="utf-8")
            elif fence.language == "console" and not fence.text.startswith(exempt or ("\0",)):
                yield fence, [(command, _printed(command.line, folder)) for command in commands(fence.text)]


def filled(page: str, example: Path | None, exempt: tuple[str, ...] = ()) -> str:
    """Answer a page with the outputs of its commands; what is true, or has three dots, stays as it is."""
    for fence, ran in reversed(list(run(page, example, exempt))):
        text = "".join(f"$ {command.line}\n{_kept(command.output, printed)}" for command, printed in ran)
        page = page[: fence.start] + text + page[fence.end :]
    return page


def _kept(output: str, printed: str) -> str:
    return output if matches(output, printed) or ANYTHING in output.split() else printed


def _copied(example: Path, folder: Path) -> None:
    shutil.copytree(example, folder, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    for words in (["init", "--quiet", "--initial-branch", "main"], ["add", "."], ["commit", "--quiet", "-m", "first"]):
        subprocess.run([*GIT, *words], cwd=folder, check=True)  # noqa: S603 -- the machine's git


def _printed(line: str, folder: Path) -> str:
    state = folder.parent / "user"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MULLIGAN_")}
    environment |= {
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", ""))),
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path and Path(path) != ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "XDG_CACHE_HOME": str(state / "cache"),
        "XDG_STATE_HOME": str(state / "state"),
        "COLUMNS": "80",
        "NO_COLOR": "1",
    }
    done = subprocess.run(  # noqa: S603 -- the page's own commands
        ["bash", "-c", line],  # noqa: S607 -- the bash of the machine
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return "".join(f"{line.rstrip()}\n" for line in done.stdout.splitlines())
