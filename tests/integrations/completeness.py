"""What a client's module exports, so that a test can insist that every exception is classified."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

__all__ = ["exceptions_of"]


def exceptions_of(module: ModuleType) -> set[type[BaseException]]:
    """Answer the exceptions that a module exports."""
    names: list[str] = list(getattr(module, "__all__", dir(module)))
    found = [getattr(module, name) for name in names if not name.startswith("_")]
    return {one for one in found if isinstance(one, type) and issubclass(one, BaseException)}
