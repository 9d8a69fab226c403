"""What the guards of this package share: a name, a key for each dependency, and a store.

Rules: `key` is a constant, or a function of the call's arguments; a block has none, so there the function gets none. A
guard keeps the cells it has met, the latest `max_keys` of them: a key that is forgotten begins anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from mulligan._functions import answers_awaitable
from mulligan.errors import ConfigError
from mulligan.guards.arguments import plain, whole
from mulligan.guards.calm import EPOCH
from mulligan.guards.cells import MemoryCell
from mulligan.guards.stores.memory import MemoryStore

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mulligan.classify import Classifier
    from mulligan.guards.cells import Cell, Store, Strategy

__all__ = ["Keyed"]

S = TypeVar("S")
E = TypeVar("E")
A = TypeVar("A")


class Keyed(Generic[S, E, A]):
    """A guard with one state for each dependency.

    Args:
        name: what to call it in events, errors and stores.
        key: tells dependencies apart: a constant, or a function of the call's arguments.
        store: where the states sit; this process's memory when left out.
        max_keys: how many dependencies are remembered.
        strategy: the pure part.
        classify: what counts, `None` for the policy's own classification.

    Raises:
        ConfigError: when an argument can't be used.
    """

    def __init__(
        self,
        name: str,
        key: str | Callable[..., object],
        store: Store | None,
        max_keys: int,
        strategy: Strategy[S, E, A],
        *,
        classify: Classifier[object] | None,
    ) -> None:
        _check(name, key, store)
        if classify is not None:
            plain("classify", classify)
        self.name = name
        self.key = key
        self.store: Store = MemoryStore() if store is None else store
        self.max_keys: int = whole("max_keys", max_keys, 1)
        self.strategy = strategy
        self.classify = classify
        self._cells: dict[str, Cell[S, E, A]] = {}

    def key_of(self, args: tuple[object, ...], kwargs: Mapping[str, object]) -> str:
        """Answer which dependency a call goes to."""
        key = self.key
        return key if isinstance(key, str) else str(key(*args, **kwargs))

    def cell(self, key: str) -> Cell[S, E, A]:
        """Answer the cell of a dependency."""
        found = self._cells.get(key)
        if found is None:
            found = self.store.cell(self.name, key, self.strategy)
            while len(self._cells) >= self.max_keys:
                self._forget()
            found = self._cells.setdefault(key, found)
        return found

    def tells_apart(self) -> bool:
        """Tell whether it has a state for each dependency."""
        return not isinstance(self.key, str)

    def resting_cell(self, args: tuple[object, ...], kwargs: Mapping[str, object], /) -> MemoryCell[S, E, A]:
        """Answer the state of the dependency that a call goes to; only of a guard that may rest."""
        cell = self.cell(self.key_of(args, kwargs))
        assert isinstance(cell, MemoryCell)  # noqa: S101 - what may rest is in memory
        return cell

    def _forget(self) -> None:
        """Forget the dependency that was met first."""
        try:
            self._cells.pop(next(iter(self._cells)))
            EPOCH.end()
        except (KeyError, RuntimeError, StopIteration):
            return  # another thread was faster

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r}, {self.strategy!r})"


def _check(name: object, key: object, store: object) -> None:
    if not isinstance(name, str) or not name:
        raise ConfigError("name", name, "give the guard a name: it is what events and stores call it")
    if not isinstance(key, str) and (not callable(key) or answers_awaitable(key)):
        raise ConfigError("key", key, "give a string, or a plain function of the call's arguments")
    if store is not None and not callable(getattr(store, "cell", None)):
        raise ConfigError("store", store, "give a store, such as RedisStore(redis.Redis()), or None for memory")
