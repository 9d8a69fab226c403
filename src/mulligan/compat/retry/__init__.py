"""retry's interface on mulligan's engine: seconds. retry2's additions are here too.

Rules: the names are those of retry 0.9.2 and of retry2 0.9.5, whose `__init__` exports `retry_call` as well.
"""

import logging

from mulligan.compat.retry.api import retry, retry_call

__all__ = ["retry", "retry_call"]

log: logging.Logger = logging.getLogger("retry")
log.addHandler(logging.NullHandler())
