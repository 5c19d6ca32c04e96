"""Disclosure: the figures of contract balances, revenue and remaining obligations that the notes ask for, each with the
paragraph it answers. The notes themselves are the preparer's.

Source: ASC 606-10-50-8 to 50-15; IFRS 15.116 to 122.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np

from engine.reports.balances import figures
from engine.reports.grouping import NETTING, Grouping
from engine.reports.periods import ONE_DAY
from engine.reports.role_balances import posted_to, role_balances
from engine.reports.rpo import BANDS, rpo
from engine.reports.selecting import Selection
from engine.reports.standing import PRIOR, standing_revenue, standing_rollforward
from engine.reports.table import Column, Table
from engine.schedule.currency import Currency
from engine.schedule.flow import Flow
from engine.schedule.history import History
from engine.schedule.kernel import Ints
from engine.schedule.positions import released
from engine.schedule.schedule import Schedule

COLUMNS = (Column("paragraph"), Column("figure"), Column("currency"), Column("amount", "money"))
Sums = dict[str, int]
_BALANCES = (
    ("receivable", "Receivables", "606-10-50-8(a)"),
    ("contract_asset", "Contract assets", "606-10-50-8(a)"),
    ("deferred", "Contract liabilities (deferred revenue)", "606-10-50-8(a)"),
    ("refund_liability", "Refund liabilities", "606-10-50-8(a)"),
)
#: column of the RPO report -> what is left out of the disclosed figure, and why that may be
_EXEMPTIONS = {
    "not_enforceable": ("Backlog that is not enforceable, left out", "606-10-50-13"),
    "right_to_invoice": ("Exempt: revenue recognized as invoiced", "606-10-50-14(b)"),
    "royalty": ("Exempt: sales- or usage-based royalties", "606-10-50-14A(a)"),
    "short_contracts": ("Exempt: original duration of one year or less", "606-10-50-14(a)"),
}


#: column of the roll-forward -> in words
_MOVEMENTS = {
    "opening_position": "Contracts taken over", "billings": "Billings", "recognized": "Revenue",
    "breakage": "Breakage", "credits": "Credits", "interest": "Interest",
    "reclass": "To and from contract assets and refund liabilities", "fx": "Exchange differences",
}  # fmt: skip


def disclosure(history: History, first: date, last: date, asked: Currency = "contract") -> Table:
    """Figures of first..last, the last day of a period; closed periods as they were reported.

    asked   contract: currency by currency; reporting: all contracts in one. Estimates are translated at the rate of
            the day they are in force, what was caught up in proportion to the revenue of its days
    raises  BookRefused where a rate is missing, in reporting currency
    """
    found: list[tuple[str, str, Sums]] = list(_told(history, first, last, asked))
    currencies = dict.fromkeys(currency for _, _, sums in found for currency in sums)
    rows = [
        [paragraph, what, currency, sums.get(currency, 0)] for currency in currencies for paragraph, what, sums in found
    ]
    return Table(COLUMNS, rows)


def _told(history: History, first: date, last: date, asked: Currency) -> Iterator[tuple[str, str, Sums]]:
    eve, which = first - ONE_DAY, Selection(currency=asked)
    opening, closing = history.at(eve), history.at(last)
    then, now = _balance_sheet(opening, eve, asked), _balance_sheet(closing, last, asked)
    for name, what, paragraph in _BALANCES:
        yield paragraph, f"{what}, opening", then[name]
        yield paragraph, f"{what}, closing", now[name]
    yield (
        "606-10-50-8(b)",
        "Revenue recognized that was in contract liabilities at the opening",
        _from_opening(history, first, last, asked),
    )
    caught_up: Sums = defaultdict(int)
    for part in history.stretches(first, last):
        moved_by = part.schedule.flow(part.first, part.last, Flow.CATCH_UP)
        total = Grouping.of(part.schedule, "total", None, asked)
        _sum(caught_up, total, total.valuation.part_of_revenue(part.first, part.last, moved_by))
    yield "606-10-50-10(b), 50-12A", "Revenue caught up for service before the row that moved it", caught_up
    prior: Sums = defaultdict(int)
    revenue = standing_revenue(history, first, last, "total", which)
    if PRIOR in revenue.names:
        for row in revenue.rows:
            prior[row[1]] += row[revenue.names.index(PRIOR)]
    yield "606-10-50-12A", "Revenue from changes to rows of closed periods (prior_period)", prior
    moved = standing_rollforward(history, first, last, "deferred", which)
    shown = [name for name in _MOVEMENTS if name in moved.names and (name != "fx" or asked == "reporting")]
    for name, what in ((name, _MOVEMENTS[name]) for name in shown):
        sums: Sums = defaultdict(int)
        for row in moved.rows:
            sums[row[1]] += row[moved.names.index(name)]
        yield "606-10-50-8, 50-10", f"{what}, as it moved contract liabilities", sums
    for label, schedule, day in (("opening", opening, eve), ("closing", closing, last)):
        yield (
            "606-10-50-10(b), 50-20",
            f"Estimates of variable consideration in force, {label}",
            _estimated(schedule, day, asked),
        )
    yield from _remaining(closing, last, asked)


def _balance_sheet(schedule: Schedule, day: date, asked: Currency) -> dict[str, Sums]:
    """Balances by role and currency, each positive on its own side."""
    total = Grouping.of(schedule, "total", None, asked)
    rows, found = figures(total, day, ("contract_asset", "deferred", "refund_liability"))
    sums: dict[str, Sums] = {name: defaultdict(int) for name in (*found, "receivable")}
    for name, column in found.items():
        for (_, currency), amount in zip(rows, column.tolist(), strict=True):
            sums[name][currency] += amount
    if asked == "reporting":
        for (_, _, role, _, _), posted in posted_to(schedule, day, None, asked, None).items():
            if role == "receivable":
                sums[role][schedule.book.settings.reporting_currency] += posted.worth or 0
        return sums
    for (_, _, role, _, currency), amount in role_balances(schedule, day).items():
        if role == "receivable":
            sums[role][currency] += amount
    return sums


def _from_opening(history: History, first: date, last: date, asked: Currency) -> Sums:
    """Of each netting unit the smaller of its opening contract liability and its revenue since."""
    eve = first - ONE_DAY
    opening = history.at(eve)
    by = "obligation" if opening.book.settings.netting == "obligation" else "contract"
    first_of = _first_of_group(history.at(last)) if by == "contract" else {}
    rows, found = figures(Grouping.of(opening, by, None, asked), eve, ("deferred",), each_unit=True)
    units: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for (key, currency), amount in zip(rows, found["deferred"].tolist(), strict=True):
        contract = key.removesuffix("/" + NETTING)
        units[first_of.get(contract, contract), currency][0] += amount
    for key, currency, *_, total in standing_revenue(history, first, last, by, Selection(currency=asked)).rows:
        units[first_of.get(key, key), currency][1] += total
    columns = np.array(list(units.values()), np.int64).reshape(-1, 2).T
    sums: Sums = defaultdict(int)
    for (_, currency), amount in zip(units, released(*columns).tolist(), strict=True):
        sums[currency] += amount
    return sums


def _first_of_group(schedule: Schedule) -> dict[str, str]:
    """The contract under which combined ones net, by each of them."""
    layout = schedule.layout
    groups = ([layout.contract_id(contract) for contract in group] for group in layout.groups)
    return {contract: group[0] for group in groups for contract in group}


def _estimated(schedule: Schedule, day: date, asked: Currency) -> Sums:
    """The latest amount of each contract, obligation and kind."""
    rows, latest = schedule.book.estimates, dict[tuple[Any, ...], tuple[date, int]]()
    keys = zip(rows["contract_id"], rows["obligation_id"], rows["kind"], strict=True)
    for key, on, amount in zip(keys, rows["date"], rows["amount"], strict=True):
        if on <= day and latest.get(key, (date.min, 0))[0] <= on:
            latest[key] = on, amount
    by_obligation = np.zeros(schedule.count, np.int64)
    for (contract, *_), (_, amount) in latest.items():
        of_contract = schedule.layout.members(schedule.layout.place_of[contract])
        by_obligation[of_contract[0]] += amount
    total, every = Grouping.of(schedule, "total", None, asked), np.arange(schedule.count)
    sums: Sums = defaultdict(int)
    days = np.full(schedule.count, day.toordinal())
    _sum(sums, total, total.valuation.at_rate_of(days, every, by_obligation))
    return sums


def _remaining(schedule: Schedule, day: date, asked: Currency) -> Iterator[tuple[str, str, Sums]]:
    table = rpo(schedule, day, None, asked)

    def column(name: str) -> Sums:
        return {row[1]: row[table.names.index(name)] for row in table.rows}

    yield "606-10-50-13(a)", "Backlog: transaction price not yet recognized", column("backlog")
    for name, (what, paragraph) in _EXEMPTIONS.items():
        yield paragraph, what, column(name)
    yield "606-10-50-13(a)", "Remaining performance obligations, disclosed", column("rpo")
    for name in BANDS:
        words = {"thereafter": "after 36 months", "undated": "without a date"}.get(name, f"in {name} months")
        yield "606-10-50-13(b)", f"Remaining performance obligations expected {words}", column(name)


def _sum(sums: Sums, total: Grouping, of_obligations: Ints) -> None:
    for (_, currency), amount in zip(total.keys, total.added(of_obligations).tolist(), strict=True):
        sums[currency] += amount
