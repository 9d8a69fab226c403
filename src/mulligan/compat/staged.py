"""Staged sites: what the old code asks before it runs, until `mulligan migrate --finalize` removes it.

Rules: the answer is read from the flag whenever the site runs. A staged site has no engine to put beside the old code,
so `shadow` runs the old code there, as it does everywhere.
"""

from __future__ import annotations

from mulligan.compat.flag import Mode, mode_of

__all__ = ["legacy_here"]


def legacy_here(site: str, /) -> bool:
    """Answer whether the old code is to run at a staged site.

    Args:
        site: the site's name, `module:qualname`, written out so that it stays the same when code moves.

    Raises:
        ConfigError: when `MULLIGAN_MODE` holds something that is no rule.

    >>> import os
    >>> os.environ["MULLIGAN_MODE"] = "billing.*=legacy"
    >>> legacy_here("billing.client:fetch"), legacy_here("mail.client:send")
    (True, False)
    >>> del os.environ["MULLIGAN_MODE"]
    >>> legacy_here("billing.client:fetch")
    False
    """
    return mode_of(site) is not Mode.MODERN
