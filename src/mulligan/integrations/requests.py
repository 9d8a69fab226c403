"""Retries in requests: an adapter for `requests.Session`, and what requests' errors mean.

Rules:
- The adapter sits below redirects, so each hop is a request of its own, and above the connection pool. Unless the
  caller streams, the body is read inside the attempt, so that a body that breaks off is retried.
- A body is replayed from where it began: bytes, forms, files that can seek, iterables that begin anew.
- urllib3's own retries stay off: two layers of retries multiply.
- Errors of requests pass as they are. A key function of a guard is given the `requests.PreparedRequest`.
"""

from __future__ import annotations

from contextlib import suppress
from json import JSONDecodeError
from typing import TYPE_CHECKING, Final

from mulligan.executors.execution import Execution
from mulligan.integrations.http.judging import TRANSIENT_STATUSES, Answer, HttpFailures
from mulligan.integrations.http.kinds import Kind, kind_by
from mulligan.integrations.http.repeating import IDEMPOTENT, Repeating
from mulligan.integrations.http.replaying import rewinder
from mulligan.integrations.http.sending import Retries, is_small, length_of, less
from mulligan.policy import Policy

try:
    import requests
    from requests import exceptions as raised
    from requests.adapters import HTTPAdapter
    from urllib3 import exceptions as below
except ModuleNotFoundError as _missing:
    raise ModuleNotFoundError("requests is missing: pip install 'mulligan[requests]'", name="requests") from _missing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import TypeAlias

    from requests import PreparedRequest, Response

    from mulligan.events import Retrying
    from mulligan.executors.subject import Subject

    Timeout: TypeAlias = float | tuple[float | None, float | None] | None

__all__ = ["RETRIES", "RequestsFailures", "RetryAdapter"]

KINDS: Final[Mapping[type[BaseException], Kind]] = {
    below.HTTPError: Kind.BROKEN,  # urllib3's, where requests has no name for it
    raised.ChunkedEncodingError: Kind.BROKEN,
    JSONDecodeError: Kind.HOPELESS,
    raised.ConnectTimeout: Kind.UNSENT,
    raised.ConnectionError: Kind.BROKEN,  # unsent, where no connection was made: see `kind`
    raised.ContentDecodingError: Kind.HOPELESS,
    raised.FileModeWarning: Kind.HOPELESS,
    raised.HTTPError: Kind.HOPELESS,  # where it holds an answer, that is judged instead
    raised.InvalidHeader: Kind.HOPELESS,
    raised.InvalidJSONError: Kind.HOPELESS,
    raised.InvalidProxyURL: Kind.HOPELESS,
    raised.InvalidSchema: Kind.HOPELESS,
    raised.InvalidURL: Kind.HOPELESS,
    raised.JSONDecodeError: Kind.HOPELESS,
    raised.MissingSchema: Kind.HOPELESS,
    raised.ProxyError: Kind.UNSENT,
    raised.ReadTimeout: Kind.BROKEN,
    raised.RequestException: Kind.HOPELESS,
    raised.RequestsDependencyWarning: Kind.HOPELESS,
    raised.RequestsWarning: Kind.HOPELESS,
    raised.RetryError: Kind.HOPELESS,  # of urllib3's own retries, which are used up
    raised.SSLError: Kind.BROKEN,  # hopeless, where the certificate can't be trusted: see `kind_by`
    raised.StreamConsumedError: Kind.HOPELESS,
    raised.Timeout: Kind.BROKEN,
    raised.TooManyRedirects: Kind.HOPELESS,
    raised.URLRequired: Kind.HOPELESS,
    raised.UnrewindableBodyError: Kind.HOPELESS,
    below.DependencyWarning: Kind.HOPELESS,
}


class RequestsFailures(HttpFailures):
    """Judge what requests returns and raises, for a policy's `classify`.

    Args:
        statuses: which statuses are transient.
        longest_hint: seconds that a server's hint counts for at most.

    Raises:
        ConfigError: when an argument can't be used.

    >>> from mulligan import Policy, Raised
    >>> FETCH = Policy(classify=RequestsFailures(statuses=frozenset({503})), max_attempts=5, timeout=30)
    >>> FETCH.classify(Raised(requests.ReadTimeout("slow")))
    Transient(hint=None, rule='replace')
    """

    def kind(self, error: BaseException) -> Kind:
        """Answer what an error says about its request."""
        found = kind_by(KINDS, error)
        return Kind.UNSENT if found is Kind.BROKEN and _is_unconnected(error) else found

    def answered(self, subject: object) -> Answer | None:
        """Answer the server's answer that a value is or an error holds."""
        response = subject.response if isinstance(subject, requests.HTTPError) else subject
        return Answer(response.status_code, response.headers) if isinstance(response, requests.Response) else None


