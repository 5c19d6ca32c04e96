"""Disputes, bad debt and write-offs: what of an open document was not earned yet, and what is lost."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from .balances import stand
from .book import Book
from .calendars import ONE_DAY
from .life import Lives
from .rounding import round_half_away
from .rows import Document, Obligation

if TYPE_CHECKING:
    from .billing import Billing
    from .standing import Standing


@dataclass
class Outcome:
    """What a note does: of each obligation the unearned part, which leaves B and T, and what is lost of the rest."""

    unearned: dict[Obligation, int] = field(default_factory=dict)
    by_document: dict[tuple[Document, Obligation], int] = field(default_factory=dict)
    kept: dict[Obligation, int] = field(default_factory=dict)  # what is lost of each, which stays in B
    lost: int = 0
    ends_service: bool = False


class Uncollected:
    """The outcome of every such note of a book."""

    def __init__(self, book: Book, lives: Lives, billing: Billing) -> None:
        self.book = book
        self.lives = lives
        self.billing = billing
        self.standing: Standing
        self._outcomes: dict[Document, Outcome] = {}
        self._targets: dict[Document, dict[Document, int]] = {}

    def open_before(self, invoice: Document, note: Document) -> int:
        """What is neither paid nor credited of an invoice just before a note."""
        paid = self.billing.paid(invoice.contract, note.day - ONE_DAY)[invoice.id]
        return invoice.amount - self.billing.credited(invoice, note.order, uncollected=True) - paid

    def targets(self, note: Document) -> dict[Document, int]:
        """The documents a note covers with its amount on each: the one it names, else the open ones, latest first."""
        if note.applies_to:
            return {self.billing.document[note.applies_to]: note.size}
        if note not in self._targets:
            self._targets[note] = {}
            left = note.size
            for invoice in self._issued_before(note):
                if note.obligation is None or note.obligation in self.billing.coverage(invoice):
                    takes = max(min(left, self.open_before(invoice, note)), 0)
                    left -= takes
                    if takes:
                        self._targets[note][invoice] = takes
        return self._targets[note]

    def _issued_before(self, note: Document) -> list[Document]:
        """Invoices before a note, latest first."""
        issued = [
            d
            for d in self.book.documents
            if d.type == "invoice" and d.amount > 0 and d.contract == note.contract and d.order < note.order
        ]
        return sorted(issued, key=lambda d: (d.day, d.id), reverse=True)

    def outcome(self, note: Document) -> Outcome:
        """What the note does (kept once worked out)."""
        if note not in self._outcomes:
            self._outcomes[note] = self._work_out(note)
        return self._outcomes[note]

    def undone(self, note: Document, o: Obligation, day: date) -> int:
        """What of a loss on an obligation a full refund after the note has undone by a day: it leaves B, and what was
        recorded for it is reversed."""
        for refund in self.book.documents:
            later = refund.contract is note.contract and note.order < refund.order and refund.day <= day
            if later and refund.reason == "full_refund" and o in self.lives.falls_away(refund):
                return self.outcome(note).kept.get(o, 0)
        return 0

    def lost(self, note: Document, day: date) -> int:
        """What is lost by a note, as it stands on a day."""
        outcome = self.outcome(note)
        return outcome.lost - sum(self.undone(note, o, day) for o in outcome.kept)

    def _work_out(self, note: Document) -> Outcome:
        outcome = Outcome(lost=note.size)
        targets = self.targets(note)
        outcome.ends_service = bool(targets)
        for invoice, amount in targets.items():
            open_before = self.open_before(invoice, note)
            if amount < open_before or open_before <= 0:
                outcome.ends_service = False
            for o in self.billing.coverage(invoice):
                open_part = self.billing.part(invoice, open_before, o)
                noted = open_part - self.billing.part(invoice, open_before - amount, o)
                if open_part <= 0:
                    continue
                share = Fraction(1)  # before it is signed and added nothing is earned
                if o in self.lives.lines_before(note.contract, note.order):
                    share = min(Fraction(self._deferred_on(invoice, o, note), open_part), Fraction(1))
                unearned = round_half_away(noted * share)
                outcome.unearned[o] = outcome.unearned.get(o, 0) + unearned
                outcome.by_document[invoice, o] = unearned
                outcome.kept[o] = outcome.kept.get(o, 0) + noted - unearned
                outcome.lost -= unearned
        return outcome

    def _deferred_on(self, invoice: Document, o: Obligation, note: Document) -> int:
        """The part of an obligation's deferred revenue that stands on one document: the latest documents were the last
        to be earned."""
        deferred = self._deferred(o, note)
        for document in self._issued_before(note):
            counting = self._counting(document, o, note)
            takes = min(max(counting, 0), deferred)
            if document is invoice:
                return takes
            deferred -= takes
        return 0

    def _counting(self, document: Document, o: Obligation, note: Document) -> int:
        """What is left in B of a document on an obligation just before a note."""
        gross, net = self.billing.gross_and_net(document, note.day - ONE_DAY, "invoice")
        if document.day == note.day:
            gross, net = self.billing.gross_and_net(document, note.day, "invoice")
        credited = self.billing.credited(document, note.order, uncollected=False)
        left = self.billing.part(document, min(net, gross - credited) if gross else net, o)
        for earlier in self._earlier(note):
            left -= self.outcome(earlier).by_document.get((document, o), 0)
        return left

    def _earlier(self, note: Document) -> list[Document]:
        return [
            d
            for d in self.book.documents
            if d.type == "credit_note"
            and d.reason in ("dispute", "bad_debt")
            and d.contract == note.contract
            and d.order < note.order
        ]

    def _deferred(self, o: Obligation, note: Document) -> int:
        """What was billed and may be kept but is not earned before the day of a note, of one obligation."""
        eve = note.day - ONE_DAY
        counting = [self._counting(document, o, note) for document in self._issued_before(note)]
        others = self._others(o, eve) + self.billing.taken_over(o, eve)
        billed = sum(counting) + others - self.billing.refunds.ahead(o.contract, eve).get(o, 0)
        contracted = self.lives.contracted(o, eve)
        recognized = self.lives.recognized(o, eve, eve)[0]
        figures = stand(contracted, recognized, billed, 0, 0, self.standing.most_kept([o], eve, contracted, "invoice"))
        return max(figures["deferred"], 0)

    def _others(self, o: Obligation, day: date) -> int:
        """Credits that stand on their own."""
        total = 0
        for document in self.book.documents:
            negative = document.type == "invoice" and document.amount < 0
            alone = negative or (document.type == "credit_note" and self.billing.is_counting(document))
            if document.contract == o.contract and alone and document.day <= day:
                total += self.billing.part(document, self.billing.gross_and_net(document, day, "invoice")[1], o)
        return total
