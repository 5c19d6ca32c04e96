"""A workbook as the formulas in it need it: its calendar, its tables of a book, and what is known until a cell changes.

Everything here is asked of LibreOffice's document model; nothing of it is imported.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from urllib.request import url2pathname

from .answers import Rows, code

_DAY_ZERO = dt.date(1899, 12, 30)
_MOST_KNOWN = 1_000_000
_SECONDS_BETWEEN_LOOKS = 0.25


class RowsBelow(Exception):
    """Rows stand right below a table and would be left out without a word, as LibreOffice does not stretch tables."""


class Place(NamedTuple):
    """Where a table stands: its sheet, row and column of its first cell counted from 1."""

    sheet: str
    row: int
    column: int


NOWHERE = Place("", 1, 1)


class Saved(NamedTuple):
    """Where a workbook is saved, and what tells that the ledger beside it has changed."""

    path: str
    ledger: tuple[int, int, int] | None


def stamp(path: str) -> tuple[int, int, int] | None:
    """What tells that a file has changed: time, size and place on the disk; None if it is not there."""
    try:
        found = Path(path).stat()
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_size, found.st_ino) if path else None


class Workbook:
    """What is known of one open document, until one of its cells changes.

    zero    days from 1899-12-30 to day zero of its calendar
    text    of the book in its own tables, once a formula has asked for it
    saved   where it was saved and how its ledger stood when a book was read; None before
    known   answers by formula and arguments
    asked   how often a formula was asked about one id at a time, by formula and other arguments
    before  what was known until the last change: true again as far as the book turns out to be the same
    """

    def __init__(self, model: Any, names: Sequence[str], before: Workbook | None = None) -> None:
        self.model, self._names, self.before = model, names, before
        null = model.getPropertyValue("NullDate")
        self.zero = (dt.date(null.Year, null.Month, null.Day) - _DAY_ZERO).days
        self.text: str | None = None
        self.saved: Saved | None = None
        self._look_again = 0.0
        self.known: dict[tuple[str, tuple[Any, ...]], Rows] = {}
        self.asked: dict[tuple[str, tuple[Any, ...]], int] = {}

    def path(self) -> str:
        """Where it is saved: a path, or an address on the web; blank if it is not. (Its URL is blank while it is being
        loaded.)"""
        url = str(self.model.getLocation())
        parts = urlsplit(url)
        if parts.scheme != "file":
            return url
        return (f"//{parts.netloc}" if parts.netloc else "") + url2pathname(parts.path)

    def has_moved(self, ledgers: Mapping[str, str]) -> bool:
        """Whether it was saved elsewhere, or its ledger has changed, since a book was read. It is looked at a few times
        a second at most, so that a sheet of ten thousand cells does not ask the disk as often.

        ledgers  where the ledger of a path is
        """
        now = time.monotonic()
        if self.saved is None or now < self._look_again:
            return False
        self._look_again = now + _SECONDS_BETWEEN_LOOKS
        path = self.path()
        return self.saved != Saved(path, stamp(ledgers.get(path, "")))

    def keep(self, key: tuple[str, tuple[Any, ...]], rows: Rows) -> None:
        """Remember an answer, within bounds."""
        if len(self.known) >= _MOST_KNOWN:
            self.known.clear()
            self.asked.clear()
        self.known[key] = rows

    def blocks(self) -> Iterator[tuple[str, Any]]:
        """The ranges of the tables of a book in the workbook, saved or not, header row first: database ranges by name -
        that is what Excel Tables are in Calc -, else whole sheets.

        raises RowsBelow
        """
        ranges, sheets = self.model.DatabaseRanges, self.model.Sheets
        by_name = {name.casefold(): name for name in ranges.ElementNames}
        by_sheet = {name.casefold(): name for name in sheets.ElementNames}
        for name in self._names:
            # in a workbook with formulas a table may not have the name of one: Billings is BillingsTable there
            own = by_name.get(name.casefold()) or by_name.get(f"{name}table".casefold())
            if own is not None:
                yield name, _of_range(ranges.getByName(own))
            elif name.casefold() in by_sheet:
                yield name, _used(sheets.getByName(by_sheet[name.casefold()]))


def place_among(rows: Rows, blocks: Sequence[Any]) -> Place:
    """Where a range given to a formula stands, if it is one of the workbook's tables: LibreOffice tells an add-in what
    stands in a range, not where."""
    for block in blocks:
        address = block.getRangeAddress()
        size = (address.EndRow - address.StartRow + 1, address.EndColumn - address.StartColumn + 1)
        if size == (len(rows), len(rows[0])) and _header(block) == rows[0]:
            return place(block)
    return NOWHERE


def _of_range(database: Any) -> Any:
    """The cells of a database range, without its row of totals."""
    block = database.getReferredCells()
    address = block.getRangeAddress()
    columns, rows = address.EndColumn - address.StartColumn, address.EndRow - address.StartRow
    if database.TotalsRow and rows > 0:
        return block.getCellRangeByPosition(0, 0, columns, rows - 1)
    sheet = block.getSpreadsheet()
    below = address.EndRow + 1
    if below <= sheet.getRangeAddress().EndRow:
        row = sheet.getCellRangeByPosition(address.StartColumn, below, address.EndColumn, below).getDataArray()[0]
        if any(cell != "" for cell in row):
            raise RowsBelow(
                f"rows stand right below the table {database.Name}, outside of it ({sheet.Name}, row {below + 1}), and "
                "would not count. Insert rows inside the table and move them there, or widen it: Data, Define Range."
            )
    return block


def _used(sheet: Any) -> Any:
    """A sheet as far as it is used: from the first filled cell to the last."""
    cursor = sheet.createCursor()
    cursor.gotoStartOfUsedArea(False)
    cursor.gotoEndOfUsedArea(True)
    return cursor


def _header(block: Any) -> tuple[Any, ...]:
    address = block.getRangeAddress()
    found: tuple[Any, ...] = block.getCellRangeByPosition(
        0, 0, address.EndColumn - address.StartColumn, 0
    ).getDataArray()[0]
    return found


def place(block: Any) -> Place:
    """Where a range stands."""
    address = block.getRangeAddress()
    return Place(block.getSpreadsheet().Name, address.StartRow + 1, address.StartColumn + 1)


def cells(block: Any) -> list[list[Any]]:
    """The values of a range, an error as the object that stands for it."""
    return [
        [_error_at(block, across, down) if cell is None else cell for across, cell in enumerate(row)]
        for down, row in enumerate(block.getDataArray())
    ]


def _error_at(block: Any, across: int, down: int) -> dict[str, str]:
    return {"code": code(block.getCellByPosition(across, down).getError())}
