"""Whole folders are migrated and judged from outside; `python -m tests.codemods.soak` does it for whole packages."""

from __future__ import annotations

import os
from itertools import islice
from pathlib import Path

import pytest
from mulligan_codemods.files.write import Change
from mulligan_codemods.rows import counts
from mulligan_codemods.site import Status

from tests.codemods import soaking
from tests.codemods.generated.textbook import textbook
from tests.codemods.soaking import copied, soaked
from tests.codemods.writes.shop import LOOP

SHOP = Path(__file__).parents[2] / "docs" / "examples" / "legacy_shop"
CORPUS = os.environ.get("MULLIGAN_CORPUS")
PACKAGES = ("boto-2.49.0", "duplicity-3.2.1", "gallery-dl-1.32.18", "luigi-3.8.1", "toil-9.6.0")


def test_the_legacy_shop_survives(tmp_path: Path) -> None:
    done = soaked(copied(SHOP, tmp_path / "shop"))
    assert done.wrong == []
    assert counts(done.report)[Status.SAFE] >= 20


def test_generated_files_survive(tmp_path: Path) -> None:
    for place, loop in enumerate(islice(textbook(), 0, None, 40)):
        (tmp_path / f"module_{place}.py").write_text(loop.text)
    ends = {"crlf.py": "\r\n", "cr.py": "\r"}
    for name, end in ends.items():
        (tmp_path / name).write_bytes(LOOP.replace("\n", end).encode())
    done = soaked(tmp_path)
    assert done.wrong == []
    assert len(done.report.changes) > 6


def test_the_judge_sees_what_is_wrong(tmp_path: Path) -> None:
    """A judge that finds nothing wrong with anything would be worth nothing."""
    before = b"import a\n\n\ndef f():\n    return 1\n\n\nclass C:\n    def g(self):\n        return 2\n"
    for after in (
        before.replace(b"1", b"3"),
        before.replace(b"2", b"3"),
        before + b"x = 1\n",
        before.partition(b"\n\nclass")[0],
    ):
        change = Change(path=str(tmp_path / "a.py"), before=before, after=after)
        assert list(soaking.elsewhere(change, [])) != []
    assert list(soaking.elsewhere(Change(path="a.py", before=before, after=b"import b\n" + before), [])) == []


@pytest.mark.full
@pytest.mark.skipif(CORPUS is None, reason="MULLIGAN_CORPUS names no folder of unpacked packages")
@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_survives(tmp_path: Path, package: str) -> None:
    assert CORPUS is not None
    assert soaked(copied(Path(CORPUS) / package, tmp_path / package)).wrong == []
