"""Redis as a store: shared by guards, in sync code, asyncio and trio; slow or gone without anybody noticing."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest
import redis
import redis.asyncio
import trio
from redis.asyncio.retry import Retry as AsyncRetry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.retry import Retry

from mulligan import ConfigError, Pipeline, Succeeded, execute, execute_async, no_delay, try_execute
from mulligan.errors import BreakerOpen
from mulligan.events import StoreFound, StoreLost
from mulligan.guards import (
    AdaptiveThrottle,
    Budget,
    CircuitBreaker,
    FailureRate,
    RedisStore,
    Status,
    consecutive,
    quota,
)
from mulligan.guards.stores.scripts import storage_key
from tests.guards.machines import ONCE, down, up
from tests.guards.stores.servers import PATIENT, Proxy, RedisServer, free_port, until

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from mulligan.events import Event

AT_ONCE = 1e-6  # seconds: over before the next question comes
LATE = 1.0  # seconds in which a question gets through to the server, and after which its answer comes too late


def client_of(port: int) -> redis.Redis:
    return redis.Redis(port=port, socket_timeout=PATIENT, socket_connect_timeout=PATIENT, retry=Retry(NoBackoff(), 0))


def patient(port: int) -> RedisStore:
    """Answer a store that is lost by errors alone."""
    return RedisStore(client_of(port), timeout=PATIENT)


@pytest.fixture
def proxy(server: RedisServer) -> Iterator[Proxy]:
    with Proxy(server.port) as started:
        yield started


def everything(store: RedisStore) -> tuple[CircuitBreaker, Budget, AdaptiveThrottle, FailureRate]:
    return (
        CircuitBreaker("billing", consecutive(2), open_for=60, store=store),
        Budget("billing", quota(), store=store),
        AdaptiveThrottle("billing", draw=lambda: 0.999, store=store),
        FailureRate("billing", minimum=1, store=store),
    )


def news(seen: list[Event]) -> list[StoreLost | StoreFound]:
    """Answer what was told of the store."""
    return [event for event in seen if isinstance(event, StoreLost | StoreFound)]


def seconds_of(call: Callable[[], object]) -> float:
    began = time.monotonic()
    call()
    return time.monotonic() - began


class TestSharing:
    def test_what_one_process_sees_another_one_knows(self, server: RedisServer) -> None:
        ours, theirs = (everything(patient(server.port)) for _ in range(2))
        policy = ONCE.replace(max_attempts=2, schedule=no_delay())
        try_execute(Pipeline(policy, guards=ours), down)
        with pytest.raises(BreakerOpen, match="billing refused attempt 1"):
            execute(Pipeline(policy, guards=theirs), up)
        breaker, budget, throttle, rate = ours
        assert (breaker.status(), budget.level(), rate.rate()) == (Status.OPEN, 486, 1.0)
        assert throttle.probability() == pytest.approx(2 / 3)

    def test_orders_are_for_the_whole_fleet(self, server: RedisServer) -> None:
        ours, theirs = (CircuitBreaker("billing", store=patient(server.port)) for _ in range(2))
        ours.force_open()
        assert theirs.status() is Status.FORCED_OPEN
        theirs.reset()
        assert ours.status() is Status.CLOSED

    def test_dependencies_and_prefixes_keep_their_states_apart(self, server: RedisServer) -> None:
        first = RedisStore(client_of(server.port), prefix="a", timeout=PATIENT)
        other = RedisStore(client_of(server.port), prefix="b", timeout=PATIENT)
        CircuitBreaker("http", store=first).force_open("x")
        assert CircuitBreaker("http", store=first).status("y") is Status.CLOSED
        assert CircuitBreaker("http", store=other).status("x") is Status.CLOSED
        assert CircuitBreaker("http", store=first).status("x") is Status.FORCED_OPEN

    def test_a_client_that_decodes_is_as_good(self, server: RedisServer) -> None:
        store = RedisStore(redis.Redis(port=server.port, decode_responses=True), timeout=PATIENT)
        assert execute(Pipeline(ONCE, guards=everything(store)), up) == 7
        assert not store.is_lost

    def test_a_cluster_runs_the_scripts(self, tmp_path_factory: pytest.TempPathFactory, server: RedisServer) -> None:
        options = ("--cluster-enabled", "yes", "--cluster-port", str(free_port()))
        with RedisServer(tmp_path_factory.mktemp("cluster"), *options) as node:
            assert node.ask("CLUSTER", "ADDSLOTSRANGE", "0", "16383") == "OK"
            until(lambda: "cluster_state:ok" in node.ask("CLUSTER", "INFO"))
            store = RedisStore(redis.RedisCluster(host="127.0.0.1", port=node.port), timeout=PATIENT)
            guards = everything(store)
            for operation in (up, down, down):
                try_execute(Pipeline(ONCE, guards=guards), operation)
            assert not store.is_lost
            assert guards[0].status() is Status.OPEN

    def test_the_first_probe_gets_the_permit_and_a_cancelled_one_gives_it_back(self, server: RedisServer) -> None:
        breaker = CircuitBreaker("billing", consecutive(1), open_for=AT_ONCE, store=patient(server.port))
        pipeline = Pipeline(ONCE, guards=[breaker])
        try_execute(pipeline, down)

        async def hang() -> int:
            await asyncio.sleep(3600)
            return 7

        async def answer() -> int:
            return 7

        async def main() -> None:
            probe = asyncio.ensure_future(execute_async(pipeline, hang))
            while breaker.status() is not Status.HALF_OPEN:
                await asyncio.sleep(0.01)
            with pytest.raises(BreakerOpen):
                await execute_async(pipeline, answer)
            probe.cancel()
            with pytest.raises(asyncio.CancelledError):
                await probe
            assert await execute_async(pipeline, answer) == 7
            assert breaker.status() is Status.CLOSED

        asyncio.run(main())


@pytest.fixture(params=["asyncio", "asyncio-native", "trio"])
def run(request: pytest.FixtureRequest) -> Callable[[Callable[[], Awaitable[None]]], None]:
    """Give the event loops, one after the other."""

    def start(main: Callable[[], Awaitable[None]]) -> None:
        async def wrapped() -> None:
            await main()

        if request.param == "trio":
            trio.run(wrapped)
        else:
            asyncio.run(wrapped())

    start.__name__ = str(request.param)
    return start


def native(run: object, port: int) -> redis.asyncio.Redis | None:
    """Answer an asyncio client where the test asks for one."""
    if getattr(run, "__name__", "") != "asyncio-native":
        return None
    return redis.asyncio.Redis(port=port, socket_timeout=PATIENT, retry=AsyncRetry(NoBackoff(), 0))


async def aup() -> int:
    return 7


async def adown() -> int:
    raise ConnectionError("down")


class TestAsynchronousCode:
    def test_every_guard_is_shared(self, server: RedisServer, run: Callable[..., None]) -> None:
        async def main() -> None:
            client = native(run, server.port)
            store = RedisStore(client_of(server.port), client, timeout=PATIENT)
            guards = everything(store)
            assert await execute_async(Pipeline(ONCE, guards=guards), aup) == 7
            for _ in range(2):
                with pytest.raises(ConnectionError):
                    await execute_async(Pipeline(ONCE, guards=guards), adown)
            with pytest.raises(BreakerOpen):
                await execute_async(Pipeline(ONCE, guards=guards), aup)
            assert not store.is_lost
            if client is not None:
                await client.aclose()

        run(main)
        assert CircuitBreaker("billing", consecutive(2), store=patient(server.port)).status() is Status.OPEN

    def test_only_the_first_one_waits_where_no_answer_comes(self, proxy: Proxy, run: Callable[..., None]) -> None:
        seen: list[Event] = []
        proxy.hold()

        async def main() -> None:
            client = native(run, proxy.port)
            store = RedisStore(client_of(proxy.port), client, retry_every=3600)
            pipeline = Pipeline(ONCE, guards=everything(store), listeners=[seen.append])
            for _ in range(5):
                assert await execute_async(pipeline, aup) == 7
            if client is not None:
                await client.aclose()

        run(main)
        assert [type(event) for event in news(seen)] == [StoreLost]
        assert len(proxy.connections) <= 1  # each further question would need another one

    def test_it_comes_back_by_itself(self, server: RedisServer, run: Callable[..., None]) -> None:
        seen: list[Event] = []

        async def main() -> None:
            client = native(run, server.port)
            store = RedisStore(client_of(server.port), client, timeout=PATIENT, retry_every=0.05)
            pipeline = Pipeline(ONCE, guards=everything(store), listeners=[seen.append])
            store.lose(TimeoutError(), None)
            end = time.monotonic() + PATIENT
            while not news(seen) and time.monotonic() < end:
                assert await execute_async(pipeline, aup) == 7
            assert not store.is_lost
            if client is not None:
                await client.aclose()

        run(main)
        assert [type(event) for event in news(seen)] == [StoreFound]


class TestASlowStore:
    def test_all_guards_together_wait_for_one_timeout_and_then_no_more(self, proxy: Proxy) -> None:
        """The least of a few is looked at: a crowded machine only adds to it."""
        proxy.hold()
        took: list[float] = []
        for _ in range(5):
            seen: list[Event] = []
            store = RedisStore(client_of(proxy.port), name="fleet", timeout=0.2, retry_every=3600)
            pipeline = Pipeline(ONCE, guards=everything(store), listeners=[seen.append])
            before = len(proxy.connections)
            took.append(seconds_of(lambda: execute(pipeline, up)))  # noqa: B023 - called at once
            for _ in range(20):
                execute(pipeline, up)
            assert news(seen) == [StoreLost(policy="billing", store="fleet", error=TimeoutError)]
            assert len(proxy.connections) <= before + 1  # one question was put, and none after it
        assert 0.2 <= min(took) < 0.4

    def test_it_is_lost_once_and_found_once(self, proxy: Proxy) -> None:
        seen: list[Event] = []
        store = RedisStore(client_of(proxy.port), timeout=LATE, retry_every=0.05)
        pipeline = Pipeline(ONCE, guards=everything(store), listeners=[seen.append])

        def told() -> list[type[Event]]:
            execute(pipeline, up)
            return [type(event) for event in news(seen)]

        proxy.hold()
        for _ in range(30):
            assert told() == [StoreLost]
        proxy.let_go()
        until(lambda: told()[:2] == [StoreLost, StoreFound])

    def test_guards_go_on_from_what_this_process_knew(self, server: RedisServer) -> None:
        store = RedisStore(client_of(server.port), timeout=PATIENT, retry_every=3600)
        breaker, budget, _, _ = guards = everything(store)
        policy = ONCE.replace(max_attempts=2, schedule=no_delay())
        try_execute(Pipeline(policy, guards=guards), down)
        assert breaker.status() is Status.OPEN
        store.lose(TimeoutError(), None)
        with pytest.raises(BreakerOpen) as caught:
            execute(Pipeline(policy, guards=guards), up)
        assert 0 < (caught.value.retry_after or 0) <= 60
        assert budget.level() == 486

    def test_a_permit_that_comes_too_late_is_given_back(self, server: RedisServer, proxy: Proxy) -> None:
        store = patient(proxy.port)
        breaker, direct = (
            CircuitBreaker("billing", consecutive(1), open_for=AT_ONCE, store=each)
            for each in (store, patient(server.port))
        )
        assert execute(Pipeline(ONCE, guards=[breaker]), up) == 7
        try_execute(Pipeline(ONCE, guards=[direct]), down)
        proxy.hold()
        store.timeout = LATE
        assert execute(Pipeline(ONCE, guards=[breaker]), up) == 7  # asks, gives up, and goes by its own state
        until(lambda: direct.status() is Status.HALF_OPEN)
        proxy.let_go()
        until(lambda: isinstance(try_execute(Pipeline(ONCE, guards=[direct]), up), Succeeded))
        assert direct.status() is Status.CLOSED  # the permit was there for another probe, long before its lease

    def test_tokens_that_come_too_late_are_given_back(self, server: RedisServer, proxy: Proxy) -> None:
        class Holding:
            def admit(self, attempt: int, /) -> None:
                if attempt == 2:
                    proxy.hold()
                    store.timeout = LATE

        store = patient(proxy.port)
        budget = Budget("billing", quota(), store=store)
        policy = ONCE.replace(max_attempts=2, schedule=no_delay())
        answer = try_execute(Pipeline(policy, guards=[Holding(), budget]), down)
        assert answer.attempts == 2
        place = storage_key("mulligan", "billing", "", quota())
        until(lambda: server.ask("GET", place) == "486")
        proxy.let_go()
        until(lambda: server.ask("GET", place) == "500")


class TestAStoreThatIsGone:
    def test_no_call_is_lost_or_raises_when_the_server_is_killed_and_restarted_under_load(
        self, server: RedisServer
    ) -> None:
        seen: list[Event] = []
        store = RedisStore(client_of(server.port), timeout=0.5, retry_every=0.1)
        pipeline = Pipeline(ONCE, guards=everything(store), listeners=[seen.append])
        ended, calls, errors = threading.Event(), [0] * 4, list[BaseException]()

        def load(number: int) -> None:
            while not ended.is_set():
                try:
                    assert execute(pipeline, up) == 7
                    calls[number] += 1
                except BaseException as error:  # whatever it is, the test tells it
                    errors.append(error)
                time.sleep(0.001)

        def some_calls() -> None:
            before = sum(calls)
            until(lambda: sum(calls) > before + 100)

        def told(kind: type[Event]) -> None:
            until(lambda: any(isinstance(event, kind) for event in news(seen)))
            seen.clear()

        threads = [threading.Thread(target=load, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        try:
            some_calls()
            seen.clear()
            server.kill()
            told(StoreLost)
            some_calls()
            server.start()
            told(StoreFound)
            some_calls()
        finally:
            ended.set()
            for thread in threads:
                thread.join()
        assert errors == []
        assert int(server.ask("DBSIZE")) > 0  # shared again

    def test_a_server_that_never_was_there_delays_and_fails_nobody(self) -> None:
        seen: list[Event] = []
        pipeline = Pipeline(ONCE, guards=everything(patient(1)), listeners=[seen.append])
        assert seconds_of(lambda: execute(pipeline, up)) < PATIENT / 2  # an error ends the wait for an answer
        assert news(seen) == [StoreLost(policy="billing", store="redis", error=RedisConnectionError)]

    def test_orders_raise_where_the_store_is_gone(self) -> None:
        with pytest.raises(RedisConnectionError):
            CircuitBreaker("billing", store=patient(1)).force_open()

    def test_an_error_of_the_server_loses_the_store_and_no_call(self, server: RedisServer) -> None:
        assert server.ask("CONFIG", "SET", "maxmemory", "1") == "OK"
        store = patient(server.port)
        assert execute(Pipeline(ONCE, guards=everything(store)), up) == 7
        assert store.is_lost


FORKING = """
import os, sys
import redis
from mulligan import Pipeline, Policy, execute
from mulligan.guards import CircuitBreaker, RedisStore
store = RedisStore(redis.Redis(port=int(sys.argv[1])), timeout=30)
pipeline = Pipeline(Policy(retry_on=ConnectionError), guards=[CircuitBreaker("b", store=store)])
execute(pipeline, len, "parent")
child = os.fork()
value = execute(pipeline, len, "either")
if child == 0:
    os._exit(0 if value == 6 and not store.is_lost else 1)
