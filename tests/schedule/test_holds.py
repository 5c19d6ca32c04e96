"""Holds and releases of one day, worked by hand."""

from __future__ import annotations

from datetime import date

from ..reports.checked import contract, event, invoice, line, scheduled


def test_a_hold_on_the_day_of_a_release_keeps_what_was_earned_by_the_eve() -> None:
    """100.00 a month, held from the first day, on which the first invoice is: released and held again on 1 April."""
    schedule = scheduled(
        settings={"convention": "even_months", "early_service": "catch_up"},
        contracts=[contract()],
        obligations=[line("1200.00")],
        billings=[invoice("I1", "2026-01-01", "1200.00")],
        events=[
            event("hold", "2026-01-01"),
            event("release", "2026-04-01"),
            event("hold", "2026-04-01"),
        ],
    )
    days = (date(2026, 3, 31), date(2026, 4, 1), date(2026, 12, 31))
    assert [int(schedule.recognized(day)[0]) for day in days] == [0, 30000, 30000]
