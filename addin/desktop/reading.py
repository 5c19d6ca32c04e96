"""What the window shows of a book: key figures, waterfall and findings, asked through the actions and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from addin import actions
from addin.desktop.words import heading

if TYPE_CHECKING:
    from engine.book.problems import Problem

#: periods shown before and after that of as_of
BACK, AHEAD = 12, 24
Measure = Literal["recognized", "balance"]
GROUPS = ("contract", "customer", "product", "cohort")


@dataclass(frozen=True)
class Question:
    """What the person wants to see. `as_of` None is the day the book is set to, `currency` None the first there is."""

    as_of: date | None = None
    by: str = "contract"
    measure: Measure = "recognized"
    currency: str | None = None


@dataclass(frozen=True)
class Figures:
    """Key figures of one currency, in whole minor units, by the names of the columns of `balances` and `rpo`."""

    amounts: Mapping[str, int]

    def __getitem__(self, name: str) -> int:
        return self.amounts.get(name, 0)


@dataclass(frozen=True)
class Grid:
    """The waterfall as shown: rows of one currency.

    labels      heading of each label column (the key, and the customer of a contract), frozen on the left
    headings    of each money column
    rows        labels, then amounts in whole minor units
    totals      of each money column
    as_of       place of the as-of month among the money columns
    periods     places (first, beyond the last) of the money columns that are periods
    decimals    of the currency
    """

    labels: tuple[str, ...]
    headings: tuple[str, ...]
    rows: Sequence[Sequence[Any]]
    totals: Sequence[int]
    as_of: int
    periods: tuple[int, int]
    decimals: int


@dataclass(frozen=True)
class View:
    """Everything on the page of a book."""

    question: Question
    as_of: date
    currency: str
    figures: Figures
    grid: Grid


@dataclass(frozen=True)
class Reading:
    """A book as it was read.

    moments     the days that can be chosen as as_of, latest first
    currencies  the reporting currency first
    """

    opened: actions.Opened
    moments: Sequence[date]
    currencies: Sequence[str]
    contracts: int

    @property
    def path(self) -> Path:
        return self.opened.path


def read(path: Path, today: date, progress: actions.Progress) -> Reading:
    """Open a book.

    raises  BookRefused with every problem
    """
    opened = actions.open_book(path, today, progress=progress)
    book = opened.schedule.book
    found = set(book.contracts["currency"])
    currencies = sorted(found, key=lambda code: (code != book.settings.reporting_currency, code))
    return Reading(
        opened, actions.closes(opened, today), currencies or [book.settings.reporting_currency], len(book.contracts)
    )


def read_and_look(path: Path, today: date, question: Question, progress: actions.Progress) -> tuple[Reading, View]:
    """Open a book and answer a question about it; of a day it cannot be closed at, its own day is taken."""
    reading = read(path, today, progress)
    if question.as_of not in (None, *reading.moments):
        question = replace(question, as_of=None)
    return reading, look(reading, question, progress)


def look(reading: Reading, question: Question, progress: actions.Progress) -> View:
    """The answer to a question about a book that was read."""
    opened = reading.opened
    as_of = question.as_of or opened.book_day
    asked = question.currency
    currency = asked if asked is not None and asked in reading.currencies else reading.currencies[0]
    question = replace(question, currency=currency)
    words = {"as_of": as_of.isoformat(), "by": "total"}
    progress("figures", 0, 3)
    balances = actions.report("balances", opened, words)
    progress("figures", 1, 3)
    rpo = actions.report("rpo", opened, words)
    progress("figures", 2, 3)
    amounts = _added(rpo, currency) | _added(balances, currency)
    return View(question, as_of, currency, Figures(amounts), _grid(reading, question, as_of, currency))


def _added(table: Any, currency: str) -> dict[str, int]:
    """The money of a currency, added up over rows: what nets may stand in a row of its own."""
    place = table.names.index("currency")
    rows = [row for row in table.rows if row[place] == currency]
    columns = [(n, column.name) for n, column in enumerate(table.columns) if column.kind == "money"]
    return {name: sum(row[n] for row in rows) for n, name in columns}


def _grid(reading: Reading, question: Question, as_of: date, currency: str) -> Grid:
    from engine.book.currencies import DECIMALS

    words = {
        "as_of": as_of.isoformat(), "by": question.by, "measure": question.measure, "months": AHEAD, "back": BACK,
    }  # fmt: skip
    table = actions.report("waterfall", reading.opened, words)
    rows = [[row[0], *row[2:]] for row in table.rows if row[1] == currency]
    labels: tuple[str, ...] = (heading(question.by),)
    if question.by == "contract":
        customers = actions.customers(reading.opened)
        rows = [[row[0], customers.get(row[0], ""), *row[1:]] for row in rows]
        labels = ("Contract", "Customer")
    calendar = reading.opened.schedule.book.settings.calendar
    headings = tuple(heading(name, calendar, question.measure) for name in table.names[2:])
    totals = [sum(column) for column in zip(*(row[len(labels) :] for row in rows), strict=True)]
    count = len(headings)
    return Grid(
        labels, headings, rows, totals or [0] * count, as_of=2 + BACK, periods=(2, count - 1),
        decimals=DECIMALS.get(currency, 2),
    )  # fmt: skip


def findings(reading: Reading, as_of: date, progress: actions.Progress) -> list[Problem]:
    """Warnings of reading the book, and every check of the figures at a day."""
    return [*reading.opened.warnings, *actions.checks_of(reading.opened, as_of.isoformat(), progress)]