_, status = os.waitpid(child, 0)
print(value, store.is_lost, os.waitstatus_to_exitcode(status))
"""


def test_a_forked_process_asks_with_threads_of_its_own(server: RedisServer) -> None:
    """As servers do that load an application and then fork their workers."""
    command = [sys.executable, "-W", "ignore", "-c", FORKING, str(server.port)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)  # noqa: S603
    assert done.stdout.split() == ["6", "False", "0"]


class TestConstruction:
    @pytest.mark.parametrize(
        ("arguments", "field"),
        [
            ((object(),), "client"),
            ((redis.asyncio.Redis(),), "client"),
            ((redis.Redis(), redis.Redis()), "async_client"),
        ],
    )
    def test_clients_of_the_wrong_kind_are_refused(self, arguments: tuple[redis.Redis, ...], field: str) -> None:
        with pytest.raises(ConfigError, match=f"^{field}="):
            RedisStore(*arguments)  # pyright: ignore[reportArgumentType] - on purpose

    @pytest.mark.parametrize("field", ["timeout", "retry_every", "threads"])
    def test_numbers_that_cannot_be_used_are_refused(self, field: str) -> None:
        with pytest.raises(ConfigError, match=f"^{field}="):
            RedisStore(redis.Redis(), **{field: 0})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType] - on purpose

    def test_a_url_makes_a_client_that_waits_no_longer_than_the_store(self, server: RedisServer) -> None:
        store = RedisStore.from_url(f"redis://127.0.0.1:{server.port}/0", timeout=PATIENT)
        assert execute(Pipeline(ONCE, guards=everything(store)), up) == 7
        assert not store.is_lost

    def test_its_text_tells_no_address(self) -> None:
        store = RedisStore(redis.Redis(host="secret.example", username="ada"), name="fleet")
        assert repr(store) == "RedisStore(name='fleet', prefix='mulligan', timeout=0.05)"

    def test_a_url_that_is_none_is_refused(self) -> None:
        with pytest.raises(ConfigError, match="give an address such as"):
            RedisStore.from_url("localhost")
