"""The flag: rules by glob, read when a site runs, wrong tokens named."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mulligan import ConfigError, compat
from mulligan.compat import Mode, legacy_here, mode_of
from mulligan.compat.flag import VARIABLE, Rule, parse

SITE = "billing.client:Client.fetch"


@pytest.fixture(autouse=True)
def _without_flag(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)


@pytest.mark.parametrize(
    ("text", "mode"),
    [
        ("", Mode.MODERN),
        (" , ", Mode.MODERN),
        ("legacy", Mode.LEGACY),
        (" Shadow ", Mode.SHADOW),
        ("billing.*=legacy", Mode.LEGACY),
        ("mail.*=legacy", Mode.MODERN),
        ("mail.*=modern,legacy", Mode.LEGACY),
        ("billing.client:Client.fetch=shadow,legacy", Mode.SHADOW),
        ("legacy,billing.*=shadow", Mode.LEGACY),
        ("*:Client.* = shadow ,", Mode.SHADOW),
        ("billing.client:client.*=legacy", Mode.MODERN),
    ],
)
def test_the_first_rule_that_matches_wins(text: str, mode: Mode, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, text)
    assert mode_of(SITE) is mode


def test_it_is_read_whenever_a_site_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = [mode_of(SITE)]
    for text in ("legacy", "shadow", "modern"):
        monkeypatch.setenv(VARIABLE, text)
        seen.append(mode_of(SITE))
    assert seen == [Mode.MODERN, Mode.LEGACY, Mode.SHADOW, Mode.MODERN]


@pytest.mark.parametrize(
    ("text", "token"), [("legcy", "legcy"), ("billing.*=off", "off"), ("legacy,a=b=c", "c"), ("=legacy", "=legacy")]
)
def test_a_wrong_token_is_named(text: str, token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, text)
    with pytest.raises(ConfigError) as caught:
        mode_of(SITE)
    assert (caught.value.field, caught.value.value) == (VARIABLE, token)


def test_parsing_is_cached() -> None:
    assert parse("billing.*=legacy,shadow") is parse("billing.*=legacy,shadow")


@given(
    st.lists(st.tuples(st.sampled_from(["*", "a*", "*b", "x"]), st.sampled_from(list(Mode)))), st.sampled_from("abx")
)
def test_a_text_means_its_rules_in_order(pairs: list[tuple[str, Mode]], site: str) -> None:
    text = ",".join(f"{glob}={mode}" for glob, mode in pairs)
    assert parse(text) == tuple(Rule(glob, mode) for glob, mode in pairs)


@pytest.mark.parametrize(
    ("text", "legacy"), [("legacy", True), ("shadow", True), ("modern", False), ("x=legacy", False)]
)
def test_a_staged_site_runs_its_old_code_unless_it_is_modern(
    text: str, legacy: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, text)
    assert legacy_here(SITE) is legacy


def test_what_the_package_offers_is_listed_and_nothing_else_is_there() -> None:
    assert {"helper", "install", "mode_of"} <= set(dir(compat))
    with pytest.raises(AttributeError, match="no attribute 'unknown'"):
        getattr(compat, "unknown")  # noqa: B009 - the name is unknown to type checkers too
