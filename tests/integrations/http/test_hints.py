"""What a server's fields say about when to come back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mulligan.classify import FAIL, Transient
from mulligan.integrations.http import ServerHint, server_hint
from mulligan.integrations.http.dates import http_date
from mulligan.testing import http_date as written

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
UNIX = int(NOW.timestamp())


def seconds(**fields: str) -> float | None:
    """Answer the hint's seconds, -1 where it says never."""
    hint = server_hint({name.replace("_", "-"): value for name, value in fields.items()}, NOW)
    if hint is None:
        return None
    return -1 if hint.seconds is None else hint.seconds


class TestRetryAfter:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("0", 0.0),
            ("7", 7.0),
            (" 7\t", 7.0),
            ("007", 7.0),
            ("120", 120.0),
            ("121", 120.0),
            ("9" * 5000, 120.0),
            ("Sat, 28 Nov 2026 12:00:07 GMT", 7.0),
            ("Saturday, 28-Nov-26 12:00:07 GMT", 7.0),
            ("Sat Nov 28 12:00:07 2026", 7.0),
            ("Sun Nov 01 12:00:07 2026", 0.0),
            ("Sun Nov  1 12:00:07 2026", 0.0),
            ("Fri, 31 Dec 1999 23:59:59 GMT", 0.0),
            ("Sat, 28 Nov 2026 11:59:60 GMT", 0.0),
            ("Sat, 28 Nov 2026 12:00:60 GMT", 60.0),
        ],
    )
    def test_each_form_is_read(self, text: str, expected: float) -> None:
        assert seconds(retry_after=text) == expected

    @pytest.mark.parametrize(
        "text",
        [
            *("", " ", "²", "٣", "+7", "-7", "7.5", "7s", "0x7", "1e3", "7,8", "7 8", "inf", "nan", "soon"),
            *("Sat, 28 Nov 2026 12:00:07", "Sat, 28 Nov 2026 12:00:07 UTC", "sat, 28 nov 2026 12:00:07 gmt"),
            *("Sat, 31 Nov 2026 12:00:07 GMT", "Sat, 28 Nov 2026 24:00:07 GMT", "Sat, 28 Nov 2026 12:00:61 GMT"),
            *("Sat, 8 Nov 2026 12:00:07 GMT", "Sat, 28 Nov 26 12:00:07 GMT", "2026-11-28T12:00:07Z"),
        ],
    )
    def test_what_is_malformed_is_absent(self, text: str) -> None:
        assert seconds(retry_after=text) is None

    @pytest.mark.parametrize(
        ("years", "expected"), [("26", 2026), ("27", 2027), ("76", 2076), ("77", 1977), ("94", 1994), ("00", 2000)]
    )
    def test_two_digits_of_a_year_are_at_most_fifty_ahead(self, years: str, expected: int) -> None:
        found = http_date(f"Sunday, 06-Nov-{years} 08:49:37 GMT", NOW)
        assert found is not None
        assert found.year == expected

    def test_two_digits_of_a_year_pass_the_century(self) -> None:
        found = http_date("Sunday, 06-Nov-03 08:49:37 GMT", datetime(2098, 1, 1, tzinfo=UTC))
        assert found is not None
        assert found.year == 2103

    @given(
        st.datetimes(datetime(1990, 1, 1), datetime(2070, 1, 1)),
        st.sampled_from(["imf", "rfc850", "asctime"]),
    )
    def test_what_is_written_is_read_in_every_form(self, naive: datetime, form: str) -> None:
        at = naive.replace(microsecond=0, tzinfo=UTC)
        assert http_date(written(at, form=form), NOW) == at  # type: ignore[arg-type] # one of the forms

    @given(st.text(max_size=40))
    def test_no_text_is_an_error_or_less_than_nothing(self, text: str) -> None:
        found = seconds(retry_after=text)
        assert found is None or 0 <= found <= 120

    def test_the_longest_wait_is_the_clients_to_say(self) -> None:
        assert server_hint({"retry-after": "500"}, NOW, longest=300) == ServerHint(source="retry-after", seconds=300.0)

    def test_a_date_is_never_jittered_earlier(self) -> None:
        later = written(NOW + timedelta(seconds=40))
        hint = server_hint({"retry-after": later}, NOW)
        assert hint is not None
        verdict = hint.verdict()
        assert isinstance(verdict, Transient)
        assert [verdict.apply(backoff) for backoff in (0.0, 0.5)] == [40.0, 40.5]


