"""How a part of the reading says that a use can't be migrated: an internal exception, turned into a `Reason`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ast

__all__ = ["Refused"]


class Refused(Exception):  # noqa: N818 - control flow inside this package, never seen outside
    """Why a use can't be migrated.

    Args:
        code: of the rule table.
        message: a sentence about this use.
        node: what it is about; `None`: the use itself.
    """

    def __init__(self, code: str, message: str, node: ast.expr | ast.stmt | None = None) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.node = node
