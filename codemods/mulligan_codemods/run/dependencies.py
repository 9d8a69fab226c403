"""What a migration does to the project's declared dependencies: libraries that nothing imports any more, and mulligan.

Rules: a library's last use is gone only where no Python file of the whole project imports it, as the files will be, and
nothing else of the project names it as a module; then its line goes, or is told where it can't go safely. Nothing is
written here. A project is the folder of the nearest `pyproject.toml`, list of requirements or repository.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from mulligan import __version__
from mulligan.compat.symbols import LIBRARIES
from mulligan_codemods.files.discover import discover
from mulligan_codemods.files.source import Unreadable, bytes_of, read
from mulligan_codemods.files.write import Change
from mulligan_codemods.rows import Notice
from mulligan_codemods.texts.requirements import declares, normal, without

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from mulligan.compat.symbols import Library
    from mulligan_codemods.files.source import Source
    from mulligan_codemods.rows import Report
    from mulligan_codemods.texts.requirements import Declared

__all__ = ["Tidied", "tidied", "with_dependencies"]

ROOTS = ("pyproject.toml", "setup.py", "setup.cfg", "Pipfile", ".git")
OTHERS = ("setup.py", "setup.cfg", "Pipfile", "tox.ini", "noxfile.py", "environment.yml", "uv.lock", "poetry.lock")
"""Files that may declare dependencies too, and are never edited."""

HIGHEST = 8
"""How many folders above a file are searched for its project."""

OWN = frozenset({"mulligan"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Tidied:
    """The changes to files that declare dependencies, and what is to be known or done by hand."""

    changes: tuple[Change, ...] = ()
    notices: tuple[Notice, ...] = ()


def with_dependencies(report: Report) -> Report:
    """Add to a report what becomes of the declared dependencies when its changes are made."""
    found = tidied(report.changes)
    return replace(report, dependencies=found.changes, notices=(*report.notices, *found.notices))


def tidied(changes: Sequence[Change]) -> Tidied:
    """Answer what becomes of the declared dependencies when these changes are made."""
    if not changes:
        return Tidied()
    root = _root(Path(changes[0].path).absolute().parent)
    after = {os.path.realpath(change.path): change.after for change in changes}
    before = b"\n".join(change.before or b"" for change in changes)
    used = [library for library in LIBRARIES if _imports(library).search(before)]
    files = discover([str(root)]).files if used else ()
    gone = [library for library in used if not any(_names(library, path, after) for path in files)]
    names = frozenset(normal(each) for library in gone for each in library.distributions)
    return _edited(root, names, adds=any(b"mulligan" in change.after for change in changes))


def _root(folder: Path) -> Path:
    for each in (folder, *folder.parents[:HIGHEST]):
        if any((each / name).exists() for name in ROOTS) or any(each.glob("requirements*.txt")):
            return each
    return folder


def _imports(library: Library) -> re.Pattern[bytes]:
    """Answer the pattern of what imports a library, or names a module of it in a string."""
    name = re.escape(library.name.encode())
    return re.compile(
        rb"^[ \t]*(?:from[ \t]+%b[. \t]|import[ \t]+[^\n#]*\b%b\b)|[\"']%b(?:\.[\w.]+)[\"']" % (name, name, name),
        re.MULTILINE,
    )


def _names(library: Library, path: str, after: Mapping[str, bytes]) -> bool:
    data = after.get(os.path.realpath(path))
    if data is None:
        data = bytes_of(path)
    return data is None or _imports(library).search(data) is not None  # where nobody knows, the dependency stays


def _edited(root: Path, names: frozenset[str], *, adds: bool) -> Tidied:
    """Take the distributions out of every file that declares them, and see that mulligan is declared."""
    sources = [each for each in map(read, map(_shown, _declaring(root))) if not isinstance(each, Unreadable)]
    known = not adds or any(declares(each.text, OWN, toml=_is_toml(each)) for each in sources)
    changes: list[Change] = []
    notices: list[Notice] = []
    for source in sources if names else ():
        instead = "" if known else _requirement(source.text, names)
        taken = without(source.text, names, toml=_is_toml(source), instead=instead)
        notices += [_told(source.path, each) for each in taken.lines]
        if taken.text != source.text:
            changes.append(Change(path=source.path, before=source.data, after=source.encode(taken.text)))
            known = known or instead in taken.text
    notices += _elsewhere(root, names)
    if sources and not known:
        message = f"the code imports mulligan now: declare mulligan>={__version__}"
        notices.append(Notice(path=sources[0].path, line=None, code="ML504", message=message))
    return Tidied(changes=tuple(changes), notices=tuple(notices))


def _is_toml(source: Source) -> bool:
    return source.path.endswith(".toml")


def _requirement(text: str, names: frozenset[str]) -> str:
    """Answer mulligan's requirement, as exact as the one that it replaces is."""
    pinned = any(re.search(rf"(?im)^\s*[\"']?{re.escape(name)}[^\n]*==", text) for name in names)
    return f"mulligan=={__version__}" if pinned else f"mulligan>={__version__}"


def _declaring(root: Path) -> Iterator[Path]:
    yield from (path for path in (root / "pyproject.toml",) if path.is_file())
    yield from sorted(root.glob("requirements*.txt"))
    yield from sorted(root.glob("requirements/*.txt"))


def _told(path: str, declared: Declared) -> Notice:
    why = f": remove it by hand, {declared.why}" if declared.why else ""
    message = f"nothing imports {declared.name} any more{why or '; the line goes'}"
    return Notice(path=path, line=declared.line, code="ML503", message=message)


def _elsewhere(root: Path, names: frozenset[str]) -> Iterator[Notice]:
    """Yield the lines of other files that may declare a distribution."""
    for name in OTHERS:
        path = root / name
        lines = path.read_text(encoding="utf-8", errors="replace").split("\n") if names and path.is_file() else []
        for number, line in enumerate(lines, 1):
            for each in sorted(names):
                if re.search(rf"(?i)(?:^|[\s\"'=]){re.escape(each)}(?=[\s\"'=<>~!\[]|$)", line):
                    message = f"nothing imports {each} any more: look whether this line declares it"
                    yield Notice(path=_shown(path), line=number, code="ML503", message=message)


def _shown(path: Path) -> str:
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative
