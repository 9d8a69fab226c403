"""ML25x: uses of retry libraries and helpers that were not rewritten."""

from __future__ import annotations

from typing import Final

from mulligan_codemods.rules.rule import Rule

__all__ = ["RULES"]

RULES: Final[tuple[Rule, ...]] = (
    Rule(
        code="ML250",
        title="Use of the library is not read",
        message="The library is used in a form that the codemod does not know, such as an object that is handed on.",
        remedy="Decorate the function, or call the library where the operation is called.",
        before=(
            "import tenacity\n\n"
            "def pauses():\n"
            "    return tenacity.Retrying(stop=tenacity.stop_after_attempt(3), reraise=True)"
        ),
        after="FETCH = Policy(retry_on=Exception, schedule=no_delay(), max_attempts=3)",
    ),
    Rule(
        code="ML251",
        title="Option has no counterpart",
        message="The library is told something that a policy can't say.",
        remedy="Leave the option out where it isn't needed; otherwise leave the use as it is.",
        before=("from retry import retry\n\n@retry(OSError, tries=0)\ndef fetch(url):\n    return get(url)"),
    ),
    Rule(
        code="ML252",
        title="Delays have no schedule",
        message="The library's delays follow a rule that mulligan's schedules don't have, such as jitter that adds up.",
        remedy="Choose a schedule with additive_jitter or full_jitter by hand.",
        before=(
            "from retry import retry\n\n"
            "@retry(OSError, tries=5, delay=1, jitter=(1, 3))\n"
            "def fetch(url):\n"
            "    return get(url)"
        ),
        after="schedule=linear(1, step=2).jittered(proportional_jitter(0.5))",
    ),
    Rule(
        code="ML253",
        title="Library makes a single attempt here",
        message="What is decorated is a coroutine function or a generator, whose errors the library never sees.",
        remedy="Decide whether retries are meant: remove the decorator, or use mulligan's @retry on purpose.",
        before=(
            "from retry import retry\n\n@retry(OSError, tries=3)\nasync def fetch(url):\n    return await get(url)"
        ),
    ),
    Rule(
        code="ML254",
        title="Attributes of the decorated function are read",
        message="Code reads `retry`, `retry_with` or `statistics`, which only the library's decorator sets.",
        remedy="Use Execution(POLICY.replace(...)).run(fn) for another policy, and try_execute for the attempts.",
        before=(
            "import tenacity\n\n"
            "@tenacity.retry(stop=tenacity.stop_after_attempt(3), reraise=True)\n"
            "def fetch(url):\n"
            "    return get(url)\n\n"
            "def fetch_patiently(url):\n"
            "    return fetch.retry_with(stop=tenacity.stop_after_attempt(9))(url)"
        ),
    ),
    Rule(
        code="ML255",
        title="Arguments can't be read",
        message="The arguments come from a sequence or a dictionary that is not written down once and left alone.",
        remedy="Write the arguments into the call, or the dictionary down as a constant with its keys.",
        before=(
            "import backoff\n\n"
            "def fetching(settings):\n"
            "    @backoff.on_exception(backoff.expo, OSError, **settings)\n"
            "    def fetch(url):\n"
            "        return get(url)\n"
            "    return fetch"
        ),
    ),
    Rule(
        code="ML257",
        title="Test patches the library's sleep",
        message="The test names a sleep of the library's, which migrated code does not call; it would really sleep.",
        remedy="Use mulligan.testing's virtual time, or patch time.sleep.",
        before=(
            "from unittest.mock import patch\n\n"
            "def test_fetch():\n"
            '    with patch("tenacity.nap.time.sleep"):\n'
            "        assert fetch(1)"
        ),
        after="def test_fetch(virtual_time):\n    assert fetch(1)",
    ),
    Rule(
        code="ML258",
        title="Client retries by itself",
        message=(
            "An HTTP client or a queue is told to retry: urllib3, requests, httpx-retries, aiohttp-retry, celery. It is"
            " never rewritten, because what it sees (connections, redirects, queued tasks) a policy around the call"
            " does not. Together with a policy the attempts multiply."
        ),
        remedy="Retry in one layer only: either leave the client's and no policy, or switch it off and use the policy.",
        before=(
            "from requests.adapters import HTTPAdapter\n"
            "from urllib3.util.retry import Retry\n\n"
            "def session(http):\n"
            '    http.mount("https://", HTTPAdapter(max_retries=Retry(total=3, backoff_factor=0.5,'
            " status_forcelist=[502, 503])))"
        ),
        after=(
            "FETCH = Policy(\n"
            "    classify=status(502, 503) | error(requests.ConnectionError, requests.Timeout),\n"
            "    schedule=no_delay().take(1).then(exponential(1, cap=120)),\n"
            "    max_attempts=4,\n"
            ")"
        ),
    ),
)
