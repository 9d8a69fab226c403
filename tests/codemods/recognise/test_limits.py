"""The number of attempts, in the many spellings of a last attempt."""

from __future__ import annotations

from textwrap import indent

import pytest
from mulligan_codemods.lowered import Symbol

from tests.codemods.rewriting import sites_of

LOOP = """
import time

LIMIT = 3


def fetch(url, n):
    {before}
    {head}:
        {lead}
        try:
            return get(url)
        except OSError:
{handler}
"""


def attempts(head: str, handler: str, before: str = "pass", lead: str = "") -> object:
    """Answer the number of attempts that is recognised, or the code of the refusal."""
    text = LOOP.format(head=head, handler=indent(handler, " " * 12), before=before, lead=lead)
    (site,) = sites_of(text)
    if site.lowered is None:
        assert site.reason is not None
        return site.reason.code
    limit = site.lowered.parameters.max_attempts
    return limit.text if isinstance(limit, Symbol) else limit


@pytest.mark.parametrize(
    ("head", "last", "expected"),
    [
        ("for i in range(5)", "i == 4", 5),
        ("for i in range(5)", "i >= 4", 5),
        ("for i in range(5)", "i > 3", 5),
        ("for i in range(5)", "i + 1 == 5", 5),
        ("for i in range(5)", "i == 5 - 1", 5),
        ("for i in range(5)", "5 - i <= 1", 5),
        ("for i in range(5)", "4 == i", 5),
        ("for i in range(5)", "not i < 4", 5),
        ("for i in range(5)", "i == 2", 3),
        ("for i in range(0, 5)", "i == 4", 5),
        ("for i in range(1, 6)", "i == 5", 5),
        ("for i in range(LIMIT)", "i == LIMIT - 1", 3),
        ("for i in range(n)", "i == n - 1", "n"),
        ("for i in range(n)", "i + 1 >= n", "n"),
        ("for i in range(n + 1)", "i == n", "n + 1"),
        ("for i in range(1, n + 1)", "i == n", "n"),
        ("for i in range(4, -1, -1)", "i == 0", 5),
        ("for i in range(n - 1, -1, -1)", "not i", "n"),
        ("for i in reversed(range(5))", "not i", 5),
        ("for i in reversed(range(n))", "i == 0", "n"),
    ],
)
def test_the_last_attempt_of_a_range(head: str, last: str, expected: object) -> None:
    assert attempts(head, f"if {last}:\n    raise\ntime.sleep(1)") == expected


@pytest.mark.parametrize(
    ("before", "handler", "expected"),
    [
        ("t = 0", "t += 1\nif t >= 3:\n    raise\ntime.sleep(1)", 3),
        ("t = 0", "t += 1\nif t > 3:\n    raise\ntime.sleep(1)", 4),
        ("t = 0", "if t >= 3:\n    raise\nt = t + 1\ntime.sleep(1)", 4),
        ("t = 1", "if t == n:\n    raise\nt += 1\ntime.sleep(1)", "n"),
        ("t = n", "t -= 1\nif t <= 0:\n    raise\ntime.sleep(1)", "n"),
        ("t = n", "if not t:\n    raise\nt -= 1\ntime.sleep(1)", "n + 1"),
        ("t = 0", "time.sleep(1)\nt += 1\nif t == LIMIT:\n    raise", 3),
        ("t = 0", "t += 5\nif t > 20:\n    raise\ntime.sleep(5)", 5),
        ("pass", "n -= 1\nif n == 0:\n    raise\ntime.sleep(1)", "n"),
        ("t = 0", "if t < 2:\n    t += 1\n    time.sleep(1)\n    continue\nraise", 3),
    ],
)
def test_the_last_attempt_of_a_counter(before: str, handler: str, expected: object) -> None:
    assert attempts("while True", handler, before) == expected


@pytest.mark.parametrize(
    ("head", "before", "handler", "expected"),
    [
        ("while t < 3", "t = 0", "t += 1\ntime.sleep(1)", 3),
        ("while t <= n", "t = 0", "t += 1\nif t > n:\n    raise\ntime.sleep(1)", "n + 1"),
        ("while n", "pass", "n -= 1\nif not n:\n    raise\ntime.sleep(1)", "n"),
        ("while n > 0", "pass", "n -= 1\ntime.sleep(1)", "n"),
    ],
)
def test_the_condition_of_a_while_is_a_limit(head: str, before: str, handler: str, expected: object) -> None:
    assert attempts(head, handler, before) == expected


def test_a_counter_may_count_before_the_try() -> None:
    assert attempts("while True", "if t >= 3:\n    raise\ntime.sleep(1)", "t = 0", "t += 1") == 3


@pytest.mark.parametrize(
    ("head", "before", "handler"),
    [
        ("for i in range(3)", "pass", "if i < 3:\n    time.sleep(1)\nelse:\n    raise"),
        ("for i in range(3)", "pass", "if i >= 3:\n    raise\ntime.sleep(1)"),
    ],
)
def test_a_guard_that_is_never_true_is_refused(head: str, before: str, handler: str) -> None:
    """Exhaustion is silent there, although the code says otherwise; raising would be a change."""
    assert attempts(head, handler, before) == "ML205"


def test_a_counter_that_never_changes_is_refused() -> None:
    assert attempts("while True", "if t >= 3:\n    raise\ntime.sleep(1)", "t = 0") == "ML206"
