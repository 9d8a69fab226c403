"""The original libraries, for the modes that run them.

Rules: an original is imported when a site first needs it, never before. Where a shim is served under the original's
name, the original is loaded beside it: its modules take their names for the time of the import and give them back.
"""

from __future__ import annotations

import sys
from importlib import import_module
from threading import RLock
from typing import TYPE_CHECKING

from mulligan.compat.flag import VARIABLE
from mulligan.errors import ConfigError

if TYPE_CHECKING:
    from types import ModuleType

__all__ = ["original"]

_loaded: dict[str, ModuleType] = {}
_lock = RLock()


def original(name: str) -> ModuleType:
    """Answer the original library of this name.

    Args:
        name: as code imports it, such as "backoff".

    Raises:
        ConfigError: when it is not installed.
    """
    found = _loaded.get(name)
    if found is None:
        with _lock:
            found = _loaded[name] = _beside(name)
    return found


def _beside(name: str) -> ModuleType:
    served = {key: module for key, module in sys.modules.items() if _belongs(key, name) and _is_shim(module)}
    for key in served:
        del sys.modules[key]
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        remedy = f"{name} is not installed: pip install {name}, or set modern for the site"
        raise ConfigError(VARIABLE, "legacy, shadow", remedy) from None
    finally:
        if served:
            for key in [key for key in sys.modules if _belongs(key, name)]:
                del sys.modules[key]
            sys.modules.update(served)


def _belongs(key: str, name: str) -> bool:
    return key == name or key.startswith(f"{name}.")


def _is_shim(module: ModuleType) -> bool:
    return module.__name__.startswith("mulligan.compat.")
