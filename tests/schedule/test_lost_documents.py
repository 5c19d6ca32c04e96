"""What will not be collected, worked by hand: what a full refund makes of it, and what it does where invoices do not
count yet."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

import pytest

from engine.reports.balances import balances
from engine.reports.journal import journal
from engine.schedule.schedule import Schedule

from ..reports.checked import contract, invoice, line, scheduled


def plan(*documents: Any, **settings: str) -> Schedule:
    """A year of service for 1,200.00, 100.00 a month."""
    rows = {"convention": "even_months", **settings}
    return scheduled(settings=rows, contracts=[contract()], obligations=[line("1200.00")], billings=list(documents))


def note(document_id: str, day: str, amount: str, reason: str, **cells: str) -> dict[str, str]:
    return invoice(document_id, day, amount, type="credit_note", reason=reason, **cells)


def figures(schedule: Schedule, day: date) -> dict[str, int]:
    """Balances of the contract; all of them zero where it has no row."""
    table = balances(schedule, day, "contract")
    return dict(zip(table.names, table.rows[0] if table.rows else [0] * len(table.names), strict=True))


def roles(schedule: Schedule) -> dict[str, int]:
    """What all entries leave on each role, debit positive, zeros left out."""
    found: dict[str, int] = defaultdict(int)
    table = journal(schedule, date(2025, 1, 1), date(2028, 12, 31))
    for row in table.rows:
        leg = dict(zip(table.names, row, strict=True))
        found[leg["role"]] += (leg["debit"] or 0) - (leg["credit"] or 0)
    return {role: amount for role, amount in found.items() if amount}


@pytest.mark.parametrize(("reason", "role"), [("bad_debt", "bad_debt"), ("dispute", "contra_revenue")])
def test_a_full_refund_takes_back_what_was_lost_before_it(reason: str, role: str) -> None:
    """Of 400.00 open on 1 April 300.00 are not earned; the 100.00 lost leave with the rest, and nothing is owed."""
    schedule = plan(
        invoice("I1", "2026-01-01", "1200.00"),
        note("B1", "2026-04-01", "400.00", reason, applies_to="I1"),
        invoice("P1", "2026-04-02", "800.00", type="payment", applies_to="I1"),
        note("F1", "2026-08-01", "800.00", "full_refund", applies_to="I1"),
        invoice("R1", "2026-08-02", "800.00", type="refund", applies_to="F1"),
    )
    before, after = figures(schedule, date(2026, 4, 2)), figures(schedule, date(2026, 8, 1))
    assert [before[name] for name in ("contracted", "recognized", "billed")] == [90000, 30444, 90000]
    assert [after[name] for name in ("contracted", "recognized", "billed", "refund_liability")] == [0, 0, 0, 0]
    left = roles(schedule)
    assert left.get(role, 0) == (-left["revenue"] if role == "contra_revenue" else 0)
    assert set(left) == {"revenue", "contra_revenue"} and sum(left.values()) == 0
