"""Retries in aiohttp: a client middleware, and what aiohttp's errors mean.

Rules:
- The middleware sits below redirects, so each hop is a request of its own.
- A body is replayed from where it began: bytes, forms, files that can seek. An async iterable can be sent once.
- `read_bodies=True` reads each answer whole inside the attempt, so that a body that breaks off is retried. Don't stream
  with such a middleware.
- aiohttp sends an idempotent request once more by itself where a connection breaks. It does so above the middleware,
  where two layers would multiply; so the middleware answers that second round with the error that it ended with.
- The session's own timeout covers all attempts together: it is `ClientTimeout(total=300)` unless you say otherwise.
- Errors of aiohttp pass as they are. A key function of a guard is given the `aiohttp.ClientRequest`.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final, TypeAlias

from mulligan.executors.execution import Execution
from mulligan.integrations.http.judging import TRANSIENT_STATUSES, Answer, HttpFailures
from mulligan.integrations.http.kinds import Kind, kind_by
from mulligan.integrations.http.repeating import IDEMPOTENT, IDEMPOTENT_METHODS, Repeating
from mulligan.integrations.http.sending import Retries, is_small, less
from mulligan.policy import Policy

try:
    import aiohttp
    from aiohttp.payload import BytesPayload
except ModuleNotFoundError as _missing:
    raise ModuleNotFoundError("aiohttp is missing: pip install 'mulligan[aiohttp]'", name="aiohttp") from _missing

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from aiohttp import ClientHandlerType, ClientRequest, ClientResponse

    from mulligan.events import Retrying
    from mulligan.executors.subject import Subject

__all__ = ["RETRIES", "AiohttpFailures", "RetryMiddleware"]

_SWITCHING: Final = 101


def _since(name: str, kind: Kind) -> dict[type[BaseException], Kind]:
    """Classify an exception that older versions of aiohttp don't have."""
    found: object = getattr(aiohttp, name, None)
    return {found: kind} if isinstance(found, type) and issubclass(found, BaseException) else {}


KINDS: Final[Mapping[type[BaseException], Kind]] = {
    aiohttp.BadContentDispositionHeader: Kind.HOPELESS,
    aiohttp.BadContentDispositionParam: Kind.HOPELESS,
    aiohttp.ClientConnectionError: Kind.BROKEN,
    aiohttp.ClientConnectionResetError: Kind.BROKEN,
    aiohttp.ClientConnectorCertificateError: Kind.HOPELESS,
    aiohttp.ClientConnectorDNSError: Kind.UNSENT,
    aiohttp.ClientConnectorError: Kind.UNSENT,
    aiohttp.ClientConnectorSSLError: Kind.UNSENT,
    aiohttp.ClientError: Kind.HOPELESS,
    aiohttp.ClientHttpProxyError: Kind.UNSENT,
    aiohttp.ClientOSError: Kind.BROKEN,
    aiohttp.ClientPayloadError: Kind.BROKEN,
    aiohttp.ClientProxyConnectionError: Kind.UNSENT,
    aiohttp.ClientResponseError: Kind.HOPELESS,  # its status and fields are judged instead
    aiohttp.ClientSSLError: Kind.UNSENT,
    aiohttp.ConnectionTimeoutError: Kind.UNSENT,
    aiohttp.ContentTypeError: Kind.HOPELESS,
    aiohttp.EofStream: Kind.HOPELESS,
    aiohttp.InvalidURL: Kind.HOPELESS,
    aiohttp.InvalidUrlClientError: Kind.HOPELESS,
    aiohttp.InvalidUrlRedirectClientError: Kind.HOPELESS,
    aiohttp.NonHttpUrlClientError: Kind.HOPELESS,
    aiohttp.NonHttpUrlRedirectClientError: Kind.HOPELESS,
    aiohttp.RedirectClientError: Kind.HOPELESS,
    aiohttp.ServerConnectionError: Kind.BROKEN,
    aiohttp.ServerDisconnectedError: Kind.BROKEN,
    aiohttp.ServerFingerprintMismatch: Kind.HOPELESS,
    aiohttp.ServerTimeoutError: Kind.BROKEN,
    aiohttp.SocketTimeoutError: Kind.BROKEN,
    aiohttp.TooManyRedirects: Kind.HOPELESS,
    aiohttp.WSMessageTypeError: Kind.HOPELESS,
    aiohttp.WSServerHandshakeError: Kind.HOPELESS,  # as ClientResponseError
    aiohttp.WebSocketError: Kind.HOPELESS,
    **_since("UploadAbortedError", Kind.BROKEN),  # 3.14
}


