"""The settings of the codemods: `[tool.mulligan]` in the nearest `pyproject.toml`, below the command line.

Rules: an unknown key or a wrong type is a `ConfigError` that names the key; only the commands read settings.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from mulligan.errors import ConfigError
from mulligan_codemods.rules.table import TABLE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mulligan.compat.symbols import Library

__all__ = ["Config", "checked_codes", "configured", "selects"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """What a run looks at and reports.

    Args:
        select: codes, or beginnings of codes; only these are reported. Empty: all.
        ignore: codes, or beginnings of codes, that are not reported.
        exclude: patterns of files and folders to leave out.
        policies: the central module, or `policies.toml`, relative to the folder of `pyproject.toml`; `None`: in each
            package's root.
        baseline: the file of the known sites, relative to the same folder; `None`: there is none.
        helpers: the tables of the team's own helpers.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    policies: str | None = None
    baseline: str | None = None
    helpers: tuple[Library, ...] = ()

    @property
    def judging(self) -> tuple[object, ...]:
        """The settings that a file's sites are judged by, besides its content."""
        return (self.select, self.ignore, self.helpers)

    def reports(self, code: str) -> bool:
        """Tell whether findings with this code are reported.

        >>> Config(ignore=("ML10",)).reports("ML102"), Config(select=("ML2",)).reports("ML204")
        (False, True)
        """
        return (not self.select or selects(self.select, code)) and not selects(self.ignore, code)


def selects(prefixes: Sequence[str], code: str) -> bool:
    """Tell whether one of `prefixes` is the code or its beginning."""
    return any(code.startswith(prefix) for prefix in prefixes)


def checked_codes(field: str, values: Sequence[str]) -> tuple[str, ...]:
    """Answer codes from the command line or the settings: split at commas, in capitals, known.

    Raises:
        ConfigError: a value is no code and no beginning of one.

    >>> checked_codes("select", ["ml101,ML2"])
    ('ML101', 'ML2')
    """
    codes = tuple(code.strip().upper() for value in values for code in value.split(",") if code.strip())
    for code in codes:
        if not any(known.startswith(code) for known in TABLE):
            raise ConfigError(field, code, "give a code such as ML101, or the beginning of one such as ML1")
    return codes


def configured(path: str) -> Config:
    """Read the settings that hold for `path`: those of the nearest `pyproject.toml` at or above it.

    Raises:
        ConfigError: the file does not parse, or holds an unknown key or a wrong type.
    """
    start = Path(path).absolute()
    for folder in (start, *start.parents):
        file = folder / "pyproject.toml"
        if file.is_file():
            return _read(file)
    return Config()


def _read(file: Path) -> Config:
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError("pyproject.toml", str(file), f"make it readable TOML: {error}") from error
    return _settings(_table("tool.mulligan", _table("tool", table.get("tool", {})).get("mulligan", {})), file.parent)


def _table(field: str, value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise ConfigError(field, value, "make it a table")
    return cast("dict[str, object]", value)


KEYS = ("select", "ignore", "exclude", "policies", "baseline", "helpers")
RUNTIME = ("errors", "owners", "budgets")
"""What stands beside `[tool.mulligan.policies.*]`, which `mulligan.config` reads."""


def _settings(settings: Mapping[str, object], folder: Path) -> Config:
    for key in settings:
        if key not in KEYS and key not in RUNTIME:
            raise ConfigError(f"tool.mulligan.{key}", settings[key], f"use one of {', '.join(KEYS)}")
    return Config(
        select=checked_codes("tool.mulligan.select", _strings(settings, "select")),
        ignore=checked_codes("tool.mulligan.ignore", _strings(settings, "ignore")),
        exclude=_strings(settings, "exclude"),
        policies=None if isinstance(settings.get("policies"), dict) else _path(settings, "policies", folder),
        baseline=_path(settings, "baseline", folder),
        helpers=_helpers(settings, folder),
    )


def _helpers(settings: Mapping[str, object], folder: Path) -> tuple[Library, ...]:
    from mulligan_codemods.uses.mapped import helpers_of  # noqa: PLC0415 -- most projects map no helper

    found = settings.get("helpers")
    return helpers_of(_table("tool.mulligan.helpers", found), folder) if found is not None else ()


def _path(settings: Mapping[str, object], key: str, folder: Path) -> str | None:
    value = settings.get(key)
    if value is not None and not isinstance(value, str):
        raise ConfigError(f"tool.mulligan.{key}", value, "give the path of a file")
    return None if value is None else str(folder / value)


def _strings(settings: Mapping[str, object], key: str) -> tuple[str, ...]:
    value = settings.get(key, [])
    items = cast("list[object]", value) if isinstance(value, list) else [value]
    strings = tuple(item for item in items if isinstance(item, str))
    if not isinstance(value, list) or len(strings) != len(items):
        raise ConfigError(f"tool.mulligan.{key}", items, "give a list of strings")
    return strings
