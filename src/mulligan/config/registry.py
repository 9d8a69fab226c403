"""The named policies of a process: those that code defined, and those that files hold.

Rules: a name is taken once, whoever took it, in the spelling of the environment too. A policy that was handed out is a
value and stays as it was; `policies()` and `policy()` answer the new one after a `reload`. What a file holds is
replaced whole or not at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from mulligan.config import overrides
from mulligan.errors import ConfigError
from mulligan.executors import switch

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Never

    from mulligan.config.problems import Problem
    from mulligan.guards.protocol import AnyGuard
    from mulligan.policy import Policy

__all__ = ["PolicyFile", "add_file", "check_free", "define", "defined", "files", "policies", "reload"]

V = TypeVar("V")


class PolicyFile(Protocol):
    """A file of policies, as far as the registry needs to know it."""

    @property
    def path(self) -> Path:
        """Where it is."""
        ...

    @property
    def names(self) -> tuple[str, ...]:
        """The policies' names, in their order."""
        ...

    def policy(self, name: str) -> Policy[Never]:
        """Answer one of them, as it was written."""
        ...

    def guards(self, name: str) -> tuple[AnyGuard, ...]:
        """Answer the guards that the file gives one of them."""
        ...

    def reread(self) -> tuple[Problem, ...]:
        """Read them again; answer why they were left as they were, and nothing where they weren't."""
        ...


_defined: dict[str, Policy[Never]] = {}
_files: list[PolicyFile] = []


def define(policy: Policy[V]) -> Policy[V]:
    """Register a named policy and answer it with the operator's overrides applied.

    Args:
        policy: a policy with a name.

    Raises:
        ConfigError: when it has no name, another policy has the same name in the environment's spelling, or an
            override can't be used.

    >>> from mulligan import Policy
    >>> define(Policy(name="docs.define", retry_on=OSError)).name
    'docs.define'
    """
    if _defined.get(policy.name) != policy:
        check_free(policy.name)
    answer = overrides.overridden(policy)
    _defined[policy.name] = policy
    return answer


def check_free(name: str, *, besides: PolicyFile | None = None) -> None:
    """Refuse a name that another policy has, or that the environment can't tell from another's.

    Args:
        name: the policy's.
        besides: a file whose names don't count.

    Raises:
        ConfigError: when it is taken.
    """
    spelled = overrides.variable(name)
    taken = [*_defined, *(each for file in _files if file is not besides for each in file.names)]
    for other in taken:
        if overrides.variable(other) == spelled:
            remedy = "the name is taken" if name == other else f"the environment can't tell it from {other!r}"
            raise ConfigError("name", name, f"{remedy}: give each policy a name of its own")


def defined(name: str) -> Policy[Never] | None:
    """Answer the policy that code defined under this name, with the overrides as they were read last.

    Raises:
        ConfigError: when an override can't be used.
    """
    policy = _defined.get(name)
    return None if policy is None else overrides.overridden(policy)


def policies() -> tuple[Policy[Never], ...]:
    """Answer the defined policies in the order of their definition, with the overrides as they were read last.

    Those of loaded files come after those of the code.

    Raises:
        ConfigError: when an override can't be used, or what a file's policy names can't be imported.
    """
    from_files = (file.policy(name) for file in _files for name in file.names)
    return tuple(overrides.overridden(policy) for policy in (*_defined.values(), *from_files))


def files() -> tuple[PolicyFile, ...]:
    """Answer the files that were loaded, in their order."""
    return tuple(_files)


def add_file(file: PolicyFile) -> None:
    """Take the policies of a file.

    Raises:
        ConfigError: when one of its names is taken.
    """
    for name in file.names:
        check_free(name, besides=file)
    _files.append(file)


def reload() -> tuple[Problem, ...]:
    """Read the operator's switches and overrides, and the files that were loaded, again.

    A file with a problem leaves its policies as they were; that is logged at ERROR, and its problems are the answer.

    Raises:
        ConfigError: when `MULLIGAN_DISABLED` holds neither yes nor no.

    >>> reload()
    ()
    """
    switch.read()
    overrides.read()
    return tuple(problem for file in _files for problem in file.reread())
