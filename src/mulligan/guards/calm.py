"""The shortcut past quiet guards: while nothing fails, a success at the first attempt tells them nothing new.

    before the call   every guard is quiet                  →  no guard need be asked
    after a success   every guard is as it was before it    →  no guard need be told
    otherwise                                               →  the guards go on from where they were before the call

Rules:
- Whether guards are quiet is looked at again only when some guard of this process became quiet or ceased to be, which
  `EPOCH` says with a mark. So an execution compares one mark, however many guards there are.
- A guard takes part by `resting_cell`: it has one dependency, its state is in memory, and nothing but the policy's own
  verdict counts. A class derived from one doesn't, because it may do more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["EPOCH", "Calm", "Cell", "Resting", "Resumable", "Seen", "calm_of"]


class Epoch:
    """The mark that changes whenever some guard became quiet or ceased to be."""

    __slots__ = ("mark",)

    def __init__(self) -> None:
        self.mark = object()

    def end(self) -> None:
        """Begin another epoch."""
        self.mark = object()


EPOCH = Epoch()


class Cell(Protocol):
    """What is seen of a guard's state."""

    @property
    def quiet(self) -> object | None:
        """The state where it is quiet, else `None`."""
        ...


@runtime_checkable
class Resting(Protocol):
    """A guard that may be passed by."""

    def resting_cell(self) -> Cell | None:
        """Answer the one state that the guard goes by, `None` where it must always be asked."""
        ...


@runtime_checkable
class Resumable(Protocol):
    """A guard's part in an execution that it was not asked about."""

    def resume(self, state: object, /) -> None:
        """Hold what the state in which the attempt began would have given."""
        ...


class Seen:
    """What was seen of the guards.

    Args:
        mark: the epoch in which they were looked at.
        states: their quiet states, `None` where one of them was not.
    """

    __slots__ = ("mark", "states")

    def __init__(self, mark: object, states: tuple[object, ...] | None) -> None:
        self.mark = mark
        self.states = states


class Calm:
    """The guards of a pipeline, seen as one: quiet or not.

    Args:
        guards: that may be passed by.
    """

    __slots__ = ("epoch", "guards", "seen")

    def __init__(self, guards: tuple[Resting, ...]) -> None:
        self.guards = guards
        self.epoch = EPOCH
        self.seen = Seen(None, None)

    def look(self) -> Seen:
        """Look at the guards. Quiet states that are still the same are answered as the same tuple."""
        mark, before = self.epoch.mark, self.seen.states  # the mark first: what changes meanwhile ends its epoch
        states = self._states()
        if states is not None and before is not None and all(map(_is_same, states, before)):
            states = before
        self.seen = seen = Seen(mark, states)
        return seen

    def _states(self) -> tuple[object, ...] | None:
        found: list[object] = []
        for guard in self.guards:
            cell = guard.resting_cell()
            if cell is None or cell.quiet is None:
                return None
            found.append(cell.quiet)
        return tuple(found)


def _is_same(state: object, other: object) -> bool:
    return state is other


def calm_of(guards: Iterable[object]) -> Calm | None:
    """Answer the shortcut past guards, `None` where one of them must always be asked.

    Args:
        guards: of a pipeline.
    """
    resting: list[Resting] = []
    for guard in guards:
        if not isinstance(guard, Resting) or guard.resting_cell() is None:
            return None
        resting.append(guard)
    return Calm(tuple(resting)) if resting else None
