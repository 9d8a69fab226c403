"""The clients that mulligan integrates with, each behind one small interface, so that one suite shows them to agree."""

from __future__ import annotations

import asyncio
import contextvars
from abc import ABC, abstractmethod
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeVar

import aiohttp
import httpx
import requests
import trio

from mulligan.errors import MulliganError
from mulligan.integrations.aiohttp import AiohttpFailures, RetryMiddleware
from mulligan.integrations.http import Repeating
from mulligan.integrations.httpx import AsyncRetryTransport, HttpxFailures, RetryTransport
from mulligan.integrations.requests import RequestsFailures, RetryAdapter
from mulligan.outcome import Refusal

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine, Generator, Mapping
    from contextlib import AbstractAsyncContextManager, AbstractContextManager

    from mulligan import Pipeline, Policy
    from mulligan.guards.protocol import Call, Ending, Said
    from mulligan.integrations.http.judging import HttpFailures

    Body = bytes | Callable[[], object] | None
    Fields = Mapping[str, str] | None

__all__ = ["CLIENTS", "Answer", "Client", "Closing", "Setup"]

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a client answered."""

    status: int
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """How a client is set up.

    Args:
        policy: the policy or pipeline; its classification is the client's own.
        repeating: which requests may be sent again.
        read_bodies: whether bodies belong to the attempt.
        timeout: the client's own timeout in seconds.
        verify: whether the server's certificate has to be trusted; to load whom to trust takes long.
    """

    policy: Policy | Pipeline[object]
    repeating: Repeating = field(default_factory=Repeating)
    read_bodies: bool = False
    timeout: float = 10.0
    verify: bool = False


class Run(Protocol):
    """Runs an async function in an event loop."""

    def __call__(self, main: Callable[[], Coroutine[object, object, R]], /) -> R:
        """Answer what it returns."""
        ...


class Send(Protocol):
    """Sends a request in an open session."""

    def __call__(self, method: str, url: str, body: object, headers: Fields, /) -> Answer:
        """Answer what came of it."""
        ...


class AsyncSend(Protocol):
    """Sends a request in an open session of an asynchronous client."""

    async def __call__(self, method: str, url: str, body: object, headers: Fields, /) -> Answer:
        """Answer what came of it."""
        ...


class Client(ABC):
    """A client with one connection, which is in nobody's hands between requests."""

    name: str
    failures: HttpFailures
    error: type[Exception]

    @abstractmethod
    def ask(self, setup: Setup, url: str, *, method: str = "GET", body: Body = None, headers: Fields = None) -> Answer:
        """Send one request from a fresh session."""

    @abstractmethod
    def ask_while(self, setup: Setup, url: str, going: Callable[[], bool]) -> list[Answer | Exception]:
        """Send requests from one session for as long as it is told to; answer what came of each."""


class SyncClient(Client):
    """A synchronous client."""

    @abstractmethod
    def session(self, setup: Setup) -> AbstractContextManager[Send]:
        """Open a session."""

    def ask(self, setup: Setup, url: str, *, method: str = "GET", body: Body = None, headers: Fields = None) -> Answer:
        with self.session(setup) as send:
            return send(method, url, body() if callable(body) else body, headers)

    def ask_while(self, setup: Setup, url: str, going: Callable[[], bool]) -> list[Answer | Exception]:
        found: list[Answer | Exception] = []
        with self.session(setup) as send:
            while going():
                try:
                    found.append(send("GET", url, None, None))
                except (self.error, MulliganError) as error:
                    found.append(error)
        return found


class AsyncClient(Client):
    """An asynchronous client."""

    def __init__(self, name: str, run: Run) -> None:
        self.name, self._run = name, run

    @abstractmethod
    def session(self, setup: Setup) -> AbstractAsyncContextManager[AsyncSend]:
        """Open a session."""

    def ask(self, setup: Setup, url: str, *, method: str = "GET", body: Body = None, headers: Fields = None) -> Answer:
        async def main() -> Answer:
            async with self.session(setup) as send:
                return await send(method, url, _asynchronous(body() if callable(body) else body), headers)

        return self._run(main)

    def ask_while(self, setup: Setup, url: str, going: Callable[[], bool]) -> list[Answer | Exception]:
        found: list[Answer | Exception] = []

        async def main() -> None:
            async with self.session(setup) as send:
                while going():
                    try:
                        found.append(await send("GET", url, None, None))
                    except (self.error, MulliganError) as error:
                        found.append(error)

        self._run(main)
        return found


