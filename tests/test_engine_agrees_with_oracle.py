"""Random books give the figures of the oracle, to the minor unit: every report, by every key, at any day, also as known
at a day: what was recorded later is taken out of the oracle's book by hand.

`pytest -m thorough` runs many more books than the default.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from engine.book.currencies import DECIMALS
from engine.book.reading import book_from_rows
from engine.reports.balances import balances
from engine.reports.costs import costs
from engine.reports.grouping import BLANK
from engine.reports.journal import journal
from engine.reports.revenue import revenue
from engine.reports.rollforward import rollforward
from engine.reports.rpo import rpo
from engine.reports.table import Table
from engine.reports.waterfall import waterfall
from engine.schedule.compile import compile_book
from engine.schedule.flow import Flow
from engine.schedule.schedule import Schedule

from .oracle.oracle import Oracle
from .oracle.random_books import dates_of, random_book
from .oracle.random_openings import with_openings
from .oracle.random_records import recorded_late, without_later
from .oracle.random_scope import SCOPES

DAYS_EACH = 4
#: books of each scope by default, and in a thorough run
FEW, MANY = 3, 40
BOOKS = [(name, seed) for name in SCOPES for seed in range(3 * FEW if name == "plain" else FEW)]
MANY_BOOKS = [(name, 1000 + seed) for name in SCOPES for seed in range(MANY)]


class Agreement:
    """One random book, asked of both."""

    def __init__(
        self, scope: str, seed: int, today: date, known_at: date | None = None, taken_over: bool = False
    ) -> None:
        self.book = random_book(seed, SCOPES[scope])
        if taken_over:
            self.book = with_openings(self.book, random.Random(f"openings {scope} {seed}"))
        known = self.book
        if known_at is not None:
            self.book = recorded_late(self.book, random.Random(f"{scope} {seed}"))
            known = without_later(self.book, known_at)
        self.oracle = Oracle(known, today)
        self.schedule: Schedule = compile_book(book_from_rows(self.book, today, known_at))
        days = sorted(dates_of(self.book))
        self.days = sorted(random.Random(seed).sample(days, min(len(days), DAYS_EACH)))
        self.differences: list[str] = []
        self.compared = 0

    def compare(self, what: str, ours: Table, theirs: Mapping[str, Mapping[str, Any]]) -> None:
        """Every figure of the oracle against ours; a row that is missing here or there reads as zeros."""
        found = _by_key(ours, theirs)
        for key in {*found, *theirs}:
            wanted = {name: value for name, value in theirs.get(key, {}).items() if isinstance(value, Decimal)}
            for name in wanted or found[key]:
                self.compared += 1
                mine, other = found.get(key, {}).get(name, Decimal(0)), wanted.get(name, Decimal(0))
                if mine != other:
                    self.differences.append(f"{what} {key} {name}: {mine}, the oracle says {other}")

    def everything(self) -> None:
        for day in self.days:
            for by in ("contract", "obligation", "total", "product", "segment"):
                self.compare(f"balances {day} by {by}", balances(self.schedule, day, by), self.oracle.balances(day, by))
            for by in ("contract", "cohort"):
                for measure in ("recognized", "balance"):
                    ours = waterfall(self.schedule, day, 7, by, measure)  # type: ignore[arg-type]
                    self.compare(f"waterfall {day} {measure}", ours, self.oracle.waterfall(day, 7, by, measure))
            self.compare(f"rpo {day}", _first(rpo(self.schedule, day), "currency"), self.oracle.rpo(day))
            calendar = self.schedule.calendar
            label = calendar.label(calendar.period(day.toordinal()))
            span = calendar.span(label)
            for of in ("deferred", "backlog"):
                ours = rollforward(self.schedule, span.first, span.last, of)  # type: ignore[arg-type]
                self.compare(
                    f"rollforward of {of} {label}", _first(ours, "currency"), self.oracle.rollforward(label, of)
                )
            self.compare(
                f"revenue {label}",
                revenue(self.schedule, span.first, span.last, "obligation"),
                self.oracle.revenue([label], "obligation"),
            )
            self.catch_up(label, *span)
            self.compare(f"costs {label}", costs(self.schedule, span.first, span.last), self.oracle.costs(*span))
            self.journal(label, *span)

    def catch_up(self, label: str, first: date, last: date) -> None:
        """Revenue of service before the day of the row that moved it."""
        schedule, theirs = self.schedule, self.oracle.catch_up(first, last, "obligation")
        currency = dict(zip(schedule.book.contracts["contract_id"], schedule.book.contracts["currency"], strict=True))
        names = zip(*(schedule.obligation_column(name) for name in ("contract_id", "obligation_id")), strict=True)
        for (contract, own), moved in zip(names, schedule.flow(first, last, Flow.CATCH_UP).tolist(), strict=True):
            self.compared += 1
            mine = Decimal(moved) / 10 ** DECIMALS[currency[contract]]
            other = theirs.get(f"{contract}/{own}", Decimal(0))
            if mine != other:
                self.differences.append(f"catch-up {label} {contract}/{own}: {mine}, the oracle says {other}")

    def journal(self, label: str, first: date, last: date) -> None:
        """What moved on each role, combined contracts under the first."""
        book, layout = self.schedule.book, self.schedule.layout
        ids = book.contracts["contract_id"]
        first_of = {ids[row]: ids[layout.group[n]] for n, row in enumerate(layout.contracts.tolist())}
        found: dict[tuple[str, str], Decimal] = {}
        for line in journal(self.schedule, first, last).rows:
            key = first_of[str(line[1])], str(line[3])
            amount = Decimal((line[5] or 0) - (line[6] or 0)) / 10 ** DECIMALS[str(line[7])]
            found[key] = found.get(key, Decimal(0)) + amount
        theirs = self.oracle.journal(first, last)
        for contract, role in {*found, *((key, role) for key, row in theirs.items() for role in row)}:
            self.compared += 1
            mine, other = found.get((contract, role), Decimal(0)), theirs[contract][role]
            if mine != other:
                self.differences.append(f"journal {label} {contract} {role}: {mine}, the oracle says {other}")


def _first(table: Table, name: str) -> Table:
    """The table with column `name` first."""
    place = table.names.index(name)
    order = [place, *(n for n in range(len(table.columns)) if n != place)]
    return Table(tuple(table.columns[n] for n in order), [[row[n] for n in order] for row in table.rows])


def _by_key(table: Table, theirs: Mapping[str, Any]) -> dict[str, dict[str, Decimal]]:
    """Rows by the oracle's key: it adds the currency where a book has several, and leaves a blank key empty."""
    place = table.names.index("currency")
    found = {}
    for row in table.rows:
        key, currency = str(row[0]).replace(BLANK, ""), str(row[place])
        unit = Decimal(10) ** DECIMALS[currency]
        figures = {
            column.name: Decimal(cell) / unit
            for column, cell in zip(table.columns, row, strict=True)
            if column.kind == "money"
        }
        if table.names[0] == "total":
            key = currency
        names = [f"{key} [{currency}]", key]
        found[next((name for name in names if name in theirs), key)] = figures
    return found


