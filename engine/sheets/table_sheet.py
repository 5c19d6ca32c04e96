"""One report as a workbook of one sheet, with the look of the close pack: what `--format xlsx` gives."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from pathlib import Path

from engine.reports.table import Column, Table
from engine.sheets import styles
from engine.sheets.binder import Binder, Foot, Progress
from engine.sheets.formulas import Ref, letters
from engine.sheets.listing import Field, Listing, by_currency
from engine.sheets.pack import Period
from engine.sheets.sheet import Heading, Sheet
from engine.sheets.words import head

#: Amounts at a point in time: adding them up over periods would mean nothing.
_NEVER_ADDED = ("opening", "closing")
_LONG = 50


def write_table(
    table: Table,
    path: Path,
    title: str,
    *,
    line: str = "",
    about: str = "",
    version: str = "",
    fingerprint: str = "",
    made_on: date | None = None,
    periods: Sequence[Period] = (),
    totals: Collection[str] | None = None,
    progress: Progress | None = None,
) -> None:
    """Write `table` to `path`, whole or not at all; rows of one currency stand together, with their total below.

    line         above the title: entity, book, day
    about        below the title: what the table answers
    version, fingerprint, made_on
                 for the foot of the page and the properties of the file
    periods      periods that are columns; they are headed by their dates. Others are headed by their label
    totals       the columns to add up; None is every amount but openings and closings
    progress     as for `write_pack`
    raises       TooManyRows, FileInUse, FolderNotWritable
    """
    foot = Foot(
        " · ".join(part for part in (f"Ratable {version}".strip(), title) if part),
        f"Book {fingerprint[:16]}" if fingerprint else "",
    )
    with Binder(title, about, made_on, foot, progress) as binder:
        binder.expect(len(table.rows))
        sheet = binder.add(_sheet_name(title), Heading(line, title, about), styles.NAVY)
        _fill(binder, sheet, table, {period.label: period for period in periods}, totals)
        sheet.finish(None, None)
        binder.save(path)


def _sheet_name(title: str) -> str:
    """`title` as the name of a sheet: 31 characters, none of those a spreadsheet forbids."""
    kept = "".join(" " if character in "[]:*?/\\" or not character.isprintable() else character for character in title)
    return " ".join(kept.split())[:31].strip("' ") or "Table"


def _fill(
    binder: Binder, sheet: Sheet, table: Table, periods: dict[str, Period], totals: Collection[str] | None
) -> None:
    chosen = {name for name in table.names if name not in _NEVER_ADDED} if totals is None else totals
    fields = [_field(table, place, column, periods, chosen) for place, column in enumerate(table.columns)]
    listing = Listing(binder, sheet, fields, one_currency=True)
    listing.header(frozen=1)
    first = sheet.row + 1
    for place, field in enumerate(fields, 1):
        if field.wrap:
            sheet.width(place, 60)
    adds_up = any(field.is_amount and field.foot for field in fields)
    blocks = _blocks(table)
    for currency, rows in blocks.items():
        total = ("Total" if len(blocks) == 1 else f"Total {currency}") if adds_up else ""
        listing.block(currency, [list(row) for row in rows], total=total)
    _judge(sheet, table, first)
    if len(blocks) == 1 and table.rows:
        sheet.worksheet.auto_filter.ref = f"A{first - 1}:{letters(len(fields))}{first + len(table.rows) - 1}"


def _field(table: Table, place: int, column: Column, periods: dict[str, Period], totals: Collection[str]) -> Field:
    """A column of the sheet; texts too long for a line are wrapped."""
    wrap = column.kind == "text" and any(len(str(row[place] or "")) > _LONG for row in table.rows)
    title = periods.get(column.name) or head(column.name, in_period="period" in table.names)
    return Field(title, column.kind, foot=column.name in totals, wrap=wrap)


def _blocks(table: Table) -> dict[str, list[Sequence[object]]]:
    """The rows by currency, in the order currencies come; all in one block if the table knows none."""
    if "currency" not in table.names:
        return {"": list(table.rows)}
    place = table.names.index("currency")
    currencies = list(dict.fromkeys(row[place] for row in table.rows)) or [""]
    return dict(by_currency(table.rows, place, currencies))


def _judge(sheet: Sheet, table: Table, first: int) -> None:
    """Color the results of checks."""
    if "severity" in table.names and table.rows:
        column = table.names.index("severity") + 1
        cells = [Ref(sheet.name, column, first, ""), Ref(sheet.name, column, first + len(table.rows) - 1, "")]
        sheet.judge(cells, styles.word_rules(cells[0].address))
