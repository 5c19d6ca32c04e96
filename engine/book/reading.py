"""The front door: a workbook, a folder of CSV files or rows of a program in, a checked Book or every problem out."""

from __future__ import annotations

import datetime as dt
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.book.assembly import assemble
from engine.book.book import Book
from engine.book.csv_reader import read_folder
from engine.book.findings import Findings
from engine.book.problems import BookRefused, Problem
from engine.book.raw import RawTable
from engine.book.reading_problems import file_problem, note_missing_tables
from engine.book.row_reader import Tables, read_rows
from engine.book.workbook_reader import read_workbook

_WORKBOOKS = (".xlsx", ".xlsm")
_OTHER_SHEETS = (".xls", ".xlsb", ".ods", ".numbers", ".xlt", ".xltx", ".xltm", ".xlam", ".gsheet")


def read_book(path: Path, today: dt.date, known_at: dt.date | None = None) -> Book:
    """The book at `path`, an Excel workbook or a folder of CSV files.

    today     the day it is; without the setting `as_of` balances are struck at the last month end before
    known_at  leave out every row recorded after that day
    raises    BookRefused with every problem, if any of them stops the calculation
    """
    return _or_refuse(examine_book(path, today, known_at))


def examine_book(path: Path, today: dt.date, known_at: dt.date | None = None) -> tuple[Book | None, list[Problem]]:
    """The book, or None if it is refused, and every problem: by table, row and column."""
    with _all_at_once():
        findings = Findings()
        found = _read(Path(path), findings)
        book = assemble(found, findings, today, known_at)
        return book, findings.in_order()


def book_from_rows(tables: Tables, today: dt.date, known_at: dt.date | None = None, *, from_1904: bool = False) -> Book:
    """A book from rows a program holds: table name -> rows of column -> cell, as the CSV files of a folder.

    Cells may be text or typed; settings may be a mapping of name to value. Problems stand at `contracts.csv:2 end`.

    from_1904  dates given as numbers count from 1904, as in workbooks once made on a Macintosh
    raises     BookRefused
    """
    return _or_refuse(examine_rows(tables, today, known_at, from_1904=from_1904))


def examine_rows(
    tables: Tables, today: dt.date, known_at: dt.date | None = None, *, from_1904: bool = False
) -> tuple[Book | None, list[Problem]]:
    """As book_from_rows, but answers the book or None, and every problem."""
    with _all_at_once():
        findings = Findings()
        found = read_rows(tables, from_1904, findings)
        note_missing_tables(found, findings, "file")
        book = assemble(found, findings, today, known_at)
        return book, findings.in_order()


@contextmanager
def _all_at_once() -> Iterator[None]:
    """Without the search for reference cycles: millions of cells hold none, and looking doubles the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _or_refuse(examined: tuple[Book | None, list[Problem]]) -> Book:
    book, problems = examined
    if book is None:
        raise BookRefused(problems)
    return book


def _read(path: Path, findings: Findings) -> dict[str, RawTable] | None:
    """The tables at `path`; None if there is nothing to read at all, which is noted."""
    before = findings.count()
    is_folder = path.is_dir()
    if is_folder and path.suffix.casefold() not in _OTHER_SHEETS:
        found = read_folder(path, findings)
    elif path.suffix.casefold() in _WORKBOOKS and not path.name.startswith("~$"):
        found = read_workbook(path, findings)
    else:
        _note_not_a_book(path, findings)
        return None
    if not found and findings.count() > before:
        return None
    note_missing_tables(found, findings, "file" if is_folder else "sheet or table")
    return found


def _note_not_a_book(path: Path, findings: Findings) -> None:
    kind = path.suffix.casefold()
    if not path.exists():
        file_problem(findings, path, FileNotFoundError())
    elif path.name.startswith("~$"):
        findings.of_file(
            "not-a-book",
            path.name,
            f"{path.name} is the note Excel keeps while {path.name[2:]} is open",
            f"Name {path.name[2:]} instead.",
        )
    elif kind == ".csv":
        findings.of_file(
            "not-a-book",
            path.name,
            f"{path.name} is one table of a book",
            f"Name the folder it is in, {path.parent}: the tables of a book stand side by side there.",
        )
    elif kind in _OTHER_SHEETS:
        findings.of_file(
            "not-a-book",
            path.name,
            f"{path.name} is a file of another kind ({kind})",
            "Open it in its program and save or export it as an Excel workbook (.xlsx).",
        )
    else:
        findings.of_file(
            "not-a-book",
            path.name,
            f"{path.name} is neither a workbook nor a folder",
            "A book is an Excel workbook (.xlsx, .xlsm) or a folder of CSV files (contracts.csv, obligations.csv, "
            "...).",
        )
