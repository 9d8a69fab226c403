"""What takes the place of a use, as a value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ast
    from collections.abc import Mapping

    from mulligan_codemods.libraries.arguments import Argument
    from mulligan_codemods.lowered import Premise

__all__ = ["Shape"]


def _none() -> dict[str, Argument]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What takes the place of a use.

    Args:
        name: the shape's.
        maker: what takes the policy.
        after: the arguments behind it.
        suffix: what follows the call, such as `.run`.
        mulligan: the names of mulligan in it.
        imports: further names in it.
        asynchronous: whether the operation is asynchronous, where that is seen.
        premises: what is taken for granted.
        differences: permitted differences.
        departures: other differences.
        decorates: whether it decorates, so that callbacks can be put around it.
        region: the expression that is replaced, where it is more than the use.
        given: arguments that stand around the use.
        values: whether values that the operation returns are judged.
    """

    name: str
    maker: str
    after: tuple[str, ...] = ()
    suffix: str = ""
    mulligan: frozenset[str] = frozenset()
    imports: tuple[tuple[str, str], ...] = ()
    asynchronous: bool = False
    premises: tuple[Premise, ...] = ()
    differences: tuple[str, ...] = ()
    departures: tuple[str, ...] = ()
    decorates: bool = False
    region: ast.expr | None = None
    given: Mapping[str, Argument] = field(default_factory=_none)
    values: bool = True
