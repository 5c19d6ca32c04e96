"""Books behind formulas: each compiled once, found again by the text that =RATABLE_BOOK() puts into a cell.

A formula's `book` is that text, or blank for the workbook the formula stands in. Which workbook that is only the
spreadsheet program can say: it plugs in a provider. Nothing is kept but the last few books, and those in memory only.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Any

from addin.formulas.arguments import Cell, single
from addin.formulas.errors import Code, FormulaError
from addin.formulas.ledgers import LEDGERS, NO_LEDGER, Standing
from addin.formulas.ranges import PlacedRange, raw_tables
from engine.book.assembly import assemble
from engine.book.book import Book
from engine.book.cells import is_blank
from engine.book.currencies import DECIMALS
from engine.book.findings import Findings
from engine.book.problems import BookRefused, Problem
from engine.book.reading_problems import note_missing_tables
from engine.ledger.errors import LedgerProblem
from engine.schedule.compile import compile_book
from engine.schedule.history import History
from engine.schedule.schedule import Schedule

#: How many books stay compiled. A workbook asks about one, and one more for each time an input changed.
MOST_BOOKS = 8
_DIGITS = 16


class UnknownBook(FormulaError):
    """The text of a book that is not in memory: its cell was calculated by a program that has ended since."""

    def __init__(self, text: str) -> None:
        super().__init__(
            Code.REFERENCE,
            f"{text[:80]!r} is no book in memory. Calculate the cell with RATABLE_BOOK again: Ctrl+Alt+F9, or Refresh.",
        )


@dataclass(frozen=True)
class OpenedBook:
    """A book as formulas see it.

    book           None if it is refused
    problems       everything reading it found
    mark           fingerprint of its rows; of the cells they were read from if it is refused
    standing       what stands in the ledger beside it
    only_reported  days that are not closed are not answered
    rows           the same book without its ledger, compiled once for both
    """

    book: Book | None
    problems: list[Problem]
    mark: str
    standing: Standing = NO_LEDGER
    only_reported: bool = False
    rows: OpenedBook | None = None

    def beside(self, standing: Standing) -> OpenedBook:
        """This book with a ledger."""
        return OpenedBook(self.book, self.problems, self.mark, standing, rows=self)

    @cached_property
    def _compiled(self) -> tuple[Schedule | None, list[Problem]]:
        if self.rows is not None:
            return self.rows._compiled
        if self.book is None:
            return None, self.problems
        try:
            return compile_book(self.book), self.problems
        except BookRefused as refused:
            return None, [*refused.problems, *self.problems]

    @property
    def usable(self) -> bool:
        """Whether it can be calculated."""
        return self._compiled[0] is not None

    @property
    def decimals(self) -> int:
        """Decimals in which answers are written out: those of the book's most finely divided currency."""
        if self.book is None:
            return 2
        return max(DECIMALS[code] for code in {*self.book.contracts["currency"], self.book.settings.reporting_currency})

    @property
    def findings(self) -> list[Problem]:
        """Everything that reading and compiling found, and why the ledger cannot be used."""
        return [*self.standing.findings, *self._compiled[1]]

    @cached_property
    def text(self) -> str:
        """What stands in the cell of RATABLE_BOOK: the fingerprint, the day balances are struck at, and where there is
        a ledger, the last period closed and the mark of its last entry."""
        if self.book is None:
            return f"Ratable book {self.mark[:_DIGITS]} cannot be used: see RATABLE_PROBLEMS"
        return f"Ratable book {self.mark[:_DIGITS]} as of {self.book.settings.as_of}{self.standing.words}"

    @cached_property
    def history(self) -> History:
        """What answers for each day.

        raises FormulaError #REF! if the book is refused, or the ledger beside it
        """
        schedule = self.schedule()
        try:
            return self.standing.history(schedule, only_reported=self.only_reported)
        except LedgerProblem as problem:
            raise FormulaError(Code.REFERENCE, str(problem)) from None

    def schedule(self) -> Schedule:
        """raises FormulaError #REF! if the book is refused"""
        schedule, problems = self._compiled
        if schedule is None:
            raise FormulaError(Code.REFERENCE, _refusal(problems))
        return schedule


