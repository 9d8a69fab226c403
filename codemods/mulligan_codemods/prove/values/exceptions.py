"""What is known about builtin exception classes, and the aliases under which they go.

Only real builtins are known. How classes of a scanned repository relate to each other and to builtins is never
guessed: the world answers it.
"""

from __future__ import annotations

import builtins
from functools import cache, lru_cache

from mulligan import errors
from mulligan_codemods.prove.values.terms import Attr, Root, Value, stable_path

__all__ = ["builtin_class", "class_atom", "derives", "is_class_name", "owners"]

_ALIASES = {
    "IOError": "OSError",
    "EnvironmentError": "OSError",
    "socket.error": "OSError",
    "select.error": "OSError",
    "socket.timeout": "TimeoutError",
    "asyncio.TimeoutError": "TimeoutError",
    "asyncio.exceptions.TimeoutError": "TimeoutError",
    "asyncio.exceptions.CancelledError": "asyncio.CancelledError",
}
_CANCELLED = "asyncio.CancelledError"
_OWNERS = {
    "errno": (Root("builtin", "OSError"),),
    "strerror": (Root("builtin", "OSError"),),
    "filename": (Root("builtin", "OSError"),),
    "code": (Root("import", "urllib.error.HTTPError"), Root("builtin", "SystemExit")),
    "returncode": (Root("import", "subprocess.CalledProcessError"),),
}


@cache
def builtin_class(name: str) -> type[BaseException] | None:
    """Return the builtin exception class of this name, or `None`."""
    if name == _CANCELLED:
        return _Cancelled
    owner = errors if name.startswith("mulligan.") else builtins
    found: object = getattr(owner, name.removeprefix("mulligan."), None)
    if isinstance(found, type) and issubclass(found, BaseException):
        return found
    return None


def owners(name: str) -> tuple[Value, ...]:
    """Return the standard exception classes whose instances always have this attribute."""
    return _OWNERS.get(name, ())


class _Cancelled(BaseException):
    """Stands for asyncio.CancelledError, which derives from BaseException alone."""


def class_atom(value: Value) -> Value:
    """Return the one term under which an exception class is known, whatever path the code uses.

    Epochs of attributes of modules are dropped: a class of a module does not change while code runs.
    """
    path = stable_path(value)
    if path is None:
        return value
    path = _ALIASES.get(path.removeprefix("builtins."), path.removeprefix("builtins."))
    if isinstance(value, Root) and value.space == "global":
        return value
    if path.startswith("mulligan.") and builtin_class(path) is not None:
        return Root("builtin", path)
    if builtin_class(path) is not None and (path == _CANCELLED or _is_builtin(value) or path in _ALIASES.values()):
        return Root("builtin", path)
    return Root("import", path) if isinstance(value, Attr) or value_space(value) == "import" else value


def is_class_name(atom: Value) -> bool:
    """Tell whether a module-level name is spelled like a class: it is taken to be one, and of its own.

    A name in capitals may be a tuple, and a variable may hold anything.
    """
    last = (stable_path(atom) or "").rpartition(".")[2]
    return last[:1].isupper() and not last.isupper()


def value_space(value: Value) -> str | None:
    """Return the space of a root, or `None`."""
    return value.space if isinstance(value, Root) else None


def _is_builtin(value: Value) -> bool:
    if isinstance(value, Attr):
        return stable_path(value.base) == "builtins"
    return value_space(value) == "builtin"


@lru_cache(maxsize=4096)
def derives(child: Value, parent: Value) -> bool | None:
    """Tell whether one class is known to derive from another; `None` where it isn't known."""
    if child == parent or parent == Root("builtin", "BaseException"):
        return True
    known_child, known_parent = _known(child), _known(parent)
    if known_child is None or known_parent is None:
        return None
    return issubclass(known_child, known_parent)


def _known(value: Value) -> type[BaseException] | None:
    return builtin_class(value.name) if isinstance(value, Root) and value.space == "builtin" else None
