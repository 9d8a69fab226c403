"""Reading a file's text into tables: what is there, of the right type, and where.

Rules: pure but for `read_text`. A table below a policy is another policy, whose name goes on with a dot:
`[policies.billing.fetch]` is `billing.fetch`, and so is `[policies."billing.fetch"]`. In `pyproject.toml` the tables
stand below `[tool.mulligan]`, whose other keys belong to the codemods.
"""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Final, TypeGuard, TypeVar

import msgspec
from msgspec.inspect import type_info

from mulligan._value import Value
from mulligan.config.file.complaints import Complaints, guess
from mulligan.config.file.positions import lines_of
from mulligan.config.file.tables import BudgetTable, FileTable, PolicyTable
from mulligan.config.problems import PolicyFileError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path as FilePath

    from mulligan.config.file.positions import Path

__all__ = ["ErrorSet", "Tables", "Written", "fields_of", "read_tables", "read_text", "section_of"]

S = TypeVar("S", bound=msgspec.Struct)

FIELDS: Final = {field.name: field.type for field in msgspec.structs.fields(PolicyTable)}
_WHERE = re.compile(r"\(at (?:line (\d+), column \d+|end of document)\)")


class Written(Value):
    """A policy's table as it was written: the valid fields, and where it stands."""

    name: str
    path: Path
    fields: Mapping[str, object]


class ErrorSet(Value):
    """A named set of exceptions as it was written, and where it stands."""

    path: Path
    names: tuple[str, ...]


class Tables(Value):
    """What a file holds."""

    policies: Mapping[str, Written]
    errors: Mapping[str, ErrorSet]
    owners: Mapping[str, str] | None
    budgets: Mapping[str, BudgetTable]


def read_text(file: FilePath) -> str:
    """Read a file.

    Raises:
        PolicyFileError: when it isn't there, or is no text.
    """
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        said = error.strerror if isinstance(error, OSError) else str(error)
        raise PolicyFileError([_whole(str(file), f"give a file that can be read: {said}")]) from None


def section_of(file: str) -> Path:
    """Answer the keys that lead to a file's tables."""
    return ("tool", "mulligan") if file.endswith("pyproject.toml") else ()


def read_tables(text: str, file: str) -> tuple[Tables, Complaints]:
    """Read the tables of a text, and gather what is wrong with them.

    Args:
        text: a TOML document.
        file: where it comes from.

    Raises:
        PolicyFileError: when it is no TOML.
    """
    document = _parsed(text, file)
    complaints = Complaints(file, lines_of(text))
    at = section_of(file)
    root = _section(document, at)
    if not at:
        _check_keys(root, complaints)
    written = dict(_policies(_tables(root, at, "policies", complaints), (*at, "policies"), "", complaints))
    tables = Tables(
        policies=written,
        errors=dict(_errors(_tables(root, at, "errors", complaints), (*at, "errors"), complaints)),
        owners=_owners(root, at, complaints),
        budgets=dict(_budgets(_tables(root, at, "budgets", complaints), (*at, "budgets"), complaints)),
    )
    return tables, complaints


