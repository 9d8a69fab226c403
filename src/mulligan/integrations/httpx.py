"""Retries in httpx: a transport for `httpx.Client`, one for `httpx.AsyncClient`, and what httpx's errors mean.

Rules:
- The transport sits below redirects, so each hop is a request of its own, and above the connection pool.
- A body is replayed from where it began: bytes, forms, files that can seek, iterables that begin anew.
- `read_bodies=True` reads each answer whole inside the attempt, so that a body that breaks off is retried. Don't stream
  with such a client.
- Errors of httpx pass as they are. A key function of a guard is given the `httpx.Request`.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from mulligan.executors.execution import Execution
from mulligan.integrations.http.judging import TRANSIENT_STATUSES, Answer, HttpFailures
from mulligan.integrations.http.kinds import Kind, kind_by
from mulligan.integrations.http.repeating import IDEMPOTENT, Repeating
from mulligan.integrations.http.sending import Retries, less
from mulligan.policy import Policy

try:
    import httpx

    from mulligan.integrations._httpx_bodies import keep, keep_async, let_go, let_go_async, rewinder_of
except ModuleNotFoundError as _missing:
    raise ModuleNotFoundError("httpx is missing: pip install 'mulligan[httpx]'", name="httpx") from _missing

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from mulligan.executors.subject import Subject

__all__ = ["RETRIES", "AsyncRetryTransport", "HttpxFailures", "RetryTransport"]

KINDS: Final[Mapping[type[BaseException], Kind]] = {
    httpx.CloseError: Kind.BROKEN,
    httpx.ConnectError: Kind.UNSENT,
    httpx.ConnectTimeout: Kind.UNSENT,
    httpx.CookieConflict: Kind.HOPELESS,
    httpx.DecodingError: Kind.HOPELESS,
    httpx.HTTPError: Kind.HOPELESS,
    httpx.HTTPStatusError: Kind.HOPELESS,  # where it holds an answer, that is judged instead
    httpx.InvalidURL: Kind.HOPELESS,
    httpx.LocalProtocolError: Kind.HOPELESS,
    httpx.NetworkError: Kind.BROKEN,
    httpx.PoolTimeout: Kind.UNSENT,
    httpx.ProtocolError: Kind.BROKEN,
    httpx.ProxyError: Kind.UNSENT,
    httpx.ReadError: Kind.BROKEN,
    httpx.ReadTimeout: Kind.BROKEN,
    httpx.RemoteProtocolError: Kind.BROKEN,
    httpx.RequestError: Kind.HOPELESS,
    httpx.RequestNotRead: Kind.HOPELESS,
    httpx.ResponseNotRead: Kind.HOPELESS,
    httpx.StreamClosed: Kind.HOPELESS,
    httpx.StreamConsumed: Kind.HOPELESS,
    httpx.StreamError: Kind.HOPELESS,
    httpx.TimeoutException: Kind.BROKEN,
    httpx.TooManyRedirects: Kind.HOPELESS,
    httpx.TransportError: Kind.BROKEN,
    httpx.UnsupportedProtocol: Kind.HOPELESS,
    httpx.WriteError: Kind.BROKEN,
    httpx.WriteTimeout: Kind.BROKEN,
}
_WAITS: Final = ("connect", "read", "write", "pool")


class HttpxFailures(HttpFailures):
    """Judge what httpx returns and raises, for a policy's `classify`.

    Args:
        statuses: which statuses are transient.
        longest_hint: seconds that a server's hint counts for at most.

    Raises:
        ConfigError: when an argument can't be used.

    >>> from mulligan import Policy, Raised
    >>> FETCH = Policy(classify=HttpxFailures(statuses=frozenset({503})), max_attempts=5, timeout=30)
    >>> FETCH.classify(Raised(httpx.ReadTimeout("slow")))
    Transient(hint=None, rule='replace')
    """

    def kind(self, error: BaseException) -> Kind:
        """Answer what an error says about its request."""
        return kind_by(KINDS, error)

    def answered(self, subject: object) -> Answer | None:
        """Answer the server's answer that a value is or an error holds."""
        response = subject.response if isinstance(subject, httpx.HTTPStatusError) else subject
        return Answer(response.status_code, response.headers) if isinstance(response, httpx.Response) else None


RETRIES: Final[Policy] = Policy(name="httpx", classify=HttpxFailures(statuses=TRANSIENT_STATUSES), timeout=60)
"""What a transport retries by where nothing else is said: three attempts within a minute."""


