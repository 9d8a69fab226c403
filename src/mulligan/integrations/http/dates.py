"""HTTP dates (RFC 9110, section 5.6.7) in their three forms.

Rules: a text that is no HTTP date answers `None`. A two-digit year is the nearest one that is not more than 50 years
ahead. The name of the day is not compared with the date: senders get it wrong, and the date alone matters.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

__all__ = ["http_date"]

_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTH: Final = f"(?P<month>{'|'.join(_MONTHS)})"
_TIME: Final = r"(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})"
_SHORT: Final = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
_LONG: Final = "(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
_FORMS: Final = tuple(
    re.compile(form)
    for form in (
        rf"{_SHORT}, (?P<day>[0-9]{{2}}) {_MONTH} (?P<year>[0-9]{{4}}) {_TIME} GMT",  # IMF-fixdate
        rf"{_LONG}, (?P<day>[0-9]{{2}})-{_MONTH}-(?P<year>[0-9]{{2}}) {_TIME} GMT",  # RFC 850
        rf"{_SHORT} {_MONTH} (?P<day>[0-9 ][0-9]) {_TIME} (?P<year>[0-9]{{4}})",  # asctime of C
    )
)
_AHEAD: Final = 50


def http_date(text: str, now: datetime) -> datetime | None:
    """Read an HTTP date, `None` where the text is none.

    Args:
        text: one of IMF-fixdate, the RFC 850 form and the form of C's `asctime`.
        now: the present instant, which a two-digit year is understood by.

    >>> now = datetime(2026, 11, 28, tzinfo=UTC)
    >>> http_date("Sun, 06 Nov 1994 08:49:37 GMT", now) == http_date("Sunday, 06-Nov-94 08:49:37 GMT", now)
    True
    >>> http_date("Sun Nov  6 08:49:37 1994", now)
    datetime.datetime(1994, 11, 6, 8, 49, 37, tzinfo=datetime.timezone.utc)
    >>> http_date("soon", now) is None
    True
    """
    for form in _FORMS:
        found = form.fullmatch(text)
        if found is not None:
            return _instant(found, now)
    return None


def _instant(found: re.Match[str], now: datetime) -> datetime | None:
    year = int(found["year"])
    if len(found["year"]) == 2:
        year = _full_year(year, now.year)
    second = int(found["second"])
    leap = second == 60  # RFC 9110 allows it, datetime doesn't
    try:
        instant = datetime(
            *(year, _MONTHS.index(found["month"]) + 1, int(found["day"])),
            *(int(found["hour"]), int(found["minute"]), 59 if leap else second),
            tzinfo=UTC,
        )
    except ValueError:
        return None
    return instant + timedelta(seconds=1) if leap else instant


def _full_year(two_digits: int, present: int) -> int:
    year = present - present % 100 + two_digits
    if year > present + _AHEAD:
        return year - 100
    return year + 100 if year + 100 <= present + _AHEAD else year
