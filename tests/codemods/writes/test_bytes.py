"""Every kind of file, byte by byte: what may be written keeps all it had, what may not is left alone and told."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

import pytest

from tests.codemods.writes.shop import LOOP, REWRITTEN, migrated

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def with_cookie(text: str) -> bytes:
    return ("# -*- coding: latin-1 -*-\n\n" + text.replace("nothing", "é ÿ")).encode("latin-1")


def with_form_feed(text: str) -> bytes:
    return text.replace("\n\n\nLATER", "\n\x0c\n\nLATER").encode()


WRITTEN: dict[str, Callable[[str], bytes]] = {
    "LF": str.encode,
    "CRLF": lambda text: text.replace("\n", "\r\n").encode(),
    "CR": lambda text: text.replace("\n", "\r").encode(),
    "BOM": lambda text: codecs.BOM_UTF8 + text.encode(),
    "BOM and CRLF": lambda text: codecs.BOM_UTF8 + text.replace("\n", "\r\n").encode(),
    "latin-1 with a cookie": with_cookie,
    "UTF-8 beyond ASCII": lambda text: text.replace("nothing", "é 漢 🎉").encode(),
    "no final newline": lambda text: text.removesuffix("\n").encode(),
    "form feed": with_form_feed,
    "tabs": lambda text: text.replace("    ", "\t").encode(),
    "blanks at the end of lines": lambda text: text.replace('"nothing"\n', '"nothing"   \n').encode(),
}


@pytest.mark.parametrize("kind", WRITTEN)
def test_a_file_keeps_its_bytes_but_for_the_rewrite(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "client.py"
    file.write_bytes(WRITTEN[kind](LOOP))
    result = migrated("--write", ".")
    assert (result.exit_code, file.read_bytes()) == (0, WRITTEN[kind](REWRITTEN))
    again = migrated(".")
    assert (again.exit_code, again.stdout) == (0, "")
    migrated("--undo")
    assert file.read_bytes() == WRITTEN[kind](LOOP)
    assert [path.name for path in tmp_path.iterdir()] == ["client.py"]


def test_mixed_line_ends_stay_where_they_were(tmp_path: Path) -> None:
    file = tmp_path / "client.py"
    ends = ("\r\n", "\n", "\r")
    lines = LOOP.split("\n")[:-1]
    file.write_bytes("".join(line + ends[place % 3] for place, line in enumerate(lines)).encode())
    before = {line: end for line, end in _lines(file.read_bytes()) if line.strip()}
    assert migrated("--write", ".").exit_code == 0
    after = dict(_lines(file.read_bytes()))
    kept = [line for line in after if line in before]
    assert len(kept) == 4
    assert {line: after[line] for line in kept} == {line: before[line] for line in kept}
    assert file.read_bytes().replace(b"\r\n", b"\n").replace(b"\r", b"\n").decode() == REWRITTEN


def _lines(data: bytes) -> list[tuple[str, str]]:
    return [(line.rstrip("\r\n"), line[len(line.rstrip("\r\n")) :]) for line in data.decode().splitlines(keepends=True)]


NESTED = "\nvalue = " + "(" * 1500 + "1" + ")" * 1500 + "\n"
DEEPER = "\nvalue = " + "(" * 3000 + "1" + ")" * 3000 + "\n"
LEFT_ALONE = {
    "NUL": (LOOP.encode() + b"\0", "ML003"),
    "not UTF-8": (LOOP.replace("nothing", "\xe9").encode("latin-1"), "ML002"),
    "an unknown cookie": (b"# coding: klingon\n" + LOOP.encode(), "ML002"),
    "1,500 parentheses": ((LOOP + NESTED).encode(), "ML004"),
    "3,000 parentheses": ((LOOP + DEEPER).encode(), "ML004"),
    "60,000 signs": ((LOOP + "\nvalue = " + "-" * 60_000 + "1\n").encode(), "ML005"),
    "Python 2": ((LOOP + "\nprint 'x'\n").encode(), "ML004"),
    "cut off": (LOOP[: LOOP.index(" == 3") + 4].encode(), "ML004"),
}


@pytest.mark.parametrize("kind", LEFT_ALONE)
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_bad_file_is_told_and_the_rest_is_written(tmp_path: Path, kind: str, jobs: str) -> None:
    data, code = LEFT_ALONE[kind]
    (tmp_path / "bad.py").write_bytes(data)
    (tmp_path / "client.py").write_text(LOOP)
    result = migrated("--write", "--jobs", jobs, ".")
    assert result.exit_code == 3
    assert "bad.py" in result.stdout
    assert code in result.stdout
    assert (tmp_path / "bad.py").read_bytes() == data
    assert (tmp_path / "client.py").read_text() == REWRITTEN


def test_a_notebook_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "n.ipynb").write_text("{}")
    (tmp_path / "client.py").write_text(LOOP)
    result = migrated("--write", "client.py", "n.ipynb")
    assert result.exit_code == 3
    assert "ML006 is a notebook" in result.stdout
    assert (tmp_path / "client.py").read_text() == REWRITTEN
