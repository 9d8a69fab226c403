"""The accounting models by name: how many retries a budget pays for, and out of what.

Rules: every refusal is a `ConfigError` with field, value and remedy; the figures that a source gives are the defaults.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mulligan.errors import ConfigError
from mulligan.guards.arguments import at_least, positive, share, whole
from mulligan.guards.budget.transitions import THOUSAND, Deposit, Quota, TokenRatio

if TYPE_CHECKING:
    from datetime import timedelta

    from mulligan.guards.budget.states import Accounting

__all__ = ["deposit", "quota", "retry_share", "token_ratio"]


def deposit(*, ttl: float | timedelta = 10.0, ratio: float = 0.2, reserve: float = 10.0) -> Accounting:
    """Let each execution put in, each retry take out, and forget both after a while (Finagle, Linkerd).

    An execution puts in 1000, a retry takes out 1000 / ratio; the reserve is worth that many retries a second.

    Args:
        ttl: seconds after which what was put in or taken out is forgotten.
        ratio: how many retries an execution pays for, above 0 and up to 1.
        reserve: retries for each second of the ttl that need no executions.

    Raises:
        ConfigError: when an argument can't be used.

    >>> from mulligan.guards import Budget
    >>> Budget("billing", deposit()).level()
    500000.0
    """
    seconds = positive("ttl", ttl)
    withdrawal = float(THOUSAND) / share("ratio", ratio)
    kept = at_least("reserve", reserve, 0) * seconds * withdrawal
    return Deposit(window=seconds, buckets=10, amount=float(THOUSAND), withdrawal=withdrawal, reserve=kept)


def retry_share(*, most: float = 0.1, ttl: float | timedelta = 120.0) -> Accounting:
    """Let a retry be made only while retries are less than a share of all requests (Google SRE, "Handling Overload").

    A deposit in other words: with r retries and e executions, r / (e + r) < most where e - r * (1 / most - 1) > 0.

    Args:
        most: the share that retries stay below, above 0 and below 1.
        ttl: seconds that are looked back on.

    Raises:
        ConfigError: when an argument can't be used.

    >>> from mulligan.guards import Budget
    >>> Budget("billing", retry_share()).level()
    8999.0
    """
    if share("most", most) == 1:
        raise ConfigError("most", most, "give a share below 1")
    withdrawal = float(round(THOUSAND * (1 / most - 1)))
    return Deposit(
        window=positive("ttl", ttl), buckets=10, amount=float(THOUSAND), withdrawal=withdrawal, reserve=withdrawal - 1
    )


def token_ratio(*, max_tokens: int = 10, ratio: float = 0.1) -> Accounting:
    """Take a token out for each failure, put a part of one in for each success, and retry above half (gRPC A6).

    Args:
        max_tokens: how many tokens there are at first and at most, 1 to 1000.
        ratio: what a success puts in, counted in thousandths.

    Raises:
        ConfigError: when an argument can't be used.

    >>> from mulligan.guards import Budget
    >>> Budget("billing", token_ratio()).level()
    10.0
    """
    most = whole("max_tokens", max_tokens, 1) * THOUSAND
    return TokenRatio(most=most, credit=int(at_least("ratio", ratio, 0.001) * THOUSAND + 1e-6))


def quota(*, capacity: int = 500, cost: int = 14, throttling_cost: int = 5, credit: int = 1) -> Accounting:
    """Take the cost of a retry out of a quota, and put it back in if the retry succeeds (AWS, Retries 2.1).

    Args:
        capacity: how many tokens there are at first and at most.
        cost: tokens of a retry.
        throttling_cost: tokens of a retry after the other side said that it is too much.
        credit: tokens that a success at the first attempt puts in.

    Raises:
        ConfigError: when an argument can't be used.

    >>> from mulligan.guards import Budget
    >>> Budget("billing", quota()).level()
    500.0
    """
    return Quota(
        capacity=whole("capacity", capacity, 1),
        cost=whole("cost", cost, 1),
        throttling_cost=whole("throttling_cost", throttling_cost, 1),
        credit=whole("credit", credit, 0),
    )
