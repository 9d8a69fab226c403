"""What takes the place of a use, as a value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ast
    from collections.abc import Mapping

    from mulligan_codemods.libraries.reading.arguments import Argument
    from mulligan_codemods.lowered import Premise

__all__ = ["Shape"]


def _none() -> dict[str, Argument]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What takes the place of a use.

    Args:
        maker: the function of mulligan that takes the policy.
        after: the arguments behind it.
        suffix: what follows the call, such as `.run`.
        region: the expression that is replaced, where it is more than the use.
        given: arguments that stand around the use.
        premises: what is taken for granted.
        differences: permitted differences.
        departures: other differences.
    """

    maker: str
    after: tuple[str, ...] = ()
    suffix: str = ""
    region: ast.expr | None = None
    given: Mapping[str, Argument] = field(default_factory=_none)
    premises: tuple[Premise, ...] = ()
    differences: tuple[str, ...] = ()
    departures: tuple[str, ...] = ()

    @property
    def decorates(self) -> bool:
        """Whether it makes a decorator, so that callbacks can be put around it."""
        return self.maker == "retry"

    @property
    def sees_values(self) -> bool:
        """Whether the values that the operation returns are seen: those of a block are not."""
        return self.maker != "attempts"
