"""What belongs to requests alone."""

from __future__ import annotations

import io
import pickle
from typing import TYPE_CHECKING

import pytest
import requests

from mulligan import Pipeline, Policy, no_delay
from mulligan.classify import FAIL, TRANSIENT
from mulligan.integrations.http import BodyConsumed
from mulligan.integrations.requests import KINDS, RETRIES, RequestsFailures, RetryAdapter
from mulligan.outcome import Raised
from mulligan.testing import FaultServer, respond, virtual_time
from tests.integrations.clients import Closing
from tests.integrations.completeness import exceptions_of

if TYPE_CHECKING:
    from collections.abc import Iterator

QUICK: Policy = Policy(classify=RequestsFailures(), schedule=no_delay())


def test_every_exception_is_classified() -> None:
    assert (exceptions_of(requests) | exceptions_of(requests.exceptions)) - set(KINDS) == set()


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer() as running:
        running.on("/a", respond(503), respond(200, body=b"x" * 10_000))
        yield running


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with requests.Session() as made:
        made.trust_env = False
        made.mount("http://", RetryAdapter(QUICK))
        yield made


def test_an_error_that_holds_an_answer_is_judged_by_it() -> None:
    for status, verdict in ((503, TRANSIENT), (404, FAIL)):
        response = requests.Response()
        response.status_code = status
        assert RequestsFailures()(Raised(requests.HTTPError(response=response))) == verdict


class TestBodies:
    def test_a_file_is_sent_again_from_where_it_stood(self, server: FaultServer, session: requests.Session) -> None:
        file = io.BytesIO(b"skipped,sent")
        file.seek(8)
        assert session.put(server.url("/a"), data=file).status_code == 200
        assert [exchange.request.body for exchange in server.log] == [b"sent"] * 2

    def test_a_file_that_can_not_seek_is_a_clear_error(self, server: FaultServer, session: requests.Session) -> None:
        class Pipe(io.BytesIO):
            def seekable(self) -> bool:
                return False

        with pytest.raises(BodyConsumed):
            session.put(server.url("/a"), data=Pipe(b"seven"))

    def test_a_form_with_a_file_is_sent_again(self, server: FaultServer, session: requests.Session) -> None:
        answer = session.put(server.url("/a"), data={"id": "7"}, files={"invoice": io.BytesIO(b"seven")})
        assert answer.status_code == 200
        first, second = (exchange.request.body for exchange in server.log)
        assert first == second
        assert b"seven" in first


def test_a_streamed_answer_is_streamed(server: FaultServer, session: requests.Session) -> None:
    with session.get(server.url("/a"), stream=True) as answer:
        assert sum(len(chunk) for chunk in answer.iter_content(1000)) == 10_000


def test_a_streamed_body_that_breaks_off_is_the_callers(server: FaultServer, session: requests.Session) -> None:
    server.on("/b", respond(200, body=b"x" * 1000).truncated())
    with session.get(server.url("/b"), stream=True) as answer, pytest.raises(requests.exceptions.ChunkedEncodingError):
        _ = answer.content


class TestStreamedAnswersThatAreRetried:
    """Their bodies are not read inside the attempt, so they are let go of."""

    @pytest.mark.parametrize("body", [b"busy", b"x" * 200_000], ids=["small", "large"])
    def test_the_next_one_is_streamed(self, server: FaultServer, session: requests.Session, body: bytes) -> None:
        server.on("/b", respond(503, body=body), respond(503, body=body).truncated(), respond(200, body="page"))
        with session.get(server.url("/b"), stream=True) as answer:
            assert answer.content == b"page"

    def test_what_was_let_go_of_is_an_error_when_the_retry_is_refused(self, server: FaultServer) -> None:
        server.on("/b", respond(503, body=b"x" * 200_000))
        guarded = Pipeline(QUICK, guards=[Closing()])
        with requests.Session() as session:
            session.mount("http://", RetryAdapter(guarded))
            with session.get(server.url("/b"), stream=True) as answer:
                assert answer.status_code == 503
                with pytest.raises(requests.exceptions.ChunkedEncodingError, match="let go of for a retry"):
                    _ = answer.content


def test_a_session_is_pickled_with_its_policy(session: requests.Session) -> None:
    session.mount("http://", RetryAdapter(RETRIES))
    again = pickle.loads(pickle.dumps(session))  # noqa: S301 - its own
    with FaultServer() as server, virtual_time():
        server.on("/a", respond(503), respond(200))
        assert again.get(server.url("/a")).status_code == 200
