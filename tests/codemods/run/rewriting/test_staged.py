"""A staged rewrite keeps the old code behind the flag, whatever the new code looks like."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest
from mulligan_codemods.rows import progress
from mulligan_codemods.run.engine import Options, run
from mulligan_codemods.run.rewriting.staged import staged_violation
from mulligan_codemods.run.stages import real_stages
from mulligan_codemods.site import Status
from mulligan_codemods.texts.staging import branches, legacy_view, modern_view

from tests.codemods.staged_cases import CALL, CASES, HEAD, bare, migrated

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("code", CASES.values(), ids=CASES)
def test_the_old_code_is_the_old_text_and_the_new_code_is_proved(tmp_path: Path, code: str) -> None:
    report, text = migrated(tmp_path, HEAD + code)
    assert [row.status for row in report.rows] == [Status.SAFE] * len(report.rows)
    assert len(branches(text)) == len(report.rows) > 0
    assert bare(legacy_view(text)) == bare(HEAD + code)
    kept = [line.strip() for line in text.split("\n")]
    assert all(kept.count(line) >= code.split("\n").count(line) for line in map(str.strip, code.split("\n")))


@pytest.mark.parametrize("code", CASES.values(), ids=CASES)
def test_staging_twice_changes_nothing(tmp_path: Path, code: str) -> None:
    _, text = migrated(tmp_path, HEAD + code)
    report, again = migrated(tmp_path, text)
    assert (report.rows, again) == ((), text)
    assert migrated(tmp_path, text, staged=False)[1] == text


def test_the_new_code_is_what_an_ordinary_rewrite_is(tmp_path: Path) -> None:
    for name in ("a call", "a value that is used afterwards", "another error at the end"):
        code = HEAD + CASES[name]
        staged, plain = migrated(tmp_path, code)[1], migrated(tmp_path, code, staged=False)[1]
        assert bare(modern_view(staged)) == bare(plain)


def test_what_only_served_the_loop_goes_with_it_where_it_stands_directly_above(tmp_path: Path) -> None:
    _, text = migrated(tmp_path, HEAD + CASES["a counter directly above"])
    assert (
        dedent(
            """
            prepare()
            if legacy_here("shop.client:fetch"):
                tries = 0
                # until it works
                while True:
        """
        )
        .replace("\n", "\n    ")
        .strip()
        in text
    )
    _, text = migrated(tmp_path, HEAD + CASES["a counter further up"])
    assert "    tries = 0\n    prepare()\n    if legacy_here(" in text


def test_a_site_is_called_as_the_flag_knows_it(tmp_path: Path) -> None:
    names = [branches(migrated(tmp_path, HEAD + CASES[name])[1])[0].site for name in ("a method", "a closure")]
    assert names == ["shop.client:Client.fetch", "shop.client:outer.<locals>.fetch"]


def test_a_module_that_knows_another_legacy_here_is_refused(tmp_path: Path) -> None:
    report, text = migrated(tmp_path, HEAD + "from elsewhere import legacy_here\n" + CALL)
    (row,) = report.rows
    assert row.reason is not None
    assert (row.status, row.reason.code) == (Status.REFUSED, "ML223")
    assert "legacy_here(" not in text


def test_an_import_that_is_there_is_used(tmp_path: Path) -> None:
    _, text = migrated(tmp_path, HEAD + "from mulligan.compat import legacy_here as old\n" + CALL)
    assert 'if old("shop.client:fetch"):' in text
    assert text.count("legacy_here") == 1


def test_tabs_and_line_ends_are_kept(tmp_path: Path) -> None:
    code = (HEAD + CASES["a call"]).replace("    ", "\t").replace("\n", "\r\n")
    path = tmp_path / "client.py"
    path.write_bytes(code.encode())
    report = run([str(path)], real_stages(), Options(prove=True, staged=True))
    after = next(change.after for change in report.changes if change.path == str(path)).decode()
    assert "\t\tfor attempt in range(3):\r\n\t\t\ttry:\r\n" in after
    assert after.count("\n") == after.count("\r\n")


def test_long_lines_of_the_old_code_are_left_as_they_are(tmp_path: Path) -> None:
    long = f"            return get(url, {', '.join(f'first_{number}=url' for number in range(6))})"
    assert len(long) < 88 + 20
    _, text = migrated(tmp_path, HEAD + CALL.replace("            return get(url)", long))
    assert f"    {long}\n" in text


def test_progress_counts_what_moved_and_what_did_not(tmp_path: Path) -> None:
    refused = CALL.replace("fetch", "other").replace("return get(url)", "return get(url, attempt)")
    _, staged = migrated(tmp_path, HEAD + CALL + refused)
    report, _ = migrated(tmp_path, f"{staged}\n\nexecute(POLICY, print)\n@retry(POLICY)\ndef third(): ...\n")
    assert progress(report) == {"legacy": 1, "staged": 1, "modern": 1}
    assert [(each.site, each.line) for each in report.staged] == [("shop.client:fetch", 12)]


def test_a_rewrite_that_loses_old_code_is_found(tmp_path: Path) -> None:
    code = HEAD + CASES["a counter directly above"]
    report, text = migrated(tmp_path, code)
    site = report.rows[0].site
    policy = report.rows[0].policy or ""
    assert staged_violation(code, text, site, policy) is None
    assert staged_violation(code, text.replace("tries += 1", "tries += 2"), site, policy) == "the old code would change"
    assert staged_violation(code, text.replace("prepare()", "pass", 1).replace("def fetch", "def f"), site, policy)
