"""What `mulligan explain POLICY` is about: a name in a file, `module:NAME`, or an expression.

Rules: an expression and a file are parsed and nothing they name is imported. `module:NAME` imports that module, because
the user asks for it by name; the current folder comes first on the path, as for `python -m`.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeGuard

from mulligan._value import Value
from mulligan.cli.policies.nearest import policies_file
from mulligan.errors import ConfigError
from mulligan.explain import read_policy
from mulligan.guards import Budget
from mulligan.pipeline import Pipeline
from mulligan.policy import Policy

if TYPE_CHECKING:
    from typing import Never

__all__ = ["Subject", "subject"]

_REFERENCE: Final = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*:[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_NAME: Final = re.compile(r"[\w.-]+")
_OTHERWISE: Final = "or give --file, module:NAME, or an expression such as 'Policy(max_attempts=5)'"


class Subject(Value):
    """A policy to be explained.

    Args:
        policy: the policy.
        title: what to call it.
        origin: where it comes from; empty for an expression.
        budgeted: whether a retry budget bounds its load.
        ignored: codes that its file leaves out for it.
    """

    policy: Policy[Never]
    title: str
    origin: str
    budgeted: bool = False
    ignored: tuple[str, ...] = ()


def subject(text: str, file: Path | None) -> Subject:
    """Answer the policy that a text means.

    Args:
        text: a name, `module:NAME`, or an expression.
        file: where to look names up; the nearest file of policies when left out.

    Raises:
        ConfigError: when it means none; an ExpressionError says where.
    """
    if _REFERENCE.fullmatch(text):
        return _imported(text)
    if _NAME.fullmatch(text):
        return _in_file(text, file)
    policy = read_policy(text)
    return Subject(policy=policy, title=policy.name or " ".join(text.split()), origin="")


def _imported(text: str) -> Subject:
    from mulligan.config.file.names import Unimportable, imported

    sys.path.insert(0, str(Path.cwd()))
    try:
        found = imported(text)
    except Unimportable as error:
        raise ConfigError("policy", text, str(error)) from error
    finally:
        del sys.path[0]
    if _is_pipeline(found):
        budgeted = any(isinstance(guard, Budget) for guard in found.guards)
        return Subject(policy=found.policy, title=found.policy.name or text, origin=text, budgeted=budgeted)
    if _is_policy(found):
        return Subject(policy=found, title=found.name or text, origin=text)
    raise ConfigError("policy", text, f"it is {type(found).__name__}: name a Policy or a Pipeline")


def _is_pipeline(found: object) -> TypeGuard[Pipeline[Never]]:
    return isinstance(found, Pipeline)


def _is_policy(found: object) -> TypeGuard[Policy[Never]]:
    return isinstance(found, Policy)


def _in_file(name: str, file: Path | None) -> Subject:
    from mulligan.config.file.complaints import guess
    from mulligan.config.file.document import read_file
    from mulligan.config.overrides import overridden

    try:
        path = policies_file(file)
    except ConfigError as error:
        raise ConfigError("policy", name, f"{error.remedy}, {_OTHERWISE}") from None
    document = read_file(path)
    entry = document.entry(name)
    if entry is None:
        names = [each.name for each in document.entries]
        remedy = guess(name, names) or (f": use one of {', '.join(names)}" if names else "")
        raise ConfigError("policy", name, f"{path} has no policy of this name{remedy}")
    ignored = entry.table.ignore
    return Subject(
        policy=overridden(entry.outline),
        title=name,
        origin=f"{path}:{entry.line}",
        budgeted=entry.budgeted,
        ignored=tuple(ignored) if isinstance(ignored, list) else (),
    )
