"""Layout: where each row of a book lies in its schedule - contracts with combined ones together, obligations in table
order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from functools import cached_property

import numpy as np

from engine.book.book import Book
from engine.book.currencies import DECIMALS
from engine.book.tables import Billing, Estimate, Event, Opening
from engine.schedule.calendar import Calendar, calendar
from engine.schedule.kernel import Ints


def days(column: Sequence[date | None], missing: int = 0) -> Ints:
    """Ordinals of dates, `missing` for blanks."""
    return np.fromiter((day.toordinal() if day else missing for day in column), np.int64, len(column))


class Layout:
    """The order of a schedule over the rows of its book. "Place" is a place in that order, "row" a row of a table.

    contracts    row in Contracts of each contract
    obligations  row in Obligations of each obligation
    contract     contract of each obligation
    begin        first obligation of each contract, and one more
    group        group of each contract: the row of the first contract it is combined with, directly or through others
    cut_over     day on which each contract was taken over from a former system, 0 if it was not
    signed       day from which each contract counts: that of signing, or of cut-over
    """

    def __init__(self, book: Book) -> None:
        self.book, settings = book, book.settings
        self.calendar: Calendar = calendar(settings.calendar, settings.fiscal_year_start, settings.week_start)
        ids, owners = book.contracts["contract_id"], book.obligations["contract_id"]
        root = _groups(ids, book.contracts["combined_with"])
        ordered = sorted(range(len(ids)), key=lambda row: (root[row], row))
        self.place_of = {ids[row]: n for n, row in enumerate(ordered)}
        owner = np.fromiter((self.place_of[contract_id] for contract_id in owners), np.int64, len(owners))
        self.obligations: Ints = np.argsort(owner, kind="stable")
        self.contract: Ints = owner[self.obligations]
        self.contracts = np.array(ordered, np.int64)
        self.begin: Ints = np.searchsorted(self.contract, np.arange(len(ordered) + 1))
        self.group = np.array([root[row] for row in ordered], np.int64)
        self.cut_over: Ints = np.zeros(len(ordered), np.int64)
        for contract_id, day in zip(book.openings["contract_id"], book.openings["cut_over"], strict=True):
            self.cut_over[self.place_of[contract_id]] = day.toordinal()
        self.signed: Ints = np.where(
            self.cut_over > 0, self.cut_over, days(book.contracts["signed_on"])[self.contracts]
        )

    def members(self, contract: int) -> range:
        """Obligations of a contract."""
        return range(int(self.begin[contract]), int(self.begin[contract + 1]))

    def contract_id(self, contract: int) -> str:
        return str(self.book.contracts["contract_id"][self.contracts[contract]])

    def decimals(self, contract: int) -> int:
        return DECIMALS[self.book.contracts["currency"][self.contracts[contract]]]

    @cached_property
    def groups(self) -> list[list[int]]:
        """Contracts of each group, in order."""
        found: dict[int, list[int]] = defaultdict(list)
        for contract, group in enumerate(self.group.tolist()):
            found[group].append(contract)
        return list(found.values())

    @cached_property
    def events(self) -> dict[int, list[Event]]:
        """Events by contract."""
        found: dict[int, list[Event]] = defaultdict(list)
        for event in self.book.events.records():
            found[self.place_of[event.contract_id]].append(event)
        return found

    @cached_property
    def estimates(self) -> dict[int, list[Estimate]]:
        """Estimates by contract."""
        found: dict[int, list[Estimate]] = defaultdict(list)
        for estimate in self.book.estimates.records():
            found[self.place_of[estimate.contract_id]].append(estimate)
        return found

    @cached_property
    def documents(self) -> dict[int, list[tuple[int, Billing]]]:
        """(row, record) of Billings by contract."""
        found: dict[int, list[tuple[int, Billing]]] = defaultdict(list)
        for row, record in enumerate(self.book.billings.records()):
            found[self.place_of[record.contract_id]].append((row, record))
        return found

    @cached_property
    def openings(self) -> dict[int, tuple[int, Opening]]:
        """(row, record) of Openings by obligation."""
        return {
            self.obligation_of[record.contract_id, record.obligation_id]: (row, record)
            for row, record in enumerate(self.book.openings.records())
        }

    def covered(self, contract: int, record: Billing) -> Sequence[int]:
        """Obligations that a document covers: the one it names, else all of its contract."""
        if record.obligation_id is None:
            return self.members(contract)
        return [self.obligation_of[record.contract_id, record.obligation_id]]

    @cached_property
    def obligation_of(self) -> dict[tuple[str, str], int]:
        """Place of each (contract_id, obligation_id)."""
        contracts, names = self.book.obligations["contract_id"], self.book.obligations["obligation_id"]
        return {(contracts[row], names[row]): place for place, row in enumerate(self.obligations.tolist())}


def _groups(ids: Sequence[str], combined_with: Sequence[str | None]) -> list[int]:
    """For each contract row the first row of its group."""
    row_of = {contract_id: row for row, contract_id in enumerate(ids)}
    root = list(range(len(ids)))

    def find(row: int) -> int:
        while root[row] != row:
            root[row] = root[root[row]]
            row = root[row]
        return row

    for row, other in enumerate(combined_with):
        if other is not None:
            a, b = find(row), find(row_of[other])
            root[max(a, b)] = min(a, b)
    return [find(row) for row in range(len(ids))]
