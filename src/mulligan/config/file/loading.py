"""Loading files of policies into the process, and asking for one of their policies.

Rules: a file is loaded once. The extra `config` is needed where a file is read, and not by the policies of the code.
"""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, TypeVar, cast, overload

from mulligan.config import overrides, registry
from mulligan.config.file.complaints import guess
from mulligan.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Generator
    from os import PathLike
    from typing import Never

    from mulligan.config.registry import PolicyFile
    from mulligan.pipeline import Pipeline
    from mulligan.policy import Policy

__all__ = ["load", "nearest", "pipeline", "policy"]

V = TypeVar("V")
_loading = RLock()


def load(file: str | PathLike[str]) -> tuple[str, ...]:
    """Load a file of policies, and answer their names; a file that is loaded already stays as it is.

    Args:
        file: a `policies.toml`, or a `pyproject.toml` with `[tool.mulligan.policies.*]`.

    Raises:
        PolicyFileError: when anything in it can't be used; it names everything.
        ConfigError: when a name is taken, an override can't be used, or the extra `config` isn't installed.
    """
    return _loaded(Path(file)).names


def _loaded(file: Path) -> PolicyFile:
    path = file.absolute()
    with _loading:
        known = next((each for each in registry.files() if each.path == path), None)
        if known is not None:
            return known
        with _naming_the_extra(path):
            from mulligan.config.file.loaded import LoadedFile  # noqa: PLC0415 - it needs the extra
        loaded = LoadedFile(path)
        registry.add_file(loaded)
        return loaded


@contextmanager
def _naming_the_extra(file: Path) -> Generator[None, None, None]:
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name != "msgspec":
            raise
        raise ConfigError("file", str(file), "reading it needs msgspec: pip install 'mulligan[config]'") from error


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
    with _naming_the_extra(project):
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
    guards = [guard for file in registry.files() if name in file.names for guard in file.guards(name)]
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
    file = next((file for file in registry.files() if name in file.names), None)
    return None if file is None else overrides.overridden(file.policy(name))


def _unknown(name: str) -> str:
    names = [each for file in registry.files() for each in file.names]
    if not registry.files():
        return 'no policy of this name was defined, and no file is loaded: call mulligan.config.load("policies.toml")'
    return f"there is no policy of this name{guess(name, names) or ': use one of ' + ', '.join(names)}"
