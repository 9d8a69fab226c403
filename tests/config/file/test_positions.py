"""Each key of a document is found on the line where it stands."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING, TypeGuard

from hypothesis import given
from hypothesis import strategies as st

from mulligan.config.file.positions import lines_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mulligan.config.file.positions import Path

DOCUMENT = r"""# a comment = 1
title = "x" # y = 2
[a.b]
k.l = 1
"q.r" = QQQa
[fake]
bQQQ"
'z' = [1, # c
  "x]", {m = 1, n.o = '}'},
]
[[s]]
v=1979-05-27T07:32:00Z
[[s]]
w='''
x = 1'''
[s.t]
u = -inf
[a."\u0041"]
e = []
""".replace("QQQ", '"' * 3)


def is_table(value: object) -> TypeGuard[dict[str, object]]:
    return isinstance(value, dict)


def is_list(value: object) -> TypeGuard[list[object]]:
    return isinstance(value, list)


def paths(value: object, above: Path = ()) -> Iterator[Path]:
    if above:
        yield above
    items: list[tuple[str | int, object]] = []
    if is_table(value):
        items = list(value.items())
    elif is_list(value):
        items = list(enumerate(value))
    for key, below in items:
        yield from paths(below, (*above, key))


def test_each_key_and_item_has_its_line() -> None:
    lines = lines_of(DOCUMENT)
    assert set(lines) == set(paths(tomllib.loads(DOCUMENT)))
    assert lines["a",] == lines["a", "b"] == 3
    assert lines["a", "b", "q.r"] == 5
    assert (lines["a", "b", "z", 0], lines["a", "b", "z", 1]) == (8, 9)
    assert (lines["s", 0], lines["s", 1], lines["s", 1, "w"], lines["s", 1, "t"]) == (11, 13, 14, 16)
    assert lines["a", "A"] == 18


NAMES = st.text("ab .\"'#=[]\n\\é", max_size=4)
SCALARS = st.one_of(st.integers(-9, 9), st.booleans(), st.text("ab]},#\"'\n\\ =", max_size=6), st.floats(0, 1))
VALUES = st.recursive(
    SCALARS, lambda below: st.lists(below, max_size=3) | st.dictionaries(NAMES, below, max_size=3), max_leaves=6
)


def written(value: object) -> str:
    if is_table(value):
        return "{" + ", ".join(f"{json.dumps(key)} = {written(below)}" for key, below in value.items()) + "}"
    if is_list(value):
        return "[\n" + ",\n# ]\n".join(map(written, value)) + "\n]"
    return json.dumps(value)


@given(st.dictionaries(NAMES, st.dictionaries(NAMES, VALUES, max_size=3), max_size=3))
def test_generated_documents_have_a_line_for_every_key(tables: dict[str, dict[str, object]]) -> None:
    lines: list[str] = []
    starts: dict[Path, int] = {}
    for table, fields in tables.items():
        lines.append(f"[{json.dumps(table)}] # [x]")
        starts[table,] = len(lines)
        for key, value in fields.items():
            starts[table, key] = len(lines) + 1
            lines += f"{json.dumps(key)} = {written(value)}".split("\n")
    text = "\n".join(lines)
    found = lines_of(text)
    assert set(found) == set(paths(tomllib.loads(text)))
    assert {path: found[path] for path in starts} == starts
