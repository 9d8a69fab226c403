"""Compares a loop with its rewrite under fault scripts, and remembers what it has seen.

Rules: only scripts that respect what the proof assumed count; the first difference is told with all that is needed to
see it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import zip_longest
from typing import TYPE_CHECKING

from tests.codemods.generated.assuming import respects
from tests.codemods.generated.faults import Script, battery
from tests.codemods.generated.pipeline import Migration, migrate
from tests.codemods.generated.running import agree, run

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.codemods.generated.model import Loop
    from tests.codemods.generated.outside import Trace

__all__ = ["Checked", "check", "migrated", "systematically"]

SYSTEMATIC = tuple(battery())

migrated = lru_cache(maxsize=None)(migrate)


@dataclass(frozen=True, slots=True)
class Checked:
    """How many scripts respected the assumptions, and the first under which old and new differ, told line by line."""

    scripts: int
    difference: str | None


def check(loop: Loop, scripts: Iterable[Script]) -> Checked:
    """Run old and new under all scripts that respect the assumptions."""
    migration = migrated(loop.text)
    admitted = [script for script in scripts if respects(script, loop, migration.assumptions)]
    for script in admitted:
        old = run(loop, loop.text, "", script)
        new = run(loop, migration.after, migration.policies, script)
        if not agree(old, new, migration.differences):
            return Checked(len(admitted), told(loop, migration, script, old, new))
    return Checked(len(admitted), None)


def told(loop: Loop, migration: Migration, script: Script, old: Trace, new: Trace) -> str:
    """Tell a difference: the texts, the script, and both traces up to a little behind it."""
    texts = [loop.text, "becomes", migration.after, "with", migration.policies, f"under {script}"]
    pairs = list(zip_longest(old, new))
    first = next((place for place, (before, after) in enumerate(pairs) if before != after), len(pairs))
    lines = [str(before) if before == after else f"{before}\n  but {after}" for before, after in pairs[: first + 3]]
    return "\n".join([*texts, *lines])


@cache
def systematically(loop: Loop, stride: int = 1) -> Checked:
    """Check a loop under the scripts that cover the plain cases, or under every second, third … of them."""
    return check(loop, SYSTEMATIC[::stride])
