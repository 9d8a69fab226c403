"""Decorators that retry under a policy and call what migrated code gave its library, as the library did.

`mulligan migrate` writes them where a use has callbacks, a logger or an error of its own; elsewhere `mulligan.retry` is
all that is needed. One for each library:

- `retry_calling`: tenacity's `before`, `after`, `before_sleep`, and its (and retrying's) `RetryError`;
- `retry_telling`: backoff's `on_success`, `on_backoff`, `on_giveup` and its logger;
- `retry_logging`: retry's logger.

Rules: the policy decides; a callback only learns. What a callback raises is raised. None of the libraries is imported
here; an error class of theirs is a parameter.
"""

from mulligan.compat.callbacks.backoff import retry_telling
from mulligan.compat.callbacks.retry import retry_logging
from mulligan.compat.callbacks.tenacity import CallState, retry_calling

__all__ = ["CallState", "retry_calling", "retry_logging", "retry_telling"]
