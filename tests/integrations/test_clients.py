"""Every client retries alike, against a server that really fails."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from mulligan import Pipeline, Policy, RetryExhausted, constant, no_delay
from mulligan.events import Event, Finished, Refused
from mulligan.guards import Budget, CircuitBreaker, consecutive, quota
from mulligan.integrations.http import BodyConsumed, Kind, Repeating, repeatable
from mulligan.outcome import Reason
from mulligan.testing import FaultServer, VirtualClock, http_date, reset, respond, throttled, virtual_time
from tests.integrations.clients import CLIENTS, Client, Closing, Setup

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGE = b"x" * 200_000

pytestmark = pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.name)


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer() as running:
        yield running


@pytest.fixture
def clock() -> Iterator[VirtualClock]:
    with virtual_time() as virtual:
        yield virtual


def policy(client: Client, **changes: object) -> Policy:
    """Answer a policy without delays that goes by the client's own classification."""
    return Policy(**{"classify": client.failures, "schedule": no_delay(), "max_attempts": 3, **changes})  # type: ignore[arg-type] # fields


def setup(client: Client, **changes: object) -> Setup:
    return Setup(policy=policy(client, **changes))


class TestWhatIsRetried:
    def test_statuses_are_until_one_is_accepted(self, client: Client, server: FaultServer) -> None:
        server.on("/a", respond(503), respond(429), respond(200, body="page"))
        answer = client.ask(setup(client), server.url("/a"))
        assert (answer.status, answer.body) == (200, b"page")
        assert [exchange.status for exchange in server.log] == [503, 429, 200]

    @pytest.mark.parametrize("close", [False, True])
    def test_broken_connections_are(self, client: Client, server: FaultServer, close: bool) -> None:
        server.on("/a", reset(close=close), respond(200, body="page"))
        assert client.ask(setup(client), server.url("/a")).body == b"page"
        assert len(server.log) == 2

    def test_other_statuses_are_answered(self, client: Client, server: FaultServer) -> None:
        server.on("/a", respond(404, body="no page"))
        answer = client.ask(setup(client), server.url("/a"))
        assert (answer.status, answer.body, len(server.log)) == (404, b"no page", 1)

    @pytest.mark.parametrize("body", [b"out of order", LARGE], ids=["small", "large"])
    def test_the_last_answer_is_answered(self, client: Client, server: FaultServer, body: bytes) -> None:
        server.on("/a", respond(503, body=body).forever())
        answer = client.ask(setup(client), server.url("/a"))
        assert (answer.status, answer.body, len(server.log)) == (503, body, 3)

    def test_the_last_error_is_the_clients_own(self, client: Client, server: FaultServer) -> None:
        """And no layer below sends the request once more by itself."""
        server.on("/a", reset().forever())
        with pytest.raises(client.error) as caught:
            client.ask(setup(client), server.url("/a"))
        assert client.failures.kind(caught.value) is Kind.BROKEN
        assert len(server.log) == 3

    def test_a_request_after_a_broken_one_is_sent(self, client: Client, server: FaultServer) -> None:
        server.on("/a", *reset().times(3), respond(200))
        with pytest.raises(client.error):
            client.ask(setup(client), server.url("/a"))
        assert client.ask(setup(client), server.url("/a")).status == 200

    def test_wrapped_exhaustion_holds_the_last_answer(self, client: Client, server: FaultServer) -> None:
        server.on("/a", respond(503).forever())
        with pytest.raises(RetryExhausted) as caught:
            client.ask(setup(client, on_exhausted="wrap"), server.url("/a"))
        answered = client.failures.answered(caught.value.last_value)
        assert answered is not None
        assert (answered.status, len(server.log)) == (503, 3)

    def test_a_connection_that_nobody_accepts_is_unsent(self, client: Client) -> None:
        with FaultServer() as gone:
            url = gone.url("/a")
        events: list[Event] = []
        listened = Pipeline(policy(client), listeners=[events.append])
        with pytest.raises(client.error) as caught:
            client.ask(Setup(policy=listened), url)
        assert client.failures.kind(caught.value) is Kind.UNSENT
        finished = events[-1]
        assert isinstance(finished, Finished)
        assert (finished.attempts, finished.reason) == (3, Reason.ATTEMPTS)

    def test_a_body_that_breaks_off_is_where_bodies_are_read(self, client: Client, server: FaultServer) -> None:
        server.on("/a", respond(200, body=b"x" * 1000).truncated(), respond(200, body="page"))
        reading = Setup(policy=policy(client), read_bodies=True)
        assert client.ask(reading, server.url("/a")).body == b"page"
        assert len(server.log) == 2

    def test_a_slow_body_is_waited_for(self, client: Client, server: FaultServer) -> None:
        server.on("/a", respond(200, body=b"x" * 100).slowly(chunks=4, pause=0.001))
        assert client.ask(setup(client), server.url("/a")).body == b"x" * 100


