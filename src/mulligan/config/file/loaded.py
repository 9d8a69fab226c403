"""The policies of one file, as a process knows them.

Rules: a file is checked whole when it is loaded; what a policy names is imported when the policy is first asked for.
A reread replaces all policies of a file or none: those that were asked for are made again before anything changes.
Budgets and presets that a file names as before keep what they hold.
"""

from __future__ import annotations

from logging import getLogger
from threading import RLock
from typing import TYPE_CHECKING

from mulligan.config import overrides, registry
from mulligan.config.file.document import read_file
from mulligan.config.file.making import budget_of, guards_of, made
from mulligan.config.problems import PolicyFileError, Problem
from mulligan.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Never

    from mulligan.config.file.document import Document, Entry
    from mulligan.config.file.tables import BudgetTable
    from mulligan.guards import Budget
    from mulligan.guards.protocol import AnyGuard
    from mulligan.policy import Policy

__all__ = ["LoadedFile"]


class LoadedFile:
    """The policies of one file.

    Args:
        path: where it is.

    Raises:
        PolicyFileError: when anything in it can't be used; it names everything.
        ConfigError: when an override can't be used.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.document: Document = _document(path)
        self._made: dict[str, Policy[Never]] = {}
        self._budgets: dict[str, tuple[BudgetTable, Budget]] = {}
        self._guards: dict[str, tuple[object, tuple[AnyGuard, ...]]] = {}
        self._sharing = RLock()

    @property
    def names(self) -> tuple[str, ...]:
        """Answer the policies' names."""
        return tuple(entry.name for entry in self.document.entries)

    def policy(self, name: str) -> Policy[Never]:
        """Answer one of them; what it names is imported the first time.

        Raises:
            PolicyFileError: when that can't be.
        """
        known = self._made
        if name not in known:
            known[name] = _made(self.document.file, self._entry(name))
        return known[name]

    def guards(self, name: str) -> tuple[AnyGuard, ...]:
        """Answer the guards of a policy: those of its preset, and the budget that it shares."""
        with self._sharing:  # two threads that ask at once are to share a budget
            entry = self._entry(name)
            budget = entry.table.budget
            return (*self._of_preset(entry), *([self._budget(budget)] if isinstance(budget, str) else []))

    def reread(self) -> tuple[Problem, ...]:
        """Read the file again; with a problem everything stays as it was."""
        try:
            document = _document(self.path)
            for entry in document.entries:
                registry.check_free(entry.name, besides=self)
            entries = [entry for entry in document.entries if entry.name in self._made]
            known = {entry.name: _made(document.file, entry) for entry in entries}
        except ConfigError as error:
            return self._refused(error)
        self.document, self._made = document, known
        return ()

    def _entry(self, name: str) -> Entry:
        entry = self.document.entry(name)
        if entry is None:
            raise ConfigError("policy", name, f"it is gone from {self.document.file}")
        return entry

    def _of_preset(self, entry: Entry) -> tuple[AnyGuard, ...]:
        kept = self._guards.get(entry.name)
        if kept is None or kept[0] != entry.table.preset:
            kept = self._guards[entry.name] = (entry.table.preset, guards_of(entry))
        return kept[1]

    def _budget(self, name: str) -> Budget:
        table = self.document.budgets[name]
        kept = self._budgets.get(name)
        if kept is None or kept[0] != table:
            kept = self._budgets[name] = (table, budget_of(name, table))
        return kept[1]

    def _refused(self, error: ConfigError) -> tuple[Problem, ...]:
        getLogger("mulligan.config").error("%s: the policies stay as they were: %s", self.path, error)
        if isinstance(error, PolicyFileError):
            return error.problems
        file, field = str(self.path), error.field
        return (Problem(file=file, line=None, field=field, value=error.value, remedy=error.remedy),)


def _document(path: Path) -> Document:
    document = read_file(path)
    for entry in document.entries:
        overrides.overridden(entry.outline)
    return document


def _made(file: str, entry: Entry) -> Policy[Never]:
    try:
        return made(entry)
    except ConfigError as error:
        line = entry.places.get(error.field, entry.line)
        field = f"{entry.name}.{error.field}"
        problem = Problem(file=file, line=line, field=field, value=error.value, remedy=error.remedy)
        raise PolicyFileError([problem]) from error
