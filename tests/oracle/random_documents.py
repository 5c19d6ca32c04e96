"""Invoices, credit notes, voids and payments for the contracts of a random book."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction

from .calendars import add_months
from .cells import as_cell, decimals_of
from .random_notes import Invoice, NotesOfContract

Row = dict[str, str]


def documents_of(
    rng: random.Random,
    settings: Mapping[str, str],
    contract: Row,
    obligations: Sequence[Row],
    *,
    notes: bool,
    choices: bool,
    every_note: bool = False,
) -> list[Row]:
    """The documents of one contract, with credit notes and voids if asked for, or with all there is."""
    if rng.random() < 0.08:
        return []
    documents = _Documents(rng, settings, contract, obligations, choices)
    return documents.make_all() if every_note else documents.make(notes)


class _Documents:
    def __init__(
        self,
        rng: random.Random,
        settings: Mapping[str, str],
        contract: Row,
        obligations: Sequence[Row],
        choices: bool,
    ) -> None:
        self.rng = rng
        self.choices = choices
        self.contract = contract
        self.obligations = obligations
        self.currency = contract.get("currency") or settings.get("reporting_currency", "USD")
        self.on_paper = settings.get("deferral_basis", "invoice") in ("invoice", "due")  # payments change nothing
        self.rows: list[Row] = []
        self.left: dict[str, int] = {}  # of each positive invoice, after notes
        self.paid: dict[str, int] = {}
        self.first_note: dict[str, date] = {}

    def make(self, notes: bool) -> list[Row]:
        """Invoices first, then what refers to them."""
        self._invoices()
        on_account = self.rng.random() < 0.3
        quiet = self.on_paper or self.choices  # where payments on account and notes may meet
        if notes and (quiet or not on_account):
            self._notes()
        if self.rng.random() < 0.8:
            if on_account:
                self._payments_on_account()
            else:
                self._payments()
        return self.rows

    def make_all(self) -> list[Row]:
        """Invoices first, then whatever may become of them."""
        self._invoices()
        every = frozenset(o["obligation_id"] for o in self.obligations)
        invoices = [
            Invoice(
                row,
                day=date.fromisoformat(row["date"]),
                amount=self.left[row["document_id"]],
                covers=frozenset([row["obligation_id"]]) if "obligation_id" in row else every,
                left=self.left[row["document_id"]],
            )
            for row in self._positive()
        ]
        signed = date.fromisoformat(self.contract["signed_on"])
        NotesOfContract(
            self.rng, invoices, self._with_tax, signed=signed, on_paper=self.on_paper, choices=self.choices
        ).make()
        return self.rows

    def _with_tax(self, day: date, amount: int, tax: int, **cells: str) -> Row:
        return self._row(day, amount, **cells, **({"tax_amount": self._cell(tax)} if tax else {}))

    def _cell(self, minor: int) -> str:
        return as_cell(minor, self.currency)

    def _minor(self, text: str) -> int:
        return int(Fraction(text) * 10 ** decimals_of(self.currency))

    def _row(self, day: date, amount: int, **cells: str) -> Row:
        row = {"document_id": f"{self.contract['contract_id']}-{len(self.rows) + 1:03d}"}
        row |= {"contract_id": self.contract["contract_id"], "date": day.isoformat(), "amount": self._cell(amount)}
        row |= cells
        self.rows.append(row)
        return row

    def _invoice(self, day: date, amount: int, obligation: Row | None) -> None:
        if amount == 0:
            return
        cells = {"type": "invoice"} if self.rng.random() < 0.3 else {}
        if obligation is not None:
            cells["obligation_id"] = obligation["obligation_id"]
            if not self.choices:
                day = max(day, date.fromisoformat(obligation.get("added_on", day.isoformat())))
        if self.rng.random() < 0.4:
            cells["due_on"] = (day + timedelta(days=self.rng.choice([0, 14, 30, self.rng.randint(1, 120)]))).isoformat()
        if self.rng.random() < 0.2:
            cells["tax_amount"] = self._cell(abs(amount) // 5)
        row = self._row(day, amount, **cells)
        if amount > 0:
            self.left[row["document_id"]] = amount
            self.paid[row["document_id"]] = 0

    def _invoices(self) -> None:
        """All at once, in instalments, a line at a time, or as it comes; at times before signing or after the end."""
        rng = self.rng
        signed = date.fromisoformat(self.contract["signed_on"])
        first = signed + timedelta(days=rng.choice([0, 0, 0, 10, 45, -5, -40]))
        prices = [self._minor(o["price"]) for o in self.obligations]
        total = sum(prices)
        kind = rng.choice(["upfront", "instalments", "instalments", "lines", "random"])
        if kind == "upfront":
            self._invoice(first, total, None)
        elif kind == "instalments":
            count, months = rng.choice([(2, 6), (3, 12), (4, 3), (12, 1), (5, 1)])
            sent = 0
            for number in range(1, count + 1):
                target = total * number // count
                self._invoice(add_months(first, months * (number - 1)), target - sent, None)
                sent = target
        elif kind == "lines":
            for o, price in zip(self.obligations, prices, strict=True):
                if rng.random() < 0.85:
                    amount = price if rng.random() < 0.6 else price * rng.randint(1, 15) // 10
                    self._invoice(first + timedelta(days=rng.choice([0, 0, 30, 90])), amount, o)
        else:
            for _ in range(rng.randint(1, 4)):
                amount = rng.randint(0, max(abs(total), 5))
                obligation = rng.choice([None, *self.obligations])
                self._invoice(first + timedelta(days=rng.randint(0, 900)), amount, obligation)
        if rng.random() < 0.15 and total:
            amount = -rng.randint(1, max(1, abs(total) // 4))
            self._invoice(first + timedelta(days=rng.randint(0, 500)), amount, rng.choice([None, *self.obligations]))

    def _positive(self) -> list[Row]:
        return [row for row in self.rows if row["document_id"] in self.left]

    def _notes(self) -> None:
        """Credit notes within what is left of a document, and now and then a void with a new invoice."""
        rng = self.rng
        for invoice in self._positive():
            name = invoice["document_id"]
            day = date.fromisoformat(invoice["date"])
            named = {"obligation_id": invoice["obligation_id"]} if "obligation_id" in invoice else {}
            if rng.random() < 0.07:
                self._row(day + timedelta(days=rng.randint(0, 40)), self.left[name], type="void", applies_to=name)
                obligation = next(
                    (o for o in self.obligations if o["obligation_id"] == named.get("obligation_id")), None
                )
                self._invoice(day + timedelta(days=rng.randint(0, 80)), self.left[name], obligation)
                del self.left[name]
                continue
            for _ in range(rng.choice([0, 0, 0, 1, 2])):
                amount = rng.choice([self.left[name], rng.randint(0, self.left[name])])
                if amount == 0:
                    continue
                self.left[name] -= amount
                cells = {"type": "credit_note", "applies_to": name}
                if rng.random() < 0.8:
                    cells["reason"] = rng.choice(["cancellation", "billing_error"])
                if rng.random() < 0.3:
                    cells |= named
                size = -amount if rng.random() < 0.2 else amount  # read by size
                noted = day + timedelta(days=rng.randint(0, 400))
                self.first_note[name] = min(noted, self.first_note.get(name, noted))
                self._row(noted, size, **cells)
        if self.choices and rng.random() < 0.1 and self.left:
            day = max(date.fromisoformat(row["date"]) for row in self._positive())
            self._row(day + timedelta(days=20), rng.randint(1, 50), type="credit_note", reason="cancellation")

    def _payments(self) -> None:
        """Payments that name their document, whole or in parts, within what is left of it on their date."""
        rng = self.rng
        for invoice in self._positive():
            name = invoice["document_id"]
            day = date.fromisoformat(invoice["date"])
            for _ in range(rng.choice([0, 1, 1, 1, 2])):
                day += timedelta(days=rng.randint(0, 90))
                left = self.left[name]
                if day < self.first_note.get(name, date.max):
                    left = self._minor(invoice["amount"])
                open_amount = left - self.paid[name]
                if open_amount <= 0:
                    continue
                amount = rng.choice([open_amount, open_amount, rng.randint(1, open_amount)])
                self.paid[name] += amount
                self._row(day, amount, type="payment", applies_to=name)

    def _payments_on_account(self) -> None:
        """Payments that name nothing, within what is open on their date."""
        rng = self.rng
        invoices = sorted(self._positive(), key=lambda row: row["date"])
        if not invoices:
            return
        day = date.fromisoformat(invoices[0]["date"])
        for _ in range(rng.randint(1, 4)):
            day += timedelta(days=rng.randint(0, 200))
            issued = [row["document_id"] for row in invoices if date.fromisoformat(row["date"]) <= day]
            open_amount = sum(self.left[name] - self.paid[name] for name in issued)
            amount = rng.choice([open_amount, rng.randint(0, max(open_amount, 0))])
            if self.choices and rng.random() < 0.1:
                amount += 7
            if amount <= 0:
                continue
            self._row(day, amount, type="payment")
            for name in issued:
                part = min(amount, self.left[name] - self.paid[name])
                self.paid[name] += part
                amount -= part
