"""The shortcut past quiet guards: while nothing fails, a success at the first attempt tells them nothing new.

    before the call   every guard is quiet                  →  no guard need be asked
    after a success   every guard is as it was before it    →  no guard need be told
    otherwise                                               →  the guards go on from where they were before the call

Rules:
- Whether guards are quiet is looked at again only when some guard of this process became quiet or ceased to be, which
  `EPOCH` says with a mark. So an execution compares one mark, however many guards there are. Where dependencies are
  told apart by the arguments, each call looks at its own.
- A guard takes part by `may_rest`: its states are in memory, and nothing but the policy's own verdict counts. A class
  derived from one doesn't, because it may do more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["EPOCH", "Calm", "Resumable", "Seen", "calm_of"]


class Epoch:
    """The mark that changes whenever some guard became quiet or ceased to be."""

    __slots__ = ("mark",)

    def __init__(self) -> None:
        self.mark: object = object()

    def end(self) -> None:
        """Begin another epoch."""
        self.mark = object()


EPOCH = Epoch()


class Seeable(Protocol):
    """What is seen of a guard's state."""

    @property
    def quiet(self) -> object | None:
        """The state where it is quiet, else `None`."""
        ...


@runtime_checkable
class Resting(Protocol):
    """A guard that may be passed by."""

    def may_rest(self) -> bool:
        """Tell whether it need not be asked while it is quiet."""
        ...

    def tells_apart(self) -> bool:
        """Tell whether it has a state for each dependency."""
        ...

    def resting_cell(self, args: tuple[object, ...], kwargs: Mapping[str, object], /) -> Seeable:
        """Answer the state of the dependency that a call with these arguments goes to."""
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
        cells: where these states are.
    """

    __slots__ = ("cells", "mark", "states")

    def __init__(self, mark: object, states: tuple[object, ...] | None, cells: tuple[Seeable, ...]) -> None:
        self.mark: object = mark
        self.states: tuple[object, ...] | None = states
        self.cells: tuple[Seeable, ...] = cells

    def is_still(self) -> bool:
        """Tell whether the guards are now as they were seen."""
        return self.states is not None and all(
            cell.quiet is state for cell, state in zip(self.cells, self.states, strict=True)
        )


class Calm:
    """The guards of a pipeline, seen as one: quiet or not.

    Args:
        guards: that may be passed by.
    """

    __slots__ = ("epoch", "guards", "seen", "tells_apart")

    def __init__(self, guards: tuple[Resting, ...]) -> None:
        self.guards: tuple[Resting, ...] = guards
        self.epoch: Epoch = EPOCH
        self.tells_apart: bool = any(guard.tells_apart() for guard in guards)
        self.seen: Seen = Seen(None, None, ())

    def look(self, args: tuple[object, ...], kwargs: Mapping[str, object]) -> Seen:
        """Look at the guards, as a call with these arguments finds them."""
        mark = self.epoch.mark  # first: what changes while the guards are looked at ends this epoch
        cells = tuple([guard.resting_cell(args, kwargs) for guard in self.guards])
        states = tuple([cell.quiet for cell in cells])
        seen = Seen(mark, None if None in states else states, cells)
        if not self.tells_apart:
            self.seen = seen
        return seen


def calm_of(guards: Iterable[object]) -> Calm | None:
    """Answer the shortcut past guards, `None` where one of them must always be asked.

    Args:
        guards: of a pipeline.
    """
    resting: list[Resting] = []
    for guard in guards:
        if not isinstance(guard, Resting) or not guard.may_rest():
            return None
        resting.append(guard)
    return Calm(tuple(resting)) if resting else None
