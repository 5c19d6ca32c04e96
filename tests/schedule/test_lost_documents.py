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


@pytest.mark.parametrize(("basis", "paid"), [("paid", 0), ("paid", 200), ("due", 0), ("unconditional", 200)])
def test_what_is_lost_of_an_invoice_that_does_not_count_yet_was_earned(basis: str, paid: int) -> None:
    """300.00 are earned by 31 March. Of what is open on 1 April the rest is not earned: it leaves the price, and only
    what is earned and not paid is lost. No receivable is credited that was not there."""
    payments = [invoice("P1", "2026-02-01", f"{paid}.00", type="payment", applies_to="I1")] if paid else []
    schedule = plan(
        invoice("I1", "2026-01-01", "1200.00", due_on="2026-12-31"),
        *payments,
        note("B1", "2026-04-01", f"{1200 - paid}.00", "bad_debt", applies_to="I1"),
        deferral_basis=basis,
    )
    eve, after = figures(schedule, date(2026, 3, 31)), figures(schedule, date(2027, 1, 31))
    assert (eve["billed"], eve["contract_asset"]) == ((paid if basis != "due" else 0) * 100, (300 - paid) * 100)
    assert [after[name] for name in ("contracted", "recognized", "billed")] == [30000] * 3
    left = {"revenue": -30000, "bad_debt": (300 - paid) * 100, "cash": paid * 100}
    assert roles(schedule) == {role: amount for role, amount in left.items() if amount}


def test_a_loss_for_which_no_document_is_open_still_credits_the_receivable() -> None:
    """The note stands in the customer's account, so it stands in the ledger: whole, and service goes on."""
    schedule = plan(note("B1", "2026-04-01", "400.00", "bad_debt"))
    left = roles(schedule)
    assert (left["bad_debt"], left["receivable"]) == (40000, -40000)
    assert figures(schedule, date(2026, 4, 1))["contracted"] == 120000