class TestWhichRequestsMayBeRepeated:
    @pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"])
    def test_idempotent_ones_may(self, client: Client, server: FaultServer, method: str) -> None:
        server.on("/a", respond(503), respond(200))
        assert client.ask(setup(client), server.url("/a"), method=method).status == 200

    @pytest.mark.parametrize("method", ["POST", "PATCH"])
    def test_others_may_not(self, client: Client, server: FaultServer, method: str) -> None:
        server.on("/a", respond(503, body="try again"), respond(200))
        events: list[Event] = []
        listened = Pipeline(policy(client), listeners=[events.append])
        answer = client.ask(Setup(policy=listened), server.url("/a"), method=method, body=b"{}")
        assert (answer.status, answer.body, len(server.log)) == (503, b"try again", 1)
        assert isinstance(events[0], Refused)
        assert (events[0].guard, events[0].attempt) == ("request", 2)
        assert isinstance(events[1], Finished)
        assert events[1].reason is Reason.NOT_RETRYABLE

    def test_the_error_of_others_passes(self, client: Client, server: FaultServer) -> None:
        server.on("/a", reset().forever())
        with pytest.raises(client.error) as caught:
            client.ask(setup(client), server.url("/a"), method="POST")
        assert client.failures.kind(caught.value) is Kind.BROKEN
        assert (len(server.log), getattr(caught.value, "__notes__", [])) == (1, [])

    def test_methods_may_be_told(self, client: Client, server: FaultServer) -> None:
        server.on("/a", respond(503), respond(200))
        told = Setup(policy=policy(client), repeating=Repeating(methods=frozenset({"POST"})))
        assert client.ask(told, server.url("/a"), method="POST", body=b"{}").status == 200

    def test_a_request_may_be_told(self, client: Client, server: FaultServer) -> None:
        server.on("/a", respond(503), respond(200))
        with repeatable():
            assert client.ask(setup(client), server.url("/a"), method="POST", body=b"{}").status == 200

    def test_a_request_may_be_forbidden(self, client: Client, server: FaultServer) -> None:
        server.on("/a", respond(503), respond(200))
        with repeatable(False):
            assert client.ask(setup(client), server.url("/a")).status == 503

    def test_one_with_a_key_of_its_own_may(self, client: Client, server: FaultServer) -> None:
        server.on("/a", respond(503), respond(200))
        headers = {"Idempotency-Key": "mine"}
        assert client.ask(setup(client), server.url("/a"), method="POST", headers=headers).status == 200
        assert [exchange.request.headers["idempotency-key"] for exchange in server.log] == ["mine", "mine"]

    def test_the_policys_key_is_sent_with_every_attempt(self, client: Client, server: FaultServer) -> None:
        server.on("/a", respond(503), reset(), respond(200), respond(503), respond(200))
        keys = iter(["first", "second"])
        keyed = setup(client, idempotency_key=lambda: next(keys))
        for _ in range(2):
            assert client.ask(keyed, server.url("/a"), method="POST", body=b"{}").status == 200
        assert [exchange.request.headers["idempotency-key"] for exchange in server.log] == [
            *("first", "first", "first"),
            *("second", "second"),
        ]

    def test_methods_that_are_told_get_the_key_too(self, client: Client, server: FaultServer) -> None:
        server.on("/a", respond(503), respond(200))
        told = Setup(
            policy=policy(client, idempotency_key=lambda: "key"), repeating=Repeating(methods=frozenset({"POST"}))
        )
        assert client.ask(told, server.url("/a"), method="POST", body=b"{}").status == 200
        assert [exchange.request.headers["idempotency-key"] for exchange in server.log] == ["key", "key"]

    def test_idempotent_ones_get_no_key(self, client: Client, server: FaultServer) -> None:
        server.on("/a", respond(503), respond(200))
        client.ask(setup(client, idempotency_key=lambda: "key"), server.url("/a"))
        assert all("idempotency-key" not in exchange.request.headers for exchange in server.log)

    def test_unsent_ones_may_where_told(self, client: Client) -> None:
        with FaultServer() as gone:
            url = gone.url("/a")
        attempts: list[int] = []
        for unsent in (False, True):
            events: list[Event] = []
            listened = Pipeline(policy(client), listeners=[events.append])
            told = Setup(policy=listened, repeating=Repeating(unsent=unsent))
            with pytest.raises(client.error):
                client.ask(told, url, method="POST", body=b"{}")
            attempts += [event.attempts for event in events if isinstance(event, Finished)]
        assert attempts == [1, 3]