class TestAmazon:
    def test_it_raises_the_backoff_by_five_seconds_at_most(self) -> None:
        hint = server_hint({"x-amz-retry-after": "30000"}, NOW)
        assert hint is not None
        verdict = hint.verdict()
        assert isinstance(verdict, Transient)
        assert [verdict.apply(backoff) for backoff in (0.5, 27.0, 40.0)] == [5.5, 30.0, 40.0]

    def test_it_comes_before_retry_after(self) -> None:
        assert seconds(x_amz_retry_after="1500", retry_after="9") == 1.5

    @pytest.mark.parametrize("text", ["", "-1", "1.5", "²", "soon"])
    def test_what_is_malformed_is_absent(self, text: str) -> None:
        assert seconds(x_amz_retry_after=text, retry_after="9") == 9.0


class TestPushback:
    def test_it_takes_the_backoffs_place(self) -> None:
        hint = server_hint({"grpc-retry-pushback-ms": "1500"}, NOW)
        assert hint is not None
        assert hint.verdict() == Transient(1.5)

    def test_a_negative_one_is_a_no(self) -> None:
        hint = server_hint({"grpc-retry-pushback-ms": "-1"}, NOW)
        assert hint is not None
        assert hint.verdict() == FAIL

    @pytest.mark.parametrize("text", ["", "--1", "+1", "1.5", "²"])
    def test_what_is_malformed_is_absent(self, text: str) -> None:
        assert seconds(grpc_retry_pushback_ms=text) is None


class TestQuotas:
    @pytest.mark.parametrize(
        ("fields", "expected"),
        [
            ({"ratelimit": '"default";r=0;t=30'}, 30.0),
            ({"ratelimit": '"burst";r=0;t=3, "daily";r=90;t=4000'}, 3.0),
            ({"ratelimit": '"burst";r=0;t=3,"daily";r=0;t=40'}, 40.0),
            ({"ratelimit": '"a,b;r=0";r=5;t=30'}, None),
            ({"ratelimit": '"default";r=5;t=30'}, None),
            ({"ratelimit": '"default";r=0'}, None),
            ({"ratelimit": '"default";r=0;t=-3'}, None),
            ({"ratelimit": "limit=100, remaining=0, reset=30"}, 30.0),
            ({"ratelimit": "limit=100, remaining=1, reset=30"}, None),
            ({"ratelimit-remaining": "0", "ratelimit-reset": "30"}, 30.0),
            ({"ratelimit-remaining": "0", "ratelimit-reset": "1.5"}, None),
            ({"ratelimit-reset": "30"}, None),
            ({"ratelimit-remaining": "0"}, None),
            ({"ratelimit": ""}, None),
            ({"ratelimit-remaining": "0", "ratelimit-reset": str(UNIX + 30)}, 30.0),
            ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "30"}, 30.0),
            ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(UNIX + 30)}, 30.0),
            ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(UNIX - 30)}, 0.0),
            ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(UNIX + 3600)}, 120.0),
            ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": f"{UNIX + 30}000"}, None),
            ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "Sat, 28 Nov 2026 12:00:07 GMT"}, None),
            ({"x-ratelimit-remaining": "7", "x-ratelimit-reset": "30"}, None),
            ({"x-ratelimit-reset": "30"}, None),
            ({"x-rate-limit-remaining": "0", "x-rate-limit-reset": str(UNIX + 30)}, 30.0),
        ],
    )
    def test_a_quota_that_is_used_up_is_waited_for(self, fields: dict[str, str], expected: float | None) -> None:
        hint = server_hint(fields, NOW)
        assert (None if hint is None else hint.seconds) == expected

    def test_retry_after_comes_first(self) -> None:
        hint = server_hint({"retry-after": "3", "ratelimit": '"default";r=0;t=30'}, NOW)
        assert hint == ServerHint(source="retry-after", seconds=3.0)

    @given(st.text(max_size=60), st.sampled_from(["ratelimit", "ratelimit-reset", "x-ratelimit-reset"]))
    def test_no_text_is_an_error(self, text: str, name: str) -> None:
        hint = server_hint({"ratelimit-remaining": "0", "x-ratelimit-remaining": "0", name: text}, NOW)
        assert hint is None or hint.seconds is not None
