"""What shadow mode finds: divergences as events, counted by site, and summed up on demand and at exit.

Rules: an event holds no argument, value or message: kinds and numbers alone. A listener only observes: what it raises
is logged once by name and dropped. Counting is safe between threads.
"""

from __future__ import annotations

import atexit
import sys
from threading import Lock
from typing import TYPE_CHECKING, Literal, TypeAlias

from mulligan._functions import named
from mulligan._value import Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["Diverged", "SiteSummary", "What", "count", "listen", "publish", "render", "reset", "summary"]

What: TypeAlias = Literal["decision", "delay", "surfaced", "engine"]
"""What differed: to retry or to stop, the delay, what the caller gets, or that the engine failed."""
Listener: TypeAlias = "Callable[[Diverged], object]"


class Diverged(Value):
    """The original did one thing, and the engine would have done another.

    Args:
        site: the site's name, `module:qualname`.
        what: the "decision" to retry or stop, the "delay", what was "surfaced" to the caller; or the "engine" failed.
        attempt: the number of the attempt after which they parted.
        original: what the original did, in words.
        engine: what the engine would have done, in words.
    """

    site: str
    what: What
    attempt: int
    original: str
    engine: str

    def __str__(self) -> str:
        return f"{self.site}: after attempt {self.attempt} the original {self.original}; the engine {self.engine}"


class SiteSummary(Value):
    """What shadow mode saw at one site.

    Args:
        site: the site's name.
        calls: how many calls were compared.
        retries: how many retries of the original's were compared.
        decision: in how many places the two decided otherwise.
        delay: how many delays differed by more than the tolerance.
        surfaced: how many calls gave their caller something of another kind.
        engine: in how many calls the engine itself failed.
    """

    site: str
    calls: int = 0
    retries: int = 0
    decision: int = 0
    delay: int = 0
    surfaced: int = 0
    engine: int = 0

    @property
    def divergences(self) -> int:
        """How many there were of every kind."""
        return self.decision + self.delay + self.surfaced + self.engine


_counts: dict[str, SiteSummary] = {}
_listeners: list[Listener] = []
_reported: set[str] = set()
_lock = Lock()


def listen(listener: Listener) -> Callable[[], None]:
    """Tell a function of every divergence; answer a function that ends that.

    Args:
        listener: gets a `Diverged`.

    >>> seen = []
    >>> stop = listen(seen.append)
    >>> publish(Diverged(site="docs:listen", what="delay", attempt=1, original="waited 2 s", engine="waits 1 s"))
    >>> stop()
    >>> print(seen[0])
    docs:listen: after attempt 1 the original waited 2 s; the engine waits 1 s
    >>> reset()
    """
    _listeners.append(listener)
    return lambda: _listeners.remove(listener)


def publish(event: Diverged) -> None:
    """Count a divergence and tell the listeners."""
    count(event.site, event.what)
    for listener in tuple(_listeners):
        try:
            listener(event)
        except Exception as error:  # noqa: BLE001 - a listener must not change what the original does
            _report(listener, error)


def _report(listener: Listener, error: Exception) -> None:
    name = named(listener)
    if name not in _reported:
        _reported.add(name)
        import logging  # noqa: PLC0415 - only who has a listener that fails needs it

        logging.getLogger("mulligan").error("%s raised; it is dropped, and reported once", name, exc_info=error)


def count(site: str, what: What | Literal["calls", "retries"]) -> None:
    """Count one more of a kind at a site."""
    with _lock:
        if not _counts:
            atexit.register(_at_exit)
        seen = _counts.get(site) or SiteSummary(site=site)
        _counts[site] = seen.replace(**{what: int(getattr(seen, what)) + 1})


def summary() -> tuple[SiteSummary, ...]:
    """Answer what was seen so far, by site, in the order of their names."""
    with _lock:
        return tuple(_counts[site] for site in sorted(_counts))


def reset() -> None:
    """Forget what was seen; nothing is printed at exit unless more is seen."""
    with _lock:
        _counts.clear()
        atexit.unregister(_at_exit)


def render(sites: Iterable[SiteSummary]) -> str:
    """Answer a table of summaries.

    >>> print(render([SiteSummary(site="billing:fetch", calls=7, retries=3, delay=1)]))
    site           calls  retries  decision  delay  surfaced  engine
    billing:fetch      7        3         0      1         0       0
    """
    columns = ("calls", "retries", "decision", "delay", "surfaced", "engine")
    sites = tuple(sites)
    width = max([4, *(len(site.site) for site in sites)])
    head = "  ".join((f"{'site':<{width}}", *columns))
    rows = [
        "  ".join((f"{site.site:<{width}}", *(f"{getattr(site, column):>{len(column)}}" for column in columns)))
        for site in sites
    ]
    return "\n".join((head, *rows))


def _at_exit() -> None:
    sys.stderr.write(f"mulligan: shadow mode compared these sites\n{render(summary())}\n")
