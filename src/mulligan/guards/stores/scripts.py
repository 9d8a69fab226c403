"""The scripts that move states on in Redis: one for each strategy, found beside its `transitions.py`.

Rules: a script touches one key, so it runs in a cluster; the key's hash tag is the guard and the dependency, so what
belongs together sits together. States of different shapes have different keys: while a fleet is deployed with new
settings, old and new processes don't misread each other. Numbers are written so that they read back equal.
"""

from __future__ import annotations

from functools import cache
from hashlib import sha1
from pathlib import Path
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar
from urllib.parse import quote

from mulligan._value import Value

if TYPE_CHECKING:
    from typing import TypeGuard

    from mulligan.guards.cells import Strategy

__all__ = ["Reply", "Script", "reply", "script_of", "storage_key", "words"]

S = TypeVar("S")
E = TypeVar("E")
A = TypeVar("A")
_GUARDS = Path(__file__).parents[1]


class Kept(Protocol):
    """What says where a state is kept and what moves it: a part of every strategy."""

    @property
    def script(self) -> str:
        """The folder of the script."""
        ...

    @property
    def preface(self) -> str:
        """What is put before the script."""
        ...

    @property
    def shape(self) -> tuple[str | float, ...]:
        """What the form of a state depends on."""
        ...


class Script(Value):
    """A script and its digest.

    Args:
        source: Lua.
        digest: of the source, by which Redis knows it.
    """

    source: str
    digest: str


class Reply(Value, Generic[S, A]):
    """What a script replied.

    Args:
        now: the instant on the server's clock, in seconds.
        answer: what the transition says.
        state: the state after it.
    """

    now: float
    answer: A
    state: S


@cache
def _read(folder: str, preface: str) -> Script:
    parts = (_GUARDS / "stores" / "prelude.lua", _GUARDS / folder / "transitions.lua")
    prelude, own = (part.read_text(encoding="utf-8") for part in parts)
    source = f"{prelude}\n{preface}\n{own}"
    return Script(source=source, digest=sha1(source.encode(), usedforsecurity=False).hexdigest())


def script_of(strategy: Kept) -> Script:
    """Answer the script of a strategy.

    Args:
        strategy: the pure part of a guard.
    """
    return _read(strategy.script, strategy.preface)


def storage_key(prefix: str, name: str, key: str, strategy: Kept) -> str:
    """Answer where a state is kept.

    Args:
        prefix: before every key.
        name: the guard's.
        key: the dependency's.
        strategy: the pure part of the guard.

    >>> from mulligan.guards.budget.transitions import Quota
    >>> storage_key("mulligan", "aws", "eu/1", Quota(capacity=500, cost=14, throttling_cost=5, credit=1))
    'mulligan:{aws:eu%2F1}:budget:6a0dcf0f'
    """
    shape = sha1(repr(strategy.shape).encode(), usedforsecurity=False).hexdigest()[:8]
    return f"{prefix}:{{{quote(name, safe='')}:{quote(key, safe='')}}}:{strategy.script}:{shape}"


def words(strategy: Strategy[S, E, A], event: E, now: float | None = None) -> tuple[str, ...]:
    """Answer the arguments of the script for an event.

    Args:
        strategy: the pure part of a guard.
        event: what happened.
        now: the instant in seconds; the server's clock where it is left out.
    """
    settings = strategy.settings()
    instant = "" if now is None else _text(now)
    life = str(int(strategy.lifetime * 1000))
    return (instant, life, str(len(settings)), *map(_text, settings), *map(_text, strategy.written(event)))


def reply(strategy: Strategy[S, E, A], raw: object) -> Reply[S, A]:
    """Read what a script replied.

    Args:
        strategy: the pure part of a guard.
        raw: instant, answer and state, as bytes or text.
    """
    now, answer, state = _listed(raw)
    return Reply(
        now=float(_plain(now)),
        answer=strategy.read([_plain(word) for word in _listed(answer)]),
        state=strategy.loaded(_plain(state).split()),
    )


def _listed(raw: object) -> list[object]:
    if not _is_list(raw):
        raise TypeError(f"the script replied {raw!r}")
    return raw


def _is_list(raw: object) -> TypeGuard[list[object]]:
    return isinstance(raw, list)


def _plain(raw: object) -> str:
    return raw.decode() if isinstance(raw, bytes) else str(raw)


def _text(word: str | float) -> str:
    return word if isinstance(word, str) else repr(word)
