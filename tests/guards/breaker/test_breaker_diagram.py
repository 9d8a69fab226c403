"""The documentation's diagram is made from the table, and its file is up to date."""

from __future__ import annotations

from docs.site.breaker_diagram import ARROWS, FILE, PLACES, drawn, orders, own
from mulligan.guards import Status
from mulligan.guards.breaker.table import TABLE


def test_the_file_is_what_the_table_draws() -> None:
    assert FILE.read_text(encoding="utf-8") == drawn(), "run python -m docs.site.breaker_diagram"


def test_every_row_of_the_table_is_drawn() -> None:
    by_orders = {(status, order): to for order, to in orders().items() for status in Status}
    assert own() | by_orders == TABLE
    assert set(PLACES) == set(Status)
    assert set(ARROWS) == {(status, to) for (status, _), to in own().items()}


def test_the_page_shows_it() -> None:
    assert "(breaker.svg)" in (FILE.parent / "guards.md").read_text(encoding="utf-8")
