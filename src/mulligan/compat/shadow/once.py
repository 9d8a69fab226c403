"""What is asked about an outcome is asked once, by the original or else by the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Once"]


class Once:
    """A function that is asked once about each thing, by the original or else by the engine.

    Args:
        function: what to ask.

    >>> once = Once(lambda error: print("asked") or True)
    >>> error = OSError()
    >>> once(error), once.about(error)
    asked
    (True, True)
    """

    __slots__ = ("_answer", "_asked", "function")

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function: Callable[..., Any] = function
        self._asked: tuple[Any, ...] = ()
        self._answer: Any = None

    def __call__(self, *things: Any) -> Any:
        """Ask, and remember the answer."""
        return self.remember(self.function(*things), *things)

    def remember(self, answer: Any, *things: Any) -> Any:
        """Remember an answer that was given elsewhere."""
        self._answer, self._asked = answer, things
        return answer

    def about(self, *things: Any) -> Any:
        """Answer what was said about these things, and ask where nothing was; the first of them tells them apart."""
        known = bool(self._asked) and _same(self._asked[0], things[0])
        return self._answer if known else self(*things)

    @property
    def last(self) -> Any:
        """The last answer, `None` where nothing was asked."""
        return self._answer


def _same(asked: object, thing: object) -> bool:
    return asked is thing or (isinstance(asked, int) and isinstance(thing, int) and asked == thing)
