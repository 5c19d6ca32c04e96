"""The settings of a book: a table of names and values, each checked by the column that describes it."""

from __future__ import annotations

import datetime as dt
import difflib
from typing import Any

from engine.book import catalogue
from engine.book.catalogue import Column
from engine.book.cells import Unreadable, fold, is_blank, shown
from engine.book.columns import read_one
from engine.book.findings import Findings
from engine.book.raw import RawTable
from engine.book.shaping import match_headers
from engine.book.tables import Settings


def read_settings(raw: RawTable | None, findings: Findings) -> tuple[Settings, set[str]]:
    """The settings with their defaults, and the names of those whose value could not be read."""
    values = {} if raw is None or raw.refused else _values(raw, findings)
    return Settings.model_construct(**values), {name for name, value in values.items() if value is _UNREAD}


def resolved(settings: Settings, today: dt.date) -> Settings:
    """With `as_of`: the last month end before `today` where the book names none."""
    return settings if settings.as_of else settings.model_copy(update={"as_of": last_month_end(today)})


def last_month_end(today: dt.date) -> dt.date:
    return today.replace(day=1) - dt.timedelta(1)


def _values(raw: RawTable, findings: Findings) -> dict[str, Any]:
    positions, _ = match_headers(raw, findings)
    missing = [name for name in ("name", "value") if name not in positions]
    if missing:
        findings.of_table(
            "missing-column", "Settings", raw.place.table(), f"no column {' and no column '.join(missing)}",
            "Settings are rows of a name and a value. Add the columns to the header row.",
        )
        return {}
    known = {fold(column.name): column for column in catalogue.settings()}
    first_seen: dict[str, int] = {}
    values: dict[str, Any] = {}
    names, given = (raw.columns[positions[column]] for column in ("name", "value"))
    for row, (name, value) in enumerate(zip(names, given, strict=True)):
        column = known.get(fold(shown(name)))
        where = raw.place.cell(row, positions["name"], "name")
        if column is None:
            _note_unknown(row, where, name, value, known, findings)
        elif column.name in first_seen:
            _note_twice(raw, row, where, column, value, first_seen[column.name], positions["name"], findings)
        else:
            first_seen[column.name] = row
            where = raw.place.cell(row, positions["value"], "value")
            _take(column, value, raw, row, where, values, findings)
    return values


def _take(
    column: Column, value: object, raw: RawTable, row: int, where: str, values: dict[str, Any], findings: Findings
) -> None:
    if is_blank(value) or (column.name == "progress_decimals" and shown(value).casefold() == "none"):
        return
    try:
        read = read_one(column, value, raw.manner)
        if column.kind.value == "whole number":
            if read.denominator != 1:
                raise Unreadable("not-a-number", f"It must be a whole number, {column.limits}.")
            read = int(read)
    except Unreadable as reason:
        found = f"{column.name} {shown(value)}"
        findings.of_setting(reason.name, row, where, found, f"{column.help}. {reason.remedy}")
        unread.add(column.name)
    else:
        values[column.name] = read


def _note_unknown(
    row: int, where: str, name: object, value: object, known: dict[str, Column], findings: Findings
) -> None:
    if is_blank(name):
        findings.of_setting(
            "missing-cell", row, where, f"a value {shown(value)} without a name", "Name the setting, or delete the row."
        )
        return
    near = difflib.get_close_matches(fold(shown(name)), known, 1, 0.6)
    offer = f"Is {known[near[0]].name} meant? " if near else ""
    findings.of_setting(
        "unknown-setting", row, where, f"{shown(name)} {shown(value)}",
        f"{offer}The settings are {', '.join(column.name for column in catalogue.settings())}.",
    )


def _note_twice(
    raw: RawTable, row: int, where: str, column: Column, value: object, first: int, position: int, findings: Findings
) -> None:
    findings.of_setting(
        "duplicate-setting", row, where,
        f"{column.name} {shown(value)}, as already in {raw.place.cell(first, position, 'name')}",
        "Nobody can say which of the two counts. Delete one.",
    )
