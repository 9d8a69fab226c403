"""Real classes and errors for mulligan's own classification, which answer by asking the world.

Rules: nothing of a scanned repository is behind them. `isinstance(error, class)` asks whether the error's term is an
instance of one of the class's atoms; whether the error is an ordinary `Exception` is asked in the same way.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from mulligan_codemods.prove.values.terms import Root, Value

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["StandInError", "stand_in_class"]

_EXCEPTION = frozenset({Root("builtin", "Exception")})


class _Asking(type):
    atoms: frozenset[Value] = frozenset()

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, StandInError) and instance.asks(instance.term, cls.atoms)


class _Ordinary(Exception):  # noqa: N818 - a signal, not an error of ours
    """The class that an error shows where the world says that it is an Exception."""


class StandInError(BaseException):
    """An error of the world.

    Args:
        term: the error.
        asks: answers whether it is an instance of one of some classes.
        is_ordinary: take it for an Exception without asking, where the answer decides nothing.
    """

    def __init__(
        self, term: Value, asks: Callable[[Value, frozenset[Value]], bool], *, is_ordinary: bool = False
    ) -> None:
        super().__init__()
        self.is_ordinary = is_ordinary
        self.term = term
        self.asks = asks

    @property  # type: ignore[misc]  # isinstance reads it, as for any proxy
    def __class__(self) -> type[BaseException]:  # type: ignore[override]  # pyright: ignore[reportIncompatibleMethodOverride, reportIncompatibleVariableOverride]  # isinstance reads it, as for any proxy
        return _Ordinary if self.is_ordinary or self.asks(self.term, _EXCEPTION) else BaseException


@lru_cache(maxsize=256)
def stand_in_class(atoms: frozenset[Value]) -> type[BaseException]:
    """Return a class of which an error is an instance where the world says so for one of the atoms."""
    made: type[BaseException] = type.__call__(_Asking, "StandIn", (BaseException,), {"atoms": atoms})
    return made
