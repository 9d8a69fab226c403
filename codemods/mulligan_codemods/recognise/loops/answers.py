"""Retries that an answer drives: a status such as 503, a result that is still missing after a counted attempt.

They are told from polls by what they count and compare: attempts by name, and the statuses that say "try again".

Rules: pure; such a loop is named and refused, because an answer that is judged by a policy has another form.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from mulligan_codemods.names import bound_names, dotted, own_nodes, read_names
from mulligan_codemods.recognise.loops.heads import Counted, head_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mulligan_codemods.recognise.loops.anatomy import Anatomy
    from mulligan_codemods.recognise.loops.place import Place

__all__ = ["driven_by_answer"]

TRIES = re.compile(r"retr[iy]|attempt|tries|trial", re.IGNORECASE)
STATUS = re.compile(r"status|code$", re.IGNORECASE)
TRANSIENT = frozenset({408, 425, 429, *range(500, 600)})


def driven_by_answer(place: Place, anatomy: Anatomy | None) -> str | None:
    """Say by which answer a loop goes round again as a retry does; `None` where it is no such retry."""
    if not _counts_attempts(place):
        return None
    if _compares_status(place):
        return "a status decides whether it goes round again"
    if anatomy is not None and _tests_result(place, anatomy):
        return "its condition tests what the attempt answered"
    return None


def _counts_attempts(place: Place) -> bool:
    loop = place.loop
    if isinstance(loop, ast.While):
        return any(TRIES.search(name) for name in _changed(place))
    head = head_of(loop, place.names)
    return isinstance(head, Counted) and TRIES.search(head.variable or "") is not None


def _changed(place: Place) -> Iterator[str]:
    """Yield the names that the loop counts with."""
    for node in own_nodes(place.loop.body):
        match node:
            case ast.AugAssign(target=target) | ast.Assign(targets=[target], value=ast.BinOp()):
                yield dotted(target) or ""
            case _:
                continue


def _compares_status(place: Place) -> bool:
    return any(isinstance(node, ast.Compare) and _is_status(node) for node in own_nodes(place.loop.body))


def _is_status(node: ast.Compare) -> bool:
    name = (dotted(node.left) or "").rpartition(".")[2]
    numbers = {each.value for part in node.comparators for each in ast.walk(part) if isinstance(each, ast.Constant)}
    return STATUS.search(name) is not None and bool(numbers & TRANSIENT)


def _tests_result(place: Place, anatomy: Anatomy) -> bool:
    """Tell whether `while result is None` waits for what the attempt binds."""
    loop = place.loop
    if not isinstance(loop, ast.While):
        return False
    last = anatomy.attempt.body[-1]
    missing = [
        part.left
        for part in ast.walk(loop.test)
        if isinstance(part, ast.Compare)
        and isinstance(part.ops[0], ast.Is)
        and isinstance(part.comparators[0], ast.Constant)
        and part.comparators[0].value is None
    ]
    return bool(bound_names([last]) & read_names(missing))
