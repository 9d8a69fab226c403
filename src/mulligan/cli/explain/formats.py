"""An explanation for other programs: JSON, times in seconds, `null` where nothing limits a figure."""

from __future__ import annotations

import json
from math import isfinite
from typing import TYPE_CHECKING

from mulligan.explain import SHARES
from mulligan.explain.rules import title

if TYPE_CHECKING:
    from mulligan.cli.explain.subjects import Subject
    from mulligan.explain import Explanation, Figure, RetryRow

__all__ = ["as_json"]


def as_json(about: Subject, found: Explanation) -> str:
    """Answer the explanation as a JSON document."""
    conditions = found.conditions
    document = {
        "version": 1,
        "name": about.title,
        "origin": about.origin or None,
        "policy": repr(found.policy),
        "conditions": {
            "failure_rate": conditions.failure_rate,
            "latency": conditions.latency,
            "layers": conditions.layers,
        },
        "retries": [_row(row) for row in found.rows],
        "max_attempts": _finite(found.policy.attempt_limit),
        "most_attempts": _finite(found.most),
        "fewest_attempts": _finite(found.fewest),
        "worst_case": _figure(found.worst_case),
        "expected_time": _figure(found.expected_time),
        "expected_attempts": _figure(found.expected_attempts),
        "success": _figure(found.success),
        "timeout": {"reached": found.timeout, "share": _figure(found.timeout_share)},
        "amplification": _figure(found.amplification),
        "outage_amplification": _figure(found.outage_amplification),
        "findings": [
            {"code": each.code, "title": title(each.code), "message": each.message} for each in found.findings
        ],
    }
    return json.dumps(document, indent=2)


def _row(row: RetryRow) -> dict[str, object]:
    quantiles = {f"p{share * 100:g}": _finite(value) for share, value in zip(SHARES, row.quantiles, strict=True)}
    return {
        "retry": row.retry,
        "least": row.least,
        **quantiles,
        "greatest": _finite(row.greatest),
        "mean": row.mean,
        "exact": row.exact,
    }


def _figure(figure: Figure) -> dict[str, object]:
    return {"value": _finite(figure.value), "exact": figure.exact}


def _finite(value: float) -> float | None:
    return value if isfinite(value) else None
