"""The group `mulligan policies`: its help, the schema, and what to install."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import jsonschema
from click.testing import CliRunner

from mulligan.cli.commands import commands
from tests.cli.policies.invoking import invoke

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_without_the_validator_the_commands_say_what_to_install(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith(("mulligan.config.file", "mulligan.cli.policies"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "msgspec", None)
    for arguments in (["policies", "check"], ["explain", "shop.fetch"]):
        shown = CliRunner().invoke(commands, arguments)
        assert shown.exit_code == 2
        assert "needs msgspec: pip install 'mulligan[config]'" in shown.output
    assert CliRunner().invoke(commands, ["explain", "constant(1)"]).exit_code == 0


def test_the_schema_is_one(file: Path) -> None:
    schema = json.loads(invoke("schema").output)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert "policies" in schema["properties"]


def test_help_has_examples() -> None:
    for arguments in (["--help"], ["check", "--help"], ["docs", "--help"], ["schema", "--help"]):
        shown = invoke(*arguments)
        assert shown.exit_code == 0
        assert "mulligan policies" in shown.output.partition("xamples:" if "xamples:" in shown.output else "editors")[2]
