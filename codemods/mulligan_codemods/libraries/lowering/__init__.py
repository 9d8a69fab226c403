"""The lowerings: how each library's arguments are said in the terms of a policy. One file a library."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mulligan_codemods.libraries.lowering.backoff import lower_backoff
from mulligan_codemods.libraries.lowering.retry import lower_retry
from mulligan_codemods.libraries.lowering.retrying import lower_retrying
from mulligan_codemods.libraries.lowering.stamina import lower_stamina
from mulligan_codemods.libraries.lowering.tenacity import lower_tenacity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mulligan_codemods.libraries.lowering.terms import Lowering

__all__ = ["LOWERINGS"]

LOWERINGS: Final[Mapping[str, Lowering]] = {
    "backoff": lower_backoff,
    "retry": lower_retry,
    "retrying": lower_retrying,
    "stamina": lower_stamina,
    "tenacity": lower_tenacity,
}
"""The lowering of each library, by the table's name; a table without one is a helper's."""
