"""How listeners are told: they only observe.

Rules: what a listener raises is reported once for that listener, through the logger `mulligan`, and dropped. Control
flow (whatever is no `Exception`) passes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mulligan.events import Event, Listener

__all__ = ["tell"]

_reported: set[int] = set()


def tell(listeners: tuple[Listener, ...], event: Event) -> None:
    """Give the event to every listener."""
    for listener in listeners:
        try:
            listener(event)
        except Exception:  # noqa: BLE001 - a listener must not change what the operation does
            _report(listener, event)


def _report(listener: Listener, event: Event) -> None:
    if id(listener) in _reported:
        return
    _reported.add(id(listener))
    import logging  # noqa: PLC0415 - importing mulligan must not import logging

    name = getattr(listener, "__qualname__", type(listener).__qualname__)
    logging.getLogger("mulligan").exception(
        "the listener %s raised on %s; what it raises is dropped, and reported once", name, type(event).__name__
    )
