"""SARIF logs, by the validator of its makers, and by applying their fixes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from typing import TYPE_CHECKING, NotRequired, TypedDict, cast
from urllib.parse import unquote

import pytest
from mulligan_codemods.report.sarif import rendered
from mulligan_codemods.rules.table import TABLE

from tests.codemods.report.reports import NAME, TEXT, everything, first_known

if TYPE_CHECKING:
    from pathlib import Path

MULTITOOL = os.environ.get("MULLIGAN_SARIF_MULTITOOL") or shutil.which("Sarif.Multitool")
MISSING = "npm install @microsoft/sarif-multitool-linux, and name its Sarif.Multitool in MULLIGAN_SARIF_MULTITOOL"


class Region(TypedDict):
    startLine: int
    startColumn: int
    endLine: int
    endColumn: int


class Content(TypedDict):
    text: str


class Replacement(TypedDict):
    deletedRegion: Region
    insertedContent: Content


class Location(TypedDict):
    uri: str


class Edited(TypedDict):
    artifactLocation: Location
    replacements: list[Replacement]


class Fix(TypedDict):
    artifactChanges: list[Edited]


class Result(TypedDict):
    """What these tests read of a result."""

    ruleId: str
    ruleIndex: int
    level: str
    properties: dict[str, str]
    fixes: NotRequired[list[Fix]]
    suppressions: NotRequired[list[object]]
    baselineState: NotRequired[str]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run_of(text: str) -> dict[str, object]:
    return cast("dict[str, object]", json.loads(text)["runs"][0])


def results(text: str) -> list[Result]:
    return cast("list[Result]", run_of(text)["results"])


@pytest.mark.skipif(MULTITOOL is None and os.environ.get("CI") != "true", reason=MISSING)
@pytest.mark.parametrize("prove", [False, True])
def test_the_official_validator_finds_no_error(tmp_path: Path, *, prove: bool) -> None:
    assert MULTITOOL is not None, MISSING
    log, told = tmp_path / "log.sarif", tmp_path / "told.sarif"
    log.write_text(rendered(first_known(everything(tmp_path, prove=prove))))
    command = [MULTITOOL, "validate", str(log), "--output", str(told), "--log", "ForceOverwrite"]
    environment = {**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}  # needs no ICU
    subprocess.run(command, check=True, capture_output=True, timeout=300, env=environment)  # noqa: S603 -- the tool that was named
    found = [result for result in results(told.read_text("utf-8-sig")) if result.get("level") == "error"]
    assert found == []


def applied(text: str, edits: list[Replacement]) -> str:
    """Apply replacements as the standard says, from the last to the first."""
    lines = text.split("\n")
    for edit in sorted(edits, key=lambda each: each["deletedRegion"]["startLine"], reverse=True):
        region = edit["deletedRegion"]
        assert region["endLine"] <= len(lines)
        before = [*lines[: region["startLine"] - 1], lines[region["startLine"] - 1][: region["startColumn"] - 1]]
        after = [lines[region["endLine"] - 1][region["endColumn"] - 1 :], *lines[region["endLine"] :]]
        lines = ("\n".join(before) + edit["insertedContent"]["text"] + "\n".join(after)).split("\n")
    return "\n".join(lines)


@pytest.mark.parametrize(("name", "policy"), [("safe", "P3"), ("other", "P4")])
def test_a_fix_is_one_sites_rewrite_and_the_policies_it_needs(tmp_path: Path, name: str, policy: str) -> None:
    found = results(rendered(everything(tmp_path)))
    fixes = [fix for result in found for fix in result.get("fixes", [])]
    assert len(fixes) == 2
    site, policies = fixes[["safe", "other"].index(name)]["artifactChanges"]
    assert (unquote(site["artifactLocation"]["uri"]), policies["artifactLocation"]["uri"]) == (
        NAME,
        "retry_policies.py",
    )
    text = applied(TEXT, site["replacements"])
    body = f"def {name}(x):\n    return execute({policy}, g, x)\n"
    assert body in text
    assert text.startswith(f"from retry_policies import {policy}\n# é")
    rest = TEXT.partition(f"def {name}(x):")[2].partition("\ndef ")[2]
    assert rest in text
    assert f"{policy} = object()" in applied("", policies["replacements"])


def test_every_named_rule_is_listed(tmp_path: Path) -> None:
    text = rendered(everything(tmp_path))
    rules = cast("dict[str, dict[str, list[dict[str, str]]]]", run_of(text)["tool"])["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["retry", *TABLE]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in results(text))


def test_known_and_ignored_sites_say_so(tmp_path: Path) -> None:
    found = results(rendered(first_known(everything(tmp_path))))
    assert found[0].get("baselineState") == "unchanged"
    ignored = [result for result in found if result["properties"]["status"] == "ignored"]
    assert [result.get("suppressions") for result in ignored if result["ruleId"] == "ML228"] == [[{"kind": "inSource"}]]


def test_files_that_were_left_alone_are_notifications(tmp_path: Path) -> None:
    (invocation,) = cast("list[dict[str, object]]", run_of(rendered(everything(tmp_path)))["invocations"])
    assert invocation["executionSuccessful"] is False
    told = cast("list[dict[str, dict[str, str]]]", invocation["toolExecutionNotifications"])
    assert [each["descriptor"]["id"] for each in told] == ["ML003", "ML501"]
