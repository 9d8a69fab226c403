"""The names in a file: sets of exceptions written out, and names turned into what they name.

- `ConnectionError` is a builtin exception, `httpx:TransportError` one of a module, `@transient` the set of that name.

Rules: writing sets out is pure. `imported` alone imports, and only what the file names; whatever an import raises
becomes a sentence that says which name, and why.
"""

from __future__ import annotations

import builtins
import re
from importlib import import_module
from typing import TYPE_CHECKING, Final, TypeGuard

from mulligan.config.file.complaints import guess

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mulligan.config.file.complaints import Complaints
    from mulligan.config.file.positions import Path
    from mulligan.config.file.reading import ErrorSet

__all__ = ["Unimportable", "builtin_exception", "check_name", "imported", "is_error_type", "written_out"]

_DOTTED: Final = r"[^\W\d]\w*(?:\.[^\W\d]\w*)*"
_REFERENCE: Final = re.compile(rf"{_DOTTED}:{_DOTTED}")
_BUILTINS: Final = {
    name: found
    for name, found in vars(builtins).items()
    if isinstance(found, type) and issubclass(found, BaseException) and found.__name__ == name
}


class Unimportable(Exception):  # noqa: N818 - named by what it says
    """A name that stands for nothing that can be used; its text says why."""


def builtin_exception(name: str) -> type[BaseException] | None:
    """Answer the builtin exception of this name; `None` where there is none.

    >>> builtin_exception("TimeoutError")
    <class 'TimeoutError'>
    """
    return _BUILTINS.get(name)


def written_out(
    names: Sequence[str], path: Path, sets: Mapping[str, ErrorSet], complaints: Complaints, within: tuple[str, ...] = ()
) -> tuple[str, ...]:
    """Answer names with the sets among them written out, each name once.

    Args:
        names: as they were written.
        path: where they stand.
        sets: the named sets.
        complaints: takes what is wrong.
        within: the sets that are being written out, the outermost first.
    """
    found: dict[str, None] = {}
    for index, name in enumerate(names):
        at = (*path, index)
        if not name.startswith("@"):
            check_name(name, at, complaints)
        elif name[1:] not in sets:
            complaints.add(at, name, f"no such set in [errors]{guess(name[1:], sets)}")
        elif name[1:] in within:
            around = " → ".join(f"@{each}" for each in (*within, name[1:]))
            complaints.add(at, name, f"break the circle {around}")
        else:
            inner = sets[name[1:]]
            found |= dict.fromkeys(written_out(inner.names, inner.path, sets, complaints, (*within, name[1:])))
            continue
        found[name] = None
    return tuple(found)


def check_name(name: str, path: Path, complaints: Complaints) -> None:
    """Complain of a name that can't be one of an exception."""
    if _REFERENCE.fullmatch(name) or name in _BUILTINS:
        return
    if re.fullmatch(_DOTTED, name) and "." in name:
        module, _, attribute = name.rpartition(".")
        complaints.add(path, name, f"write the module before a colon: {module}:{attribute}")
    elif re.fullmatch(_DOTTED, name):
        near = guess(name, _BUILTINS)
        complaints.add(path, name, f"no builtin exception{near or ': write others as module:Class'}")
    else:
        complaints.add(path, name, "name a builtin exception, module:Class, or a set as @name")


def imported(name: str) -> object:
    """Import what a name stands for.

    Args:
        name: a builtin exception, or `module:attribute`.

    Raises:
        Unimportable: when it can't be.

    >>> imported("json:JSONDecodeError")
    <class 'json.decoder.JSONDecodeError'>
    """
    if name in _BUILTINS:
        return _BUILTINS[name]
    if not _REFERENCE.fullmatch(name):
        raise Unimportable("name it as module:attribute")
    module, _, attributes = name.partition(":")
    try:
        found: object = import_module(module)
    except ModuleNotFoundError as error:
        raise Unimportable(_missing(module, error.name)) from error
    except Exception as error:
        raise Unimportable(f"importing {module} raised {type(error).__name__}: {error}") from error
    for attribute in attributes.split("."):
        if not hasattr(found, attribute):
            raise Unimportable(f"{module} has no {attributes}{guess(attribute, dir(found))}")
        found = getattr(found, attribute)
    return found


def _missing(module: str, missing: str | None) -> str:
    if missing is not None and (module == missing or module.startswith(f"{missing}.")):
        return f"there is no module {missing}: install what brings it, or correct the name"
    return f"importing {module} needs the module {missing}, which isn't installed"


def is_error_type(value: object) -> TypeGuard[type[BaseException]]:
    """Tell whether this is an exception class."""
    return isinstance(value, type) and issubclass(value, BaseException)
