"""The paperwork of a life: takes each document on its day, works out once what it does, and does it to the lines.

A note for a lower price holds as if from the start (life.py); goodwill and what will not be collected lower the price
over what remains; full refunds, and disputes and bad debt of all that is open, end the service (notes.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from engine.book.tables import Billing
from engine.schedule.billing import UNCOLLECTED, place, reason
from engine.schedule.estimates import Kind, Sizes, kept, most_kept, sizes
from engine.schedule.line import Line
from engine.schedule.notes import Papers
from engine.schedule.promise import Promise
from engine.schedule.signed import Policies, Signed, Told


class Paperwork:
    """The documents of contracts that are accounted for as one.

    lines, waiting  those in play and those not yet added, by index; the life keeps them
    by_day          (contract_id, row, record) of the documents of each day; what is dated before signing comes with it
    today           the day that is told
    """

    def __init__(
        self, contracts: Sequence[Signed], policies: Policies, told: Told, kinds: Sequence[Kind],
        lines: dict[int, Line], waiting: dict[int, Line],
    ) -> None:  # fmt: skip
        self.policies, self.told, self.kinds, self.lines, self.waiting = policies, told, kinds, lines, waiting
        self.promises: list[Promise] = [promise for contract in contracts for promise in contract.promises]
        self.by_day: dict[int, list[tuple[str, int, Billing]]] = defaultdict(list)
        self.today = 0
        for contract in contracts:
            for row, record in contract.documents:
                day = max(record.date.toordinal(), contract.signed)
                self.by_day[day].append((contract.contract_id, row, record))
        self.records = {row: record for of_day in self.by_day.values() for _, row, record in of_day}

    def begin(self, day: int, live: bool) -> set[int]:
        """Begin a day; returns the lines that need not wait for an invoice any more."""
        self.today = day
        if live:
            for papers in self.told.papers.values():
                papers.ahead_on_eve = papers.ahead
            if self.policies.waits:
                self.invoice(day)
        return self.open_invoiced(day)

    def cuts_price(self, day: int) -> bool:
        """Whether a note of the day lowers the price as if from the start."""
        return any(reason(record) == "price" for _, _, record in self.by_day.get(day, ()))

    def invoice(self, day: int) -> None:
        """Note which lines are invoiced for the first time: revenue waits for that."""
        for contract, _, record in self.by_day.get(day, ()):
            if record.type != "invoice":
                continue
            for line in self.lines.values():
                serves = line.ended is None or line.ended.last >= day
                own, named = line.promise.row.obligation_id, record.obligation_id
                if line.promise.contract_id == contract and (serves if named is None else own == named):
                    self.told.invoiced.setdefault(line.promise.index, day)

    def open_invoiced(self, day: int) -> set[int]:
        found = set()
        for line in (*self.lines.values(), *self.waiting.values()):
            if not line.invoiced and self.told.invoiced.get(line.promise.index, day + 1) <= day:
                line.invoiced = True
                found.add(line.promise.index)
        return found

    def take(self, day: int, live: bool) -> set[int]:
        """Take the documents of a day; returns the lines whose price they move. What they do is worked out if it is
        `live`."""
        touched = set[int]()
        for contract, row, record in sorted(self.by_day.get(day, ()), key=lambda found: place(found[2])):
            touched |= self._take(self.told.papers[contract], row, record, day, live)
        return touched

    def _take(self, papers: Papers, row: int, record: Billing, day: int, live: bool) -> set[int]:
        """Take a document; returns the lines whose price it moves."""
        if live:
            self._settle(papers, row, record, day)
        why = reason(record)
        if why == "goodwill" or (why in UNCOLLECTED and not papers.outcomes[row].ends_service):
            takes = papers.parts[row] if why == "goodwill" else papers.outcomes[row].unearned
            moved = {
                index for index in takes if index in self.lines
            }  # what was billed too early leaves the price alone
            for index in moved:
                self.lines[index].lower(day, takes[index])
            self._saw("goodwill" if why == "goodwill" else "lost", row)
            return moved
        if why == "full_refund" or why in UNCOLLECTED:
            if live:
                self._ends(papers, row, record, why, day)
            for index, fallen in self.told.ended[row].items():
                line = self.lines[index]
                line.end(day, day - 1, line.eve, fallen, undo=why == "full_refund")
            self._saw("ended", row)
            return set(self.told.ended[row])
        return set()

    def _saw(self, what: str, row: int) -> None:
        if self.told.witness is not None:
            self.told.witness.saw(what, row, self.lines)

    def _settle(self, papers: Papers, row: int, record: Billing, day: int) -> None:
        """Work out, once, which lines a document covers and what it takes of them."""
        named = self._named(record)
        standalone = record.type == "credit_note" and row in papers.ledger.of_row
        if record.type == "invoice" or standalone:
            own, coming = (
                [line for line in of.values() if line.promise.contract_id == papers.contract]
                for of in (self.lines, self.waiting)
            )
            papers.cover(row, named, own, coming, day)
            if record.type == "invoice" and self.policies.waits:
                for index in papers.coverage[row].lines:
                    self.told.invoiced.setdefault(index, day)
                    (self.lines.get(index) or self.waiting[index]).invoiced = True
        if record.type in ("credit_note", "write_off"):
            papers.work_out(row, record, self)
            papers.credit(row, record)
        elif record.type == "refund":
            papers.refund(row, record, named, self, self.told.papers)

    def _named(self, record: Billing) -> int | None:
        if record.obligation_id is None:
            return None
        return next(
            p.index
            for p in self.promises
            if p.contract_id == record.contract_id and p.row.obligation_id == record.obligation_id
        )

    def _ends(self, papers: Papers, row: int, record: Billing, why: str, day: int) -> None:
        """What a note that ends the service takes of the price: all of it on a full refund, else what is not earned
        before its day."""
        self.told.ended[row] = found = {}
        for index in papers.covered(row, record):
            line = self.lines.get(index)
            if line is None:  # billed before it is added
                continue
            found[index] = line.contracted - (0 if why == "full_refund" else line.recognized_at(line.eve)[0])
        if why == "full_refund":
            papers.undo_losses(day, found)

    # -- what documents ask (see notes.Standing)
    # ---------------------------------------------------------------------------------------------------------------

    def contract_of(self, index: int) -> str:
        return next(promise.contract_id for promise in self.promises if promise.index == index)

    def units(self, contract: str) -> Sequence[Sequence[int]]:
        if self.policies.netting == "obligation":
            return [[promise.index] for promise in self.promises if promise.contract_id == contract]
        return [[promise.index for promise in self.promises]]

    def deferred_on_eve(self, index: int, billed: int, gross: int) -> int:
        if index in self.waiting:
            return max(billed, 0)
        track = self.told.tracks[index]
        contracted, recognized = track.contracted, track.to_date(self.today - 1)
        keeps = kept(contracted, recognized, billed, most_kept(contracted, gross, [track.size]))
        return 0 if contracted < 0 else max(keeps - recognized, 0)

    def owed_back(self, indexes: Sequence[int], billed: int, gross: int) -> int:
        day, of = self.today, [self.lines[index] for index in indexes if index in self.lines]
        contracted = sum(line.contracted for line in of)
        recognized = sum(line.recognized_at(line.reach(day, day))[0] for line in of)
        found = self.sizes(day)
        most = most_kept(contracted, gross, [found[line.promise.index] for line in of if line.promise.index in found])
        return billed - kept(contracted, recognized, billed, most)

    def sizes(self, day: int) -> dict[int, Sizes]:
        """Size of the estimates in force on each line that has not ended."""
        contracted = {index: line.contracted for index, line in self.lines.items()}
        return sizes(self.kinds, contracted, (i for i, line in self.lines.items() if line.ended is None), day)
