"""A note of what was billed before a line was added credits the bill, and leaves alone the price it is added at."""

from __future__ import annotations

from datetime import date

import pytest

from engine.reports.balances import balances

from ..reports.checked import contract, event, invoice, line, scheduled


@pytest.mark.parametrize("treatment", ["separate", "prospective", "catch_up"])
def test_a_price_note_before_a_line_is_added_leaves_its_price_alone(treatment: str) -> None:
    more = line("600.00", "more", added_on="2026-07-01", start="2026-07-01")
    bill = invoice("I2", "2026-05-01", "600.00", obligation_id="more")
    less = invoice("N1", "2026-06-01", "50.00", type="credit_note", reason="price", applies_to="I2")
    schedule = scheduled(
        contracts=[contract()],
        obligations=[line("1200.00"), more],
        billings=[bill, less],
        events=[event("change", "2026-07-01", treatment=treatment)],
    )
    table = balances(schedule, date(2026, 12, 31), "total")
    figures = dict(zip(table.names, table.rows[0], strict=True))
    assert figures["contracted"] == figures["recognized"] == 180000
    assert figures["billed"] == 55000
