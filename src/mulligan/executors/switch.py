"""The operator's switch: `MULLIGAN_DISABLED=1` makes every policy a single attempt.

Rules: the environment is read at import and by `mulligan.config.reload()`, never in an execution. The switch is looked
at after a failure only.
"""

from __future__ import annotations

import os

from mulligan.errors import ConfigError

__all__ = ["VARIABLE", "disabled", "read"]

VARIABLE = "MULLIGAN_DISABLED"
_ANSWERS = {
    "": False,
    "0": False,
    "false": False,
    "no": False,
    "off": False,
    "1": True,
    "true": True,
    "yes": True,
    "on": True,
}


def read() -> None:
    """Read the switch from the environment.

    Raises:
        ConfigError: when the variable holds neither yes nor no.
    """
    global disabled  # noqa: PLW0603 - the switch is one for the process by definition
    disabled = _parsed(os.environ.get(VARIABLE, ""))


def _parsed(text: str) -> bool:
    answer = _ANSWERS.get(text.strip().lower())
    if answer is None:
        raise ConfigError(VARIABLE, text, "give 1 to make every policy a single attempt, or 0")
    return answer


disabled: bool = False
read()
