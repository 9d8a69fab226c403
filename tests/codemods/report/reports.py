"""A report that holds a bit of everything, made by the stages of the tests."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from mulligan_codemods.config import Config
from mulligan_codemods.files.discover import discover
from mulligan_codemods.run.engine import Options, run

from tests.codemods.fake_stages import STAGES, function

if TYPE_CHECKING:
    from mulligan_codemods.rows import Report

TEXT = "\n".join(
    [
        "# é | `tick`",
        function("safe"),
        function("other", count=4),
        function("differs", "differs"),
        function("refused", "refused"),
        function("ignored", first="  # mulligan: ignore"),
        function("crash", "crash recognise"),
        "x = 1  # mulligan: ignore",
    ]
)
NAME = "a b.py"


def everything(root: Path, *, prove: bool = True) -> Report:
    """Write a small project below `root`, which must be the working folder, and run over it."""
    assert Path.cwd().samefile(root)
    (root / NAME).write_text(TEXT, encoding="utf-8")
    (root / "nul.py").write_bytes(b"\n\0")
    report = run(discover(["."]).files, STAGES, Options(prove=prove, config=Config()))
    assert all(not Path(row.site.path).is_absolute() for row in report.rows)
    return report


def first_known(report: Report) -> Report:
    """Answer the report as if a baseline held the first site."""
    return replace(report, rows=(replace(report.rows[0], known=True), *report.rows[1:]), baseline=True)
