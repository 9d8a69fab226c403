"""What a use says is kept: its dictionaries, comments, names and predicates."""

from __future__ import annotations

import pytest

from tests.codemods.libraries.migrating import migrated

FETCH = "\ndef fetch(url):\n    return get(url)\n"


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


def test_the_parameter_of_a_lambda_hides_nothing_that_it_reads() -> None:
    use = "import backoff\nfrom codes import error\n\n@backoff.on_exception(backoff.expo, {}, giveup={}){}"
    assert migrated(use.format("error", "fatal", FETCH)).codes == ["ML221"]
    done = migrated(use.format("Exception", "error", FETCH))
    assert "retry_on=lambda error, asked=error: not asked(error)" in " ".join(done.text.split())


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
