"""The benchmark of the scan: mulligan, libcst's own runner, ruff and a plain bytes scan on the same files in one run.

    python -m tests.benchmarks.scan --corpus DIR [--jobs 2] [--growth]

Rules: the packages are pinned and the same for all; every tool gets the same number of jobs; a goal is a ratio of
processor times, because the seconds of a shared machine are its neighbours', and the command exits with 1 where one is
missed. `--growth` measures how the time grows from 1,000 to 50,000 files.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.processes import Measured, measured

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["PACKAGES"]

PACKAGES = ("nova-34.0.0", "cinder-29.0.0", "mlflow-3.18.0", "langchain-community-0.4.2")
"""More than 5,000 files, from services, machine learning and connectors."""

SIZES = (1_000, 5_000, 10_000, 25_000, 50_000)

BYTES_SCAN = """
import sys
from pathlib import Path
found = 0
for folder in sys.argv[1:]:
    for path in Path(folder).rglob("*.py"):
        data = path.read_bytes()
        found += b"except" in data and (b"sleep" in data or b"retr" in data)
print(found)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the table."""

    name: str
    measured: Measured
    ratio: float | None = None
    goal: str = ""
    missed: bool = False


def main() -> int:
    """Measure, print, and answer the exit code."""
    parser = argparse.ArgumentParser(description="Measure the scan against other tools.")
    parser.add_argument("--corpus", type=Path, required=True, help="the folder of the unpacked packages")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--growth", action="store_true", help="measure 1,000 to 50,000 files instead")
    given = parser.parse_args()
    print(f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, {platform.machine()}, {given.jobs} jobs")
    if given.growth:
        return _grown(given.corpus, given.jobs)
    folders = [str(given.corpus / package) for package in PACKAGES]
    files = sum(1 for folder in folders for _ in Path(folder).rglob("*.py"))
    size = sum(path.stat().st_size for folder in folders for path in Path(folder).rglob("*.py"))
    print(f"{', '.join(PACKAGES)}: {files:,} files, {size / 1e6:.1f} MB\n")
    print("| what | seconds | processor s | against mulligan | goal | parent MiB | workers MiB |")
    print("|---|---:|---:|---:|---|---:|---:|")
    missed = False
    for line in _lines(folders, given.jobs):
        ratio = "" if line.ratio is None else f"{line.ratio:.2f}×"
        took = line.measured
        worker = f"{took.workers} × {took.worker:.0f}" if took.workers else ""
        print(
            f"| {line.name} | {took.seconds:.2f} | {took.processor:.2f} | {ratio} | {line.goal} "
            f"| {took.parent:.0f} | {worker} |",
            flush=True,
        )
        missed = missed or line.missed
    return int(missed)


def _lines(folders: Sequence[str], jobs: int) -> Iterator[Line]:
    threads = {"RAYON_NUM_THREADS": str(jobs)}
    ours = _least(_scan(folders, jobs, "--no-cache"))
    yield Line(name="mulligan scan --no-cache", measured=ours)
    ruff = _least(["ruff", "check", "--no-cache", "--isolated", "--quiet", "--exit-zero", *folders], threads)
    yield _line("ruff check --no-cache", ruff, ours, goal="≥ 1/3", missed=ours.processor > 3 * ruff.processor)
    yield _line("plain bytes scan, one process", _least([sys.executable, "-c", BYTES_SCAN, *folders]), ours)
    with tempfile.TemporaryDirectory() as cache:
        own = {"XDG_CACHE_HOME": cache}
        cold = measured(_scan(folders, jobs), environment=own)
        yield _line("mulligan scan, cold cache", cold, ours)
        warm = _least(_scan(folders, jobs), own)
    yield _line(
        "mulligan scan, warm cache", warm, cold, goal="≤ 1/10 of cold", missed=10 * warm.processor > cold.processor
    )
    command = [sys.executable, "-m", "libcst.tool", "codemod", "-x", "tests.benchmarks.noop.Noop", "--hide-progress"]
    libcst = measured([*command, "--jobs", str(jobs), *folders], cwd=Path(__file__).parents[2])
    yield _line("libcst.tool codemod, no-op", libcst, ours, goal="≥ 25", missed=libcst.processor < 25 * ours.processor)


def _line(name: str, took: Measured, ours: Measured, *, goal: str = "", missed: bool = False) -> Line:
    return Line(name=name, measured=took, ratio=took.processor / ours.processor, goal=goal, missed=missed)


def _scan(paths: Sequence[str], jobs: int, *options: str) -> list[str]:
    return [sys.executable, "-m", "mulligan", "scan", "--format", "json", "--jobs", str(jobs), *options, *paths]


def _least(command: Sequence[str], environment: dict[str, str] | None = None) -> Measured:
    """Answer the fastest of three runs."""
    return min((measured(command, environment=environment) for _ in range(3)), key=lambda each: each.processor)


def _grown(corpus: Path, jobs: int) -> int:
    """Scan more and more files, drawn at random from the whole corpus."""
    every = sorted(str(path) for path in corpus.rglob("*.py") if path.is_file() and path.stat().st_size)
    random.Random(7).shuffle(every)
    print("| files | MB | cold s | processor ms a file | warm processor s | parent MiB | worker MiB |")
    print("|---:|---:|---:|---:|---:|---:|---:|")
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder) / "files"
            for place in range(size):
                _link(every[place % len(every)], root / f"{place // 500}" / f"module_{place}.py")
            own = {"XDG_CACHE_HOME": str(Path(folder) / "cache")}
            cold = measured(_scan([str(root)], jobs), environment=own)
            warm = measured(_scan([str(root)], jobs), environment=own)
            megabytes = sum(path.stat().st_size for path in root.rglob("*.py")) / 1e6
        print(
            f"| {size:,} | {megabytes:.1f} | {cold.seconds:.2f} | {1000 * cold.processor / size:.2f} "
            f"| {warm.processor:.2f} | {cold.parent:.0f} | {cold.workers} × {cold.worker:.0f} |",
            flush=True,
        )
    return 0


def _link(source: str, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:
        target.write_bytes(Path(source).read_bytes())


if __name__ == "__main__":
    raise SystemExit(main())
