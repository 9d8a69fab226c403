"""What belongs to httpx alone."""

from __future__ import annotations

import io
import ssl
from typing import TYPE_CHECKING

import httpx
import pytest

from mulligan import Policy, no_delay
from mulligan.classify import FAIL, TRANSIENT
from mulligan.integrations.http import BodyConsumed, Kind
from mulligan.integrations.httpx import KINDS, RETRIES, HttpxFailures, RetryTransport
from mulligan.outcome import Raised
from mulligan.testing import FaultServer, respond
from tests.integrations.completeness import exceptions_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

QUICK: Policy = Policy(classify=HttpxFailures(), schedule=no_delay())


def test_every_exception_is_classified() -> None:
    assert exceptions_of(httpx) - set(KINDS) == set()


def client(policy: Policy = QUICK) -> httpx.Client:
    return httpx.Client(transport=RetryTransport(policy, transport=httpx.HTTPTransport(verify=False)), trust_env=False)


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer() as running:
        running.on("/a", respond(503), respond(200))
        yield running


class TestJudging:
    def test_a_certificate_that_can_not_be_trusted_is_hopeless(self) -> None:
        error = httpx.ConnectError("self-signed")
        error.__cause__ = ssl.SSLCertVerificationError("self-signed")
        assert HttpxFailures()(Raised(error)) == FAIL

    def test_an_unknown_error_of_the_client_counts_as_its_base(self) -> None:
        class Odd(httpx.ReadTimeout):
            pass

        assert HttpxFailures().kind(Odd("slow")) is Kind.BROKEN

    def test_an_error_that_holds_an_answer_is_judged_by_it(self) -> None:
        request = httpx.Request("GET", "http://127.0.0.1/")
        for status, verdict in ((503, TRANSIENT), (404, FAIL)):
            error = httpx.HTTPStatusError("no", request=request, response=httpx.Response(status))
            assert HttpxFailures()(Raised(error)) == verdict


class TestBodies:
    def test_a_file_is_sent_again(self, server: FaultServer) -> None:
        with client() as session:
            assert session.put(server.url("/a"), content=io.BytesIO(b"one two")).status_code == 200
        assert [exchange.request.body for exchange in server.log] == [b"one two"] * 2

    def test_a_form_with_a_file_is_sent_again(self, server: FaultServer, tmp_path: Path) -> None:
        (tmp_path / "invoice").write_bytes(b"seven")
        with client() as session, (tmp_path / "invoice").open("rb") as file:
            answer = session.put(server.url("/a"), data={"id": "7"}, files={"invoice": file})
        assert answer.status_code == 200
        first, second = (exchange.request.body for exchange in server.log)
        assert first == second
        assert b"seven" in first

    def test_a_form_with_a_file_that_can_not_seek_is_a_clear_error(self, server: FaultServer) -> None:
        class Pipe(io.BytesIO):
            def seekable(self) -> bool:
                return False

        with client() as session, pytest.raises(BodyConsumed):
            session.put(server.url("/a"), files={"invoice": Pipe(b"seven")})

    def test_fields_of_a_form_and_json_are_sent_again(self, server: FaultServer) -> None:
        server.on("/b", respond(503), respond(200))
        with client() as session:
            assert session.put(server.url("/a"), data={"id": "7"}).status_code == 200
            assert session.put(server.url("/b"), json={"id": 7}).status_code == 200
        assert [exchange.request.body for exchange in server.log] == [b"id=7"] * 2 + [b'{"id":7}'] * 2

    def test_an_iterable_that_begins_anew_is_sent_again(self, server: FaultServer) -> None:
        with client() as session:
            assert session.put(server.url("/a"), content=[b"one ", b"two"]).status_code == 200
        assert [exchange.request.body for exchange in server.log] == [b"one two"] * 2

    def test_a_stream_of_an_unknown_kind_is_sent_once(self, server: FaultServer) -> None:
        class Odd(httpx.SyncByteStream):
            def __iter__(self) -> Iterator[bytes]:
                yield b"odd"

        request = httpx.Request(
            "PUT", server.url("/a"), stream=Odd(), headers={"Content-Length": "3", "Host": "127.0.0.1"}
        )
        with client() as session, pytest.raises(BodyConsumed):
            session.send(request)


def test_a_streamed_answer_is_streamed(server: FaultServer) -> None:
    server.on("/b", respond(503), respond(200, body=b"x" * 10_000))
    with client() as session, session.stream("GET", server.url("/b")) as answer:
        assert sum(len(chunk) for chunk in answer.iter_bytes(1000)) == 10_000


def test_an_answer_knows_how_long_it_took(server: FaultServer) -> None:
    with client() as session:
        assert session.get(server.url("/a")).elapsed.total_seconds() > 0


def test_each_hop_of_a_redirect_is_retried(server: FaultServer) -> None:
    server.on("/b", respond(503), respond(307, headers={"Location": "/a"}))
    keyed = QUICK.replace(idempotency_key=lambda: "key")
    with client(keyed) as session:
        answer = session.post(server.url("/b"), content=b"{}", follow_redirects=True)
    assert answer.status_code == 200
    assert [(exchange.request.path, exchange.status) for exchange in server.log] == [
        *(("/b", 503), ("/b", 307)),
        *(("/a", 503), ("/a", 200)),
    ]
    assert {exchange.request.headers["idempotency-key"] for exchange in server.log} == {"key"}


def test_the_clients_timeouts_are_given_back(server: FaultServer) -> None:
    with client(RETRIES.replace(schedule=no_delay(), timeout=2)) as session:
        request = session.build_request("GET", server.url("/a"), timeout=30)
        session.send(request)
    assert request.extensions["timeout"] == {"connect": 30, "read": 30, "write": 30, "pool": 30}
