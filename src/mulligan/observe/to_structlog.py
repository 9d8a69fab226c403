"""Entries in structlog.

Rules: one entry for each retry and one for each exhaustion, beside the changes of guards; see `records`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from mulligan.observe.needing import needed
from mulligan.observe.records import HEARD, written

if TYPE_CHECKING:
    from mulligan.events import Event

__all__ = ["Structlog"]


class Logger(Protocol):
    """What is needed of a structlog logger, bound or not."""

    def log(self, level: int, event: str, /, **fields: object) -> object:
        """Write an entry."""
        ...


class Structlog:
    """Write what executions do into structlog.

    An entry's event is the name of what happened, such as "mulligan.retry"; its fields are `policy`, `attempt`,
    `delay`, `error` and so on. A retry is a warning, an exhaustion an error.

    Args:
        logger: where entries go; `structlog.get_logger("mulligan")` when left out.
        include_messages: whether the messages of errors, and the keys that guards make of arguments, may be seen.

    Raises:
        ModuleNotFoundError: when structlog is not installed.

    >>> import structlog
    >>> from mulligan import Policy, execute, no_delay
    >>> from mulligan.observe import use
    >>> policy = Policy(name="billing.fetch", retry_on=ValueError, schedule=no_delay(), max_attempts=2)
    >>> with structlog.testing.capture_logs() as entries, use(Structlog()):
    ...     try:
    ...         execute(policy, int, "x")
    ...     except ValueError:
    ...         print([(entry["event"], entry["log_level"]) for entry in entries])
    [('mulligan.retry', 'warning'), ('mulligan.exhausted', 'error')]
    """

    hears = HEARD

    def __init__(self, logger: Logger | None = None, *, include_messages: bool = False) -> None:
        if logger is None:
            with needed("Structlog", "structlog"):
                from structlog import get_logger  # noqa: PLC0415 - only who uses it needs it
            self.logger: Logger = get_logger("mulligan")
        else:
            self.logger = logger
        self.include_messages: Final = include_messages
        self._settings: Final = (id(logger), include_messages)

    def __call__(self, event: Event, /) -> None:
        """Write an event down."""
        said = written(event, include_messages=self.include_messages)
        if said is not None:
            self.logger.log(said.level, said.name, **said.fields)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Structlog) and other._settings == self._settings

    def __hash__(self) -> int:
        return hash(self._settings)
