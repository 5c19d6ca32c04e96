"""Documents: which of them count at a day under the deferral basis, and for which obligations."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from .book import Book, Contract, Document, NotInScope, Obligation
from .prices import Prices
from .rounding import share_out

#: Documents of one day: invoices, then what reduces them, then cash.
DOCUMENT_ORDER = {"invoice": 0, "credit_note": 1, "void": 1, "payment": 2}


class Billing:
    """B of every obligation at a day, and its movements."""

    def __init__(self, book: Book, prices: Prices) -> None:
        self.book = book
        self.prices = prices
        self.document = {document.id: document for document in book.documents}
        for note in book.documents:
            if note.type in ("credit_note", "void") and note.applies_to:
                self._check_note(note)
        self._weights: dict[str, dict[Obligation, Fraction]] = {}
        self._billed: dict[tuple[Obligation, date], int] = {}

    def _check_note(self, note: Document) -> None:
        target = self.document[note.applies_to]
        if target.type != "invoice" or target.amount < 0:
            raise NotInScope(f"a {note.type} of a {target.type} of {target.amount}")
        if note.obligation is not None and note.obligation != target.obligation:
            raise NotInScope("a note that names another obligation than its document")

    # ------------------------------------------------------------------------------------------------ coverage

    def coverage(self, document: Document) -> dict[Obligation, Fraction]:
        """The obligations a document covers with their weights: the one it names, else those in force on its date
        (of the signing day, if dated before) in proportion to their allocated prices."""
        if document.id not in self._weights:
            if document.obligation is not None:
                weights = {document.obligation: Fraction(1)}
            else:
                day = max(document.day, document.contract.signed_on)
                covered = self.book.obligations_of(document.contract)
                weights = {o: Fraction(self.prices.allocated(o, day)) for o in covered}
            self._weights[document.id] = weights
        return self._weights[document.id]

    def first_invoice(self, obligation: Obligation) -> date | None:
        """The date of the first invoice that covers an obligation, whatever the deferral basis."""
        dates = [
            document.day
            for document in self.book.documents
            if document.type == "invoice"
            and document.contract == obligation.contract
            and obligation in self.coverage(document)
        ]
        return min(dates, default=None)

    # --------------------------------------------------------------------------------------------- what counts

    def is_counting(self, document: Document) -> bool:
        """Documents that move B on their own: invoices, and notes that name no document."""
        return document.type == "invoice" or (document.type == "credit_note" and not document.applies_to)

    def credited(self, invoice: Document, day: date) -> int:
        """What notes and a void have taken from an invoice."""
        credited = 0
        for note in self.book.documents:
            if note.applies_to == invoice.id and note.day <= day:
                if note.type == "void":
                    return invoice.amount
                if note.type == "credit_note":
                    credited += abs(note.amount)
        return credited

    def paid(self, contract: Contract, day: date) -> dict[str, int]:
        """Cash on each invoice: a payment pays the invoice it names, else the oldest open ones; what is left over
        stays on account and pays the next invoice on its date."""
        rows = [d for d in self.book.documents if d.contract == contract and d.day <= day]
        rows.sort(key=lambda d: (d.day, DOCUMENT_ORDER[d.type], d.id))
        paid: dict[str, int] = {d.id: 0 for d in self.book.documents if d.type == "invoice"}
        on_account = 0
        for row in rows:
            if row.type == "payment" and row.applies_to:
                paid[row.applies_to] += row.amount
            elif row.type == "payment":
                on_account += row.amount
            if on_account > 0:
                issued = [d for d in rows if d.type == "invoice" and d.amount > 0 and d.day <= row.day]
                for invoice in sorted(issued, key=lambda d: (d.day, d.id)):
                    open_amount = invoice.amount - self.credited(invoice, row.day) - paid[invoice.id]
                    pays = max(min(open_amount, on_account), 0)
                    paid[invoice.id] += pays
                    on_account -= pays
        return paid

    def gross_and_net(self, document: Document, day: date) -> tuple[int, int]:
        """What counts of a document at a day: before and after what notes took from it."""
        basis = self.book.settings.deferral_basis
        if document.day > day:
            return 0, 0
        if document.type == "credit_note":  # stands on its own
            return 0, -abs(document.amount)
        if document.amount < 0:  # a credit: on its date under every basis but `due`
            counts = basis != "due" or document.due_on <= day
            return 0, document.amount if counts else 0
        left = document.amount - self.credited(document, day)
        if basis == "invoice":
            return document.amount, left
        is_due = document.due_on <= day
        if basis == "due":
            return (document.amount, left) if is_due else (0, 0)
        if basis == "unconditional" and is_due and not document.contract.cancellable:
            return document.amount, left
        paid = self.paid(document.contract, day)[document.id]
        return min(paid, document.amount), min(paid, left)

    def billed(self, obligation: Obligation, day: date) -> int:
        """B of one obligation: of each document what counts to date, shared to date (kept once worked out)."""
        if (obligation, day) in self._billed:
            return self._billed[obligation, day]
        billed = 0
        for document in self.book.documents:
            if document.contract != obligation.contract or not self.is_counting(document):
                continue
            coverage = self.coverage(document)
            if obligation in coverage:
                _, net = self.gross_and_net(document, day)
                parts = dict(zip(coverage, share_out(net, list(coverage.values())), strict=True))
                billed += parts[obligation]
        self._billed[obligation, day] = billed
        return billed

    def billings_and_credits(self, contract: Contract, day: date) -> tuple[int, int]:
        """B of a contract to date in two parts: what invoices brought, and what credits of any kind took."""
        billings = credits = 0
        for document in self.book.documents:
            if document.contract == contract and self.is_counting(document):
                gross, net = self.gross_and_net(document, day)
                billings += gross
                credits += net - gross
        return billings, credits
