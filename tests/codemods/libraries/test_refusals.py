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


def test_a_symbolic_number_that_the_policy_refuses_is_assumed_to_be_none() -> None:
    done = migrated(f"import retrying\n\n@retrying.retry(stop_max_delay=limit * 1000, wait_fixed=PAUSE){FETCH}")
    assert done.assumed == ["limit * 1000 > 0", "PAUSE ≥ 0"]
    assert "FETCH.replace(stop_after=limit, schedule=constant(PAUSE / 1000))" in " ".join(done.text.split())


def test_a_dictionary_of_another_module_is_read_and_stays_what_it_was() -> None:
    settings = "CONFIG = {'max_tries': int(ask()), 'jitter': None, 'factor': 2}\n"
    head = "import backoff\nfrom shop.settings import CONFIG\n"
    use = f"{head}\n@backoff.on_exception(backoff.expo, OSError, **CONFIG){FETCH}"
    done = migrated(use, beside={"settings.py": settings})
    assert done.statuses == ["safe"]
    assert 'FETCH.replace(max_attempts=CONFIG["max_tries"])' in done.text
    assert "schedule=exponential(2)" in done.policies
    assert 'CONFIG["max_tries"] ≥ 1' in done.assumed
    assert "CONFIG holds what it is written down with" in done.assumed
    assert migrated(use, beside={"settings.py": settings + "CONFIG['jitter'] = 1\n"}).codes == ["ML255"]


def test_comments_are_kept_above_and_those_to_tools_are_named() -> None:
    done = migrated(
        "import retrying\n\n@retrying.retry(\n    stop_max_attempt_number=3,  # three is enough\n"
        "    wait_fixed=5,  # noqa: X\n)" + FETCH
    )
    assert "# three is enough\n@" in done.text
    assert done.rows[0].dropped == ("# noqa: X",)


def test_a_comment_ignores_a_use() -> None:
    done = migrated(f"import retrying\n\n@retrying.retry(wait_fixed=5)  # mulligan: ignore{FETCH}")
    assert done.statuses == ["ignored"]


def test_stacked_decorators_are_both_migrated() -> None:
    done = migrated(
        "import backoff\n\n@backoff.on_exception(backoff.expo, OSError, max_tries=3, logger=None)\n"
        f"@backoff.on_exception(backoff.expo, KeyError, max_tries=5, logger=None){FETCH}"
    )
    assert done.statuses == ["safe", "safe"]
    assert "backoff" not in done.text


def test_methods_and_aliases_are_migrated() -> None:
    done = migrated(
        "import tenacity as again\nfrom tenacity import stop_after_attempt as tries\n\n\nclass Client:\n"
        "    @again.retry(stop=tries(3), reraise=True)\n"
        "    async def fetch(self, url):\n        return await get(url)\n"
    )
    assert done.statuses == ["safe"]
    assert "    @retry(CLIENT_FETCH)\n    async def fetch" in done.text
    assert "tenacity" not in done.text


def test_a_second_run_finds_nothing() -> None:
    once = migrated(f"from retry import retry\n\n@retry(OSError, tries=3, delay=1){FETCH}")
    assert migrated(once.text).rows == ()


def test_a_library_that_only_a_function_imports_is_not_imported_by_the_module() -> None:
    whole = (
        "def fetching():\n    import tenacity\n\n    @tenacity.retry\n    def fetch(url):\n        return get(url)\n"
    )
    assert "exhausted=tenacity.RetryError" in migrated(whole).text
    assert not migrated(whole).text.startswith("from tenacity")
    part = whole.replace("import tenacity", "from tenacity import retry").replace("@tenacity.", "@")
    assert migrated(part).codes == ["ML223"]


@pytest.mark.parametrize(
    ("giveup", "written"),
    [
        ("fatal", "lambda error: not fatal(error)"),
        ("codes.fatal", "lambda error: not codes.fatal(error)"),
        ("fatal_of(4)", "lambda error, asked=fatal_of(4): not asked(error)"),
        ("own", "lambda error, asked=own: not asked(error)"),
    ],
)
def test_a_predicate_is_evaluated_when_it_was(giveup: str, written: str) -> None:
    head = "import backoff\nimport codes\nfrom codes import fatal\n\n\n"
    head += "class Client:\n    def own(error):\n        return 1\n"
    use = f"    @backoff.on_exception(backoff.expo, Exception, giveup={giveup})\n"
    done = migrated(f"{head}\n{use}    def fetch(self):\n        return get()\n")
    assert done.statuses == ["safe"]
    assert f"retry_on={written})" in " ".join(done.text.split())


def test_a_lambda_never_reads_a_name_of_a_class_body() -> None:
    head = "import backoff\n\n\nclass Client:\n    class Lost(Exception): ...\n\n"
    use = "    @backoff.on_exception(backoff.expo, Lost, giveup=fatal)\n    def fetch(self):\n        return get()\n"
    assert migrated(head + use).codes == ["ML221"]


def test_the_parameter_of_a_lambda_hides_nothing_that_it_reads() -> None:
    use = "import backoff\nfrom codes import error\n\n@backoff.on_exception(backoff.expo, {}, giveup={}){}"
    assert migrated(use.format("error", "fatal", FETCH)).codes == ["ML221"]
    done = migrated(use.format("Exception", "error", FETCH))
    assert "retry_on=lambda error, asked=error: not asked(error)" in " ".join(done.text.split())


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


def test_names_of_mulligan_that_the_module_has_are_spelled_by_their_module() -> None:
    head = "import retrying\n\ndef constant(error):\n    return True\n\nUNLIMITED = 9\n\nclass Policy: ...\n"
    use = f"@retrying.retry(wait_fixed=1000, retry_on_exception=constant, stop_max_delay=limit){FETCH}"
    done = migrated(f"{head}\n{use}")
    assert "retry_on=lambda subject: bool(constant(subject))" in " ".join(done.text.split())
    local = migrated(f"{head}\nclass Lost(Exception): ...\n\n@retrying.retry(retry_on_exception=(Lost,)){FETCH}")
    assert "mulligan.Policy(retry_on=Lost, schedule=no_delay(), max_attempts=mulligan.UNLIMITED)" in " ".join(
        local.text.split()
    )
    assert (done.statuses, local.statuses) == (["safe"], ["safe"])