def _is_unconnected(error: BaseException) -> bool:
    """Tell whether requests' `ConnectionError` stands for a connection that was never made."""
    inner = error.args[0] if error.args else None
    return isinstance(inner, below.MaxRetryError) and isinstance(inner.reason, below.NewConnectionError)


RETRIES: Final[Policy] = Policy(name="requests", classify=RequestsFailures(statuses=TRANSIENT_STATUSES), timeout=60)
"""What an adapter retries by where nothing else is said: three attempts within a minute."""


class RetryAdapter(HTTPAdapter):
    """Send each request of a `requests.Session` under a policy.

    Args:
        policy: the policy, or a pipeline around one.
        repeating: which requests may be sent again.
        pool_connections: how many hosts are kept connections to.
        pool_maxsize: how many connections to each.
        pool_block: whether a request waits for a connection where all are in use.

    Raises:
        ConfigError: when an argument can't be used.

    >>> from mulligan.testing import FaultServer, respond, virtual_time
    >>> with FaultServer() as server, virtual_time(), requests.Session() as session:
    ...     session.mount("http://", RetryAdapter())
    ...     server.on("/invoices", respond(503, retry_after=0), respond(200, body="paid"))
    ...     session.get(server.url("/invoices")).text
    'paid'
    """

    __attrs__: list[str] = [*HTTPAdapter.__attrs__, "_retries"]  # noqa: RUF012 - what requests pickles of it

    def __init__(
        self,
        policy: Subject[Response] = RETRIES,
        *,
        repeating: Repeating = IDEMPOTENT,
        pool_connections: int = 10,
        pool_maxsize: int = 10,
        pool_block: bool = False,
    ) -> None:
        super().__init__(
            pool_connections=pool_connections, pool_maxsize=pool_maxsize, max_retries=0, pool_block=pool_block
        )
        self._retries = Retries(policy, repeating, RequestsFailures().kind, enforces=False)

    def send(  # noqa: PLR0917 - the signature of the overridden method
        self,
        request: PreparedRequest,
        stream: bool = False,
        timeout: Timeout = None,
        verify: bool | str = True,
        cert: str | tuple[str, str] | None = None,
        proxies: dict[str, str] | None = None,
    ) -> Response:
        """Send a request, again where the policy says so.

        Raises:
            BodyConsumed: when it is to be sent again and its body is a stream that was read.
        """
        rewind = rewinder(request.body)
        replayable = None if rewind else lambda: False
        sending = self._retries.begin(request.method or "", request.url, request.headers, replayable)

        def attempt(request: PreparedRequest) -> Response:
            if sending.sends and rewind is not None:
                rewind()
            limit = _limited(timeout, sending.remaining())
            with sending.once(request.headers):
                sending.last = response = super(RetryAdapter, self).send(request, stream, limit, verify, cert, proxies)
                if not stream:
                    _ = response.content
            return response

        try:
            with sending.checked():
                return Execution(sending.subject, on_retry=_let_go).run(attempt, request)
        except BaseException:
            if sending.last is not None:
                sending.last.close()
            raise


def _limited(timeout: Timeout, remaining: float | None) -> Timeout:
    """Answer the client's timeout, no wait of it longer than the time that remains."""
    if remaining is None:
        return timeout
    connect, read = timeout if isinstance(timeout, tuple) else (timeout, timeout)
    return less(connect, remaining), less(read, remaining)


def _let_go(event: Retrying) -> None:
    """Free the connection of an answer that is retried, and keep its body where it is small."""
    response = event.value
    if not isinstance(response, requests.Response):
        return
    if is_small(length_of(response.headers)):
        with suppress(requests.RequestException):  # the body broke off: it is the answer of an attempt that is over
            _ = response.content
            return
    response.close()
    response.raw = _Gone()


class _Gone:
    """The body of an answer that was let go of for a retry, which somebody then refused."""

    def stream(self, amount: int, decode_content: bool) -> Iterator[bytes]:  # noqa: ARG002 - urllib3's
        """Say so."""
        raise below.ProtocolError("the answer's body was let go of for a retry, which a guard then refused")

    def close(self) -> None:
        """Hold nothing."""

    def release_conn(self) -> None:
        """Hold nothing."""
