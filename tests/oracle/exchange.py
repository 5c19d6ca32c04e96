"""Exchange rates of a book, and what documents bring on which day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from .cells import decimals_of
from .rounding import round_half_away
from .rows import DOCUMENT_RANK, UNCOLLECTED, Contract, Document, Obligation, Opening
from .standing import Standing


class Rates:
    """What one minor unit of a currency is worth in minor units of the reporting currency: the latest rate on or
    before the day, entered either way round; of one day the direct one."""

    def __init__(self, standing: Standing) -> None:
        self.book = standing.book
        self.reporting = self.book.settings.reporting_currency
        self.rows = self.book.tables.get("rates") or []
        cells = self.book.tables.get("billings") or []
        self.own = {row["document_id"]: Fraction(row["exchange_rate"]) for row in cells if row.get("exchange_rate")}

    def at(self, currency: str, day: date) -> Fraction:
        """The rate of a day."""
        if currency == self.reporting:
            return Fraction(1)
        best: tuple[date, int, Fraction] | None = None
        for row in self.rows:
            on, rate = date.fromisoformat(row["date"]), Fraction(row["rate"])
            if on > day:
                continue
            if (row["from"], row["to"]) == (currency, self.reporting):
                found = on, 1, rate
            elif (row["from"], row["to"]) == (self.reporting, currency):
                found = on, 0, 1 / rate
            else:
                continue
            best = found if best is None else max(best, found)
        if best is None:
            raise LookupError(f"no rate of {currency} on {day}")
        return self._minor(best[2], currency)

    def of_document(self, document: Document) -> Fraction:
        """Its own rate, else that of its date."""
        if document.contract.currency != self.reporting and document.id in self.own:
            return self._minor(self.own[document.id], document.contract.currency)
        return self.at(document.contract.currency, document.day)

    def of_opening(self, opening: Opening) -> Fraction:
        """The rate a position is carried at: its own, else that of the day of cut-over."""
        currency = opening.obligation.contract.currency
        if currency != self.reporting and opening.rate is not None:
            return self._minor(opening.rate, currency)
        return self.at(currency, opening.day)

    def _minor(self, rate: Fraction, currency: str) -> Fraction:
        return rate * Fraction(10) ** decimals_of(self.reporting) / Fraction(10) ** decimals_of(currency)

    def worth(self, amount: int, currency: str, day: date) -> int:
        """An amount at the rate of a day."""
        return round_half_away(amount * self.at(currency, day)) if amount else 0


class Papers:
    """What documents change of B, day by day."""

    def __init__(self, standing: Standing) -> None:
        self.standing, self.book, self.billing = standing, standing.book, standing.billing
        self._days: dict[Contract, list[date]] = {}

    def about(self, document: Document) -> Document:
        """The invoice a note, write-off or refund is about, else the document itself."""
        other = self.billing.document.get(document.applies_to) if document.type != "invoice" else None
        return other if other is not None and other.type == "invoice" else document

    def days(self, contract: Contract) -> list[date]:
        """The days on which anything may count anew."""
        if contract not in self._days:
            own = [d for d in self.book.documents if d.contract is contract]
            self._days[contract] = sorted({d.day for d in own} | {d.due_on for d in own})
        return self._days[contract]

    def changes(self, unit: Sequence[Obligation], first: date, last: date) -> list[tuple[date, Document, int, int]]:
        """(day, document, change of B, of which what an invoice brings before notes), net per day and document."""
        found: list[tuple[date, Document, int, int]] = []
        for contract in {o.contract.id: o.contract for o in unit}.values():
            mine = [o for o in unit if o.contract is contract]
            before: dict[Document, int] = {}
            gross_before: dict[Document, int] = {}
            for day in self.days(contract):
                if day > last:
                    break
                net, gross = self._standing_at(contract, mine, day)
                for document in net:
                    change = net[document] - before.get(document, 0)
                    brings = gross[document] - gross_before.get(document, 0)
                    if day >= first and (change or brings):
                        found.append((day, document, change, brings))
                before, gross_before = net, gross
        return found

    def _standing_at(
        self, contract: Contract, unit: Sequence[Obligation], day: date
    ) -> tuple[dict[Document, int], dict[Document, int]]:
        """What of B of the unit stands on each document at the close of a day, with and without what notes take."""
        net: dict[Document, int] = {}
        gross: dict[Document, int] = {}
        rows = [d for d in self.book.documents if d.contract is contract and d.day <= day]
        for document in sorted(rows, key=lambda d: d.id):
            about = self.about(document)
            takes = brings = 0
            if self.billing.is_counting(document):
                whole, left = self.billing.gross_and_net(document, day)
                takes = sum(self.billing.part(document, left, o) for o in unit)
                brings = sum(self.billing.part(document, whole, o) for o in unit)
            elif document.type == "credit_note" and document.reason in UNCOLLECTED:
                takes = -sum(self.billing.unearned(document).get(o, 0) for o in unit)
            net[about], gross[about] = net.get(about, 0) + takes, gross.get(about, 0) + brings
        for document, ahead in self._ahead(contract, unit, day):
            about = self.about(document)
            net[about] = net.get(about, 0) - ahead
            gross.setdefault(about, 0)
        return net, gross

    def _ahead(self, contract: Contract, unit: Sequence[Obligation], day: date) -> list[tuple[Document, int]]:
        """By how much each refund or note moved what refunds are ahead of notes."""
        refunds = self.billing.refunds
        rows = sorted(
            (
                d
                for d in self.book.documents
                if d.contract == contract and d.day <= day
                and (d.type == "refund" or (d.type == "credit_note" and d.reason != "billing_error"))
            ),
            key=lambda d: (d.day, DOCUMENT_RANK, d.order),
        )  # fmt: skip
        if not any(row.type == "refund" for row in rows):
            return []
        found: list[tuple[Document, int]] = []
        before = 0
        for count, row in enumerate(rows, start=1):
            now = sum(refunds._after(contract, rows[:count]).get(o, 0) for o in unit)
            found.append((row, now - before))
            before = now
        return found