def _parsed(text: str, file: str) -> Mapping[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _WHERE.search(str(error))
        line = int(found[1]) if found and found[1] else text.count("\n") + 1
        said = _WHERE.sub("", str(error)).strip()
        shown = (text.splitlines() or [""])[min(line, len(text.splitlines())) - 1].strip()
        raise PolicyFileError(
            [Problem(file=file, line=line, field="TOML", value=shown, remedy=f"make it valid TOML: {said}")]
        ) from None


def _whole(file: str, remedy: str) -> Problem:
    return Problem(file=file, line=None, field="file", value=file, remedy=remedy)


def _section(document: Mapping[str, object], at: Path) -> Mapping[str, object]:
    for key in at:
        below = document.get(str(key), {})
        document = below if _is_table(below) else {}
    return document


def _check_keys(root: Mapping[str, object], complaints: Complaints) -> None:
    known = [field.name for field in msgspec.structs.fields(FileTable)]
    for key in root:
        if key not in known:
            remedy = f"use one of {', '.join(known)}{guess(key, known)}"
            complaints.add((key,), root[key], f"no such table: {remedy}")


def _tables(root: Mapping[str, object], at: Path, key: str, complaints: Complaints) -> Mapping[str, object]:
    found = root.get(key, {})
    if _is_table(found):
        return found
    if not (key == "policies" and at):  # in pyproject.toml a string names the codemods' module
        complaints.add((*at, key), found, f"make it a table, as in [{key}.NAME]")
    return {}


def _policies(
    tables: Mapping[str, object], at: Path, prefix: str, complaints: Complaints
) -> Iterator[tuple[str, Written]]:
    for key, table in tables.items():
        path, name = (*at, key), f"{prefix}{key}"
        if not _is_table(table):
            complaints.add(path, table, _no_field(key) if prefix else "make it a table, as in [policies.NAME]")
            continue
        below = {field: value for field, value in table.items() if _is_table(value) and field not in FIELDS}
        fields = {field: value for field, value in table.items() if field not in below}
        if fields or not below:
            yield name, Written(name=name, path=path, fields=_checked(fields, PolicyTable, path, complaints))
        yield from _policies(below, path, f"{name}.", complaints)


def _checked(
    given: Mapping[str, object], struct: type[msgspec.Struct], path: Path, complaints: Complaints
) -> Mapping[str, object]:
    """Answer the fields that are right, one by one, so that each wrong one is told."""
    types = {field.name: field.type for field in msgspec.structs.fields(struct)}
    right: dict[str, object] = {}
    for field, value in given.items():
        if field not in types:
            complaints.add((*path, field), value, _no_field(field, types))
            continue
        try:
            right[field] = msgspec.convert(value, types[field])
        except msgspec.ValidationError as error:
            complaints.add((*path, field), value, _remedy(types[field], error))
    return right


def _no_field(field: str, known: Mapping[str, object] = FIELDS) -> str:
    return f"no such field{guess(field, known) or ': use one of ' + ', '.join(known)}"


def _remedy(annotated: object, error: msgspec.ValidationError) -> str:
    extra: object = getattr(type_info(annotated), "extra", None)
    return str(extra["remedy"]) if _is_table(extra) else f"give another value: {error}"


def _errors(tables: Mapping[str, object], at: Path, complaints: Complaints) -> Iterator[tuple[str, ErrorSet]]:
    for name, names in tables.items():
        path = (*at, name)
        if _is_texts(names) and names:
            yield name, ErrorSet(path=path, names=tuple(names))
        else:
            complaints.add(path, names, 'give a list of names, such as ["ConnectionError", "httpx:TransportError"]')


def _owners(root: Mapping[str, object], at: Path, complaints: Complaints) -> Mapping[str, str] | None:
    if "owners" not in root:
        return None
    found = _tables(root, at, "owners", complaints)
    for name, reach in found.items():
        if not isinstance(reach, str):
            complaints.add((*at, "owners", name), reach, "say in a string how to reach them")
    return {name: str(reach) for name, reach in found.items()}


def _budgets(tables: Mapping[str, object], at: Path, complaints: Complaints) -> Iterator[tuple[str, BudgetTable]]:
    for name, table in tables.items():
        path = (*at, name)
        if not _is_table(table):
            complaints.add(path, table, 'make it a table, such as [budgets.NAME] with model = "quota"')
            continue
        fields = _checked(table, BudgetTable, path, complaints)
        if "model" in fields:
            yield name, msgspec.convert(fields, BudgetTable)
        elif "model" not in table:
            complaints.add(path, table, 'name its model: "quota", "token_ratio" or "deposit"')


def fields_of(struct: msgspec.Struct) -> dict[str, object]:
    """Answer the fields of a table that were given."""
    return {name: value for name, value in msgspec.structs.asdict(struct).items() if value is not msgspec.UNSET}


def _is_table(value: object) -> TypeGuard[Mapping[str, object]]:
    return isinstance(value, dict)


def _is_list(value: object) -> TypeGuard[list[object]]:
    return isinstance(value, list)


def _is_texts(value: object) -> TypeGuard[list[str]]:
    return _is_list(value) and all(isinstance(each, str) for each in value)
