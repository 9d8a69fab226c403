"""The compatibility flag: `MULLIGAN_MODE` says which code runs at a legacy site.

    MULLIGAN_MODE=legacy                                    every site runs the old code
    MULLIGAN_MODE='billing.*=shadow, *:fetch=modern, legacy'  the first rule that matches a site's name wins

Rules:
- A rule is `mode` or `glob=mode`; a site's name is `module:qualname`; a site that no rule matches is modern.
- The variable is read whenever a site runs, so a test may set it; its parsing is cached by its text.
- Only shims, helpers and staged sites read it; the engine never does.
"""

from __future__ import annotations

import os
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Final

from mulligan._value import Value
from mulligan.errors import ConfigError

__all__ = ["VARIABLE", "Mode", "Rule", "is_set", "mode_of", "parse"]

VARIABLE: Final = "MULLIGAN_MODE"
_KEY: Final = os.environ.encodekey(VARIABLE)


class Mode(StrEnum):
    """Which code runs at a site.

    >>> Mode("shadow")
    <Mode.SHADOW: 'shadow'>
    """

    MODERN = "modern"  # mulligan's engine behind the legacy interface
    LEGACY = "legacy"  # the original library, the original helper, the old code
    SHADOW = "shadow"  # the original decides and sleeps; the engine computes beside it


class Rule(Value, kw_only=False):
    """One rule of the flag.

    Args:
        glob: matched against a site's name, with `*`, `?` and `[...]`, case-sensitively.
        mode: what sites of such a name run.
    """

    glob: str
    mode: Mode


def mode_of(site: str) -> Mode:
    """Answer the mode of a site, as the environment says now.

    Args:
        site: the site's name, `module:qualname`.

    Raises:
        ConfigError: when the variable holds something that is no rule.

    >>> mode_of("billing.client:fetch")
    <Mode.MODERN: 'modern'>
    """
    return _matched(os.environ.get(VARIABLE, ""), site) if is_set() else Mode.MODERN


def is_set() -> bool:
    """Answer whether the variable is set at all.

    Every call at a legacy site asks this. Asking `os.environ` for what it lacks raises and catches an error inside,
    which takes longer than most of what a shim does; its dictionary answers at once.
    """
    data: object = getattr(os.environ, "_data", None)
    return _KEY in data if isinstance(data, dict) else VARIABLE in os.environ


@lru_cache(maxsize=4096)
def _matched(text: str, site: str) -> Mode:
    return next((rule.mode for rule in parse(text) if fnmatchcase(site, rule.glob)), Mode.MODERN)


@lru_cache(maxsize=64)
def parse(text: str) -> tuple[Rule, ...]:
    """Answer the rules that a text holds, in their order; empty entries count as none.

    Args:
        text: rules with commas between them.

    Raises:
        ConfigError: when an entry is no rule; it names the entry's wrong part.

    >>> parse("billing.*=legacy, shadow")
    (Rule(glob='billing.*', mode=<Mode.LEGACY: 'legacy'>), Rule(glob='*', mode=<Mode.SHADOW: 'shadow'>))
    """
    return tuple(_rule(entry.strip()) for entry in text.split(",") if entry.strip())


def _rule(entry: str) -> Rule:
    glob, equals, mode = entry.rpartition("=")
    if equals and not glob.strip():
        raise ConfigError(VARIABLE, entry, "give glob=mode, such as billing.*=legacy, or a mode alone")
    return Rule(glob.strip() or "*", _mode(mode.strip()))


def _mode(token: str) -> Mode:
    try:
        return Mode(token.lower())
    except ValueError:
        raise ConfigError(VARIABLE, token, f"no mode: give {', '.join(Mode)}, or glob=mode") from None
