"""The story of an obligation: what opened each version, what its price is made up of, and why."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.book.currencies import DECIMALS
from engine.reports.explain import Explanation, explain

from .checked import contract, event, invoice, line, scheduled
from .test_explain_works_out import check_formulas, check_parts

SEPTEMBER = date(2026, 9, 30)
YEAR: dict[str, Any] = {"contracts": [contract()], "obligations": [line("12000.00")]}
BILL = invoice("I1", "2026-01-01", "12000.00")


def told(day: date = SEPTEMBER, contract_id: str = "C1", **tables: Any) -> Explanation:
    of = explain(scheduled(**tables), contract_id, None, day)
    assert check_formulas(of) and DECIMALS[of.currency] == 2
    check_parts(of)
    return of


def row(of: Explanation, figure: str, key: str = "C1/plan") -> tuple[int, str, str]:
    """Amount, arithmetic and cells of the first row whose figure begins like that."""
    return next((r[3], r[4], r[5]) for r in of.table.rows if r[0] == key and r[1].startswith(figure))


def figures(of: Explanation, key: str = "C1/plan") -> list[str]:
    return [r[1] for r in of.table.rows if r[0] == key]


# -- changes -----------------------------------------------------------------------------------------------------------


def test_a_prospective_change_shows_its_pool_who_takes_it_and_the_rows() -> None:
    of = told(
        contracts=[contract()],
        obligations=[
            line("12000.00", ssp="12000.00"),
            line("6000.00", "support", ssp="8000.00"),
            line("2000.00", "seats", ssp="2400.00", added_on="2026-07-01", start="2026-07-01", end="2026-12-31"),
        ],
        events=[event("upgrade", "2026-07-01", obligation_id="plan", price="14000.00")],
    )
    amount, words, rows = row(of, "pool 2026-07-01")
    assert amount == 1307397
    assert "18,000.00 contracted - 8,926.03 recognized + 2,000.00 change in price + 2,000.00 added" in words
    assert "C1/plan 6,049.32 (ssp 12,000.00 x 184/365 left)" in words
    assert "upgrade events.csv:2 type" in rows and "seats added obligations.csv:4 added_on" in rows
    amount, words, _ = row(of, "price from 2026-07-01")
    assert amount == 1169173 and words.startswith("5,355.62 recognized + ROUND(13,073.97 x ")
    assert "blank, read as prospective because C1/seats at 2,000.00 is not at its ssp 2,400.00" in words
    assert "days left" in row(of, "earned 2026-07-01")[1]
    assert row(of, "pool", "C1/seats")[0] == 1307397


def test_without_any_ssp_each_keeps_its_own() -> None:
    of = told(
        contracts=[contract()],
        obligations=[line("12000.00"), line("6000.00", "support")],
        events=[event("change", "2026-07-01", obligation_id="plan", price="14000.00")],
    )
    assert "5,950.68 recognized + (12,000.00 + 2,000.00 - 5,950.68) of the pool" in row(of, "price from")[1]
    assert "its own price less what is recognized" in row(of, "pool")[1]
    assert "change 2026-07-01, change, is no renew" in row(of, "price from")[1]


def test_a_renewal_runs_beside_the_old_term_and_says_why_it_is_separate() -> None:
    renewed = [event("renew", "2026-11-01", obligation_id="plan", price="25000.00", end="2027-12-31")]
    of = told(date(2027, 3, 31), **YEAR, events=renewed)
    amount, words, rows = row(of, "price from 2026-11-01")
    assert amount == 2500000 and words.startswith("12,000.00 as stated + 13,000.00 priced on its own; separate")
    assert "blank, read as separate because it renews to a new end" in words and rows == "renew events.csv:2 type"
    amount, words, _ = row(of, "earned 2026-11-01")
    assert words.startswith("12,000.00 + ROUND(13,000.00 x 90/365 days); 12,000.00 over 2026-01-01 to 2026-12-31")
    assert "13,000.00 over 2027-01-01 to 2027-12-31" in words and amount == 1520548


def test_a_catch_up_shows_what_would_have_stood_less_what_stood() -> None:
    changed = [event("change", "2026-07-01", obligation_id="plan", price="10000.00", treatment="catch_up")]
    of = told(**YEAR, events=changed)
    assert row(of, "catch-up 2026-07-01")[0] == -99178
    assert "4,958.90 by the rows of the day - 5,950.68 as it stood; service to 2026-06-30" in row(of, "catch-up")[1]
    assert "as changed, as if from the start; catch_up (as entered)" in row(of, "price from")[1]


def test_a_blank_row_takes_the_treatment_of_a_row_beside_it() -> None:
    rows = [
        event("change", "2026-07-01", obligation_id="plan", price="10000.00"),
        event("extend", "2026-07-01", treatment="catch_up"),
    ]
    words = row(told(**YEAR, events=rows), "price from")[1]
    assert "as changed, as if from the start; catch_up (" in words


def test_an_amount_of_a_change_moves_the_price_on_its_day() -> None:
    conceded = [event("change", "2026-07-01", obligation_id="plan", amount="-500.00", treatment="catch_up")]
    assert "12,000.00 as stated - 500.00 amount of the change" in row(told(**YEAR, events=conceded), "price from")[1]


# -- cancels -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "price", "words"),
    [
        ({}, 595068, "12,000.00 as stated - 6,049.32 cancelled"),
        ({"amount": "5000.00"}, 700000, "12,000.00 as stated - 5,000.00 cancelled"),
        ({"amount": "12000.00"}, 0, "12,000.00 as stated - 12,000.00 cancelled"),
    ],
    ids=["all that is unearned", "a part", "more than is unearned"],
)
def test_a_cancel_shows_what_falls_away_and_what_is_kept(cells: dict[str, str], price: int, words: str) -> None:
    of = told(**YEAR, events=[event("cancel", "2026-06-30", **cells)], billings=[BILL])
    assert row(of, "price from 2026-06-30")[0] == price and row(of, "price from")[1].startswith(words)
    assert "the service ended on 2026-06-30" in row(of, "earned 2026-06-30")[1]
    assert row(of, "refund_liability")[0] == 1200000 - price


def test_a_cancel_that_nothing_falls_away_by_recognizes_what_is_kept() -> None:
    of = told(**YEAR, events=[event("cancel", "2026-06-30", amount="0")])
    assert row(of, "earned 2026-06-30")[0] == 1200000
    assert row(of, "earned 2026-06-30")[1].startswith("what was kept of the price")


def test_an_upgrade_moves_what_is_kept_of_the_old_line_into_the_pool() -> None:
    of = told(
        contracts=[contract()],
        obligations=[
            line("12000.00"),
            line("9000.00", "pro", added_on="2026-07-01", start="2026-07-01", end="2026-12-31"),
        ],
        events=[event("cancel", "2026-06-30", obligation_id="plan", amount="1000.00")],
    )
    words = row(of, "pool 2026-07-01", "C1/pro")[1]
    assert "9,000.00 added + 6,049.32 unearned of what is replaced - 1,000.00 of it falling away" in words
    assert "an upgrade" in row(of, "price", "C1/pro")[1]
    assert row(of, "price from 2026-07-01")[:2][0] == 595068


# -- estimates and notes -----------------------------------------------------------------------------------------------


def rebate(day: str, amount: str) -> dict[str, str]:
    return {"contract_id": "C1", "date": day, "kind": "rebate", "amount": amount}


def test_estimates_are_allocated_and_caught_up_and_cap_what_is_kept() -> None:
    of = told(
        contracts=[contract()],
        obligations=[line("12000.00", ssp="12000.00"), line("6000.00", "support", ssp="9000.00")],
        estimates=[rebate("2026-01-01", "-1800.00"), rebate("2026-05-01", "-900.00")],
        billings=[invoice("I1", "2026-01-01", "9000.00")],
    )
    assert row(of, "price")[1].startswith("ROUND((18,000.00 - 1,800.00) x 12,000.00 / 21,000.00); relative, by ssp")
    assert "rebate estimate estimates.csv:2 amount" in row(of, "price")[2]
    assert row(of, "price from 2026-05-01")[1].startswith("ROUND((18,000.00 - 900.00) x 12,000.00 / 21,000.00)")
    assert row(of, "catch-up 2026-05-01")[0] > 0
    kept = row(of, "kept", "C1")[1]
    assert "ROUND(9,000.00 x 17,100.00 / (17,100.00 + 900.00))" in kept and "negative estimates" in kept


def test_an_estimate_of_an_obligation_is_its_own() -> None:
    of = told(**YEAR, estimates=[rebate("2026-03-01", "-600.00") | {"obligation_id": "plan"}])
    assert row(of, "price from 2026-03-01")[1].startswith("12,000.00 as stated - 600.00 estimate")


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("price", "12,000.00 as stated - 1,000.00 credit note for the price"),
        ("goodwill", "12,000.00 as stated - 1,000.00 goodwill"),
        ("bad_debt", "12,000.00 as stated - 504.11 not yet earned of the bad debt"),
        ("dispute", "12,000.00 as stated - 504.11 not yet earned of the dispute"),
        ("full_refund", "12,000.00 as stated - 12,000.00 by the full refund"),
    ],
)
def test_each_note_says_what_it_takes_of_the_price(reason: str, words: str) -> None:
    size = "12000.00" if reason == "full_refund" else "1000.00"
    note = invoice("N1", "2026-07-01", size, type="credit_note", applies_to="I1", reason=reason)
    of = told(**YEAR, billings=[BILL, note])
    assert row(of, "price from 2026-07-01")[1].startswith(words)
    assert "billings.csv:3 reason" in row(of, "price from 2026-07-01")[2]
    if reason in ("bad_debt", "dispute"):
        taken = row(of, "billed N1")
        assert taken[0] == -50411
        assert "-ROUND(1,000.00 x 6,049.32 / 12,000.00); the part not yet earned" in taken[1]
        assert "495.89 is earned and " in taken[1]


def test_a_write_off_of_all_that_is_open_ends_the_service() -> None:
    of = told(**YEAR, billings=[BILL, invoice("W1", "2026-07-01", "12000.00", type="write_off", applies_to="I1")])
    assert "- 6,049.32 by the bad debt" in row(of, "price from 2026-07-01")[1]
    assert "and the service ends" in row(of, "billed W1")[1]


def test_a_refund_says_how_much_of_it_lowers_what_is_billed() -> None:
    rows = [
        BILL,
        invoice("N1", "2026-07-05", "3000.00", type="credit_note", applies_to="I1", reason="cancellation"),
        invoice("R1", "2026-08-05", "4000.00", type="refund", applies_to="I1"),
        invoice("N2", "2026-08-20", "500.00", type="credit_note", applies_to="I1", reason="cancellation"),
    ]
    of = told(**YEAR, events=[event("cancel", "2026-06-30", amount="5000.00")], billings=rows)
    amount, words, cells = row(of, "billed R1")
    assert amount == -100000 and "of 4,000.00 refunded to date credit notes cover 3,000.00" in words
    assert cells == "billings.csv:4 amount"
    assert row(of, "billed I1")[1].startswith("12,000.00 - 3,500.00 credited")
    assert "a refund before 2026-08-20 had taken it" in row(of, "billed N2")[1]


# -- work, stops, interest, costs --------------------------------------------------------------------------------------


def test_breakage_is_shown_apart_and_a_changed_estimate_catches_up() -> None:
    events = [
        event("redeem", "2026-02-01", quantity="200", obligation_id="plan"),
        event("estimate", "2026-04-01", percent="20", obligation_id="plan"),
    ]
    cards = [line("500.00", method="redemption", breakage_percent="10")]
    of = told(contracts=[contract(start="", end="")], obligations=cards, events=events)
    assert row(of, "catch-up 2026-04-01")[0] == 2778
    assert row(of, "earned 2026-04-01")[1].startswith("ROUND(500.00 x 200 / (500 x (1 - 0.2)))")
    assert row(of, "of it breakage")[:2] == (5000, "250.00 earned - 200.00 for what was used")


def test_work_after_a_change_is_measured_over_what_is_left() -> None:
    events = [
        event("progress", "2026-02-01", quantity="20", obligation_id="plan"),
        event("change", "2026-04-01", price="1400.00", quantity="100", obligation_id="plan", treatment="prospective"),
        event("progress", "2026-05-01", quantity="10", obligation_id="plan"),
    ]
    build = [line("1000.00", method="progress", expected_total="80")]
    of = told(contracts=[contract()], obligations=build, events=events)
    assert row(of, "pool 2026-04-01")[:1] == (115000,)
    assert row(of, "earned 2026-05-01")[1].startswith("250.00 before + ROUND(1,150.00 x (30 - 20) / (100 - 20))")


def test_use_beyond_the_commitment_raises_the_price() -> None:
    events = [event("use", "2026-02-01", amount="1200.00", obligation_id="plan")]
    of = told(contracts=[contract()], obligations=[line("1000.00", method="usage")], events=events)
    assert "1,000.00 as stated + 200.00 use beyond the commitment" in row(of, "price from 2026-02-01")[1]


def test_a_service_that_stands_still_says_since_when_and_at_what() -> None:
    held = row(told(**YEAR, events=[event("hold", "2026-04-10")]), "earned 2026-04-10")[1]
    assert held.startswith("ROUND(12,000.00 x 99/365 days)") and "held since 2026-04-10" in held
    paused = row(told(**YEAR, events=[event("pause", "2026-04-10")]), "earned 2026-04-10")[1]
    assert paused.startswith("ROUND(12,000.00 x 100/365 days)") and "paused since 2026-04-10" in paused
    tables = YEAR | {"settings": {"as_of": "2026-09-30", "early_service": "catch_up"}}
    waiting = told(**tables, billings=[invoice("I1", "2026-04-01", "12000.00")])
    assert row(waiting, "earned 2026-01-01")[1] == "nothing before its first invoice"
    assert row(waiting, "catch-up 2026-04-01")[0] == 295890


def test_interest_is_shared_by_price_and_earned_as_the_price_is() -> None:
    of = told(
        contracts=[contract(financing_rate="0.06")],
        obligations=[line("12000.00"), line("1200.00", "goods", method="point_in_time")],
        billings=[invoice("I1", "2026-01-01", "13200.00")],
        costs=[{"cost_id": "K1", "contract_id": "C1", "date": "2026-01-01", "amount": "1200.00"}],
    )
    whole = row(of, "interest", "C1")
    assert "in 2026-03" in whole[1] and "0.06 a year" in whole[1]
    assert row(of, "interest")[1].startswith(f"ROUND({whole[0] / 100:,.2f} x 12,000.00 / 13,200.00)")
    assert row(of, "interest earned")[2] == "contracts.csv:2 financing_rate"
    assert row(of, "contracted")[1].startswith("12,000.00 price + ")
    cost = row(of, "cost K1", "C1")
    assert cost[1].startswith("1,200.00 capitalized - 897.53 amortized") and cost[2] == "costs.csv:2 amount"


def test_the_story_goes_version_by_version() -> None:
    rows = [
        event("upgrade", "2026-07-01", obligation_id="plan", price="14000.00"),
        event("cancel", "2026-08-31", obligation_id="plan"),
    ]
    assert [name for name in figures(told(**YEAR, events=rows)) if " " in name] == [
        "earned 2026-01-01 to 2026-06-30", "pool 2026-07-01", "price from 2026-07-01",
        "earned 2026-07-01 to 2026-08-30", "price from 2026-08-31", "earned 2026-08-31 to 2026-09-30",
    ]  # fmt: skip
