"""Listeners of every execution in this process, plain policies included.

Rules: an execution reads who listens when it begins. Until somebody is put here a plain policy pays for one comparison.
"""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Final

from mulligan import audience as audiences
from mulligan.audience import Audience

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from mulligan.events import Listener

__all__ = ["Use", "use"]

_lock = Lock()
_uses: list[Use] = []


class Use:
    """Listeners that are told of every execution until `stop()`, or the end of a `with` block.

    Args:
        audience: the listeners.
    """

    __slots__ = ("audience",)

    def __init__(self, audience: Audience) -> None:
        self.audience: Final = audience

    def stop(self) -> None:
        """Tell them of no further execution; those that run are told to their end. A second call does nothing."""
        with _lock:
            if self in _uses:
                _uses.remove(self)
                _install()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()


def use(*listeners: Listener) -> Use:
    """Tell listeners of every execution in this process, of plain policies and pipelines alike.

    A listener that a pipeline has as well, or that is used twice, is told each fact once.

    Args:
        listeners: functions of one event, or the listeners of this package.

    Returns:
        What ends it, if it is to end: `stop()`, or a `with` block.

    Raises:
        ConfigError: when one of them can't be told.

    >>> from mulligan import Policy, execute
    >>> from mulligan.events import Event, Finished
    >>> def count(event: Event) -> None:
    ...     if isinstance(event, Finished):
    ...         print(event.policy, event.attempts)
    >>> with use(count):
    ...     execute(Policy(name="billing.fetch", retry_on=OSError), max, 1, 2)
    billing.fetch 1
    2
    """
    made = Use(Audience(listeners))
    with _lock:
        _uses.append(made)
        _install()
    return made


def _install() -> None:
    everyone = [listener for made in _uses for listener in made.audience.listeners]
    audiences.everywhere = Audience(everyone) if everyone else None
