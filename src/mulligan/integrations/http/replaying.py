"""How the body of a request is sent again.

Rules: bytes and text are sent as they are; a file is sent from where it stood at first, where it can seek; an iterable
is iterated anew. An iterator, and a file that can't seek, can be sent once.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol, TypeGuard

    class File(Protocol):
        """What is needed of a file."""

        def tell(self) -> int:
            """Answer where it stands."""
            ...

        def seek(self, offset: int, /) -> object:
            """Go there."""
            ...


__all__ = ["as_it_is", "rewinder"]


def as_it_is() -> None:
    """Do nothing, for what can be sent again as it is."""


def rewinder(body: object) -> Callable[[], object] | None:
    """Answer what makes a body ready to be sent again, `None` where it can be sent once.

    Args:
        body: bytes, text, a file, an iterable, or `None`.

    >>> import io
    >>> file = io.BytesIO(b"page")
    >>> rewind = rewinder(file)
    >>> file.read(), rewind(), file.read()
    (b'page', 0, b'page')
    >>> rewinder(iter([b"page"])) is None
    True
    """
    if body is None or isinstance(body, bytes | bytearray | str):
        return as_it_is
    if _is_file(body):
        return _rewinding(body)
    return None if isinstance(body, Iterator | AsyncIterator) or hasattr(body, "read") else as_it_is


def _is_file(body: object) -> TypeGuard[File]:
    return callable(getattr(body, "tell", None)) and callable(getattr(body, "seek", None))


def _rewinding(file: File) -> Callable[[], object] | None:
    seekable: object = getattr(file, "seekable", None)
    if callable(seekable) and not seekable():
        return None
    try:
        start = file.tell()
    except OSError:
        return None
    return lambda: file.seek(start)
