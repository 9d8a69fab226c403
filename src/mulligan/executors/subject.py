"""What an executor takes: a policy, or something that puts guards and listeners around one.

Rules: an executor reads `plain` first; where it holds, nothing else is looked at until an attempt fails.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, TypeVar

from mulligan.errors import ConfigError
from mulligan.policy import Policy

if TYPE_CHECKING:
    from typing import Never, Protocol, TypeGuard

    from mulligan.audience import Audience
    from mulligan.guards.calm import Calm
    from mulligan.guards.protocol import AnyGuard

    V_contra = TypeVar("V_contra", contravariant=True)

    class Layered(Protocol[V_contra]):
        """A policy with guards and listeners around it."""

        @property
        def plain(self) -> bool:
            """Whether an attempt needs nothing beside the call: never, with something around it."""
            ...

        @property
        def timed(self) -> bool:
            """Whether an attempt needs nothing but a clock and to be published: never either."""
            ...

        @property
        def calm(self) -> Calm | None:
            """The shortcut past its guards, `None` where one of them must always be asked."""
            ...

        @property
        def policy(self) -> Policy[V_contra]:
            """The policy in the middle."""
            ...

        @property
        def guards(self) -> tuple[AnyGuard, ...]:
            """What may refuse an attempt."""
            ...

        @property
        def audience(self) -> Audience | None:
            """Who is told what happens, the listeners of every execution included; `None` where nobody is."""
            ...


__all__ = ["Subject", "policy_of", "serves"]

R = TypeVar("R")


Subject: TypeAlias = "Policy[R] | Layered[R]"


def policy_of(subject: Subject[R]) -> Policy[R]:
    """Answer the policy in the middle.

    Raises:
        ConfigError: when it is neither a policy nor a pipeline.
    """
    if isinstance(subject, Policy):
        return subject
    policy: object = getattr(subject, "policy", None)
    if isinstance(policy, Policy):
        return subject.policy
    raise ConfigError("policy", subject, "give a Policy or a Pipeline first")


def serves(subject: Subject[Never]) -> TypeGuard[Subject[object]]:
    """Tell whether it is a policy or a pipeline, and take it to judge any value: a decorator can't check more.

    >>> serves(Policy(retry_on=OSError))
    True
    """
    return isinstance(subject, Policy) or isinstance(getattr(subject, "policy", None), Policy)
