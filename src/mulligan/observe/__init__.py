"""Listeners: what executions do, in logs, numbers and spans.

    from mulligan import observe

    observe.use(observe.Logging(), observe.Prometheus())       # every execution in this process

- `use(...)`: tell listeners of every execution; `Pipeline(policy, listeners=[...])` of one pipeline's.
- `Logging`, `Structlog`: one entry for each retry and one for each exhaustion.
- `Prometheus`, `OpenTelemetry`: numbers; OpenTelemetry spans of executions and attempts too.

Rules: a listener only observes, see `mulligan.audience`. A listener of another library is an extra, and imports it when
it is made.
"""

from mulligan.observe.to_logging import Logging
from mulligan.observe.to_otel import OpenTelemetry
from mulligan.observe.to_prometheus import Prometheus
from mulligan.observe.to_structlog import Structlog
from mulligan.observe.using import Use, use

__all__ = ["Logging", "OpenTelemetry", "Prometheus", "Structlog", "Use", "use"]
