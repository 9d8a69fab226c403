"""Who is told what happens, and how: listeners only observe.

Rules:
- What a listener raises is reported once for that listener, by its name or its class's, through the logger `mulligan`,
  and dropped. Control flow (whatever is no `Exception`) passes.
- Listeners are told in their order, and of an attempt's end in the reverse: what one has put around the attempt it
  takes away before the next one does.
- Listeners that are equal are one listener, which is told each fact once.
- `everywhere` are the listeners of every execution, put there by `mulligan.observe.use`; `None` where there are none.
  An execution reads it once, when it begins; a plain one reads nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mulligan._functions import answers_awaitable
from mulligan.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TypeGuard

    from mulligan.events import Event, Listener

__all__ = ["Audience", "everywhere"]


class Audience:
    """Listeners, by what they hear; `starts` and `ends` tell whether anybody hears of attempts.

    Args:
        listeners: who is told, in this order.

    Raises:
        ConfigError: when one of them can't be told.

    >>> from mulligan.events import StoreFound
    >>> audience = Audience([print])
    >>> audience.tell(StoreFound(policy="billing.fetch", store="redis"))
    StoreFound(policy='billing.fetch', store='redis')
    """

    __slots__ = ("_to", "ends", "listeners", "starts")

    def __init__(self, listeners: Iterable[Listener]) -> None:
        from mulligan.events import EVENTS, AttemptEnded, AttemptStarted  # noqa: PLC0415 - only who listens pays for it

        once: list[Listener] = []
        for listener in listeners:
            if not callable(listener):
                raise ConfigError("listeners", listener, "give functions of one event")
            if answers_awaitable(listener):
                raise ConfigError("listeners", listener, "give plain functions: nobody awaits what listeners answer")
            if listener not in once:
                once.append(listener)
        self.listeners: Final = tuple(once)
        hearing = [(listener, _heard(listener)) for listener in once]
        self._to: Final[dict[type[Event], tuple[Listener, ...]]] = {
            kind: tuple(listener for listener, kinds in hearing if kind in kinds) for kind in EVENTS
        }
        self._to[AttemptEnded] = self._to[AttemptEnded][::-1]
        self.starts: Final = bool(self._to[AttemptStarted])
        self.ends: Final = bool(self._to[AttemptEnded])

    def tell(self, event: Event) -> None:
        """Give the event to whoever hears it."""
        for listener in self._to[type(event)]:
            try:
                listener(event)
            except Exception as error:  # noqa: BLE001 - a listener must not change what the operation does
                _report(listener, event, error)

    def joined(self, other: Audience) -> Audience:
        """Answer the listeners of both, these first."""
        return Audience((*self.listeners, *other.listeners))


everywhere: Audience | None = None
_reported: dict[str, Event] = {}


def _heard(listener: Listener) -> tuple[type[Event], ...]:
    """Answer what a listener hears; its class is asked first, because a mock has every attribute."""
    from mulligan.events import ATTEMPTS, EVENTS  # noqa: PLC0415 - only who listens pays for it

    if not hasattr(type(listener), "hears"):
        return tuple(kind for kind in EVENTS if kind not in ATTEMPTS)
    kinds: object = getattr(listener, "hears", None)
    found = tuple(kind for kind in EVENTS if _is_tuple(kinds) and kind in kinds)
    if not _is_tuple(kinds) or len(found) < len(kinds):
        raise ConfigError("hears", kinds, "give a tuple of event types, such as (Retrying, Finished)")
    return found


def _is_tuple(kinds: object) -> TypeGuard[tuple[object, ...]]:
    return isinstance(kinds, tuple)


def _report(listener: Listener, event: Event, error: Exception) -> None:
    own: object = getattr(listener, "__qualname__", None)
    name = own if isinstance(own, str) else type(listener).__qualname__
    if _reported.setdefault(name, event) is not event:  # asks and notes at once, so that threads report once too
        return
    import logging  # noqa: PLC0415 - importing mulligan must not import logging

    message = "the listener %s raised on %s; what it raises is dropped, and reported once"
    logging.getLogger("mulligan").error(message, name, type(event).__name__, exc_info=error)
