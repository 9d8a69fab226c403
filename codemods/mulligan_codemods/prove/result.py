"""What a proof answers: a closed union, read by `match`.

`Proved` names everything it rests on. `Differs` carries the world that shows the difference. `Unsupported` names
the first construct outside the interpreted grammar. `Undecided` says which bound was reached.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Assumption", "Differs", "Proof", "Proved", "Step", "Undecided", "Unsupported"]


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Assumption:
    """Something the proof takes for granted about code that it can't see.

    Args:
        code: the name of its kind, stable.
        text: the assumption about this site, as a person reads it, such as `self.retries ≥ 1`.
        documented: whether its kind is on the short list under which a rewrite is still safe.
    """

    code: str
    text: str
    documented: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One line of a timeline: what happened, such as `sleep 2 s` or `call requests.get(url)`."""

    text: str
    differs: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Proved:
    """In every world within the bounds old and new did the same, up to the permitted differences."""

    assumptions: tuple[Assumption, ...]
    differences: tuple[str, ...]
    worlds: int
    seconds: float
    bound: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Differs:
    """In one world old and new differ."""

    story: str
    old: tuple[Step, ...]
    new: tuple[Step, ...]
    worlds: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsupported:
    """A construct outside the interpreted grammar; `in_new` where it stands in the rewritten text."""

    code: str
    message: str
    line: int
    column: int
    in_new: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Undecided:
    """A bound on worlds or time was reached before all worlds were seen; nothing is claimed."""

    message: str
    worlds: int
    seconds: float


Proof = Proved | Differs | Unsupported | Undecided
