"""Documents: which of them count at a day under the deferral basis, and for which obligations."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from .book import Book, NotInScope
from .life import Lives
from .refunds import Refunds
from .rounding import share_out
from .rows import DOCUMENT_RANK, UNCOLLECTED, Contract, Document, Obligation, Order
from .uncollected import Uncollected


class Billing:
    """B of every obligation at a day, and its movements."""

    def __init__(self, book: Book, lives: Lives) -> None:
        self.book = book
        self.lives = lives
        lives.notes = self
        self.uncollected = Uncollected(book, lives, self)
        self.refunds: Refunds  # given once balances can be asked
        self.document = {document.id: document for document in book.documents}
        for note in book.documents:
            if note.type in ("credit_note", "void") and note.applies_to:
                self._check_note(note)
        self._weights: dict[Document, dict[Obligation, Fraction]] = {}
        self._members: dict[Document, list[Obligation]] = {}
        self._parts: dict[tuple[Document, int], dict[Obligation, int]] = {}
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
        if document not in self._weights:
            if document.obligation is not None:
                self._weights[document] = {document.obligation: Fraction(1)}
            else:
                self._weights[document] = self._in_force(document)
        return self._weights[document]

    def _in_force(self, document: Document) -> dict[Obligation, Fraction]:
        """The obligations in force on its date, with their allocated prices after the changes of that day."""
        day = max(document.day, document.contract.signed_on)
        lines = self.lives.lines_before(document.contract, (day, DOCUMENT_RANK, ""))
        return {o: Fraction(lines[o].proper if o in lines else o.price) for o in self._served(document)}

    def _served(self, document: Document) -> list[Obligation]:
        """Signed and added by then and not ended before; those that ended last, if none is left; those that will be
        added first, if none was yet. Told without the amounts of that day: the last day of a cancel is still in force,
        a line replaced on the day is not."""
        day = max(document.day, document.contract.signed_on)
        if document not in self._members:
            lines = self.lives.lines_before(document.contract, (day, -1, ""))
            replaced = self.lives.replaced_on(document.contract, day)
            own = [o for o in self.book.obligations_of(document.contract) if o.added_on <= day]
            ended = {o: lines[o].ended for o in own if o in lines}
            last_days = {o: end.last_day for o, end in ended.items() if end is not None}
            in_force = [o for o in own if o not in replaced and last_days.get(o, day) >= day]
            if not own:
                of_contract = self.book.obligations_of(document.contract)
                in_force = [o for o in of_contract if o.added_on == min(other.added_on for other in of_contract)]
            elif not in_force:
                latest = max(last_days.values())
                in_force = [o for o in own if last_days[o] == latest]
            self._members[document] = in_force
        return self._members[document]

    def is_invoiced(self, o: Obligation, known: date) -> bool:
        """True if an invoice covers an obligation by a day, whatever the deferral basis, or one of a former system
        must have."""
        opening = self.book.openings.get(o)
        if opening is not None and (opening.billed or opening.recognized) and opening.day <= known:
            return True
        for document in self.book.documents:
            if document.type == "invoice" and document.contract == o.contract and document.day <= known:
                covers = document.obligation is o if document.obligation is not None else o in self._served(document)
                if covers:
                    return True
        return False

    # --------------------------------------------------------------------------------------------- what counts

    def is_counting(self, document: Document) -> bool:
        """Documents that move B on their own: invoices, and notes that name no document."""
        if document.type == "credit_note":
            return not document.applies_to and document.reason not in UNCOLLECTED
        return document.type == "invoice"

    def is_void(self, invoice: Document, day: date) -> bool:
        """True once a document is withdrawn."""
        return any(d.type == "void" and d.applies_to == invoice.id and d.day <= day for d in self.book.documents)

    def credited(self, invoice: Document, before: Order, *, uncollected: bool) -> int:
        """What notes before a place in time have taken from an invoice; disputes and bad debt only if asked for."""
        credited = 0
        for note in self.book.documents:
            if note.type == "credit_note" and note.order < before:
                if note.reason in UNCOLLECTED:
                    credited += self.uncollected.targets(note).get(invoice, 0) if uncollected else 0
                elif note.applies_to == invoice.id:
                    credited += note.size
            elif note.type == "void" and note.applies_to == invoice.id and note.order < before:
                return invoice.amount
        return credited

    def _credited(self, invoice: Document, day: date, *, uncollected: bool) -> int:
        return self.credited(invoice, _after(day), uncollected=uncollected)

    def paid(self, contract: Contract, day: date) -> dict[str, int]:
        """Cash on each invoice: a payment pays the invoice it names, else the oldest open ones; what is left over
        stays on account and pays the next invoice on its date."""
        rows = [d for d in self.book.documents if d.contract == contract and d.day <= day]
        rows.sort(key=lambda d: d.order)
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
                    credited = self._credited(invoice, row.day, uncollected=True)
                    pays = max(min(invoice.amount - credited - paid[invoice.id], on_account), 0)
                    paid[invoice.id] += pays
                    on_account -= pays
        return paid

    def gross_and_net(self, document: Document, day: date, basis: str = "") -> tuple[int, int]:
        """What counts of a document at a day by a basis (that of the book): before and after what notes took from it
        (disputes and bad debt aside)."""
        basis = basis or self.book.settings.deferral_basis
        if document.day > day:
            return 0, 0
        if document.type == "credit_note":  # stands on its own
            return 0, -document.size
        if document.amount < 0:  # a credit: on its date under every basis but `due`
            counts = basis != "due" or document.due_on <= day
            return 0, document.amount if counts else 0
        left = document.amount - self._credited(document, day, uncollected=False)
        if basis == "invoice":
            return document.amount, left
        is_due = document.due_on <= day
        if basis == "due" and is_due:
            return document.amount, left
        if basis == "unconditional" and is_due and not document.contract.cancellable:
            return document.amount, left
        reached = 0 if basis == "due" else max(self.paid(document.contract, day)[document.id], 0)
        for note in self.book.documents:  # what will not be collected counts from then on, to be taken back
            if note.contract is document.contract and note.day <= day and note.reason in UNCOLLECTED:
                reached += self.uncollected.targets(note).get(document, 0)
        return min(reached, document.amount), min(reached, left)

    # ------------------------------------------------------------------------------------------------------- B

    def billed(self, o: Obligation, day: date) -> int:
        """B of one obligation."""
        return self.billed_before_refunds(o, day) - self.refunds.ahead(o.contract, day).get(o, 0)

    def billed_before_refunds(self, o: Obligation, day: date) -> int:
        """Of each document what counts to date, shared to date, less what disputes and bad debt took (kept once
        worked out)."""
        if (o, day) not in self._billed:
            self._billed[o, day] = self.taken_over(o, day) + self.shared(o, day) - self._lost(o, day)
        return self._billed[o, day]

    def taken_over(self, o: Obligation, day: date) -> int:
        """What a former system had billed, from the day of cut-over on; no note is about it."""
        opening = self.book.openings.get(o)
        return opening.billed if opening is not None and opening.day <= day else 0

    def shared(self, o: Obligation, day: date) -> int:
        """Of each document what counts to date, shared to date."""
        billed = 0
        for document in self._issued(o.contract, day):
            if self.is_counting(document):
                billed += self.part(document, self.gross_and_net(document, day)[1], o)
        return billed

    def _issued(self, contract: Contract, day: date) -> list[Document]:
        """The documents of a contract to date."""
        return [d for d in self.book.documents if d.contract is contract and d.day <= day]

    def part(self, document: Document, amount: int, o: Obligation) -> int:
        """The part of an amount of a document that belongs to one of the obligations it covers."""
        if (document, amount) not in self._parts:
            coverage = self.coverage(document)
            parts = share_out(amount, list(coverage.values()))
            self._parts[document, amount] = dict(zip(coverage, parts, strict=True))
        return self._parts[document, amount].get(o, 0)

    def _lost(self, o: Obligation, day: date) -> int:
        notes = [d for d in self._issued(o.contract, day) if d.reason in UNCOLLECTED]
        return sum(self.unearned(note).get(o, 0) + self.uncollected.undone(note, o, day) for note in notes)

    def gross(self, o: Obligation, day: date, basis: str = "") -> int:
        """The invoices counted in B, before credits; withdrawn ones no longer count."""
        gross = max(self.taken_over(o, day), 0)
        for document in self._issued(o.contract, day):
            if document.type == "invoice" and not self.is_void(document, day):
                gross += self.part(document, self.gross_and_net(document, day, basis)[0], o)
        return gross

    def billings_and_credits(self, contract: Contract, day: date) -> tuple[int, int]:
        """B of a contract to date in two parts: what invoices brought, and what credits of any kind took."""
        billings = credits = 0
        for document in self._issued(contract, day):
            if self.is_counting(document):
                gross, net = self.gross_and_net(document, day)
                billings += gross
                credits += net - gross
        for o in self.book.obligations_of(contract):
            credits -= self._lost(o, day)
        return billings, credits - sum(self.refunds.ahead(contract, day).values())

    # ---------------------------------------------------------------------------------- what notes do to prices

    def parts(self, note: Document) -> dict[Obligation, int]:
        """What a note takes of each obligation, by the split of its document and to date."""
        if note.reason in UNCOLLECTED:
            covered = [o for document in self.uncollected.targets(note) for o in self.coverage(document)]
            return dict.fromkeys(covered, 0)
        if not note.applies_to:
            coverage = self.coverage(note)
            return dict(zip(coverage, share_out(note.size, list(coverage.values())), strict=True))
        document = self.document[note.applies_to]
        left = document.amount - self.credited(document, note.order, uncollected=False)
        return {
            o: self.part(document, left, o) - self.part(document, left - note.size, o) for o in self.coverage(document)
        }

    def unearned(self, note: Document) -> dict[Obligation, int]:
        """What of a dispute or bad debt leaves B and T of each obligation covered."""
        return self.uncollected.outcome(note).unearned

    def ends_service(self, note: Document) -> bool:
        """True if all that was open of what a dispute or bad debt covers is credited."""
        return self.uncollected.outcome(note).ends_service


def _after(day: date) -> Order:
    """A place in time after everything of a day."""
    return day, DOCUMENT_RANK + 100, ""
