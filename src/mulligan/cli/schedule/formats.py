"""The rows of a schedule for other programs: JSON and CSV, numbers in seconds, in full."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

from mulligan._value import field_names
from mulligan.cli.schedule.rows import Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mulligan.schedules import BaseSchedule

__all__ = ["as_csv", "as_json"]


def _record(row: Row) -> dict[str, object]:
    return {name: getattr(row, name) for name in field_names(row)}


def as_json(schedule: BaseSchedule, seed: int, rows: Sequence[Row]) -> str:
    """Answer the rows as a JSON document.

    Args:
        schedule: what the rows are of.
        seed: what the delays were drawn with.
        rows: one a retry.
    """
    document = {"version": 1, "schedule": repr(schedule), "seed": seed, "retries": [_record(row) for row in rows]}
    return json.dumps(document, indent=2)


def as_csv(rows: Sequence[Row]) -> str:
    """Answer the rows as CSV with a line of names.

    Args:
        rows: one a retry.
    """
    text = io.StringIO()
    writer = csv.DictWriter(text, field_names(Row), lineterminator="\n")
    writer.writeheader()
    writer.writerows(_record(row) for row in rows)
    return text.getvalue().rstrip("\n")
