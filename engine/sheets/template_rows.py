"""The tables of a book on their way into a file: headers in order, settings complete, every cell ready to write."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from engine.book import catalogue
from engine.book.catalogue import Column
from engine.book.currencies import DECIMALS
from engine.book.field import Kind
from engine.book.tables import Settings

#: Table name -> rows of column -> cell, text or typed, as `engine.book.reading.book_from_rows` takes them.
TableRows = Mapping[str, Iterable[Mapping[str, object]]]
Typed = str | int | float | date | None

HELP = "help"
NUMBERS = (Kind.MONEY, Kind.PRICE, Kind.NUMBER, Kind.WHOLE, Kind.PERCENT)
_PLAIN_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]+)?")
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class FilledTable:
    """One table: the columns the book knows, those of the user's own, and its rows.

    describing  what describes each cell: the column, or of a value in Settings the setting it is the value of
    decimals    of each row's currency
    """

    name: str
    columns: tuple[Column, ...]
    own: tuple[str, ...]
    rows: Sequence[Sequence[object]]
    describing: Sequence[Sequence[Column | None]]
    decimals: Sequence[int]

    @property
    def headers(self) -> tuple[str, ...]:
        return (*(column.name for column in self.columns), *self.own)


def fill(given: TableRows) -> dict[str, FilledTable]:
    """Every table of a book, in the order of their sheets; those not given are empty, settings stand at their default.

    raises ValueError for a table the book does not know
    """
    by_name = {name.casefold(): name for name in catalogue.table_names()}
    rows: dict[str, list[Mapping[str, object]]] = {name: [] for name in catalogue.table_names()}
    for name, table in given.items():
        if name.casefold() not in by_name:
            raise ValueError(f"a book has no table {name}; its tables are {', '.join(catalogue.table_names())}")
        rows[by_name[name.casefold()]] = list(table)
    settings = _settings(rows["Settings"])
    reporting = _reporting_currency(settings)
    currencies = {
        str(row.get("contract_id") or ""): str(row.get("currency") or reporting).upper() for row in rows["Contracts"]
    }
    filled = {"Settings": settings}
    for name in catalogue.table_names():
        if name != "Settings":
            filled[name] = _table(name, rows[name], currencies, reporting)
    return filled


def _settings(rows: Sequence[Mapping[str, object]]) -> FilledTable:
    """Every setting with its value and help; unknown names stay as they are, for the reader to point out."""
    values = {str(row.get("name") or ""): row.get("value") for row in rows}
    known = {column.name: column for column in catalogue.settings()}
    name, value = catalogue.columns("Settings")
    cells: list[tuple[object, ...]] = [
        (each, values.get(each, _default(column)), setting_help(column)) for each, column in known.items()
    ]
    cells += [(each, found, "") for each, found in values.items() if each not in known]
    describing = [(name, known.get(str(row[0])), None) for row in cells]
    return FilledTable("Settings", (name, value), (HELP,), cells, describing, [2] * len(cells))


def _default(column: Column) -> object:
    return "" if column.default_value is None else column.default


def setting_help(column: Column) -> str:
    """What a setting means, the words it takes, and what a blank value stands for."""
    allowed = f": {', '.join(column.allowed)}" if column.allowed else f", {column.limits}" if column.limits else ""
    blank = f" (blank: {column.default})" if column.default_value is None and column.default else ""
    return f"{column.help}{allowed}{blank}"


def _reporting_currency(settings: FilledTable) -> str:
    values = {str(row[0]): str(row[1] or "").strip().upper() for row in settings.rows}
    default: str = Settings.model_fields["reporting_currency"].default
    return values["reporting_currency"] or default


def _table(
    name: str, rows: Sequence[Mapping[str, object]], currencies: Mapping[str, str], reporting: str
) -> FilledTable:
    columns = catalogue.columns(name)
    known = {column.field: column for column in columns} | {column.name: column for column in columns}
    own = tuple(dict.fromkeys(key for row in rows for key in row if key not in known))
    cells = [[*(row.get(c.name, row.get(c.field)) for c in columns), *(row.get(key) for key in own)] for row in rows]
    describing = [[*columns, *(None for _ in own)]] * len(rows)
    codes = [currencies.get(str(row.get("contract_id") or ""), reporting) for row in rows]
    return FilledTable(name, columns, own, cells, describing, [DECIMALS.get(code, 2) for code in codes])


# ---- cells


def typed(column: Column | None, cell: object) -> Typed:
    """A cell as a spreadsheet holds it: real dates and numbers, ids and words as text; None if blank.

    What cannot be taken as its column's kind stays text, for the reader to point out.
    """
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return None
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    kind = column.kind if column else None
    if isinstance(cell, datetime | date):
        return _day(cell, kind)
    if kind in NUMBERS or (kind is None and not isinstance(cell, str)):
        return _number(cell)
    if kind is Kind.DAY:
        return _day_of_text(str(cell))
    return as_text(cell)


def _day(cell: date, kind: Kind | None) -> Typed:
    day = cell.date() if isinstance(cell, datetime) else cell
    return day if kind in (Kind.DAY, None) else day.isoformat()


def _day_of_text(text: str) -> Typed:
    try:
        return date.fromisoformat(text.strip()) if _ISO_DAY.fullmatch(text.strip()) else text
    except ValueError:
        return text


def _number(cell: object) -> Typed:
    """A number a spreadsheet holds exactly as it was written, or else the text."""
    if isinstance(cell, float | int) and abs(cell) < 1e15:
        return int(cell) if cell == int(cell) else cell
    text = as_text(cell).strip()
    if not _PLAIN_NUMBER.fullmatch(text):
        return text
    number = Decimal(text)
    if number == int(number):
        return int(number)
    return float(number) if Decimal(format(float(number), ".15g")) == number else text


def as_text(cell: object) -> str:
    """A cell as a person types it and a CSV file holds it: ISO dates, plain decimals, yes and no."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, float):
        cell = Decimal(format(cell, ".15g"))
    if isinstance(cell, Decimal):
        return format(cell, "f")
    return str(cell)
