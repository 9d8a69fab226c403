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
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.retry import Retry

from mulligan import ConfigError, Pipeline, Policy, execute, execute_async, no_delay, try_execute
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
from tests.guards.stores.servers import Proxy, RedisServer, free_port

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from mulligan.events import Event

ONCE: Policy[int] = Policy(name="billing", retry_on=ConnectionError, max_attempts=1)
PATIENT = 30.0  # seconds to wait on a crowded machine, where what is tested is not the time
SLOW = 0.2  # seconds of added latency, for each direction


def up() -> int:
    return 7


def down() -> int:
    raise ConnectionError("down")


def client_of(port: int) -> redis.Redis:
    return redis.Redis(port=port, socket_timeout=5, socket_connect_timeout=5, retry=Retry(NoBackoff(), 0))


@pytest.fixture
def patient(server: RedisServer) -> RedisStore:
    return RedisStore(client_of(server.port), timeout=PATIENT)


def everything(store: RedisStore) -> tuple[CircuitBreaker, Budget, AdaptiveThrottle, FailureRate]:
    return (
        CircuitBreaker("billing", consecutive(2), open_for=60, store=store),
        Budget("billing", quota(), store=store),
        AdaptiveThrottle("billing", draw=lambda: 0.999, store=store),
        FailureRate("billing", minimum=1, store=store),
    )


def seconds_of(call: Callable[[], object]) -> float:
    began = time.monotonic()
    call()
    return time.monotonic() - began


class TestSharing:
    def test_what_one_process_sees_another_one_knows(self, server: RedisServer) -> None:
        ours, theirs = (everything(RedisStore(client_of(server.port), timeout=PATIENT)) for _ in range(2))
        policy = ONCE.replace(max_attempts=2, schedule=no_delay())
        try_execute(Pipeline(policy, guards=ours), down)
        with pytest.raises(BreakerOpen, match="billing refused attempt 1"):
            execute(Pipeline(policy, guards=theirs), up)
        breaker, budget, throttle, rate = ours
        assert (breaker.status(), budget.level(), rate.rate()) == (Status.OPEN, 486, 1.0)
        assert throttle.probability() == pytest.approx(2 / 3)

    def test_orders_are_for_the_whole_fleet(self, server: RedisServer) -> None:
        ours, theirs = (
            CircuitBreaker("billing", store=RedisStore(client_of(server.port), timeout=PATIENT)) for _ in range(2)
        )
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
            end = time.monotonic() + 20
            while "cluster_state:ok" not in node.ask("CLUSTER", "INFO"):
                assert time.monotonic() < end
                time.sleep(0.05)
            store = RedisStore(redis.RedisCluster(host="127.0.0.1", port=node.port), timeout=PATIENT)
            guards = everything(store)
            for operation in (up, down, down):
                try_execute(Pipeline(ONCE, guards=guards), operation)
            assert not store.is_lost
            assert guards[0].status() is Status.OPEN

    def test_the_first_probe_gets_the_permit_and_a_cancelled_one_gives_it_back(self, patient: RedisStore) -> None:
        breaker = CircuitBreaker("billing", consecutive(1), open_for=0.01, store=patient)
        pipeline = Pipeline(ONCE, guards=[breaker])
        try_execute(pipeline, down)

        async def hang() -> int:
            await asyncio.sleep(3600)
            return 7

        async def answer() -> int:
            return 7

        async def main() -> None:
            await asyncio.sleep(0.05)
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
    return redis.asyncio.Redis(port=port) if getattr(run, "__name__", "") == "asyncio-native" else None


async def aup() -> int:
    return 7


async def adown() -> int:
    raise ConnectionError("down")


class TestAsynchronousCode:
    def test_every_guard_is_shared(self, server: RedisServer, run: Callable[..., None]) -> None:
        other = RedisStore(client_of(server.port), timeout=PATIENT)

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
        assert CircuitBreaker("billing", consecutive(2), store=other).status() is Status.OPEN

    def test_a_slow_store_delays_nobody_beyond_its_timeout(self, server: RedisServer, run: Callable[..., None]) -> None:
        seen: list[Event] = []
        took: list[float] = []
        with Proxy(server.port) as proxy:
            proxy.delay = SLOW

            async def main() -> None:
                client = native(run, proxy.port)
                store = RedisStore(client_of(proxy.port), client)
                pipeline = Pipeline(ONCE, guards=everything(store), listeners=[seen.append])
                for _ in range(5):
                    began = time.monotonic()
                    assert await execute_async(pipeline, aup) == 7
                    took.append(time.monotonic() - began)
                if client is not None:
                    await client.aclose()

            run(main)
        assert max(took) < 2 * SLOW  # nobody waited for an answer
        assert [type(event) for event in seen if isinstance(event, StoreLost | StoreFound)] == [StoreLost]

    def test_it_comes_back_by_itself(self, server: RedisServer, run: Callable[..., None]) -> None:
        seen: list[Event] = []

        async def main() -> None:
            client = native(run, server.port)
            store = RedisStore(client_of(server.port), client, timeout=1.0, retry_every=0.05)
            pipeline = Pipeline(ONCE, guards=everything(store), listeners=[seen.append])
            store.lose(TimeoutError(), None)
            end = time.monotonic() + PATIENT
            while not any(isinstance(event, StoreFound) for event in seen) and time.monotonic() < end:
                assert await execute_async(pipeline, aup) == 7
            assert not store.is_lost
            if client is not None:
                await client.aclose()

        run(main)
        assert any(isinstance(event, StoreFound) for event in seen)