class Httpx(SyncClient):
    """httpx in synchronous code."""

    name = "httpx"
    failures: HttpFailures = HttpxFailures()
    error: type[Exception] = httpx.HTTPError

    @contextmanager
    def session(self, setup: Setup) -> Generator[Send, None, None]:
        one = httpx.HTTPTransport(verify=setup.verify, limits=httpx.Limits(max_connections=1))
        transport = RetryTransport(
            setup.policy, transport=one, repeating=setup.repeating, read_bodies=setup.read_bodies
        )
        with httpx.Client(transport=transport, timeout=setup.timeout, trust_env=False) as client:

            def send(method: str, url: str, body: object, headers: Fields) -> Answer:
                answer = client.request(method, url, content=body, headers=headers)  # type: ignore[arg-type] # any body
                return Answer(answer.status_code, answer.content)

            yield send


class Requests(SyncClient):
    """requests."""

    name = "requests"
    failures: HttpFailures = RequestsFailures()
    error: type[Exception] = requests.RequestException

    @contextmanager
    def session(self, setup: Setup) -> Generator[Send, None, None]:
        with requests.Session() as session:
            session.trust_env = False
            adapter = RetryAdapter(setup.policy, repeating=setup.repeating, pool_maxsize=1, pool_block=True)
            session.mount("http://", adapter)
            session.mount("https://", adapter)

            def send(method: str, url: str, body: object, headers: Fields) -> Answer:
                answer = session.request(method, url, data=body, headers=headers, timeout=setup.timeout)  # type: ignore[arg-type] # any body
                return Answer(answer.status_code, answer.content)

            yield send


class AsyncHttpx(AsyncClient):
    """httpx in asyncio, and in trio."""

    failures: HttpFailures = HttpxFailures()
    error: type[Exception] = httpx.HTTPError

    @asynccontextmanager
    async def session(self, setup: Setup) -> AsyncGenerator[AsyncSend, None]:
        one = httpx.AsyncHTTPTransport(verify=setup.verify, limits=httpx.Limits(max_connections=1))
        transport = AsyncRetryTransport(
            setup.policy, transport=one, repeating=setup.repeating, read_bodies=setup.read_bodies
        )
        async with httpx.AsyncClient(transport=transport, timeout=setup.timeout, trust_env=False) as client:

            async def send(method: str, url: str, body: object, headers: Fields) -> Answer:
                answer = await client.request(method, url, content=body, headers=headers)  # type: ignore[arg-type] # any body
                return Answer(answer.status_code, answer.content)

            yield send


class Aiohttp(AsyncClient):
    """aiohttp."""

    failures: HttpFailures = AiohttpFailures()
    error: type[Exception] = aiohttp.ClientError

    @asynccontextmanager
    async def session(self, setup: Setup) -> AsyncGenerator[AsyncSend, None]:
        middleware = RetryMiddleware(setup.policy, repeating=setup.repeating, read_bodies=setup.read_bodies)
        async with aiohttp.ClientSession(
            middlewares=[middleware],
            connector=aiohttp.TCPConnector(limit=1),
            timeout=aiohttp.ClientTimeout(total=setup.timeout),
        ) as session:

            async def send(method: str, url: str, body: object, headers: Fields) -> Answer:
                async with session.request(method, url, data=body, headers=headers) as answer:
                    return Answer(answer.status, await answer.read())

            yield send


def _asynchronous(body: object) -> object:
    """Answer the body as asynchronous clients take it: an iterator as an asynchronous one."""
    if body is None or isinstance(body, bytes) or hasattr(body, "read"):
        return body

    async def pieces() -> AsyncIterator[bytes]:
        for piece in body:  # type: ignore[attr-defined] # an iterator of bytes
            yield piece

    return pieces()


def _in_asyncio(main: Callable[[], Coroutine[object, object, R]]) -> R:
    with asyncio.Runner() as runner:
        return runner.run(main(), context=contextvars.copy_context())


CLIENTS: tuple[Client, ...] = (
    Httpx(),
    AsyncHttpx("httpx-asyncio", _in_asyncio),
    AsyncHttpx("httpx-trio", trio.run),
    Requests(),
    Aiohttp("aiohttp", _in_asyncio),
)


class Closing:
    """A guard that lets a retry be planned, and refuses it after its sleep."""

    def visit(self, call: Call, /) -> Closing:
        return self

    def enter(self, attempt: int, now: float, /) -> Said:
        return Refusal(by="closing") if attempt > 1 else None

    def leave(self, ending: Ending, now: float, /) -> Said:
        return None

    def retry(self, ending: Ending, delay: float, now: float, /) -> Said:
        return None

    def release(self, now: float, /) -> Said:
        return None
