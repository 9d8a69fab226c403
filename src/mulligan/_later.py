"""Names that a package serves, and imports when they are first asked for.

Rules: type checkers see a plain import of each name instead, and never this: a `__getattr__` would let every misspelled
name pass. So it stands in the `else` of `if TYPE_CHECKING`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["served"]


def served(
    package: dict[str, object], places: Mapping[str, str]
) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """Answer the `__getattr__` and the `__dir__` of a package.

    Args:
        package: its globals; a name that was asked for is kept there.
        places: the module of each name, below the package.

    >>> presets = {"__name__": "mulligan.presets"}
    >>> serve, names = served(presets, {"sre": "google"})
    >>> names(), serve("sre").__module__
    (['__name__', 'sre'], 'mulligan.presets.google')
    """

    def serve(name: str) -> object:
        if name not in places:
            raise AttributeError(f"module {package['__name__']!r} has no attribute {name!r}")
        from importlib import import_module  # noqa: PLC0415 - only who comes here needs it

        value: object = getattr(import_module(f"{package['__name__']}.{places[name]}"), name)
        package[name] = value
        return value

    def names() -> list[str]:
        return sorted({*package, *places})

    return serve, names
