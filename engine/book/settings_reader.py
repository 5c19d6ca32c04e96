"""The settings of a book: a table of names and values, each checked by the column that describes it."""

from __future__ import annotations

import datetime as dt
import difflib
from dataclasses import dataclass, field
from typing import Any

from engine.book import catalogue
from engine.book.catalogue import Column
from engine.book.cells import Unreadable, fold, is_blank, shown
from engine.book.columns import read_one
from engine.book.field import Kind
from engine.book.findings import Findings
from engine.book.raw import RawTable
from engine.book.shaping import match_headers
from engine.book.tables import Settings


@dataclass
class GivenSettings:
    """What the table says: values by name, and the names of those that could not be read, whose problem is noted."""

    values: dict[str, Any] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)

    @property
    def settings(self) -> Settings:
        """With defaults where nothing is given; `as_of` may be left open."""
        return Settings.model_construct(**self.values)

    @property
    def reporting_currency(self) -> str | None:
        """None if it could not be read, so that nothing is concluded from the default."""
        return None if "reporting_currency" in self.unread else self.settings.reporting_currency


def resolved(settings: Settings, today: dt.date) -> Settings:
    """With `as_of`: the last month end before `today` where the book names none."""
    return settings if settings.as_of else settings.model_copy(update={"as_of": today.replace(day=1) - dt.timedelta(1)})


def read_settings(raw: RawTable | None, findings: Findings) -> GivenSettings:
    """Read the table; what is wrong with it is noted."""
    given = GivenSettings()
    if raw is None:
        return given
    positions = {} if raw.refused else match_headers(raw, findings)[0]
    missing = [name for name in ("name", "value") if name not in positions]
    if missing:
        given.unread.update(Settings.model_fields)
        if not raw.refused:
            _note_missing(raw, missing, findings)
        return given
    _read_rows(raw, positions["name"], positions["value"], given, findings)
    return given


def _read_rows(raw: RawTable, names: int, values: int, given: GivenSettings, findings: Findings) -> None:
    known = {fold(column.name): column for column in catalogue.settings()}
    first: dict[str, str] = {}
    for row, (name, value) in enumerate(zip(raw.columns[names], raw.columns[values], strict=True)):
        column = known.get(fold(shown(name)))
        where = raw.place.cell(row, names, "name")
        if column is None:
            _note_unknown(row, where, name, value, known, findings)
        elif column.name in first:
            findings.of_setting(
                "duplicate-setting",
                row,
                where,
                f"{column.name} {shown(value)}, as already in {first[column.name]}",
                "Nobody can say which of the two counts. Delete one.",
            )
        else:
            first[column.name] = where
            _take(column, value, raw, row, raw.place.cell(row, values, "value"), given, findings)


def _take(
    column: Column, value: object, raw: RawTable, row: int, where: str, given: GivenSettings, findings: Findings
) -> None:
    if is_blank(value) or shown(value).casefold() == column.default == "none":
        return
    try:
        read = read_one(column, value, raw.manner)
        if column.kind is Kind.WHOLE:
            if read.denominator != 1:
                raise Unreadable("not-a-number", f"It must be a whole number, {column.limits}.")
            read = int(read)
    except Unreadable as reason:
        found = f"{column.name} {shown(value)}"
        findings.of_setting(reason.name, row, where, found, f"{column.help}. {reason.remedy}")
        given.unread.add(column.name)
    else:
        given.values[column.name] = read


def _note_missing(raw: RawTable, missing: list[str], findings: Findings) -> None:
    findings.of_table(
        "missing-column",
        "Settings",
        raw.place.table(),
        f"no column {' and no column '.join(missing)}",
        "Settings are rows of a name and a value. Add the columns to the header row.",
    )


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
        "unknown-setting",
        row,
        where,
        f"{shown(name)} {shown(value)}",
        f"{offer}The settings are {', '.join(column.name for column in catalogue.settings())}.",
    )
