"""Policies that are nearly equal: a hint that one of them may have been meant to be the other.

Rules: pure; only policies that hold nothing but numbers, within one package, that differ in one field alone.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from mulligan_codemods.central.homes import package_of
from mulligan_codemods.central.render import fixed_fields, symbolic_fields

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mulligan_codemods.rows import Row

__all__ = ["nearly_equal"]

VARYING = ("max_attempts", "schedule")
MOST = 5
"""How many hints are told."""


def nearly_equal(rows: tuple[Row, ...]) -> tuple[str, ...]:
    """Answer a sentence for each group of policies that differ in one field alone."""
    groups: defaultdict[tuple[str, str, frozenset[tuple[str, str]]], dict[str, str]] = defaultdict(dict)
    for row in rows:
        for varying, rest, value in _views(row):
            groups[package_of(row.site.path), varying, rest].setdefault(value, _label(row))
    found = [_sentence(varying, values) for (_, varying, _), values in groups.items() if len(values) > 1]
    return tuple(found[:MOST])


def _views(row: Row) -> Iterator[tuple[str, frozenset[tuple[str, str]], str]]:
    """Yield each field that may vary, the other fields, and its value."""
    if row.site.lowered is None or symbolic_fields(row.site.lowered.parameters):
        return
    fields = dict(fixed_fields(row.site.lowered.parameters))
    for varying in VARYING:
        if varying in fields:
            yield varying, frozenset((name, text) for name, text in fields.items() if name != varying), fields[varying]


def _label(row: Row) -> str:
    return row.policy or f"{row.site.path}:{row.site.span.line}"


def _sentence(varying: str, values: dict[str, str]) -> str:
    told = ", ".join(f"{label} ({value})" for value, label in sorted(values.items()))
    return f"differ only in {varying}: {told}"
