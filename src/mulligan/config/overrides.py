"""What the environment changes about named policies: `MULLIGAN_POLICY_BILLING_FETCH__MAX_ATTEMPTS=2`.

Rules: in a variable's name every character of the policy's name that is no letter or digit becomes `_`. Only limits
can be overridden, never what is retried. The environment is read by `read`, at import and by `reload()`. Each override
that takes effect is logged once, at INFO, by the logger `mulligan.config`.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final, TypeVar

from mulligan.errors import ConfigError
from mulligan.policy import UNLIMITED

if TYPE_CHECKING:
    from mulligan.policy import Policy, Unlimited

__all__ = ["OVERRIDABLE", "overridden", "read", "unknown", "variable"]

V = TypeVar("V")
PREFIX: Final = "MULLIGAN_POLICY_"
OVERRIDABLE: Final = ("MAX_ATTEMPTS", "TIMEOUT", "ATTEMPT_TIMEOUT", "STOP_AFTER")

_overrides: dict[str, str] = {}
_logged: set[tuple[str, str]] = set()


def read() -> None:
    """Read the overrides from the environment."""
    _overrides.clear()
    _overrides.update((name, text) for name, text in os.environ.items() if name.startswith(PREFIX))


def variable(name: str) -> str:
    """Answer what the variables of a policy begin with.

    Args:
        name: the policy's name.

    Raises:
        ConfigError: when it has none.

    >>> variable("billing.fetch")
    'MULLIGAN_POLICY_BILLING_FETCH'
    """
    if not name:
        raise ConfigError("name", name, "give the policy a name: operators address it by that")
    spelled = "".join(character if character.isascii() and character.isalnum() else "_" for character in name)
    return f"{PREFIX}{spelled.upper()}"


def unknown(names: tuple[str, ...]) -> tuple[str, ...]:
    """Answer the variables that override none of these policies.

    Args:
        names: of policies.
    """
    known = {variable(name) for name in names}
    return tuple(name for name in sorted(_overrides) if name.rpartition("__")[0] not in known)


def overridden(policy: Policy[V]) -> Policy[V]:
    """Answer the policy with the operator's overrides applied.

    Args:
        policy: one with a name.

    Raises:
        ConfigError: when an override can't be used; its field is the variable.
    """
    mine = variable(policy.name)
    for name, text in sorted(_overrides.items()):
        prefix, _, field = name.rpartition("__")
        if prefix == mine:
            policy = _override(policy, name, field, text)
    return policy


def _override(policy: Policy[V], name: str, field: str, text: str) -> Policy[V]:
    try:
        changed = _changed(policy, field, text.strip())
    except ConfigError as error:
        raise ConfigError(name, text, error.remedy) from None
    _log(policy.name, field.lower(), getattr(policy, field.lower()), name, text)
    return changed


def _log(policy: str, field: str, before: object, name: str, text: str) -> None:
    if (name, text) in _logged:
        return
    _logged.add((name, text))
    from logging import getLogger  # noqa: PLC0415 - most processes override nothing

    getLogger("mulligan.config").info("%s: %s is overridden by %s=%s (it was %s)", policy, field, name, text, before)


def _changed(policy: Policy[V], field: str, text: str) -> Policy[V]:
    match field:
        case "MAX_ATTEMPTS":
            return policy.replace(max_attempts=_attempts(text))
        case "TIMEOUT":
            return policy.replace(timeout=_seconds(text))
        case "ATTEMPT_TIMEOUT":
            return policy.replace(attempt_timeout=_seconds(text))
        case "STOP_AFTER":
            return policy.replace(stop_after=_seconds(text))
        case _:
            raise ConfigError("field", field, f"no field to override: give one of {', '.join(OVERRIDABLE)}")


def _attempts(text: str) -> int | Unlimited:
    if text.lower() == "unlimited":
        return UNLIMITED
    if not (text.isascii() and text.isdigit()):
        raise ConfigError("max_attempts", text, "give a whole number from 1, or unlimited")
    return int(text)


def _seconds(text: str) -> float | None:
    if text.lower() == "none":
        return None
    try:
        return float(text)
    except ValueError:
        raise ConfigError("seconds", text, "give a number of seconds above 0, or none") from None


read()
