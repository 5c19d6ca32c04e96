"""Documents: what of each counts as billed from which day, and on which obligations it stands.

`deferral_basis` says when an invoice counts: on its date, when due, as far as paid, or on the earlier of payment and
the day an unconditional right to payment exists (ASC 606-10-45-2, 45-4).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from engine.book.tables import Billing
from engine.schedule.kernel import rounded, share_out

#: documents of one day: invoices, then what reduces them, then cash
RANK = {"invoice": 0, "credit_note": 1, "write_off": 1, "void": 1, "payment": 2, "refund": 3}
#: reasons by which only the part not yet earned leaves what is billed and contracted
UNCOLLECTED = frozenset({"dispute", "bad_debt"})


class Place(NamedTuple):
    """A place in time among documents: the day, the rank within it, the id."""

    day: int
    rank: int
    id: str


def place(record: Billing) -> Place:
    """Where a document stands in time."""
    return Place(record.date.toordinal(), RANK[record.type], record.document_id)


def reason(record: Billing) -> str:
    """Why a note was given; a write-off reads as bad debt, blank as text without a meaning."""
    if record.type == "write_off":
        return "bad_debt"
    return (record.reason or "").strip().lower() if record.type == "credit_note" else ""


class Counted(NamedTuple):
    """From `day` on, `billings` of the document count before notes, `net` after them, with `tax` (whole minor units,
    to date)."""

    day: int
    billings: int
    net: int
    tax: int


class Note(NamedTuple):
    """What a note takes of a document, by size."""

    at: Place
    amount: int
    tax: int


@dataclass(slots=True)
class Document:
    """An invoice (or a note of no document) with all that refers to it; days are ordinals, amounts whole minor units.

    row, id   of the table
    notes     credit notes
    lost      notes for what will not be collected: they leave the document as it is, but are no longer open
    payments  (day, amount) of each payment
    opening   whether it is what a former system had billed: it counts whole, and nothing refers to it
    """

    row: int
    id: str
    date: int
    due: int
    amount: int
    tax: int = 0
    notes: list[Note] = field(default_factory=list)
    lost: list[Note] = field(default_factory=list)
    payments: list[tuple[int, int]] = field(default_factory=list)
    voided: Place | None = None
    opening: bool = False

    @property
    def stands_alone(self) -> bool:
        """Whether nothing refers to it."""
        return not (self.notes or self.payments or self.voided)

    def days(self) -> list[int]:
        """Days on which what counts of it may change."""
        notes = (note.at.day for note in (*self.notes, *self.lost))
        dated = {self.date, self.due, *notes, *(on for on, _ in self.payments)}
        return sorted(dated | ({self.voided.day} if self.voided is not None else set()))

    def paid(self, day: int) -> int:
        return max(sum(amount for on, amount in self.payments if on <= day), 0)

    def lost_to(self, day: int) -> int:
        """What notes for what will not be collected are about, to date."""
        return sum(note.amount for note in self.lost if note.at.day <= day)

    def is_void(self, day: int) -> bool:
        return self.voided is not None and self.voided.day <= day

    def credited_before(self, at: Place) -> int:
        """What notes before a place in time have taken."""
        if self.voided is not None and self.voided < at:
            return self.amount
        return sum(note.amount for note in self.notes if note.at < at)

    def left(self, day: int) -> int:
        """Amount less notes to date; nothing once it is void."""
        return self.amount - self.credited_before(after(day))

    def open_before(self, at: Place) -> int:
        """What is neither credited nor lost nor paid just before a place in time."""
        lost = sum(note.amount for note in self.lost if note.at < at)
        return self.amount - self.credited_before(at) - lost - self.paid(at.day - 1)

    def tax_on(self, day: int, billings: int, net: int) -> int:
        """Tax to date on what counts: that of the invoice as far as it is reached, less that of the notes as far as
        they count."""
        if self.is_void(day) or not self.amount:
            return 0
        notes = [note for note in self.notes if note.at.day <= day]
        noted, note_tax = sum(note.amount for note in notes), sum(note.tax for note in notes)
        credited = rounded(note_tax, Fraction(billings - net, noted)) if noted else 0
        return rounded(self.tax, Fraction(billings, self.amount)) - credited


def after(day: int) -> Place:
    """The place in time after everything of a day."""
    return Place(day + 1, -1, "")


def counted(document: Document, basis: str, cancellable: bool) -> list[Counted]:
    """What counts of a document, by the days on which that changes."""
    if basis == "invoice" and document.stands_alone:
        amount = document.amount
        return [Counted(document.date, amount, amount, document.tax)] if amount else []
    result: list[Counted] = []
    last = Counted(0, 0, 0, 0)
    for day in document.days():
        now = counting(document, basis, cancellable, day)
        if now[1:] != last[1:]:
            result.append(now)
            last = now
    return result


def counting(document: Document, basis: str, cancellable: bool, day: int) -> Counted:
    """What counts of a document at the close of a day."""
    reached = _reached(document, basis, cancellable, day)
    left = document.left(day)
    net = min(left, reached) if document.amount > 0 else (left if reached else 0)
    return Counted(day, reached, net, document.tax_on(day, reached, net))


def _reached(document: Document, basis: str, cancellable: bool, day: int) -> int:
    """How much of the document counts at `day` before notes; what will not be collected counts at the latest from then
    on, so that it can be taken back."""
    if document.opening:
        return document.amount if document.date <= day else 0
    if basis == "due" and (document.due <= day or document.amount <= 0):
        return document.amount if document.due <= day else 0
    if basis == "due":
        return min(document.lost_to(day), document.amount)
    if basis == "invoice" or document.amount <= 0:
        return document.amount if document.date <= day else 0
    if basis == "unconditional" and not cancellable and document.due <= day:
        return document.amount
    return min(document.paid(day) + document.lost_to(day), document.amount)


def documents(rows: Sequence[tuple[int, Billing]]) -> list[Document]:
    """The documents of one contract, with the notes, voids and payments that are about them.

    rows  (row of the table, record) in any order
    """
    return Ledger(rows).documents


class Ledger:
    """The documents of one contract and what refers to them.

    documents  in the order of the table: invoices, then notes that stand on their own; before them what a former
               system had billed
    of_row     each of them by its row
    targets    documents that a note for what will not be collected covers, with its amount on each, by its row
    """

    def __init__(self, rows: Sequence[tuple[int, Billing]], opened: Sequence[Document] = ()) -> None:
        self._opened = opened
        found = {row: _document(row, record) for row, record in rows if record.type == "invoice"}
        self._numbered: dict[str, list[int]] = {}
        for row, record in rows:
            if record.type == "invoice":
                self._numbered.setdefault(record.document_id, []).append(row)
        self._sources = {row: record.source for row, record in rows}
        self._named = {row: record.obligation_id for row, record in rows}
        self.of_row, self.targets = found, dict[int, list[tuple[Document, int]]]()
        loose: dict[int, Document] = {}
        if len(found) == len(rows):  # invoices alone refer to nothing
            self.of_row, self.documents = found, [*opened, *(found[row] for row in sorted(found))]
            return
        by_day: dict[int, list[tuple[int, Billing]]] = defaultdict(list)
        for row, record in rows:
            by_day[record.date.toordinal()].append((row, record))
        on_account = 0
        for day in sorted(by_day):
            for row, record in sorted(by_day[day], key=lambda pair: place(pair[1])):
                if record.type != "invoice":
                    on_account += self._refer(row, record, loose)
            on_account = self._apply(on_account, day) if on_account > 0 else on_account
        self.of_row = {**found, **loose}
        self.documents = [*opened, *(found[row] for row in sorted(found)), *(loose[row] for row in sorted(loose))]

    def target(self, row: int, record: Billing) -> Document | None:
        """The invoice a row is about: of two with one number the one from the same source."""
        numbered = self._numbered.get(record.applies_to or "", ())
        meant = sorted(numbered, key=lambda other: self._sources[other] != self._sources[row])
        return self.of_row[meant[0]] if meant else None

    def _refer(self, row: int, record: Billing, loose: dict[int, Document]) -> int:
        """Take a row that is about a document; returns what it leaves on account."""
        target, at = self.target(row, record), place(record)
        note = Note(at, abs(record.amount), abs(record.tax_amount or 0))
        if record.type in ("credit_note", "write_off") and reason(record) in UNCOLLECTED:
            self.targets[row] = [(target, note.amount)] if target else self._open(row, note)
            for document, amount in self.targets[row]:
                document.lost.append(note._replace(amount=amount))
        elif record.type == "credit_note" and target:
            target.notes.append(note)
        elif record.type == "credit_note":
            loose[row] = Document(row, record.document_id, at.day, at.day, -note.amount, -note.tax)
        elif record.type == "void" and target:
            target.voided = at
        elif record.type == "payment" and target:
            target.payments.append((at.day, record.amount))
        elif record.type == "payment":
            return record.amount
        return 0

    def _open(self, row: int, note: Note) -> list[tuple[Document, int]]:
        """The open documents that a note without one covers, latest first."""
        found, left, named = [], note.amount, self._named[row]
        for document in self.issued_before(note.at):
            if document.opening:
                continue
            covers = self._named[document.row] in (None, named) if named is not None else True
            takes = max(min(left, document.open_before(note.at)), 0) if covers else 0
            if takes:
                found.append((document, takes))
                left -= takes
        return found

    def issued_before(self, at: Place) -> list[Document]:
        """Invoices before a place in time, latest first."""
        issued = [
            document
            for document in (*self._opened, *self.of_row.values())
            if document.amount > 0 and Place(document.date, RANK["invoice"], document.id) < at
        ]
        return sorted(issued, key=lambda document: (document.date, document.id), reverse=True)

    def _apply(self, amount: int, day: int) -> int:
        """Let what is on account pay the oldest open documents; what is left waits for the next one."""
        issued = [document for document in self.of_row.values() if document.amount > 0 and document.date <= day]
        for document in sorted(issued, key=lambda document: (document.date, document.id)):
            part = min(amount, document.open_before(after(day)))
            if part > 0:
                document.payments.append((day, part))
                amount -= part
        return amount


def _document(row: int, record: Billing) -> Document:
    day = record.date.toordinal()
    due = max(record.due_on.toordinal(), day) if record.due_on else day
    return Document(row, record.document_id, day, due, record.amount, record.tax_amount or 0)


class Change(NamedTuple):
    """A change of what stands on an obligation: `billings` before notes, `credits` (negative) by notes and voids,
    `tax`, and `voided` of billings withdrawn."""

    obligation: int
    day: int
    billings: int
    credits: int
    tax: int
    voided: int = 0


def changes(
    document: Document, on: Sequence[int], weights: Sequence[int], basis: str, cancellable: bool
) -> list[Change]:
    """What a document changes on the obligations `on` that it covers, shared by `weights`; its tax stands on the
    first."""
    result: list[Change] = []
    old_billed = old_net = old_voided = [0] * len(on)
    tax_before = 0
    for day, billings, net, tax in counted(document, basis, cancellable):
        new_billed = shared(billings, weights)
        new_net = new_billed if net == billings else shared(net, weights)
        new_voided = new_billed if document.is_void(day) else old_voided
        for n, obligation in enumerate(on):
            gross = new_billed[n] - old_billed[n]
            noted = new_net[n] - old_net[n] - gross
            voided = new_voided[n] - old_voided[n]
            if document.amount < 0:
                gross, noted, voided = 0, gross + noted, 0
            change = Change(obligation, day, gross, noted, 0 if n else tax - tax_before, voided)
            if any(change[2:]):
                result.append(change)
        old_billed, old_net, old_voided, tax_before = new_billed, new_net, new_voided, tax
    return result


def shared(amount: int, weights: Sequence[int]) -> list[int]:
    """An amount of a document on each obligation it covers."""
    return [amount] if len(weights) == 1 else share_out(amount, weights)
