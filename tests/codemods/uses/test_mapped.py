"""The mappings of `[tool.mulligan.helpers]`: read, checked, and turned into tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from mulligan_codemods.config import configured
from mulligan_codemods.uses.helpers import helper_name

from mulligan.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

    from mulligan.compat.symbols import Library

HELPER = """
PAUSE = 2


def retry(tries=3, *, delay_ms=PAUSE, exceptions=(Exception,), **rest):
    def decorate(fn): ...
    return decorate


async def retry_call(fn, args, tries): ...
"""


def helpers(folder: Path, table: str, name: str = "app.again:retry", below: str = "") -> tuple[Library, ...]:
    package = folder / below / "app"
    package.mkdir(parents=True)
    (package / "again.py").write_text(HELPER)
    (folder / "pyproject.toml").write_text(f'[tool.mulligan.helpers."{name}"]\n{table}\n')
    return configured(str(folder)).helpers


@pytest.mark.parametrize("below", ["", "src", "backend"])
def test_a_helper_is_read_where_it_is_defined(tmp_path: Path, below: str) -> None:
    (table,) = helpers(tmp_path, 'max_attempts = "tries"\nbase = "delay_ms"\nunit = "ms"', below=below)
    assert helper_name(table) == "app.again:retry"
    told = [(each.name, each.default, each.unit, each.field, each.passing) for each in table.symbols[0].parameters]
    assert told == [
        ("tries", "3", "", "max_attempts", "either"),
        ("delay_ms", "2", "ms", "base", "keyword"),
        ("exceptions", "(Exception,)", "", "", "keyword"),
        ("rest", None, "", "", "keywords"),
    ]
    assert table.symbols[0].kind == "decorator"


def test_a_helper_that_calls_is_known_by_its_operation(tmp_path: Path) -> None:
    words = 'max_attempts = "tries"\noperation = "fn"\nargs = "args"'
    (table,) = helpers(tmp_path, words, "app.again:retry_call")
    assert (table.symbols[0].kind, table.symbols[0].modern) == ("call", "execute")


@pytest.mark.parametrize(
    ("table", "name", "said"),
    [
        ('tries = "tries"', "app.again:retry", "use one of max_attempts"),
        ("max_attempts = 3", "app.again:retry", "give the name of a parameter"),
        ('max_attempts = "attempts"', "app.again:retry", "give one of tries, delay_ms, exceptions, rest"),
        ('base = "delay_ms"', "app.again:retry", "either max_attempts or max_retries"),
        ('max_attempts = "tries"\nunit = "min"', "app.again:retry", "give s or ms"),
        ('max_attempts = "tries"', "app.again:other", "give module:function"),
        ('max_attempts = "tries"', "app.else:retry", "give module:function"),
        ('max_attempts = "tries"', "app.again", "give module:function"),
    ],
)
def test_a_wrong_mapping_is_named(tmp_path: Path, table: str, name: str, said: str) -> None:
    with pytest.raises(ConfigError, match=r"tool\.mulligan\.helpers") as caught:
        helpers(tmp_path, table, name)
    assert said in str(caught.value)
