"""A codemod that changes nothing: what any libcst codemod pays before it does anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from libcst.codemod import CodemodCommand

if TYPE_CHECKING:
    import libcst as cst

__all__ = ["Noop"]


class Noop(CodemodCommand):
    """Give every module back as it is."""

    DESCRIPTION = "Change nothing."

    def transform_module_impl(self, tree: cst.Module) -> cst.Module:
        """Answer the tree."""
        return tree
