"""Entries: what documents, revenue and reclassifications of a period post, in the currency of each contract.

Documents and payments are posted on their day, revenue and reclassifications on the last day of each period. The
balances posted are those of the balance report: what documents and revenue leave in another account than the report
shows is reclassified.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property

import numpy as np

from engine.reports.balances import figures
from engine.reports.grouping import NETTING, Grouping
from engine.reports.periods import ONE_DAY, Period
from engine.schedule.currency import Currency, Valuation
from engine.schedule.flow import OPENINGS, Flow
from engine.schedule.kernel import Ints
from engine.schedule.schedule import Schedule

BALANCES = ("deferred_current", "deferred_noncurrent", "contract_asset", "refund_liability")


class What(StrEnum):
    """What an entry posts."""

    BILLING = "billing"
    CREDIT = "credit"
    LOST = "lost"
    TAX = "tax"
    CASH = "cash"
    REVENUE = "revenue"
    BREAKAGE = "breakage"
    INTEREST = "interest"
    RECLASS = "reclass"
    COST = "cost"
    FX = "fx"


@dataclass(slots=True)
class Leg:
    """One line of an entry: `amount` in whole minor units of the contract's currency, `worth` in those of the reporting
    currency as far as it is known; debit positive."""

    role: str
    amount: int
    obligation: int | None = None
    worth: int | None = None


@dataclass(slots=True)
class Entry:
    """Legs that balance.

    row         of Billings or Costs that it comes from, -1 elsewhere
    obligation  it is about, if it is about one
    """

    what: What
    day: date
    contract: int
    source: str
    legs: list[Leg]
    row: int = -1
    obligation: int = -1


@dataclass
class _Account:
    """Balances of one contract as posted so far, liabilities positive."""

    current: int = 0
    noncurrent: int = 0
    asset: int = 0
    refund: int = 0

    def credit(self, amount: int) -> Iterator[tuple[str, int]]:
        """Credit a billed amount: clear the contract asset first, the rest is deferred. Yields (role, debit)."""
        cleared = min(amount, max(self.asset, 0))
        yield "contract_asset", self._move("asset", -cleared)
        yield "deferred_current", self._move("current", amount - cleared)

    def debit(self, amount: int) -> Iterator[tuple[str, int]]:
        """Debit revenue or a credit note: the refund liability is left alone; deferred first, then a contract asset."""
        for name, role in (("current", "deferred_current"), ("noncurrent", "deferred_noncurrent")):
            part = min(amount, max(getattr(self, name), 0))
            amount -= part
            yield role, self._move(name, -part)
        yield "contract_asset", self._move("asset", amount)

    def give_back(self, amount: int) -> Iterator[tuple[str, int]]:
        """Debit a credit note: what is owed back first, then as revenue would."""
        owed = min(amount, max(self.refund, 0))
        yield "refund_liability", self._move("refund", -owed)
        yield from self.debit(amount - owed)

    def _move(self, name: str, by: int) -> int:
        """Move a balance; returns the move as a debit."""
        setattr(self, name, getattr(self, name) + by)
        return by if name == "asset" else -by

    def settle(self, target: tuple[int, ...]) -> Iterator[tuple[str, int]]:
        """Reclassify to the balances of the report."""
        for name, role, wanted in zip(("current", "noncurrent", "asset", "refund"), BALANCES, target, strict=True):
            yield role, self._move(name, wanted - getattr(self, name))


@dataclass
class Entries:
    """Entries as they are posted.

    given  contract currency, and reporting currency if entries are to have it
    only   contracts that are posted, all those of a group together; default all
    """

    schedule: Schedule
    given: tuple[Valuation, ...]
    only: Container[int] | None = None
    posted: list[Entry] = field(default_factory=list)

    @cached_property
    def _place(self) -> dict[str, int]:
        ids = self.schedule.book.contracts["contract_id"]
        return {ids[row]: n for n, row in enumerate(self.schedule.layout.contracts)}

    def balances(self, day: date, currency: Currency = "contract") -> Ints:
        """contracts x BALANCES at the close of `day`; what combined contracts net stands on the first."""
        by_contract = Grouping.of(self.schedule, "contract", currency=currency)
        rows, found = figures(by_contract, day, BALANCES, each_unit=True)
        result = np.zeros((len(self._place), len(BALANCES)), np.int64)
        contracts = [self._place[key.removesuffix("/" + NETTING)] for key, _ in rows]
        np.add.at(result, contracts, np.array([found[name] for name in BALANCES]).T)
        return result

    def taken_over(self, first: date, last: date, currency: Currency = "contract") -> Ints:
        """contracts x BALANCES at which contracts were taken over on the days first..last; the general ledger holds
        them already."""
        result = np.zeros((len(self._place), len(BALANCES)), np.int64)
        for day in self.schedule.cut_overs(first, last):
            on_it = self.schedule.layout.cut_over == day.toordinal()
            result[on_it] = self.balances(day, currency)[on_it]
        return result

    def post(self, span: Period, opening: Ints, closing: Ints) -> None:
        """Post one period. A contract that is taken over in it begins at its opening position."""
        schedule, contract_of = self.schedule, self.schedule.layout.contract
        opening = opening + self.taken_over(span.first, span.last)
        steps = schedule.steps.where(
            (schedule.steps.day >= span.first.toordinal())
            & (schedule.steps.day <= span.last.toordinal())
            & ~np.isin(schedule.steps.kind, OPENINGS)
        )
        earned = schedule.revenue(span.first, span.last)
        caught_up = schedule.flow(span.first, span.last, Flow.CATCH_UP)
        interest, income = schedule.interest_moved(span.first, span.last)
        breakage = schedule.flow(span.first, span.last, Flow.BREAKAGE)
        touched = set(np.flatnonzero((opening != closing).any(axis=1)).tolist())
        touched |= set(contract_of[steps.obligation].tolist())
        touched |= set(contract_of[np.flatnonzero((earned != 0) | (interest != 0) | (income != 0))].tolist())
        by_contract: dict[int, list[tuple[int, ...]]] = {}
        for row in zip(*(column.tolist() for column in vars(steps).values()), strict=True):
            by_contract.setdefault(int(contract_of[row[0]]), []).append(row)
        start = np.searchsorted(contract_of, np.arange(len(self._place) + 1))
        if self.only is not None:
            touched = {contract for contract in touched if contract in self.only}
        for contract in sorted(touched):
            account = _Account(*(int(value) for value in opening[contract]))
            self._documents(contract, account, by_contract.get(contract, []))
            for n in range(start[contract], start[contract + 1]):
                self._interest(account, span.last, contract, n, int(interest[n]), int(income[n]))
                plain = int(earned[n] - caught_up[n] - breakage[n])
                self._recognize(account, span.last, contract, n, "revenue", plain, "recognition")
                self._recognize(account, span.last, contract, n, "breakage", int(breakage[n]), "recognition")
            target = tuple(int(value) for value in closing[contract])
            self._add(Entry(What.RECLASS, span.last, contract, "reclass", _legs(account.settle(target))))

    def _documents(self, contract: int, account: _Account, steps: list[tuple[int, ...]]) -> None:
        """Documents, payments and catch-ups, by day."""
        grouped: dict[tuple[int, int, int], dict[int, int]] = {}
        for obligation, ordinal, kind, amount, source in sorted(steps, key=lambda step: (step[1], step[2], step[4])):
            place = grouped.setdefault((ordinal, source, obligation if source < 0 else -1), {})
            place[kind] = place.get(kind, 0) + amount
        for (on, source, obligation), amounts in grouped.items():
            day = date.fromordinal(on)
            if source >= 0:
                self._document(account, day, contract, amounts, source)
            else:
                self._catch_up(account, day, contract, obligation, amounts)

    def _catch_up(self, account: _Account, day: date, contract: int, obligation: int, amounts: dict[int, int]) -> None:
        """Revenue of service before the day; what a full refund undoes is contra revenue."""
        undone = amounts.get(Flow.CONTRA_REVENUE, 0)
        caught_up = amounts.get(Flow.CATCH_UP, 0) + undone
        self._recognize(account, day, contract, obligation, "revenue", caught_up, f"catch-up {day}")
        self._recognize(account, day, contract, obligation, "contra_revenue", -undone, f"full refund {day}")

    def _interest(
        self, account: _Account, day: date, contract: int, obligation: int, interest: int, income: int
    ) -> None:
        """Interest accretes on what is paid in advance, income on what is paid in arrears."""
        for amount in (interest, -income):
            against = _legs(account.credit(amount) if amount > 0 else account.debit(-amount))
            legs = [Leg("interest", amount, obligation), *against]
            self._add(Entry(What.INTEREST, day, contract, "interest", legs, obligation=obligation))

    def _document(self, account: _Account, day: date, contract: int, amounts: dict[int, int], row: int) -> None:
        source = str(self.schedule.book.billings["document_id"][row])
        tax, cash = amounts.get(Flow.TAX, 0), amounts.get(Flow.CASH, 0)
        for what, kind in ((What.BILLING, Flow.BILLINGS), (What.CREDIT, Flow.CREDITS)):
            amount = amounts.get(kind, 0)
            against = _legs(account.credit(amount) if amount > 0 else account.give_back(-amount))
            self._add(Entry(what, day, contract, source, [Leg("receivable", amount), *against], row))
        for what, role, against_role, amount in (
            (What.LOST, "contra_revenue", "receivable", amounts.get(Flow.CONTRA_REVENUE, 0)),
            (What.LOST, "bad_debt", "receivable", amounts.get(Flow.BAD_DEBT, 0)),
            (What.TAX, "receivable", "tax", tax),
            (What.CASH, "cash", "receivable", cash),
        ):
            self._add(Entry(what, day, contract, source, [Leg(role, amount), Leg(against_role, -amount)], row))

    def costs(self, span: Period) -> None:
        """Post contract costs: capitalized on their day, amortized and impaired at the end of the period."""
        table, of = self.schedule.book.costs, self.schedule.costs
        if not len(of):
            return
        moved = self._costs_moved(self.given[0], span)
        worth = self._costs_moved(self.given[-1], span)
        for n in np.flatnonzero(moved.any(axis=0)).tolist():
            contract, source = int(of.contract[n]), str(table["cost_id"][n])
            if self.only is not None and contract not in self.only:
                continue
            for k, (day, one, other, what) in enumerate((
                (table["date"][n], "contract_cost", "cost_payable", ""),
                (span.last, "cost_expense", "contract_cost", "amortization "),
                (span.last, "cost_expense", "contract_cost", "impairment "),
            )):  # fmt: skip
                amount, value = int(moved[k, n]), int(worth[k, n])
                legs = [Leg(one, amount, worth=value), Leg(other, -amount, worth=-value)]
                self._add(Entry(What.COST, day, contract, what + source, legs, n))

    @staticmethod
    def _costs_moved(given: Valuation, span: Period) -> Ints:
        before, after = given.costs(span.first - ONE_DAY), given.costs(span.last)
        return np.array([now - then for now, then in zip(after, before, strict=True)])

    def _recognize(
        self, account: _Account, day: date, contract: int, obligation: int, role: str, amount: int, source: str
    ) -> None:
        against = _legs(account.debit(amount) if amount > 0 else account.credit(-amount))
        what = What.BREAKAGE if role == "breakage" else What.REVENUE
        self._add(Entry(what, day, contract, source, [*against, Leg(role, -amount, obligation)], obligation=obligation))

    def _add(self, entry: Entry) -> None:
        entry.legs = [leg for leg in entry.legs if leg.amount]
        if entry.legs:
            self.posted.append(entry)


def _legs(moves: Iterable[tuple[str, int]]) -> list[Leg]:
    return [Leg(role, amount) for role, amount in moves]
