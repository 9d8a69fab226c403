"""What a site is called: `module:qualname` of the operation that is retried there."""

from __future__ import annotations

from functools import partial

__all__ = ["site_name"]


def site_name(operation: object) -> str:
    """Answer the name of the site that retries this operation.

    A partial is named after what it calls, an object that is called after its class.

    >>> from operator import attrgetter
    >>> site_name(site_name), site_name(partial(site_name)), site_name(attrgetter("name"))
    ('mulligan.compat.sites:site_name', 'mulligan.compat.sites:site_name', 'operator:attrgetter')
    """
    while isinstance(operation, partial):
        operation = operation.func
    named = operation if hasattr(operation, "__qualname__") else type(operation)
    return f"{getattr(named, '__module__', None) or '?'}:{getattr(named, '__qualname__', '?')}"
