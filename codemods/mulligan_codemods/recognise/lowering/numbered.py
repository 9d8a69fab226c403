"""Effects that ask for the number of the attempt: `if left == 3: …`, `if attempt < limit: sleep(…)`.

Behind the last failure, and before a retry, such a test is settled: what it guards stands there alone, or not at all.

Rules: pure; a test that isn't settled stays as it is.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mulligan_codemods.recognise.numbers.limits import Never, limit, tested_number
from mulligan_codemods.recognise.numbers.sums import Sum
from mulligan_codemods.recognise.reading.endings import expanded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mulligan_codemods.recognise.reading.failure import Placed
    from mulligan_codemods.recognise.reading.reading import Reading

__all__ = ["at_last_failure", "before_retry"]


def at_last_failure(reading: Reading, each: Placed) -> Sequence[ast.stmt]:
    """Answer what an effect does at the last failure."""
    statement = each.step.statement
    if isinstance(statement, ast.If) and _only_at_last(reading, each):
        return statement.body
    return [] if _never_at_last(reading, each) or _only_before_last(reading, each) else [statement]


def before_retry(reading: Reading, each: Placed) -> Sequence[ast.stmt]:
    """Answer what an effect does at a failure that another attempt follows."""
    statement = each.step.statement
    if isinstance(statement, ast.If) and _only_before_last(reading, each):
        return statement.body
    return [] if _only_at_last(reading, each) else [statement]


def _only_at_last(reading: Reading, each: Placed) -> bool:
    """Tell whether an effect tests for the number of attempts that the last failure has, and no other."""
    at, last = _tested(reading, each), reading.end.attempts
    return isinstance(at, Sum) and last is not None and at.number is not None and at.number == last.number


def _never_at_last(reading: Reading, each: Placed) -> bool:
    """Tell whether an effect tests for a number of attempts that the last failure doesn't have."""
    at, last = _tested(reading, each), reading.end.attempts
    if isinstance(at, Never):
        return True
    return at is not None and last is not None and at.number is not None and last.number not in {at.number, None}


def _only_before_last(reading: Reading, each: Placed) -> bool:
    """Tell whether an effect tests that attempts are left: `if attempt < limit`."""
    last = reading.end.attempts
    match each.step.statement:
        case ast.If(test=ast.Compare() as test, orelse=[]) if last is not None and last.number != 1:
            at = limit(test, each.known, reading.place.names, negated=True)
        case _:
            return False
    return isinstance(at, Sum) and expanded(reading.place, at).equals(expanded(reading.place, last))


def _tested(reading: Reading, each: Placed) -> Sum | Never | None:
    return tested_number(each.step.statement, each.known, reading.place.names)
