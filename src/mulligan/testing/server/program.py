"""Which reply a request gets, and the log of what was asked and answered.

Rules: a path plays its replies in order, each once, the last for ever where it says so. A path of which nothing is said
answers 404; one whose replies are played answers 500 and says so in its body, so that the test sees it. A rule may also
be a function of the request and the clock's instant: an outage, a throttle.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil
from typing import TYPE_CHECKING, TypeAlias

from mulligan.errors import ConfigError
from mulligan.testing.server.replies import Reply, respond

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Exchange", "Program", "Request", "Rule", "in_order", "throttled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a client asked.

    Args:
        method: the HTTP method.
        path: the path without its query.
        query: what stands behind the question mark.
        headers: the headers, by lower-case names.
        body: the body.
        at: the instant of the server's clock, in seconds.
    """

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: bytes = b""
    at: float = 0.0


Rule: TypeAlias = Callable[[Request], Reply]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A request and what became of it; the server's log holds them in order.

    Args:
        request: what was asked.
        reply: what was answered.
    """

    request: Request
    reply: Reply

    @property
    def status(self) -> int | None:
        """The status that was sent, `None` where the connection broke before one."""
        return None if self.reply.breakage in ("reset", "close") else self.reply.status


class Program:
    """The replies of a server, by path, and its log. Safe for threads."""

    def __init__(self) -> None:
        self._rules: dict[str, Rule] = {}
        self._lock = threading.Lock()
        self.log: list[Exchange] = []

    def on(self, path: str, rule: Rule) -> None:
        """Let a rule answer a path; `*` stands for every other path.

        Args:
            path: the path without its query.
            rule: answers a request.
        """
        with self._lock:
            self._rules[path] = rule

    def answer(self, request: Request) -> Reply:
        """Answer a request and write it into the log."""
        with self._lock:
            rule = self._rules.get(request.path) or self._rules.get("*") or _unknown
            reply = rule(request)
            self.log.append(Exchange(request=request, reply=reply))
            return reply


def _unknown(request: Request) -> Reply:
    return respond(404, body=f"nothing is said about {request.path}")


def in_order(replies: tuple[Reply, ...]) -> Rule:
    """Answer the replies in order.

    Args:
        replies: at least one.
    """
    played = 0

    def rule(request: Request) -> Reply:
        nonlocal played
        played += 1
        if played > len(replies) and not replies[-1].endless:
            return respond(500, body=f"request {played} of {request.path}: {len(replies)} replies were written down")
        return replies[min(played, len(replies)) - 1]

    return rule


def throttled(*, rate: float, burst: int, reply: Reply | None = None) -> Rule:
    """Answer as a server with a token bucket does: 429 with `Retry-After` where the bucket is empty.

    Args:
        rate: tokens a second that come back.
        burst: tokens in the full bucket.
        reply: what a request gets that is let through; an empty 200 where it is left out.

    Raises:
        ConfigError: when no token comes back, or the full bucket holds none.

    >>> rule = throttled(rate=0.5, burst=1)
    >>> [rule(Request(method="GET", path="/", at=at)).status for at in (0, 1, 2)]
    [200, 429, 200]
    """
    if not rate > 0:
        raise ConfigError("rate", rate, "give tokens a second above 0")
    if burst < 1:
        raise ConfigError("burst", burst, "give a bucket of 1 token or more")
    tokens = float(burst)
    last: float | None = None

    def rule(request: Request) -> Reply:
        nonlocal tokens, last
        passed = 0.0 if last is None else request.at - last
        tokens, last = min(float(burst), tokens + passed * rate), request.at
        if tokens < 1:
            return respond(429, retry_after=ceil((1 - tokens) / rate))
        tokens -= 1
        return respond(200) if reply is None else reply

    return rule
