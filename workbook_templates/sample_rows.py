"""Rows of a book as a person would type them: the few words a contract of the sample is written in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

Row = dict[str, str]


@dataclass(frozen=True)
class Deal:
    """A contract with everything that belongs to it, each row bearing its contract_id, and which features it shows."""

    shows: str
    contract: Row
    obligations: tuple[Row, ...]
    billings: tuple[Row, ...]
    events: tuple[Row, ...]
    estimates: tuple[Row, ...] = ()
    costs: tuple[Row, ...] = ()


def deal(
    contract_id: str, customer: str, shows: str, *, obligations: Sequence[Row], billings: Sequence[Row],
    events: Sequence[Row] = (), estimates: Sequence[Row] = (), costs: Sequence[Row] = (), **contract: str,
) -> Deal:  # fmt: skip
    """A contract and its rows; events are numbered E-1005-1, E-1005-2 ... by their contract."""
    number = contract_id.removeprefix("C-")
    return Deal(
        shows,
        {"contract_id": contract_id, "customer": customer, **contract},
        tuple({"contract_id": contract_id, **row} for row in obligations),
        tuple({"document_id": row["document_id"], "contract_id": contract_id, **row} for row in billings),
        tuple({"event_id": f"E-{number}-{n}", "contract_id": contract_id, **row} for n, row in enumerate(events, 1)),
        tuple({"contract_id": contract_id, **row} for row in estimates),
        tuple({"cost_id": row["cost_id"], "contract_id": contract_id, **row} for row in costs),
    )


def line(obligation_id: str, price: str, **cells: str) -> Row:
    """A promise of the contract."""
    return {"obligation_id": obligation_id, "price": price, **cells}


def invoice(document_id: str, day: str, amount: str, **cells: str) -> Row:
    return _document("invoice", document_id, day, amount, cells)


def credit_note(document_id: str, day: str, amount: str, **cells: str) -> Row:
    return _document("credit_note", document_id, day, amount, cells)


def void(document_id: str, day: str, amount: str, **cells: str) -> Row:
    return _document("void", document_id, day, amount, cells)


def payment(document_id: str, day: str, amount: str, **cells: str) -> Row:
    """Cash; without `applies_to` it pays the oldest open documents first."""
    return _document("payment", document_id, day, amount, {"source": "Bank", **cells})


def refund(document_id: str, day: str, amount: str, **cells: str) -> Row:
    """Cash paid back."""
    return _document("refund", document_id, day, amount, {"source": "Bank", **cells})


def write_off(document_id: str, day: str, amount: str, **cells: str) -> Row:
    return _document("write_off", document_id, day, amount, cells)


def _document(kind: str, document_id: str, day: str, amount: str, cells: Mapping[str, str]) -> Row:
    head = {"document_id": document_id, "date": day, "amount": amount, "type": kind}
    return {**head, "source": "Billing system", **cells}


def event(day: str, kind: str, **cells: str) -> Row:
    """Something that happened after signing."""
    return {"date": day, "type": kind, **cells}


def estimate(day: str, kind: str, amount: str, **cells: str) -> Row:
    """What is expected of one kind of variable consideration from a day on."""
    return {"date": day, "kind": kind, "amount": amount, **cells}


def cost(cost_id: str, day: str, amount: str, **cells: str) -> Row:
    """A cost of obtaining or fulfilling the contract, amortized over its term."""
    return {"cost_id": cost_id, "date": day, "amount": amount, **cells}


def monthly_invoices(
    prefix: str, first: str, count: int, amount: str, *, obligation_id: str = "", at_end: bool = False,
) -> list[Row]:  # fmt: skip
    """An invoice a month, dated the first day of the month or its last, each due after 30 days.

    first  month of the first, as 2026-01
    """
    rows = []
    begin = date.fromisoformat(f"{first}-01")
    for _ in range(count):
        after = (begin + timedelta(31)).replace(day=1)
        last = after - timedelta(1)
        day = last if at_end else begin
        cells = {"service_start": begin.isoformat(), "service_end": last.isoformat()}
        if obligation_id:
            cells["obligation_id"] = obligation_id
        due_on = (day + timedelta(30)).isoformat()
        rows.append(invoice(f"{prefix}{begin:%Y%m}", day.isoformat(), amount, due_on=due_on, **cells))
        begin = after
    return rows
