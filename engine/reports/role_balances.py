"""Balances by role: what the journal has posted to each account to date, contract by contract.

In contract currency what the journal has moved by a day follows from the figures of that day alone, and is worked out
at once. What it was worth in reporting currency depends on the rates of every period on the way: contracts in foreign
currency are posted again from their first day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container
from datetime import date
from typing import NamedTuple

import numpy as np

from engine.book.problems import BookRefused
from engine.reports.entries import Entries
from engine.reports.journal import Accounts, Line, journal_lines
from engine.schedule.currency import Currency, is_foreign, valuation
from engine.schedule.flow import Flow
from engine.schedule.kernel import Bools, Ints
from engine.schedule.positions import added
from engine.schedule.schedule import Schedule

#: (contract_id, obligation_id, role, account, currency)
Key = tuple[str, str, str, str, str]
_SIGNS = {"deferred_current": -1, "deferred_noncurrent": -1, "contract_asset": 1, "refund_liability": -1}


class Posted(NamedTuple):
    """Debits less credits in whole minor units: `amount` in the currency of the key, `worth` in the one the entity
    reports in, None where it is not known."""

    amount: int
    worth: int | None


def role_balances(schedule: Schedule, day: date, keep: Bools | None = None) -> dict[Key, int]:
    """Debits less credits posted to the close of `day`, whole minor units; nothing that comes to zero.

    keep  obligations it is about: contracts none of which is kept are left out; default all
    """
    name = _Namer(schedule)
    wanted = None if keep is None else set(schedule.layout.contract[keep].tolist())
    sums: dict[Key, int] = defaultdict(int)
    for role, column in _of_contracts(schedule, day).items():
        for contract in np.flatnonzero(column).tolist():
            if wanted is None or contract in wanted:
                sums[name(contract, None, role)] += int(column[contract])
    owner = schedule.layout.contract
    for role, column in _of_obligations(schedule, day).items():
        for place in np.flatnonzero(column).tolist():
            if wanted is None or int(owner[place]) in wanted:
                sums[name(int(owner[place]), place, role)] += int(column[place])
    return {key: amount for key, amount in sums.items() if amount}


def posted_to(
    schedule: Schedule, day: date, keep: Bools | None, currency: Currency, only: Container[str] | None
) -> dict[Key, Posted]:
    """What the journal has posted to the close of `day`, the last of a period, in both currencies.

    keep      as `role_balances` has it
    currency  contract: what cannot be translated has no worth
    only      ids of contracts that it is worked out for, all those of a group together; default all
    raises    BookRefused where a rate is missing, in reporting currency
    """
    reporting, layout = schedule.book.settings.reporting_currency, schedule.layout
    balances = {
        key: Posted(amount, amount if key[-1] == reporting else None)
        for key, amount in role_balances(schedule, day, keep).items()
        if only is None or key[0] in only
    }
    if not is_foreign(schedule):
        return balances
    currencies = schedule.book.contracts["currency"]
    foreign = {
        n for n, row in enumerate(layout.contracts.tolist())
        if currencies[row] != reporting and (only is None or layout.contract_id(n) in only)
    }  # fmt: skip
    if not foreign:
        return balances
    wanted = foreign if keep is None else foreign & set(layout.contract[keep].tolist())
    try:
        lines = journal_lines(schedule, _first_day(schedule), day, in_reporting=True, only=foreign)
    except BookRefused:
        if currency == "reporting":
            raise
        return balances
    name, sums = _Namer(schedule), dict[Key, tuple[int, int]]()
    for line in lines:
        if line.contract in wanted:
            key = name(line.contract, line.obligation, line.role)
            key = (*key[:-1], reporting) if line.fx else key
            amount, worth = sums.get(key, (0, 0))
            sums[key] = amount + line.amount, worth + (line.worth or 0)
    home = {key: posted for key, posted in balances.items() if key[-1] == reporting}
    return home | {key: Posted(*posted) for key, posted in sums.items() if any(posted)}


def _first_day(schedule: Schedule) -> date:
    """The first day that anything is posted for."""
    of_costs = np.array([day.toordinal() for day in schedule.book.costs["date"]], np.int64)
    days = np.concatenate([schedule.layout.signed, schedule.steps.day, of_costs])
    return date.fromordinal(int(days.min()))


class _Namer:
    """Ids, account and currency of a line."""

    def __init__(self, schedule: Schedule) -> None:
        self._accounts = Accounts(schedule)
        self._contracts, self._rows = schedule.book.contracts, schedule.layout.contracts
        self._obligations = schedule.obligation_column("obligation_id")

    def __call__(self, contract: int, obligation: int | None, role: str) -> Key:
        row = self._rows[contract]
        account = self._accounts.account(Line(date.min, contract, obligation, role, 0, ""))
        own = "" if obligation is None else str(self._obligations[obligation])
        return self._contracts["contract_id"][row], own, role, account, self._contracts["currency"][row]


def _of_contracts(schedule: Schedule, day: date) -> dict[str, Ints]:
    """Debits of each contract of the roles that no obligation is named for."""
    owner, count = schedule.layout.contract, len(schedule.layout.contracts)

    def total(column: Ints) -> Ints:
        return added(column, owner, count)

    entries = Entries(schedule, (valuation(schedule),))
    begun = entries.taken_over(date.min, day)
    balances = (entries.balances(day) - begun).T
    found = {role: sign * column for (role, sign), column in zip(_SIGNS.items(), balances, strict=True)}
    tax, cash = (total(schedule.flow(date.min, day, kind)) for kind in (Flow.TAX, Flow.CASH))
    contra, bad_debt = (total(_lost(schedule, day, kind)) for kind in (Flow.CONTRA_REVENUE, Flow.BAD_DEBT))
    documents = total(schedule.flow(date.min, day, Flow.BILLINGS, Flow.CREDITS))
    found |= {"receivable": documents + tax - cash - contra - bad_debt, "cash": cash, "tax": -tax}
    found |= {"contra_revenue": contra, "bad_debt": bad_debt}
    if len(schedule.costs):
        capitalized, amortized, impaired = (
            added(np.asarray(column), schedule.costs.contract, count)
            for column in schedule.costs.to_date(day.toordinal())
        )
        expense = amortized + impaired
        found |= {"contract_cost": capitalized - expense, "cost_payable": -capitalized, "cost_expense": expense}
    return found


def _of_obligations(schedule: Schedule, day: date) -> dict[str, Ints]:
    """Debits of each obligation of the roles of income."""
    breakage = schedule.flow(date.min, day, Flow.BREAKAGE)
    undone = schedule.flow(date.min, day, Flow.CONTRA_REVENUE) - _lost(schedule, day, Flow.CONTRA_REVENUE)
    interest, income = schedule.interest_moved(date(1900, 1, 2), day)
    return {
        "revenue": breakage - schedule.recognized(day) + schedule.taken_over(day) - undone,
        "breakage": -breakage,
        "contra_revenue": undone,
        "interest": interest - income,
    }


def _lost(schedule: Schedule, day: date, kind: Flow) -> Ints:
    """What notes took of earned amounts; what a full refund undoes has no document."""
    steps = schedule.steps
    keep = (steps.kind == kind) & (steps.source >= 0) & (steps.day <= day.toordinal())
    return added(steps.amount[keep], steps.obligation[keep], schedule.count)