class TestBodies:
    def test_bytes_are_sent_again(self, client: Client, server: FaultServer) -> None:
        server.on("/a", respond(503), reset(), respond(200))
        assert client.ask(setup(client), server.url("/a"), method="PUT", body=b"one two").status == 200
        assert [exchange.request.body for exchange in server.log] == [b"one two"] * 3

    def test_a_stream_that_was_read_is_a_clear_error(self, client: Client, server: FaultServer) -> None:
        server.on("/a", respond(503), respond(200))
        with pytest.raises(BodyConsumed, match=r"^PUT http://127.*/a is to be retried and can't be sent again"):
            client.ask(setup(client), server.url("/a"), method="PUT", body=lambda: iter([b"one ", b"two"]))
        assert [exchange.request.body for exchange in server.log] == [b"one two"]

    def test_the_clear_error_keeps_its_cause(self, client: Client, server: FaultServer) -> None:
        server.on("/a", reset().forever())
        with pytest.raises(BodyConsumed) as caught:
            client.ask(setup(client), server.url("/a"), method="PUT", body=lambda: iter([b"one ", b"two"]))
        assert caught.value.__cause__ is not None
        assert client.failures.kind(caught.value.__cause__) is Kind.BROKEN

    def test_a_stream_that_is_sent_once_is_none(self, client: Client, server: FaultServer) -> None:
        server.on("/a", respond(503, body="full"))
        with repeatable(False):
            answer = client.ask(setup(client), server.url("/a"), method="PUT", body=lambda: iter([b"one ", b"two"]))
        assert (answer.status, answer.body) == (503, b"full")


class TestServerHints:
    @pytest.mark.parametrize(
        ("retry_after", "slept"),
        [(3, 4.0), (0, 1.0), ("soon", 1.0), ("²", 1.0), ("-5", 1.0), ("2.5", 1.0)],
    )
    def test_they_are_waited_for(
        self, client: Client, server: FaultServer, clock: VirtualClock, retry_after: float | str, slept: float
    ) -> None:
        server.on("/a", respond(503, retry_after=retry_after), respond(200))
        assert client.ask(setup(client, schedule=constant(1)), server.url("/a")).status == 200
        assert clock.sleeps == [slept]

    @pytest.mark.parametrize("form", ["imf", "rfc850", "asctime"])
    def test_dates_are_understood_in_all_forms(
        self, client: Client, server: FaultServer, clock: VirtualClock, form: str
    ) -> None:
        later = http_date(datetime.now(UTC) + timedelta(seconds=60), form=form)  # type: ignore[arg-type] # one of them
        server.on("/a", respond(503, retry_after=later), respond(200))
        assert client.ask(setup(client), server.url("/a")).status == 200
        assert clock.sleeps == [pytest.approx(60, abs=2)]

    def test_the_backoff_comes_on_top(self, client: Client, server: FaultServer, clock: VirtualClock) -> None:
        server.on("/a", respond(429, retry_after=30), respond(200))
        client.ask(setup(client, schedule=constant(2)), server.url("/a"))
        assert clock.sleeps == [32.0]

    def test_one_past_the_timeout_stops_now(self, client: Client, server: FaultServer, clock: VirtualClock) -> None:
        server.on("/a", respond(503, retry_after=30, body="later"), respond(200))
        answer = client.ask(setup(client, timeout=20), server.url("/a"))
        assert (answer.status, answer.body, len(server.log), clock.sleeps) == (503, b"later", 1, [])

    def test_a_server_may_say_never(self, client: Client, server: FaultServer) -> None:
        server.on("/a", respond(503, headers={"grpc-retry-pushback-ms": "-1"}), respond(200))
        assert client.ask(setup(client), server.url("/a")).status == 503

    def test_a_throttled_client_gets_through(self, client: Client, clock: VirtualClock) -> None:
        with FaultServer(clock=clock) as server:
            server.by("/a", throttled(rate=0.1, burst=1, reply=respond(200, body="through")))
            answers = [client.ask(setup(client), server.url("/a")) for _ in range(3)]
        assert [answer.body for answer in answers] == [b"through"] * 3
        assert [exchange.status for exchange in server.log] == [200, 429, 200, 429, 200]
        assert clock.sleeps == [10.0, 10.0]


