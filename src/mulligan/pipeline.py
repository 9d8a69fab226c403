"""A policy with guards and listeners around it.

Rules: what is stateful stays here, outside the policy. A pipeline is accepted wherever a policy is. Guards are asked in
the order in which they are given; listeners only observe.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from mulligan import audience as audiences
from mulligan.audience import Audience
from mulligan.errors import ConfigError
from mulligan.guards.calm import calm_of
from mulligan.guards.simple import is_guard
from mulligan.policy import Policy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mulligan.events import Listener
    from mulligan.guards.calm import Calm
    from mulligan.guards.protocol import AnyGuard

__all__ = ["Pipeline"]

V_contra = TypeVar("V_contra", contravariant=True)


class Pipeline(Generic[V_contra]):
    """Put guards and listeners around a policy.

    Args:
        policy: the policy.
        guards: what may refuse an attempt, or a retry. Breakers and throttles are asked before every attempt, budgets
            before every retry, each in the order given.
        listeners: who is told what happens, each fact once, beside the listeners of every execution that
            `mulligan.observe.use` names.

    Raises:
        ConfigError: when an argument can't be used.

    >>> from mulligan import execute
    >>> seen = []
    >>> pipeline = Pipeline(Policy(name="billing.fetch", retry_on=OSError), listeners=[seen.append])
    >>> execute(pipeline, max, 1, 2)
    2
    >>> seen[0].policy, seen[0].reason
    ('billing.fetch', <Reason.ACCEPTED: 'accepted'>)
    """

    policy: Policy[V_contra]
    guards: tuple[AnyGuard, ...]
    listeners: tuple[Listener, ...]
    plain: bool
    timed: bool
    calm: Calm | None

    __slots__ = ("_audience", "_joined", "calm", "guards", "listeners", "plain", "policy", "timed")

    def __init__(
        self, policy: Policy[V_contra], *, guards: Iterable[AnyGuard] = (), listeners: Iterable[Listener] = ()
    ) -> None:
        _refuse_other(policy)
        self.plain = self.timed = False
        self.policy = policy
        self.guards = tuple(guards)
        self._audience: Audience | None = Audience(listeners)
        self._joined: tuple[Audience, Audience] | None = None
        self.listeners = self._audience.listeners
        if not self.listeners:
            self._audience = None
        for guard in self.guards:
            if not is_guard(guard):
                raise ConfigError("guards", guard, "give breakers, budgets or other objects with an admit method")
        self.calm = calm_of(self.guards) if policy.plain and self.guards and not self.listeners else None

    @property
    def audience(self) -> Audience | None:
        """Who is told what happens, the listeners of every execution included; `None` where nobody is."""
        everywhere = audiences.everywhere
        if everywhere is None or self._audience is None:
            return self._audience or everywhere
        known = self._joined
        if known is None or known[0] is not everywhere:
            self._joined = known = (everywhere, self._audience.joined(everywhere))
        return known[1]

    def __repr__(self) -> str:
        return f"Pipeline({self.policy!r}, guards={self.guards!r}, listeners={self.listeners!r})"


def _refuse_other(policy: object) -> None:
    if not isinstance(policy, Policy):
        raise ConfigError("policy", policy, "give a Policy")
