"""Loading files of policies into the process, and asking for one of their policies.

Rules: a file is checked whole when it is loaded; what a policy names is imported when the policy is first asked for.
A reread replaces all policies of a file or none: those that were asked for are made again before anything changes.
Budgets and presets that a file names as before keep what they hold.
"""

from __future__ import annotations

from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, TypeVar, cast, overload

from mulligan.config import overrides, registry
from mulligan.config.file.complaints import guess
from mulligan.config.problems import PolicyFileError, Problem
from mulligan.errors import ConfigError

if TYPE_CHECKING:
    from os import PathLike
    from typing import Never

    from mulligan.config.file.document import Document, Entry
    from mulligan.config.file.tables import BudgetTable
    from mulligan.guards import Budget
    from mulligan.guards.protocol import AnyGuard
    from mulligan.pipeline import Pipeline
    from mulligan.policy import Policy

__all__ = ["LoadedFile", "load", "nearest", "pipeline", "policy"]

V = TypeVar("V")
_loading = RLock()


class LoadedFile:
    """The policies of one file, as the process knows them.

    Args:
        file: its path.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self.document: Document = _document(file)
        self._made: dict[str, Policy[Never]] = {}
        self._budgets: dict[str, tuple[BudgetTable, Budget]] = {}
        self._guards: dict[str, tuple[object, tuple[AnyGuard, ...]]] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """Answer the policies' names."""
        return tuple(entry.name for entry in self.document.entries)

    def policy(self, name: str) -> Policy[Never]:
        """Answer one of them; what it names is imported the first time.

        Raises:
            PolicyFileError: when that can't be.
        """
        made = self._made
        if name not in made:
            made[name] = _made(self.document.file, self._entry(name))
        return made[name]

    def guards(self, name: str) -> tuple[AnyGuard, ...]:
        """Answer the guards of a policy: those of its preset, and the budget that it shares."""
        with _loading:  # two threads that ask at once are to share a budget
            entry = self._entry(name)
            budget = entry.table.budget
            return (*self._of_preset(entry), *([self._budget(budget)] if isinstance(budget, str) else []))

    def _entry(self, name: str) -> Entry:
        entry = self.document.entry(name)
        if entry is None:
            raise ConfigError("policy", name, f"it is gone from {self.document.file}")
        return entry

    def _of_preset(self, entry: Entry) -> tuple[AnyGuard, ...]:
        from mulligan.config.file.making import guards_of  # noqa: PLC0415 - it needs the extra

        kept = self._guards.get(entry.name)
        if kept is None or kept[0] != entry.table.preset:
            kept = self._guards[entry.name] = (entry.table.preset, guards_of(entry))
        return kept[1]

    def _budget(self, name: str) -> Budget:
        from mulligan.config.file.making import budget_of  # noqa: PLC0415 - most files name none

        table = self.document.budgets[name]
        kept = self._budgets.get(name)
        if kept is None or kept[0] != table:
            kept = self._budgets[name] = (table, budget_of(name, table))
        return kept[1]

    def reread(self) -> tuple[Problem, ...]:
        """Read the file again; with a problem everything stays as it was."""
        try:
            document = _document(self.file)
            for entry in document.entries:
                registry.check_free(entry.name, besides=self)
            entries = [entry for entry in document.entries if entry.name in self._made]
            made = {entry.name: _made(document.file, entry) for entry in entries}
        except ConfigError as error:
            return self._refused(error)
        self.document, self._made = document, made
        return ()

    def _refused(self, error: ConfigError) -> tuple[Problem, ...]:
        from logging import getLogger  # noqa: PLC0415 - only who has something to say

        getLogger("mulligan.config").error("%s: the policies stay as they were: %s", self.file, error)
        if isinstance(error, PolicyFileError):
            return error.problems
        file, field = str(self.file), error.field
        return (Problem(file=file, line=None, field=field, value=error.value, remedy=error.remedy),)


def _document(file: Path) -> Document:
    try:
        from mulligan.config.file.document import read_file  # noqa: PLC0415 - the extra is needed for files alone
    except ModuleNotFoundError as error:
        if error.name != "msgspec":
            raise
        remedy = "reading it needs msgspec: pip install 'mulligan[config]'"
        raise ConfigError("file", str(file), remedy) from error
    document = read_file(file)
    for entry in document.entries:
        overrides.overridden(entry.outline)
    return document


def _made(file: str, entry: Entry) -> Policy[Never]:
    from mulligan.config.file.making import made  # noqa: PLC0415 - it needs the extra

    try:
        return made(entry)
    except ConfigError as error:
        line = entry.places.get(error.field, entry.line)
        field = f"{entry.name}.{error.field}"
        problem = Problem(file=file, line=line, field=field, value=error.value, remedy=error.remedy)
        raise PolicyFileError([problem]) from error


