"""What an outcome of an HTTP client means: the classifier that the clients' own ones are made of.

Rules: an error is transient where its client's table doesn't call it hopeless. An answer is transient where its status
is one of `statuses`, and any other answer is accepted, because it is the caller's to judge. An error that holds an
answer (of `raise_for_status`) is judged by that answer. A transient answer's hint goes into the verdict.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from mulligan._value import Value
from mulligan.classify import ACCEPT, FAIL, TRANSIENT
from mulligan.errors import ConfigError
from mulligan.guards.arguments import at_least
from mulligan.integrations.http.dates import http_date
from mulligan.integrations.http.hints import LONGEST_HINT, server_hint
from mulligan.integrations.http.kinds import Kind
from mulligan.outcome import Returned

if TYPE_CHECKING:
    from mulligan.classify import Verdict
    from mulligan.integrations.http.hints import Headers
    from mulligan.outcome import Outcome

__all__ = ["TRANSIENT_STATUSES", "Answer", "HttpFailures"]

TRANSIENT_STATUSES: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
"""What another attempt may mend: timeouts, too early, too many, and errors of servers and gateways (RFC 9110, 6585)."""


class Answer(Value, kw_only=False):
    """A server's answer, as far as it is judged.

    Args:
        status: the HTTP status.
        headers: its fields.
    """

    status: int
    headers: Headers


class HttpFailures(Value):
    """The classifier of an HTTP client; each client's module has one of its own.

    Args:
        statuses: which statuses are transient.
        longest_hint: seconds that a server's hint counts for at most.

    Raises:
        ConfigError: when an argument can't be used.
    """

    statuses: frozenset[int] = TRANSIENT_STATUSES
    longest_hint: float = LONGEST_HINT

    if TYPE_CHECKING:

        def kind(self, error: BaseException) -> Kind:
            """Answer what an error says about its request."""
            ...

        def answered(self, subject: object) -> Answer | None:
            """Answer the server's answer that a value is or an error holds, `None` where there is none."""
            ...

    def __post_init__(self) -> None:
        """Refuse what is no status or no length of time."""
        try:
            statuses = frozenset(map(_status, self.statuses))
        except TypeError:
            raise ConfigError("statuses", self.statuses, "give a set of them, such as frozenset({503})") from None
        self._settle(statuses=statuses, longest_hint=at_least("longest_hint", self.longest_hint, 0))

    def __call__(self, outcome: Outcome[object], /) -> Verdict:
        """Answer what an outcome means."""
        if isinstance(outcome, Returned):
            answer, otherwise = self.answered(outcome.value), ACCEPT
            return otherwise if answer is None else self._judged(answer, otherwise)
        answer = self.answered(outcome.error)
        if answer is not None:
            return self._judged(answer, FAIL)
        return FAIL if self.kind(outcome.error) is Kind.HOPELESS else TRANSIENT

    def _judged(self, answer: Answer, otherwise: Verdict) -> Verdict:
        if answer.status not in self.statuses:
            return otherwise
        now = datetime.now(UTC)
        sent = http_date(answer.headers.get("date") or "", now)
        hint = server_hint(answer.headers, sent or now, longest=self.longest_hint)
        return TRANSIENT if hint is None else hint.verdict()


def _status(status: object) -> int:
    if not isinstance(status, int) or not 100 <= status <= 599:
        raise ConfigError("statuses", status, "give HTTP statuses, from 100 to 599")
    return status
