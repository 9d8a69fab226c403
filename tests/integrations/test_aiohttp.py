"""What belongs to aiohttp alone."""

from __future__ import annotations

import asyncio
import io
from typing import TYPE_CHECKING

import aiohttp
import pytest

from mulligan import Policy, no_delay
from mulligan.classify import FAIL, TRANSIENT, Transient
from mulligan.integrations.aiohttp import KINDS, AiohttpFailures, RetryMiddleware
from mulligan.outcome import Raised
from mulligan.testing import FaultServer, reset, respond
from tests.integrations.completeness import exceptions_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiohttp import ClientHandlerType, ClientRequest, ClientResponse
    from multidict import CIMultiDict

QUICK: Policy = Policy(classify=AiohttpFailures(), schedule=no_delay())


def test_every_exception_is_classified() -> None:
    assert exceptions_of(aiohttp) - set(KINDS) == set()


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer() as running:
        running.on("/a", respond(503), respond(200))
        yield running


def put(server: FaultServer, path: str, data: object) -> int:
    async def main() -> int:
        async with (
            aiohttp.ClientSession(middlewares=[RetryMiddleware(QUICK)]) as session,
            session.put(server.url(path), data=data) as answer,
        ):
            return answer.status

    return asyncio.run(main())


def refused(status: int, headers: CIMultiDict[str] | None = None) -> aiohttp.ClientResponseError:
    from yarl import URL

    request = aiohttp.RequestInfo(URL("http://127.0.0.1/"), "GET", {}, URL("http://127.0.0.1/"))  # type: ignore[arg-type] # no fields
    return aiohttp.ClientResponseError(request, (), status=status, headers=headers)


def test_an_error_with_a_status_is_judged_by_it() -> None:
    from multidict import CIMultiDict

    assert AiohttpFailures()(Raised(refused(503))) == TRANSIENT
    assert AiohttpFailures()(Raised(refused(404))) == FAIL
    assert AiohttpFailures()(Raised(refused(429, CIMultiDict({"Retry-After": "9"})))) == Transient(9.0, "on_top")


class TestBodies:
    def test_a_file_is_sent_again_from_where_it_stood(self, server: FaultServer) -> None:
        file = io.BytesIO(b"skipped,sent")
        file.seek(8)
        assert put(server, "/a", file) == 200
        assert [exchange.request.body for exchange in server.log] == [b"sent"] * 2

    def test_a_form_is_sent_again(self, server: FaultServer) -> None:
        form = aiohttp.FormData({"id": "7"})
        form.add_field("invoice", io.BytesIO(b"seven"))
        assert put(server, "/a", form) == 200
        first, second = (exchange.request.body for exchange in server.log)
        assert first == second
        assert b"seven" in first


class TestTheSecondRound:
    """aiohttp sends an idempotent request again by itself where a connection breaks."""

    def test_it_does_not_multiply_the_retries(self, server: FaultServer) -> None:
        server.on("/b", reset(close=True).forever())
        with pytest.raises(aiohttp.ServerDisconnectedError):
            put(server, "/b", b"")
        assert len(server.log) == 3

    def test_one_task_may_ask_again_after_it(self, server: FaultServer) -> None:
        server.on("/b", *reset(close=True).times(3), respond(200))

        async def main() -> list[int]:
            statuses: list[int] = []
            async with aiohttp.ClientSession(middlewares=[RetryMiddleware(QUICK)]) as session:
                for _ in range(2):
                    try:
                        async with session.get(server.url("/b")) as answer:
                            statuses.append(answer.status)
                    except aiohttp.ServerDisconnectedError:
                        statuses.append(0)
            return statuses

        assert asyncio.run(main()) == [0, 200]


def test_middlewares_below_see_every_attempt(server: FaultServer) -> None:
    seen: list[str] = []

    async def below(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        seen.append(request.method)
        return await handler(request)

    async def main() -> None:
        async with aiohttp.ClientSession(middlewares=[RetryMiddleware(QUICK), below]) as session:
            await session.get(server.url("/a"))

    asyncio.run(main())
    assert seen == ["GET", "GET"]


def test_a_streamed_answer_is_streamed(server: FaultServer) -> None:
    server.on("/b", respond(503), respond(200, body=b"x" * 10_000))

    async def main() -> int:
        async with (
            aiohttp.ClientSession(middlewares=[RetryMiddleware(QUICK)]) as session,
            session.get(server.url("/b")) as answer,
        ):
            return sum([len(chunk) async for chunk in answer.content.iter_chunked(1000)])

    assert asyncio.run(main()) == 10_000


def test_the_sessions_own_timeouts_are_told_as_ever(server: FaultServer) -> None:
    server.on("/b", respond(200).after(20).forever())
    timed = QUICK.replace(timeout=30, max_attempts=1)

    async def main() -> None:
        limits = aiohttp.ClientTimeout(sock_read=0.05)
        async with aiohttp.ClientSession(middlewares=[RetryMiddleware(timed)], timeout=limits) as session:
            await session.get(server.url("/b"))

    with pytest.raises(aiohttp.SocketTimeoutError):
        asyncio.run(main())
