"""An explanation for people: a table of delays, the figures as sentences, and what is doubtful.

Rules: colours and lines for terminals alone; a narrow terminal loses columns, never the figures; an output that isn't
Unicode gets ASCII.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text

from mulligan.cli.durations import duration
from mulligan.explain import SHARES
from mulligan.explain.rules import title

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from mulligan.cli.subjects import Subject
    from mulligan.explain import Explanation, Figure, Finding, RetryRow

__all__ = ["print_explanation"]

_WIDEST_BAR, _NARROWEST_BAR = 40, 8
_GAP = 2
_NAMES = ("retry", "least", *(f"{share:.0%}" for share in SHARES), "greatest", "mean")
_CHOICES = (_NAMES, ("retry", "50%", "99%", "greatest", "mean"), ("retry", "50%", "greatest"))


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
        _print_rows(console, found.rows)
        console.print()
    for line in _lines(found):
        console.print(line)
    for finding in found.findings:
        console.print(_doubt(finding), soft_wrap=True)


def _print_rows(console: Console, rows: tuple[RetryRow, ...]) -> None:
    cells = [_cells(row) for row in rows]
    names = next((each for each in _CHOICES if _width(each, cells) <= console.width), _CHOICES[-1])
    table = Table(
        box=box.SIMPLE_HEAD if console.is_terminal else None,
        show_edge=False,
        pad_edge=False,
        padding=(0, _GAP, 0, 0),
        header_style="bold",
    )
    for name in names:
        table.add_column(name, justify="right", no_wrap=True, style="bold cyan" if name == "50%" else "")
    room = min(_WIDEST_BAR, console.width - _width(names, cells) - _GAP - 1)
    bars = _bars(rows, room, unicode=console.encoding.lower().startswith("utf")) if room >= _NARROWEST_BAR else None
    if bars is not None:
        table.add_column("", no_wrap=True)
    for index, row in enumerate(cells):
        table.add_row(*(row[name] for name in names), *([] if bars is None else [bars[index]]))
    console.print(table)


def _cells(row: RetryRow) -> dict[str, str]:
    seconds = (row.least, *row.quantiles, row.greatest, row.mean)
    about = "" if row.exact else "~"
    shown = [
        f"{about if name not in {'least', 'greatest'} else ''}{_seconds(value)}"
        for name, value in zip(_NAMES[1:], seconds, strict=True)
    ]
    return dict(zip(_NAMES, [str(row.retry), *shown], strict=True))


def _width(names: tuple[str, ...], cells: list[dict[str, str]]) -> int:
    return sum(max(len(name), *(len(row[name]) for row in cells)) + _GAP for name in names) + 1


def _bars(rows: tuple[RetryRow, ...], width: int, *, unicode: bool) -> list[Text]:
    """Draw each retry's span: a line from least to greatest, solid up to nine in ten, a mark at the median."""
    scale = max((row.greatest for row in rows if row.greatest < inf), default=0.0) or 1.0
    return [_bar(row, width / scale, width, unicode=unicode) for row in rows]


def _bar(row: RetryRow, per_second: float, width: int, *, unicode: bool) -> Text:
    line, solid, mark = ("╌", "─", "┃") if unicode else ("-", "=", "|")
    median, most, _ = (min(width, round(value * per_second)) for value in row.quantiles)
    least, greatest = (min(width, round(min(value * per_second, width))) for value in (row.least, row.greatest))
    text = "".join(solid if at < most else line for at in range(least, max(greatest, most)))
    drawn = " " * least + text
    drawn = drawn.ljust(median + 1)
    return Text.assemble((drawn[:median], "cyan"), (mark, "bold cyan"), (drawn[median + 1 :], "cyan"))


def _lines(found: Explanation) -> Iterator[Text]:
    conditions = found.conditions
    yield Text(
        f"when {conditions.failure_rate:.4g} of the attempts fail and each takes {_seconds(conditions.latency)}:"
    )
    yield _line("succeeds", _share(found.success))
    yield _line("attempts", f"{_number(found.expected_attempts)} expected, {_attempts(found)}")
    yield _line("wall time", f"{_time(found.expected_time)} expected, {_worst(found)}")
    yield _line("timeout", _timeout(found))
    outage = _number(found.outage_amplification)
    through = f" through {conditions.layers} layers" if conditions.layers > 1 else ""
    yield _line("load", f"{_number(found.amplification)} times{through}, {outage} times in an outage")


def _line(name: str, said: str) -> Text:
    return Text.assemble((f"  {name:<11}", "dim"), said)


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
