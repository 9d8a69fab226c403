"""The lowerings: how each library's arguments are said in the terms of a policy. One file a library."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mulligan_codemods.libraries.lowering.retry import lower_retry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mulligan_codemods.libraries.reading import Lowering

__all__ = ["LOWERINGS"]

LOWERINGS: Final[Mapping[str, Lowering]] = {"retry": lower_retry}
"""The lowering of each library, by the table's name; a table without one is a helper's."""
