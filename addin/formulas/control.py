"""Control formulas: which book the others ask, what is wrong with it, which checks it passes, why a cell errs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Any

from addin.formulas import reasons
from addin.formulas.amounts import refusals
from addin.formulas.arguments import Cell, Kind, is_range
from addin.formulas.books import SHELF, history_of, opened_book
from addin.formulas.catalogue import formula
from addin.formulas.errors import FormulaError
from addin.formulas.moments import one_day
from addin.formulas.ranges import PlacedRange
from addin.formulas.tables import cells_of
from addin.formulas.words import AsOf, Book
from engine.book import catalogue as tables
from engine.book.cells import is_blank
from engine.book.problems import Problem
from engine.reports.checks import checks
from engine.reports.checks.ledger import tie_out as tied

_HEADER = ["severity", "name", "where", "found", "remedy"]


Table = Annotated[
    Cell,
    Kind.TABLE,
    "This table of the book with its header row, as Contracts[#All]; tables are told by their headers, in any order.",
]


@formula("Control", example=((), None))
def ratable_book(
    settings: Table = None,
    contracts: Table = None,
    obligations: Table = None,
    billings: Table = None,
    events: Table = None,
    estimates: Table = None,
    openings: Table = None,
    rates: Table = None,
    accounts: Table = None,
    costs: Table = None,
    ledger: Table = None,
    judgments: Table = None,
) -> str:
    """The book in these tables, as a text for the argument `book`: when a cell of a table changes, it changes, and
    every formula that names its cell is calculated anew. It names the last period closed."""
    given = (
        settings, contracts, obligations, billings, events, estimates, openings, rates, accounts, costs, ledger,
        judgments,
    )  # fmt: skip
    found = {
        name: cells for name, cells in zip(tables.table_names(), given, strict=True) if not _left_out(cells)
    }  # fmt: skip
    if not found:
        return opened_book(None).text
    return SHELF.read(found, dt.date.today()).text


def _left_out(cells: Cell) -> bool:
    if isinstance(cells, FormulaError):
        raise cells
    return not isinstance(cells, PlacedRange) and not is_range(cells) and is_blank(cells)


@formula("Control", example=((), [_HEADER]))
def ratable_problems(book: Book = None) -> list[list[Any]]:
    """Everything wrong with the book, cell by cell with the remedy; the header alone if there is nothing."""
    return _rows(opened_book(book).findings)


@formula("Control", example=((), None))
def ratable_check(as_of: AsOf = None, book: Book = None) -> list[list[Any]]:
    """Every check of the figures at the close of a day: ok, warn or fail, with the rows it is about and what to do."""
    history = history_of(book)
    day = one_day(as_of, history.today)
    with refusals():
        return _rows(checks(history.at(day), day))


@formula("Control", example=(("2026-06",), None))
def tie_out(as_of: AsOf = None, book: Book = None) -> list[list[Any]]:
    """Every account of the balance sheet beside its general ledger balance, with the difference and what in the book
    comes to it."""
    history = history_of(book)
    day = one_day(as_of, history.today)
    with refusals():
        return cells_of(tied(history.at(day), day))


def _rows(problems: Sequence[Problem]) -> list[list[Any]]:
    return [_HEADER, *([str(p.severity), p.name, p.where, p.found, p.remedy] for p in problems)]


@formula("Control", example=(("Sheet1!A1",), ""))
def ratable_why(cell: Annotated[Cell, Kind.CELL, "A cell with a Ratable formula that shows an error."]) -> str:
    """Why a Ratable formula in a cell shows an error, and what to do about it; blank if it shows none."""
    return reasons.why(cell)
