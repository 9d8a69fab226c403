"""How sites end, and what would be written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from mulligan_codemods.config import Config
from mulligan_codemods.files.discover import discover
from mulligan_codemods.rows import Report, counts
from mulligan_codemods.run.engine import Options, run
from mulligan_codemods.site import Status

from tests.codemods.fake_stages import STAGES, function

if TYPE_CHECKING:
    from pathlib import Path


def ran(root: Path, *, prove: bool = True, unsafe: bool = False, config: Config | None = None) -> Report:
    files = discover([str(root)]).files
    return run(files, STAGES, Options(prove=prove, unsafe=unsafe, config=config or Config()))


def of_text(root: Path, text: str, *, unsafe: bool = False) -> Report:
    (root / "a.py").write_text(text)
    return ran(root, unsafe=unsafe)


def changed(report: Report) -> dict[str, str]:
    return {change.path.rpartition("/")[2]: change.after.decode() for change in report.changes}


def test_a_scan_finds_and_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(function("f"))
    report = ran(tmp_path, prove=False)
    assert [(row.status, row.site.span.line) for row in report.rows] == [(Status.CANDIDATE, 2)]
    assert report.changes == ()


def test_a_safe_site_is_rewritten_and_its_policy_comes_first(tmp_path: Path) -> None:
    report = of_text(tmp_path, function("f"))
    assert [row.status for row in report.rows] == [Status.SAFE]
    assert list(changed(report)) == ["retry_policies.py", "a.py"]
    assert changed(report)["a.py"] == "from retry_policies import P3\ndef f(x):\n    return execute(P3, g, x)\n"
    assert not (tmp_path / "retry_policies.py").exists()


ENDS = {
    "": (Status.SAFE, None),
    "assumes": (Status.SAFE, None),
    "uncommon": (Status.UNSAFE, "ML492"),
    "differs": (Status.UNSAFE, "ML490"),
    "undecided": (Status.UNSAFE, "ML491"),
    "unsupported": (Status.UNSAFE, "ML401"),
    "refused": (Status.REFUSED, "ML211"),
    "not emitted": (Status.REFUSED, "ML223"),
    "crash recognise": (Status.FAILED, "ML009"),
    "crash emit": (Status.FAILED, "ML009"),
    "crash prove": (Status.FAILED, "ML009"),
    "nothing": (Status.FAILED, "ML010"),
    "elsewhere": (Status.FAILED, "ML010"),
    "broken": (Status.FAILED, "ML010"),
}


@pytest.mark.parametrize(("comment", "end"), ENDS.items(), ids=str)
def test_every_way_a_site_can_end(tmp_path: Path, comment: str, end: tuple[Status, str | None]) -> None:
    (row,) = of_text(tmp_path, function("f", comment)).rows
    assert (row.status, row.reason and row.reason.code) == end


@pytest.mark.parametrize("comment", [comment for comment, (status, _) in ENDS.items() if status is not Status.SAFE])
def test_what_is_not_safe_is_not_applied(tmp_path: Path, comment: str) -> None:
    assert of_text(tmp_path, function("f", comment)).changes == ()


@pytest.mark.parametrize("comment", ["uncommon", "differs", "undecided", "unsupported"])
def test_unsafe_rewrites_are_applied_when_asked_for(tmp_path: Path, comment: str) -> None:
    report = of_text(tmp_path, function("f", comment), unsafe=True)
    assert list(changed(report)) == ["retry_policies.py", "a.py"]
    assert [row.planned for row in report.rows] == [True]


def test_one_bad_site_does_not_stop_the_others(tmp_path: Path) -> None:
    texts = [function("a"), function("b", "crash emit"), function("c", "refused"), function("d", count=4)]
    report = of_text(tmp_path, "\n".join(texts))
    assert [row.status for row in report.rows] == [Status.SAFE, Status.FAILED, Status.REFUSED, Status.SAFE]
    text = changed(report)["a.py"]
    assert "return execute(P3, g, x)" in text
    assert "return execute(P4, g, x)" in text
    assert function("b", "crash emit") in text


def test_several_sites_of_one_function_are_rewritten(tmp_path: Path) -> None:
    first, second = function("f"), function("f", count=4).partition("\n")[2]
    report = of_text(tmp_path, first + second)
    assert [(row.status, row.policy) for row in report.rows] == [(Status.SAFE, "P3"), (Status.SAFE, "P4")]
    assert changed(report)["a.py"].endswith("def f(x):\n    return execute(P3, g, x)\n    return execute(P4, g, x)\n")


def test_a_reason_about_a_later_text_has_the_line_of_the_file(tmp_path: Path) -> None:
    """The rewrite of the second function adds an import above the first."""
    first, _ = of_text(tmp_path, function("f", "unsupported") + function("h")).rows
    assert first.reason is not None
    assert first.reason.span.line == 5


def test_only_policies_of_applied_rewrites_are_written(tmp_path: Path) -> None:
    report = of_text(tmp_path, function("f") + function("h", "differs", count=4))
    assert changed(report)["retry_policies.py"] == '"""Policies."""\nP3 = object()\n'


def test_the_policies_module_is_extended(tmp_path: Path) -> None:
    (tmp_path / "retry_policies.py").write_bytes(b'"""Mine."""\r\nP4 = 4\r\n')
    report = of_text(tmp_path, function("f") + function("h", count=4))
    assert changed(report)["retry_policies.py"] == '"""Mine."""\r\nP4 = 4\r\nP3 = object()\r\n'


def test_a_broken_policies_module_refuses_its_sites(tmp_path: Path) -> None:
    (tmp_path / "retry_policies.py").write_bytes(b"\xff")
    report = of_text(tmp_path, function("f"))
    (row,) = report.rows
    assert (row.status, row.reason and row.reason.code) == (Status.REFUSED, "ML012")


def test_a_crash_in_the_policies_costs_the_sites_of_one_module(tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "b.py").write_text(function("f", count=13))
    report = of_text(tmp_path, function("f"))
    assert [row.status for row in report.rows] == [Status.SAFE, Status.FAILED]


def test_each_package_has_its_policies(tmp_path: Path) -> None:
    for name in ("one", "two", "two/sub"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").touch()
        (tmp_path / name / "a.py").write_text(function("f"))
    report = ran(tmp_path)
    paths = [change.path.removeprefix(f"{tmp_path}/") for change in report.changes]
    assert paths == ["one/retry_policies.py", "one/a.py", "two/retry_policies.py", "two/a.py", "two/sub/a.py"]
    assert b"from two.retry_policies import P3" in report.changes[-1].after


def test_an_encoding_that_lacks_a_character_fails_the_file_only(tmp_path: Path) -> None:
    (tmp_path / "b.py").write_text(function("f"))
    report = of_text(tmp_path, "# coding: ascii\n" + function("f", "encoding"))
    assert [(row.status, row.planned) for row in report.rows] == [(Status.FAILED, False), (Status.SAFE, True)]
    assert list(changed(report)) == ["retry_policies.py", "b.py"]


@pytest.mark.parametrize(
    ("first", "status"),
    [
        ("  # mulligan: ignore", Status.IGNORED),
        ("  #mulligan:ignore -- on purpose", Status.IGNORED),
        ("  # mulligan: ignore[ML102]", Status.SAFE),
        ("  # mulligan: ignore[ML999]", Status.SAFE),
        ("  # mulligan: ignored elsewhere", Status.SAFE),
    ],
)
def test_a_comment_on_the_first_line_leaves_a_site_alone(tmp_path: Path, first: str, status: Status) -> None:
    (row,) = of_text(tmp_path, function("f", first=first)).rows
    assert row.status is status


def test_a_comment_with_codes_silences_those_hazards(tmp_path: Path) -> None:
    (row,) = of_text(tmp_path, function("f", first="  # mulligan: ignore[ML102, ml999]")).rows
    assert [hazard.code for hazard in row.hazards] == ["ML105"]


def test_a_comment_with_the_code_of_a_refusal_ignores_the_site(tmp_path: Path) -> None:
    (row,) = of_text(tmp_path, function("f", "refused", first="  # mulligan: ignore[ML211]")).rows
    assert row.status is Status.IGNORED


SELECTED: list[tuple[Config, list[tuple[Status, list[str]]]]] = [
    (Config(select=("ML105",)), [(Status.SAFE, ["ML105"]), (Status.REFUSED, ["ML105"])]),
    (Config(select=("ML2",)), [(Status.IGNORED, []), (Status.REFUSED, [])]),
    (Config(select=("ML101",)), [(Status.IGNORED, []), (Status.IGNORED, [])]),
    (Config(ignore=("ML1",)), [(Status.SAFE, []), (Status.REFUSED, [])]),
    (Config(ignore=("ML211",)), [(Status.SAFE, ["ML102", "ML105"]), (Status.IGNORED, ["ML102", "ML105"])]),
]


@pytest.mark.parametrize(("config", "ends"), SELECTED)
def test_codes_select_sites(tmp_path: Path, config: Config, ends: list[tuple[Status, list[str]]]) -> None:
    (tmp_path / "a.py").write_text(function("f") + function("h", "refused"))
    report = ran(tmp_path, config=config)
    assert [(row.status, [hazard.code for hazard in row.hazards]) for row in report.rows] == ends


def test_bad_files_are_reported_and_the_rest_is_processed(tmp_path: Path) -> None:
    (tmp_path / "bad.py").write_text("def f(:\n for x in range(3):\n  try: g()\n  except E: sleep(")
    (tmp_path / "nul.py").write_bytes(b"\0")
    report = of_text(tmp_path, function("f"))
    assert [error.code for error in report.errors] == ["ML004", "ML003"]
    assert [row.status for row in report.rows] == [Status.SAFE]
    assert report.failed


def test_several_processes_do_the_same(tmp_path: Path) -> None:
    for number, comment in enumerate(ENDS):
        (tmp_path / f"a{number}.py").write_text(function("f", comment))
    files = discover([str(tmp_path)]).files
    one, two = (run(files, STAGES, Options(prove=True, jobs=jobs)) for jobs in (1, 2))
    assert (one.rows, one.errors, one.changes) == (two.rows, two.errors, two.changes)


def test_the_counts_add_up(tmp_path: Path) -> None:
    for number, comment in enumerate(ENDS):
        (tmp_path / f"a{number}.py").write_text(function("f", comment) + "for x in y:\n try: g()\n except E: sleep()\n")
    report = ran(tmp_path)
    retries = [row for row in report.rows if row.status is not Status.NOT_RETRY]
    assert report.found == sum(counts(report).values()) == len(retries) == len(ENDS)


def test_crlf_and_bom_survive_a_rewrite(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"\xef\xbb\xbf" + function("f").replace("\n", "\r\n").encode())
    report = ran(tmp_path)
    assert report.changes[-1].after == (
        b"\xef\xbb\xbffrom retry_policies import P3\r\ndef f(x):\r\n    return execute(P3, g, x)\r\n"
    )


def test_progress_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(function("f"))
    (tmp_path / "b.py").write_text("")
    told: list[tuple[str, int, int]] = []

    def progress(what: str, done: int, total: int) -> None:
        told.append((what, done, total))

    run(discover([str(tmp_path)]).files, STAGES, Options(prove=True), progress)
    assert told == [("Scanning", 1, 2), ("Scanning", 2, 2), ("Proving", 1, 1)]
