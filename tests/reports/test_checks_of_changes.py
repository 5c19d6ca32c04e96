"""Checks in books whose contracts are changed, cancelled, credited and renewed: a row that explains a figure silences
the check, a row that is missing is found."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pytest

from engine.book.problems import Severity
from engine.book.reading import book_from_rows
from engine.reports.checks import checks
from engine.reports.checks.evidence import Evidence
from engine.schedule.compile import compile_book

from ..oracle.random_books import dates_of, random_book
from ..oracle.random_scope import SCOPES
from .checked import AS_OF, TODAY, contract, event, findings, invoice, line, monthly, one, scheduled
from .test_checks_arithmetic import ARITHMETIC

BOOK: dict[str, Any] = {"contracts": [contract()], "obligations": [line("12000.00")]}
BILL = invoice("I1", "2026-01-01", "12000.00")
LATER = date(2027, 3, 31)
BOOKS = [(scope, seed) for scope in SCOPES if scope != "plain" for seed in range(1)]


def check_arithmetic(scope: str, seed: int) -> None:
    """The arithmetic of a random book holds; what a row of the book took beyond its price is told with that row."""
    tables = random_book(seed, SCOPES[scope])
    schedule = compile_book(book_from_rows(tables, TODAY))
    for day in random.Random(seed).sample(sorted(dates_of(tables)), 2):
        wrong = [p for p in checks(schedule, day) if p.name in ARITHMETIC and p.severity is not Severity.OK]
        told = [p for p in wrong if p.name != "schedule-adds-to-price" or p.severity is not Severity.WARN]
        assert not told, f"{day}: {told[0]}"
        assert all(" of 20" in p.found and p.where for p in wrong)


@pytest.mark.parametrize(("scope", "seed"), BOOKS)
def test_the_arithmetic_of_changed_books_holds_at_any_day(scope: str, seed: int) -> None:
    check_arithmetic(scope, seed)


@pytest.mark.thorough
@pytest.mark.parametrize(("scope", "seed"), [(scope, 100 + seed) for scope in SCOPES for seed in range(40)])
def test_the_arithmetic_of_many_changed_books_holds_at_any_day(scope: str, seed: int) -> None:
    check_arithmetic(scope, seed)


# -- arithmetic that a row explains ------------------------------------------------------------------------------------


def test_an_amount_by_hand_above_a_price_that_was_lowered_warns_with_the_row() -> None:
    book = scheduled(
        contracts=[contract()],
        obligations=[line("1000.00", method="manual")],
        events=[event("recognize", "2026-02-01", amount="1000.00", obligation_id="plan")],
        billings=[
            invoice("I1", "2026-01-01", "1000.00"),
            invoice("N1", "2026-03-01", "50.00", type="credit_note", applies_to="I1", reason="price"),
        ],
    )
    found = one(book, "schedule-adds-to-price")
    assert found.severity is Severity.WARN and found.where == "obligations.csv:2 price"
    assert "1,000.00 USD recognized, contracted 950.00 USD   price of 2026-03-01 (billings.csv:3 reason)" in found.found
    assert "recognize event" in found.remedy


def test_a_line_whose_price_falls_below_what_it_has_earned_warns_with_the_change() -> None:
    book = scheduled(
        contracts=[contract()],
        obligations=[
            line("1000.00", method="progress", expected_total="100"),
            line("1000.00", "more", method="progress", expected_total="100"),
        ],
        events=[
            event("progress", "2026-02-01", quantity="80", obligation_id="plan"),
            event("downgrade", "2026-03-01", obligation_id="plan", price="700.00", treatment="prospective"),
        ],
    )
    found = one(book, "schedule-adds-to-price")
    assert found.severity is Severity.WARN and "downgrade of 2026-03-01 (events.csv:3 type)" in found.found
    assert "taken back as the work goes on" in found.remedy


def test_an_added_line_that_waits_for_an_invoice_of_its_own_is_undated() -> None:
    book = scheduled(
        settings={"as_of": "2026-06-30", "early_service": "catch_up"},
        contracts=[contract()],
        obligations=[
            line("12000.00"), line("600.00", "seats", added_on="2026-03-01", start="2026-03-01", end="2026-12-31")
        ],
        billings=[BILL],
    )  # fmt: skip
    assert not findings(book, "schedule-adds-to-price")
    assert "C1/seats" in one(book, "active-but-silent").found
    assert Evidence(book, AS_OF).invoiced.tolist() == [True, False]


# -- credits -----------------------------------------------------------------------------------------------------------

CREDIT = invoice("N1", "2026-05-15", "6000.00", type="credit_note", applies_to="I1", reason="cancellation")


def test_a_credit_for_cancellation_without_a_cancel_is_found() -> None:
    found = one(scheduled(**BOOK, billings=[BILL, CREDIT]), "credit-runs-on")
    assert found.where == "billings.csv:3 reason" and "cancel event" in found.remedy


@pytest.mark.parametrize(
    "explained",
    [
        [event("cancel", "2026-05-15")],
        [event("cancel", "2026-06-30", amount="3000.00")],
        [event("downgrade", "2026-05-15", obligation_id="plan", price="6000.00")],
        [event("change", "2026-05-15", obligation_id="plan", amount="-6000.00", treatment="catch_up")],
    ],
    ids=["a cancel", "a cancel in part, later", "a lower price", "a concession"],
)
def test_a_cancel_or_a_lower_price_explains_the_credit(explained: list[dict[str, str]]) -> None:
    assert not findings(scheduled(**BOOK, billings=[BILL, CREDIT], events=explained), "credit-runs-on")


def test_a_higher_price_does_not_explain_a_credit_for_cancellation() -> None:
    raised = [event("upgrade", "2026-05-15", obligation_id="plan", price="15000.00")]
    assert findings(scheduled(**BOOK, billings=[BILL, CREDIT], events=raised), "credit-runs-on")


# -- billing -----------------------------------------------------------------------------------------------------------


def test_billing_beyond_a_raised_price_is_still_found() -> None:
    raised = [event("upgrade", "2026-03-01", obligation_id="plan", price="15000.00")]
    over = [BILL, invoice("I2", "2026-03-01", "3600.00")]
    found = one(scheduled(**BOOK, billings=over, events=raised), "billing-without-change")
    assert "billed 600.00 USD beyond the price" in found.found and found.where == "billings.csv:3 amount"


def test_a_downgrade_explains_a_lower_regular_amount_and_what_was_billed_before() -> None:
    lowered = [event("downgrade", "2026-04-01", obligation_id="plan", price="9750.00")]
    amounts = ["1000.00", "1000.00", "1000.00", "750.00", "750.00", "750.00"]
    assert not findings(scheduled(**BOOK, billings=monthly(amounts), events=lowered), "billing-without-change")
    assert findings(scheduled(**BOOK, billings=monthly(amounts)), "billing-without-change")


# -- ended, silent, rights ---------------------------------------------------------------------------------------------


def test_a_cancelled_contract_that_nobody_credited_is_found() -> None:
    cancelled = BOOK | {"events": [event("cancel", "2026-04-30")]}
    found = one(scheduled(**cancelled, billings=[BILL]), "ended-not-drained")
    assert "ended 2026-04-30   refund_liability 8,054.79 USD" in found.found and "credit note" in found.remedy
    assert not findings(scheduled(**cancelled, billings=[BILL]), "ended-not-drained", date(2026, 5, 20))
    note = invoice("N1", "2026-05-05", "8054.79", type="credit_note", applies_to="I1", reason="cancellation")
    assert not findings(scheduled(**cancelled, billings=[BILL, note]), "ended-not-drained")


def test_a_renewal_keeps_a_service_alive_until_its_new_end() -> None:
    renewed = [event("renew", "2026-11-01", obligation_id="plan", price="24000.00", end="2027-12-31")]
    book = scheduled(**BOOK, billings=[BILL, invoice("I2", "2027-01-01", "12000.00")], events=renewed)
    service = Evidence(book, LATER).services
    assert [date.fromordinal(int(day[0])) for day in (service.first, service.last)] == [
        date(2026, 1, 1), date(2027, 12, 31)
    ]  # fmt: skip
    assert service.running[0]
    assert not findings(book, "ended-not-drained", LATER) and not findings(book, "active-but-silent", LATER)


def test_a_full_refund_ends_the_service_on_its_eve() -> None:
    note = invoice("N1", "2026-05-15", "12000.00", type="credit_note", applies_to="I1", reason="full_refund")
    service = Evidence(scheduled(**BOOK, billings=[BILL, note]), AS_OF).services
    assert date.fromordinal(int(service.last[0])) == date(2026, 5, 14)


def test_a_shorter_end_explains_why_a_contract_outlives_its_service() -> None:
    cut = [event("change", "2026-03-01", obligation_id="plan", end="2026-04-30", price="4000.00")]
    assert not findings(scheduled(**BOOK, events=cut), "active-but-silent")


def test_rights_whose_breakage_is_estimated_later_or_that_were_cancelled_are_honest() -> None:
    cards: dict[str, Any] = {
        "contracts": [contract(start="", end="")],
        "billings": [invoice("I1", "2026-01-01", "500")],
    }
    sold = [line("500.00", "card", method="redemption")]
    assert findings(scheduled(**cards, obligations=sold), "rights-without-breakage")
    cancelled = [event("cancel", "2026-05-01", obligation_id="card")]
    assert not findings(scheduled(**cards, obligations=sold, events=cancelled), "rights-without-breakage")


# -- negative periods --------------------------------------------------------------------------------------------------


def test_revenue_that_a_catch_up_takes_back_is_found_with_its_row() -> None:
    lowered = [event("downgrade", "2026-05-01", obligation_id="plan", price="3000.00", treatment="catch_up")]
    found = one(scheduled(**BOOK, events=lowered), "negative-period")
    assert "2026-05 -" in found.found and "downgrade of 2026-05-01 (events.csv:2 type)" in found.found


def test_goodwill_above_what_is_left_is_taken_back_at_once_and_found_with_the_note() -> None:
    rows = [
        BILL, invoice("N1", "2026-05-01", "11000.00", type="credit_note", applies_to="I1", reason="goodwill")
    ]  # fmt: skip
    found = one(scheduled(**BOOK, billings=rows), "negative-period")
    assert "2026-05 -" in found.found and "goodwill of 2026-05-01 (billings.csv:3 reason)" in found.found
    assert "2026-06" not in found.found


# -- cash --------------------------------------------------------------------------------------------------------------


def test_deferred_revenue_beside_part_payments_and_disputes_is_what_is_really_open() -> None:
    rows = [
        BILL,
        invoice("P1", "2026-02-01", "9000.00", type="payment", applies_to="I1"),
        invoice("D1", "2026-04-01", "1000.00", type="credit_note", applies_to="I1", reason="dispute"),
    ]
    found = one(scheduled(**BOOK, billings=rows), "deferred-is-not-cash")
    assert "2,000.00 USD of deferred" in found.found and "open: I1 2,000.00 USD" in found.found
    paid = [*rows, invoice("P2", "2026-06-01", "2000.00", type="payment", applies_to="I1")]
    assert not findings(scheduled(**BOOK, billings=paid), "deferred-is-not-cash")


def test_the_receivable_of_a_written_off_invoice_ties_to_the_ledger() -> None:
    rows = [BILL, invoice("W1", "2026-06-30", "12000.00", type="write_off", applies_to="I1")]
    tables = {
        "accounts": [{"role": "receivable", "account": "1100"}],
        "ledger": [{"account": "1100", "date": "2026-06-30", "balance": "0.00"}],
    }
    assert not findings(scheduled(**BOOK, **tables, billings=rows), "ties-to-ledger")
