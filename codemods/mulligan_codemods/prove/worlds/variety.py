"""How far worlds are varied, as the two texts say: which numbers, how many attempts, whether time or chance matters.

Rules: a number from outside is drawn next to each literal that the texts compare with; the large count only where a
bound could show at it; time passes only where something looks at a clock.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mulligan_codemods.prove.texts.scopes import parsed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mulligan_codemods.prove.texts.region import Region

__all__ = ["PLAIN", "Variety", "variety"]

LARGE, LARGISH = 14, 5
"""Attempt counts at which a bound on the delay shows, and a count beyond the small ones."""


@dataclass(frozen=True, slots=True)
class Variety:
    """What the worlds of one proof are drawn from.

    `literals` are numbers next to those that the texts compare with, `stored` the attributes that they store, or "*".
    `large` is the largest count; `bounded` tells that a second number is varied at it. `durations` are the seconds that
    a call may take, none where nothing looks at a clock.
    """

    literals: tuple[int, ...] = ()
    stored: frozenset[str] = frozenset()
    large: int = LARGE
    bounded: bool = False
    is_random: bool = False
    durations: tuple[float, ...] = ()


PLAIN = Variety()


def variety(region: Region, policies: Mapping[str, str]) -> Variety:
    """Read off both texts of a region, and off its policies' modules, what has to be varied."""
    changed = (*region.old, *region.new)
    texts = "".join(map(ast.unparse, changed)) + "".join(policies.values())
    trees = (*changed, *map(parsed, policies.values()))
    bounded = _has_bounds(changed, policies)
    return Variety(
        literals=_literals((*region.before, *changed)),
        stored=_stored(changed),
        large=LARGE if bounded else LARGISH,
        bounded=bounded,
        is_random=any(word in texts for word in ("random", "jitter", "decorrelated")),
        durations=_durations(trees) if any(map(_looks_at_clock, trees)) else (),
    )


def _literals(statements: Sequence[ast.stmt]) -> tuple[int, ...]:
    found: set[int] = set()
    for statement in statements:
        for node in ast.walk(statement):
            if isinstance(node, ast.Compare):
                for part in (node.left, *node.comparators):
                    match part:
                        case ast.Constant(value=int(number)) if type(number) is int and 3 < number <= 400:
                            found |= {number - 1, number, number + 1}
                        case _:
                            pass
    return tuple(sorted(found)[:9])


def _has_bounds(changed: Sequence[ast.stmt], policies: Mapping[str, str]) -> bool:
    """Tell whether a delay may be bounded, so that only many attempts show by what."""
    names = {
        getattr(node, "id", getattr(node, "arg", getattr(node, "attr", None)))
        for statement in changed
        for node in ast.walk(statement)
    }
    return bool(names & {"min", "max", "cap", "capped", "within"}) or any(
        word in text for text in policies.values() for word in ("cap", "within", "take", "from_delays")
    )


def _looks_at_clock(tree: ast.AST) -> bool:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name), args=[], keywords=[]) if name in _CLOCKS:
                return True
            case ast.Call(func=ast.Attribute(attr="replace" | "Policy") | ast.Name(id="Policy"), keywords=keywords):
                if any(keyword.arg in {"timeout", "stop_after"} for keyword in keywords):
                    return True
            case _:
                pass
    return False


def _durations(trees: Sequence[ast.AST]) -> tuple[float, ...]:
    """Return how long a call may take: no time, up to a limit that the texts name, and beyond."""
    numbers = {
        float(node.value)
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and 1 < float(node.value) <= 100_000
    }
    limits = sorted(numbers)[-3:]
    return (0.0, *limits, (limits[-1] if limits else 100.0) + 0.5)


def _stored(statements: Sequence[ast.stmt]) -> frozenset[str]:
    found: set[str] = set()
    for statement in statements:
        for node in ast.walk(statement):
            match node:
                case ast.Attribute(attr=name, ctx=ast.Store() | ast.Del()):
                    found.add(name)
                case ast.Subscript(ctx=ast.Store() | ast.Del(), value=ast.Attribute(attr=name) | ast.Name(id=name)):
                    found.add(name)
                case ast.Name(id="setattr" | "delattr"):
                    found.add("*")
                case _:
                    pass
    return frozenset(found)


_CLOCKS = frozenset({"time", "monotonic", "perf_counter", "now"})
