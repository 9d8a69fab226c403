"""The clients that mulligan integrates with, each behind one small interface, so that one suite shows them to agree."""

from __future__ import annotations

import asyncio
import contextvars
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

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine, Generator, Mapping

    from mulligan import Pipeline, Policy
    from mulligan.integrations.http.judging import HttpFailures

    Body = bytes | Callable[[], object] | None

__all__ = ["CLIENTS", "Answer", "Client", "Setup"]

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


class Client(Protocol):
    """A client with one connection, which is in nobody's hands between requests."""

    name: str
    failures: HttpFailures
    error: type[Exception]

    def ask(
        self,
        setup: Setup,
        url: str,
        *,
        method: str = "GET",
        body: Body = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send one request from a fresh session."""
        ...

    def ask_while(self, setup: Setup, url: str, going: Callable[[], bool]) -> list[Answer | Exception]:
        """Send requests from one session for as long as it is told to; answer what came of each."""
        ...


class Httpx:
    """httpx in synchronous code."""

    name = "httpx"
    failures: HttpFailures = HttpxFailures()
    error: type[Exception] = httpx.HTTPError

    @contextmanager
    def session(self, setup: Setup) -> Generator[httpx.Client, None, None]:
        one = httpx.HTTPTransport(verify=setup.verify, limits=httpx.Limits(max_connections=1))
        transport = RetryTransport(
            setup.policy, transport=one, repeating=setup.repeating, read_bodies=setup.read_bodies
        )
        with httpx.Client(transport=transport, timeout=setup.timeout, trust_env=False) as client:
            yield client

    def ask(
        self,
        setup: Setup,
        url: str,
        *,
        method: str = "GET",
        body: Body = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        content = body() if callable(body) else body
        with self.session(setup) as client:
            answer = client.request(method, url, content=content, headers=headers)  # type: ignore[arg-type] # any body
            return Answer(answer.status_code, answer.content)

    def ask_while(self, setup: Setup, url: str, going: Callable[[], bool]) -> list[Answer | Exception]:
        found: list[Answer | Exception] = []
        with self.session(setup) as client:
            while going():
                try:
                    answer = client.get(url)
                    found.append(Answer(answer.status_code, answer.content))
                except (httpx.HTTPError, MulliganError) as error:
                    found.append(error)
        return found


class Requests:
    """requests."""

    name = "requests"
    failures: HttpFailures = RequestsFailures()
    error: type[Exception] = requests.RequestException

    @contextmanager
    def session(self, setup: Setup) -> Generator[requests.Session, None, None]:
        with requests.Session() as session:
            session.trust_env = False
            adapter = RetryAdapter(setup.policy, repeating=setup.repeating, pool_maxsize=1, pool_block=True)
            session.mount("http://", adapter)
            session.mount("https://", adapter)
            yield session

    def ask(
        self,
        setup: Setup,
        url: str,
        *,
        method: str = "GET",
        body: Body = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        data = body() if callable(body) else body
        with self.session(setup) as session:
            answer = session.request(method, url, data=data, headers=headers, timeout=setup.timeout)  # type: ignore[arg-type] # any body
            return Answer(answer.status_code, answer.content)

    def ask_while(self, setup: Setup, url: str, going: Callable[[], bool]) -> list[Answer | Exception]:
        found: list[Answer | Exception] = []
        with self.session(setup) as session:
            while going():
                try:
                    answer = session.get(url, timeout=setup.timeout)
                    found.append(Answer(answer.status_code, answer.content))
                except (requests.RequestException, MulliganError) as error:
                    found.append(error)
        return found


class AsyncHttpx:
    """httpx in asyncio, and in trio."""

    failures: HttpFailures = HttpxFailures()
    error: type[Exception] = httpx.HTTPError

    def __init__(self, name: str, run: Run) -> None:
        self.name, self._run = name, run

    @asynccontextmanager
    async def session(self, setup: Setup) -> AsyncGenerator[httpx.AsyncClient, None]:
        one = httpx.AsyncHTTPTransport(verify=setup.verify, limits=httpx.Limits(max_connections=1))
        transport = AsyncRetryTransport(
            setup.policy, transport=one, repeating=setup.repeating, read_bodies=setup.read_bodies
        )
        async with httpx.AsyncClient(transport=transport, timeout=setup.timeout, trust_env=False) as client:
            yield client

    def ask(
        self,
        setup: Setup,
        url: str,
        *,
        method: str = "GET",
        body: Body = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        async def main() -> Answer:
            content = _asynchronous(body() if callable(body) else body)
            async with self.session(setup) as client:
                answer = await client.request(method, url, content=content, headers=headers)  # type: ignore[arg-type] # any body
                return Answer(answer.status_code, answer.content)

        return self._run(main)

    def ask_while(self, setup: Setup, url: str, going: Callable[[], bool]) -> list[Answer | Exception]:
        found: list[Answer | Exception] = []

        async def main() -> None:
            async with self.session(setup) as client:
                while going():
                    try:
                        answer = await client.get(url)
                        found.append(Answer(answer.status_code, answer.content))
                    except (httpx.HTTPError, MulliganError) as error:
                        found.append(error)

        self._run(main)
        return found


class Aiohttp:
    """aiohttp."""

    name = "aiohttp"
    failures: HttpFailures = AiohttpFailures()
    error: type[Exception] = aiohttp.ClientError

    @asynccontextmanager
    async def session(self, setup: Setup) -> AsyncGenerator[aiohttp.ClientSession, None]:
        middleware = RetryMiddleware(setup.policy, repeating=setup.repeating, read_bodies=setup.read_bodies)
        async with aiohttp.ClientSession(
            middlewares=[middleware],
            connector=aiohttp.TCPConnector(limit=1),
            timeout=aiohttp.ClientTimeout(total=setup.timeout),
        ) as session:
            yield session

    def ask(
        self,
        setup: Setup,
        url: str,
        *,
        method: str = "GET",
        body: Body = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        async def main() -> Answer:
            data = _asynchronous(body() if callable(body) else body)
            async with (
                self.session(setup) as session,
                session.request(method, url, data=data, headers=headers) as answer,
            ):
                return Answer(answer.status, await answer.read())

        return _in_asyncio(main)

    def ask_while(self, setup: Setup, url: str, going: Callable[[], bool]) -> list[Answer | Exception]:
        found: list[Answer | Exception] = []

        async def main() -> None:
            async with self.session(setup) as session:
                while going():
                    try:
                        async with session.get(url) as answer:
                            found.append(Answer(answer.status, await answer.read()))
                    except (aiohttp.ClientError, MulliganError) as error:
                        found.append(error)

        _in_asyncio(main)
        return found


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
    Aiohttp(),
)
