"""The use of a library in the terms of its rewrite, and what the library was told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mulligan_codemods.lowered.schedules import Symbol

if TYPE_CHECKING:
    from mulligan_codemods.lowered.parameters import Parameters
    from mulligan_codemods.site import Span

__all__ = ["Adopted", "Premise", "Strategy", "Told"]


@dataclass(frozen=True, slots=True)
class Strategy:
    """What a library was told, in its own terms: a name, and what it was given, by parameter.

    It is what the proof models the library by, so no lowering goes into it.
    """

    name: str
    given: tuple[tuple[str, Told], ...] = ()


Told = int | float | bool | None | Symbol | Strategy | tuple[Strategy, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Premise:
    """Something about the code around that is taken for granted: the code of its kind, and a text for people."""

    code: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopted:
    """Everything that policies and emission need to know of the use of a library: one expression becomes another.

    Args:
        parameters: the policy's.
        region: the expression that is replaced.
        maker: what takes the policy, as it is called: `retry`, `execute`, `Execution`; of mulligan where it is not
            imported from elsewhere.
        after: the arguments behind it.
        suffix: what follows the call of it, such as `.run`.
        fields: fields of the policy that this site alone can say, such as a predicate: names and texts.
        imports: names from elsewhere that the new expression uses: pairs of a module and a name.
        original: what the library was told.
        premises: what is taken for granted.
        differences: how the new behaviour may differ, of the closed list of what is permitted.
        departures: how it differs beyond that; with one of them the rewrite is not safe.
        comments: those inside of the expression.
        globals: the names that the module binds.
        stem: the name that the policy is derived from.
    """

    parameters: Parameters
    region: Span
    maker: str
    after: tuple[str, ...] = ()
    suffix: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    imports: tuple[tuple[str, str], ...] = ()
    original: Strategy = Strategy("")
    premises: tuple[Premise, ...] = ()
    differences: tuple[str, ...] = ()
    departures: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()
    globals: frozenset[str] = frozenset()
    stem: str = ""
