"""Mistakes in billing are found in small books made for them, and not in the honest books beside them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.book.problems import Severity
from engine.reports.checks import checks
from engine.reports.checks.duplicates import normalized
from engine.reports.checks.evidence import Evidence

from .checked import AS_OF, Row, contract, event, findings, invoice, line, monthly, one, scheduled

BOOK: dict[str, Any] = {"contracts": [contract()], "obligations": [line("12000.00")]}
RAISED = ["1000.00", "1000.00", "1000.00", "1250.00", "1250.00", "1250.00"]

# -- billing-without-change --------------------------------------------------------------------------------------------


def test_a_regular_amount_that_rises_without_a_change_is_found_at_the_first_invoice_of_the_new_one() -> None:
    found = one(scheduled(**BOOK, billings=monthly(RAISED)), "billing-without-change")
    assert found.severity is Severity.WARN and found.where == "billings.csv:5 amount"
    for words in ("C1", "I03 2026-03-01 1,000.00 USD", "I04 2026-04-01 1,250.00 USD", "price 12,000.00 USD"):
        assert words in found.found
    assert "enter a change" in found.remedy


def test_a_regular_amount_that_stays_is_no_finding() -> None:
    assert not findings(scheduled(**BOOK, billings=monthly(["1000.00"] * 6)), "billing-without-change")


@pytest.mark.parametrize(
    "explained",
    [
        {"events": [event("upgrade", "2026-04-01", obligation_id="plan", price="14250.00")]},
        {"estimates": [{"contract_id": "C1", "date": "2026-03-31", "kind": "bonus", "amount": "2250.00"}]},
        {
            "obligations": [
                line("12000.00"),
                line("2250.00", "seats", added_on="2026-04-01", start="2026-04-01", end="2026-12-31"),
            ]
        },
    ],
    ids=["an upgrade", "an estimate", "an added obligation"],
)
def test_a_row_that_moves_the_price_explains_the_new_amount(explained: dict[str, Any]) -> None:
    assert not findings(scheduled(**BOOK | explained, billings=monthly(RAISED)), "billing-without-change")


def test_a_change_long_before_the_new_amount_does_not_explain_it() -> None:
    early = [event("change", "2026-01-01", obligation_id="plan", price="12000.00")]
    assert findings(scheduled(**BOOK, billings=monthly(RAISED), events=early), "billing-without-change")


def test_usage_and_milestones_are_billed_as_they_come() -> None:
    tables: dict[str, Any] = BOOK | {"obligations": [line("12000.00", method="usage")]}
    assert not findings(scheduled(**tables, billings=monthly(RAISED)), "billing-without-change")


def test_the_last_instalment_that_completes_the_price_is_no_finding() -> None:
    thirds = [
        invoice(f"I{n}", f"2026-0{n}-01", amount) for n, amount in ((1, "5000.00"), (2, "5000.00"), (3, "2000.00"))
    ]
    assert not findings(scheduled(**BOOK, billings=thirds), "billing-without-change")


def test_cents_of_rounding_are_no_change() -> None:
    assert not findings(scheduled(**BOOK, billings=monthly(["333.33", "333.33", "333.34"])), "billing-without-change")


def test_another_line_of_the_contract_billed_beside_is_no_change() -> None:
    two = BOOK | {"obligations": [line("12000.00"), line("700.00", "setup", method="point_in_time")]}
    once = [*monthly(["1000.00"] * 3), invoice("S", "2026-03-15", "700.00"), *_later(["1000.00"] * 2)]
    assert not findings(scheduled(**two, billings=once), "billing-without-change")


def _later(amounts: list[str]) -> list[Row]:
    return [invoice(f"L{n}", f"2026-{n:02}-01", amount) for n, amount in enumerate(amounts, 4)]


def test_a_shorter_span_of_service_at_the_same_rate_is_no_change() -> None:
    spans = [("2026-01-01", "2026-01-31"), ("2026-02-01", "2026-02-28"), ("2026-03-01", "2026-03-15")]
    rows = [
        invoice(f"I{n}", first, amount, service_start=first, service_end=last)
        for n, ((first, last), amount) in enumerate(zip(spans, ("1000.00", "1000.00", "480.00"), strict=True))
    ]
    assert not findings(scheduled(**BOOK, billings=rows), "billing-without-change")


def test_a_move_from_monthly_to_quarterly_bills_is_no_change() -> None:
    quarterly = [*monthly(["1000.00"] * 3), invoice("Q2", "2026-04-01", "3000.00")]
    assert not findings(scheduled(**BOOK, billings=quarterly), "billing-without-change")


def test_a_voided_invoice_of_another_amount_is_no_change() -> None:
    voided = [
        *monthly(["1000.00"] * 3),
        invoice("W", "2026-04-01", "1250.00"),
        invoice("V", "2026-04-02", "1250.00", type="void", applies_to="W"),
        invoice("R", "2026-04-02", "1000.00"),
    ]
    assert not findings(scheduled(**BOOK, billings=voided), "billing-without-change")


def test_a_contract_billed_beyond_its_price_is_found_at_its_last_invoice() -> None:
    beyond = [invoice("I1", "2026-01-01", "12000.00"), invoice("I2", "2026-05-01", "1500.00")]
    found = one(scheduled(**BOOK, billings=beyond), "billing-without-change")
    assert found.where == "billings.csv:3 amount"
    assert "billed 1,500.00 USD beyond the price" in found.found and "refund liability" in found.remedy
    assert not findings(scheduled(**BOOK, billings=beyond), "billing-without-change", date(2026, 4, 30))


def test_a_change_of_price_explains_what_is_billed_beyond_the_old_one() -> None:
    beyond = [invoice("I1", "2026-01-01", "12000.00"), invoice("I2", "2026-05-01", "1500.00")]
    raised = [event("change", "2026-05-01", obligation_id="plan", price="13500.00")]
    assert not findings(scheduled(**BOOK, billings=beyond, events=raised), "billing-without-change")


def test_a_note_that_moves_the_price_explains_what_is_billed_beyond_it() -> None:
    rows = [
        invoice("I1", "2026-01-01", "12000.00"),
        invoice("I2", "2026-05-01", "1500.00"),
        invoice("N1", "2026-05-02", "100.00", type="credit_note", applies_to="I2", reason="price"),
        invoice("W1", "2026-05-03", "50.00", type="write_off", applies_to="I2"),
    ]
    assert not findings(scheduled(**BOOK, billings=rows), "billing-without-change")


# -- billed-twice ------------------------------------------------------------------------------------------------------


def test_one_number_from_two_sources_in_one_contract_is_certain() -> None:
    twice = [
        invoice("INV-0012", "2026-01-01", "6000.00", source="billing system"),
        invoice("inv 12", "2026-01-01", "6000.00", source="spreadsheet"),
    ]
    found = one(scheduled(**BOOK, billings=twice), "billed-twice")
    assert found.severity is Severity.FAIL and found.where == "billings.csv:3 document_id"
    for words in ("inv 12 (spreadsheet)", "INV-0012 (billing system)", "6,000.00 USD", "Acme", "two sources"):
        assert words in found.found
    assert "void" in found.remedy


def test_numbers_are_compared_without_case_punctuation_and_leading_zeros() -> None:
    assert normalized("INV-0012") == normalized("inv 12") == normalized("Inv.012") == normalized("INV12")
    assert normalized("INV-1-2") != normalized("INV-12")
    assert normalized("2026/000") == normalized("2026-0")


def test_one_number_of_two_systems_for_different_customers_is_their_own_numbering() -> None:
    both: dict[str, Any] = {
        "contracts": [contract(), contract("C2", customer="Birch")],
        "obligations": [line("12000.00"), line("700.00", contract_id="C2")],
    }
    rows = [
        invoice("1001", "2026-01-01", "6000.00", source="stripe"),
        invoice("1001", "2026-03-01", "700.00", "C2", source="erp"),
    ]
    assert not findings(scheduled(**both, billings=rows), "billed-twice")


def test_a_repeat_that_was_voided_is_put_right_already() -> None:
    rows = [
        invoice("A1", "2026-01-01", "6000.00", source="crm"),
        invoice("A-1", "2026-01-01", "6000.00", source="erp"),
        invoice("V1", "2026-01-05", "6000.00", type="void", applies_to="A-1", source="erp"),
    ]
    assert not findings(scheduled(**BOOK, billings=rows), "billed-twice")


def test_one_amount_twice_on_a_day_in_one_contract_is_found() -> None:
    rows = [invoice("A", "2026-01-01", "1000.00"), invoice("B", "2026-01-01", "1000.00")]
    found = one(scheduled(**BOOK, billings=rows), "billed-twice")
    assert found.severity is Severity.WARN and found.where == "billings.csv:3 document_id"
    assert "B  C1  2026-01-01  1,000.00 USD" in found.found and "billings.csv:2 document_id" in found.found


@pytest.mark.parametrize(
    "cells",
    [
        ({"obligation_id": "plan"}, {"obligation_id": "more"}),
        (
            {"service_start": "2026-01-01", "service_end": "2026-01-31"},
            {"service_start": "2026-02-01", "service_end": "2026-02-28"},
        ),
    ],
    ids=["two lines", "two months"],
)
def test_documents_that_say_they_bill_different_things_are_two(cells: tuple[Row, Row]) -> None:
    two = BOOK | {"obligations": [line("12000.00"), line("12000.00", "more")]}
    rows = [invoice(name, "2026-01-01", "1000.00", **own) for name, own in zip("AB", cells, strict=True)]
    assert not findings(scheduled(**two, billings=rows), "billed-twice")


def test_one_amount_of_a_customer_twice_on_a_day_is_found_across_contracts() -> None:
    two: dict[str, Any] = {
        "contracts": [contract(), contract("C2")],
        "obligations": [line("12000.00"), line("12000.00", contract_id="C2")],
    }
    rows = [invoice("A", "2026-01-01", "1000.00"), invoice("B", "2026-01-01", "1000.00", "C2")]
    assert "A  C1  2026-01-01  1,000.00 USD" in one(scheduled(**two, billings=rows), "billed-twice").found
    of_lines = [row | {"obligation_id": "plan"} for row in rows]
    assert not findings(scheduled(**two, billings=of_lines), "billed-twice")
    two["contracts"][1]["customer"] = "Birch"
    assert not findings(scheduled(**two, billings=rows), "billed-twice")


# -- credit-runs-on ----------------------------------------------------------------------------------------------------


def credited(**cells: str) -> list[Row]:
    return [
        invoice("I1", "2026-01-01", "12000.00"),
        invoice("N1", "2026-03-31", "9000.00", type="credit_note", applies_to="I1", **cells),
    ]


@pytest.mark.parametrize("reason", ["cancellation", ""])
def test_a_credit_for_cancellation_of_a_contract_that_runs_on_is_found_at_its_reason(reason: str) -> None:
    found = one(scheduled(**BOOK, billings=credited(reason=reason)), "credit-runs-on")
    assert found.severity is Severity.WARN and found.where == "billings.csv:3 reason"
    assert "N1  C1  Acme  2026-03-31  9,000.00 USD" in found.found
    assert "9,041.10 USD" in found.found  # what 275 of 365 days earn after the note
    assert "cancel event" in found.remedy


@pytest.mark.parametrize(
    "explained",
    [
        {"events": [event("cancel", "2026-03-31")]},
        {"events": [event("downgrade", "2026-04-01", obligation_id="plan", price="3000.00")]},
        {"estimates": [{"contract_id": "C1", "date": "2026-03-31", "kind": "rebate", "amount": "-9000.00"}]},
    ],
    ids=["a cancel", "a lower price", "a rebate"],
)
def test_a_credit_is_explained_by_what_ends_or_cheapens_the_contract(explained: dict[str, Any]) -> None:
    assert not findings(scheduled(**BOOK, **explained, billings=credited()), "credit-runs-on")


def test_a_cancel_of_another_line_does_not_explain_the_credit() -> None:
    two = BOOK | {"obligations": [line("12000.00"), line("600.00", "support")]}
    other = [event("cancel", "2026-03-31", obligation_id="support")]
    rows = credited(obligation_id="plan")
    assert findings(scheduled(**two, billings=rows, events=other), "credit-runs-on")


def test_a_credit_with_another_reason_or_after_the_end_is_honest() -> None:
    assert not findings(scheduled(**BOOK, billings=credited(reason="billing_error")), "credit-runs-on")
    over: dict[str, Any] = {"contracts": [contract(end="2026-03-15")], "obligations": [line("12000.00")]}
    assert not findings(scheduled(**over, billings=credited()), "credit-runs-on")


# -- deferred-is-not-cash ----------------------------------------------------------------------------------------------

PART = [
    invoice("I1", "2026-01-01", "6000.00"),
    invoice("I2", "2026-06-01", "6000.00"),
    invoice("P1", "2026-01-31", "6000.00", type="payment", applies_to="I1"),
]


def test_deferred_revenue_on_unpaid_invoices_is_named_by_contract() -> None:
    found = one(scheduled(**BOOK, billings=PART), "deferred-is-not-cash")
    assert found.severity is Severity.WARN and found.where == "billings.csv:3 amount"
    assert "6,000.00 USD of deferred 6,049.32 USD is unpaid" in found.found and "open: I2 6,000.00 USD" in found.found
    assert "606-10-45-4" in found.remedy


def test_deferred_revenue_that_is_paid_for_passes() -> None:
    paid = [*PART, invoice("P2", "2026-06-30", "6000.00", type="payment", applies_to="I2")]
    assert not findings(scheduled(**BOOK, billings=paid), "deferred-is-not-cash")


def test_cash_paid_back_is_no_longer_cash() -> None:
    rows = [
        invoice("I1", "2026-01-01", "12000.00"),
        invoice("P1", "2026-01-31", "12000.00", type="payment", applies_to="I1"),
        invoice("R1", "2026-02-28", "2000.00", type="refund", applies_to="I1"),
    ]
    assert "2,000.00 USD of deferred" in one(scheduled(**BOOK, billings=rows), "deferred-is-not-cash").found


def test_without_payments_nothing_is_said_about_cash() -> None:
    told = [p for p in checks(scheduled(**BOOK, billings=PART[:2]), AS_OF) if p.name == "deferred-is-not-cash"]
    assert [(p.severity, p.found) for p in told] == [(Severity.OK, "no payments are entered")]


def test_the_largest_amount_on_credit_comes_first() -> None:
    names = ("C1", "C2", "C3")
    several = scheduled(
        contracts=[contract(name) for name in names],
        obligations=[line(f"{n}000.00", contract_id=name) for n, name in enumerate(names, 1)],
        billings=[
            *(invoice(f"I{n}", "2026-01-01", f"{n}000.00", name) for n, name in enumerate(names, 1)),
            invoice("P", "2026-02-01", "1.00", type="payment"),
        ],
    )
    found = findings(several, "deferred-is-not-cash")
    assert [problem.found.split()[0] for problem in found] == ["C3", "C2", "C1"]


def test_of_two_documents_with_one_number_a_note_is_about_the_one_from_its_source() -> None:
    rows = [
        invoice("A1", "2026-01-01", "6000.00", source="crm"),
        invoice("A1", "2026-01-01", "6000.00", source="erp"),
        invoice(
            "N1", "2026-01-05", "6000.00", type="credit_note", applies_to="A1", source="erp", reason="billing_error"
        ),
    ]
    found = Evidence(scheduled(**BOOK, billings=rows), AS_OF).documents
    assert found.target(2) == 1 and found.withdrawn.tolist() == [False, True, False]
