"""What entries are worth in reporting currency, and the gains and losses on exchange between them.

A document is posted at its own rate, cash at the rate of its day, revenue at what is released and at the rate of the
period's end. Receivables are one pool a contract, carried at the rate of the last period's end and of what came since.
What is carried otherwise than the balances say at the end of a period is FX.

Source: ASC 830-20-35-1, 35-2; IAS 21.23, 21.28.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction

import numpy as np

from engine.reports.entries import BALANCES, Entries, Entry, Leg, What
from engine.reports.periods import ONE_DAY, Period
from engine.schedule.currency import InReportingCurrency
from engine.schedule.flow import Flow
from engine.schedule.kernel import Ints, rounded, share_out
from engine.schedule.positions import added
from engine.schedule.told_layers import own_documents

_REMEASURED = "remeasurement"


class Worths:
    """Values the entries of one period, and adds entries FX. Contracts in reporting currency are left alone."""

    def __init__(self, book: Entries, of: InReportingCurrency, span: Period) -> None:
        self.book, self.of, self.span = book, of, span
        schedule = self.schedule = book.schedule
        self.eve = span.first - ONE_DAY
        rows = schedule.layout.contracts
        self.row: list[int] = rows.tolist()
        self.currency = [schedule.book.contracts["currency"][row] for row in self.row]
        self.foreign = [
            n for n, code in enumerate(self.currency)
            if code != of.rates.reporting and (book.only is None or n in book.only)
        ]  # fmt: skip
        self.own = schedule.once(("own documents",), lambda: own_documents(schedule))

    def value(self) -> None:
        """raises BookRefused where a rate is missing"""
        by_contract: dict[int, list[Entry]] = defaultdict(list)
        for entry in self.book.posted:
            by_contract[entry.contract].append(entry)
        self._value_documents(by_contract)
        self._value_revenue(by_contract)
        opening, closing = (self.book.balances(day, "reporting") for day in (self.eve, self.span.last))
        opening = opening + self.book.taken_over(self.span.first, self.span.last, "reporting")
        receivables = [_receivable(self.book, day) for day in (self.eve, self.span.last)]
        left: dict[int, int] = {}
        for contract in reversed(self.foreign):
            entries = by_contract[contract]
            self._value_interest(entries)
            self._balance(entries)
            self._receivable(contract, entries, *(int(column[contract]) for column in receivables))
            moved = closing[contract] - opening[contract]
            first = self._first(contract)
            unsettled = self._settle(contract, entries, moved, left.get(contract, 0), contract == first)
            left[first] = left.get(first, 0) + unsettled
        home = [entry for entry in self.book.posted if self.currency[entry.contract] == self.of.rates.reporting]
        self.book.posted = home + [entry for contract in self.foreign for entry in by_contract[contract]]
        self.of.refuse_missing()

    def _first(self, contract: int) -> int:
        """The first of the contracts it nets with."""
        layout, day = self.schedule.layout, self.span.last
        if self.schedule.book.settings.netting == "obligation" or not self.schedule.joined(day)[contract]:
            return contract
        return int(np.searchsorted(layout.group, layout.group[contract]))

    def _closing(self, contract: int, amount: int) -> int:
        """An amount at the rate of the last day."""
        if not amount:
            return 0
        rate = self.of.rates.at(self.currency[contract], self.span.last.toordinal(), self.row[contract])
        return rounded(amount, rate)

    # -- documents and cash
    # ---------------------------------------------------------------------------------------------------------------

    def _value_documents(self, by_contract: dict[int, list[Entry]]) -> None:
        units = self.of.units(self.span.last)
        moved = units.moved(self.span.first, self.span.last)
        billed: dict[tuple[int, int], int] = defaultdict(int)
        period = self.schedule.calendar.period(self.span.last.toordinal())
        for _, day, row, value in units.billings.get(period, ()):
            billed[day, row] += value
        for contract in self.foreign:
            currency = self.currency[contract]
            credits: dict[tuple[int, int], list[Entry]] = defaultdict(list)
            for entry in by_contract[contract]:
                day, own = entry.day.toordinal(), self.own[entry.row] if entry.what is not What.COST else -1
                if entry.what is What.BILLING:
                    entry.legs[0].worth = billed[day, entry.row]
                elif entry.what is What.CREDIT:
                    credits[day, own].append(entry)
                elif entry.what in (What.LOST, What.TAX):
                    self._both(entry, rounded(entry.legs[0].amount, self.of.rates.of_document(own, currency)))
                elif entry.what is What.CASH:
                    self._both(entry, rounded(entry.legs[0].amount, self.of.rates.of_document(entry.row, currency)))
            for (day, own), entries in credits.items():
                rest = moved.get((day, own), (0, 0))[0] - billed.get((day, own), 0)
                parts = share_out(rest, [entry.legs[0].amount for entry in entries])
                for entry, part in zip(entries, parts, strict=True):
                    entry.legs[0].worth = part
            self._gains(contract, by_contract[contract], moved)

    @staticmethod
    def _both(entry: Entry, worth: int) -> None:
        entry.legs[0].worth, entry.legs[1].worth = worth, -worth

    def _gains(self, contract: int, entries: list[Entry], moved: dict[tuple[int, int], tuple[int, int]]) -> None:
        """Gains on exchange of documents that cleared a contract asset."""
        names = self.schedule.book.billings["document_id"]
        seen: set[tuple[int, int]] = set()
        for entry in list(entries):
            key = entry.day.toordinal(), self.own.get(entry.row, -1) if entry.what is not What.COST else -1
            if entry.what in (What.BILLING, What.CREDIT) and key not in seen:
                seen.add(key)
                entries += self._fx(contract, entry.day, "contract_asset", moved.get(key, (0, 0))[1], names[key[1]])

    def _fx(self, contract: int, day: date, role: str, gain: int, source: object) -> Iterator[Entry]:
        if gain:
            legs = [Leg(role, gain, worth=gain), Leg("fx", -gain, worth=-gain)]
            yield Entry(What.FX, day, contract, str(source), legs)

    # -- revenue and interest
    # ---------------------------------------------------------------------------------------------------------------

    def _value_revenue(self, by_contract: dict[int, list[Entry]]) -> None:
        """The parts of the revenue of each obligation: breakage in proportion, catch-ups likewise, the rest last."""
        earned = self.schedule.revenue(self.span.first, self.span.last)
        worth = self.of.revenue(self.span.first, self.span.last)
        for contract in self.foreign:
            parts: dict[int, list[Entry]] = defaultdict(list)
            for entry in by_contract[contract]:
                if entry.what in (What.REVENUE, What.BREAKAGE):
                    parts[entry.obligation].append(entry)
            for obligation, entries in parts.items():
                left, whole = int(worth[obligation]), int(earned[obligation])
                entries.sort(key=lambda entry: entry.what is not What.BREAKAGE)
                for n, entry in enumerate(entries):
                    amount = -entry.legs[-1].amount
                    if n == len(entries) - 1:
                        part = left
                    elif whole:
                        part = rounded(int(worth[obligation]), Fraction(amount, whole))
                    else:
                        part = self._closing(contract, amount)
                    entry.legs[-1].worth = -part
                    left -= part

    def _value_interest(self, entries: Sequence[Entry]) -> None:
        """Interest and income of a unit, shared over its obligations."""
        posted = [entry for entry in entries if entry.what is What.INTEREST]
        if not posted:
            return
        told, unit = self.of.movements(self.span.first, self.span.last), self.schedule.unit(self.span.last)
        by_unit: dict[tuple[int, bool], list[Entry]] = defaultdict(list)
        for entry in posted:
            by_unit[int(unit[entry.obligation]), entry.legs[0].amount > 0].append(entry)
        for (number, accretes), of_unit in by_unit.items():
            worth = int(told.interest[0][number]) if accretes else -int(told.income[0][number])
            for entry, part in zip(of_unit, share_out(worth, [e.legs[0].amount for e in of_unit]), strict=True):
                entry.legs[0].worth = part

    def _balance(self, entries: Sequence[Entry]) -> None:
        """Give the legs that have no worth yet what balances their entry, in proportion."""
        for entry in entries:
            if entry.what is What.RECLASS:
                continue
            open_legs = [leg for leg in entry.legs if leg.worth is None]
            if open_legs:
                known = sum(leg.worth or 0 for leg in entry.legs)
                for leg, part in zip(open_legs, share_out(-known, [leg.amount for leg in open_legs]), strict=True):
                    leg.worth = part

    # -- the end of the period
    # ---------------------------------------------------------------------------------------------------------------

    def _receivable(self, contract: int, entries: list[Entry], opening: int, closing: int) -> None:
        """Gains on exchange of receivables: of cash against what it pays was carried at, and of what is open at the end
        of the period."""
        pool = [[-1, opening, 0]]
        if opening:
            rates, currency = self.of.rates, self.currency[contract]
            pool[0][2] = rounded(opening, rates.at(currency, self.eve.toordinal(), self.row[contract]))
        posted = [entry for entry in entries if entry.what is not What.FX]
        for entry in sorted(posted, key=lambda entry: (entry.day, entry.what is What.CASH)):
            for leg in entry.legs:
                if leg.role != "receivable":
                    continue
                if entry.what is What.CASH:
                    gain = _pay(pool, self.own[entry.row], -leg.amount, -(leg.worth or 0))
                    entries += self._fx(contract, entry.day, "receivable", gain, entry.source)
                else:
                    pool.append([self.own[entry.row], leg.amount, leg.worth or 0])
        assert sum(amount for _, amount, _ in pool) == closing
        worth = sum(worth for _, _, worth in pool)
        gain = self._closing(contract, closing) - worth
        entries += self._fx(contract, self.span.last, "receivable", gain, _REMEASURED)

    def _settle(self, contract: int, entries: list[Entry], moved: Ints, taken: int, is_first: bool) -> int:
        """Reclassify to the balances of the report; what does not balance then is FX on the contract asset, or stands
        on the first of combined contracts.

        moved   BALANCES by how much each moved, liabilities positive
        taken   what does not balance on contracts it nets with
        returns what does not balance here, debit positive, if another contract takes it
        """
        posted = dict.fromkeys(BALANCES, 0)
        for entry in entries:
            for leg in entry.legs:
                if leg.role in posted and entry.what is not What.RECLASS:
                    posted[leg.role] += leg.worth or 0
        debits = {
            role: int(by) if role == "contract_asset" else -int(by) for role, by in zip(BALANCES, moved, strict=True)
        }
        gaps = {role: debits[role] - posted[role] for role in BALANCES}
        gaps["deferred_current"] += taken
        over = sum(gaps.values())
        gaps["contract_asset" if is_first else "deferred_current"] -= over
        reclass = [entry for entry in entries if entry.what is What.RECLASS]
        if not reclass:
            reclass = [Entry(What.RECLASS, self.span.last, contract, "reclass", [])]
            entries += reclass
        legs = {leg.role: leg for leg in reclass[0].legs}
        for role, gap in gaps.items():
            if role not in legs and gap:
                legs[role] = Leg(role, 0)
                reclass[0].legs.append(legs[role])
            if role in legs:
                legs[role].worth = gap
        if not is_first:
            return over
        entries += self._fx(contract, self.span.last, "contract_asset", over, _REMEASURED)
        return 0


def _pay(pool: list[list[int]], own: int, paid: int, worth: int) -> int:
    """Take what is paid off what is open - of the document it is for, else what was open first - and return the gain on
    exchange. What is paid beyond that waits in the pool.

    pool  [row of the document, amount, worth] of what is open
    """
    left, carried = paid, 0
    for part in sorted(pool, key=lambda part: part[0] != own):
        takes = min(left, part[1])
        if takes > 0:
            off = rounded(part[2], Fraction(takes, part[1]))
            part[1], part[2] = part[1] - takes, part[2] - off
            left, carried = left - takes, carried + off
    beyond = rounded(worth, Fraction(left, paid)) if left else 0
    pool.append([own, -left, -beyond])
    return worth - beyond - carried


def _receivable(book: Entries, day: date) -> Ints:
    """Receivable of each contract at the close of a day, in contract currency."""
    steps, layout = book.schedule.steps, book.schedule.layout
    adds = np.isin(steps.kind, (Flow.BILLINGS, Flow.CREDITS, Flow.TAX))
    takes = (steps.kind == Flow.CASH) | (
        np.isin(steps.kind, (Flow.CONTRA_REVENUE, Flow.BAD_DEBT)) & (steps.source >= 0)
    )
    amounts = np.where(adds, steps.amount, np.where(takes, -steps.amount, 0)) * (steps.day <= day.toordinal())
    return added(amounts, layout.contract[steps.obligation], len(layout.contracts))
