"""Books edited at random after random closes: what was reported never moves, and with prior_period it is what today's
rows say - to the cent, in every report, in both currencies."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from engine.book.book import Book
from engine.book.problems import BookRefused
from engine.ledger.ledger import BALANCES, REPORTING, Ledger
from engine.reports.balances import balances
from engine.reports.compare import Of, State, compare
from engine.reports.costs import costs
from engine.reports.journal import journal
from engine.reports.revenue import revenue
from engine.reports.rollforward import rollforward
from engine.reports.selecting import Selection
from engine.reports.standing import standing_costs, standing_journal, standing_revenue, standing_rollforward
from engine.reports.table import Table
from engine.reports.waterfall import waterfall
from engine.schedule.compile import compile_book
from engine.schedule.currency import Currency, is_foreign
from engine.schedule.history import History
from engine.schedule.schedule import Schedule

from ..oracle.random_books import dates_of, random_book
from ..oracle.random_openings import with_openings
from ..oracle.random_rates import with_rates
from ..oracle.random_scope import SCOPES
from .random_edits import versions

SEEDS, MANY = (3001, 3003), (3000, 3002, 3004, *range(4000, 4060))
CLOSES = 3
CURRENCIES: tuple[Currency, ...] = ("contract", "reporting")
BALANCED: tuple[Of, ...] = ("deferred", "backlog")


class Story:
    """A random book with rates of exchange, closed three times and edited after each close."""

    def __init__(self, seed: int, folder: Path, today: date) -> None:
        rng = random.Random(seed)
        raw = random_book(seed, SCOPES[sorted(SCOPES)[seed % len(SCOPES)]])
        if seed % 4 == 3:
            raw = with_openings(raw, rng)
        raw = with_rates(raw, rng, sorted(dates_of(raw)))
        books = versions(rng, raw, CLOSES + 1, today)
        self.schedules = [_compiled(book) for book in books]
        self.today = self.schedules[-1]
        calendar = self.today.calendar
        dates = sorted(dates_of(raw))
        period = calendar.period(rng.choice(dates[: len(dates) // 2 + 1]).toordinal())
        self.path = folder / "book.ratable-ledger"
        self.ends: list[date] = []
        for schedule in self.schedules[:-1]:
            ledger = Ledger(self.path)
            label = calendar.label(period)
            days = ledger.next_period(schedule, label)
            entries = standing_journal(ledger.history(schedule), *days)
            ledger.close(schedule, label, days, "Ann", f"{days[1]}T12:00", [], [], entries, {})
            self.ends.append(days[1])
            period += 1
        self.ledger = Ledger(self.path)
        self.history: History = self.ledger.history(self.today)
        self.first = dates[0] - timedelta(500)
        self.last = max(dates[-1], self.ends[-1]) + timedelta(45)

    @cached_property
    def is_translated(self) -> bool:
        """Whether every state of the book has the rates it needs: an edit may have deleted one."""
        try:
            for schedule in self.schedules:
                journal(schedule, self.first, self.last, None, "reporting")
        except BookRefused:
            return False
        return True


def _compiled(book: Book) -> Schedule:
    return compile_book(book)


def totals(table: Table, keys: int) -> dict[tuple[Any, ...], int]:
    """The last column by the first ones, zeros left out."""
    return {tuple(row[:keys]): row[-1] for row in table.rows if row[-1]}


def posted(rows: Iterable[Any], first_side: int = 5) -> dict[tuple[Any, ...], int]:
    """Debits less credits by contract, obligation, role and currency; every entry balances.

    first_side  place of the debits: 5 as posted, 8 in reporting currency
    """
    sums: dict[tuple[Any, ...], int] = defaultdict(int)
    entries: dict[tuple[Any, ...], int] = defaultdict(int)
    for row in rows:
        day, contract, obligation, role = row[:4]
        currency = row[7] if first_side == 5 else ""
        amount = (row[first_side] or 0) - (row[first_side + 1] or 0)
        sums[contract, obligation, role, currency] += amount
        entries[day, contract, currency] += amount
    assert not any(entries.values())
    return {key: amount for key, amount in sums.items() if amount}


def tell(seed: int, folder: Path, today: date) -> None:
    story = Story(seed, folder, today)
    if len(story.schedules) <= CLOSES:
        pytest.skip("no edit of this book is accepted")
    for currency in CURRENCIES if story.is_translated else CURRENCIES[:1]:
        _stands(story, currency)
        _adds_up_to_now(story, currency)


def _stands(story: Story, currency: Currency) -> None:
    """What was reported is answered as it was."""
    for close, schedule, end in zip(story.ledger.closes, story.schedules, story.ends, strict=False):
        reported, standing = (
            balances(each, end, "obligation", None, currency).rows for each in (schedule, story.history.at(end))
        )
        assert standing == reported
        if currency == "contract" or is_foreign(schedule):
            recorded = story.ledger.table(close, BALANCES if currency == "contract" else REPORTING)
            assert [list(row) for row in recorded.rows] == [list(row) for row in reported]
        fall = (end, 5, "contract", "recognized", None, currency)
        assert waterfall(story.history.at(end), *fall).rows == waterfall(schedule, *fall).rows  # type: ignore[arg-type]


def _adds_up_to_now(story: Story, currency: Currency) -> None:
    """As reported and prior_period are recalculated."""
    first, last, history, now = story.first, story.last, story.history, story.today
    which, asked = Selection(currency=currency), (None, currency)
    assert balances(history.at(last), last, "contract", *asked).rows == balances(now, last, "contract", *asked).rows
    for by in ("obligation", "customer"):
        standing = standing_revenue(history, first, last, by, which)
        assert totals(standing, 2) == totals(revenue(now, first, last, by, *asked), 2)
    for of in BALANCED:
        rolled = standing_rollforward(history, first, last, of, which)
        _rolls(rolled, rollforward(now, first, last, of, *asked))
        for close, schedule in zip(story.ledger.closes, story.schedules, strict=False):
            _adds_up(compare(State(schedule, close.entry.last), State(now, last), of, currency))
    entries, wanted = standing_journal(history, first, last, which).rows, journal(now, first, last, *asked).rows
    assert posted(entries) == posted(wanted)
    in_reporting = posted(entries, 8), posted(wanted, 8)
    assert in_reporting[0] == in_reporting[1] or not story.is_translated
    carried = standing_costs(history, first, last, which)
    assert all(sum(row[4:-1]) == row[-1] for row in carried.rows)
    assert totals(carried, 2) == totals(costs(now, first, last, *asked), 2)


def _adds_up(table: Table) -> None:
    """Opening and lines of each currency are its closing."""
    sums: dict[str, int] = defaultdict(int)
    for _, line, _, currency, amount, _ in table.rows:
        sums[currency] += -amount if line == "closing" else amount
    assert not any(sums.values())


def _rolls(standing: Table, now: Table) -> None:
    """Rows add up, open where the last closed, and lead to what today's rows say."""
    closing: dict[str, int] = {}
    for row in standing.rows:
        assert sum(row[2:-1]) == row[-1]
        assert closing.get(row[1], 0) == row[2]
        closing[row[1]] = row[-1]
    wanted = {row[1]: row[-1] for row in now.rows}
    assert {key: amount for key, amount in closing.items() if amount} == {k: v for k, v in wanted.items() if v}


@pytest.mark.parametrize("seed", SEEDS)
def test_closed_figures_stand_and_the_difference_appears_once(seed: int, tmp_path: Path, today: date) -> None:
    tell(seed, tmp_path, today)


@pytest.mark.thorough
@pytest.mark.parametrize("seed", MANY)
def test_closed_figures_stand_in_many_more_books(seed: int, tmp_path: Path, today: date) -> None:
    tell(seed, tmp_path, today)
