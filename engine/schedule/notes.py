"""Documents in the life of a contract: which lines each covers, what notes take of their price, and what refunds take
of what is billed.

Source: ASC 606-10-32-10 (refund liability), 606-10-25-18 and 326-20 (what will not be collected).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple, Protocol

from engine.book.tables import Billing
from engine.schedule.billing import UNCOLLECTED, Document, Ledger, Place, changes, counting, place, reason, shared
from engine.schedule.flow import Flow
from engine.schedule.kernel import rounded, share_out
from engine.schedule.line import Line

#: reasons of credit notes that leave the price alone
_PRICE_STAYS = frozenset({"", "cancellation", "billing_error"})


class Coverage(NamedTuple):
    """The lines a document covers, by index, with their weights."""

    lines: Sequence[int]
    weights: Sequence[int]

    def part(self, amount: int, index: int) -> int:
        """The part of an amount that belongs to a line."""
        return shared(amount, self.weights)[self.lines.index(index)] if index in self.lines else 0


@dataclass(slots=True)
class Outcome:
    """What a note for what will not be collected does: the part not yet earned of each line, which leaves billed and
    price, what is lost of the rest - of each line `kept` in what is billed on it -, and whether all that was open of
    what it covers is credited."""

    unearned: dict[int, int] = field(default_factory=dict)
    by_document: dict[tuple[int, int], int] = field(default_factory=dict)
    kept: dict[int, int] = field(default_factory=dict)
    lost: int = 0
    ends_service: bool = False


class Standing(Protocol):
    """What documents ask of the life of their contract."""

    def deferred_on_eve(self, index: int, billed: int, gross: int) -> int:
        """Deferred revenue of a line by itself at the close of the day before, with so much billed on it."""

    def owed_back(self, indexes: Sequence[int], billed: int, gross: int) -> int:
        """Refund liability of lines that net as one at the close of the day, with so much billed on them."""

    def units(self, contract: str) -> Sequence[Sequence[int]]:
        """The lines of each netting unit that a contract has lines in."""

    def contract_of(self, index: int) -> str:
        """The contract of a line."""


@dataclass(slots=True)
class Papers:
    """The documents of one contract, while its life is told; what they do is worked out once, on their day.

    first     index of the first line of the contract
    coverage  by row of each document that counts; of what a former system had billed by a number below -1
    ahead     what refunds have taken of each line's billed amount and no credit note since
    undone    (obligation, day, amount) of losses that full refunds took out of what is billed
    """

    contract: str
    first: int
    rows: Sequence[tuple[int, Billing]]
    ledger: Ledger
    basis: str
    cancellable: bool
    coverage: dict[int, Coverage] = field(default_factory=dict)
    parts: dict[int, dict[int, int]] = field(default_factory=dict)
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    ahead: dict[int, int] = field(default_factory=dict)
    ahead_on_eve: dict[int, int] = field(default_factory=dict)
    steps: list[tuple[int, int, int, int, int]] = field(default_factory=list)
    undone: list[tuple[int, int, int]] = field(default_factory=list)
    _refunded: int = 0
    _credited: int = 0

    # -- what a document covers
    # ---------------------------------------------------------------------------------------------------------------

    def cover(self, row: int, named: int | None, lines: Sequence[Line], waiting: Sequence[Line], day: int) -> None:
        """Settle which lines a document covers: the one it names, else those in force on its day (those that ended
        last, if none is left; those that will be added first, if none was yet), by price."""
        if named is not None:
            self.coverage[row] = Coverage([named], [1])
            return
        if not lines:
            first = min((line.promise.added for line in waiting), default=0)
            coming = [line for line in waiting if line.promise.added == first]
            self.coverage[row] = Coverage([line.promise.index for line in coming], [line.price for line in coming])
            return
        running = [line for line in lines if line.ended is None or line.ended.last >= day]
        if not running:
            latest = max(line.ended.last for line in lines if line.ended is not None)
            running = [line for line in lines if line.ended is not None and line.ended.last == latest]
        self.coverage[row] = Coverage([line.promise.index for line in running], [line.proper for line in running])

    def covered(self, row: int, record: Billing) -> Iterable[int]:
        """The lines a note is about."""
        if reason(record) in UNCOLLECTED:
            return [index for document, _ in self.ledger.targets[row] for index in self.coverage[document.row].lines]
        target = self.ledger.target(row, record)
        return self.coverage[target.row if target else row].lines

    # -- what counts
    # ---------------------------------------------------------------------------------------------------------------

    def billed(self, index: int, day: int) -> int:
        """Billed on a line at the close of a day, refunds left out."""
        found = 0
        for document in self.ledger.documents:
            coverage = self.coverage.get(document.row)
            if coverage is not None and index in coverage.lines:
                found += coverage.part(counting(document, self.basis, self.cancellable, day).net, index)
        for row, record in self.rows:
            if row in self.outcomes and record.date.toordinal() <= day:
                found -= self.outcomes[row].unearned.get(index, 0)
        return found - sum(amount for other, on, amount in self.undone if other == index and on <= day)

    def gross(self, index: int, day: int, basis: str | None = None) -> int:
        """Invoices counted on a line by a basis (that of the book), before credits; withdrawn ones no longer count."""
        found = 0
        for document in self.ledger.documents:
            coverage = self.coverage.get(document.row)
            if coverage is not None and document.amount and not document.is_void(day):
                found += coverage.part(self._gross(document, day, basis or self.basis), index)
        return found

    def _gross(self, document: Document, day: int, basis: str) -> int:
        return counting(document, basis, self.cancellable, day).billings if document.amount > 0 else 0

    # -- what notes do
    # ---------------------------------------------------------------------------------------------------------------

    def work_out(self, row: int, record: Billing, standing: Standing) -> None:
        """Work out what a note takes, on its day."""
        why, at = reason(record), place(record)
        if why in UNCOLLECTED:
            self.outcomes[row] = self._outcome(row, at, abs(record.amount), standing)
        elif why not in _PRICE_STAYS:
            target, size = self.ledger.target(row, record), abs(record.amount)
            coverage = self.coverage[target.row if target else row]
            left = target.amount - target.credited_before(at) if target else size
            before, then = shared(left, coverage.weights), shared(left - size, coverage.weights)
            self.parts[row] = {index: a - b for index, a, b in zip(coverage.lines, before, then, strict=True)}

    def _outcome(self, row: int, at: Place, size: int, standing: Standing) -> Outcome:
        found, targets = Outcome(lost=size), self.ledger.targets[row]
        found.ends_service = bool(targets)
        for document, amount in targets:
            open_before = document.open_before(at)
            found.ends_service &= 0 < open_before <= amount
            coverage = self.coverage[document.row]
            for index in coverage.lines:
                open_part = coverage.part(open_before, index)
                noted = open_part - coverage.part(open_before - amount, index)
                if open_part > 0:
                    deferred = self._deferred_on(document, index, at, standing)
                    unearned = rounded(noted, min(Fraction(deferred, open_part), Fraction(1)))
                    found.unearned[index] = found.unearned.get(index, 0) + unearned
                    found.by_document[document.row, index] = unearned
                    found.kept[index] = found.kept.get(index, 0) + noted - unearned
                    found.lost -= unearned
        return found

    def _deferred_on(self, document: Document, index: int, at: Place, standing: Standing) -> int:
        """The part of a line's deferred revenue that stands on a document: the latest were the last to be earned. All
        that is invoiced is asked, whatever counts yet: what is earned of a document does not hang on when it counts."""
        eve = at.day - 1
        issued = self.ledger.issued_before(at)
        standing_on = {other.row: self._standing_on(other, index, at) for other in issued}
        billed = sum(standing_on.values()) + self._others(index, eve) - self.ahead_on_eve.get(index, 0)
        deferred = standing.deferred_on_eve(index, billed, self.gross(index, eve, "invoice"))
        for other in issued:
            takes = min(max(standing_on[other.row], 0), deferred)
            if other is document:
                return takes
            deferred -= takes
        return 0

    def _standing_on(self, document: Document, index: int, at: Place) -> int:
        """What is left billed of a document on a line just before a note."""
        day = at.day if document.date == at.day else at.day - 1
        _, gross, net, _ = counting(document, "invoice", self.cancellable, day)
        left = min(net, gross - document.credited_before(at)) if gross else net
        earlier = sum(
            self.outcomes[row].by_document.get((document.row, index), 0)
            for row, record in self.rows
            if row in self.outcomes and place(record) < at
        )
        coverage = self.coverage.get(document.row)
        return coverage.part(left, index) - earlier if coverage else 0

    def _others(self, index: int, day: int) -> int:
        """Credits that stand on their own."""
        found = 0
        for document in self.ledger.documents:
            if document.amount < 0 and document.row in self.coverage:
                net = counting(document, "invoice", self.cancellable, day).net
                found += self.coverage[document.row].part(net, index)
        return found

    def undo_losses(self, day: int, indexes: Iterable[int]) -> None:
        """A full refund of lines leaves no revenue on them that could be lost: what was lost leaves what is billed, and
        the loss recorded for it is reversed."""
        covered = set(indexes)
        for other, outcome in self.outcomes.items():
            undone = {index: amount for index, amount in outcome.kept.items() if index in covered and amount}
            for index, amount in undone.items():
                outcome.kept[index] = 0
                self.undone.append((index, day, amount))
                self.steps.append((index, day, Flow.CREDITS, -amount, other))
            if undone:
                where, kind = next(iter(outcome.unearned)), self._loss(other)
                self.steps.append((where, day, kind, -sum(undone.values()), other))

    def _loss(self, row: int) -> Flow:
        """What kind of loss a note records."""
        return Flow.CONTRA_REVENUE if reason(dict(self.rows)[row]) == "dispute" else Flow.BAD_DEBT

    # -- refunds
    # ---------------------------------------------------------------------------------------------------------------

    def credit(self, row: int, record: Billing) -> None:
        """A credit note after a refund takes from billed only what refunds have not."""
        if reason(record) == "billing_error":
            return
        size = abs(record.amount)
        self._credited += size
        before = sum(self.ahead.values())
        if before:
            after_note = share_out(before - min(before, size), list(self.ahead.values()))
            self._move_ahead(dict(zip(self.ahead, after_note, strict=True)), row, record)

    def refund(
        self, row: int, record: Billing, named: int | None, standing: Standing, papers: Mapping[str, Papers]
    ) -> None:
        """A refund lowers billed by what is not credited, as far as it is owed back; the lines share it by what is
        owed back on each alone."""
        day = record.date.toordinal()
        self._refunded += abs(record.amount)

        def owed(indexes: Sequence[int]) -> int:
            of = [papers[standing.contract_of(index)] for index in indexes]
            billed = sum(p.billed(i, day) - p.ahead.get(i, 0) for p, i in zip(of, indexes, strict=True))
            gross = sum(p.gross(i, day) for p, i in zip(of, indexes, strict=True))
            return max(standing.owed_back(indexes, billed, gross), 0)

        units = [list(unit) for unit in standing.units(self.contract)]
        mine = [index for unit in units for index in unit if standing.contract_of(index) == self.contract]
        if named is not None:
            units = [unit for unit in units if named in unit]
            mine = [named]
        most = sum(owed(unit) for unit in units)
        weights = [owed([index]) for index in mine]
        lowers = max(min(self._refunded - self._credited - sum(self.ahead.values()), most), 0)
        parts = dict(zip(mine, share_out(lowers, weights), strict=True)) if mine else {}
        every = dict.fromkeys((*self.ahead, *parts))
        self._move_ahead({index: self.ahead.get(index, 0) + parts.get(index, 0) for index in every}, row, record)

    def _move_ahead(self, now: dict[int, int], row: int, record: Billing) -> None:
        for index, amount in now.items():
            if moved := amount - self.ahead.get(index, 0):
                self.steps.append((index, record.date.toordinal(), Flow.CREDITS, -moved, row))
        self.ahead = now

    # -- what all of it comes to
    # ---------------------------------------------------------------------------------------------------------------

    def told(self) -> list[tuple[int, int, int, int, int]]:
        """Steps of every document, (obligation, day, flow, amount, row of Billings)."""
        found = list(self.steps)
        for document in self.ledger.documents:
            coverage = self.coverage.get(document.row)
            if coverage is not None and coverage.lines:
                found += document_steps(document, *coverage, self.basis, self.cancellable)
        for row, record in self.rows:
            day = record.date.toordinal()
            if row in self.outcomes:
                found += self._lost(row, record, day)
        return found

    def cash(self) -> Iterable[tuple[int, int, int, int, int]]:
        """Steps of what is received and paid back, on the first line."""
        for row, record in self.rows:
            if record.type in ("payment", "refund"):
                cash = record.amount if record.type == "payment" else -abs(record.amount)
                tax = abs(record.tax_amount or 0)
                total = cash + (tax if record.type == "payment" else -tax)
                yield self.first, record.date.toordinal(), Flow.CASH, total, row

    def _lost(self, row: int, record: Billing, day: int) -> Iterable[tuple[int, int, int, int, int]]:
        outcome = self.outcomes[row]
        for index, unearned in outcome.unearned.items():
            if unearned:
                yield index, day, Flow.CREDITS, -unearned, row
        first = next(iter(outcome.unearned), self.first)  # also of a note for which nothing was open
        if outcome.lost:
            yield first, day, self._loss(row), outcome.lost, row
        if record.tax_amount:
            yield first, day, Flow.TAX, -abs(record.tax_amount), row


def document_steps(
    document: Document, on: Sequence[int], weights: Sequence[int], basis: str, cancellable: bool
) -> Iterable[tuple[int, int, int, int, int]]:
    """Steps of a document on the obligations it covers, (obligation, day, flow, amount, row of Billings)."""
    if document.opening:
        if document.amount:
            yield on[0], document.date, Flow.OPENING_BILLED, document.amount, -1
        return
    for change in changes(document, on, weights, basis, cancellable):
        amounts = (Flow.BILLINGS, change.billings), (Flow.CREDITS, change.credits), (Flow.TAX, change.tax)
        for kind, amount in (*amounts, (Flow.VOIDED, change.voided)):
            if amount:
                yield change.obligation, change.day, kind, amount, document.row
