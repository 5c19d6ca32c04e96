"""Escheat: unused rights that go to the state are never revenue."""

from __future__ import annotations

from datetime import date

from engine.book.reading import book_from_rows
from engine.reports.balances import balances
from engine.reports.rollforward import rollforward
from engine.schedule.compile import compile_book
from engine.schedule.schedule import Schedule


def gift_card() -> Schedule:
    """Sold for 100.00; 60.00 redeemed; of the 40.00 left on 30 June 30.00 go to the state, paid on 1 August."""
    own = {"contract_id": "C1"}
    book = {
        "contracts": [{**own, "customer": "Acme", "signed_on": "2026-01-01"}],
        "obligations": [{**own, "obligation_id": "card", "price": "100.00", "method": "redemption"}],
        "billings": [
            {**own, "document_id": "I1", "date": "2026-01-01", "amount": "100.00"},
            {**own, "document_id": "R1", "date": "2026-08-01", "amount": "30.00", "type": "refund"},
        ],
        "events": [
            {**own, "event_id": "E1", "date": "2026-03-01", "type": "redeem", "quantity": "60"},
            {**own, "event_id": "E2", "date": "2026-06-30", "type": "expire", "amount": "30.00"},
        ],
    }
    return compile_book(book_from_rows(book, date(2027, 1, 31)))


def figure(name: str, day: date) -> int:
    table = balances(gift_card(), day, "total")
    return int(table.rows[0][table.names.index(name)])


def test_what_goes_to_the_state_is_owed_until_it_is_paid_out() -> None:
    expired, paid = date(2026, 6, 30), date(2026, 8, 1)
    assert [figure(name, expired) for name in ("contracted", "recognized", "refund_liability")] == [7000, 7000, 3000]
    assert [figure(name, paid) for name in ("recognized", "billed", "refund_liability")] == [7000, 7000, 0]


def test_only_what_is_kept_of_the_unused_rights_is_breakage() -> None:
    table = rollforward(gift_card(), date(2026, 6, 1), date(2026, 6, 30))
    assert table.rows[0][table.names.index("breakage")] == -1000