class TestASlowStore:
    @pytest.fixture
    def proxy(self, server: RedisServer) -> Iterator[Proxy]:
        with Proxy(server.port) as started:
            yield started

    def test_calls_stay_within_the_timeout_with_200_ms_of_added_latency(self, proxy: Proxy) -> None:
        seen: list[Event] = []
        store = RedisStore(client_of(proxy.port), name="fleet")
        pipeline = Pipeline(ONCE, guards=everything(store), listeners=[seen.append])
        proxy.delay = SLOW
        took = sorted(seconds_of(lambda: execute(pipeline, up)) for _ in range(20))
        assert took[-1] < 2 * SLOW  # the one that noticed; nobody waited for an answer
        assert took[len(took) // 2] < 0.05  # from then on nobody waits
        assert seen[0] == StoreLost(policy="billing", store="fleet", error=TimeoutError)

    def test_it_is_lost_once_and_found_once(self, proxy: Proxy) -> None:
        seen: list[Event] = []
        store = RedisStore(client_of(proxy.port), timeout=0.1, retry_every=0.05)
        pipeline = Pipeline(ONCE, guards=everything(store), listeners=[seen.append])
        proxy.delay = SLOW
        for _ in range(30):
            execute(pipeline, up)
            time.sleep(0.02)
        proxy.delay = 0.0
        end = time.monotonic() + PATIENT
        while store.is_lost and time.monotonic() < end:
            execute(pipeline, up)
            time.sleep(0.02)
        execute(pipeline, up)
        kinds = [type(event) for event in seen if isinstance(event, StoreLost | StoreFound)]
        assert kinds[:2] == [StoreLost, StoreFound]

    def test_guards_go_on_from_what_this_process_knew(self, proxy: Proxy) -> None:
        store = RedisStore(client_of(proxy.port), timeout=1.0, retry_every=3600)
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
        breaker = CircuitBreaker("billing", consecutive(1), open_for=0.01, store=RedisStore(client_of(proxy.port)))
        direct = CircuitBreaker(
            "billing", consecutive(1), open_for=0.01, store=RedisStore(client_of(server.port), timeout=PATIENT)
        )
        try_execute(Pipeline(ONCE, guards=[direct]), down)
        time.sleep(0.05)
        proxy.delay = SLOW
        assert execute(Pipeline(ONCE, guards=[breaker]), up) == 7  # asks, waits 50 ms, and goes by its own state
        end = time.monotonic() + PATIENT
        while direct.status() is not Status.HALF_OPEN and time.monotonic() < end:
            time.sleep(0.02)
        assert direct.status() is Status.HALF_OPEN
        while time.monotonic() < end:
            if try_execute(Pipeline(ONCE, guards=[direct]), up).attempts and direct.status() is Status.CLOSED:
                break
            time.sleep(0.02)
        assert direct.status() is Status.CLOSED  # the permit was there for another probe, long before its lease

    def test_tokens_that_come_too_late_are_given_back(self, server: RedisServer, proxy: Proxy) -> None:
        class SlowsDown:
            def admit(self, attempt: int, /) -> None:
                proxy.delay = SLOW if attempt == 2 else 0.0

        store = RedisStore(client_of(proxy.port), timeout=PATIENT)
        budget = Budget("billing", quota(), store=store)
        assert execute(Pipeline(ONCE, guards=[budget]), up) == 7
        store.timeout = 2 * SLOW - 0.1
        policy = ONCE.replace(max_attempts=2, schedule=no_delay())
        answer = try_execute(Pipeline(policy, guards=[SlowsDown(), budget]), down)
        assert answer.attempts == 2
        place = storage_key("mulligan", "billing", "", quota())
        end, levels = time.monotonic() + PATIENT, [""]
        while (levels[-1] != "500" or "486" not in levels) and time.monotonic() < end:
            levels.append(server.ask("GET", place))
            time.sleep(0.01)
        assert "486" in levels
        assert levels[-1] == "500"


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

        def wait_for(kind: type[Event], since: int = 0) -> None:
            end = time.monotonic() + PATIENT
            while not any(isinstance(event, kind) for event in seen[since:]):
                assert time.monotonic() < end, f"no {kind.__name__}"
                time.sleep(0.01)

        threads = [threading.Thread(target=load, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        try:
            time.sleep(0.2)
            before, since = sum(calls), len(seen)
            server.kill()
            wait_for(StoreLost, since)
            time.sleep(0.2)
            during = sum(calls)
            since = len(seen)
            server.start()
            wait_for(StoreFound, since)
            time.sleep(0.2)
        finally:
            ended.set()
            for thread in threads:
                thread.join()
        assert errors == []
        assert 0 < before < during < sum(calls)
        assert int(server.ask("DBSIZE")) > 0  # shared again

    def test_a_server_that_never_was_there_delays_and_fails_nobody(self, tmp_path: object) -> None:
        seen: list[Event] = []
        store = RedisStore(client_of(1))
        pipeline = Pipeline(ONCE, guards=everything(store), listeners=[seen.append])
        assert max(seconds_of(lambda: execute(pipeline, up)) for _ in range(5)) < 1.0
        lost = seen[0]
        assert isinstance(lost, StoreLost)
        assert lost.error.__name__ == "ConnectionError" or lost.error is TimeoutError

    def test_orders_raise_where_the_store_is_gone(self) -> None:
        with pytest.raises(RedisConnectionError):
            CircuitBreaker("billing", store=RedisStore(client_of(1))).force_open()

    def test_an_error_of_the_server_loses_the_store_and_no_call(self, server: RedisServer) -> None:
        assert server.ask("CONFIG", "SET", "maxmemory", "1") == "OK"
        store = RedisStore(client_of(server.port), timeout=PATIENT)
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
