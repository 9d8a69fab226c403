"""Migrate the legacy shop and show that it still does the same.

Usage: python docs/examples/side_by_side.py

Prints the scan of the shop, migrates a copy of it, prints the diff, and plays the same scripted faults against the old
and the new shop in virtual time, beside each other. Exits with 1 when a timeline differs in anything but the
differences that a migration is permitted: a sleep after the last failure that is gone, and a note on the exception.
Nothing in the repository is changed, and nothing sleeps.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher, unified_diff
from itertools import zip_longest
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SHOP = HERE / "legacy_shop"
WIDTH = min(shutil.get_terminal_size((116, 24)).columns, 140)
STYLES = {"call": "cyan", "error": "red", "sleep": "yellow", "log": "magenta", "result": "green", "raised": "bold red"}
SAME = "the same"
DROPPED = "the same, without the useless sleep after the last failure"
DIFFERENT = "DIFFERENT"

Pieces = tuple[tuple[str, str], ...]
"""A line to print: texts, each with the name of a style."""

try:
    from rich.console import Console
    from rich.text import Text
except ImportError:

    def show(*pieces: tuple[str, str]) -> None:
        """Print one line without styles."""
        print("".join(text for text, _ in pieces).rstrip(), flush=True)

else:
    CONSOLE = Console(width=max(WIDTH, 80), highlight=False, soft_wrap=True)

    def show(*pieces: tuple[str, str]) -> None:
        """Print one line with styles where the terminal has them."""
        line = Text.assemble(*pieces)
        line.rstrip()
        CONSOLE.print(line)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One event of a timeline."""

    at: float
    kind: str
    text: str

    @property
    def key(self) -> tuple[str, str]:
        """What must be equal in old and new; the instant follows from the sleeps before."""
        return self.kind, self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two timelines row by row (`None` where one has nothing), the verdict, and the notes that the new one adds."""

    rows: list[tuple[Line | None, Line | None]]
    verdict: str
    notes: list[str]


def trailing_sleep(lines: list[Line]) -> int | None:
    """Find the sleep after which nothing is called any more."""
    kinds = [line.kind for line in lines]
    last_call = max((at for at, kind in enumerate(kinds) if kind == "call"), default=-1)
    sleeps = [at for at, kind in enumerate(kinds) if kind == "sleep" and at > last_call]
    return sleeps[0] if len(sleeps) == 1 else None


def compare(old: list[Line], new: list[Line]) -> Comparison:
    """Hold a new timeline against the old one."""
    notes = [line.text for line in new if line.kind == "note"]
    plain = [line for line in new if line.kind != "note"]
    keys = [line.key for line in plain]
    at = trailing_sleep(old)
    if [line.key for line in old] == keys:
        return Comparison(rows=[*zip(old, plain, strict=True)], verdict=SAME, notes=notes)
    if at is not None and [line.key for line in (*old[:at], *old[at + 1 :])] == keys:
        padded = [*plain[:at], None, *plain[at:]]
        return Comparison(rows=[*zip(old, padded, strict=True)], verdict=DROPPED, notes=notes)
    return Comparison(rows=difference(old, plain), verdict=DIFFERENT, notes=notes)


def difference(old: list[Line], new: list[Line]) -> list[tuple[Line | None, Line | None]]:
    """Pair the lines, equal ones beside each other where possible."""
    rows: list[tuple[Line | None, Line | None]] = []
    matcher = SequenceMatcher(None, [line.key for line in old], [line.key for line in new], autojunk=False)
    for _, first, last, start, end in matcher.get_opcodes():
        rows += zip_longest(old[first:last], new[start:end])
    return rows


def cell(line: Line | None, width: int) -> Pieces:
    """Lay out one event."""
    if line is None:
        return ((" " * width, ""),)
    room = width - 17
    text = line.text if len(line.text) <= room else line.text[: room - 1] + "…"
    return (
        (f"{line.at:7.2f}  ", "dim"),
        (f"{line.kind:<7}", STYLES.get(line.kind, "dim")),
        (f" {text:<{room}}", ""),
    )


def show_comparison(title: str, comparison: Comparison) -> None:
    """Print two timelines beside each other."""
    width = (WIDTH - 3) // 2
    show()
    show((title, "bold"))
    show((f"{'seconds  before':<{width}} │ seconds  after", "dim"))
    show(("─" * width + "─┼─" + "─" * width, "dim"))
    bad = comparison.verdict == DIFFERENT
    for old, new in comparison.rows:
        equal = old and new and old.key == new.key
        show(*cell(old, width), (" ≠ ", "bold red") if bad and not equal else (" │ ", "dim"), *cell(new, width))
    show((("✗ " if bad else "✓ ") + comparison.verdict, "bold red" if bad else "bold green"))
    for note in comparison.notes:
        show((f"  the exception now carries a note: {note}", "dim"))


def heading(text: str) -> None:
    """Print the title of a chapter."""
    show()
    show((f"━━ {text} ", "bold"), ("━" * max(WIDTH - len(text) - 4, 0), "dim"))
    show()


def mulligan(*arguments: str, folder: Path = ROOT) -> int:
    """Run the command in `folder`, show its output, and answer its exit code."""
    show((f"$ mulligan {' '.join(arguments)}", "bold"))
    sys.stdout.flush()
    return subprocess.run([sys.executable, "-m", "mulligan", *arguments], cwd=folder, check=False).returncode


def plays(folder: Path) -> dict[tuple[str, str], tuple[bool, list[Line]]]:
    """Play all scripts against the shop in `folder`: (function, script) → whether to show it, and its timeline."""
    command = [sys.executable, str(HERE / "scenarios.py"), str(folder)]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    output = subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout
    return {
        (each["function"], each["script"]): (each["shown"], [Line(**event) for event in each["events"]])
        for each in json.loads(output)
    }


def spell(script: str) -> str:
    """Say in words what a script does."""
    failures = script.count("x")
    times = {0: "", 1: "fails once", 2: "fails twice"}.get(failures, f"fails {failures} times")
    if not script.endswith((".", "!")):
        return "fails each time"
    end = "answers" if script.endswith(".") else "fails in an unexpected way"
    return f"{times}, then {end}" if times else end


def rewritten(copy: Path) -> list[str]:
    """Name the files that the migration changed or made."""
    files = (path.relative_to(copy) for path in sorted((copy / "shop").rglob("*.py")))
    return [str(path) for path in files if not same_bytes(SHOP / path, copy / path)]


def show_changes(copy: Path, changed: list[str]) -> None:
    """Print what the migration did to the copy as a diff."""
    colours = {"+": "green", "-": "red", "@": "cyan"}
    for name in changed:
        old = (SHOP / name).read_text("utf-8") if (SHOP / name).exists() else ""
        new = (copy / name).read_text("utf-8")
        for line in unified_diff(old.splitlines(), new.splitlines(), f"before/{name}", f"after/{name}", lineterm=""):
            show((line, colours.get(line[:1], "")))


def same_bytes(old: Path, new: Path) -> bool:
    """Tell whether both files exist and are equal."""
    return old.exists() and old.read_bytes() == new.read_bytes()


def replay(copy: Path) -> Counter[str]:
    """Play everything against both shops, show the chosen ones and whatever differs, and count the verdicts."""
    old, new = plays(SHOP), plays(copy)
    verdicts: Counter[str] = Counter()
    reported: set[str] = set()
    for (function, script), (shown, timeline) in old.items():
        comparison = compare(timeline, new.get((function, script), (False, []))[1])
        verdicts[comparison.verdict] += 1
        is_news = comparison.verdict == DIFFERENT and function not in reported
        if shown or is_news:
            reported |= {function} if is_news else set()
            show_comparison(f"{function}: {spell(script)}", comparison)
    return verdicts


def migrate_copy(copy: Path) -> int:
    """Copy the shop and migrate the copy."""
    shutil.copytree(SHOP, copy, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    return mulligan("migrate", "--write", copy.name, folder=copy.parent)


def main() -> int:
    """Run the demonstration and answer the exit code."""
    heading("What is there")
    codes = [mulligan("scan", str(SHOP.relative_to(ROOT)))]
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "legacy_shop"
        heading("Migrating a copy: each rewrite is proved first, that takes a moment")
        codes.append(migrate_copy(copy))
        changed = rewritten(copy)
        heading("What that changed")
        show_changes(copy, changed)
        heading("Before and after, side by side in virtual time")
        verdicts = replay(copy)
    return summary(verdicts, codes, changed)


def summary(verdicts: Counter[str], codes: list[int], changed: list[str]) -> int:
    """Print the figures and answer the exit code."""
    heading("Altogether")
    show((f"{len(changed)} files were changed or made: {', '.join(changed) or 'none'}", ""))
    show((f"{verdicts.total()} scripts of faults were played against both versions:", ""))
    for verdict in (SAME, DROPPED, DIFFERENT):
        show((f"{verdicts[verdict]:6}  {verdict}", "bold red" if verdict == DIFFERENT and verdicts[verdict] else ""))
    failed = verdicts[DIFFERENT] > 0 or any(codes) or not changed
    if not changed:
        show(("Nothing was migrated, so nothing was shown.", "bold red"))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