def load(file: str | PathLike[str]) -> tuple[str, ...]:
    """Load a file of policies, and answer their names; a file that is loaded already stays as it is.

    Args:
        file: a `policies.toml`, or a `pyproject.toml` with `[tool.mulligan.policies.*]`.

    Raises:
        PolicyFileError: when anything in it can't be used; it names everything.
        ConfigError: when a name is taken, an override can't be used, or the extra `config` isn't installed.
    """
    return _loaded(Path(file)).names


def _loaded(file: Path) -> LoadedFile:
    path = file.absolute()
    with _loading:
        for source in _files():
            if source.file == path:
                return source
        loaded = LoadedFile(path)
        registry.add_source(loaded)
        return loaded


def _files() -> tuple[LoadedFile, ...]:
    return tuple(source for source in registry.sources() if isinstance(source, LoadedFile))


def nearest(start: Path) -> Path | None:
    """Answer the file of policies in a folder, or in the nearest one above it; `None` where there is none.

    Args:
        start: a folder.
    """
    for folder in (start, *start.parents):
        own, project = folder / "policies.toml", folder / "pyproject.toml"
        if own.is_file():
            return own
        if project.is_file() and _names_policies(project):
            return project
    return None


def _names_policies(project: Path) -> bool:
    from mulligan.config.file.reading import read_text  # noqa: PLC0415 - it needs the extra

    return "[tool.mulligan.policies." in read_text(project)


@overload
def policy(name: str, *, beside: str | None = None) -> Policy[object]: ...
@overload
def policy(name: str, *, judging: type[V], beside: str | None = None) -> Policy[V]: ...
def policy(name: str, *, judging: type[V] | None = None, beside: str | None = None) -> Policy[V] | Policy[object]:
    """Answer a named policy, of a file or of the code, with the operator's overrides applied.

    Args:
        name: the policy's.
        judging: the type of the values that it judges; needed where it has `retry_if` or `classify`, because a file
            can't say it.
        beside: a module's `__file__`: the `policies.toml` in its folder, or in the nearest one above, is loaded first
            where it isn't yet.

    Raises:
        ConfigError: when there is no such policy, or it judges values and `judging` doesn't say which.

    >>> from mulligan import Policy
    >>> from mulligan.config import define, policy
    >>> _ = define(Policy(name="docs.policy", retry_on=OSError))
    >>> policy("docs.policy").retry_on
    (<class 'OSError'>,)
    """
    found = _found(name, beside)
    if judging is None and _judges(found):
        raise ConfigError(
            "judging", None, f"{name} judges values: give their type, as in policy({name!r}, judging=...)"
        )
    return cast("Policy[V]", found)  # the file can't say the type: `judging` does


def _judges(found: Policy[Never]) -> bool:
    """Tell whether it judges values of a type that has to be said; the classifiers of presets take any."""
    module = type(found.classify).__module__
    return found.retry_if is not None or (found.classify is not None and not module.startswith("mulligan.presets."))


def pipeline(name: str, *, beside: str | None = None) -> Pipeline[object]:
    """Answer a named policy with the guards that its file gives it: its budget, and those of its preset.

    Args:
        name: the policy's; one that judges no values.
        beside: as for `policy`.

    Raises:
        ConfigError: as for `policy`.

    >>> from mulligan import Policy
    >>> from mulligan.config import define, pipeline
    >>> _ = define(Policy(name="docs.pipeline", retry_on=OSError))
    >>> pipeline("docs.pipeline").guards
    ()
    """
    from mulligan.pipeline import Pipeline  # noqa: PLC0415 - only who comes here needs it

    found = policy(name, beside=beside)
    guards = [guard for source in _files() if name in source.names for guard in source.guards(name)]
    return Pipeline(found, guards=guards)


def _found(name: str, beside: str | None) -> Policy[Never]:
    answer = _known(name)
    if answer is None and beside is not None:
        folder = Path(beside).absolute().parent
        file = nearest(folder)
        if file is None:
            raise ConfigError("beside", beside, f"there is no policies.toml in {folder} or above it")
        _loaded(file)
        answer = _known(name)
    if answer is None:
        raise ConfigError("policy", name, _unknown(name))
    return answer


def _known(name: str) -> Policy[Never] | None:
    answer = registry.defined(name)
    if answer is not None:
        return answer
    source = next((source for source in registry.sources() if name in source.names), None)
    return None if source is None else overrides.overridden(source.policy(name))


def _unknown(name: str) -> str:
    names = [each for source in registry.sources() for each in source.names]
    if not registry.sources():
        return 'no policy of this name was defined, and no file is loaded: call mulligan.config.load("policies.toml")'
    return f"there is no policy of this name{guess(name, names) or ': use one of ' + ', '.join(names)}"
