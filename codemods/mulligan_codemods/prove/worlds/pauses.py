"""What is known of pauses and log calls: sleeps of the code's own, loggers, giving way to other tasks.

Rules: a name that is just `sleep` may be taken to wait only, under an assumption that is printed.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mulligan_codemods.prove.values.effects import Effect, EffectKind
from mulligan_codemods.prove.values.terms import Attr, Constant, Value, path_text

if TYPE_CHECKING:
    from collections.abc import Sequence


__all__ = ["SLEEPS", "gives_way", "logger_of", "own_sleep"]

SLEEPS = frozenset({EffectKind.SLEEP, EffectKind.ASYNC_SLEEP})


def logger_of(effect: Effect) -> str:
    """Return the name of what a log call writes to."""
    subject = effect.subject
    return path_text(subject.base if isinstance(subject, Attr) else subject) or "the logger"


def own_sleep(effect: Effect, made_by: Value) -> str | None:
    """Return the name of a sleep of the code's own that is called or awaited, such as `self._sleep`.

    Args:
        effect: what is done.
        made_by: what is called, or what made that which is awaited.
    """
    path = path_text(made_by) if effect.kind in {EffectKind.CALL, EffectKind.AWAIT} else None
    return path if path is not None and path.rpartition(".")[2].strip("_") == "sleep" else None


def gives_way(item: object, statements: Sequence[ast.stmt]) -> bool:
    """Tell whether asynchronous code only lets other tasks run, and no handler would see it cancelled there.

    Args:
        item: what the code is about to do.
        statements: the code as it was.
    """
    if not (isinstance(item, Effect) and item.kind is EffectKind.ASYNC_SLEEP):
        return False
    length = item.operands[0][1]
    return isinstance(length, Constant) and not length.value and not any(map(_catches_cancelling, statements))


def _catches_cancelling(statement: ast.stmt) -> bool:
    return any(
        isinstance(node, ast.ExceptHandler)
        and (node.type is None or any(word in ast.unparse(node.type) for word in ("BaseException", "Cancelled")))
        for node in ast.walk(statement)
    )
