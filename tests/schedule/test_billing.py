"""Documents: what counts from which day under each basis, and which document a note or payment is about."""

from __future__ import annotations

import datetime as dt

import pytest

from engine.book.tables import Billing
from engine.schedule.billing import changes, counted, documents


def row(document_id: str, day: str, amount: int, **more: object) -> Billing:
    values = {name: field.get_default() for name, field in Billing.model_fields.items() if not field.is_required()}
    more = {name: dt.date.fromisoformat(str(value)) if name == "due_on" else value for name, value in more.items()}
    given = {"document_id": document_id, "contract_id": "C1", "date": dt.date.fromisoformat(day), "amount": amount}
    return Billing.model_construct(**{**values, **given, **more})


def history(rows: list[Billing], basis: str = "invoice", cancellable: bool = False) -> list[tuple[str, int, int]]:
    """(day, billings, net) of the first document."""
    document = documents(list(enumerate(rows)))[0]
    found = counted(document, basis, cancellable)
    return [(dt.date.fromordinal(day).isoformat(), billings, net) for day, billings, net, _ in found]


INVOICE = row("D1", "2026-01-01", 1000, due_on="2026-01-31")
PART = row("P1", "2026-01-20", 400, type="payment", applies_to="D1")
REST = row("P2", "2026-02-10", 600, type="payment", applies_to="D1")
NOTE = row("N1", "2026-01-25", 300, type="credit_note", applies_to="D1")


@pytest.mark.parametrize(
    ("basis", "cancellable", "expected"),
    [
        ("invoice", False, [("2026-01-01", 1000, 1000), ("2026-01-25", 1000, 700)]),
        ("due", False, [("2026-01-31", 1000, 700)]),
        ("paid", False, [("2026-01-20", 400, 400), ("2026-02-10", 1000, 700)]),
        ("unconditional", False, [("2026-01-20", 400, 400), ("2026-01-31", 1000, 700)]),
        ("unconditional", True, [("2026-01-20", 400, 400), ("2026-02-10", 1000, 700)]),
    ],
)
def test_an_invoice_counts_as_its_basis_says(
    basis: str, cancellable: bool, expected: list[tuple[str, int, int]]
) -> None:
    assert history([INVOICE, PART, NOTE, REST], basis, cancellable) == expected


def test_a_void_withdraws_what_is_left_of_a_document() -> None:
    void = row("V1", "2026-02-01", 700, type="void", applies_to="D1")
    assert history([INVOICE, NOTE, void])[-1] == ("2026-02-01", 1000, 0)


def test_a_payment_on_account_pays_the_oldest_and_waits_with_the_rest() -> None:
    later = row("D2", "2026-03-01", 500)
    account = row("P1", "2026-02-01", 1200, type="payment")
    first, second = documents(list(enumerate([later, INVOICE, account])))
    assert [first.id, second.id] == ["D2", "D1"]
    assert second.paid(dt.date(2026, 2, 1).toordinal()) == 1000
    assert first.paid(dt.date(2026, 2, 28).toordinal()) == 0
    assert first.paid(dt.date(2026, 3, 1).toordinal()) == 200


def test_two_invoices_with_one_number_from_two_sources_are_two_documents() -> None:
    rows = [
        row("D1", "2026-01-01", 1000, source="shop"),
        row("D1", "2026-02-01", 1000, source="erp"),
        row("N1", "2026-03-01", 1000, source="erp", type="credit_note", applies_to="D1"),
    ]
    shop, erp = documents(list(enumerate(rows)))
    day = dt.date(2026, 3, 31).toordinal()
    assert (shop.left(day), erp.left(day)) == (1000, 0)


def test_what_is_credited_in_full_leaves_nothing_on_any_obligation() -> None:
    notes = [row(f"N{n}", f"2026-02-0{n}", 50, type="credit_note", applies_to="D1") for n in (1, 2)]
    document = documents(list(enumerate([row("D1", "2026-01-01", 100), *notes])))[0]
    on = [7, 8, 9]
    found = changes(document, on, [1, 1, 1], "invoice", False)
    left = {place: sum(c.billings + c.credits for c in found if c.obligation == place) for place in on}
    assert left == {7: 0, 8: 0, 9: 0}


def test_tax_follows_the_document_as_far_as_it_counts() -> None:
    taxed = row("D1", "2026-01-01", 1000, tax_amount=200, due_on="2026-01-31")
    noted = row("N1", "2026-01-25", 500, type="credit_note", applies_to="D1", tax_amount=100)
    document = documents(list(enumerate([taxed, PART, noted])))[0]
    assert [found.tax for found in counted(document, "invoice", False)] == [200, 100]
    assert [found.tax for found in counted(document, "paid", False)] == [80]
