"""Which requests may be sent again, what bodies allow it, and what is told below."""

from __future__ import annotations

import io
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from mulligan import ConfigError
from mulligan.integrations.aiohttp import AiohttpFailures, RetryMiddleware
from mulligan.integrations.http import IDEMPOTENT_METHODS, Kind, Repeating, mark_resend, repeatable, resend_count
from mulligan.integrations.http.kinds import kind_by
from mulligan.integrations.http.replaying import rewinder
from mulligan.integrations.httpx import AsyncRetryTransport, HttpxFailures, RetryTransport
from mulligan.integrations.requests import RequestsFailures, RetryAdapter

if TYPE_CHECKING:
    from collections.abc import Callable

    from mulligan.integrations.http.judging import HttpFailures


class TestRepeating:
    @pytest.mark.parametrize("method", ["GET", "get", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"])
    def test_idempotent_methods_may(self, method: str) -> None:
        assert Repeating().allows(method, keyed=False)

    @pytest.mark.parametrize("method", ["POST", "PATCH", "CONNECT", "PROPPATCH", ""])
    def test_no_other_method_may(self, method: str) -> None:
        assert not Repeating().allows(method, keyed=False)

    def test_the_innermost_word_counts(self) -> None:
        with repeatable(), repeatable(False):
            assert not Repeating().allows("GET", keyed=True)

    def test_methods_are_written_in_upper_case(self) -> None:
        with pytest.raises(ConfigError, match=r"^methods='post': give methods in upper case"):
            Repeating(methods=frozenset({"post"}))

    def test_one_method_is_no_set_of_them(self) -> None:
        with pytest.raises(ConfigError, match=r"^methods='GET': give a set"):
            Repeating(methods="GET")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType] - on purpose

    def test_rules_are_values(self) -> None:
        told = Repeating(methods=IDEMPOTENT_METHODS | {"POST"}, unsent=True)
        assert eval(repr(told), {"Repeating": Repeating}) == told  # noqa: S307 - what it is for
        assert hash(told) == hash(told.replace())


class TestRewinding:
    @pytest.mark.parametrize("body", [None, b"", b"x", "x", bytearray(b"x"), [b"x"], (b"x",)])
    def test_what_can_be_sent_as_it_is(self, body: object) -> None:
        rewind = rewinder(body)
        assert rewind is not None
        assert rewind() is None

    def test_a_generator_can_be_sent_once(self) -> None:
        assert rewinder(piece for piece in (b"x",)) is None

    def test_a_file_that_loses_its_place_can_be_sent_once(self) -> None:
        class Terminal(io.BytesIO):
            def tell(self) -> int:
                raise OSError

        assert rewinder(Terminal()) is None

    def test_a_reader_without_a_place_can_be_sent_once(self) -> None:
        class Reader:
            def read(self, size: int) -> bytes:
                return b""

        assert rewinder(Reader()) is None


@pytest.mark.parametrize("failures", [HttpxFailures, RequestsFailures, AiohttpFailures])
class TestFailures:
    def test_they_are_values(self, failures: type[HttpFailures]) -> None:
        told = failures(statuses=frozenset({503}), longest_hint=5)
        assert eval(repr(told), {failures.__name__: failures}) == told  # noqa: S307 - what it is for

    @pytest.mark.parametrize("statuses", [{5030}, ["503"], 503, None], ids=repr)
    def test_wrong_statuses_are_refused(self, failures: type[HttpFailures], statuses: object) -> None:
        with pytest.raises(ConfigError, match=r"^statuses="):
            failures(statuses=statuses)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType] - on purpose

    @pytest.mark.parametrize("seconds", [-1, float("inf"), "30"])
    def test_a_wrong_wait_is_refused(self, failures: type[HttpFailures], seconds: float) -> None:
        with pytest.raises(ConfigError, match=r"^longest_hint="):
            failures(longest_hint=seconds)


@pytest.mark.parametrize("client", [RetryTransport, AsyncRetryTransport, RetryAdapter, RetryMiddleware])
def test_what_are_no_rules_is_refused(client: Callable[..., object]) -> None:
    with pytest.raises(ConfigError, match=r"^repeating='GET'"):
        client(repeating="GET")


class TestKinds:
    def test_errors_of_the_system_count_everywhere(self) -> None:
        found = [kind_by({}, error) for error in (TimeoutError(), ConnectionRefusedError(), OSError(), KeyError())]
        assert found == [Kind.BROKEN, Kind.UNSENT, Kind.HOPELESS, Kind.HOPELESS]

    def test_a_chain_without_an_end_is_followed_so_far(self) -> None:
        error = ConnectionError()
        error.__cause__ = error
        assert kind_by({}, error) is Kind.BROKEN


class TestResends:
    def test_nothing_is_marked_outside_of_a_request(self) -> None:
        class Span:
            def set_attribute(self, key: str, value: int, /) -> object:
                raise AssertionError(key)

        mark_resend(Span(), "request")
        assert resend_count() is None


@pytest.mark.parametrize("library", ["httpx", "requests", "aiohttp"])
def test_a_missing_library_is_named_with_its_extra(library: str) -> None:
    source = f"import sys; sys.modules[{library!r}] = None; import mulligan.integrations.{library}"
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=False)  # noqa: S603
    assert done.stderr.splitlines()[-1] == (
        f"ModuleNotFoundError: {library} is missing: pip install 'mulligan[{library}]'"
    )


def test_the_shared_part_needs_no_library() -> None:
    source = (
        "import sys, mulligan.integrations, mulligan.integrations.http\n"
        "print(sorted({'httpx', 'requests', 'aiohttp', 'asyncio', 'logging'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.strip() == "[]"
