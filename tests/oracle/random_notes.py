"""Payments, credit notes for every reason, voids, write-offs and refunds after the invoices of a random contract."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

Row = dict[str, str]

#: Documents of one day: invoices, notes, payments, refunds.
RANKS = {"credit_note": 1, "write_off": 1, "void": 1, "payment": 2, "refund": 3}
REASONS = ["", "cancellation", "billing_error", "price", "price", "goodwill", "goodwill", "full_refund"]
#: Reasons that leave the price alone.
HARMLESS = ("", "cancellation", "billing_error")


@dataclass
class Invoice:
    """A document and what became of it so far."""

    row: Row
    day: date
    amount: int
    covers: frozenset[str]  # the obligations it may cover
    left: int = 0  # after notes
    paid: int = 0

    @property
    def open(self) -> int:
        """Neither paid nor credited."""
        return self.left - self.paid


class NotesOfContract:
    """Makes up, day after day, what may still happen to the documents of one contract.

    write      adds a document: its day, its amount and tax in minor units, its cells
    signed     the day the contract is signed; a note before it leaves the price alone, whatever its reason (`choices`)
    on_paper   payments change nothing of what is billed
    """

    def __init__(
        self,
        rng: random.Random,
        invoices: Sequence[Invoice],
        write: Callable[..., Row],
        *,
        signed: date,
        on_paper: bool,
        choices: bool,
    ) -> None:
        self.rng = rng
        self.signed = signed
        self.invoices = sorted(invoices, key=lambda invoice: (invoice.day, invoice.row["document_id"]))
        self.write = write
        self.choices = choices
        self.alone = choices or on_paper  # notes and payments that name no document
        self.on_account = rng.random() < 0.2 and self.alone
        self.cash = 0
        self.on_hand: list[Row] = []  # what a refund may name
        self.closed: set[str] = set()  # obligations whose price is gone
        self.last = (date.min, 0)

    def make(self) -> None:
        """Some actions in order of their days."""
        if not self.invoices:
            return
        first = self.invoices[0].day
        days = sorted(first + timedelta(days=self.rng.randint(0, 700)) for _ in range(self.rng.randint(1, 8)))
        for day in days:
            issued = [invoice for invoice in self.invoices if invoice.day <= day and invoice.left > 0]
            action = self.rng.choice(
                [self._pay, self._pay, self._pay, self._credit, self._credit, self._lose, self._refund, self._void]
            )
            action(day, issued)

    # ------------------------------------------------------------------------------------------------- the actions

    def _pay(self, day: date, issued: list[Invoice]) -> None:
        unpaid = [invoice for invoice in issued if invoice.open > 0]
        if not unpaid:
            return
        if self.on_account:
            amount = self._part(sum(invoice.open for invoice in unpaid))
            self._add("payment", day, amount, unpaid[0])
            self.cash += amount
            for invoice in unpaid:
                pays = min(amount, invoice.open)
                invoice.paid += pays
                amount -= pays
            return
        invoice = self.rng.choice(unpaid)
        amount = self._part(invoice.open)
        invoice.paid += amount
        self.cash += amount
        self.on_hand.append(self._add("payment", day, amount, invoice, applies_to=invoice.row["document_id"]))

    def _credit(self, day: date, issued: list[Invoice]) -> None:
        """A credit note on one document, or on none."""
        if not issued:
            return
        invoice = self.rng.choice(issued)
        reason = self.rng.choice(REASONS)
        if reason not in HARMLESS and (invoice.covers & self.closed or self._is_early(day)):
            reason = self.rng.choice(HARMLESS)
        if self.alone and not self.closed and self.rng.random() < 0.15:
            if reason != "full_refund":  # it would have to cover all that was ever billed
                size = self._part(max(invoice.left // 4, 1))
                cells = {"obligation_id": invoice.row["obligation_id"]} if "obligation_id" in invoice.row else {}
                self.on_hand.append(self._note("credit_note", day, size, invoice, reason, **cells))
            return
        size = invoice.left if reason == "full_refund" else self._part(invoice.left)
        invoice.left -= size
        if reason == "full_refund":
            self.closed |= invoice.covers
        cells = {"applies_to": invoice.row["document_id"]}
        if "obligation_id" in invoice.row and self.rng.random() < 0.3:
            cells["obligation_id"] = invoice.row["obligation_id"]
        self.on_hand.append(self._note("credit_note", day, size, invoice, reason, **cells))

    def _lose(self, day: date, issued: list[Invoice]) -> None:
        """A dispute, bad debt or a write-off of what is open of one document, or of the contract."""
        unpaid = [invoice for invoice in issued if invoice.open > 0 and not invoice.covers & self.closed]
        if not unpaid or self._is_early(day):
            return
        kind = self.rng.choice(["credit_note", "credit_note", "write_off"])
        reason = self.rng.choice(["dispute", "bad_debt"]) if kind == "credit_note" else ""
        if self.rng.random() < 0.25 and len(unpaid) == len([i for i in issued if i.open > 0]):
            size = self._part(sum(invoice.open for invoice in unpaid))
            self._note(kind, day, size, unpaid[0], reason)
            for invoice in reversed(unpaid):  # latest first
                takes = min(size, invoice.open)
                size -= takes
                self._lost(invoice, takes)
            return
        invoice = self.rng.choice(unpaid)
        size = self._part(invoice.open)
        self._note(kind, day, size, invoice, reason, applies_to=invoice.row["document_id"])
        self._lost(invoice, size)

    def _lost(self, invoice: Invoice, size: int) -> None:
        if size and size == invoice.open:
            self.closed |= invoice.covers
        invoice.left -= size

    def _refund(self, day: date, issued: list[Invoice]) -> None:
        """Cash paid back, of a document, a note, a payment, or of none."""
        if self.cash <= 0:
            return
        amount = self._part(self.cash)
        self.cash -= amount
        paid = [invoice.row for invoice in issued if invoice.paid]
        target = self.rng.choice([None, *paid, *self.on_hand])
        cells = {} if target is None else {"applies_to": target["document_id"]}
        self._add("refund", day, amount if self.rng.random() < 0.8 else -amount, issued[0] if issued else None, **cells)

    def _void(self, day: date, issued: list[Invoice]) -> None:
        """Withdrawn and issued again."""
        untouched = [invoice for invoice in issued if not invoice.paid and invoice.left == invoice.amount]
        if not untouched or self.rng.random() < 0.5 or self.on_account:
            return
        invoice = self.rng.choice(untouched)
        size, invoice.left = invoice.left, 0
        self._add("void", day, size, None, applies_to=invoice.row["document_id"])
        again = self.last[0] + timedelta(days=self.rng.randint(0, 60))
        cells = {"obligation_id": invoice.row["obligation_id"]} if "obligation_id" in invoice.row else {}
        row = self.write(again, size, 0, **cells)
        self.invoices.append(Invoice(row, again, size, invoice.covers, left=size))

    # ----------------------------------------------------------------------------------------------------- helpers

    def _is_early(self, day: date) -> bool:
        return day < self.signed and not self.choices

    def _part(self, whole: int) -> int:
        return whole if self.rng.random() < 0.45 else self.rng.randint(1, max(whole, 1))

    def _note(self, kind: str, day: date, size: int, invoice: Invoice, reason: str, **cells: str) -> Row:
        if reason:
            cells["reason"] = reason
        return self._add(kind, day, -size if self.rng.random() < 0.15 else size, invoice, **cells)

    def _add(self, kind: str, day: date, amount: int, of: Invoice | None, **cells: str) -> Row:
        """A document on a day, or on the next where the order within the day would differ from that of the rows."""
        if (day, RANKS[kind]) < self.last:
            day = self.last[0] + timedelta(days=1)
        self.last = day, RANKS[kind]
        taxed = of is not None and "tax_amount" in of.row and self.rng.random() < 0.6
        return self.write(day, amount, abs(amount) // 5 if taxed else 0, type=kind, **cells)
