"""Files whose syntax only newer versions of Python have."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest
from mulligan_codemods.files.source import Source, decode
from mulligan_codemods.run.engine import Options, run
from mulligan_codemods.run.scanning.newer import newer_sites
from mulligan_codemods.run.stages import real_stages
from mulligan_codemods.site import Status

if TYPE_CHECKING:
    from pathlib import Path

LOOP = """
class Client:
    def fetch{types}(self, url):
        while True:
            try:
                return get(url)
            except OSError:
                time.sleep(1)
"""
TYPED = LOOP.format(types="[T]")


def parses(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


@pytest.mark.skipif(parses(TYPED), reason="this Python knows the syntax")
def test_its_sites_are_refused_by_name_and_it_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(TYPED)
    report = run([str(tmp_path / "a.py")], real_stages(), Options(prove=True))
    (row,) = report.rows
    assert (row.status, row.site.qualname, row.site.span.line) == (Status.REFUSED, "Client.fetch", 4)
    assert row.reason is not None
    assert (row.reason.code, report.errors, report.failed) == ("ML013", (), False)


@pytest.mark.parametrize(("text", "count"), [(TYPED, 1), (LOOP.format(types=""), 1), ("type A = int\n", 0)])
def test_loops_with_a_handler_and_a_pause_are_found(text: str, count: int) -> None:
    source = decode("a.py", text.encode())
    assert isinstance(source, Source)
    found = newer_sites(source)
    assert found is not None
    assert len(found) == count


@pytest.mark.parametrize("text", ["print 'Python 2'\n", "x = " + "(" * 3000 + ")" * 3000 + "\n"])
def test_what_libcst_does_not_read_either_stays_a_failure(tmp_path: Path, text: str) -> None:
    hopeful = text + LOOP.format(types="")
    (tmp_path / "a.py").write_text(hopeful)
    report = run([str(tmp_path / "a.py")], real_stages(), Options(prove=False))
    assert [error.code for error in report.errors] == ["ML004"]
