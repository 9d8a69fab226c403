"""Records in standard logging.

Rules: one record for each retry and one for each exhaustion, beside the changes of guards; see `records`. What is
below the logger's level costs one question.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from mulligan._value import Value
from mulligan.errors import ConfigError
from mulligan.observe.records import HEARD, written

if TYPE_CHECKING:
    from mulligan.events import Event

__all__ = ["Logging"]


class Logging(Value):
    """Write what executions do into standard logging.

    A record's message is a sentence. Its `extra` has the same facts: `mulligan_event`, `mulligan_policy`,
    `mulligan_attempt`, `mulligan_delay`, `mulligan_error` and so on. A retry is a warning, an exhaustion an error.

    Args:
        logger: the logger's name.
        include_messages: whether the messages of errors, and the keys that guards make of arguments, may be seen.

    Raises:
        ConfigError: when the logger's name is none.

    >>> import logging, sys
    >>> from mulligan import Policy, execute, no_delay
    >>> from mulligan.observe import use
    >>> logging.getLogger("docs.shop").addHandler(logging.StreamHandler(sys.stdout))
    >>> with use(Logging(logger="docs.shop")):
    ...     execute(Policy(name="billing.fetch", retry_on=ValueError, schedule=no_delay(), max_attempts=2), int, "x")
    Traceback (most recent call last):
        ...
    ValueError: invalid literal for int() with base 10: 'x'
    mulligan: billing.fetch gave up after 2 attempts in ...
    """

    logger: str = "mulligan"
    include_messages: bool = False
    hears = HEARD

    def __post_init__(self) -> None:
        """Refuse what is no name."""
        if not isinstance(self.logger, str):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
            raise ConfigError("logger", self.logger, "give its name, such as 'shop.retries'")

    def __call__(self, event: Event, /) -> None:
        """Write an event down."""
        said = written(event, include_messages=self.include_messages)
        if said is None:
            return
        extra = {f"mulligan_{name}": value for name, value in said.fields.items()}
        logger = logging.getLogger(self.logger)
        logger.log(said.level, said.template, *said.given, extra={"mulligan_event": said.name, **extra})
