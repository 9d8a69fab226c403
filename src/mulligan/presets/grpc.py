"""gRPC's client retries (gRFC A6), for calls whose own retries are turned off.

Source: gRPC proposal A6, "gRPC Retry Design".

Rules: errors are grpc's `RpcError`, known by what they look like, so that nothing need be installed: `code()` answers a
status with a name, `trailing_metadata()` pairs of key and value.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from mulligan._value import Value
from mulligan.classify import ACCEPT, FAIL, TRANSIENT, Transient
from mulligan.errors import ConfigError
from mulligan.guards import Budget, token_ratio
from mulligan.outcome import Raised
from mulligan.pipeline import Pipeline
from mulligan.policy import Policy
from mulligan.schedules import BaseSchedule, Bounds, uniform
from mulligan.schedules.arguments import in_seconds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import ClassVar, TypeGuard

    from mulligan.classify import Verdict
    from mulligan.events import Listener
    from mulligan.guards import Store
    from mulligan.outcome import Outcome

__all__ = ["grpc_a6"]

MOST_ATTEMPTS: Final = 5
JITTER: Final = Bounds(0.8, 1.2)
PUSHBACK: Final = "grpc-retry-pushback-ms"
_SIGNED_32_BITS: Final = re.compile("0|-?[1-9][0-9]{0,9}")


class PushedBack(Transient, kw_only=False):
    """The server says when to retry; the backoff begins anew afterwards."""

    restarts: ClassVar[bool] = True


class Backoff(BaseSchedule):
    """`min(initial * multiplier^(n - 1), most)`, then ± 20 %; it begins anew where it is given no previous delay.

    Args:
        initial: seconds before the first retry.
        multiplier: by what it grows.
        most: the greatest backoff in seconds, before the jitter.
    """

    initial: float
    multiplier: float
    most: float

    @property
    def length(self) -> float | None:
        """Answer infinity."""
        return float("inf")

    @property
    def is_jittered(self) -> bool:
        """Answer True."""
        return True

    def delay(self, retry: int, seed: int, previous: float | None) -> float | None:
        """Answer the delay in seconds, from the one before."""
        if previous is None:
            backoff = min(self.initial, self.most)
        else:
            backoff = min(previous / JITTER.at(uniform(seed, retry - 1)) * self.multiplier, self.most)
        return backoff * JITTER.at(uniform(seed, retry))

    def bounds(self, n: int) -> tuple[Bounds, ...]:
        """Answer the backoff, 20 % less and 20 % more."""
        found: list[Bounds] = []
        backoff = min(self.initial, self.most)
        for _ in range(n):
            found.append(Bounds(backoff * JITTER.least, backoff * JITTER.greatest))
            backoff = min(backoff * self.multiplier, self.most)
        return tuple(found)


class ByStatus(Value):
    """The classifier of gRPC's errors.

    Args:
        statuses: names of the status codes that are retried.
    """

    statuses: frozenset[str]

    def __call__(self, outcome: Outcome[object], /) -> Verdict:
        """Answer what pushback and status say."""
        if not isinstance(outcome, Raised):
            return ACCEPT
        pushback = _pushback(outcome.error)
        if _status(outcome.error) not in self.statuses or (pushback is not None and pushback < 0):
            return FAIL
        return TRANSIENT if pushback is None else PushedBack(pushback / 1000)


class ByTokens(ByStatus):
    """What counts as a failure for the tokens: a status that is retried, or pushback that says not to."""

    def __call__(self, outcome: Outcome[object], /) -> Verdict:
        """Answer what the tokens count."""
        if not isinstance(outcome, Raised):
            return ACCEPT
        pushback = _pushback(outcome.error)
        fails = _status(outcome.error) in self.statuses or (pushback is not None and pushback < 0)
        return TRANSIENT if fails else FAIL


def _status(error: BaseException) -> str:
    """Answer the name of the error's status code, "" where it has none."""
    code: object = getattr(error, "code", None)
    found: object = code() if callable(code) else code
    return str(getattr(found, "name", ""))


def _pushback(error: BaseException) -> int | None:
    """Answer the milliseconds that the server asks for, `None` where it doesn't; what is no number is negative."""
    trailing: object = getattr(error, "trailing_metadata", None)
    pairs: object = trailing() if callable(trailing) else trailing
    found = [value for key, value in _pairs(pairs) if key == PUSHBACK]
    if not found:
        return None
    text = found[0].decode(errors="replace") if isinstance(found[0], bytes) else str(found[0])
    number = int(text) if _SIGNED_32_BITS.fullmatch(text) else -1
    return number if number < 2**31 else -1


def _pairs(metadata: object) -> list[tuple[object, object]]:
    if not _is_sequence(metadata):
        return []
    return [(pair[0], pair[1]) for pair in metadata if _is_sequence(pair) and len(pair) == 2]


def _is_sequence(found: object) -> TypeGuard[tuple[object, ...]]:
    return isinstance(found, tuple | list)


def grpc_a6(
    name: str = "grpc",
    *,
    statuses: Iterable[str] = ("UNAVAILABLE",),
    initial: float = 0.1,
    multiplier: float = 2.0,
    most: float = 1.0,
    max_attempts: int = 4,
    max_tokens: int = 10,
    ratio: float = 0.1,
    timeout: float | None = None,
    key: str | Callable[..., object] = "",
    store: Store | None = None,
    listeners: Iterable[Listener] = (),
) -> Pipeline[object]:
    """Answer gRPC's client retries (gRFC A6): backoff with 20 % of jitter, retry throttling, and the server's pushback.

    The delay before retry n is `min(initial * multiplier^(n - 1), most) * U(0.8, 1.2)`; the numbers are those of the
    proposal's example. A failure takes a token out, a success puts a part of one in, and retries are made while more
    than half of the tokens are there. `grpc-retry-pushback-ms` replaces a delay, and the backoff begins anew after it;
    where it is negative or no number there is no retry. Turn the channel's own retries off: `grpc.enable_retries`.

    Args:
        name: what to call it in events, notes and stores.
        statuses: names of the status codes that are retried.
        initial: seconds before the first retry.
        multiplier: by what the backoff grows, 1 or more.
        most: seconds that the backoff grows to, before the jitter.
        max_attempts: how many attempts are made at most, the first included; above 5 counts as 5.
        max_tokens: how many tokens there are.
        ratio: what a success puts in.
        timeout: seconds for the whole execution.
        key: tells servers apart: a constant, or a function of the call's arguments.
        store: where the tokens sit; this process's memory when left out.
        listeners: who is told what happens.

    Raises:
        ConfigError: when an argument can't be used.

    >>> from mulligan import execute
    >>> execute(grpc_a6("routes"), len, "route")
    5
    """
    if not multiplier >= 1:
        raise ConfigError("multiplier", multiplier, "give a number, 1 or more")
    names = frozenset(statuses)
    policy = Policy[object](
        name=name,
        classify=ByStatus(statuses=names),
        schedule=Backoff(
            initial=in_seconds("initial", initial), multiplier=float(multiplier), most=in_seconds("most", most)
        ),
        max_attempts=min(max_attempts, MOST_ATTEMPTS),
        timeout=timeout,
    )
    tokens = token_ratio(max_tokens=max_tokens, ratio=ratio)
    budget = Budget(name, tokens, classify=ByTokens(statuses=names), key=key, store=store)
    return Pipeline(policy, guards=[budget], listeners=listeners)
