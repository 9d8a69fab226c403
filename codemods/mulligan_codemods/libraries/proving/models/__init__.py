"""What the libraries do, as plain functions of what they were told: the judge of the policies that were written.

A model reads a `Strategy`, in which no lowering has a part, and gives the least and greatest delay after each attempt,
and the limits. Tests hold each model against the library itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mulligan_codemods.libraries.proving.models.backoff import backoff_model
from mulligan_codemods.libraries.proving.models.helper import helper_model
from mulligan_codemods.libraries.proving.models.retry import retry_model
from mulligan_codemods.libraries.proving.models.retrying import retrying_model
from mulligan_codemods.libraries.proving.models.stamina import stamina_model
from mulligan_codemods.libraries.proving.models.tenacity import tenacity_model

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mulligan_codemods.libraries.proving.models.model import Model

__all__ = ["MODELS"]

MODELS: Final[Mapping[str, Model]] = {
    "backoff": backoff_model,
    "helper": helper_model,
    "retry": retry_model,
    "retrying": retrying_model,
    "stamina": stamina_model,
    "tenacity": tenacity_model,
}
"""The model of each library, by the name of its strategy."""
