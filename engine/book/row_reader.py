"""Rows that a program holds as the tables of a book: what a folder of CSV files would say, with typed cells allowed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from engine.book import catalogue
from engine.book.cells import Manner
from engine.book.findings import Findings
from engine.book.raw import FilePlace, RawTable, without_blank_rows
from engine.book.reading_problems import note_table_names

Tables = Mapping[str, Any]  # name -> rows; settings also as a mapping or as pairs
_CELLS = (str, bool, int, float, Decimal, dt.date, dt.time, dt.timedelta, type(None))


def read_rows(tables: Tables, from_1904: bool, findings: Findings) -> dict[str, RawTable]:
    """The tables by name; names compare without regard to case."""
    by_name = {name.casefold(): name for name in catalogue.table_names()}
    found: dict[str, RawTable] = {}
    others = []
    for given, rows in tables.items():
        name = by_name.get(given.strip().casefold())
        if name is None:
            others.append(given)
        elif rows is not None:
            found[name] = _table(name, _rows(name, rows), Manner(from_1904))
    note_table_names(others, found, "table", findings)
    return found


def _rows(name: str, rows: Any) -> Iterable[Mapping[str, object]]:
    if name != "Settings":
        return list(rows)
    pairs = rows.items() if isinstance(rows, Mapping) else rows
    return [row if isinstance(row, Mapping) else dict(zip(("name", "value"), row, strict=True)) for row in pairs]


def _table(name: str, rows: Iterable[Mapping[str, object]], manner: Manner) -> RawTable:
    rows = list(rows)
    headers = list(dict.fromkeys(header for row in rows for header in row))
    if not rows:
        headers = [column.name for column in catalogue.columns(name)]
    cells: list[Sequence[object]] = [[_cell(row.get(header)) for row in rows] for header in headers]
    columns, kept = without_blank_rows(cells, len(rows))
    place = FilePlace(f"{name.lower()}.csv", 1, headers, [row + 2 for row in kept])
    return RawTable(name, headers, columns, place, manner)


def _cell(cell: object) -> object:
    """A cell of a kind the readers know; anything else by its text."""
    return cell if isinstance(cell, _CELLS) else str(cell)
