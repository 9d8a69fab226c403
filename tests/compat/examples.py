"""How many examples the comparisons with the originals draw: 200, and 2,000 in long runs."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

EXAMPLES = settings(
    max_examples=max(200, settings.default.max_examples if settings.default else 0),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
