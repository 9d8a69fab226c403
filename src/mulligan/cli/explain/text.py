"""An explanation for people: a table of delays, the figures as sentences, and what is doubtful.

Rules: a narrow terminal loses columns, never the figures; an output that isn't Unicode gets ASCII bars.
"""

from __future__ import annotations

from functools import partial
from math import inf
from textwrap import wrap
from typing import TYPE_CHECKING

from rich.text import Text

from mulligan.cli.durations import duration
from mulligan.cli.table import print_table
from mulligan.explain import SHARES
from mulligan.explain.rules import title

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from mulligan.cli.explain.subjects import Subject
    from mulligan.explain import Explanation, Figure, Finding, RetryRow

__all__ = ["print_explanation"]

_NAMES = ("retry", "least", *(f"{share:.0%}" for share in SHARES), "greatest", "mean")
_CHOICES = (_NAMES, ("retry", "50%", "99%", "greatest", "mean"), ("retry", "50%", "greatest"))
_INDENT = 13


def print_explanation(console: Console, about: Subject, found: Explanation) -> None:
    """Print an explanation.

    Args:
        console: where to.
        about: the policy and where it comes from.
        found: what was explained.
    """
    console.print(
        Text.assemble((about.title, "bold"), (f"  {about.origin}" if about.origin else "", "dim")), soft_wrap=True
    )
    console.print(Text(f"  {found.policy.schedule!r}"), soft_wrap=True)
    console.print()
    if found.rows:
        cells, bars = [_cells(row) for row in found.rows], partial(_bars, found.rows)
        print_table(console, cells, choices=_CHOICES, styles={"50%": "bold cyan"}, bars=bars)
        console.print()
    conditions = found.conditions
    failing, taking = f"{conditions.failure_rate:.4g} of the attempts fail", _seconds(conditions.latency)
    console.print(Text(f"when {failing} and each takes {taking}:"))
    for name, told in _figures(found):
        console.print(_line(name, told, console.width))
    for finding in found.findings:
        console.print(_doubt(finding), soft_wrap=True)


def _cells(row: RetryRow) -> dict[str, str]:
    seconds = (row.least, *row.quantiles, row.greatest, row.mean)
    about = "" if row.exact else "~"
    shown = [
        f"{about if name not in {'least', 'greatest'} else ''}{_seconds(value)}"
        for name, value in zip(_NAMES[1:], seconds, strict=True)
    ]
    return dict(zip(_NAMES, [str(row.retry), *shown], strict=True))


def _bars(rows: tuple[RetryRow, ...], width: int, *, unicode: bool) -> list[Text]:
    """Draw each retry's span: a line from least to greatest, solid up to nine in ten, a mark at the median."""
    scale = max((row.greatest for row in rows if row.greatest < inf), default=0.0) or 1.0
    return [_bar(row, width / scale, width, unicode=unicode) for row in rows]


def _bar(row: RetryRow, per_second: float, width: int, *, unicode: bool) -> Text:
    line, solid, mark = ("╌", "─", "┃") if unicode else ("-", "=", "|")
    median, most, _ = (min(width, round(value * per_second)) for value in row.quantiles)
    median = min(median, width - 1)
    least, greatest = (round(min(value * per_second, width)) for value in (row.least, row.greatest))
    text = "".join(solid if at < most else line for at in range(least, max(greatest, most)))
    drawn = (" " * least + text).ljust(median + 1)
    return Text.assemble((drawn[:median], "cyan"), (mark, "bold cyan"), (drawn[median + 1 :], "cyan"))


def _figures(found: Explanation) -> Iterator[tuple[str, str]]:
    yield "succeeds", _share(found.success)
    yield "attempts", f"{_number(found.expected_attempts)} expected, {_attempts(found)}"
    yield "wall time", f"{_time(found.expected_time)} expected, {_worst(found)}"
    yield "timeout", _timeout(found)
    layers = found.conditions.layers
    through = f" through {layers} layers" if layers > 1 else ""
    yield "load", f"{_times(found.amplification)}{through}, {_times(found.outage_amplification)} in an outage"


def _line(name: str, told: str, width: int) -> Text:
    """Answer a line whose text goes on below itself where the terminal is narrow."""
    lines = wrap(told, max(width - _INDENT, 1)) or [""]
    return Text.assemble((f"  {name:<{_INDENT - 2}}", "dim"), f"\n{' ' * _INDENT}".join(lines))


def _times(figure: Figure) -> str:
    number = _number(figure)
    return "1 time" if number == "1" else f"{number} times"


def _attempts(found: Explanation) -> str:
    limit, most = found.policy.attempt_limit, found.most
    if most == inf:
        return "without a limit"
    return f"at most {most:.0f}" + (f" of {limit:.0f}" if most < limit < inf else "")


def _worst(found: Explanation) -> str:
    if found.worst_case.value == inf:
        return "at worst without end"
    return f"at worst {'' if found.worst_case.exact else '≤ '}{_seconds(found.worst_case.value)}"


def _timeout(found: Explanation) -> str:
    policy = found.policy
    limits = [
        f"{name} {_seconds(value)}"
        for name, value in (("timeout", policy.timeout), ("stop_after", policy.stop_after))
        if value is not None
    ]
    named = " and ".join(limits).removeprefix("timeout ")
    match found.timeout:
        case "no timeout":
            return "none"
        case "never":
            return f"{named}: never reached, the attempts are used up before"
        case "always":
            return f"{named}: always ends an execution that never succeeds"
        case "possible":
            return f"{named}: ends {_share(found.timeout_share)} of the executions that never succeed"


def _share(figure: Figure) -> str:
    about = "" if figure.exact else "~"
    return f"{about}{_rounded(figure.value * 100)}%"


def _rounded(percent: float) -> str:
    """Answer a percentage that never rounds up to 100."""
    if 99.0 < percent < 100.0:
        digits = next((digits for digits in range(1, 12) if round(percent, digits) < 100.0), 12)
        return f"{percent:.{digits}f}"
    return f"{percent:.3g}"


def _number(figure: Figure) -> str:
    if figure.value == inf:
        return "endlessly many"
    return f"{'' if figure.exact else '~'}{figure.value:.3g}" if figure.value < 999.5 else f"{figure.value:,.0f}"


def _time(figure: Figure) -> str:
    return "without end" if figure.value == inf else f"{'' if figure.exact else '~'}{_seconds(figure.value)}"


def _seconds(value: float) -> str:
    return "any" if value == inf else duration(value)


def _doubt(finding: Finding) -> Text:
    return Text.assemble((finding.code, "yellow"), f" {title(finding.code)}: {finding.message}")
