"""Reading a file and giving its bytes back."""

from __future__ import annotations

import ast
import codecs
import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mulligan_codemods.files.source import Source, Unreadable, cut, decode, offsets, parse, read
from mulligan_codemods.site import Span

if TYPE_CHECKING:
    from pathlib import Path


def source_of(data: bytes) -> Source:
    source = decode("a.py", data)
    assert isinstance(source, Source), source
    return source


def unreadable(data: bytes) -> Unreadable:
    answer = decode("a.py", data)
    assert isinstance(answer, Unreadable), answer
    return answer


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"x = 1",
        b"x = 1\n",
        b"x = 1\r\ny = 2\r\n",
        b"x = 1\ry = 2\r",
        b"x = 1\r\ny = 2\nz = 3\r\r\n\nend",
        codecs.BOM_UTF8 + b"x = 1\r\n",
        codecs.BOM_UTF8 + b"# coding: utf-8\nx = '\xc3\xa9'\n",
        b"# -*- coding: latin-1 -*-\nx = '\xe9'\n",
        b"#!/usr/bin/python\r# vim: set fileencoding=cp1252 :\rx = '\x80'\r",
        b"x = 1\n\x0c\ndef f():\n\tpass\n",
        "x = '\u2028\u0085\x1c'\r\ny = 'ÿ'\n".encode(),
    ],
)
def test_an_untouched_text_gives_the_same_bytes(data: bytes) -> None:
    source = source_of(data)
    assert source.encode(source.text) == data
    assert "\r" not in source.text


@given(st.lists(st.tuples(st.text(alphabet="ab\x0c\u2028é "), st.sampled_from(["\n", "\r\n", "\r"])), max_size=12))
def test_any_mixture_of_line_ends_comes_back(lines: list[tuple[str, str]]) -> None:
    data = "".join(line + end for line, end in lines).encode()
    source = source_of(data)
    assert source.encode(source.text) == data


def test_untouched_lines_keep_their_own_ends_around_an_edit() -> None:
    source = source_of(b"one\r\ntwo\nthree\r\nfour\r\nfive")
    assert source.encode("zero\none\ntwo\n3\n3b\nfour\nfive") == b"zero\r\none\r\ntwo\n3\r\n3b\r\nfour\r\nfive"


def test_a_removed_line_takes_its_end_along() -> None:
    assert source_of(b"one\r\ntwo\nthree\r\n").encode("one\nthree\n") == b"one\r\nthree\r\n"


def test_a_character_that_the_encoding_lacks_is_an_error() -> None:
    with pytest.raises(UnicodeEncodeError):
        source_of(b"# coding: latin-1\nx = 1\n").encode("x = '≥'\n")


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        (b"x = 1\ny = '\xff'\n", "ML002", 2),
        (b"# coding: no-such-codec\n", "ML002", 1),
        (codecs.BOM_UTF8 + b"# coding: latin-1\n", "ML002", 1),
        (b"# coding: rot13\nk = 1\n", "ML002", 1),
        (b"x = 1\ny = '\0'\n", "ML003", 2),
    ],
)
def test_what_cannot_be_decoded_is_a_value(data: bytes, code: str, line: int) -> None:
    answer = unreadable(data)
    assert (answer.code, answer.line) == (code, line)


def test_a_missing_file_is_a_value(tmp_path: Path) -> None:
    answer = read(str(tmp_path / "missing.py"))
    assert isinstance(answer, Unreadable)
    assert answer.code == "ML001"


def test_what_is_no_file_is_a_value(tmp_path: Path) -> None:
    """A pipe would never end."""
    os.mkfifo(tmp_path / "pipe.py")
    assert isinstance(read(str(tmp_path / "pipe.py")), Unreadable)
    assert isinstance(read(str(tmp_path)), Unreadable)


def test_a_file_is_read_from_disk(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"x = 1\r\n")
    source = read(str(path))
    assert isinstance(source, Source)
    assert (source.path, source.data, source.text) == (str(path), b"x = 1\r\n", "x = 1\n")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("def f(:\n", "ML004"),
        ("x = " + "(" * 1500 + ")" * 1500, "ML004"),
        ("x = " + "(" * 3000 + ")" * 3000, "ML004"),
        ("x = " + "-" * 60_000 + "1", "ML005"),
        ("x = " + "+".join("a" * 30_000), "ML005"),
    ],
)
def test_what_does_not_parse_is_a_value(text: str, code: str) -> None:
    answer = parse(source_of(text.encode()))
    assert isinstance(answer, Unreadable)
    assert answer.code == code


def test_parsing_never_warns() -> None:
    """An invalid escape in a scanned file is that file's business."""
    assert isinstance(parse(source_of(b"x = '\\d'\nif 1 is 1: pass\n")), ast.Module)


def test_a_span_is_cut_out_by_characters() -> None:
    text = "é = 1\nabc = 'é'\n"
    span = Span(line=1, column=4, end_line=2, end_column=3)
    assert offsets(text, span) == (4, 9)
    assert cut(text, span) == "1\nabc"
