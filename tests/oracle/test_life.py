"""Changes, cancels and notes by hand, where no worked example speaks of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from .oracle import Oracle

TODAY = date(2027, 1, 15)
YEAR = {"start": "2026-01-01", "end": "2026-12-31"}


Rows = Sequence[Mapping[str, str]]


def book(obligations: Rows, events: Rows, documents: Rows = (), **more: Any) -> Oracle:
    """A contract of 2026, signed on its first day."""
    contract = {"contract_id": "C1", "customer": "Acme", "signed_on": "2026-01-01"} | YEAR
    return Oracle(
        {
            "contracts": [contract],
            "obligations": [{"contract_id": "C1", **row} for row in obligations],
            "events": [{"event_id": f"E{n}", "contract_id": "C1", **row} for n, row in enumerate(events)],
            "billings": [{"document_id": f"D{n}", "contract_id": "C1", **row} for n, row in enumerate(documents)],
            **more,
        },
        TODAY,
    )


def at(oracle: Oracle, day: str, key: str = "C1/o") -> tuple[Any, Any]:
    """T and R of an obligation."""
    row: dict[str, Any] = oracle.balances(date.fromisoformat(day), "obligation")[key]
    return row["contracted"], row["recognized"]


FULL_REFUND = {"reason": "full_refund", "applies_to": "D0"}
USAGE = {"obligation_id": "o", "price": "1000", "quantity": "100", "method": "usage"}


@pytest.mark.parametrize("treatment", ["prospective", "separate"])
def test_use_before_a_change_keeps_its_price_and_use_beyond_becomes_use_of_the_commitment(treatment: str) -> None:
    events = [
        {"date": "2026-02-01", "type": "use", "quantity": "120"},  # 1,200 of 1,000: 200 beyond
        {"date": "2026-03-01", "type": "change", "price": "1500", "treatment": treatment},
        {"date": "2026-04-01", "type": "use", "quantity": "10"},  # at 15 now
        {"date": "2026-05-01", "type": "use", "quantity": "20"},
    ]
    oracle = book([USAGE], events)
    assert at(oracle, "2026-02-28") == (1200, 1200)
    assert at(oracle, "2026-03-01") == (1500, 1200)  # no revenue moves
    assert at(oracle, "2026-04-01") == (1500, 1350)
    assert at(oracle, "2026-05-01") == (1650, 1650)


def test_as_if_from_the_start_all_use_has_the_new_price() -> None:
    events = [
        {"date": "2026-02-01", "type": "use", "quantity": "50"},
        {"date": "2026-03-01", "type": "change", "price": "1500", "treatment": "catch_up"},
    ]
    assert at(book([USAGE], events), "2026-03-01") == (1500, 750)


def test_an_invoice_on_the_day_of_a_cancel_releases_what_was_waiting_for_it() -> None:
    oracle = book(
        [{"obligation_id": "o", "price": "3650"}],
        [{"date": "2026-01-10", "type": "cancel"}],
        [{"date": "2026-01-10", "amount": "3650"}],
        settings={"early_service": "catch_up"},
    )
    assert at(oracle, "2026-01-09") == (3650, 0)
    assert at(oracle, "2026-01-10") == (100, 100)


def test_a_note_after_the_end_does_not_prolong_the_service() -> None:
    oracle = book(
        [{"obligation_id": "o", "price": "3650"}],
        [{"date": "2026-01-10", "type": "cancel"}],
        [
            {"date": "2026-01-01", "amount": "3650"},
            {
                "date": "2026-03-31",
                "amount": "3650",
                "type": "credit_note",
                "reason": "full_refund",
                "applies_to": "D0",
            },
        ],
        costs=[{"cost_id": "K", "contract_id": "C1", "date": "2026-01-01", "amount": "365"}],
    )
    assert at(oracle, "2026-03-31") == (0, 0)
    row: dict[str, Any] = oracle.costs(date(2026, 1, 1), date(2026, 12, 31))["K"]
    assert (row["amortized"], row["impaired"]) == (-10, -355)


def test_an_estimate_after_a_full_refund_brings_nothing_back() -> None:
    oracle = book(
        [{"obligation_id": "o", "price": "3650"}],
        [],
        [
            {"date": "2026-01-01", "amount": "3650"},
            {
                "date": "2026-02-01",
                "amount": "3650",
                "type": "credit_note",
                "reason": "full_refund",
                "applies_to": "D0",
            },
        ],
        estimates=[
            {"contract_id": "C1", "date": "2026-01-01", "kind": "rebate", "amount": "-365"},
            {"contract_id": "C1", "date": "2026-03-01", "kind": "rebate", "amount": "0"},
        ],
    )
    assert at(oracle, "2026-01-31") == (3285, 279)
    assert at(oracle, "2026-02-01") == at(oracle, "2026-03-01") == (0, 0)


def test_a_line_that_joins_from_the_start_does_not_bring_allocation_to_stated_prices() -> None:
    added = {"obligation_id": "a", "price": "100", "ssp": "50", "added_on": "2026-02-01"}
    oracle = book(
        [{"obligation_id": "o", "price": "3650"}, added],
        [{"date": "2026-02-01", "type": "change", "treatment": "catch_up"}],
    )
    assert at(oracle, "2026-02-01") == (3650, 320)
    assert at(oracle, "2026-02-01", "C1/a") == (100, Decimal("8.77"))


def test_a_refund_on_a_financed_contract_sees_the_interest_of_the_day_before() -> None:
    contract = {"contract_id": "C1", "customer": "Acme", "signed_on": "2026-01-01", "financing_rate": "0.06"}
    oracle = book(
        [{"obligation_id": "o", "price": "3650", "method": "point_in_time"}],
        [],
        [
            {"date": "2026-01-01", "amount": "3650"},
            {"date": "2026-01-01", "amount": "3650", "type": "payment", "applies_to": "D0"},
            {"date": "2026-07-01", "amount": "650", "type": "refund"},
        ],
        contracts=[contract | YEAR],
    )
    row: dict[str, Any] = oracle.balances(date(2026, 7, 1))["C1"]
    assert row["refund_liability"] == 0  # nothing was owed back: the cash is against the receivable
    assert row["billed"] == row["contracted"] > 3650


def test_what_was_entered_by_hand_before_a_line_is_added_is_caught_up_on_the_day() -> None:
    added = {"obligation_id": "a", "price": "100", "method": "manual", "added_on": "2026-03-01"}
    events = [{"date": "2026-02-01", "type": "recognize", "amount": "40", "obligation_id": "a"}]
    oracle = book([{"obligation_id": "o", "price": "3650"}, added], events)
    assert at(oracle, "2026-02-28", "C1/a") == (0, 0)
    assert at(oracle, "2026-03-01", "C1/a") == (100, 40)


def test_what_was_entered_by_hand_while_held_is_caught_up_after_a_change() -> None:
    events = [
        {"date": "2026-01-10", "type": "hold"},
        {"date": "2026-02-01", "type": "recognize", "amount": "40"},
        {"date": "2026-03-01", "type": "change", "price": "200", "treatment": "prospective"},
        {"date": "2026-04-01", "type": "release"},
    ]
    oracle = book([{"obligation_id": "o", "price": "100", "method": "manual"}], events)
    assert at(oracle, "2026-03-01") == (200, 0)
    assert at(oracle, "2026-04-01") == (200, 40)