class AiohttpFailures(HttpFailures):
    """Judge what aiohttp returns and raises, for a policy's `classify`.

    Args:
        statuses: which statuses are transient.
        longest_hint: seconds that a server's hint counts for at most.

    Raises:
        ConfigError: when an argument can't be used.

    >>> from mulligan import Policy, Raised
    >>> FETCH = Policy(classify=AiohttpFailures(statuses=frozenset({503})), max_attempts=5, timeout=30)
    >>> FETCH.classify(Raised(aiohttp.ServerDisconnectedError()))
    Transient(hint=None, rule='replace')
    """

    def kind(self, error: BaseException) -> Kind:
        """Answer what an error says about its request."""
        return kind_by(KINDS, error)

    def answered(self, subject: object) -> Answer | None:
        """Answer the server's answer that a value is or an error holds."""
        if isinstance(subject, aiohttp.ClientResponse):
            return Answer(subject.status, subject.headers)
        if isinstance(subject, aiohttp.ClientResponseError) and subject.status:
            return Answer(subject.status, subject.headers or {})
        return None


RETRIES: Final[Policy] = Policy(name="aiohttp", classify=AiohttpFailures(statuses=TRANSIENT_STATUSES), timeout=60)
"""What a middleware retries by where nothing else is said: three attempts within a minute."""
_Ended: TypeAlias = "tuple[object, BaseException]"
_ended: ContextVar[_Ended | None] = ContextVar("mulligan.integrations.aiohttp.ended", default=None)


class RetryMiddleware:
    """Send each request of an `aiohttp.ClientSession` under a policy.

    Args:
        policy: the policy, or a pipeline around one.
        repeating: which requests may be sent again.
        read_bodies: whether an answer's body belongs to the attempt.

    Raises:
        ConfigError: when an argument can't be used.

    >>> from mulligan.testing import FaultServer, respond, virtual_time
    >>> async def fetch(url: str) -> str:
    ...     async with aiohttp.ClientSession(middlewares=[RetryMiddleware()]) as session, session.get(url) as response:
    ...         return await response.text()
    >>> with FaultServer() as server, virtual_time():
    ...     server.on("/invoices", respond(503, retry_after=0), respond(200, body="paid"))
    ...     asyncio.run(fetch(server.url("/invoices")))
    'paid'
    """

    def __init__(
        self,
        policy: Subject[ClientResponse] = RETRIES,
        *,
        repeating: Repeating = IDEMPOTENT,
        read_bodies: bool = False,
    ) -> None:
        self._retries = Retries(policy, repeating, AiohttpFailures().kind, enforces=True)
        self._read_bodies = read_bodies

    async def __call__(self, request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        """Send a request, again where the policy says so.

        Raises:
            BodyConsumed: when it is to be sent again and its body is a stream that was read.
        """
        _refuse_second_round(request)
        sending = self._retries.begin(request.method, request.url, request.headers, _replayable(request))

        async def attempt(request: ClientRequest) -> ClientResponse:
            if sending.sends:
                await request.close()  # the last attempt's writer may still read the body
            with sending.once(request.headers):
                sending.last = response = await _limited(self._answer(request, handler), sending.remaining())
            return response

        try:
            with sending.checked():
                return await Execution(sending.subject, on_retry=_let_go).run_async(attempt, request)
        except BaseException as error:
            if sending.last is not None:
                sending.last.close()
            _expect_second_round(request, error)
            raise

    async def _answer(self, request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        """Send a request once."""
        response = await handler(request)
        if self._read_bodies and response.status != _SWITCHING:
            await response.read()
        return response


def _replayable(request: ClientRequest) -> Callable[[], bool] | None:
    """Answer what tells whether the body can be sent again, `None` where it certainly can."""
    body = request.body
    return None if isinstance(body, bytes | BytesPayload) else lambda: not body.consumed


async def _limited(answer: Awaitable[ClientResponse], remaining: float | None) -> ClientResponse:
    """Wait for an answer, no longer than the time that remains.

    Raises:
        ServerTimeoutError: when it does not come in time.
    """
    limit = less(None, remaining)
    scope = asyncio.timeout(limit)
    try:
        async with scope:
            return await answer
    except TimeoutError:
        if scope.expired():
            raise aiohttp.ServerTimeoutError(f"no answer within the {limit:g} s that were left") from None
        raise


async def _let_go(event: Retrying) -> None:
    """Free the connection of an answer that is retried, and keep its body where it is small."""
    response = event.value
    if not isinstance(response, aiohttp.ClientResponse):
        return
    if is_small(response.content_length):
        with suppress(aiohttp.ClientError, OSError):  # the body broke off: the attempt is over anyway
            await response.read()
    else:
        response.release()


def _expect_second_round(request: ClientRequest, error: BaseException) -> None:
    """Remember the error with which aiohttp will send the request once more by itself."""
    again = isinstance(error, aiohttp.ClientOSError | aiohttp.ServerDisconnectedError)
    if again and not isinstance(error, aiohttp.ClientConnectorError) and request.method in IDEMPOTENT_METHODS:
        _ended.set((_call_of(request), error))


def _refuse_second_round(request: ClientRequest) -> None:
    """End what aiohttp begins by itself after the retries have ended."""
    ended = _ended.get()
    if ended is None:
        return
    _ended.set(None)
    call, error = ended
    if call is not None and call is _call_of(request):
        raise error


def _call_of(request: ClientRequest) -> object:
    """Answer what the requests of one call of the session share: its timer. aiohttp shows nothing else of it."""
    timer: object = getattr(request, "_timer", None)
    return timer
