"""Shims under the libraries' own names, without touching a file.

Rules:
- `install` puts the shims into `sys.modules`, modules below them included, before anything imports the library; where
  something did, it refuses, because that code keeps the original.
- A process that `mulligan run --intercept` starts installs them when it begins, and so does every Python that it
  starts, as long as the environment is handed on (`VARIABLE` and `PYTHONPATH`).
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mulligan.compat.symbols import LIBRARIES
from mulligan.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mulligan.compat.symbols import Library

__all__ = ["FIRST", "VARIABLE", "environment", "install", "libraries"]

VARIABLE: Final = "MULLIGAN_INTERCEPT"
"""Names the libraries, with commas between them, for processes that are started."""
FIRST: Final = "MULLIGAN_INTERCEPT_FIRST"
"""Set for the process that was asked for: it must not run without the shims."""
_STARTUP: Final = Path(__file__).parent / "startup"


def install(*names: str) -> None:
    """Serve shims under the libraries' own names in this process.

    Args:
        names: such as "backoff"; calling it again with the same names changes nothing.

    Raises:
        ConfigError: when there is no shim of that name, or the library was imported already.

    >>> install("tenacity")
    Traceback (most recent call last):
        ...
    mulligan.errors.ConfigError: libraries='tenacity': there is no shim: give some of retrying, retry, backoff
    """
    wanted = libraries(names)
    for library in wanted:
        _refuse_imported(library)
    for library in wanted:
        sys.modules.update({name: import_module(f"mulligan.compat.{name}") for name in library.modules})


def libraries(names: tuple[str, ...]) -> tuple[Library, ...]:
    """Answer the tables of the libraries.

    Raises:
        ConfigError: when none is named, or one has no shim.
    """
    tables = {library.name: library for library in LIBRARIES if library.shim}
    for name in names or ("",):
        if name not in tables:
            raise ConfigError("libraries", name, f"there is no shim: give some of {', '.join(tables)}")
    return tuple(tables[name] for name in names)


def _refuse_imported(library: Library) -> None:
    for name, module in sorted(sys.modules.items(), key=lambda entry: entry[0]):
        own = name == library.name or name.startswith(f"{library.name}.")
        told = getattr(module, "__name__", "mulligan.compat.")  # None stands for a module that must not be imported
        if own and not told.startswith("mulligan.compat."):
            remedy = f"{name} was imported already, and what did so keeps it: install the shims before"
            raise ConfigError("libraries", library.name, remedy)


def environment(names: tuple[str, ...], inherited: Mapping[str, str]) -> dict[str, str]:
    """Answer the environment of a process that begins with the shims installed.

    Args:
        names: the libraries.
        inherited: the environment to begin with.

    Raises:
        ConfigError: when a library has no shim.
    """
    libraries(names)
    path = os.pathsep.join(filter(None, (str(_STARTUP), inherited.get("PYTHONPATH", ""))))
    return {**inherited, VARIABLE: ",".join(names), FIRST: "1", "PYTHONPATH": path}
