"""A real HTTP server on loopback that fails as it is told to.

- `replies`: what the server can do with a request, as values.
- `program`: which reply a request gets; the log of what was asked and answered.
- `serving`: the sockets and threads.

Rules: standard library alone; nothing listens beyond 127.0.0.1.
"""

from mulligan.testing.server.program import Exchange, Request, throttled
from mulligan.testing.server.replies import Reply, http_date, reset, respond
from mulligan.testing.server.serving import FaultServer

__all__ = ["Exchange", "FaultServer", "Reply", "Request", "http_date", "reset", "respond", "throttled"]
