"""A table while it is being checked: typed columns, the cells that could not be read, and the words for messages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from typing import Any

from engine.book import catalogue
from engine.book.cells import shown
from engine.book.field import Kind
from engine.book.raw import RawTable

_KEYS = {
    "Contracts": ("contract_id", "customer"),
    "Obligations": ("contract_id", "obligation_id"),
    "Billings": ("document_id", "contract_id", "date", "amount"),
    "Events": ("event_id", "contract_id", "obligation_id", "type", "date"),
    "Estimates": ("contract_id", "obligation_id", "kind", "date", "amount"),
    "Openings": ("contract_id", "obligation_id", "cut_over"),
    "Rates": ("date", "from_currency", "to_currency", "rate"),
    "Accounts": ("role", "account"),
    "Costs": ("cost_id", "contract_id", "date", "amount"),
    "Ledger": ("account", "date", "balance"),
    "Judgments": ("judgment_id", "contract_id", "what"),
}


@dataclass
class Draft:
    """One table on its way into the book.

    columns    every column of the model, and further ones as text
    further    the names of the further ones
    raw        the table as found; None if the book has no such table
    positions  field -> position of its column in the file
    absent     required columns the file does not have: nothing can be said about their cells
    decimals   of each row's currency, or of all
    kept       rows of the table as found that are left, if some were left out
    broken     field -> rows whose cell could not be read or is missing though required; their problem is already noted
    """

    name: str
    columns: dict[str, list[Any]]
    raw: RawTable | None = None
    positions: dict[str, int] = field(default_factory=dict)
    absent: set[str] = field(default_factory=set)
    broken: dict[str, set[int]] = field(default_factory=dict)
    further: list[str] = field(default_factory=list)
    decimals: int | list[int] = 2
    kept: list[int] | None = None

    def __len__(self) -> int:
        if self.kept is not None:
            return len(self.kept)
        return len(self.raw) if self.raw else 0

    def __getitem__(self, column: str) -> list[Any]:
        return self.columns[column]

    @property
    def order(self) -> int:
        return catalogue.table_names().index(self.name)

    def has(self, column: str) -> bool:
        """Does the file have the column? Without it every cell is blank, and most checks have nothing to do."""
        return column in self.positions and len(self) > 0

    def unread(self, row: int, *columns: str) -> bool:
        """Is one of the cells already reported, so that nothing more can be said of it?"""
        if not self.broken and not self.absent:
            return False
        return any(column in self.absent or row in self.broken.get(column, ()) for column in columns)

    def mark(self, row: int, column: str) -> None:
        """Remember that a problem of the cell is noted."""
        self.broken.setdefault(column, set()).add(row)

    def rows_unread(self, *columns: str) -> set[int]:
        """The rows with a reported cell in one of the columns."""
        return {row for column in columns for row in self.broken.get(column, ())}

    def keep(self, rows: list[int]) -> None:
        """Leave out all other rows."""
        self.kept = rows if self.kept is None else [self.kept[row] for row in rows]
        self.columns = {name: [cells[row] for row in rows] for name, cells in self.columns.items()}
        if isinstance(self.decimals, list):
            self.decimals = [self.decimals[row] for row in rows]

    def where(self, row: int, column: str) -> str:
        """The address of a cell."""
        if self.raw is None:
            return self.name
        row = row if self.kept is None else self.kept[row]
        return self.raw.place.cell(row, self.positions.get(column), header(self.name, column))

    def found(self, row: int, *columns: str) -> str:
        """The row in words: its ids, then the cells in question with their names."""
        ids = [self._key(row, key) for key in _KEYS[self.name] if key not in columns]
        cells = [f"{header(self.name, column)} {self.text(row, column) or '(blank)'}" for column in columns]
        return "   ".join(["  ".join(filter(None, ids)), *cells]).strip()

    def text(self, row: int, column: str) -> str:
        """A cell as a person would write it."""
        value = self.columns[column][row] if column in self.columns else None
        if value is None or self.unread(row, column):
            return self._as_found(row, column)
        kind = _kinds(self.name).get(column, Kind.TEXT)
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, int) and kind in (Kind.MONEY, Kind.PRICE):
            text = money(value, self.decimals_of(row))
            return text[:-2] if self.decimals_of(row) == 4 and text.endswith("00") else text  # of an unknown contract
        return number(value) if isinstance(value, Fraction) else str(value)

    def decimals_of(self, row: int) -> int:
        return self.decimals[row] if isinstance(self.decimals, list) else self.decimals

    def _key(self, row: int, column: str) -> str:
        return self.text(row, column) if self.raw and column in self.positions else ""

    def _as_found(self, row: int, column: str) -> str:
        if self.raw is None or column not in self.positions:
            return ""
        text = shown(self.raw.columns[self.positions[column]][row])
        return text if len(text) <= 60 else text[:57] + "..."


@cache
def header(table: str, column: str) -> str:
    """The name of a column as its header has it."""
    return next((each.name for each in catalogue.columns(table) if each.field == column), column)


@cache
def _kinds(table: str) -> dict[str, Kind]:
    return {column.field: column.kind for column in catalogue.columns(table)}


def money(minor: int, decimals: int) -> str:
    """Minor units as a person writes them: 18,000.00."""
    whole, rest = divmod(abs(minor), 10**decimals)
    sign = "-" if minor < 0 else ""
    return f"{sign}{whole:,}.{rest:0{decimals}d}" if decimals else f"{sign}{whole:,}"


def number(value: Fraction) -> str:
    """A quantity as a person writes it."""
    if value.denominator == 1:
        return f"{value.numerator:,}"
    return format(float(value), ",.10g")


def day(value: dt.date) -> str:
    return value.isoformat()


def listed(words: Iterable[str], last: str = "and") -> str:
    """Words in a row: `a, b and c`."""
    words = list(words)
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}" if words else ""


def empty_draft(name: str, model_fields: Sequence[str]) -> Draft:
    """The draft of a table the book does not have."""
    return Draft(name, {column: [] for column in model_fields})
