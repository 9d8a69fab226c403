"""Calls of a mapped helper are migrated as the shim of the same mapping does them."""

from __future__ import annotations

from inspect import signature
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mulligan_codemods.libraries.proving.models.helper import helper_model
from mulligan_codemods.libraries.proving.models.model import Numbers
from mulligan_codemods.lowered import Strategy

from mulligan.compat.mapping import Mapping
from mulligan.policy import Unlimited
from mulligan.schedules import BaseSchedule
from tests.codemods.libraries.migrating import Migrated, migrated

HELPER = """
import functools, time

FACTOR = 1


def retry(tries=3, delay=1, backoff=FACTOR, exceptions=(Exception,), longest=None, spread=0):
    def decorate(fn):
        @functools.wraps(fn)
        def wrapper(*args, **kwargs): ...
        return wrapper
    return decorate


def retry_call(fn, *args, retries=3, wait_ms=100, **kwargs): ...


def retried(fn, fargs=None, fkwargs=None, tries=DEFAULT): ...
"""
MAPPINGS = """
[tool.mulligan.helpers."shop.again:retry"]
max_attempts = "tries"
base = "delay"
factor = "backoff"
cap = "longest"
jitter = "spread"
retry_on = "exceptions"

[tool.mulligan.helpers."shop.again:retry_call"]
max_retries = "retries"
base = "wait_ms"
operation = "fn"
args = "args"
kwargs = "kwargs"
unit = "ms"

[tool.mulligan.helpers."shop.again:retried"]
max_attempts = "tries"
operation = "fn"
args = "fargs"
kwargs = "fkwargs"
"""


def with_helper(code: str) -> Migrated:
    """Migrate a module that uses the helper."""
    return migrated(code, beside={"again.py": HELPER}, settings=MAPPINGS)


@pytest.mark.parametrize(
    ("use", "policy"),
    [
        ("again()", "retry_on=Exception, schedule=constant(1), max_attempts=3"),
        ("again(5, 2, 3, OSError)", "retry_on=OSError, schedule=exponential(2, factor=3), max_attempts=5"),
        ("again(tries=-1, delay=0)", "retry_on=Exception, schedule=no_delay(), max_attempts=UNLIMITED"),
        ("again(exceptions=[OSError, KeyError])", "retry_on=(OSError, KeyError), schedule=constant(1), max_attempts=3"),
        (
            "again(delay=1, backoff=2, longest=9, spread=3)",
            "retry_on=Exception, schedule=exponential(1, cap=9).jittered(additive_jitter(3)), max_attempts=3",
        ),
    ],
)
@pytest.mark.parametrize("way", ["from .again import retry as again", "from shop.again import retry as again"])
def test_a_decorator_becomes_a_policy(use: str, policy: str, way: str) -> None:
    done = with_helper(f"{way}\n\n\n@{use}\ndef fetch(url):\n    return get(url)\n")
    assert [(row.status.value, row.site.kind.value, row.site.shape) for row in done.rows] == [
        ("safe", "helper", "shop.again")
    ]
    assert f'name="shop.fetch", {policy}' in " ".join(done.policies.split()).replace(", )", ")")
    assert "@retry(FETCH)\ndef fetch" in done.text
    assert "again" not in done.text


@pytest.mark.parametrize("way", ["import shop.again", "from shop import again", "from . import again"])
def test_a_helper_is_known_by_its_module(way: str) -> None:
    name = "shop.again" if way == "import shop.again" else "again"
    done = with_helper(f"{way}\n\n\n@{name}.retry(tries=4)\ndef fetch(url):\n    return get(url)\n")
    assert done.statuses == ["safe"]
    assert "@retry(FETCH)" in done.text


@pytest.mark.parametrize(
    ("call", "written", "policy"),
    [
        ("retry_call(get)", "execute(POLL, get)", "constant(0.1), max_attempts=4"),
        ("retry_call(get, url, 3, retries=1, key=2)", "execute(POLL, get, url, 3, key=2)", "max_attempts=2"),
        ("retried(get, [url], {'key': 2}, 5)", "execute(POLL, get, url, key=2)", "no_delay(), max_attempts=5"),
    ],
)
def test_a_call_becomes_execute(call: str, written: str, policy: str) -> None:
    done = with_helper(f"from shop.again import retried, retry_call\n\n\ndef poll(url):\n    return {call}\n")
    assert done.statuses == ["safe"]
    assert f"    return {written}\n" in done.text
    assert policy in " ".join(done.policies.split())


def test_symbolic_arguments_stay_symbolic() -> None:
    code = "from .again import retry\n\n\n@retry(conf.tries, delay=conf.pause)\ndef fetch(url):\n    return get(url)\n"
    done = with_helper(code)
    assert "FETCH.replace(max_attempts=conf.tries, schedule=constant(conf.pause)))" in done.text
    assert done.assumed == ["shop.again:retry does as its mapping says", "conf.tries ≥ 1", "conf.pause ≥ 0"]


@pytest.mark.parametrize(
    ("use", "code"),
    [
        ("@retry(tries=0)", "ML251"),
        ("@retry(tries=1.5)", "ML251"),
        ("@retry(delay=-1)", "ML252"),
        ("@retry(backoff=0)", "ML252"),
        ("@retry(*given)", "ML255"),
        ("@retry(tries=3)\nasync", "ML253"),
    ],
)
def test_what_no_policy_says_is_refused(use: str, code: str) -> None:
    separator = " " if use.endswith("async") else "\n"
    done = with_helper(f"from .again import retry\n\n\n{use}{separator}def fetch(url):\n    return get(url)\n")
    assert done.codes == [code]


def test_a_default_that_only_the_helper_knows_is_refused() -> None:
    done = with_helper("from .again import retried\n\n\ndef poll(url):\n    return retried(get)\n")
    assert [(row.reason.code, "DEFAULT" in row.reason.message) for row in done.rows if row.reason is not None] == [
        ("ML255", True)
    ]


LENGTHS = st.one_of(st.integers(0, 50), st.floats(0, 50))


@given(
    st.integers(-1, 9).filter(bool), LENGTHS, st.floats(1, 3), st.one_of(st.none(), LENGTHS), LENGTHS,
    st.booleans(), st.booleans(),
)  # fmt: skip
def test_the_model_of_a_helper_is_the_shim_s_policy(
    count: int, base: float, factor: float, cap: float | None, jitter: float, retries: bool, milliseconds: bool
) -> None:
    def helper(count: int, base: float, factor: float, cap: float | None, jitter: float) -> None: ...

    limit = "max_retries" if retries else "max_attempts"
    words: dict[str, Any] = {name: name for name in ("base", "factor", "cap", "jitter")} | {limit: "count"}
    mapping = Mapping(**words, unit="ms" if milliseconds else "s")
    policy = mapping.policy(signature(helper).bind(count, base, factor, cap, jitter))
    told = {limit: count, "base": base, "factor": factor, "cap": cap, "jitter": jitter, "milliseconds": milliseconds}
    modelled = helper_model(Numbers(Strategy("helper", tuple(told.items())), float))
    attempts = None if isinstance(policy.max_attempts, Unlimited) else policy.max_attempts
    assert modelled.attempts == attempts
    assert isinstance(policy.schedule, BaseSchedule)
    for place, bounds in enumerate(policy.schedule.bounds(5), 1):
        assert modelled.delays(place) == pytest.approx((bounds.least, bounds.greatest))
