"""Named policies and what an operator may change about them from outside.

- `define(Policy(name="billing.fetch", ...))` registers a policy and answers it with the operator's overrides applied:
  `MULLIGAN_POLICY_BILLING_FETCH__MAX_ATTEMPTS=2`. In a variable's name every character of the policy's name that is no
  letter or digit becomes `_`.
- `MULLIGAN_DISABLED=1` makes every policy a single attempt.

Rules: the environment is read at import and by `reload()`, never in an execution. Only limits can be overridden, never
what is retried. A wrong override is a `ConfigError` when its policy is defined. A policy that was defined before a
`reload` is a value and stays as it was; `policies()` answers the new one.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final, TypeVar

from mulligan.errors import ConfigError
from mulligan.executors import switch
from mulligan.policy import UNLIMITED, Policy

if TYPE_CHECKING:
    from typing import Never

    from mulligan.policy import Unlimited

__all__ = ["define", "policies", "reload"]

V = TypeVar("V")
PREFIX: Final = "MULLIGAN_POLICY_"
OVERRIDABLE: Final = ("MAX_ATTEMPTS", "TIMEOUT", "ATTEMPT_TIMEOUT", "STOP_AFTER")

_overrides: dict[str, str] = {}
_defined: dict[str, Policy[Never]] = {}


def define(policy: Policy[V]) -> Policy[V]:
    """Register a named policy and answer it with the operator's overrides applied.

    Args:
        policy: a policy with a name.

    Raises:
        ConfigError: when it has no name, another policy has the same name in the environment's spelling, or an
            override can't be used.

    >>> define(Policy(name="docs.define", retry_on=OSError)).name
    'docs.define'
    """
    variable = _variable(policy.name)
    for name, other in _defined.items():
        if _variable(name) == variable and other != policy:
            remedy = "the name is taken" if name == policy.name else f"the environment can't tell it from {name!r}"
            raise ConfigError("name", policy.name, f"{remedy}: give each policy a name of its own")
    overridden = _overridden(policy, variable)
    _defined[policy.name] = policy
    return overridden


def policies() -> tuple[Policy[Never], ...]:
    """Answer the defined policies in the order of their definition, with the overrides as they were read last.

    Raises:
        ConfigError: when an override can't be used.
    """
    return tuple(_overridden(policy, _variable(policy.name)) for policy in _defined.values())


def reload() -> None:
    """Read the operator's switches and overrides from the environment again.

    Raises:
        ConfigError: when `MULLIGAN_DISABLED` holds neither yes nor no.
    """
    switch.read()
    _overrides.clear()
    _overrides.update((name, text) for name, text in os.environ.items() if name.startswith(PREFIX))


def _variable(name: str) -> str:
    if not name:
        raise ConfigError("name", name, "give the policy a name: operators address it by that")
    return (
        PREFIX
        + "".join(character if character.isascii() and character.isalnum() else "_" for character in name).upper()
    )


def _overridden(policy: Policy[V], variable: str) -> Policy[V]:
    for name, text in sorted(_overrides.items()):
        prefix, _, field = name.rpartition("__")
        if prefix == variable:
            policy = _override(policy, name, field, text)
    return policy


def _override(policy: Policy[V], name: str, field: str, text: str) -> Policy[V]:
    try:
        return _changed(policy, field, text.strip())
    except ConfigError as error:
        raise ConfigError(name, text, error.remedy) from None


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


reload()
