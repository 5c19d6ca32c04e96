"""What the window shows of a book: key figures, waterfall and findings, asked through the actions and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from addin import actions
from addin.desktop.words import count, heading
from addin.desktop.words import day as day_in_words

if TYPE_CHECKING:
    from engine.book.problems import Problem
    from engine.ledger.entry import Recorded

#: missing rates that are named
_TOLD = 3
#: periods shown before and after that of as_of
BACK, AHEAD = 12, 24
Measure = Literal["recognized", "balance"]
GROUPS = ("contract", "customer", "product", "cohort")
#: in place of a currency: contracts of every currency, translated to the one the book reports in
TRANSLATED = "all"


class RatesMissing(Exception):
    """Figures in reporting currency need rates that are not there; the message says which, and what to do."""


@dataclass(frozen=True)
class Question:
    """What the person wants to see. `as_of` None is the day the book is set to, `currency` None the first there is,
    TRANSLATED all of them in reporting currency."""

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
    """Everything on the page of a book.

    closed  who closed the period of as_of and when, if it is closed: the figures are those reported then
    told    why something else is shown than was asked for
    """

    question: Question
    as_of: date
    currency: str
    figures: Figures
    grid: Grid
    closed: str = ""
    told: str = ""


@dataclass(frozen=True)
class Reading:
    """A book as it was read.

    moments       the days that can be chosen as as_of, latest first
    currencies    of contracts, the reporting currency first
    contracts     how many
    translatable  whether figures in reporting currency are others than those in contract currency
    closes        closes in force, oldest first
    """

    opened: actions.Opened
    moments: Sequence[date]
    currencies: Sequence[str]
    contracts: int
    translatable: bool
    closes: Sequence[Recorded]

    @property
    def path(self) -> Path:
        return self.opened.path

    @property
    def reporting(self) -> str:
        """The currency the book reports in."""
        return self.opened.schedule.book.settings.reporting_currency

    @cached_property
    def translated(self) -> actions.Opened:
        """The book answering in reporting currency."""
        return self.opened.in_currency("reporting")

    def closed(self, day: date) -> str:
        """Who closed the period of a day and when; blank if it is open."""
        entry = next((close.entry for close in self.closes if day <= close.entry.last), None)
        if entry is None:
            return ""
        when = f"Closed on {day_in_words(date.fromisoformat(entry.at[:10]))}"
        who = f" by {entry.by}" if entry.by else ""
        return f"{when}{who}, with {entry.period}" if day < entry.first else f"{when}{who}"


def read(path: Path, today: date, progress: actions.Progress) -> Reading:
    """Open a book.

    raises  BookRefused with every problem; LedgerDamaged, LedgerBusy
    """
    opened = actions.open_book(path, today, progress=progress)
    book = opened.schedule.book
    found = set(book.contracts["currency"])
    reporting = book.settings.reporting_currency
    currencies = sorted(found, key=lambda code: (code != reporting, code)) or [reporting]
    moments, closes = actions.closes(opened, today), opened.ledger.closes
    return Reading(opened, moments, currencies, len(book.contracts), currencies != [reporting], closes)


def read_and_look(path: Path, today: date, question: Question, progress: actions.Progress) -> tuple[Reading, View]:
    """Open a book and answer a question about it; of a day it cannot be closed at, its own day is taken, and where
    rates are missing by now, contract currency."""
    reading = read(path, today, progress)
    if question.as_of not in (None, *reading.moments):
        question = replace(question, as_of=None)
    try:
        return reading, look(reading, question, progress)
    except RatesMissing as missing:
        view = look(reading, replace(question, currency=None), progress)
        return reading, replace(view, told=str(missing))


def look(reading: Reading, question: Question, progress: actions.Progress) -> View:
    """The answer to a question about a book that was read.

    raises RatesMissing
    """
    from engine.book.problems import BookRefused

    as_of = question.as_of or reading.opened.book_day
    asked = question.currency
    if asked == TRANSLATED and reading.translatable:
        opened, currency = reading.translated, reading.reporting
    else:
        opened = reading.opened
        currency = asked = asked if asked is not None and asked in reading.currencies else reading.currencies[0]
    question = replace(question, currency=asked)
    words = {"as_of": as_of.isoformat(), "by": "total"}
    try:
        progress("figures", 0, 3)
        balances = actions.report("balances", opened, words)
        progress("figures", 1, 3)
        rpo = actions.report("rpo", opened, words)
        progress("figures", 2, 3)
        grid = _grid(opened, question, as_of, currency)
    except BookRefused as refused:
        raise RatesMissing(_rates_missing(refused.problems, currency)) from None
    amounts = _added(rpo, currency) | _added(balances, currency)
    return View(question, as_of, currency, Figures(amounts), grid, reading.closed(as_of))


def _rates_missing(problems: Sequence[Problem], currency: str) -> str:
    """In words, with the first few of them."""
    found = [f"{problem.where}  {problem.found}".strip() for problem in problems[:_TOLD]]
    more = [f"and {len(problems) - _TOLD:,} more"] if len(problems) > _TOLD else []
    return "\n".join(
        [
            f"Not shown in {currency}: {count(len(problems), 'exchange rate')} missing from the table Rates.",
            *(f"  {line}" for line in [*found, *more]),
            f"Enter the rate to {currency} of each day, or of one before, and save the book. "
            "Until then figures stand in contract currency.",
        ]
    )


def _added(table: Any, currency: str) -> dict[str, int]:
    """The money of a currency, added up over rows: what nets may stand in a row of its own."""
    place = table.names.index("currency")
    rows = [row for row in table.rows if row[place] == currency]
    columns = [(n, column.name) for n, column in enumerate(table.columns) if column.kind == "money"]
    return {name: sum(row[n] for row in rows) for n, name in columns}


def _grid(opened: actions.Opened, question: Question, as_of: date, currency: str) -> Grid:
    from engine.book.currencies import DECIMALS

    words = {
        "as_of": as_of.isoformat(), "by": question.by, "measure": question.measure, "months": AHEAD, "back": BACK,
    }  # fmt: skip
    table = actions.report("waterfall", opened, words)
    rows = [[row[0], *row[2:]] for row in table.rows if row[1] == currency]
    labels: tuple[str, ...] = (heading(question.by),)
    if question.by == "contract":
        customers = actions.customers(opened)
        rows = [[row[0], customers.get(row[0], ""), *row[1:]] for row in rows]
        labels = ("Contract", "Customer")
    calendar = opened.schedule.book.settings.calendar
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
