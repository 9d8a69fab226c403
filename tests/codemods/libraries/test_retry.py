"""Uses of retry, and of retry2, are migrated with what they say; what no policy says is refused."""

from __future__ import annotations

import pytest

from tests.codemods.libraries.migrating import migrated

HEAD = "from retry import retry\n\nPAUSE = pause()\n"
BODY = "\ndef fetch(url):\n    return get(url)\n"


@pytest.mark.parametrize(
    ("use", "policy"),
    [
        ("@retry", "retry_on=Exception, schedule=no_delay(), max_attempts=UNLIMITED"),
        ("@retry()", "retry_on=Exception, schedule=no_delay(), max_attempts=UNLIMITED"),
        ("@retry(OSError, tries=3, delay=1)", "retry_on=OSError, schedule=constant(1), max_attempts=3"),
        ("@retry(tries=4, delay=1, backoff=2)", "retry_on=Exception, schedule=exponential(1), max_attempts=4"),
        (
            "@retry((OSError, KeyError), 9, 1, 60, 3)",
            "retry_on=(OSError, KeyError), schedule=exponential(1, factor=3, cap=60), max_attempts=9",
        ),
        ("@retry(tries=3, delay=1, jitter=2)", "retry_on=Exception, schedule=linear(1, step=2), max_attempts=3"),
        ("@retry(tries=1.5)", "retry_on=Exception, schedule=no_delay(), max_attempts=UNLIMITED"),
    ],
)
def test_a_decorator_becomes_a_policy(use: str, policy: str) -> None:
    done = migrated(f"{HEAD}\n{use}{BODY}")
    assert done.statuses == ["safe"]
    written = " ".join(done.policies.split()).replace(", ) )", "")
    assert written.endswith(f'name="shop.client.fetch", {policy}') or f'name="shop.fetch", {policy}' in written
    assert "@mulligan.retry(FETCH)\ndef fetch" in done.text or "@retry(FETCH)\ndef fetch" in done.text
    assert "from retry import" not in done.text


def test_symbolic_arguments_stay_symbolic() -> None:
    done = migrated(f"{HEAD}\n@retry(OSError, tries=conf.tries, delay=PAUSE)" + BODY)
    assert done.statuses == ["safe"]
    assert "FETCH.replace(max_attempts=conf.tries, schedule=constant(PAUSE))" in done.text
    assert done.assumed == ["conf.tries ≥ 1", "PAUSE ≥ 0"]


def test_the_end_of_the_library_s_records_is_told() -> None:
    assert "the library's own records to the logger `retry.api` end" in migrated(f"{HEAD}\n@retry{BODY}").differences
    silent = migrated(f"{HEAD}\n@retry(logger=None){BODY}")
    assert silent.differences == ["a note about the attempts is added to the error"]


@pytest.mark.parametrize(
    ("use", "code"),
    [
        ("@retry(tries=0)", "ML251"),
        ("@retry(tries=3, delay=1, jitter=(0, 1))", "ML252"),
        ("@retry(tries=3, delay=1, backoff=2, jitter=1)", "ML252"),
        ("@retry(tries=3, delay=10, max_delay=1, backoff=2)", "ML252"),
        ("@retry(tries=3, delay=PAUSE, max_delay=1, backoff=2)", "ML252"),
        ("@retry([OSError], tries=3)", "ML219"),
        ("@retry(*given)", "ML255"),
        ("@retry(**given)", "ML255"),
        ("@retry(tries=3, log_traceback=True)", "ML251"),
        ("@retry\n@property", "ML250"),
    ],
)
def test_what_no_policy_says_is_refused(use: str, code: str) -> None:
    done = migrated(f"{HEAD}\n{use}{BODY}")
    assert (done.statuses, done.codes) == (["refused"], [code])


@pytest.mark.parametrize("body", ["async def fetch(url):\n    return get(url)\n", "def fetch(url):\n    yield url\n"])
def test_what_the_library_attempts_once_is_refused(body: str) -> None:
    assert migrated(f"{HEAD}\n@retry(tries=3)\n{body}").codes == ["ML253"]


@pytest.mark.parametrize(
    ("call", "written"),
    [
        ("retry_call(get, tries=3)", "execute(POLL, get)"),
        ("retry_call(get, [url], {'timeout': 3}, tries=3)", "execute(POLL, get, url, timeout=3)"),
        ("retry_call(get, given, named, tries=3)", "execute(POLL, get, *(given or ()), **(named or {}))"),
    ],
)
def test_a_direct_call_becomes_execute(call: str, written: str) -> None:
    done = migrated(f"from retry.api import retry_call\n\ndef poll(url):\n    return {call}\n")
    assert done.statuses == ["safe"]
    assert f"    return {written}\n" in done.text
    assert "retry.api" not in done.text


def test_a_module_of_the_project_hides_the_library() -> None:
    assert migrated(f"{HEAD}\n@retry(tries=3){BODY}", beside={"../retry.py": "def retry(**given): ..."}).rows == ()
