"""How listeners are told: they only observe.

Rules: what a listener raises is reported once for that listener, through the logger `mulligan`, and dropped. Control
flow (whatever is no `Exception`) passes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mulligan.classify import named

if TYPE_CHECKING:
    from mulligan.events import Event, Listener

__all__ = ["tell"]

_reported: set[str] = set()


def tell(listeners: tuple[Listener, ...], event: Event) -> None:
    """Give the event to every listener."""
    for listener in listeners:
        try:
            listener(event)
        except Exception as error:  # noqa: BLE001 - a listener must not change what the operation does
            _report(listener, event, error)


def _report(listener: Listener, event: Event, error: Exception) -> None:
    name = named(listener)
    if name in _reported:
        return
    _reported.add(name)
    import logging  # noqa: PLC0415 - importing mulligan must not import logging

    message = "the listener %s raised on %s; what it raises is dropped, and reported once"
    logging.getLogger("mulligan").error(message, name, type(event).__name__, exc_info=error)
