"""What retries of HTTP requests share, whatever the client.

- `server_hint(headers, now)`: when the server wants to be asked again, as a `ServerHint`.
- `repeatable()`: say that the requests inside may be sent again, or that they may not.
- `Repeating`: a client's rules for that. `IDEMPOTENT_METHODS` are those that may unless told otherwise.
- `resend_count()`, `mark_resend`, `mark_resend_async`: how often the request that is being sent was sent before.
- `Kind`: what an error says about its request. `TRANSIENT_STATUSES`: the statuses that another attempt may mend.
- `BodyConsumed`: a request was to be sent again, and its body is a stream that was read.

Rules: standard library alone.
"""

from mulligan.integrations.http.hints import LONGEST_HINT, ServerHint, server_hint
from mulligan.integrations.http.judging import TRANSIENT_STATUSES
from mulligan.integrations.http.kinds import Kind
from mulligan.integrations.http.repeating import IDEMPOTENT_METHODS, BodyConsumed, Repeating, repeatable
from mulligan.integrations.http.resends import mark_resend, mark_resend_async, resend_count

__all__ = [
    "IDEMPOTENT_METHODS",
    "LONGEST_HINT",
    "TRANSIENT_STATUSES",
    "BodyConsumed",
    "Kind",
    "Repeating",
    "ServerHint",
    "mark_resend",
    "mark_resend_async",
    "repeatable",
    "resend_count",
    "server_hint",
]
