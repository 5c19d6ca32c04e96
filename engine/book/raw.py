"""A table as it was found: its header, its columns of untouched cells, and where every cell stands in the file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from engine.book.cells import Manner, is_blank


class Place(Protocol):
    """Where a table stands, for addresses a person can find."""

    def table(self) -> str:
        """The table as a whole, as `Billings` or `billings.csv`."""

    def header(self, position: int) -> str:
        """The header of the column at that position."""

    def cell(self, row: int, position: int | None, column: str) -> str:
        """A cell of a row; without a position (the file has no such column) the row itself."""


def letters(column: int) -> str:
    """Excel's name of a column, counted from 0: A, B ... Z, AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


@dataclass(frozen=True)
class SheetPlace:
    """A table on a sheet: addresses like `Obligations!F14`."""

    sheet: str
    name: str
    header_row: int  # counted from 0
    first_column: int
    rows: Sequence[int]  # of each row of the table, counted from 0

    def table(self) -> str:
        return self.name

    def header(self, position: int) -> str:
        return f"{self._sheet}!{letters(self.first_column + position)}{self.header_row + 1}"

    def cell(self, row: int, position: int | None, column: str) -> str:
        return f"{self._sheet}!{letters(self.first_column + (position or 0))}{self.rows[row] + 1}"

    @property
    def _sheet(self) -> str:
        plain = self.sheet.replace("_", "").isalnum() and not self.sheet[:1].isdigit()
        return self.sheet if plain else "'" + self.sheet.replace("'", "''") + "'"


@dataclass(frozen=True)
class FilePlace:
    """A table in a CSV file: addresses like `obligations.csv:14 end`."""

    file: str
    header_line: int
    headers: Sequence[str]
    lines: Sequence[int]

    def table(self) -> str:
        return self.file

    def header(self, position: int) -> str:
        return f"{self.file}:{self.header_line} {self.headers[position]}".rstrip()

    def cell(self, row: int, position: int | None, column: str) -> str:
        return f"{self.file}:{self.lines[row]} {column}".rstrip()


@dataclass(frozen=True)
class RawTable:
    """One table of a file before anything is read into its cells. Blank rows are left out already.

    refused  the table is there but could not be read, which is noted; nothing can be said about its rows
    """

    name: str
    headers: Sequence[object]
    columns: Sequence[Sequence[object]]
    place: Place
    manner: Manner = field(default_factory=Manner)
    refused: bool = False

    def __len__(self) -> int:
        return len(self.columns[0]) if self.columns else 0


def rows_with_content(columns: Sequence[Sequence[object]], count: int) -> Sequence[int]:
    """The rows that are not blank from end to end."""
    blank: Sequence[int] = range(count)
    for cells in columns:
        blank = [row for row in blank if not (cell := cells[row]) or (cell.__class__ is str and _may_be_blank(cell))]
        blank = [row for row in blank if is_blank(cells[row])]
        if not blank:
            return range(count)
    left_out = set(blank)
    return [row for row in range(count) if row not in left_out]


_may_be_blank = re.compile(r"[\s\u200b\u200c\u200d\u2060\ufeff]").match  # far fewer cells than those of text


def without_blank_rows(columns: Sequence[Sequence[object]], count: int) -> tuple[list[Sequence[object]], Sequence[int]]:
    """The columns without blank rows, and which rows are left."""
    kept = rows_with_content(columns, count)
    if len(kept) == count:
        return list(columns), kept
    return [[cells[row] for row in kept] for cells in columns], kept