def agree(scope: str, seed: int, today: date, known_at: date | None = None, taken_over: bool = False) -> None:
    agreement = Agreement(scope, seed, today, known_at, taken_over)
    agreement.everything()
    assert not agreement.differences, "\n".join(agreement.differences[:20])
    assert agreement.compared > 0


@pytest.mark.parametrize(("scope", "seed"), BOOKS)
def test_a_random_book_gives_the_oracles_figures(scope: str, seed: int, today: date) -> None:
    agree(scope, seed, today)


@pytest.mark.parametrize("seed", [2000, 2001])
@pytest.mark.parametrize("scope", SCOPES)
def test_a_book_whose_contracts_are_taken_over_gives_the_oracles_figures(scope: str, seed: int, today: date) -> None:
    agree(scope, seed, today, taken_over=True)


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(3000, 3000 + MANY // 4))
@pytest.mark.parametrize("scope", SCOPES)
def test_many_books_whose_contracts_are_taken_over(scope: str, seed: int, today: date) -> None:
    agree(scope, seed, today, taken_over=True)


@pytest.mark.parametrize("scope", ["plain", "everything"])
def test_a_contract_counts_from_the_day_its_opening_position_was_known(scope: str, today: date) -> None:
    agree(scope, 60, today, date(2025, 5, 31), taken_over=True)


def _many(books: Sequence[tuple[str, int]], days: Sequence[date | None]) -> list[tuple[str, int, date | None]]:
    return [(scope, seed, day) for day in days for scope, seed in books]


@pytest.mark.thorough
@pytest.mark.parametrize(("scope", "seed", "known_at"), _many(MANY_BOOKS, [None]))
def test_many_random_books_give_the_oracles_figures(scope: str, seed: int, known_at: date | None, today: date) -> None:
    agree(scope, seed, today, known_at)


#: days at which a book is known: before much of it, and in the midst of it
KNOWN = (date(2024, 9, 30), date(2025, 5, 31))


@pytest.mark.parametrize("known_at", KNOWN)
@pytest.mark.parametrize("scope", SCOPES)
def test_a_book_as_known_at_a_day_is_the_book_without_what_was_recorded_later(
    scope: str, known_at: date, today: date
) -> None:
    agree(scope, 50 + KNOWN.index(known_at), today, known_at)


@pytest.mark.thorough
@pytest.mark.parametrize(("scope", "seed", "known_at"), _many(MANY_BOOKS[::4], KNOWN))
def test_many_books_as_known_at_a_day(scope: str, seed: int, known_at: date, today: date) -> None:
    agree(scope, seed, today, known_at)
