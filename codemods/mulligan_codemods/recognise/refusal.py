"""How a part of the recogniser says that it can't read a loop: an internal exception, turned into a `Reason`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ast

__all__ = ["Refused"]


class Refused(Exception):  # noqa: N818 - control flow inside the recogniser, never seen outside
    """A part that can't be read.

    Args:
        code: of the rule table.
        message: a sentence about this site.
        node: where it stands; `None`: the loop itself.
    """

    def __init__(self, code: str, message: str, node: ast.stmt | ast.expr | ast.excepthandler | None = None) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.node = node
