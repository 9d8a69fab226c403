"""A file of policies that was understood: each policy's settings in full, without importing what they name.

Rules: pure. A document has no problem that can be found without an import: names are spelled right, schedules are
schedules, sets, parents and budgets are there, and a `Policy` can be made of each entry.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from mulligan._value import Value
from mulligan.config.file.complaints import guess
from mulligan.config.file.inheritance import Inherited, inherited
from mulligan.config.file.making import budget_of, in_outline
from mulligan.config.file.names import check_name, written_out
from mulligan.config.file.reading import read_tables, read_text, section_of
from mulligan.config.file.tables import UNSET, PolicyTable, UnsetType
from mulligan.config.overrides import variable
from mulligan.errors import ConfigError
from mulligan.schedules.expression import ExpressionError, read_schedule

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path as FilePath
    from typing import Never

    from mulligan.config.file.complaints import Complaints
    from mulligan.config.file.positions import Path
    from mulligan.config.file.reading import Tables
    from mulligan.config.file.tables import BudgetTable
    from mulligan.policy import Policy
    from mulligan.schedules import Schedule

__all__ = ["Document", "Entry", "outlined", "read", "read_file"]


class Entry(Value):
    """One policy of a file.

    Args:
        name: the policy's.
        line: where its table begins.
        path: the keys that lead to it.
        ancestors: those that it extends, the nearest first.
        table: its fields and those that it inherits.
        places: the line of each field.
        exceptions: the names in `retry_on`, sets written out.
        written_schedule: the delays, where the file says them.
        outline: the policy, with stand-ins for what would have to be imported.
    """

    name: str
    line: int | None
    path: Path
    ancestors: tuple[str, ...]
    table: PolicyTable
    places: Mapping[str, int | None]
    exceptions: tuple[str, ...]
    written_schedule: Schedule | None
    outline: Policy[Never]

    @property
    def budgeted(self) -> bool:
        """Tell whether a budget bounds the load: its own, or one that its preset brings."""
        return self.table.budget is not UNSET or self.table.preset is not UNSET


class Document(Value):
    """A file's policies.

    Args:
        file: its path.
        entries: the policies, in the order of the file.
        templates: the names of those that are no policies themselves.
        errors: the named sets, as they were written; `used` says which of them a policy names.
        used: what something refers to: sets as `@name`, parents as `extends name`, budgets as `budget name`.
        owners: who may be named; `None` where the file has no such table.
        budgets: the budgets by name.
        lines: the line of each path of keys.
    """

    file: str
    entries: tuple[Entry, ...]
    templates: tuple[str, ...]
    errors: Mapping[str, tuple[str, ...]]
    used: frozenset[str]
    owners: Mapping[str, str] | None
    budgets: Mapping[str, BudgetTable]
    lines: Mapping[Path, int]

    def entry(self, name: str) -> Entry | None:
        """Answer a policy's entry; `None` where there is none."""
        return next((each for each in self.entries if each.name == name), None)


def read_file(file: FilePath) -> Document:
    """Read and understand a file.

    Raises:
        PolicyFileError: when anything in it can't be used; it names everything.
    """
    return read(read_text(file), str(file))


def read(text: str, file: str = "policies.toml") -> Document:
    """Understand a file's text.

    Args:
        text: a TOML document.
        file: where it comes from.

    Raises:
        PolicyFileError: when anything in it can't be used; it names everything.

    >>> document = read('''
    ... [policies.billing.fetch]
    ... retry_on = ["ConnectionError", "TimeoutError"]
    ... max_attempts = 5
    ... ''')
    >>> document.entries[0].outline
    Policy(name='billing.fetch', retry_on=(ConnectionError, TimeoutError), max_attempts=5)
    """
    tables, complaints = read_tables(text, file)
    _check_collisions(tables, complaints)
    full = inherited(tables.policies, complaints)
    for name, written in tables.errors.items():
        written_out(written.names, written.path, tables.errors, complaints, (name,))
    for name, budget in tables.budgets.items():
        _check_budget(name, budget, complaints)
    entries = [_entry(each, tables, complaints) for each in full]
    complaints.raise_any()
    return Document(
        file=file,
        entries=tuple(each for each in entries if each is not None),
        templates=tuple(each.name for each in full if each.fields.get("template") is True),
        errors={name: written.names for name, written in tables.errors.items()},
        used=_used(tables),
        owners=tables.owners,
        budgets=tables.budgets,
        lines=complaints.lines,
    )


