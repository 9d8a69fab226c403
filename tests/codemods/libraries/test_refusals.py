"""What no policy says is refused with its code, or offered as unsafe with the difference named."""

from __future__ import annotations

import pytest

from tests.codemods.libraries.migrating import migrated

FETCH = "\ndef fetch(url):\n    return get(url)\n"
TENACITY = """
from tenacity import Retrying, TryAgain, nap, retry, retry_if_exception_type, retry_if_result
from tenacity import stop_after_attempt, stop_after_delay, wait_chain, wait_exponential, wait_fixed
from tenacity import wait_random_exponential
"""


@pytest.mark.parametrize(
    ("use", "code"),
    [
        ("stop='stop_after_attempt'", "ML251"),
        ("stop_func=stops", "ML251"),
        ("wait_func=waits", "ML251"),
        ("before_attempts=note", "ML251"),
        ("retry_on_exception=Faulty", "ML251"),
        ("wait_random_min=2000", "ML252"),
        ("wait_random_max=9, wait_jitter_max=5", "ML252"),
        ("stop_max_attempt_number=0", "ML251"),
        ("wrap_exception=maybe", "ML251"),
    ],
)
def test_retrying_refuses(use: str, code: str) -> None:
    assert migrated(f"import retrying\n\n@retrying.retry({use}){FETCH}").codes == [code]


@pytest.mark.parametrize(
    ("use", "code"),
    [
        ("backoff.runtime, OSError, value=seconds", "ML252"),
        ("waits, OSError", "ML252"),
        ("backoff.expo, OSError, jitter=drawn", "ML252"),
        ("backoff.expo, OSError, raise_on_giveup=False", "ML251"),
        ("backoff.fibo, OSError, base=3", "ML251"),
        ("backoff.expo, OSError, max_tries=lambda: 3", "ML251"),
        ("backoff.expo, OSError, giveup=gives_up", "ML251"),
        ("backoff.expo, OSError, giveup=lambda *errors: errors[0].errno == 2", "ML206"),
        ("backoff.expo", "ML250"),
    ],
)
def test_backoff_refuses(use: str, code: str) -> None:
    head = "import backoff\n\nasync def gives_up(error):\n    return True\n"
    assert migrated(f"{head}\n@backoff.on_exception({use}){FETCH}").codes == [code]


@pytest.mark.parametrize(
    ("use", "code"),
    [
        ("stop=stops_when_asked()", "ML251"),
        ("wait=waits_long()", "ML252"),
        ("wait=wait_chain(wait_fixed(1), wait_fixed(2))", "ML252"),
        ("wait=wait_exponential() + wait_fixed(1)", "ML252"),
        ("wait=wait_random_exponential(min=1)", "ML252"),
        ("stop=stop_after_attempt(3) & stop_after_delay(9)", "ML251"),
        ("retry=retry_if_exception_type(OSError) & retry_if_result(bool)", "ML206"),
        ("sleep=naps", "ML251"),
        ("before_sleep=elsewhere", "ML251"),
        ("before_sleep=learn", "ML251"),
        ("reraise=maybe", "ML251"),
        ("retry_error_callback=elsewhere", "ML251"),
        ("retry_error_cls=Faulty", "ML251"),
    ],
)
def test_tenacity_refuses(use: str, code: str) -> None:
    head = TENACITY.replace("TryAgain, ", "") + "\ndef learn(state):\n    print(state.retry_object)\n"
    assert migrated(f"{head}\n@retry({use}){FETCH}").codes == [code]


def test_an_operation_that_asks_for_another_attempt_is_refused() -> None:
    done = migrated(f"{TENACITY}\n@retry(stop=stop_after_attempt(3))\ndef fetch(url):\n    raise TryAgain\n")
    assert done.codes == ["ML251"]


