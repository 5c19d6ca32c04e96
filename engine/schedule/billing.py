"""Documents: what of each counts as billed from which day, and on which obligations it stands.

`deferral_basis` says when an invoice counts: on its date, when due, as far as paid, or on the earlier of payment and
the day an unconditional right to payment exists (ASC 606-10-45-2, 45-4).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from engine.book.tables import Billing
from engine.schedule.kernel import rounded, share_out


class Counted(NamedTuple):
    """From `day` on, `billings` of the document count before notes, `net` after them, with `tax` (whole minor units,
    to date)."""

    day: int
    billings: int
    net: int
    tax: int


@dataclass(slots=True)
class Document:
    """An invoice (or a note of no document) with all that refers to it; days are ordinals, amounts whole minor units.

    row, id   of the table
    notes     (day, amount, tax) of each credit note, by size
    payments  (day, amount) of each payment
    """

    row: int
    id: str
    date: int
    due: int
    amount: int
    tax: int = 0
    notes: list[tuple[int, int, int]] = field(default_factory=list)
    payments: list[tuple[int, int]] = field(default_factory=list)
    voided: int | None = None

    def days(self) -> list[int]:
        dated = {self.date, self.due, *(note[0] for note in self.notes), *(payment[0] for payment in self.payments)}
        return sorted(dated | ({self.voided} if self.voided is not None else set()))

    def credited(self, day: int) -> int:
        return sum(amount for noted, amount, _ in self.notes if noted <= day)

    def paid(self, day: int) -> int:
        return max(sum(amount for on, amount in self.payments if on <= day), 0)

    def left(self, day: int) -> int:
        """Amount less notes to date; nothing once it is void."""
        return 0 if self.voided is not None and self.voided <= day else self.amount - self.credited(day)

    def tax_on(self, billings: int, net: int) -> int:
        """Tax to date on what counts: that of the invoice as far as it is reached, less that of the notes as far as
        they count."""
        if not net or not self.amount:
            return 0
        noted, note_tax = sum(note[1] for note in self.notes), sum(note[2] for note in self.notes)
        credited = rounded(note_tax, Fraction(billings - net, noted)) if noted else 0
        return rounded(self.tax, Fraction(billings, self.amount)) - credited


def counted(document: Document, basis: str, cancellable: bool) -> list[Counted]:
    """What counts of a document, by the days on which that changes."""
    result: list[Counted] = []
    last = Counted(0, 0, 0, 0)
    for day in document.days():
        reached = _reached(document, basis, cancellable, day)
        left = document.left(day)
        net = min(left, reached) if document.amount > 0 else (left if reached else 0)
        now = Counted(day, reached, net, document.tax_on(reached, net))
        if now[1:] != last[1:]:
            result.append(now)
            last = now
    return result


def _reached(document: Document, basis: str, cancellable: bool, day: int) -> int:
    """How much of the document counts at `day` before notes."""
    if basis == "due":
        return document.amount if document.due <= day else 0
    if basis == "invoice" or document.amount <= 0:
        return document.amount if document.date <= day else 0
    if basis == "unconditional" and not cancellable and document.due <= day:
        return document.amount
    return min(document.paid(day), document.amount)


def documents(rows: Sequence[tuple[int, Billing]]) -> list[Document]:
    """The documents of one contract, with the notes, voids and payments that are about them.

    rows  (row of the table, record) in any order
    """
    found = {row: _document(row, record) for row, record in rows if record.type == "invoice"}
    numbered: dict[str, list[int]] = {}
    for row, record in rows:
        if record.type == "invoice":
            numbered.setdefault(record.document_id, []).append(row)
    sources = {row: record.source for row, record in rows}
    loose: list[Document] = []
    unapplied: list[tuple[int, str, int]] = []
    for row, record in rows:
        day = record.date.toordinal()
        # of two invoices with one number the one from the same source is meant
        meant = sorted(numbered.get(record.applies_to or "", ()), key=lambda other: sources[other] != record.source)
        target = found[meant[0]] if meant else None
        if record.type == "credit_note":
            if target:
                target.notes.append((day, abs(record.amount), abs(record.tax_amount or 0)))
            else:
                loose.append(
                    Document(row, record.document_id, day, day, -abs(record.amount), -abs(record.tax_amount or 0))
                )
        elif record.type == "void" and target:
            target.voided = day
        elif record.type == "payment" and target:
            target.payments.append((day, record.amount))
        elif record.type == "payment":
            unapplied.append((day, record.document_id, record.amount))
    _apply(unapplied, list(found.values()))
    return [*found.values(), *loose]


def _document(row: int, record: Billing) -> Document:
    day = record.date.toordinal()
    due = max(record.due_on.toordinal(), day) if record.due_on else day
    return Document(row, record.document_id, day, due, record.amount, record.tax_amount or 0)


def _apply(payments: list[tuple[int, str, int]], to: list[Document]) -> None:
    """Let payments on account pay the oldest open documents; what is left waits for the next one."""
    to = sorted((document for document in to if document.amount > 0), key=lambda document: (document.date, document.id))
    for day, _, amount in sorted(payments):
        for document in to:
            on = max(day, document.date)
            part = min(amount, document.left(on) - document.paid(on))
            if part > 0:
                document.payments.append((on, part))
                amount -= part


class Change(NamedTuple):
    """A change of what stands on an obligation: `billings` before notes, `credits` (negative) by notes and voids,
    `tax`."""

    obligation: int
    day: int
    billings: int
    credits: int
    tax: int


def changes(
    document: Document, on: Sequence[int], weights: Sequence[int], basis: str, cancellable: bool
) -> list[Change]:
    """What a document changes on the obligations `on` that it covers, shared by `weights`; its tax stands on the
    first."""
    result: list[Change] = []
    old_billed = old_net = [0] * len(on)
    tax_before = 0
    for day, billings, net, tax in counted(document, basis, cancellable):
        new_billed = _shared(billings, weights)
        new_net = new_billed if net == billings else _shared(net, weights)
        for n, obligation in enumerate(on):
            gross = new_billed[n] - old_billed[n]
            noted = new_net[n] - old_net[n] - gross
            if document.amount < 0:
                gross, noted = 0, gross + noted
            change = Change(obligation, day, gross, noted, 0 if n else tax - tax_before)
            if any(change[2:]):
                result.append(change)
        old_billed, old_net, tax_before = new_billed, new_net, tax
    return result


def _shared(amount: int, weights: Sequence[int]) -> list[int]:
    return [amount] if len(weights) == 1 else share_out(amount, weights)
