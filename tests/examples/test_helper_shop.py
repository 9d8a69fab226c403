"""The legacy shop's own helper: found by a scan, mapped by what the scan prints, and migrated."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.examples.shop import assert_own_tests_pass, copied, run

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("staged_shop")
FILES = ("shop/inventory.py", "shop/notifications.py")


def pasted(folder: Path) -> str:
    """Answer the lines that a scan prints to be pasted."""
    lines = run("mulligan", "scan", "shop", folder=folder).split("\n")
    begin = next(number for number, line in enumerate(lines) if "[tool.mulligan.helpers" in line)
    return "\n".join(line.strip() for line in lines[begin : lines.index("", begin)]) + "\n"


def test_what_a_scan_prints_migrates_the_helper_s_calls(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    (folder / "pyproject.toml").write_text(pasted(folder))
    done = json.loads(run("mulligan", "migrate", "--write", "--format", "json", *FILES, folder=folder))
    found = [(each["qualname"], each["status"], each["written"]) for each in done["sites"] if each["kind"] == "helper"]
    assert found == [
        ("Inventory.release", "safe", True),
        ("Inventory.move", "safe", True),
        ("push", "safe", True),
    ]
    assert not any("retry_helper" in (folder / file).read_text() for file in FILES)
    assert_own_tests_pass(folder)
    (helper,) = json.loads(run("mulligan", "scan", "shop", "--format", "json", folder=folder))["helpers"]
    assert (helper["name"], helper["mapped"], helper["callers"]) == ("shop.retry_helper:retry", True, 0)
