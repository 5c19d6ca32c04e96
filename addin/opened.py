"""A book that is ready to be asked: read, compiled, with the ledger of its closed periods beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from engine.book.problems import Problem
    from engine.ledger.ledger import Ledger
    from engine.reports.selecting import Selection
    from engine.schedule.currency import Currency
    from engine.schedule.history import History
    from engine.schedule.kernel import Bools
    from engine.schedule.schedule import Schedule

#: What is answered: of closed periods what was reported, of the others what is known now; nothing but what was
#: reported; what today's rows say, as if nothing had ever been closed.
Manner = Literal["standing", "reported", "recalculated"]
#: (what, done, of): called now and then during long work; what it raises stops the work
Progress = Callable[[str, int, int], None]


class Usage(Exception):
    """The question cannot be answered as it was put; the message says what to change."""


def asks_ledger(manner: Manner, known_at: date | None) -> bool:
    """Whether the ledger has a say in an answer: what was known at a day is told by the rows alone."""
    return manner != "recalculated" and known_at is None


@dataclass(frozen=True)
class Opened:
    """A book that is ready to be asked.

    path      of the workbook or folder
    schedule  compiled from the rows as they are now
    warnings  of reading it
    where     column -> value: the rows of the book that every answer is about
    currency  in which reports answer
    manner    how closed periods are answered
    """

    path: Path
    schedule: Schedule
    warnings: list[Problem]
    known_at: date | None = None
    where: Mapping[str, str] | None = None
    currency: Currency = "contract"
    manner: Manner = "standing"

    @cached_property
    def ledger(self) -> Ledger:
        """raises LedgerDamaged, LedgerBusy"""
        from engine.ledger.ledger import Ledger

        return Ledger.of(self.path)

    @cached_property
    def history(self) -> History:
        """What answers for each day.

        raises LedgerDamaged, LedgerBusy
        """
        from engine.schedule.history import History

        if not asks_ledger(self.manner, self.known_at):
            return History(self.schedule)
        return self.ledger.history(self.schedule, only_reported=self.manner == "reported")

    @cached_property
    def which(self) -> Selection:
        """The rows of the book that every answer is about, and in which currency."""
        from engine.reports.selecting import Selection

        return Selection(where=dict(self.where or {}), currency=self.currency)

    def in_currency(self, currency: Currency) -> Opened:
        """The same book answering in another currency; what is compiled already is shared.

        raises LedgerDamaged, LedgerBusy
        """
        other = replace(self, currency=currency)
        other.__dict__.update(ledger=self.ledger, history=self.history)
        return other

    def at(self, day: date) -> Schedule:
        """The schedule that answers for a day.

        raises Usage
        """
        from engine.schedule.history import NotClosed

        try:
            return self.history.at(day)
        except NotClosed as problem:
            raise Usage(str(problem)) from None

    def asked(self, as_of: str | None) -> tuple[Schedule, date, Bools | None, Currency]:
        """What a report at a day is about: the schedule that answers, the day, the obligations, the currency.

        raises Usage; UnknownColumn
        """
        day = self.day(as_of)
        schedule = self.at(day)
        self.which.checked([schedule, self.schedule])
        return schedule, day, self.which.of(schedule), self.which.currency_of(schedule)

    @property
    def book_day(self) -> date:
        day = self.schedule.book.settings.as_of
        assert day is not None  # the reader fills it in
        return day

    def day(self, text: str | None) -> date:
        """A day or the last day of a label; blank is the book's as_of."""
        return self.book_day if text is None else self._span(text)[1]

    def days(self, first: str | None, last: str | None, usual: Literal["year", "period"]) -> tuple[date, date]:
        """A range of days or labels; blanks reach from the start of the fiscal year, or of the period, to the book's
        as_of."""
        from engine.reports.periods import fiscal_year_to, period_of

        calendar = self.schedule.calendar
        default = fiscal_year_to(calendar, self.book_day) if usual == "year" else period_of(calendar, self.book_day)
        begin = self._span(first)[0] if first else default.first
        end = self._span(last)[1] if last else (default.last if not first else max(default.last, self._span(first)[1]))
        if end < begin:
            raise Usage(f"the range ends on {end}, before it starts on {begin}")
        return begin, end

    def day_of(self, text: str, *, last: bool) -> date:
        """The first or the last day of a day or label."""
        return self._span(text)[int(last)]

    def _span(self, text: str) -> tuple[date, date]:
        try:
            return self.schedule.calendar.span(text)
        except ValueError as problem:
            raise Usage(str(problem)) from None


def open_book(
    path: Path,
    today: date,
    known_at: date | None = None,
    where: Mapping[str, str] | None = None,
    currency: Currency = "contract",
    manner: Manner = "standing",
    progress: Progress | None = None,
) -> Opened:
    """Read and compile a book.

    raises  BookRefused with every problem
    """
    if progress:
        progress("reading", 0, 3)
    from engine.book.reading import read_book
    from engine.schedule.compile import compile_book

    if progress:
        progress("reading", 1, 3)
    book = read_book(path, today, known_at)
    if progress:
        progress("compiling", 2, 3)
    return Opened(path, compile_book(book), book.problems, known_at, where, currency, manner)
