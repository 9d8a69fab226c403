"""What follows the last failure: by what ends the loop, the statements that run then, and those that no longer do.

Rules: pure.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mulligan_codemods.names import own_nodes
from mulligan_codemods.recognise.refusal import Refused

if TYPE_CHECKING:
    from mulligan_codemods.lowered import Ending
    from mulligan_codemods.recognise.lowering.fragments import Fragments
    from mulligan_codemods.recognise.reading.reading import Reading

__all__ = ["ending_of"]


def ending_of(
    reading: Reading, fragments: Fragments, saved: tuple[ast.Assign, ...], *, leaves: bool
) -> tuple[Ending | None, tuple[ast.stmt, ...]]:
    """Answer what follows exhaustion, and the statements after the loop that it absorbs.

    Args:
        reading: the loop.
        fragments: the pieces of its handler.
        saved: the statements that only save the error.
        leaves: whether every success returns from the function.

    Raises:
        Refused: where that can't be said.
    """
    if reading.end.endless:
        return None, _unreachable(reading, leaves=leaves)
    if reading.end.action is not None:
        return _stopping(reading, fragments, saved, reading.end.action, leaves=leaves)
    otherwise = [*reading.place.loop.orelse]
    if otherwise:
        return fragments.exhausted(otherwise, saved, leaves=leaves), ()
    return fragments.afterwards([*reading.place.after], saved, leaves=leaves)


def _stopping(
    reading: Reading,
    fragments: Fragments,
    saved: tuple[ast.Assign, ...],
    action: tuple[ast.stmt, ...],
    *,
    leaves: bool,
) -> tuple[Ending | None, tuple[ast.stmt, ...]]:
    """Answer the end for statements of the loop's body that leave it."""
    broken = any(isinstance(node, ast.Break) for node in own_nodes(action))
    raises = not broken and not any(isinstance(node, ast.Return) for node in own_nodes(action))
    absorbed = reading.end.absorbs or (_unreachable(reading, leaves=leaves) if raises else ())
    if not reading.end.outside:
        return fragments.stopping(action, saved), absorbed
    if broken:
        if len(action) > 1:
            raise Refused("ML205", "it does more than leave the loop before an attempt", action[0])
        return fragments.afterwards([*reading.place.after], saved, leaves=leaves)
    return fragments.exhausted(action, saved, leaves=leaves), absorbed


def _unreachable(reading: Reading, *, leaves: bool) -> tuple[ast.stmt, ...]:
    """Answer what stands after a loop that always leaves by `return` or an exception: a guard for type checkers."""
    after = reading.place.after
    if not leaves or len(after) != 1 or not isinstance(after[0], ast.Raise | ast.Return | ast.Assert):
        return ()
    return after
