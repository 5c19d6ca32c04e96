"""Refunds: cash paid back lowers B only by what no credit note has credited, and never beyond what is owed back."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from .book import Book
from .rounding import share_out
from .rows import Contract, Document, Obligation

if TYPE_CHECKING:
    from .standing import Standing


class Refunds:
    """By how much refunds are ahead of credit notes in lowering B, per contract and day."""

    def __init__(self, book: Book, standing: Standing) -> None:
        self.book = book
        self.standing = standing
        self._ahead: dict[tuple[Contract, int], dict[Obligation, int]] = {}

    def ahead(self, contract: Contract, day: date) -> dict[Obligation, int]:
        """What refunds to date have taken from B of each obligation and no credit note since."""
        rows = [d for d in self._rows(contract) if d.day <= day]
        if not any(row.type == "refund" for row in rows):
            return {}
        return self._after(contract, rows)

    def _rows(self, contract: Contract) -> list[Document]:
        """Refunds, and credit notes other than for a billing error, in order."""
        rows = [d for d in self.book.documents if d.contract == contract]
        rows = [d for d in rows if d.type == "refund" or (d.type == "credit_note" and d.reason != "billing_error")]
        return sorted(rows, key=lambda d: d.order)

    def _after(self, contract: Contract, rows: list[Document]) -> dict[Obligation, int]:
        """How things stand after some rows (kept once worked out)."""
        if not rows:
            return {}
        if (contract, len(rows)) not in self._ahead:
            row, before = rows[-1], self._after(contract, rows[:-1])
            if row.type == "credit_note":
                self._ahead[contract, len(rows)] = self._credit(before, row)
            else:
                refunded = sum(abs(d.amount) for d in rows if d.type == "refund")
                credited = sum(d.size for d in rows if d.type == "credit_note")
                self._ahead[contract, len(rows)] = self._refund(before, row, refunded - credited)
        return self._ahead[contract, len(rows)]

    @staticmethod
    def _credit(before: dict[Obligation, int], note: Document) -> dict[Obligation, int]:
        """A credit note after a refund takes from B only what refunds have not."""
        ahead = sum(before.values())
        weights = [Fraction(amount) for amount in before.values()]
        return dict(zip(before, share_out(ahead - min(ahead, note.size), weights), strict=True))

    def _refund(self, before: dict[Obligation, int], refund: Document, uncredited: int) -> dict[Obligation, int]:
        """A refund lowers B by what is not credited, as far as it is owed back; the obligations share it by what is
        owed back on each alone."""
        most, owed = self.standing.owed_back(refund, before)
        lowers = max(min(uncredited - sum(before.values()), most), 0)
        parts = dict(zip(owed, share_out(lowers, [Fraction(amount) for amount in owed.values()]), strict=True))
        return {o: before.get(o, 0) + parts.get(o, 0) for o in {**before, **parts}}
