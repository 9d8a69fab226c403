"""Whatever combination of arguments the codemod calls safe does the same as the library, run by CPython."""

from __future__ import annotations

from typing import TYPE_CHECKING

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from tests.codemods.libraries.migrating import migrated
from tests.codemods.libraries.modules import TENACITY_HEAD
from tests.codemods.libraries.running import Faulty, Other, courses

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

COUNTS = st.sampled_from(["1", "2", "3", "5", "7", "2.0", "-1"])
SECONDS = st.sampled_from(["0", "0.25", "1", "2", "7.5", "30"])
MILLISECONDS = st.sampled_from(["0", "1", "250", "1000", "2500", "60000"])
FACTORS = st.sampled_from(["1", "1.5", "2", "3"])
SCRIPTS: list[Sequence[object]] = [[Faulty, "page"], [Faulty, Other], [Faulty]]


def keywords(options: Mapping[str, st.SearchStrategy[str]]) -> st.SearchStrategy[str]:
    """Draw some of the keyword arguments."""
    chosen = st.fixed_dictionaries({}, optional=dict(options))
    return chosen.map(lambda given: ", ".join(f"{name}={text}" for name, text in given.items()))


RETRY = keywords(
    {
        "exceptions": st.sampled_from(["Faulty", "(Faulty, KeyError)", "Exception"]),
        "tries": COUNTS, "delay": SECONDS, "max_delay": SECONDS, "backoff": FACTORS, "jitter": SECONDS,
    }
).map(lambda text: f"from retry import retry\n\n\n@retry({text})")  # fmt: skip
RETRYING = keywords(
    {
        "stop_max_attempt_number": COUNTS, "stop_max_delay": MILLISECONDS, "wait_fixed": MILLISECONDS,
        "wait_random_min": MILLISECONDS, "wait_random_max": MILLISECONDS, "wait_incrementing_start": MILLISECONDS,
        "wait_incrementing_increment": MILLISECONDS, "wait_incrementing_max": MILLISECONDS,
        "wait_exponential_multiplier": MILLISECONDS, "wait_exponential_max": MILLISECONDS,
        "wait_jitter_max": MILLISECONDS,
        "retry_on_exception": st.sampled_from(["(Faulty,)", "lambda e: e.code == 503"]),
    }
).map(lambda text: f"import retrying\n\n\n@retrying.retry({text})")  # fmt: skip
JITTERS = st.sampled_from(["None", "backoff.full_jitter", "backoff.random_jitter"])
EXPO = keywords({"max_tries": COUNTS, "jitter": JITTERS, "base": FACTORS, "factor": SECONDS, "max_value": SECONDS})
FIBO = keywords({"max_tries": COUNTS, "jitter": JITTERS, "max_value": SECONDS})
CONSTANT = keywords({"max_tries": COUNTS, "jitter": JITTERS, "interval": SECONDS})
BACKOFF = st.one_of(
    EXPO.map(lambda text: f"backoff.expo, Faulty, {text}"),
    FIBO.map(lambda text: f"backoff.fibo, (Faulty, KeyError), {text}"),
    CONSTANT.map(lambda text: f"backoff.constant, Exception, giveup=lambda e: e.code == 404, {text}"),
).map(lambda text: f"import backoff\n\n\n@backoff.on_exception({text})")
WAITS = st.one_of(
    keywords({"multiplier": SECONDS, "max": SECONDS, "exp_base": FACTORS, "min": SECONDS}).map(
        "wait_exponential({})".format
    ),
    keywords({"multiplier": SECONDS, "max": SECONDS, "exp_base": FACTORS}).map("wait_random_exponential({})".format),
    keywords({"max": SECONDS, "exp_base": FACTORS, "jitter": SECONDS}).map("wait_exponential_jitter({})".format),
    keywords({"start": SECONDS, "increment": SECONDS, "max": SECONDS}).map("wait_incrementing({})".format),
    keywords({"min": SECONDS, "max": SECONDS}).map("wait_random({})".format),
    SECONDS.map("wait_fixed({})".format),
)
STOPS = st.one_of(
    COUNTS.map("stop_after_attempt({})".format),
    SECONDS.map("stop_after_delay({})".format),
    SECONDS.map("stop_before_delay({})".format),
)
TENACITY = keywords(
    {
        "stop": st.one_of(STOPS, st.tuples(STOPS, STOPS).map(" | ".join)),
        "wait": st.one_of(WAITS, st.tuples(WAITS, WAITS).map(" + ".join)),
        "retry": st.sampled_from(
            ["retry_if_exception_type(Faulty)", "retry_if_exception(lambda e: e.code == 503)", "retry_if_result(bool)"]
        ),
        "reraise": st.sampled_from(["True", "False"]),
    }
).map(lambda text: f"{TENACITY_HEAD.lstrip()}\n\n@retry({text})")
STAMINA = keywords(
    {
        "attempts": st.one_of(COUNTS, st.just("None")), "timeout": st.one_of(SECONDS, st.just("None")),
        "wait_initial": SECONDS, "wait_max": SECONDS, "wait_jitter": SECONDS, "wait_exp_base": FACTORS,
    }
).map(lambda text: f"import stamina\n\n\n@stamina.retry(on=Faulty, {text})")  # fmt: skip
BODY = "\ndef fetch(url):\n    return call(url)\n\n\ndef run():\n    return fetch(1)\n"


@pytest.mark.parametrize(
    "uses", [RETRY, RETRYING, BACKOFF, TENACITY, STAMINA], ids=["retry", "retrying", "backoff", "tenacity", "stamina"]
)
def test_what_is_called_safe_does_the_same(uses: st.SearchStrategy[str]) -> None:
    @settings(
        max_examples=settings().max_examples // 2,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    @given(uses)
    def check(decorated: str) -> None:
        module = decorated + BODY
        done = migrated(module)
        assert done.statuses[0] in {"safe", "unsafe", "refused"}
        for outcomes in SCRIPTS if done.statuses == ["safe"] else ():
            for draw in (0.0, 0.5):
                before, after = courses(module, done, outcomes, 1.5, draw)
                assert after.steps == before.steps

    check()
