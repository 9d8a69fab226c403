"""What to install when an import is missing."""

from __future__ import annotations

__all__ = ["install_hint"]

_EXTRAS = {"click": "cli", "rich": "cli", "libcst": "codemod", "matplotlib": "plot", "msgspec": "config"}


def install_hint(what: str, error: ImportError) -> str:
    """Answer a sentence that says which extra brings a missing module.

    Args:
        what: what the user asked for.
        error: the import that failed.

    >>> install_hint("mulligan scan", ModuleNotFoundError("no", name="libcst"))
    "mulligan scan needs libcst: pip install 'mulligan[codemod]'"
    """
    module = (error.name or str(error)).partition(".")[0]
    return f"{what} needs {module}: pip install 'mulligan[{_EXTRAS.get(module, 'all')}]'"
