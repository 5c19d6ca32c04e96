"""Random books in several currencies give the figures of the oracle in reporting currency, to the minor unit: every
report, by every key, at any day.

`pytest -m thorough` runs many more books than the default.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
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
from engine.schedule.schedule import Schedule

from .oracle.oracle import Oracle
from .oracle.random_books import dates_of, random_book
from .oracle.random_openings import with_openings
from .oracle.random_rates import with_rates
from .oracle.random_scope import SCOPES
from .oracle.reporting import Reporting

DAYS_EACH = 3
#: books of each scope by default, and in a thorough run
FEW, MANY = 1, 10
BOOKS = [(name, 5000 + seed) for name in SCOPES for seed in range(2 * FEW if name == "plain" else FEW)]
MANY_BOOKS = [(name, 7000 + seed) for name in SCOPES for seed in range(MANY)]


class Agreement:
    """One random book, asked of both."""

    def __init__(self, scope: str, seed: int, today: date, taken_over: bool = False) -> None:
        rng, plain = random.Random(seed), random_book(seed, SCOPES[scope])
        if taken_over:
            plain = with_openings(plain, random.Random(f"openings {scope} {seed}"))
        days = sorted(dates_of(plain))
        self.book = with_rates(plain, rng, days)
        self.oracle = Reporting(Oracle(self.book, today))
        self.schedule: Schedule = compile_book(book_from_rows(self.book, today))
        self.days = sorted(rng.sample(days, min(len(days), DAYS_EACH)))
        self.unit = Decimal(10) ** DECIMALS[self.schedule.book.settings.reporting_currency]
        self.differences: list[str] = []
        self.compared = 0

    def compare(self, what: str, ours: Mapping[str, Mapping[str, Decimal]], theirs: Mapping[str, Any]) -> None:
        for key in {*ours, *theirs}:
            names = theirs.get(key) or ours[key]
            for name in names:
                self.compared += 1
                mine, other = ours.get(key, {}).get(name, Decimal(0)), theirs.get(key, {}).get(name, Decimal(0))
                if mine != other:
                    self.differences.append(f"{what} {key} {name}: {mine}, the oracle says {other}")

    def rows(self, table: Table, key: str | None = None) -> dict[str, dict[str, Decimal]]:
        """Rows of ours by their key, in currency units."""
        place = table.names.index(key) if key else 0
        return {
            str(row[place]).replace(BLANK, ""): {
                column.name: Decimal(cell or 0) / self.unit
                for column, cell in zip(table.columns, row, strict=True)
                if column.kind == "money"
            }
            for row in table.rows
        }

    def everything(self) -> None:
        schedule, theirs = self.schedule, self.oracle
        for day in self.days:
            for by in ("contract", "obligation", "total", "product", "segment"):
                ours = balances(schedule, day, by, None, "reporting")
                found = self.rows(ours, "currency" if by == "total" else None)
                self.compare(f"balances {day} by {by}", found, theirs.balances(day, by))
            for by in ("contract", "product"):
                for measure in ("recognized", "balance"):
                    asked = waterfall(schedule, day, 5, by, measure, None, "reporting")  # type: ignore[arg-type]
                    self.compare(f"waterfall {day} {measure}", self.rows(asked), theirs.waterfall(day, 5, by, measure))
            self.compare(f"rpo {day}", self.rows(rpo(schedule, day, None, "reporting"), "currency"), theirs.rpo(day))
            calendar = schedule.calendar
            label = calendar.label(calendar.period(day.toordinal()))
            span = calendar.span(label)
            for of in ("deferred", "backlog"):
                told = rollforward(schedule, span.first, span.last, of, None, "reporting")  # type: ignore[arg-type]
                self.compare(f"rollforward of {of} {label}", self.rows(told, "currency"), theirs.rollforward(label, of))
            earned = revenue(schedule, span.first, span.last, "obligation", None, "reporting")
            self.compare(f"revenue {label}", self.rows(earned), theirs.revenue(label, "obligation"))
            spent = costs(schedule, span.first, span.last, None, "reporting")
            self.compare(f"costs {label}", self.rows(spent), theirs.costs(*span))
            self.journal(label, *span)

    def journal(self, label: str, first: date, last: date) -> None:
        """What moved on each role, combined contracts under the first; every entry balances in reporting currency."""
        book, layout = self.schedule.book, self.schedule.layout
        ids = book.contracts["contract_id"]
        first_of = {ids[row]: ids[layout.group[n]] for n, row in enumerate(layout.contracts.tolist())}
        found: dict[str, dict[str, Decimal]] = {}
        for currency in ("contract", "reporting"):
            entries: dict[tuple[Any, ...], int] = {}
            for line in journal(self.schedule, first, last, None, currency).rows:  # type: ignore[arg-type]
                worth, amount = (line[8] or 0) - (line[9] or 0), (line[5] or 0) - (line[6] or 0)
                for entry, moved in (((line[0], line[1]), worth), ((line[0], line[1], line[7]), amount)):
                    entries[entry] = entries.get(entry, 0) + moved
                if currency == "reporting":
                    role = "revenue" if line[3] == "contra_revenue" else str(line[3])
                    row = found.setdefault(first_of[line[1]], {})
                    row[role] = row.get(role, Decimal(0)) + Decimal(worth) / self.unit
            self.differences += [f"journal {label} {entry} is off by {off}" for entry, off in entries.items() if off]
        self.compare(f"journal {label}", found, self.oracle.journal(first, last))


def agree(scope: str, seed: int, today: date, taken_over: bool = False) -> None:
    agreement = Agreement(scope, seed, today, taken_over)
    agreement.everything()
    assert not agreement.differences, "\n".join(agreement.differences[:20])
    assert agreement.compared > 0


@pytest.mark.parametrize(("scope", "seed"), BOOKS)
def test_a_random_book_gives_the_oracles_figures(scope: str, seed: int, today: date) -> None:
    agree(scope, seed, today)


@pytest.mark.thorough
@pytest.mark.parametrize(("scope", "seed"), MANY_BOOKS)
def test_many_random_books_give_the_oracles_figures(scope: str, seed: int, today: date) -> None:
    agree(scope, seed, today)


@pytest.mark.parametrize("scope", SCOPES)
def test_a_book_whose_contracts_are_taken_over_gives_the_oracles_figures(scope: str, today: date) -> None:
    agree(scope, 5500, today, taken_over=True)


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(7500, 7500 + MANY))
@pytest.mark.parametrize("scope", SCOPES)
def test_many_books_whose_contracts_are_taken_over(scope: str, seed: int, today: date) -> None:
    agree(scope, seed, today, taken_over=True)
