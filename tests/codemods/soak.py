"""Migrate whole packages and judge what comes out.

    python -m tests.codemods.soak --corpus DIR [--jobs 2] [PACKAGE…]

Rules: every package of the corpus is copied, migrated with unsafe rewrites applied, and judged as `soaking` says; the
command exits with 1 where something does not hold. It also tells how long `migrate` with its proofs takes.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from mulligan_codemods.rows import counts
from mulligan_codemods.site import Status

from tests.codemods.soaking import copied, soaked

__all__ = ["main"]

SHOWN = (Status.SAFE, Status.UNSAFE, Status.REFUSED, Status.IGNORED, Status.FAILED)


def main() -> int:
    """Soak the packages, print a line for each, and answer the exit code."""
    parser = argparse.ArgumentParser(description="Migrate whole packages and judge what comes out.")
    parser.add_argument("--corpus", type=Path, required=True, help="the folder of the unpacked packages")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("packages", nargs="*", help="names of folders in it; by default all")
    given = parser.parse_args()
    folders = sorted(path for path in given.corpus.iterdir() if path.is_dir() and path.name != "archives")
    wanted = [path for path in folders if not given.packages or path.name in given.packages]
    print(f"| package | files | found | {' | '.join(SHOWN)} | unreadable | changed | seconds | wrong |")
    print("|---" + "|---:" * (len(SHOWN) + 6) + "|")
    wrong = [message for folder in wanted for message in _package(folder, given.jobs)]
    print(f"\n{len(wanted)} packages, {len(wrong)} things wrong")
    return int(bool(wrong))


def _package(folder: Path, jobs: int) -> list[str]:
    with tempfile.TemporaryDirectory() as place:
        done = soaked(copied(folder, Path(place) / folder.name), jobs)
    report = done.report
    told = [f"{counts(report)[status]}" for status in SHOWN]
    print(
        f"| {folder.name} | {report.files:,} | {report.found} | {' | '.join(told)} | {len(report.errors)} "
        f"| {len(report.changes)} | {done.seconds:.1f} | {len(done.wrong)} |",
        flush=True,
    )
    for message in done.wrong:
        print(f"  {folder.name}: {message}", flush=True)
    return done.wrong


if __name__ == "__main__":
    raise SystemExit(main())
