"""What an error of a client says about its request: whether it was sent, and whether sending it again may help.

Rules: each client's module has a table of every exception that the client exports. An exception of a class that is in
no table counts as its nearest base that is. A certificate that can't be trusted is hopeless, whatever it is wrapped in.
"""

from __future__ import annotations

import ssl
from enum import Enum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["Kind", "kind_by"]


class Kind(Enum):
    """What an error says about its request."""

    UNSENT = "unsent"
    """No connection was there, so the server has seen nothing of the request."""
    BROKEN = "broken"
    """The exchange broke: whether the server has acted is not known."""
    HOPELESS = "hopeless"
    """Another attempt would do no better."""


_EVERYWHERE: Final[Mapping[type[BaseException], Kind]] = {
    BaseException: Kind.HOPELESS,
    TimeoutError: Kind.BROKEN,  # mulligan's AttemptTimeout among them
    ConnectionError: Kind.BROKEN,
    ConnectionRefusedError: Kind.UNSENT,
}
"""Errors that every client lets through."""
_DEEPEST: Final = 16


def kind_by(table: Mapping[type[BaseException], Kind], error: BaseException) -> Kind:
    """Answer what an error means by a client's table.

    Args:
        table: a client's exceptions.
        error: what was raised.

    >>> kind_by({}, ConnectionResetError())
    <Kind.BROKEN: 'broken'>
    >>> kind_by({}, ValueError())
    <Kind.HOPELESS: 'hopeless'>
    """
    if any(isinstance(link, ssl.SSLCertVerificationError) for link in _chain(error)):
        return Kind.HOPELESS
    for base in type(error).__mro__:
        found = table.get(base) or _EVERYWHERE.get(base)
        if found is not None:
            return found
    return Kind.HOPELESS


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Answer the error and what it was made of: causes, contexts, and errors among its arguments."""
    left: list[BaseException | None] = [error]
    for _ in range(_DEEPEST):
        if not left:
            return
        link = left.pop()
        if link is None:
            continue
        yield link
        inside = (*link.args, getattr(link, "reason", None), getattr(link, "certificate_error", None))
        left += [link.__cause__ or link.__context__, *(part for part in inside if isinstance(part, BaseException))]
