"""The fault server is a real one: what it breaks is broken for a real client."""

from __future__ import annotations

import http.client
import json
import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest

from mulligan import ConfigError
from mulligan.testing import FaultServer, Reply, Request, VirtualClock, http_date, reset, respond, throttled


def ask(server: FaultServer, path: str, method: str = "GET", body: bytes | None = None) -> http.client.HTTPResponse:
    """Ask on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    try:
        connection.request(method, path, body=body)
        answer = connection.getresponse()
        answer.read()
        return answer
    finally:
        connection.close()


def test_replies_come_in_order() -> None:
    with FaultServer() as server:
        server.on("/pay", *respond(503, retry_after=2).times(2), respond(200, body={"paid": True}))
        answers = [ask(server, "/pay?id=7", "POST", b"{}") for _ in range(3)]
    assert [answer.status for answer in answers] == [503, 503, 200]
    assert answers[0].headers["Retry-After"] == "2"
    first = server.requests("/pay")[0].request
    assert (first.method, first.query, first.body) == ("POST", "id=7", b"{}")


def test_one_connection_serves_many_requests() -> None:
    with FaultServer() as server:
        server.on("/a", respond(200, body="first").forever())
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        bodies: list[bytes] = []
        for _ in range(3):
            connection.request("GET", "/a")
            bodies.append(connection.getresponse().read())
        connection.close()
    assert bodies == [b"first"] * 3


def test_a_reset_is_a_reset() -> None:
    with FaultServer() as server:
        server.on("/a", reset())
        with pytest.raises(ConnectionResetError):
            ask(server, "/a")
    assert [exchange.status for exchange in server.log] == [None]


def test_a_closed_connection_sends_nothing() -> None:
    with FaultServer() as server:
        server.on("/a", reset(close=True))
        with pytest.raises(http.client.RemoteDisconnected):
            ask(server, "/a")


def test_a_truncated_body_ends_early() -> None:
    with FaultServer() as server:
        server.on("/a", respond(200, body="x" * 1000).truncated())
        with pytest.raises(http.client.IncompleteRead) as caught:
            ask(server, "/a")
    assert len(caught.value.partial) == 500


def test_a_slow_body_comes_in_pieces() -> None:
    with FaultServer() as server:
        server.on("/a", respond(200, body="x" * 100).slowly(chunks=4, pause=0.001))
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        connection.request("GET", "/a")
        assert connection.getresponse().read() == b"x" * 100
        connection.close()


def test_a_client_that_does_not_wait_gives_up() -> None:
    with FaultServer() as server:
        server.on("/a", respond(200).after(30))
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=0.05)
        connection.request("GET", "/a")
        with pytest.raises(TimeoutError):
            connection.getresponse()
        connection.close()


def test_leaving_does_not_wait_for_a_latency() -> None:
    """The test would take half an hour otherwise."""
    with FaultServer() as server:
        server.on("/a", respond(200).after(1800))
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        connection.request("GET", "/a")
    connection.close()


@pytest.mark.parametrize(
    ("given", "header"),
    [
        (3, "3"),
        (datetime(2026, 11, 24, 8, 49, 37, tzinfo=UTC), "Tue, 24 Nov 2026 08:49:37 GMT"),
        ("Sunday, 06-Nov-94 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT"),
        ("soon", "soon"),
    ],
)
def test_retry_after_in_all_its_forms(given: float | datetime | str, header: str) -> None:
    assert respond(503, retry_after=given).headers["Retry-After"] == header


def test_a_date_is_written_in_utc() -> None:
    in_tokyo = datetime(2026, 11, 24, 17, 49, 37, tzinfo=timezone(timedelta(hours=9)))
    assert http_date(in_tokyo) == "Tue, 24 Nov 2026 08:49:37 GMT"
    assert http_date(in_tokyo, form="rfc850") == "Tuesday, 24-Nov-26 08:49:37 GMT"
    assert http_date(in_tokyo.replace(day=4), form="asctime") == "Wed Nov  4 08:49:37 2026"


def test_a_date_that_can_not_be_written_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"^instant=.*knows its time zone$"):
        http_date(datetime(2026, 11, 24))
    with pytest.raises(ConfigError, match=r"^form='iso'"):
        http_date(datetime(2026, 11, 24, tzinfo=UTC), form="iso")  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]


def test_a_throttle_refills_with_the_clock() -> None:
    clock = VirtualClock()
    with FaultServer(clock=clock) as server:
        server.by("/a", throttled(rate=1, burst=2, reply=respond(200, body="through")))
        statuses: list[int] = []
        for seconds in (0, 0, 0, 0.5, 0.5):
            clock.advance(seconds)
            statuses.append(ask(server, "/a").status)
    assert statuses == [200, 200, 429, 429, 200]
    assert [exchange.request.at for exchange in server.log] == [0, 0, 0, 0.5, 1.0]


def test_a_function_answers_what_depends_on_the_request() -> None:
    def echo(request: Request) -> Reply:
        return respond(200, body={"method": request.method, "agent": request.headers.get("x-agent")})

    with FaultServer() as server:
        server.by("*", echo)
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        connection.request("DELETE", "/anything", headers={"X-Agent": "me"})
        assert json.loads(connection.getresponse().read()) == {"method": "DELETE", "agent": "me"}
        connection.close()


def test_a_chunked_request_is_read() -> None:
    with FaultServer() as server:
        server.on("/a", respond(204))
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        connection.request("PUT", "/a", body=iter([b"one ", b"two"]), encode_chunked=True)
        assert connection.getresponse().status == 204
        connection.close()
    assert server.log[0].request.body == b"one two"


def test_many_clients_at_once_are_all_in_the_log() -> None:
    with FaultServer() as server:
        server.on("/a", respond(200).forever())
        threads = [threading.Thread(target=ask, args=(server, "/a")) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(server.requests("/a")) == 16


def test_what_nobody_wrote_down_says_so() -> None:
    with FaultServer() as server:
        server.on("/a", respond(200))
        assert [ask(server, path).status for path in ("/a", "/a", "/b")] == [200, 500, 404]
    assert b"1 replies were written down" in server.log[1].reply.body


def test_a_server_that_does_not_run_says_so() -> None:
    with pytest.raises(RuntimeError, match="with FaultServer"):
        FaultServer().url("/a")


def test_a_throttle_that_lets_nothing_through_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"^rate=0"):
        throttled(rate=0, burst=1)
    with pytest.raises(ConfigError, match=r"^burst=0"):
        throttled(rate=1, burst=0)


def test_what_can_not_be_sent_is_refused() -> None:
    with pytest.raises(ConfigError, match="chunks"):
        respond(200).slowly(chunks=0, pause=1)
    for status in (99, "503"):
        with pytest.raises(ConfigError, match="status"):
            respond(status)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType] - on purpose
    with FaultServer() as server, pytest.raises(ConfigError, match="at least one reply"):
        server.on("/a")
