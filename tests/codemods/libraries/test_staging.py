"""Uses of libraries keep the old expression beside the new one, and lose it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from mulligan_codemods.run.engine import Options, run
from mulligan_codemods.run.finalizing import finalized
from mulligan_codemods.run.stages import real_stages
from mulligan_codemods.site import Status
from mulligan_codemods.texts.staging import kept_code, legacy_view

from tests.codemods.staged_cases import bare

if TYPE_CHECKING:
    from pathlib import Path

    from mulligan_codemods.rows import Row

BODY = "def fetch(url):\n    return get(url)\n"
DECORATED = "from retry import retry\n\n\n@retry(OSError, tries=3)\ndef fetch(url):\n    return get(url)\n"
USES = {
    "a decorator": DECORATED,
    "a bare decorator": "from retry import retry\n\n\n@retry\ndef fetch(url):\n    return get(url)\n",
    "a decorator over several lines": (
        f"from retry import retry\n\n\n@retry(\n    OSError,  # all of them\n    tries=3,\n)\n{BODY}"
    ),
    "a method": (
        "from retry import retry\n\n\nclass Client:\n    @retry(OSError, tries=3)\n    def fetch(self, url):\n"
        "        return get(url)\n"
    ),
    "a call": (
        "from retry.api import retry_call\n\n\ndef poll(url):\n    return retry_call(get, [url], tries=3)\n"
    ),
    "a call over several lines": (
        "from retry.api import retry_call\n\n\ndef poll(url):\n    page = retry_call(\n        get,\n        [url],\n"
        "        tries=3,\n    )\n    return page\n"
    ),
    "a call in another": (
        "from retry.api import retry_call\n\n\ndef poll(url):\n    return len(retry_call(get, [url], tries=3))\n"
    ),
    "callbacks and an error": (
        "import tenacity\n\n\n@tenacity.retry(\n    stop=tenacity.stop_after_attempt(3),\n"
        f"    before_sleep=tenacity.before_sleep_log(log, 30),\n)\n{BODY}"
    ),
    "an object": (
        "import tenacity\n\n\ndef poll(url):\n"
        "    again = tenacity.Retrying(stop=tenacity.stop_after_attempt(3), reraise=True)\n    return again(get, url)\n"
    ),
    "a block": (
        "import stamina\n\n\ndef poll(url):\n    for attempt in stamina.retry_context(on=OSError):\n"
        "        with attempt:\n            return get(url)\n"
    ),
    "a dictionary": (
        "import backoff\n\nCONFIG = {'max_tries': 3, 'jitter': None}\n\n\n"
        f"@backoff.on_exception(backoff.expo, OSError, **CONFIG)\n{BODY}"
    ),
    "two of them": f"{DECORATED}\n\n@retry(ValueError, tries=9)\ndef store(url):\n    return put(url)\n",
}  # fmt: skip


def migrated(folder: Path, code: str, *, staged: bool = True) -> tuple[tuple[Row, ...], str]:
    """Migrate a module on disk, and answer its rows and its new text."""
    package = folder / "shop"
    package.mkdir(exist_ok=True)
    (package / "__init__.py").touch()
    (package / "client.py").write_text(code)
    path = str(package / "client.py")
    report = run([path], real_stages(), Options(prove=True, staged=staged))
    return report.rows, {change.path: change.after.decode() for change in report.changes}.get(path, code)


@pytest.mark.parametrize("code", USES.values(), ids=USES)
def test_the_old_expression_stays_and_the_new_one_is_proved(tmp_path: Path, code: str) -> None:
    rows, text = migrated(tmp_path, code)
    assert [row.status for row in rows] == [Status.SAFE] * len(rows)
    assert len(kept_code(text)) == len(rows) > 0
    assert bare(legacy_view(text)) == bare(code)


@pytest.mark.parametrize("code", USES.values(), ids=USES)
def test_staging_twice_changes_nothing(tmp_path: Path, code: str) -> None:
    _, text = migrated(tmp_path, code)
    assert migrated(tmp_path, text) == ((), text)


@pytest.mark.parametrize("code", USES.values(), ids=USES)
def test_finalizing_leaves_what_an_ordinary_rewrite_is(tmp_path: Path, code: str) -> None:
    plain = migrated(tmp_path, code, staged=False)[1]
    (tmp_path / "shop" / "client.py").write_text(migrated(tmp_path, code)[1])
    (found,) = finalized([str(tmp_path / "shop" / "client.py")])
    assert found.error is None
    assert found.change is not None
    text = found.change.after.decode()
    assert "from mulligan.compat import" not in text
    assert spelled_alike(text) == spelled_alike(plain)


def spelled_alike(text: str) -> str:
    """Answer what a module does, by whatever name it knows mulligan's `retry`."""
    found = bare(text).replace("Attribute(value=Name(id='mulligan', ctx=Load()), attr='retry', ctx=Load())", "retry")
    return found.replace("Name(id='retry', ctx=Load())", "retry")


def test_a_decorator_chooses_at_each_call(tmp_path: Path) -> None:
    text = migrated(tmp_path, DECORATED)[1]
    assert (
        '@either(\n    "shop.client:fetch",\n    legacy=retry(OSError, tries=3),\n'
        "    modern=mulligan.retry(FETCH),\n)\ndef fetch(url):\n" in text
    )


def test_a_call_chooses_where_it_stands(tmp_path: Path) -> None:
    text = migrated(tmp_path, USES["a call"])[1]
    assert (
        "    return (\n        retry_call(get, [url], tries=3)\n"
        '        if legacy_here("shop.client:poll")\n        else execute(POLL, get, url)\n    )\n' in text
    )


def test_a_call_while_the_module_is_imported_is_refused(tmp_path: Path) -> None:
    code = "from retry.api import retry_call\n\nPAGE = retry_call(get, tries=3)\n"
    rows, text = migrated(tmp_path, code)
    assert [row.reason.code for row in rows if row.reason is not None] == ["ML224"]
    assert text == code


def test_a_module_that_knows_another_either_is_refused(tmp_path: Path) -> None:
    rows, _ = migrated(tmp_path, f"from monads import either\n{DECORATED}")
    assert [row.reason.code for row in rows if row.reason is not None] == ["ML223"]