class RetryTransport(httpx.BaseTransport):
    """Send each request of an `httpx.Client` under a policy.

    Args:
        policy: the policy, or a pipeline around one.
        transport: what sends; a fresh `httpx.HTTPTransport` where it is left out, which this transport closes.
        repeating: which requests may be sent again.
        read_bodies: whether an answer's body belongs to the attempt.

    Raises:
        ConfigError: when an argument can't be used.

    >>> from mulligan.testing import FaultServer, respond, virtual_time
    >>> with FaultServer() as server, virtual_time(), httpx.Client(transport=RetryTransport()) as client:
    ...     server.on("/invoices", respond(503, retry_after=0), respond(200, body="paid"))
    ...     client.get(server.url("/invoices")).text
    'paid'
    """

    def __init__(
        self,
        policy: Subject[httpx.Response] = RETRIES,
        *,
        transport: httpx.BaseTransport | None = None,
        repeating: Repeating = IDEMPOTENT,
        read_bodies: bool = False,
    ) -> None:
        self._retries = Retries(policy, repeating, HttpxFailures().kind, enforces=False)
        self._transport = httpx.HTTPTransport() if transport is None else transport
        self._read_bodies = read_bodies

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, again where the policy says so.

        Raises:
            BodyConsumed: when it is to be sent again and its body is a stream that was read.
        """
        exchange = _Exchange(request, self._retries)
        sending = exchange.sending

        def send(request: httpx.Request) -> httpx.Response:
            with exchange.once():
                sending.last = response = self._transport.handle_request(request)
                if self._read_bodies:
                    keep(response)
            return response

        try:
            with sending.checked():
                return Execution(sending.subject, on_retry=let_go).run(send, request)
        except BaseException:
            if sending.last is not None:
                sending.last.close()
            raise

    def close(self) -> None:
        """Close the transport that sends."""
        self._transport.close()


class AsyncRetryTransport(httpx.AsyncBaseTransport):
    """Send each request of an `httpx.AsyncClient` under a policy, in asyncio and trio.

    Args:
        policy: the policy, or a pipeline around one.
        transport: what sends; a fresh `httpx.AsyncHTTPTransport` where it is left out, which this transport closes.
        repeating: which requests may be sent again.
        read_bodies: whether an answer's body belongs to the attempt.

    Raises:
        ConfigError: when an argument can't be used.
    """

    def __init__(
        self,
        policy: Subject[httpx.Response] = RETRIES,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        repeating: Repeating = IDEMPOTENT,
        read_bodies: bool = False,
    ) -> None:
        self._retries = Retries(policy, repeating, HttpxFailures().kind, enforces=True)
        self._transport = httpx.AsyncHTTPTransport() if transport is None else transport
        self._read_bodies = read_bodies

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, again where the policy says so.

        Raises:
            BodyConsumed: when it is to be sent again and its body is a stream that was read.
        """
        exchange = _Exchange(request, self._retries)
        sending = exchange.sending

        async def send(request: httpx.Request) -> httpx.Response:
            with exchange.once():
                sending.last = response = await self._transport.handle_async_request(request)
                if self._read_bodies:
                    await keep_async(response)
            return response

        try:
            with sending.checked():
                return await Execution(sending.subject, on_retry=let_go_async).run_async(send, request)
        except BaseException:
            if sending.last is not None:
                await sending.last.aclose()
            raise

    async def aclose(self) -> None:
        """Close the transport that sends."""
        await self._transport.aclose()


class _Exchange:
    """One request over all its sends, its body and its timeouts."""

    def __init__(self, request: httpx.Request, retries: Retries[httpx.Response]) -> None:
        self.request = request
        self._rewind = rewinder_of(request.stream)
        replayable = None if self._rewind else lambda: False
        self.sending = retries.begin(request.method, request.url, request.headers, replayable)

    @contextmanager
    def once(self) -> Generator[None, None, None]:
        """Make the request ready to be sent: its body, its key, its timeouts."""
        request, extensions = self.request, self.request.extensions
        if self.sending.sends and self._rewind is not None:
            self._rewind()
        remaining = self.sending.remaining()
        if remaining is not None:
            given = extensions.get("timeout", {})
            limits = {wait: less(given.get(wait), remaining) for wait in _WAITS}
            request.extensions = {**extensions, "timeout": limits}
        try:
            with self.sending.once(request.headers):
                yield
        finally:
            request.extensions = extensions  # a redirect takes them over
