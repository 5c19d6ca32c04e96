"""How an answer looks on a terminal, in CSV, in JSON and in a workbook."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from engine.book.currencies import DECIMALS
from engine.reports.table import Column, Table

#: columns that stay on the left when a wide table is folded
_KEYS = 2


def money(minor: int, decimals: int) -> str:
    """Whole minor units as a plain decimal: -1234.50."""
    sign, size = "-" if minor < 0 else "", abs(minor)
    whole, part = divmod(size, 10**decimals)
    return f"{sign}{whole}.{part:0{decimals}d}" if decimals else f"{sign}{whole}"


def plain(table: Table) -> list[list[Any]]:
    """Rows as JSON and CSV show them: money as decimal text, dates ISO, blanks None."""
    return [
        [_plain(column, cell, decimals) for column, cell in zip(table.columns, row, strict=True)]
        for row, decimals in _rows(table)
    ]


def _rows(table: Table) -> list[tuple[Sequence[Any], int]]:
    place = table.names.index("currency") if "currency" in table.names else None
    return [(row, 2 if place is None else DECIMALS.get(row[place], 2)) for row in table.rows]


def _plain(column: Column, cell: Any, decimals: int) -> Any:
    if cell is None:
        return None
    if column.kind == "money":
        return money(cell, decimals)
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell) if isinstance(cell, Decimal) else cell


def as_json(table: Table) -> str:
    return json.dumps({"columns": list(table.names), "rows": plain(table)}, ensure_ascii=False) + "\n"


def as_csv(table: Table) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table.names)
    writer.writerows(plain(table))
    return text.getvalue()


def as_text(table: Table, width: int | None = None) -> str:
    """Aligned for a terminal; a table wider than `width` is folded below itself, its first columns repeated."""
    if not table.rows:
        return "Nothing to show.\n"
    columns = _shown(table)
    width = width or shutil.get_terminal_size((120, 40)).columns
    parts = []
    for numbers in _folds([max(map(len, cells)) for cells, _ in columns], width):
        parts.append("\n".join(_line([columns[n] for n in numbers], row) for row in range(len(table.rows) + 2)))
    return "\n\n".join(parts) + "\n"


def _shown(table: Table) -> list[tuple[list[str], bool]]:
    """Each column as text with its heading and rule, and whether it is aligned right."""
    rows = _rows(table)
    found = []
    for number, column in enumerate(table.columns):
        cells = [_readable(column, row[number], decimals) for row, decimals in rows]
        length = max(len(text) for text in [column.name, *cells])
        found.append(([column.name, "-" * length, *cells], column.kind in ("money", "number", "integer")))
    return found


def _readable(column: Column, cell: Any, decimals: int) -> str:
    if cell is None:
        return ""
    if column.kind == "money":
        return f"{Decimal(cell) / 10**decimals:,.{decimals}f}" if cell else "-"
    text = str(_plain(column, cell, decimals))
    return " ".join(text.split())


def _line(columns: Sequence[tuple[list[str], bool]], row: int) -> str:
    cells = []
    for texts, right in columns:
        length = max(map(len, texts))
        cells.append(texts[row].rjust(length) if right else texts[row].ljust(length))
    return "  ".join(cells).rstrip()


def _folds(lengths: Sequence[int], width: int) -> list[list[int]]:
    """Column numbers of each fold: the keys, then as many others as fit."""
    keys = list(range(min(_KEYS, len(lengths))))
    room = sum(lengths[n] + 2 for n in keys)
    folds, used = [keys[:]], room
    for number in range(len(keys), len(lengths)):
        if used + lengths[number] > width and len(folds[-1]) > len(keys):
            folds.append(keys[:])
            used = room
        folds[-1].append(number)
        used += lengths[number] + 2
    return folds
