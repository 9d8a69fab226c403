"""Conditions on errors. They never hold for a value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mulligan._functions import named
from mulligan._policy_fields import error_type
from mulligan.classifiers.condition import Condition
from mulligan.classify import asked
from mulligan.errors import ConfigError
from mulligan.outcome import Raised

if TYPE_CHECKING:
    from collections.abc import Callable

    from mulligan.outcome import Outcome

__all__ = ["error", "error_number", "error_where", "message"]


class OfType(Condition[object]):
    """The condition behind `error(*types)`."""

    types: tuple[type[BaseException], ...]

    def holds(self, outcome: Outcome[object], /) -> bool:
        """Tell whether it raised one of the types."""
        return isinstance(outcome, Raised) and isinstance(outcome.error, self.types)

    def __repr__(self) -> str:
        return f"error({', '.join(kind.__qualname__ for kind in self.types)})"


class ErrorWhere(Condition[object]):
    """The condition behind `error_where(predicate)`."""

    predicate: Callable[[Exception], bool]

    def holds(self, outcome: Outcome[object], /) -> bool:
        """Ask the predicate about an error."""
        if not isinstance(outcome, Raised) or not isinstance(outcome.error, Exception):
            return False
        return asked("error_where", self.predicate, outcome.error, outcome.error)

    def __repr__(self) -> str:
        return f"error_where({named(self.predicate)})"


class ErrorNumber(Condition[object]):
    """The condition behind `error_number(*numbers)`."""

    numbers: frozenset[int]

    def holds(self, outcome: Outcome[object], /) -> bool:
        """Tell whether it raised an `OSError` with one of the numbers."""
        return isinstance(outcome, Raised) and getattr(outcome.error, "errno", None) in self.numbers

    def __repr__(self) -> str:
        return f"error_number({', '.join(map(repr, sorted(self.numbers)))})"


class Message(Condition[object]):
    """The condition behind `message(pattern)`."""

    pattern: str

    def holds(self, outcome: Outcome[object], /) -> bool:
        """Search the pattern in the error's text."""
        import re  # noqa: PLC0415 - only who searches pays for it

        return isinstance(outcome, Raised) and re.search(self.pattern, str(outcome.error)) is not None

    def __repr__(self) -> str:
        return f"message({self.pattern!r})"


def error(*types: type[BaseException]) -> Condition[object]:
    """Hold where an error of one of these types was raised.

    Args:
        types: exception types. What is no `Exception` is never retried by a classifier: name it in `retry_on`.

    Raises:
        ConfigError: when there is none, or one is no exception type.

    >>> error(ConnectionError, TimeoutError)
    error(ConnectionError, TimeoutError)
    """
    if not types:
        raise ConfigError("types", types, "give exception types, such as error(ConnectionError)")
    return OfType(types=tuple(error_type("types", kind) for kind in types))


def error_where(predicate: Callable[[Exception], bool], /) -> Condition[object]:
    """Hold where a predicate on the error does.

    Args:
        predicate: from an exception to True or False.

    >>> def is_busy(error: Exception) -> bool:
    ...     return "busy" in str(error)
    >>> error_where(is_busy)
    error_where(is_busy)
    """
    return ErrorWhere(predicate=predicate)


def error_number(*numbers: int) -> Condition[object]:
    """Hold where an `OSError` with one of these numbers was raised.

    Args:
        numbers: as in the module `errno`.

    Raises:
        ConfigError: when there is none.

    >>> import errno
    >>> error_number(errno.EAGAIN) == error_number(11)
    True
    """
    if not numbers:
        raise ConfigError("numbers", numbers, "give numbers of the module errno, such as error_number(errno.EAGAIN)")
    return ErrorNumber(numbers=frozenset(numbers))


def message(pattern: str, /) -> Condition[object]:
    """Hold where a regular expression is found in the text of the error.

    Args:
        pattern: the expression.

    Raises:
        ConfigError: when it is no regular expression.

    >>> message("dead ?lock")
    message('dead ?lock')
    """
    import re  # noqa: PLC0415 - only who searches pays for it

    try:
        re.compile(pattern)
    except re.error as failure:
        raise ConfigError("pattern", pattern, f"give a regular expression: {failure}") from None
    return Message(pattern=pattern)
