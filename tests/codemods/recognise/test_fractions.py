"""A limit of attempts that may have a fraction is refused: a policy takes whole numbers."""

from __future__ import annotations

from textwrap import dedent

import pytest
from mulligan_codemods.lowered import Lowered

from tests.codemods.rewriting import sites_of


def loop(signature: str, limit: str) -> str:
    return dedent(
        f"""
        import time

        LIMIT = 7 / 2

        class Client:
            wait: float = 3

            def fetch({signature}):
                tried = 0
                while tried < {limit}:
                    try:
                        return get()
                    except OSError:
                        tried += 1
                        time.sleep(1)
                raise ValueError("late")
        """
    )


@pytest.mark.parametrize(
    ("signature", "limit"),
    [
        ("self, get, timeout=2.5", "timeout"),
        ("self, get, *, timeout=2.5", "timeout"),
        ("self, get, timeout: float", "timeout"),
        ("self, get, timeout: 'float | None'", "timeout"),
        ("self, get", "self.wait"),
        ("self, get", "LIMIT"),
    ],
)
def test_a_limit_that_may_be_a_float_is_refused(signature: str, limit: str) -> None:
    (site,) = sites_of(loop(signature, limit))
    assert site.reason is not None
    assert site.reason.code == "ML206"
    assert "whole number" in site.reason.message


@pytest.mark.parametrize(
    ("signature", "limit"), [("self, get, limit=3", "limit"), ("self, get, limit: int", "limit + 1")]
)
def test_a_limit_that_nothing_says_to_be_a_float_is_taken(signature: str, limit: str) -> None:
    (site,) = sites_of(loop(signature, limit))
    assert isinstance(site.lowered, Lowered)


def test_what_range_takes_is_whole() -> None:
    text = loop("self, get, limit: float", "limit").replace("while tried < limit", "for tried in range(limit)")
    (site,) = sites_of(text.replace("tried += 1", "pass"))
    assert isinstance(site.lowered, Lowered)