def outlined(text: str, file: str = "policies.toml") -> tuple[Policy[Never], ...]:
    r"""Answer the policies that a text describes, with stand-ins for what would have to be imported.

    An exception class of another module is stood for by one of the same name; predicates and classifiers can't be
    called.

    Args:
        text: a TOML document, in the form of `policies.toml`.
        file: where it comes from.

    Raises:
        PolicyFileError: when anything in it can't be used; it names everything.

    >>> from mulligan.config import outlined
    >>> outlined('[policies.a]\nretry_on = "requests:ConnectTimeout"')
    (Policy(name='a', retry_on=(ConnectTimeout,)),)
    """
    return tuple(entry.outline for entry in read(text, file).entries)


def _used(tables: Tables) -> frozenset[str]:
    names = {name for each in tables.errors.values() for name in each.names}
    for written in tables.policies.values():
        names |= set(_listed(written.fields.get("retry_on", ())))
        names |= {f"{field} {written.fields[field]}" for field in ("extends", "budget") if field in written.fields}
    return frozenset(names)


def _listed(value: object) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(msgspec.convert(value, list[str]))


def _check_collisions(tables: Tables, complaints: Complaints) -> None:
    """Complain of names that operators can't tell apart."""
    seen: dict[str, str] = {}
    for name, written in tables.policies.items():
        other = seen.setdefault(variable(name) if name else "", name)
        if other != name or not name:
            remedy = f"the environment can't tell it from {other!r}" if name else "operators need a name to address it"
            complaints.add(written.path, name, f"{remedy}: give each policy a name of its own")


def _check_budget(name: str, table: BudgetTable, complaints: Complaints) -> None:
    try:
        budget_of(name, table)
    except ConfigError as error:
        complaints.add((*section_of(complaints.file), "budgets", name, error.field), error.value, error.remedy)


def _entry(full: Inherited, tables: Tables, complaints: Complaints) -> Entry | None:
    """Answer the entry of a policy; `None` for templates, and where something is wrong with it."""
    table = msgspec.convert(full.fields, PolicyTable)
    schedule = _schedule(full, table, complaints)
    exceptions = _exceptions(full, table, tables, complaints)
    _check_references(full, table, complaints)
    if isinstance(table.budget, str) and table.budget not in tables.budgets:
        remedy = f"no such budget in [budgets]{guess(table.budget, tables.budgets)}"
        complaints.add(_place(full, "budget"), table.budget, remedy)
    if table.template is True or schedule is UNSET:
        return None
    try:
        outline = in_outline(full.name, table, exceptions, schedule)
    except ConfigError as error:
        complaints.add(_place(full, error.field), error.value, error.remedy)
        return None
    return Entry(
        name=full.name,
        line=complaints.line(full.path),
        path=full.path,
        ancestors=full.ancestors,
        table=table,
        places={field: complaints.line((*path, field)) for field, path in full.places.items()},
        exceptions=exceptions,
        written_schedule=schedule,
        outline=outline,
    )


def _place(full: Inherited, field: str) -> Path:
    return (*full.places[field], field) if field in full.places else (*full.path, field)


def _schedule(full: Inherited, table: PolicyTable, complaints: Complaints) -> Schedule | UnsetType | None:
    """Answer the schedule that is written, `None` where none is, and `UNSET` where it is none."""
    if not isinstance(table.schedule, str):
        return None
    try:
        return read_schedule(table.schedule)
    except ExpressionError as error:
        said = f"{error.remedy} (column {error.column + 1})"
        remedy = said if error.field == "schedule" else f"{error.field}={error.value!r}: {said}"
        complaints.add(_place(full, "schedule"), table.schedule, remedy)
        return UNSET


def _exceptions(full: Inherited, table: PolicyTable, tables: Tables, complaints: Complaints) -> tuple[str, ...]:
    if table.retry_on is UNSET:
        return ()
    return written_out(_listed(table.retry_on), _place(full, "retry_on"), tables.errors, complaints)


def _check_references(full: Inherited, table: PolicyTable, complaints: Complaints) -> None:
    key = UNSET if table.idempotency_key == "uuid4" else table.idempotency_key
    for field, name in (("retry_if", table.retry_if), ("classify", table.classify), ("idempotency_key", key)):
        if not isinstance(name, str):
            continue
        if ":" in name:
            check_name(name, _place(full, field), complaints)
        else:
            complaints.add(_place(full, field), name, "name it as module:name")
