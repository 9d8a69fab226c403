"""Hold a migration of labelled call sites against their labels, and print the figures.

`python -m tests.codemods.legacy_figures LABELS.jsonl FOLDER [--list STATUS] [--diffs FILE]`: each line of LABELS names
a call of a retry library by package, version, path and line; FOLDER holds the unpacked packages as `package-version`.
Nothing in it is written; the rewrites can be read as one diff.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, cast

from mulligan_codemods.prove.result import Proved
from mulligan_codemods.report.diff import unified
from mulligan_codemods.run.engine import Options, run
from mulligan_codemods.run.stages import real_stages
from mulligan_codemods.site import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mulligan_codemods.rows import Report, Row


class Label(TypedDict):
    """One labelled call site."""

    lib: str
    package: str
    version: str
    path: str
    line: int
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A label and what the migration said of it; `row` is `None` where nothing was found."""

    label: Label
    row: Row | None

    @property
    def status(self) -> str:
        """How it ended."""
        return "missing" if self.row is None else self.row.status.value

    @property
    def reason(self) -> str:
        """Why it is not safe, in one line."""
        if self.row is None or self.row.reason is None:
            return ""
        return " ".join(f"{self.row.reason.code} {self.row.reason.message}".split())


def labels(file: Path) -> list[Label]:
    """Read the labels."""
    return [cast("Label", json.loads(line)) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]


def place_of(label: Label, folder: Path) -> Path:
    """Answer the file of a label."""
    return folder / f"{label['package']}-{label['version']}" / label["path"]


def judged(found: Sequence[Label], folder: Path, jobs: int) -> tuple[list[Judged], Report]:
    """Migrate the labelled files, and answer what became of each label."""
    files = sorted({str(place_of(each, folder)) for each in found})
    report = run(files, real_stages(), Options(prove=True, jobs=jobs))
    rows = {(row.site.path, row.site.span.line): row for row in report.rows if row.site.kind is not Kind.LOOP}
    return [Judged(label=each, row=rows.get((str(place_of(each, folder)), each["line"]))) for each in found], report


def table(results: Sequence[Judged]) -> Iterator[str]:
    """Yield the figures as lines."""
    statuses = ["safe", "unsafe", "refused", "failed", "missing"]
    libraries = sorted({each.label["lib"] for each in results})
    yield f"{'library':10} {'sites':>6} " + " ".join(f"{status:>8}" for status in statuses) + "   safe"
    for library in [*libraries, "all"]:
        chosen = [each for each in results if library in {each.label["lib"], "all"}]
        counted = Counter(each.status for each in chosen)
        share = counted["safe"] / len(chosen) if chosen else 0.0
        yield f"{library:10} {len(chosen):6} " + " ".join(f"{counted[each]:8}" for each in statuses) + f"  {share:5.1%}"


def told(results: Sequence[Judged]) -> Iterator[str]:
    """Yield what the safe rewrites rest on, and why others are not safe."""
    proofs = [each.row.proof for each in results if each.row is not None]
    proved = [proof for proof in proofs if isinstance(proof, Proved)]
    for title, texts in (
        ("taken for granted, by kind", Counter(each.code for proof in proved for each in proof.assumptions)),
        ("permitted differences", Counter(each for proof in proved for each in proof.differences)),
        ("not safe, by code", Counter(each.reason.partition(" ")[0] for each in results if each.status != "safe")),
    ):
        yield f"\n{title}:"
        yield from (f"  {number:4} {text}" for text, number in texts.most_common())


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("labels", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--diffs", type=Path, help="write the rewrites there")
    parser.add_argument("--list", dest="listed", help="list the sites that ended like this, with their reasons")
    given = parser.parse_args()
    results, report = judged(labels(given.labels), given.folder, given.jobs)
    if given.diffs is not None:
        given.diffs.write_bytes(unified(report.changes))
    print("\n".join([*table(results), *told(results)]))
    for each in results:
        if given.listed in {each.status, "all"}:
            print(f"{each.status}  {place_of(each.label, given.folder)}:{each.label['line']}  {each.reason}")


if __name__ == "__main__":
    main()
