"""What a policy says: the classes that are retried, the schedule, the limits."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mulligan_codemods.lowered.schedules import Amount, Schedule

__all__ = ["ErrorClass", "Origin", "Parameters"]


class Origin(StrEnum):
    """Where the name of an exception class comes from, which says where a policy may name it."""

    BUILTIN = "builtin"
    IMPORTED = "imported"
    MODULE = "module"
    LOCAL = "local"


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorClass:
    """An exception class (or an expression for several) as the handler names it.

    Args:
        text: as the code spells it.
        module: for an imported one, the module that the import statement names, with leading dots.
        attribute: for an imported one, what is taken from the module; `None` for `import module`.
        bound: the name that the import binds.
    """

    text: str
    origin: Origin
    module: str | None = None
    attribute: str | None = None
    bound: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What a policy says; equal parameters share one policy.

    Args:
        retry_on: the classes that are retried.
        max_attempts: attempts including the first; `None`: no limit.
        stop_after: seconds after which a failure is the last; `None`: no limit.
        timeout: seconds that no sleep may pass; `None`: no limit.
        on_exhausted: what happens where no attempt is left, if it is not that the error is raised: "return" or "wrap".
    """

    retry_on: tuple[ErrorClass, ...]
    schedule: Schedule
    max_attempts: Amount | None
    stop_after: Amount | None = None
    timeout: Amount | None = None
    on_exhausted: str | None = None
