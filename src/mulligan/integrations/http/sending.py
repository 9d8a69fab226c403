"""One request over all its sends, and the retries that a client brings to each of its requests.

- `Retries` belongs to a client: its policy with what is around it, its rules, its classification of errors.
- `Sending` belongs to one request: its gate, its count of sends, its last answer.

Rules:
- The last answer is answered as the client would answer it without retries, unless the policy says "wrap". So
  `on_exhausted="raise"` counts as "return" here; errors are raised in either case.
- An answer that is retried is let go of before the sleep, so that its connection serves others meanwhile.
- A policy's `attempt_timeout` is kept by the client's own timeouts, so synchronous clients take it as advice.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from mulligan.errors import ConfigError
from mulligan.executors.published import current_attempt
from mulligan.executors.subject import policy_of
from mulligan.integrations.http.gate import Gate
from mulligan.integrations.http.repeating import IDEMPOTENT_METHODS, KEY_FIELD, BodyConsumed, Repeating
from mulligan.integrations.http.resends import resending
from mulligan.pipeline import Pipeline
from mulligan.policy import Policy

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping
    from typing import Protocol

    from mulligan.audience import Audience
    from mulligan.executors.subject import Layered, Subject
    from mulligan.guards.protocol import AnyGuard
    from mulligan.integrations.http.kinds import Kind

    class Headers(Protocol):
        """The header fields of a client's request."""

        def __contains__(self, name: object, /) -> bool: ...
        def __setitem__(self, name: str, value: str, /) -> None: ...


__all__ = ["Retries", "Sending", "is_small", "length_of", "less"]

R = TypeVar("R")
_SMALL: Final = 65_536
_LEAST: Final = 0.001


def is_small(length: int | None) -> bool:
    """Tell whether a body is read before its answer is let go of, so that its connection can be used again.

    Args:
        length: its bytes, `None` where they are not known.
    """
    return length is not None and length <= _SMALL


def length_of(headers: Mapping[str, str]) -> int | None:
    """Answer the bytes of a body, `None` where the fields don't say.

    Args:
        headers: the answer's fields.

    >>> length_of({"Content-Length": "5"}), length_of({"Content-Length": "-5"}), length_of({})
    (5, None, None)
    """
    length = headers.get("Content-Length", "")
    return int(length) if length.isascii() and length.isdigit() else None


def less(given: float | None, remaining: float | None) -> float | None:
    """Answer a client's timeout, no longer than the time that remains.

    Args:
        given: the client's seconds, `None` for no limit.
        remaining: seconds that remain, `None` for no limit.

    >>> less(5.0, 2.0), less(None, 2.0), less(5.0, None), less(1.0, 0.0)
    (2.0, 2.0, 5.0, 0.001)
    """
    if remaining is None:
        return given
    remaining = max(remaining, _LEAST)
    return remaining if given is None else min(given, remaining)


class Retries(Generic[R]):
    """What a client brings to each of its requests.

    Args:
        policy: the policy, or a pipeline around one.
        repeating: which requests may be sent again.
        kind: answers what an error says about its request.
        enforces: whether an attempt timeout can interrupt an attempt.

    Raises:
        ConfigError: when an argument can't be used.
    """

    def __init__(
        self,
        policy: Subject[R],
        repeating: Repeating,
        kind: Callable[[BaseException], Kind],
        *,
        enforces: bool,
    ) -> None:
        if not isinstance(repeating, Repeating):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without a type checker
            raise ConfigError("repeating", repeating, "give rules, such as Repeating(unsent=True)")
        self.repeating = repeating
        self.kind = kind
        settled = policy_of(policy)
        if settled.on_exhausted == "raise":
            settled = settled.replace(on_exhausted="return")
        if not enforces:
            settled = settled.replace(attempt_timeout_mode="advise")
        self.policy = settled
        self.around: Layered[R] = Pipeline(policy) if isinstance(policy, Policy) else policy

    def begin(self, method: str, url: object, headers: Headers, replayable: Callable[[], bool] | None) -> Sending[R]:
        """Begin to send a request.

        Args:
            method: its method.
            url: its address.
            headers: its fields, perhaps with an idempotency key of the caller's.
            replayable: tells whether its body can be sent again; `None` where it certainly can.
        """
        keyed, policy_keys = KEY_FIELD in headers, self.policy.idempotency_key is not None
        makes_key = policy_keys and not keyed and method.upper() not in IDEMPOTENT_METHODS
        allowed = self.repeating.allows(method, keyed=keyed or makes_key)
        gate = None
        if not allowed or replayable is not None:
            gate = Gate(
                allowed=allowed, unsent=self.repeating.unsent, replayable=replayable or (lambda: True), kind=self.kind
            )
        return Sending(_Gated(self.policy, self.around, gate), gate, f"{method} {url}", makes_key=makes_key)


class _Gated(Generic[R]):
    """A client's policy with one request's gate before its other guards: a pipeline that costs nothing to make.

    Args:
        policy: the policy.
        around: whose guards and listeners there are.
        gate: the request's guard, where it needs one.
    """

    __slots__ = ("_around", "calm", "guards", "plain", "policy", "timed")

    def __init__(self, policy: Policy[R], around: Layered[R], gate: Gate | None) -> None:
        self.plain = self.timed = False
        self.calm = None
        self.policy = policy
        self.guards: tuple[AnyGuard, ...] = around.guards if gate is None else (gate, *around.guards)
        self._around = around

    @property
    def audience(self) -> Audience | None:
        """Who is told what happens."""
        return self._around.audience


class Sending(Generic[R]):
    """One request over all its sends.

    Args:
        subject: what it is retried under.
        gate: its guard, where it needs one.
        name: its method and address, for messages.
        makes_key: whether the policy's idempotency key is to be sent.
    """

    __slots__ = ("_gate", "_makes_key", "_name", "last", "sends", "subject")

    def __init__(self, subject: Layered[R], gate: Gate | None, name: str, *, makes_key: bool) -> None:
        self.subject: Layered[R] = subject
        self._gate = gate
        self._name = name
        self._makes_key = makes_key
        self.sends: int = 0
        self.last: R | None = None

    @contextmanager
    def once(self, headers: Headers) -> Generator[None, None, None]:
        """Count a send, let those below know of it, and give it the policy's key where that is to be sent.

        Args:
            headers: the request's fields.
        """
        attempt = current_attempt() if self._makes_key else None
        if attempt is not None and attempt.idempotency_key is not None:
            headers[KEY_FIELD] = attempt.idempotency_key
        token = resending.set(self.sends or None)
        self.sends += 1
        try:
            yield
        finally:
            resending.reset(token)

    def remaining(self) -> float | None:
        """Answer the seconds that remain for this attempt, `None` where nothing limits it."""
        attempt = current_attempt()
        return None if attempt is None else attempt.remaining

    @contextmanager
    def checked(self) -> Generator[None, None, None]:
        """Insist that no retry of the sends inside fails for want of a body.

        Raises:
            BodyConsumed: when the request was to be sent again and its body was read; its cause is the last error.
        """
        try:
            yield
        except BaseException as error:
            self._check_body(error)
            raise
        self._check_body(None)

    def _check_body(self, error: BaseException | None) -> None:
        if self._gate is not None and self._gate.consumed:
            raise BodyConsumed(
                f"{self._name} is to be retried and can't be sent again: its body is a stream that was read. "
                "Give bytes or a seekable file, or send it inside `with repeatable(False):`"
            ) from error
