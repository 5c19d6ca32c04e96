"""Workbooks as an accountant would have them: tables of a book as Excel Tables, and formulas about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.table import Table

from addin.formulas.arguments import Kind
from addin.formulas.books import OpenedBook
from addin.formulas.catalogue import Formula, catalogue
from addin.formulas.errors import FormulaError
from addin.formulas.written import written
from engine.book import catalogue as tables
from engine.book.reading import book_from_rows
from engine.sheets.template_rows import fill

from .asking import ask
from .calc import Calc
from .conftest import SMALL

Rows = Mapping[str, Any]
#: A formula to be asked: its name and arguments, ranges as lists of rows.
Asked = tuple[str, tuple[Any, ...]]
SHEET = "Asked"
_BOOK_CELL = "A1"


def opened_book(rows: Rows, today: date) -> OpenedBook:
    """The book of the rows, as the command line reads it; on no shelf, so that Calc's program must read it itself."""
    book = book_from_rows(rows, today)
    return OpenedBook(book, book.problems, book.fingerprint)


def with_tables(rows: Rows, epoch: Any = None) -> Workbook:
    """A workbook with a first sheet for formulas, then a sheet and an Excel Table for each table that has rows."""
    workbook = Workbook()
    if epoch is not None:
        workbook.epoch = epoch
    workbook.worksheets[0].title = SHEET
    given = {
        name: [{"name": key, "value": value} for key, value in table.items()] if isinstance(table, Mapping) else table
        for name, table in rows.items()
    }
    for name, table in fill(given).items():
        if not table.rows:
            continue
        sheet = workbook.create_sheet(name)
        for line in (table.headers, *table.rows):
            sheet.append([None if cell == "" else cell for cell in line])
        area = f"A1:{get_column_letter(len(table.headers))}{len(table.rows) + 1}"
        sheet.add_table(Table(displayName=tables.excel_name(name), ref=area))
    return workbook


def book_formula(workbook: Workbook) -> str:
    """RATABLE_BOOK of every table there is."""
    names = [tables.excel_name(name) if name in workbook.sheetnames else "" for name in tables.table_names()]
    return f"=RATABLE_BOOK({','.join(f'{name}[#All]' if name else '' for name in names)})"


def name_book(workbook: Workbook) -> None:
    """Have the book in a cell called Book."""
    workbook[SHEET][_BOOK_CELL] = book_formula(workbook)
    workbook.defined_names["Book"] = DefinedName("Book", attr_text=f"{SHEET}!${_BOOK_CELL[0]}${_BOOK_CELL[1]}")


def questions(rows: Rows, days: list[date]) -> Iterator[Asked]:
    """Every formula asked one cell at a time, and over ranges: ids down, days across."""
    ids = [row["contract_id"] for row in rows["contracts"]][:4]
    line = rows["obligations"][0]
    for formula in catalogue().values():
        if formula.reads_book and formula.arguments[0].kind is Kind.IDS:
            yield from _about_ids(formula, [*ids, f"{line['contract_id']}/{line['obligation_id']}"], days)
        elif formula.name in ("RATABLE_CHECK", "RATABLE_PROBLEMS"):
            yield formula.name, ()
        elif not formula.reads_book and formula.name != "RATABLE_WHY":
            yield formula.name, formula.example[0]


def _about_ids(formula: Formula, ids: list[str], days: list[date]) -> Iterator[Asked]:
    several = sum(argument.kind is Kind.DAY for argument in formula.arguments)
    own = "currency=contract"
    last = days[-1].isoformat()
    for contract in ids:
        yield formula.name, _filled(formula, contract, [days[0].isoformat(), last][-several:], own)
    yield formula.name, _filled(formula, None, ["2025-01", "2026-Q1"][-several:], own)
    yield formula.name, _filled(formula, "no such id", [], own)
    if formula.result == "number":
        across = [[day.isoformat() for day in days]]
        column = [[contract] for contract in ids]
        yield formula.name, _filled(formula, column, [across] * several, own)
        yield formula.name, _filled(formula, column, [last] * several, own)


def _filled(formula: Formula, contract: Any, days: list[Any], filters: str) -> tuple[Any, ...]:
    """Arguments with the days in their places, the filter in its own, all else left out."""
    places, found = iter(days), []
    for argument in formula.arguments[:-1]:
        by_kind = {Kind.IDS: lambda: contract, Kind.DAY: lambda: next(places, None), Kind.FILTERS: lambda: filters}
        found.append(by_kind.get(argument.kind, lambda: None)())
    return tuple(found)


def expected(book: OpenedBook, asked: Asked) -> list[list[Any]]:
    """What the engine answers, as rows of what cells show; an error is a list of its code."""
    try:
        answer = ask(book, asked[0], *asked[1])
    except FormulaError as error:
        answer = error
    rows = answer if isinstance(answer, list) else [[answer]]
    return [[_shown(cell) for cell in row] for row in rows]


def _shown(cell: Any) -> Any:
    if isinstance(cell, FormulaError):
        return [str(cell.code)]
    if isinstance(cell, date):
        return float((cell - date(1899, 12, 30)).days)
    return "" if cell is None else float(cell) if isinstance(cell, int | float) else cell


class Sheet:
    """Formulas written below each other into the first sheet of a workbook, each with the area it fills."""

    def __init__(self, workbook: Workbook, book: OpenedBook, named: bool) -> None:
        """named  whether the formulas name the cell Book, or leave the book blank"""
        self._sheet, self._book, self._named, self._row = workbook[SHEET], book, named, 3
        self.areas: dict[str, tuple[Asked, list[list[Any]]]] = {}

    def write(self, asked: Asked) -> None:
        rows = expected(self._book, asked)
        formula = catalogue()[asked[0]]
        text = written(formula, asked[1])
        if self._named and formula.takes_book:
            blanks = len(formula.arguments) - len(asked[1])
            text = f"{text[:-1]}{',' * (blanks if asked[1] else blanks - 1)}Book)"
        area = f"A{self._row}:{get_column_letter(len(rows[0]))}{self._row + len(rows) - 1}"
        if len(rows) == 1 and len(rows[0]) == 1:
            self._sheet[f"A{self._row}"] = text
            area = f"A{self._row}"
        else:
            self._sheet[f"A{self._row}"] = ArrayFormula(area, text)
        self.areas[area] = (asked, rows)
        self._row += len(rows) + 1


def differing(calc: Calc, document: int, sheet: Sheet) -> list[str]:
    """Cells that Calc shows otherwise than the engine says."""
    found = []
    for area, (asked, rows) in sheet.areas.items():
        shown = calc.values(document, SHEET, area)
        if shown != rows:
            found.append(f"{area} {asked}: {shown!r}, expected {rows!r}"[:400])
    return found


def saved(workbook: Workbook, path: Path) -> Path:
    workbook.save(path)
    return path


def small_workbook(tmp_path: Path, today: date, **changed: Any) -> tuple[Path, OpenedBook]:
    """A workbook of the small book, with the cell Book."""
    rows = {**SMALL, **changed}
    workbook = with_tables(rows)
    name_book(workbook)
    return saved(workbook, tmp_path / "small.xlsx"), opened_book(rows, today)
