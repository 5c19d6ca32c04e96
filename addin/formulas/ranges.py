"""Ranges of a sheet as the tables of a book: told by their headers, whatever place in the formula they stand at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from addin.formulas.arguments import Cell, Grid, grid
from addin.formulas.errors import Code, FormulaError
from engine.book import catalogue
from engine.book.cells import Fault, Manner, fold, is_blank, shown
from engine.book.raw import RawTable, SheetPlace, without_blank_rows

_CELLS = (str, bool, int, float, Decimal, dt.date, dt.time, dt.timedelta)


@dataclass(frozen=True)
class PlacedRange:
    """The cells of a table with where they stand, so that problems name the cell: `Obligations!F14`.

    row, column  of the first cell, counted from 1
    from_1904    whether its dates count from 1904, as in workbooks once made on a Macintosh
    """

    cells: Cell
    sheet: str = ""
    row: int = 1
    column: int = 1
    from_1904: bool = False

    @staticmethod
    def of(given: Cell) -> PlacedRange:
        """A range with its place, or without one if that is not known."""
        placed = given if isinstance(given, PlacedRange) else PlacedRange(given)
        return replace(placed, cells=grid(placed.cells))


@dataclass(frozen=True)
class RangePlace:
    """A table of which only the cells are known: `Obligations row 14 end`, its header being row 1."""

    name: str
    headers: Sequence[object]
    rows: Sequence[int]

    def table(self) -> str:
        return self.name

    def header(self, position: int) -> str:
        return f"{self.name} row 1 {shown(self.headers[position])}".rstrip()

    def cell(self, row: int, position: int | None, column: str) -> str:
        return f"{self.name} row {self.rows[row]} {column}".rstrip()


def raw_tables(ranges: Mapping[str, PlacedRange]) -> dict[str, RawTable]:
    """The tables by name.

    ranges  name -> range with a header row, or a blank cell; a name of no table leaves it to the headers
    raises  FormulaError #VALUE! if headers name no table, or two ranges the same
    """
    found: dict[str, RawTable] = {}
    for name, placed in ranges.items():
        rows = placed.cells
        top = next((n for n, row in enumerate(rows) if not all(map(is_blank, row))), None)
        if top is None:
            continue
        table = _named(name, rows[top])
        if table in found:
            raise FormulaError(Code.VALUE, f"two ranges have the headers of {table}; leave one out")
        found[table] = _raw(table, rows, top, placed)
    return found


def _named(given: str, headers: Sequence[object]) -> str:
    """The table whose required columns are all there; of several the one with the most columns there, or as given."""
    there = {fold(shown(header)) for header in headers}
    fits = {name: len(known & there) for name, required, known in _columns() if required <= there}
    by_name = {name.casefold(): name for name in catalogue.table_names()}
    own = by_name.get(given.casefold())
    if not fits:
        if own is None:
            raise FormulaError(Code.VALUE, f"the headers {', '.join(sorted(there))[:200]} are those of no table")
        return own  # the reader says which columns are missing
    return max(fits, key=lambda name: (fits[name], name == own))


@cache
def _columns() -> list[tuple[str, frozenset[str], frozenset[str]]]:
    return [
        (
            name,
            frozenset(fold(column.name) for column in catalogue.columns(name) if column.required or name == "Settings"),
            frozenset(fold(column.name) for column in catalogue.columns(name)),
        )
        for name in catalogue.table_names()
    ]


def _raw(name: str, rows: Grid, top: int, placed: PlacedRange) -> RawTable:
    used = [at for at, header in enumerate(rows[top]) if not is_blank(header)]
    first, last = used[0], used[-1]
    body = rows[top + 1 :]
    headers = rows[top][first : last + 1]
    cells: list[Sequence[object]] = [[_cell(row[at]) for row in body] for at in range(first, last + 1)]
    columns, kept = without_blank_rows(cells, len(body))
    if placed.sheet:
        at = placed.row - 1 + top
        place: SheetPlace | RangePlace = SheetPlace(
            placed.sheet, name, at, placed.column - 1 + first, [at + 1 + row for row in kept]
        )
    else:
        place = RangePlace(name, headers, [top + 2 + row for row in kept])
    return RawTable(name, headers, columns, place, Manner(placed.from_1904))


def _cell(cell: object) -> object:
    """A cell as readers of workbooks give it; an error becomes the fault they know, what no cell can hold its text."""
    if isinstance(cell, FormulaError):
        return Fault(str(cell.code))
    return cell if cell is None or isinstance(cell, _CELLS) else str(cell)