@pytest.mark.parametrize(
    ("use", "code"),
    [("on=hook", "ML251"), ("on=lambda e: 3.0", "ML251"), ("on=OSError, attempts=0", "ML251"), ("attempts=3", "ML250")],
)
def test_stamina_refuses(use: str, code: str) -> None:
    assert migrated(f"import stamina\n\ndef hook(e):\n    return 2.0\n\n@stamina.retry({use}){FETCH}").codes == [code]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("    return Retrying(stop=stop_after_attempt(3))\n", "ML250"),
        ("    use(Retrying(stop=stop_after_attempt(3)))\n", "ML250"),
        ("    again = Retrying()\n    use(again)\n", "ML250"),
        ("    for attempt in Retrying():\n        with attempt:\n            get()\n        after()\n", "ML250"),
        ("    for attempt in Retrying():\n        with attempt:\n            get(attempt.retry_state)\n", "ML254"),
    ],
)
def test_objects_whose_use_is_not_seen_are_refused(body: str, code: str) -> None:
    assert migrated(f"{TENACITY}\ndef fetch(url):\n{body}").codes == [code]


def test_attributes_that_only_the_library_sets_are_refused_wherever_they_are_read() -> None:
    use = f"import tenacity\n\n@tenacity.retry(stop=tenacity.stop_after_attempt(3), reraise=True){FETCH}"
    assert migrated(use).statuses == ["safe"]
    for read in ("fetch.retry_with(stop=None)(1)", "print(fetch.statistics)", "fetch.retry.wait = None"):
        done = migrated(use, beside={"other.py": f"from shop.client import fetch\n\n{read}\n"})
        assert done.codes == ["ML254"]


@pytest.mark.parametrize(
    "code",
    [
        'patch("tenacity.nap.time.sleep")',
        'monkeypatch.setattr("tenacity.nap.sleep", naps)',
        'patch("retry.api.time.sleep")',
    ],
)
def test_patches_of_a_library_s_sleep_are_found(code: str) -> None:
    assert migrated(f"def test_fetch():\n    with {code}:\n        fetch()\n").codes == ["ML257"]


def test_a_star_import_is_found() -> None:
    assert migrated("from tenacity import *\n").codes == ["ML223"]


@pytest.mark.parametrize(
    ("module", "difference"),
    [
        (f"import backoff\n\n@backoff.on_exception(backoff.expo, OSError, max_time=60){FETCH}", "max_time"),
        (f"import retrying\n\n@retrying.retry(wrap_exception=True){FETCH}", "RetryExhausted is raised instead"),
        (
            f"{TENACITY}\ndef fetch(url):\n    return Retrying(stop=stop_after_attempt(3))(get, url)\n",
            "RetryExhausted is raised instead of tenacity.RetryError",
        ),
        (
            "import backoff\n\n@backoff.on_exception(backoff.expo, OSError)\n@checked\nasync def fetch(url): ...\n",
            "may be no coroutine function",
        ),
    ],
)
def test_what_departs_is_unsafe_and_named(module: str, difference: str) -> None:
    done = migrated(module)
    assert (done.statuses, done.codes) == (["unsafe"], ["ML490"])
    reason = done.rows[0].reason
    assert reason is not None
    assert difference in reason.message


def test_a_comment_ignores_a_use() -> None:
    done = migrated(f"import retrying\n\n@retrying.retry(wait_fixed=5)  # mulligan: ignore{FETCH}")
    assert done.statuses == ["ignored"]


def test_a_lambda_never_reads_a_name_of_a_class_body() -> None:
    head = "import backoff\n\n\nclass Client:\n    class Lost(Exception): ...\n\n"
    use = "    @backoff.on_exception(backoff.expo, Lost, giveup=fatal)\n    def fetch(self):\n        return get()\n"
    assert migrated(head + use).codes == ["ML221"]


@pytest.mark.parametrize("otherwise", ["retry = None", "from elsewhere import retry"])
def test_a_name_that_may_mean_something_else_is_refused_and_never_dropped(otherwise: str) -> None:
    head = f"try:\n    from tenacity import retry\nexcept ImportError:\n    {otherwise}\n"
    assert migrated(f"{head}\n@retry{FETCH}").codes == ["ML221"]
    shadowed = (
        "from tenacity import retry\n\ndef fetching(retry):\n    @retry\n    def fetch(url):\n        return get(url)\n"
    )
    assert migrated(shadowed).rows == ()


def test_conditions_of_tenacity_that_may_be_async_are_refused() -> None:
    head = "from tenacity import retry\nfrom tenacity.asyncio.retry import retry_if_exception\n"
    assert migrated(f"{head}\n@retry(retry=retry_if_exception(ask)){FETCH}").codes == ["ML251"]
