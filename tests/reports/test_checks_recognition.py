"""Mistakes in recognition are found in small books made for them, and not in the honest books beside them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.book.problems import Severity

from .checked import contract, event, findings, invoice, line, one, scheduled

BOOK: dict[str, Any] = {"contracts": [contract()], "obligations": [line("12000.00")]}
WHOLE = [invoice("I1", "2026-01-01", "12000.00")]

# -- revenue-at-billing ------------------------------------------------------------------------------------------------

NO_TERM = contract(start="", end="")


@pytest.mark.parametrize(
    ("own", "document", "why"),
    [
        ({"start": "2026-01-01", "end": "2026-12-31"}, {}, "its service ends 2026-12-31"),
        ({"start": "2026-01-01", "recurring": "yes"}, {}, "it is marked recurring"),
        ({"start": "2026-01-01"}, {"service_start": "2026-01-01", "service_end": "2026-12-31"}, "to 2026-12-31"),
        ({"start": "2026-01-01", "product": "Annual subscription"}, {}, "its name is Annual subscription"),
        ({"start": "2026-01-01", "obligation_id": "gold-support"}, {}, "its name is gold-support"),
    ],
    ids=["its own term", "recurring", "the document's service", "its product", "its id"],
)
def test_a_service_over_time_recognized_on_its_billing_date_is_found_at_its_method(
    own: dict[str, str], document: dict[str, str], why: str
) -> None:
    book = scheduled(
        contracts=[NO_TERM],
        obligations=[line("12000.00", method="point_in_time", **own)],
        billings=[invoice("I1", "2026-01-01", "12000.00", **document)],
    )
    found = one(book, "revenue-at-billing")
    assert found.severity is Severity.WARN and found.where.startswith("obligations.csv:2")
    assert "point_in_time  12,000.00 USD" in found.found and "I1" in found.found and why in found.found
    assert "ratable" in found.remedy


def test_a_contract_over_time_without_any_service_over_time_is_found() -> None:
    once = [line("12000.00", method="point_in_time", start="2026-01-01")]
    found = one(scheduled(contracts=[contract()], obligations=once, billings=WHOLE), "revenue-at-billing")
    assert "the contract runs to 2026-12-31" in found.found


@pytest.mark.parametrize(("method", "kind"), [("milestone", "deliver"), ("manual", "recognize")])
def test_amounts_entered_on_the_billing_date_of_a_recurring_service_are_found(method: str, kind: str) -> None:
    book = scheduled(
        contracts=[NO_TERM],
        obligations=[line("12000.00", method=method, recurring="yes")],
        billings=WHOLE,
        events=[event(kind, "2026-01-01", amount="12000.00", obligation_id="plan")],
    )
    assert findings(book, "revenue-at-billing")


def test_a_service_squeezed_into_its_billing_date_is_found() -> None:
    book = scheduled(
        contracts=[NO_TERM],
        obligations=[line("12000.00", start="2026-01-01", end="2026-01-01")],
        billings=[invoice("I1", "2026-01-01", "12000.00", service_start="2026-01-01", service_end="2026-12-31")],
    )
    assert "ratable" in one(book, "revenue-at-billing").found


def test_goods_and_set_ups_delivered_on_their_billing_date_are_honest() -> None:
    goods = scheduled(
        contracts=[contract()],
        obligations=[
            line("12000.00", product="Platform"),
            line("900.00", "device", product="Device", method="point_in_time", start="2026-01-01"),
        ],
        billings=[invoice("I1", "2026-01-01", "12900.00", service_start="2026-01-01", service_end="2026-12-31")],
    )
    assert not findings(goods, "revenue-at-billing")


def test_a_service_billed_in_arrears_is_honest() -> None:
    served = scheduled(
        contracts=[NO_TERM],
        obligations=[line("1000.00", method="manual", recurring="yes")],
        billings=[invoice("I1", "2026-01-31", "1000.00", service_start="2026-01-01", service_end="2026-01-31")],
        events=[event("recognize", "2026-01-31", amount="1000.00", obligation_id="plan")],
    )
    assert not findings(served, "revenue-at-billing")


def test_a_service_earned_over_its_term_is_honest() -> None:
    assert not findings(scheduled(**BOOK, billings=WHOLE), "revenue-at-billing")


# -- ended-not-drained -------------------------------------------------------------------------------------------------

LATER = date(2027, 3, 31)


def test_a_contract_that_ended_unbilled_is_found_at_its_end() -> None:
    found = one(scheduled(**BOOK, billings=[invoice("I1", "2026-01-01", "9000.00")]), "ended-not-drained", LATER)
    assert found.severity is Severity.WARN and found.where == "contracts.csv:2 end"
    assert "C1  Acme   ended 2026-12-31   contract_asset 3,000.00 USD" in found.found
    assert "cancel" in found.remedy


def test_deferred_revenue_left_by_a_forgotten_hold_is_found() -> None:
    held = scheduled(**BOOK, billings=WHOLE, events=[event("hold", "2026-07-01")])
    found = one(held, "ended-not-drained", LATER)
    assert "deferred 6,049.32 USD" in found.found and "backlog 6,049.32 USD" in found.found


def test_a_line_that_ended_unserved_is_found_while_its_contract_goes_on() -> None:
    two = [line("12000.00"), line("900.00", "phase", method="milestone", start="2026-01-01", end="2026-03-31")]
    found = one(scheduled(contracts=[contract()], obligations=two, billings=WHOLE), "ended-not-drained")
    assert found.where == "obligations.csv:3 end"
    assert "C1/phase   ended 2026-03-31   backlog 900.00 USD" in found.found


def test_a_service_served_and_billed_has_drained() -> None:
    assert not findings(scheduled(**BOOK, billings=WHOLE), "ended-not-drained", LATER)
    assert not findings(scheduled(**BOOK, billings=WHOLE), "ended-not-drained")


def test_the_last_month_billed_in_arrears_may_be_open_at_the_end() -> None:
    arrears = [invoice(f"I{n}", f"2026-{n + 1:02}-01", "1000.00") for n in range(1, 12)]
    assert not findings(scheduled(**BOOK, billings=arrears), "ended-not-drained", date(2026, 12, 31))
    assert findings(scheduled(**BOOK, billings=arrears), "ended-not-drained", date(2027, 1, 31))


def test_a_book_without_documents_says_so_once() -> None:
    contracts = [contract("C1"), contract("C2")]
    bare = scheduled(contracts=contracts, obligations=[line("600.00"), line("600.00", contract_id="C2")])
    found = one(bare, "ended-not-drained", LATER)
    assert found.found == "no documents are entered: 2 ended contracts unbilled, 1,200.00 USD"


def test_work_without_an_end_is_not_over() -> None:
    rights = [line("12000.00", method="redemption", breakage_percent="10")]
    open_end = scheduled(contracts=[NO_TERM], obligations=rights, billings=WHOLE)
    assert not findings(open_end, "ended-not-drained", LATER)


# -- active-but-silent -------------------------------------------------------------------------------------------------


def test_a_service_held_all_through_the_last_period_is_found_at_the_hold() -> None:
    held = scheduled(**BOOK, billings=WHOLE, events=[event("hold", "2026-04-10")])
    found = one(held, "active-but-silent")
    assert found.severity is Severity.WARN and found.where == "events.csv:2 date"
    assert "C1/plan" in found.found and "held since 2026-04-10" in found.found
    assert "2026-01-01 to 2026-12-31" in found.found and "Release" in found.remedy


def test_a_service_paused_and_not_resumed_is_found() -> None:
    paused = scheduled(**BOOK, billings=WHOLE, events=[event("pause", "2026-05-01")])
    assert "paused since 2026-05-01" in one(paused, "active-but-silent").found


def test_a_service_that_waits_for_its_first_invoice_is_found() -> None:
    waiting = scheduled(**BOOK, settings={"as_of": "2026-06-30", "early_service": "catch_up"})
    found = one(waiting, "active-but-silent")
    assert found.where == "obligations.csv:2 obligation_id" and "waits for its first invoice" in found.found


def test_measured_work_without_an_event_for_three_periods_is_found() -> None:
    build: dict[str, Any] = BOOK | {"obligations": [line("12000.00", method="progress", expected_total="100")]}
    worked = [event("progress", "2026-03-31", quantity="20")]
    found = one(scheduled(**build, billings=WHOLE, events=worked), "active-but-silent")
    assert "no work entered for 3 periods" in found.found
    assert not findings(scheduled(**build, billings=WHOLE, events=worked), "active-but-silent", date(2026, 5, 31))


def test_a_contract_that_outlives_its_services_is_found_at_its_end() -> None:
    short = scheduled(
        contracts=[contract()], obligations=[line("3000.00", start="2026-01-01", end="2026-03-31")], billings=WHOLE
    )
    found = one(short, "active-but-silent")
    assert found.where == "contracts.csv:2 end" and "its last service ended 2026-03-31" in found.found
    assert not findings(short, "active-but-silent", date(2026, 3, 31))


@pytest.mark.parametrize(
    "events",
    [
        [],
        [event("hold", "2026-03-01"), event("release", "2026-06-01")],
        [event("hold", "2026-06-15")],
        [event("pause", "2026-03-01"), event("resume", "2026-05-01")],
    ],
    ids=["nothing", "released", "held since this month", "resumed"],
)
def test_a_service_that_earned_in_the_last_period_is_not_silent(events: list[dict[str, str]]) -> None:
    assert not findings(scheduled(**BOOK, billings=WHOLE, events=events), "active-but-silent")


def test_a_price_too_small_to_earn_a_cent_a_month_is_not_silent() -> None:
    assert not findings(scheduled(contracts=[contract()], obligations=[line("0.01")]), "active-but-silent")


# -- negative-period ---------------------------------------------------------------------------------------------------


def test_a_plugged_month_below_zero_is_found_at_the_price() -> None:
    plugged = scheduled(contracts=[contract()], obligations=[line("0.08", rounding="plug_last", convention="monthly")])
    found = one(plugged, "negative-period", date(2026, 12, 31))
    assert found.severity is Severity.WARN and found.where == "obligations.csv:2 price"
    assert "C1/plan   2026-12 -0.03 USD" in found.found and "rounding cumulative" in found.remedy


def test_an_estimate_that_takes_revenue_back_is_named_with_its_row() -> None:
    build = [line("12000.00", method="progress", expected_total="100")]
    events = [event("progress", "2026-02-10", quantity="50"), event("estimate", "2026-04-10", quantity="200")]
    found = one(scheduled(contracts=[contract()], obligations=build, events=events), "negative-period")
    assert (
        "C1/plan   2026-04 -3,000.00 USD   rows of that time: estimate of 2026-04-10 (events.csv:3 type)" in found.found
    )


def test_a_credit_that_earns_below_zero_is_honest_and_above_zero_is_not() -> None:
    discount = scheduled(contracts=[contract()], obligations=[line("-1200.00"), line("9000.00", "plan2")])
    assert not findings(discount, "negative-period")
    plugged = scheduled(contracts=[contract()], obligations=[line("-0.08", rounding="plug_last", convention="monthly")])
    assert "2026-12 0.03 USD" in one(plugged, "negative-period", date(2026, 12, 31)).found


def test_an_estimate_above_the_price_makes_it_negative_and_is_found() -> None:
    rebate = [{"contract_id": "C1", "date": "2026-01-01", "kind": "rebate", "amount": "-15000.00"}]
    found = one(scheduled(contracts=[contract()], obligations=[line("12000.00")], estimates=rebate), "negative-period")
    assert "C1/plan   2026-01 -" in found.found and "rebate" in found.found


def test_only_the_last_twelve_periods_are_looked_at() -> None:
    build = [line("12000.00", method="progress", expected_total="100")]
    events = [event("progress", "2026-02-10", quantity="50"), event("estimate", "2026-04-10", quantity="200")]
    old = scheduled(contracts=[contract()], obligations=build, events=events)
    assert not findings(old, "negative-period", date(2027, 4, 30))
