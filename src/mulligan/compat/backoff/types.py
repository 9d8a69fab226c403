"""backoff's `backoff.types`: what handlers are given."""

from mulligan.compat.backoff._typing import Details

__all__ = ["Details"]