def _refusal(problems: list[Problem]) -> str:
    first = str(problems[0]).replace("\n", " ") if problems else "no reason is known"
    more = f" - and {len(problems) - 1} more: see RATABLE_PROBLEMS" if len(problems) > 1 else ""
    return f"the book cannot be used. {first}{more}"


class Shelf:
    """The last few books, by the text of their cell and by the digest of the cells they were read from."""

    def __init__(self, most: int = MOST_BOOKS) -> None:
        self._most, self._lock = most, Lock()
        self._books: OrderedDict[str, OpenedBook] = OrderedDict()

    def read(self, tables: Mapping[str, Cell], today: dt.date, workbook: str = "") -> OpenedBook:
        """The book of these ranges with the ledger beside its workbook; read and checked if it is not on the shelf.

        workbook  as the spreadsheet program names it; blank has no ledger
        raises    FormulaError #VALUE! for a range that is no table
        """
        placed = {name: PlacedRange.of(cells) for name, cells in tables.items()}
        digest = hashlib.sha256(repr((sorted(placed.items()), today)).encode("utf-8", "replace"))
        key = digest.hexdigest()
        book = self._put(key, self.get(key) or _examined(placed, today, key))
        standing = LEDGERS.beside(workbook)
        if standing is NO_LEDGER:
            return book
        key += standing.words
        return self._put(key, self.get(key) or book.beside(standing))

    def put(self, book: Book | None, problems: list[Problem]) -> OpenedBook:
        """A book that was read elsewhere."""
        mark = book.fingerprint if book else "0" * _DIGITS
        return self._put(mark, OpenedBook(book, problems, mark))

    def get(self, key: str) -> OpenedBook | None:
        with self._lock:
            found = self._books.get(key)
            if found is not None:
                self._books.move_to_end(key)
            return found

    def _put(self, key: str, opened: OpenedBook) -> OpenedBook:
        """Keep a book under both its names; whoever is told its text is to find it."""
        with self._lock:
            for name in (key, opened.text):
                self._books[name] = opened
                self._books.move_to_end(name)
            while len({id(book.rows or book) for book in self._books.values()}) > self._most:
                self._books.popitem(last=False)
        return opened


def _examined(tables: Mapping[str, PlacedRange], today: dt.date, digest: str) -> OpenedBook:
    findings = Findings()
    found = raw_tables(tables)
    note_missing_tables(found, findings, "range of the table")
    book = assemble(found, findings, today, None)
    return OpenedBook(book, findings.in_order(), book.fingerprint if book else digest)


#: The books of this process.
SHELF = Shelf()

Provider = Callable[[], OpenedBook]
_calling: ContextVar[Provider | None] = ContextVar("calling workbook", default=None)


@contextmanager
def calling_workbook(provider: Provider) -> Iterator[None]:
    """While in this block a blank `book` is what `provider` answers."""
    before = _calling.set(provider)
    try:
        yield
    finally:
        _calling.reset(before)


def opened_book(book: Cell) -> OpenedBook:
    """The book a formula is about: an OpenedBook, the text of RATABLE_BOOK, or blank for the calling workbook.

    raises FormulaError #REF! if there is none
    """
    if isinstance(book, OpenedBook):
        return book
    cell = single(book, "book")
    if is_blank(cell):
        provider = _calling.get()
        if provider is None:
            raise FormulaError(Code.REFERENCE, "there is no workbook to read the tables from: name a book")
        return provider()
    found = SHELF.get(cell.strip()) if isinstance(cell, str) else None
    if found is None:
        raise UnknownBook(str(cell))
    return found


def schedule_of(book: Any) -> Schedule:
    """The compiled book a formula is about; a schedule is taken as it is.

    raises FormulaError #REF! if there is none, or none that can be used
    """
    found = SHELF.get(book) if isinstance(book, str) else None
    if found is not None:
        return found.schedule()
    return book if isinstance(book, Schedule) else opened_book(book).schedule()


def history_of(book: Any) -> History:
    """What answers for each day of the book a formula is about; a schedule has no closed periods.

    raises FormulaError #REF! if there is none, or none that can be used
    """
    found = SHELF.get(book) if isinstance(book, str) else None
    if found is not None:
        return found.history
    if isinstance(book, Schedule):
        return book.once("history", lambda: History(book))
    return opened_book(book).history
