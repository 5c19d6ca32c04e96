"""Journal: the entries of a range of days, balanced per contract, date and currency.

Documents and payments are posted on their day, revenue and reclassifications on the last day of each period. The
balances posted are those of the balance report: what documents and revenue leave in another account than the report
shows is reclassified.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np

from engine.reports.balances import figures
from engine.reports.grouping import NETTING, Grouping
from engine.reports.periods import ONE_DAY, Period, periods
from engine.reports.rollforward import interest_moved
from engine.reports.table import Column, Table
from engine.schedule.flow import Flow
from engine.schedule.kernel import Bools, Ints
from engine.schedule.schedule import Schedule

COLUMNS = (
    Column("date", "date"),
    Column("contract_id"),
    Column("obligation_id"),
    Column("role"),
    Column("account"),
    Column("debit", "money"),
    Column("credit", "money"),
    Column("currency"),
    Column("reporting_debit", "money"),
    Column("reporting_credit", "money"),
    Column("source"),
)
_BALANCES = ("deferred_current", "deferred_noncurrent", "contract_asset", "refund_liability")


@dataclass(frozen=True, slots=True)
class Line:
    """One line: `amount` in whole minor units, debit positive."""

    day: date
    contract: int
    obligation: int | None
    role: str
    amount: int
    source: str


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
        for name, role, wanted in zip(("current", "noncurrent", "asset", "refund"), _BALANCES, target, strict=True):
            yield role, self._move(name, wanted - getattr(self, name))


@dataclass
class _Journal:
    schedule: Schedule
    lines: list[Line] = field(default_factory=list)

    @cached_property
    def _by_contract(self) -> Grouping:
        return Grouping.of(self.schedule, "contract")

    @cached_property
    def _place(self) -> dict[str, int]:
        ids = self.schedule.book.contracts["contract_id"]
        return {ids[row]: n for n, row in enumerate(self.schedule.layout.contracts)}

    def balances(self, day: date) -> Ints:
        """contracts x _BALANCES at the close of `day`; what combined contracts net stands on the first."""
        rows, found = figures(self._by_contract, day, _BALANCES, each_unit=True)
        result = np.zeros((len(self._place), len(_BALANCES)), np.int64)
        contracts = [self._place[key.removesuffix("/" + NETTING)] for key, _ in rows]
        np.add.at(result, contracts, np.array([found[name] for name in _BALANCES]).T)
        return result

    def post(self, span: Period, opening: Ints, closing: Ints) -> None:
        """Post one period."""
        schedule, contract_of = self.schedule, self.schedule.layout.contract
        steps = schedule.steps.where(
            (schedule.steps.day >= span.first.toordinal()) & (schedule.steps.day <= span.last.toordinal())
        )
        earned = schedule.recognized(span.last) - schedule.recognized(span.first - ONE_DAY)
        caught_up = schedule.flow(span.first, span.last, Flow.CATCH_UP)
        interest, income = interest_moved(schedule, span.first, span.last)
        breakage = schedule.flow(span.first, span.last, Flow.BREAKAGE)
        touched = set(np.flatnonzero((opening != closing).any(axis=1)).tolist())
        touched |= set(contract_of[steps.obligation].tolist())
        touched |= set(contract_of[np.flatnonzero((earned != 0) | (interest != 0) | (income != 0))].tolist())
        by_contract: dict[int, list[tuple[int, ...]]] = {}
        for row in zip(*(column.tolist() for column in vars(steps).values()), strict=True):
            by_contract.setdefault(int(contract_of[row[0]]), []).append(row)
        start = np.searchsorted(contract_of, np.arange(len(self._place) + 1))
        for contract in sorted(touched):
            account = _Account(*(int(value) for value in opening[contract]))
            self._documents(contract, account, by_contract.get(contract, []))
            for n in range(start[contract], start[contract + 1]):
                self._interest(account, span.last, contract, n, int(interest[n]), int(income[n]))
                plain = int(earned[n] - caught_up[n] - breakage[n])
                self._recognize(account, span.last, contract, n, "revenue", plain, "recognition")
                self._recognize(account, span.last, contract, n, "breakage", int(breakage[n]), "recognition")
            target = tuple(int(value) for value in closing[contract])
            self._add(span.last, contract, None, account.settle(target), "reclass")

    def _documents(self, contract: int, account: _Account, steps: list[tuple[int, ...]]) -> None:
        """Documents, payments and catch-ups, by day."""
        grouped: dict[tuple[int, int, int], dict[int, int]] = {}
        for obligation, ordinal, kind, amount, source in sorted(steps, key=lambda step: (step[1], step[2], step[4])):
            place = grouped.setdefault((ordinal, source, obligation if source < 0 else -1), {})
            place[kind] = place.get(kind, 0) + amount
        for (on, source, obligation), amounts in grouped.items():
            day = date.fromordinal(on)
            if source >= 0:
                self._document(account, day, contract, amounts, str(self.schedule.book.billings["document_id"][source]))
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
            against = account.credit(amount) if amount > 0 else account.debit(-amount)
            self._add(day, contract, obligation, [("interest", amount)], "interest")
            self._add(day, contract, None, against, "interest")

    def _document(self, account: _Account, day: date, contract: int, amounts: dict[int, int], source: str) -> None:
        tax, cash = amounts.get(Flow.TAX, 0), amounts.get(Flow.CASH, 0)
        for amount in (amounts.get(Flow.BILLINGS, 0), amounts.get(Flow.CREDITS, 0)):
            against = account.credit(amount) if amount > 0 else account.give_back(-amount)
            self._add(day, contract, None, [("receivable", amount), *against], source)
        for role, lost in (
            ("contra_revenue", amounts.get(Flow.CONTRA_REVENUE, 0)), ("bad_debt", amounts.get(Flow.BAD_DEBT, 0)),
        ):  # fmt: skip
            self._add(day, contract, None, [(role, lost), ("receivable", -lost)], source)
        self._add(day, contract, None, [("receivable", tax), ("tax", -tax)], source)
        self._add(day, contract, None, [("cash", cash), ("receivable", -cash)], source)

    def costs(self, span: Period) -> None:
        """Post contract costs: capitalized on their day, amortized and impaired at the end of the period."""
        of, table = self.schedule.costs, self.schedule.book.costs
        if not len(of):
            return
        before, after = of.to_date((span.first - ONE_DAY).toordinal()), of.to_date(span.last.toordinal())
        moved = np.array([now - then for now, then in zip(after, before, strict=True)])
        for n in np.flatnonzero(moved.any(axis=0)).tolist():
            contract, source = int(of.contract[n]), str(table["cost_id"][n])
            capitalized, amortized, impaired = (int(amount) for amount in moved[:, n])
            self._add(
                table["date"][n],
                contract,
                None,
                [("contract_cost", capitalized), ("cost_payable", -capitalized)],
                source,
            )
            for amount, what in ((amortized, "amortization"), (impaired, "impairment")):
                lines = [("cost_expense", amount), ("contract_cost", -amount)]
                self._add(span.last, contract, None, lines, f"{what} {source}")

    def _recognize(
        self, account: _Account, day: date, contract: int, obligation: int, role: str, amount: int, source: str
    ) -> None:
        against = account.debit(amount) if amount > 0 else account.credit(-amount)
        self._add(day, contract, None, against, source)
        self._add(day, contract, obligation, [(role, -amount)], source)

    def _add(
        self, day: date, contract: int, obligation: int | None, lines: Iterable[tuple[str, int]], source: str
    ) -> None:
        self.lines += [Line(day, contract, obligation, role, amount, source) for role, amount in lines if amount]


def journal_lines(schedule: Schedule, first: date, last: date) -> list[Line]:
    """The lines of first..last in order of date, contract and posting."""
    book = _Journal(schedule)
    opening = book.balances(first - ONE_DAY)
    for span in periods(schedule.calendar, first, last):
        closing = book.balances(span.last)
        book.post(span, opening, closing)
        book.costs(span)
        opening = closing
    return sorted(_summed(book.lines), key=lambda line: (line.day, line.contract))


def _summed(lines: list[Line]) -> Iterator[Line]:
    """Lines of one entry (day, contract, source) with the same role and obligation become one."""
    sums: dict[tuple[date, int, int | None, str, str], int] = {}
    for line in lines:
        key = (line.day, line.contract, line.obligation, line.role, line.source)
        sums[key] = sums.get(key, 0) + line.amount
    for (day, contract, obligation, role, source), amount in sums.items():
        if amount:
            yield Line(day, contract, obligation, role, amount, source)


def journal(schedule: Schedule, first: date, last: date, keep: Bools | None = None) -> Table:
    """Journal entries of first..last with the accounts of the book.

    keep  obligations the report is about: entries of contracts none of which is kept are left out; default all
    """
    wanted = None if keep is None else set(schedule.layout.contract[keep].tolist())
    accounts = _Accounts(schedule)
    contracts, obligations = schedule.book.contracts, schedule.book.obligations
    rows = []
    for line in journal_lines(schedule, first, last):
        if wanted is not None and line.contract not in wanted:
            continue
        contract = schedule.layout.contracts[line.contract]
        currency = contracts["currency"][contract]
        own = (
            obligations["obligation_id"][schedule.layout.obligations[line.obligation]]
            if line.obligation is not None
            else ""
        )
        debit, credit = max(line.amount, 0) or None, max(-line.amount, 0) or None
        reporting = currency == schedule.book.settings.reporting_currency
        rows.append(
            [
                line.day,
                contracts["contract_id"][contract],
                own,
                line.role,
                accounts.account(line),
                debit,
                credit,
                currency,
                debit if reporting else None,
                credit if reporting else None,
                line.source,
            ]
        )
    return Table(COLUMNS, rows)


class _Accounts:
    """The user's account of a line: of the obligation if it has one, else of the role."""

    def __init__(self, schedule: Schedule) -> None:
        table = schedule.book.accounts
        self._of_role = dict(zip(table["role"], table["account"], strict=True))
        self._revenue = schedule.obligation_column("revenue_account")
        deferred: dict[int, set[object]] = {}
        for contract, account in zip(
            schedule.layout.contract, schedule.obligation_column("deferred_account"), strict=True
        ):
            deferred.setdefault(int(contract), set()).add(account)
        self._deferred = {contract: next(iter(own)) for contract, own in deferred.items() if len(own) == 1}

    def account(self, line: Line) -> str:
        own: object = None
        if line.role == "revenue" and line.obligation is not None:
            own = self._revenue[line.obligation]
        elif line.role in ("deferred_current", "deferred_noncurrent"):
            own = self._deferred.get(line.contract)
        return str(own or self._of_role.get(line.role, ""))
