"""Proposals harden policies, each explained, in a diff that stands alone."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from mulligan_codemods.cli import migrate
from mulligan_codemods.harden.proposals import hardened

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "from mulligan import UNLIMITED, Policy, constant, exponential, from_delays, full_jitter, no_delay\n"
POLICIES = """\
\"\"\"The retry policies of this package, all in one place.\"\"\"

from mulligan import UNLIMITED, Policy, exponential
from mulligan.config import define

SEND = define(
    Policy(
        name="shop.send",
        retry_on=OSError,
        schedule=exponential(1),
        max_attempts=UNLIMITED,
    )
)
"""

CASES = {
    "P = Policy(retry_on=OSError, schedule=constant(5))": (
        ["ML102"],
        "schedule=constant(5).jittered(proportional_jitter(0.25))",
    ),
    "P = Policy(retry_on=OSError, schedule=exponential(1, cap=9))": (["ML102"], "cap=9).jittered(full_jitter())"),
    "P = Policy(retry_on=OSError, schedule=exponential(1))": (["ML102", "ML103"], "exponential(1, cap=60).jittered("),
    "P = Policy(retry_on=OSError, schedule=exponential(1,).capped(5))": (
        ["ML102"],
        "capped(5).jittered(full_jitter())",
    ),
    "P = Policy(retry_on=OSError, schedule=exponential(1,))": (["ML102", "ML103"], "exponential(1, cap=60)"),
    "Q = P.replace(schedule=from_delays([1, 2]))": (["ML102"], "from_delays([1, 2]).jittered("),
    "P = Policy(retry_on=OSError, max_attempts=UNLIMITED)": (["ML101"], "max_attempts=UNLIMITED, timeout=600)"),
}


@pytest.mark.parametrize(("text", "expected"), CASES.items(), ids=CASES.keys())
def test_what_a_policy_lacks_is_proposed(text: str, expected: tuple[list[str], str]) -> None:
    found = hardened(HEAD + text + "\n")
    assert ([each.code for each in found.proposals], expected[1] in found.text) == (expected[0], True)
    assert all(each.line == 2 for each in found.proposals)
    assert hardened(found.text).proposals == ()


@pytest.mark.parametrize(
    "text",
    [
        "P = Policy(retry_on=OSError)",
        "P = Policy(retry_on=OSError, schedule=no_delay(), max_attempts=4)",
        "P = Policy(retry_on=OSError, schedule=constant(1).jittered(full_jitter()))",
        "P = Policy(retry_on=OSError, max_attempts=UNLIMITED, stop_after=60)",
        "P = Policy(retry_on=OSError, schedule=mine(1))",
        "Q = text.replace(schedule=other.constant(1))",
    ],
)
def test_what_lacks_nothing_or_is_not_known_stays(text: str) -> None:
    assert hardened(HEAD + text + "\n").text == HEAD + text + "\n"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a package with policies in the working folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "retry_policies.py").write_text(POLICIES)
    return tmp_path / "shop"


def test_the_diff_applies_alone_and_each_change_is_explained(shop: Path) -> None:
    told = CliRunner().invoke(migrate, ["--harden", "shop"], catch_exceptions=False)
    assert told.exit_code == 0
    assert (shop / "retry_policies.py").read_text() == POLICIES
    (shop.parent / "harden.diff").write_text(told.stdout)
    subprocess.run(["git", "apply", "harden.diff"], check=True, cwd=shop.parent)  # noqa: S607 -- git is on the path
    text = (shop / "retry_policies.py").read_text()
    assert "        schedule=exponential(1, cap=60).jittered(full_jitter()),\n" in text
    assert "        max_attempts=UNLIMITED,\n        timeout=600,\n" in text
    assert "from mulligan import UNLIMITED, Policy, exponential, full_jitter\n" in text
    for code in ("ML101 Unbounded", "ML102 No jitter", "ML103 No cap"):
        assert f"{code}: " in told.stderr


def test_hardening_is_never_written_without_being_asked_for_as_unsafe(shop: Path) -> None:
    refused = CliRunner().invoke(migrate, ["--harden", "--write", "shop"])
    assert (refused.exit_code, "--unsafe" in refused.stderr) == (2, True)
    assert (shop / "retry_policies.py").read_text() == POLICIES
    assert CliRunner().invoke(migrate, ["--harden", "--check", "shop"]).exit_code == 1
    assert CliRunner().invoke(migrate, ["--harden", "--write", "--unsafe", "shop"]).exit_code == 0
    assert CliRunner().invoke(migrate, ["--harden", "--check", "shop"]).exit_code == 0
    assert CliRunner().invoke(migrate, ["--undo"]).exit_code == 0
    assert (shop / "retry_policies.py").read_text() == POLICIES


def test_what_becomes_too_long_by_it_is_broken_at_the_projects_line_length(shop: Path) -> None:
    (shop / "ruff.toml").write_text("line-length = 79\n")
    file = shop / "retry_policies.py"
    file.write_text(
        "from mulligan import Policy, exponential\n\nF = Policy(retry_on=OSError, schedule=exponential(1))\n"
    )
    assert CliRunner().invoke(migrate, ["--harden", "--write", "--unsafe", "shop"]).exit_code == 0
    assert file.read_text() == (
        "from mulligan import Policy, exponential, full_jitter\n\nF = Policy(\n"
        "    retry_on=OSError, schedule=exponential(1, cap=60).jittered(full_jitter())\n)\n"
    )
