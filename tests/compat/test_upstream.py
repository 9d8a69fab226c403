"""The originals' own suites find no difference; the command prints the figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.compat import upstream

if TYPE_CHECKING:
    from collections.abc import Mapping

SUITE = upstream.Suite(library="retry", requirements=(), tests=2, paths=(), exceptions={"b": "for a reason"})


@pytest.mark.parametrize(
    ("shim", "unexpected", "words"),
    [
        ({"a": "passed", "b": "passed"}, False, "shim 2 of 2"),
        ({"a": "passed", "b": "failure"}, False, "b: original passed, shim failure: for a reason"),
        ({"a": "failure", "b": "passed"}, True, "a: original passed, shim failure: NOT EXPECTED"),
        ({"b": "passed"}, True, "2 tests were expected"),
    ],
)
def test_a_difference_is_named(
    shim: Mapping[str, str], unexpected: bool, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert upstream._report(SUITE, {"a": "passed", "b": "passed"}, shim) is unexpected  # pyright: ignore[reportPrivateUsage]
    assert words in capsys.readouterr().out


def test_a_suite_without_its_checkout_says_what_to_set(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("MULLIGAN_UPSTREAM_BACKOFF", raising=False)
    monkeypatch.delenv("CI", raising=False)
    assert upstream.main(["backoff"]) == 0
    assert capsys.readouterr().out.startswith("backoff   skipped: set MULLIGAN_UPSTREAM_BACKOFF")


def test_a_suite_without_its_checkout_fails_where_nothing_may_be_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MULLIGAN_UPSTREAM_BACKOFF", raising=False)
    monkeypatch.setenv("CI", "true")
    assert upstream.main(["backoff"]) == 1
