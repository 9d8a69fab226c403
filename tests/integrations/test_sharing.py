"""One client shared by threads and tasks, and tasks that are cancelled: nothing is mixed up, nothing is held."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import aiohttp
import httpx
import requests

from mulligan import Policy, constant, no_delay
from mulligan.integrations.aiohttp import AiohttpFailures, RetryMiddleware
from mulligan.integrations.httpx import AsyncRetryTransport, HttpxFailures, RetryTransport
from mulligan.integrations.requests import RequestsFailures, RetryAdapter
from mulligan.testing import FaultServer, Reply, Request, VirtualClock, respond, virtual_time

THREADS, CALLS = 16, 10


class Flaky:
    """Fails the first request of each path, and echoes the idempotency key of the second."""

    def __init__(self) -> None:
        self.seen: dict[str, str] = {}

    def __call__(self, request: Request) -> Reply:
        key = request.headers.get("idempotency-key", "")
        if request.path not in self.seen:
            self.seen[request.path] = key
            return respond(503, body="busy")
        assert self.seen[request.path] == key
        return respond(200, body=key)


def keys() -> list[str]:
    return [f"key {number}" for number in range(THREADS * CALLS)]


def check(server: FaultServer, answers: list[str]) -> None:
    """Insist that each call was sent twice, under one key of its own."""
    assert sorted(answers) == sorted(keys())
    assert len(server.log) == 2 * THREADS * CALLS


def test_threads_share_a_client_of_httpx() -> None:
    made = iter(keys())
    policy: Policy = Policy(classify=HttpxFailures(), schedule=no_delay(), idempotency_key=made.__next__)
    transport = RetryTransport(policy, transport=httpx.HTTPTransport(verify=False))
    with FaultServer() as server, httpx.Client(transport=transport) as client, ThreadPoolExecutor(THREADS) as pool:
        server.by("*", Flaky())
        urls = [server.url(f"/{number}") for number in range(THREADS * CALLS)]

        def post(url: str) -> str:
            return client.post(url).text

        check(server, list(pool.map(post, urls)))


def test_threads_share_an_adapter_of_requests() -> None:
    made = iter(keys())
    policy: Policy = Policy(classify=RequestsFailures(), schedule=no_delay(), idempotency_key=made.__next__)
    with FaultServer() as server, requests.Session() as session, ThreadPoolExecutor(THREADS) as pool:
        session.mount("http://", RetryAdapter(policy, pool_maxsize=THREADS))
        server.by("*", Flaky())
        urls = [server.url(f"/{number}") for number in range(THREADS * CALLS)]

        def post(url: str) -> str:
            return session.post(url).text

        check(server, list(pool.map(post, urls)))


def test_tasks_share_a_session_of_aiohttp() -> None:
    made = iter(keys())
    policy: Policy = Policy(classify=AiohttpFailures(), schedule=no_delay(), idempotency_key=made.__next__)

    async def main(server: FaultServer) -> list[str]:
        async with aiohttp.ClientSession(middlewares=[RetryMiddleware(policy)]) as session:

            async def post(number: int) -> str:
                async with session.post(server.url(f"/{number}")) as answer:
                    return await answer.text()

            return await asyncio.gather(*(post(number) for number in range(THREADS * CALLS)))

    with FaultServer() as server:
        server.by("*", Flaky())
        check(server, asyncio.run(main(server)))


async def cancelled(asking: asyncio.Task[object], clock: VirtualClock) -> None:
    """Cancel a request that sleeps before its second attempt; the clock waits too while somebody looks at it."""
    while not clock.sleeps:
        await asyncio.sleep(0)
    asking.cancel()
    await asyncio.wait([asking])
    assert asking.cancelled()


def test_a_cancelled_task_of_httpx_holds_no_connection() -> None:
    policy: Policy = Policy(classify=HttpxFailures(), schedule=constant(3600))

    async def main(server: FaultServer, clock: VirtualClock) -> str:
        one = httpx.AsyncHTTPTransport(verify=False, limits=httpx.Limits(max_connections=1))
        async with httpx.AsyncClient(transport=AsyncRetryTransport(policy, transport=one)) as client:
            await cancelled(asyncio.create_task(client.get(server.url("/down"))), clock)
            return (await client.get(server.url("/up"))).text

    with FaultServer() as server, virtual_time() as clock:
        server.on("/down", respond(503, body=b"x" * 200_000))
        server.on("/up", respond(200, body="up"))
        assert asyncio.run(main(server, clock)) == "up"


def test_a_cancelled_task_of_aiohttp_holds_no_connection() -> None:
    policy: Policy = Policy(classify=AiohttpFailures(), schedule=constant(3600))

    async def main(server: FaultServer, clock: VirtualClock) -> str:
        async with aiohttp.ClientSession(
            middlewares=[RetryMiddleware(policy)], connector=aiohttp.TCPConnector(limit=1)
        ) as session:

            async def get(path: str) -> str:
                async with session.get(server.url(path)) as answer:
                    return await answer.text()

            await cancelled(asyncio.create_task(get("/down")), clock)
            return await get("/up")

    with FaultServer() as server, virtual_time() as clock:
        server.on("/down", respond(503, body=b"x" * 200_000))
        server.on("/up", respond(200, body="up"))
        assert asyncio.run(main(server, clock)) == "up"