class TestConnections:
    @pytest.mark.parametrize("body", [b"busy", LARGE, b""], ids=["small", "large", "none"])
    def test_an_answer_that_is_retried_frees_the_only_one(
        self, client: Client, server: FaultServer, body: bytes
    ) -> None:
        server.on("/a", *respond(503, body=body).times(2), respond(200, body="page"))
        assert client.ask(setup(client), server.url("/a")).body == b"page"

    def test_an_answer_that_is_retried_may_break_off(self, client: Client, server: FaultServer) -> None:
        server.on("/a", respond(503, body=b"x" * 1000).truncated(), respond(200, body="page"))
        assert client.ask(setup(client), server.url("/a")).body == b"page"

    def test_no_wait_is_longer_than_the_time_that_remains(self, client: Client, server: FaultServer) -> None:
        """The client's own timeout is a hundred times as long."""
        server.on("/a", respond(200).after(20).forever())
        with pytest.raises(client.error) as caught:
            client.ask(setup(client, timeout=0.2, max_attempts=1), server.url("/a"))
        assert "imeout" in type(caught.value).__name__
        assert client.failures.kind(caught.value) is Kind.BROKEN

    def test_a_body_that_trickles_in_is_not_waited_for_either(self, client: Client, server: FaultServer) -> None:
        """Where bodies are read inside the attempt."""
        server.on("/a", respond(200, body=b"x" * 100).slowly(chunks=2, pause=20), respond(200, body="page"))
        reading = Setup(policy=policy(client, attempt_timeout=0.2), read_bodies=True)
        assert client.ask(reading, server.url("/a")).body == b"page"

    def test_an_attempt_timeout_is_kept(self, client: Client, server: FaultServer) -> None:
        server.on("/a", respond(200).after(20), respond(200, body="page"))
        assert client.ask(setup(client, attempt_timeout=0.2), server.url("/a")).body == b"page"


def host_of(request: object) -> str:
    """Answer the host of any client's request."""
    url: object = getattr(request, "url")  # noqa: B009 - each client has a class of its own
    return str(url).split("/")[2]


class TestGuards:
    def test_keys_are_functions_of_the_request(self, client: Client, server: FaultServer) -> None:
        server.on("/a", respond(503).forever())
        breaker = CircuitBreaker("host", consecutive(2), key=host_of)
        guarded = Pipeline(policy(client, max_attempts=2), guards=[breaker])
        client.ask(Setup(policy=guarded), server.url("/a"))
        assert breaker.status(f"127.0.0.1:{server.port}") == "open"

    def test_a_breaker_counts_requests_that_are_not_repeated(self, client: Client, server: FaultServer) -> None:
        server.on("/a", respond(503).forever())
        breaker = CircuitBreaker("billing", consecutive(2))
        guarded = Setup(policy=Pipeline(policy(client), guards=[breaker]))
        for _ in range(2):
            client.ask(guarded, server.url("/a"), method="POST")
        assert breaker.status() == "open"

    def test_no_budget_pays_for_requests_that_are_not_repeated(self, client: Client, server: FaultServer) -> None:
        server.on("/a", respond(503).forever())
        budget = Budget("billing", quota(capacity=28, cost=14))
        guarded = Setup(policy=Pipeline(policy(client), guards=[budget]))
        client.ask(guarded, server.url("/a"), method="POST")
        assert budget.level() == 28

    def test_a_small_answer_is_there_when_the_retry_is_refused(self, client: Client, server: FaultServer) -> None:
        server.on("/a", respond(503, body="busy").forever())
        answer = client.ask(Setup(policy=Pipeline(policy(client), guards=[Closing()])), server.url("/a"))
        assert (answer.status, answer.body) == (503, b"busy")

    def test_a_large_answer_is_an_error_when_the_retry_is_refused(self, client: Client, server: FaultServer) -> None:
        server.on("/a", respond(503, body=LARGE).forever())
        reads = client.name == "requests"
        guarded = Setup(policy=Pipeline(policy(client), guards=[Closing()]))
        if reads:  # the body was read inside the attempt
            assert client.ask(guarded, server.url("/a")).body == LARGE
            return
        with pytest.raises(client.error) as caught:
            client.ask(guarded, server.url("/a"))
        assert client.failures.kind(caught.value) is Kind.BROKEN
