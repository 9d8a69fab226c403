"""What a listener says where the library that it writes to is not installed."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator

__all__ = ["needed"]


@contextmanager
def needed(listener: str, extra: str) -> Generator[None, None, None]:
    """Turn a failed import into an error that says what to install.

    Args:
        listener: what needs it.
        extra: the extra of mulligan that brings it.

    Raises:
        ModuleNotFoundError: when it is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        text = f"mulligan.observe.{listener} needs {error.name}: pip install 'mulligan[{extra}]'"
        raise ModuleNotFoundError(text, name=error.name) from error
