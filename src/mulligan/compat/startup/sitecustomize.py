"""What a Python runs when it begins under `mulligan run --intercept`: it installs the shims.

Rules: the environment's own `sitecustomize` runs afterwards. The process that was asked for ends where the shims can't
be installed; a process further down whose Python has no mulligan goes on without them.
"""

# ruff: noqa: INP001 - this folder is put on the path, it is no package

from __future__ import annotations

import os
import sys
from importlib import import_module


def _begin() -> None:
    first = os.environ.pop("MULLIGAN_INTERCEPT_FIRST", "")
    names = os.environ.get("MULLIGAN_INTERCEPT", "")
    if not names:
        return
    try:
        from mulligan.compat.interception import install  # noqa: PLC0415 - this Python may not have it

        install(*names.split(","))
    except ModuleNotFoundError as error:
        if first:
            _end(f"{sys.executable} has no mulligan ({error}): install it there, or name the Python that has it")
    except ValueError as error:
        _end(str(error))


def _end(message: str) -> None:
    sys.stderr.write(f"mulligan run: {message}\n")
    sys.stderr.flush()
    os._exit(2)  # an exception would only be reported, and the program would go on without the shims


def _go_on() -> None:
    """Run the `sitecustomize` that this one stands before."""
    here = os.path.dirname(__file__)  # noqa: PTH120 - pathlib is not imported at this early hour
    sys.path[:] = [entry for entry in sys.path if entry != here]
    own = sys.modules.pop("sitecustomize")
    try:
        import_module("sitecustomize")
    except ModuleNotFoundError as error:
        if error.name != "sitecustomize":
            raise
    sys.modules["sitecustomize"] = sys.modules.get("sitecustomize", own)


_begin()
_go_on()
