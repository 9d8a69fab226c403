"""Presets: what large providers prescribe for their clients, each a pipeline of a policy and its guards.

- `aws_standard()`: AWS's retry mode: backoff by the kind of error, a quota, the service's hint.
- `grpc_a6()`: gRPC's retries: backoff, tokens, the server's pushback.
- `sre()`: Google's rules for clients: three attempts, few retries, the adaptive throttle.

Rules: a preset's numbers are those of its source, which its docstring names, and tests hold them against it. A preset
makes new guards each time: make it once for each service, and share that.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mulligan.presets.amazon import aws_standard
    from mulligan.presets.google import sre
    from mulligan.presets.grpc import grpc_a6
else:
    from mulligan import _later

    __getattr__, __dir__ = _later.served(globals(), {"aws_standard": "amazon", "grpc_a6": "grpc", "sre": "google"})

__all__ = ["aws_standard", "grpc_a6", "sre"]
