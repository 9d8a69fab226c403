"""Take distributions out of what declares a project's dependencies, a line each.

Rules: only a line that is one requirement and nothing else goes: no comment on it, no continuation, no neighbour in the
same line, none that a resolver explains below. Whatever else names the distribution is told with its line and the
reason, and left. An edited `pyproject.toml` is parsed again: nothing but these requirements may have changed.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["Declared", "Taken", "declares", "normal", "without"]

REQUIREMENT = re.compile(r"\s*(?P<name>[A-Za-z0-9][\w.-]*)\s*(?P<rest>[\[=<>!~;@ ,(].*|\\)?$")
ITEM = re.compile(r"(?P<indent>\s*)(?P<quote>[\"'])(?P<text>[^\"']*)(?P=quote)\s*(?P<comma>,?)\s*(?P<comment>#.*)?$")
KEY = re.compile(r"\s*(?P<quote>[\"']?)(?P<name>[A-Za-z0-9][\w.-]*)(?P=quote)\s*=\s*(?P<value>[^#]*)(?P<comment>#.*)?$")
PLACES = re.compile(r"dependenc|^requires$|^packages$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """A line that names a distribution: from 1, and why it is left; empty where it goes."""

    line: int
    name: str
    why: str = ""


@dataclass(slots=True, kw_only=True)
class Taken:
    """A file's text without some distributions, and the lines that named them."""

    text: str
    lines: list[Declared] = field(default_factory=list[Declared])


def normal(name: str) -> str:
    """Answer the name of a distribution as all its spellings share it.

    >>> normal("Retry_2")
    'retry-2'
    """
    return re.sub(r"[-_.]+", "-", name).lower()


def declares(text: str, names: frozenset[str], *, toml: bool) -> bool:
    """Tell whether a file declares one of some distributions (by their normal names)."""
    return bool(without(text, names, toml=toml).lines)


def without(text: str, names: frozenset[str], *, toml: bool, instead: str = "") -> Taken:
    r"""Take distributions out.

    Args:
        text: the file's.
        names: the distributions, by their normal names.
        toml: whether it is a `pyproject.toml`; else a list of requirements.
        instead: a requirement to put in the first one's place.

    >>> without("requests\nretry==0.9.2\n", frozenset({"retry"}), toml=False).text
    'requests\n'
    """
    return _from_toml(text, names, instead) if toml else _from_list(text, names, instead)


def _from_list(text: str, names: frozenset[str], instead: str) -> Taken:
    taken, lines, kept = Taken(text=text), text.split("\n"), list[str]()
    for number, line in enumerate(lines, 1):
        match = REQUIREMENT.match(line.partition("#")[0].rstrip())
        if match is None or normal(match["name"]) not in names:
            kept.append(line)
            continue
        why = _in_list(line, lines[number] if number < len(lines) else "")
        taken.lines.append(Declared(line=number, name=normal(match["name"]), why=why))
        if why:
            kept.append(line)
        elif instead:
            kept.append(instead)
            instead = ""
    taken.text = "\n".join(kept)
    return taken


def _in_list(line: str, following: str) -> str:
    """Say why a line of a list of requirements is left."""
    if line.rstrip().endswith("\\"):
        return "it goes on in further lines"
    if "#" in line:
        return "it has a comment"
    if re.match(r"\s+#", following):
        return "a resolver wrote it: change what it was told"
    return ""


def _from_toml(text: str, names: frozenset[str], instead: str) -> Taken:
    before = _parsed(text)
    if before is None:
        return Taken(text=text)
    taken, lines = Taken(text=text), text.split("\n")
    for number in range(len(lines), 0, -1):
        found = _in_toml(lines[number - 1], names)
        if found is not None and _goes(lines, number, before, names):
            name, why, _ = found
            taken.lines.insert(0, Declared(line=number, name=name, why=why))
    gone = {each.line for each in taken.lines if not each.why}
    places = {number: item for number in gone if (item := ITEM.match(lines[number - 1])) is not None}
    first = min(places, default=0) if instead else 0
    taken.text = "\n".join(
        _in_place(places[number], instead) if number == first else line
        for number, line in enumerate(lines, 1)
        if number not in gone or number == first
    )
    left = {name for name in _declared(_parsed(taken.text) or {}) if name in names}
    told = {each.name for each in taken.lines if each.why}
    taken.lines += [
        Declared(line=_line_of(text, name), name=name, why="it shares a line with others")
        for name in sorted(left - told)
    ]
    return taken


def _in_place(item: re.Match[str], instead: str) -> str:
    return f"{item['indent']}{item['quote']}{instead}{item['quote']}{item['comma']}"


def _goes(lines: list[str], number: int, before: dict[str, object], names: frozenset[str]) -> bool:
    """Tell whether a line is one requirement, and nothing else changes without it."""
    after = _parsed("\n".join([*lines[: number - 1], *lines[number:]]))
    if after is None:
        return False
    fewer = len([*_declared(before)]) - len([*_declared(after)])
    return fewer == 1 and _stripped(before, names, inside=False) == _stripped(after, names, inside=False)


def _in_toml(line: str, names: frozenset[str]) -> tuple[str, str, re.Match[str] | None] | None:
    """Answer the distribution that a line declares, why the line is left, and its match where it is an item."""
    item = ITEM.match(line)
    requirement = None if item is None else REQUIREMENT.match(item["text"])
    if item is not None and requirement is not None and normal(requirement["name"]) in names:
        return normal(requirement["name"]), "it has a comment" if item["comment"] else "", item
    key = KEY.match(line)
    if key is not None and normal(key["name"]) in names:
        whole = key["value"].count("{") == key["value"].count("}") and key["value"].count("[") == key["value"].count(
            "]"
        )
        why = "it has a comment" if key["comment"] else "" if whole else "it goes on in further lines"
        return normal(key["name"]), why, None
    return None


def _parsed(text: str) -> dict[str, object] | None:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None


def _declared(table: Mapping[str, object], *, inside: bool = False) -> Iterator[str]:
    """Yield the normal names of what a table declares as dependencies."""
    for key, value in table.items():
        within = inside or PLACES.search(key) is not None
        if isinstance(value, dict):
            if within and key in {"dependencies", "dev-dependencies"}:
                yield from (normal(str(name)) for name in cast("dict[str, object]", value))
                continue
            yield from _declared(cast("dict[str, object]", value), inside=within)
        elif isinstance(value, list) and within:
            for each in cast("list[object]", value):
                match = REQUIREMENT.match(each) if isinstance(each, str) else None
                if match is not None:
                    yield normal(match["name"])


def _stripped(value: object, names: frozenset[str], *, inside: bool) -> object:
    """Answer a value without what it declares of these names."""
    if isinstance(value, dict):
        table = cast("dict[str, object]", value)
        return {
            key: _stripped(each, names, inside=inside or PLACES.search(key) is not None)
            for key, each in table.items()
            if not (inside and normal(key) in names)
        }
    if isinstance(value, list):
        return [each for each in cast("list[object]", value) if not (inside and _is_of(each, names))]
    return value


def _is_of(value: object, names: frozenset[str]) -> bool:
    match = REQUIREMENT.match(value) if isinstance(value, str) else None
    return match is not None and normal(match["name"]) in names


def _line_of(text: str, name: str) -> int:
    spelled = re.compile(rf"(?<![\w-]){'[-_.]'.join(map(re.escape, name.split('-')))}(?![\w-])", re.IGNORECASE)
    return next((number for number, line in enumerate(text.split("\n"), 1) if spelled.search(line)), 1)
