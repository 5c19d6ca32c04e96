"""Evidence: what every check looks at - a schedule at a day, with the rows that may explain its figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np

from engine.book.book import Rows
from engine.book.currencies import DECIMALS
from engine.book.draft import money
from engine.book.tables import CHANGES, LedgerBalance
from engine.book.trial_balance import TrialBalance
from engine.reports.checks.documents import INVOICE, Documents
from engine.reports.checks.movers import Mover, movers
from engine.reports.checks.service import Service, services
from engine.reports.periods import Period, fiscal_year_to, period_of, periods
from engine.reports.rollforward import rollforward
from engine.reports.table import Table
from engine.schedule.kernel import Bools, Ints
from engine.schedule.layout import days
from engine.schedule.positions import Position, added, positions
from engine.schedule.schedule import Schedule

#: order of events within a day (docs/rules.md)
_ORDER = ("estimate", *CHANGES, "cancel", "activate", "resume", "release", "", "expire", "pause", "hold")
_RANK = {kind: rank for rank, kind in enumerate(_ORDER)}
_WORK = _RANK[""]


class Evidence:
    """A schedule at `as_of`. Contracts and obligations are named by their places in its layout.

    trial_balance  what the general ledger says, in place of the table Ledger
    """

    def __init__(self, schedule: Schedule, as_of: date, trial_balance: TrialBalance | None = None) -> None:
        self.schedule, self.as_of, self.book, self.layout = schedule, as_of, schedule.book, schedule.layout
        self.day, self.trial_balance = as_of.toordinal(), trial_balance

    @property
    def ledger(self) -> Rows[LedgerBalance]:
        """Balances of the general ledger."""
        return self.book.ledger if self.trial_balance is None else self.trial_balance.rows

    # -- periods ---------------------------------------------------------------------------------------------

    @cached_property
    def year_to_date(self) -> list[Period]:
        """The periods of the fiscal year up to `as_of`."""
        calendar = self.schedule.calendar
        return periods(calendar, fiscal_year_to(calendar, self.as_of).first, self.as_of)

    @cached_property
    def last_period(self) -> Period:
        """The period of `as_of`, up to it."""
        return self.periods_back(1)[0]

    def periods_back(self, count: int) -> list[Period]:
        """The last `count` periods, that of `as_of` up to it included."""
        calendar = self.schedule.calendar
        first = calendar.period(period_of(calendar, self.as_of).first.toordinal()) - count + 1
        return periods(calendar, date.fromordinal(calendar.start(max(first, 0))), self.as_of)

    def revenue_of(self, span: Period) -> Ints:
        """Revenue of each obligation in a period."""
        return self.schedule.revenue(span.first, span.last)

    # -- figures at as_of ------------------------------------------------------------------------------------

    @cached_property
    def contracted(self) -> Ints:
        return self.schedule.contracted(self.as_of)

    @cached_property
    def recognized(self) -> Ints:
        return self.schedule.recognized(self.as_of)

    @cached_property
    def billed(self) -> Ints:
        return self.schedule.billed(self.as_of)

    @cached_property
    def unit(self) -> Ints:
        """Netting unit of each obligation."""
        return self.schedule.unit(self.as_of)

    @cached_property
    def first_of_unit(self) -> Ints:
        """First obligation of each netting unit."""
        return np.searchsorted(self.unit, np.arange(int(self.unit.max(initial=-1)) + 1))

    @cached_property
    def contract_of_unit(self) -> Ints:
        """First contract of each netting unit."""
        contracts: Ints = self.layout.contract[self.first_of_unit]
        return contracts

    @cached_property
    def positions(self) -> tuple[Position, Position]:
        """Balances of netting units, and of obligations each on its own."""
        return positions(self.schedule, self.as_of)

    @cached_property
    def revenue_last_period(self) -> Ints:
        return self.revenue_of(self.last_period)

    @cached_property
    def rollforwards(self) -> dict[str, Table]:
        """Both roll-forwards of the fiscal year to date."""
        first = self.year_to_date[0].first
        return {
            "deferred": rollforward(self.schedule, first, self.as_of, "deferred"),
            "backlog": rollforward(self.schedule, first, self.as_of, "backlog"),
        }

    @cached_property
    def services(self) -> Service:
        """First and last day of service of each obligation."""
        return services(self.schedule, self.as_of)

    @cached_property
    def methods(self) -> Sequence[str]:
        """Method of each obligation."""
        return self.schedule.obligation_column("method")

    def has_method(self, *words: str) -> Bools:
        """Which obligations are recognized by one of some methods."""
        return np.fromiter((word in words for word in self.methods), bool, len(self.methods))

    @cached_property
    def currencies(self) -> list[str]:
        """Every currency of the book."""
        return list(dict.fromkeys(self.book.contracts["currency"]))

    @cached_property
    def currency_of(self) -> Ints:
        """Currency of each contract, as a place in `currencies`."""
        number = {currency: n for n, currency in enumerate(self.currencies)}
        column = self.book.contracts["currency"]
        return np.fromiter((number[column[row]] for row in self.layout.contracts.tolist()), np.int64, len(column))

    def by_currency(self, figures: Ints, contracts: Ints) -> list[int]:
        """A column of amounts of some contracts added up by currency, in the order of `currencies`."""
        sums: list[int] = added(figures, self.currency_of[contracts], len(self.currencies)).tolist()
        return sums

    # -- how things are called -------------------------------------------------------------------------------

    def contract(self, contract: int, column: str) -> Any:
        """A cell of a contract."""
        return self.book.contracts[column][self.layout.contracts[contract]]

    def obligation(self, place: int, column: str) -> Any:
        """A cell of an obligation."""
        return self.book.obligations[column][self.layout.obligations[place]]

    def contract_of(self, place: int) -> int:
        return int(self.layout.contract[place])

    def name(self, place: int) -> str:
        """`C1/plan`."""
        return f"{self.layout.contract_id(self.contract_of(place))}/{self.obligation(place, 'obligation_id')}"

    def contract_name(self, contract: int) -> str:
        """`C1  Northwind Ltd`."""
        return f"{self.layout.contract_id(contract)}  {self.contract(contract, 'customer')}"

    def at_contract(self, contract: int, column: str) -> str:
        """Address of a cell of a contract."""
        return self.book.contracts.where(int(self.layout.contracts[contract]), column)

    def at_obligation(self, place: int, column: str) -> str:
        """Address of a cell of an obligation."""
        return self.book.obligations.where(int(self.layout.obligations[place]), column)

    def amount(self, minor: Any, contract: int) -> str:
        """An amount of a contract in words: `12,000.00 USD`."""
        return in_words(int(minor), self.contract(contract, "currency"))

    def total(self, figures: Ints, contracts: Ints) -> str:
        """A column of amounts of some contracts added up by currency, in words."""
        sums = zip(self.by_currency(figures, contracts), self.currencies, strict=True)
        return " and ".join(in_words(minor, currency) for minor, currency in sums if minor) or "nothing"

    # -- rows that explain -----------------------------------------------------------------------------------

    @cached_property
    def documents(self) -> Documents:
        return Documents(self.layout)

    @cached_property
    def invoiced(self) -> Bools:
        """Obligations that an invoice covers by `as_of`; all of them, if revenue does not wait for one.

        A document without an obligation covers those that were part of the contract on its day.
        """
        if self.book.settings.early_service != "catch_up":
            return np.ones(self.schedule.count, bool)
        documents, layout = self.documents, self.layout
        sent = (documents.kind == INVOICE) & (documents.day <= self.day)
        of_contract = np.full(len(layout.contracts), -1, np.int64)
        whole = sent & (documents.obligation < 0)
        np.maximum.at(of_contract, documents.contract[whole], documents.day[whole])
        signed = layout.signed[layout.contract]
        added = np.maximum(days(self.schedule.obligation_column("added_on")), signed)
        latest = np.maximum(of_contract[layout.contract], np.where(of_contract[layout.contract] < 0, -1, signed))
        result: Bools = latest >= added
        result[documents.obligation[sent & (documents.obligation >= 0)]] = True
        return result

    @cached_property
    def events(self) -> dict[int, list[int]]:
        """Rows of Events by contract as far as they are dated by `as_of`, in the order they take effect."""
        result: dict[int, list[int]] = defaultdict(list)
        events = self.book.events
        for row, contract in enumerate(events["contract_id"]):
            if events["date"][row] <= self.as_of:
                result[self.layout.place_of[contract]].append(row)

        def effect(row: int) -> tuple[date, int, str]:
            return events["date"][row], _RANK.get(events["type"][row], _WORK), events["event_id"][row]

        return {contract: sorted(rows, key=effect) for contract, rows in result.items()}

    def events_of(self, place: int, *types: str) -> Iterator[int]:
        """Rows of Events of some types that name the obligation, or none, in the order they take effect."""
        events, own = self.book.events, self.obligation(place, "obligation_id")
        for row in self.events.get(self.contract_of(place), ()):
            if events["type"][row] in types and events["obligation_id"][row] in (None, own):
                yield row

    @cached_property
    def movers(self) -> dict[int, list[Mover]]:
        """The rows that move the price or the terms of each contract, whatever their day, in order of their days."""
        return movers(self.layout)


def in_words(minor: int, currency: str) -> str:
    """`12,000.00 USD`."""
    return f"{money(minor, DECIMALS[currency])} {currency}"


def counted(number: int, noun: str) -> str:
    """`1 contract`, `1,234 contracts`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
