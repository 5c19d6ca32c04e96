"""The rows of a book as bytes, so that what a period was closed on can be read again years later, cell by cell.

Cells are kept as read - typed, in minor units, checked - and not as the file had them: a later version that reads
files otherwise must not read a closed period otherwise. Columns that hold nothing but their default are left out.
"""

from __future__ import annotations

import datetime as dt
import json
import zlib
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from engine.book import catalogue
from engine.book.book import Book, Rows
from engine.book.tables import TABLES, Settings

_TYPES: dict[type, str] = {bool: "yes_no", int: "whole", str: "text", dt.date: "day", Fraction: "number"}
_MIXED = "mixed"
_WRITTEN: dict[str, Callable[[Any], Any]] = {"day": dt.date.isoformat, "number": str}
_READ: dict[str, Callable[[Any], Any]] = {"day": dt.date.fromisoformat, "number": Fraction}


def kept(book: Book) -> bytes:
    """Settings and all rows of a book, compressed."""
    content = {
        "fingerprint": book.fingerprint,
        "settings": {name: _column([value]) for name, value in book.settings if value is not None},
        "tables": {name: _table(name, getattr(book, name.lower())) for name in TABLES if name != "Settings"},
    }
    return zlib.compress(json.dumps(content, separators=(",", ":"), sort_keys=True, ensure_ascii=False).encode("utf-8"))


def _table(name: str, rows: Rows[Any]) -> dict[str, Any]:
    defaults = {column.field: column.default_value for column in catalogue.columns(name)}
    columns = {
        column: _column(cells)
        for column, cells in rows.columns.items()
        if cells.count(defaults.get(column)) < len(cells) or column not in defaults
    }
    return {"rows": len(rows), "columns": columns}


def _column(cells: list[Any]) -> list[Any]:
    """[type of the cells, cells]; where cells of a column are of several types, each is a column of its own."""
    kinds = {_TYPES[type(cell)] for cell in cells if cell is not None} or {"text"}
    if len(kinds) > 1:
        return [_MIXED, [_column([cell]) for cell in cells]]
    (kind,) = kinds
    written = _WRITTEN.get(kind)
    return [kind, cells if written is None else [None if cell is None else written(cell) for cell in cells]]


def book_of(content: bytes, name: str) -> Book:
    """The book that was kept; `name` says where its cells stand, as "as closed 2026-03"."""
    found = json.loads(zlib.decompress(content))
    given = {field: _cells(column)[0] for field, column in found["settings"].items() if field in Settings.model_fields}
    tables: dict[str, Any] = {
        table.lower(): _rows(table, found["tables"].get(table), name) for table in TABLES if table != "Settings"
    }
    return Book(settings=Settings(**given), fingerprint=found["fingerprint"], **tables)


def _rows(table: str, content: dict[str, Any] | None, name: str) -> Rows[Any]:
    count = content["rows"] if content else 0
    columns = {column.field: [column.default_value] * count for column in catalogue.columns(table)}
    columns |= {column: _cells(cells) for column, cells in (content["columns"] if content else {}).items()}
    return Rows(TABLES[table], columns, lambda row, column: f"{table} row {row + 1} {column} {name}")


def _cells(column: list[Any]) -> list[Any]:
    kind, cells = column
    if kind == _MIXED:
        return [_cells(cell)[0] for cell in cells]
    read = _READ.get(kind)
    if read is None:
        return list(cells)
    once = {cell: read(cell) for cell in set(cells) - {None}}
    return [once.get(cell) for cell in cells]
