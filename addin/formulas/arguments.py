"""Arguments as cells give them - text, numbers, dates, ranges, blanks, errors - read as the engine wants them."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from typing import Any

from addin.formulas.errors import Code, FormulaError
from engine.book.cells import FIRST_DAY, LAST_DAY, Manner, Unreadable, is_blank, read_number, shown
from engine.schedule.calendar import Calendar, OutsideYears, Span

#: A cell's value - None, text, number, bool, date or a FormulaError - or a range of them, row by row.
Cell = Any

#: The days formulas answer about: those a book can hold.
_SERIAL_ZERO = dt.date(1899, 12, 30)
_LEAP_DAY_THAT_NEVER_WAS = 60  # Excel counts a 29 February 1900; serial numbers before it are one day off
_YEARS = range(1900, 2200)
#: A range larger than this is a mistake: a whole column of cells times a row of dates, for one.
MOST_CELLS = 2_000_000


class Kind(StrEnum):
    """What an argument is, for the programs that hand it over.

    A range of ids, days, numbers or words is answered cell by cell; the others take their range as a whole.
    """

    IDS = "ids"
    DAY = "day"
    NUMBER = "number"
    WORD = "word"
    NUMBERS = "numbers"
    FILTERS = "filters"
    TABLE = "table"
    BOOK = "book"
    CELL = "cell"


Grid = Sequence[Sequence[Any]]


def is_range(value: object) -> bool:
    return isinstance(value, list | tuple) or hasattr(value, "tolist")


def grid(value: Cell) -> Grid:
    """A range as rows of cells; one cell is a range of one, a flat sequence one row.

    raises FormulaError #VALUE! for an empty or ragged one, #NUM! for one that is too large
    """
    if hasattr(value, "tolist"):
        value = value.tolist()
    if not isinstance(value, list | tuple):
        return ((value,),)
    rows: Grid = value if value and isinstance(value[0], list | tuple) else (value,)
    width = len(rows[0])
    if not width or not set(map(type, rows)) <= {list, tuple} or set(map(len, rows)) != {width}:
        raise FormulaError(Code.VALUE, "a range must have cells, and as many in every row")
    if len(rows) * width > MOST_CELLS:
        raise FormulaError(Code.NUMBER, f"a range of more than {MOST_CELLS:,} cells; name a smaller one")
    return rows


def single(value: Cell, name: str) -> Cell:
    """The one cell of an argument that takes no range.

    raises FormulaError #VALUE!, or the error the cell shows
    """
    if is_range(value):
        rows = grid(value)
        if len(rows) > 1 or len(rows[0]) > 1:
            raise FormulaError(Code.VALUE, f"{name} must be one cell, not a range")
        value = rows[0][0]
    if isinstance(value, FormulaError):
        raise value
    return value


def flat(value: Cell) -> Iterator[Any]:
    """The cells of a range, row by row; of a single value, itself.

    raises FormulaError: the first error among them
    """
    for row in grid(value):
        for cell in row:
            if isinstance(cell, FormulaError):
                raise cell
            yield cell


def day_span(value: object, calendar: Calendar) -> Span:
    """Days of a date, a serial number or a label such as 2026-Q1.

    raises FormulaError #NUM! for days that do not exist, #VALUE! for anything that is no day
    """
    if isinstance(value, str):
        return _labelled(value, calendar)
    if isinstance(value, FormulaError):
        raise value
    if isinstance(value, dt.datetime):
        value = value.date()
    if isinstance(value, dt.date):
        return _within(Span(value, value), value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        day = _day_of_serial(value)
        return Span(day, day)
    raise FormulaError(Code.VALUE, f"{shown(value)[:80]} is neither a day nor a period")


@lru_cache(maxsize=4096)
def _labelled(text: str, calendar: Calendar) -> Span:
    try:
        return calendar.span(text)
    except OutsideYears as problem:
        raise FormulaError(Code.NUMBER, str(problem)) from None
    except (ValueError, OverflowError) as problem:
        raise FormulaError(Code.VALUE, str(problem)[:200]) from None


def _within(found: Span, value: object) -> Span:
    if found.first < FIRST_DAY or found.last > LAST_DAY:
        raise FormulaError(Code.NUMBER, f"{value} lies outside the years 1900 to 2199")
    return found


def _day_of_serial(serial: float) -> dt.date:
    """A time of day is left out: the balance is at the close of the day."""
    if not math.isfinite(serial) or not 1 <= serial < (LAST_DAY - _SERIAL_ZERO).days + 1:
        raise FormulaError(Code.NUMBER, f"{shown(serial)[:40]} is no serial number of a day")
    days = int(serial)
    if days == _LEAP_DAY_THAT_NEVER_WAS:
        raise FormulaError(Code.NUMBER, "there was no 29 February 1900")
    if serial == days and days in _YEARS:
        raise FormulaError(Code.VALUE, f"{days} looks like a year; write FY{days}, or a date")
    return _SERIAL_ZERO + dt.timedelta(days + (days < _LEAP_DAY_THAT_NEVER_WAS))


def identity(cell: object) -> str:
    """The id in a cell: its text, trimmed; a whole number is the id of its digits.

    raises FormulaError #VALUE! for what is no id
    """
    if isinstance(cell, bool | dt.date | dt.time):
        raise FormulaError(Code.VALUE, f"{shown(cell)} is no id; ids are text")
    return shown(cell)


def number(value: Cell, name: str) -> Fraction:
    """The exact number in a cell.

    raises FormulaError #VALUE!
    """
    cell = single(value, name)
    try:
        found = read_number(cell, Manner())
    except Unreadable as problem:
        raise FormulaError(Code.VALUE, f"{name} must be a number, not {shown(cell)[:80]!r}: {problem.remedy}") from None
    if found is None:
        raise FormulaError(Code.VALUE, f"{name} must be a number, not blank")
    return found


def count(value: Cell, name: str, default: int, most: int) -> int:
    """A whole number from 0 to `most`; blank is `default`.

    raises FormulaError #VALUE! for no number, #NUM! for one outside
    """
    cell = single(value, name)
    if is_blank(cell):
        return default
    found = number(cell, name)
    if found.denominator != 1 or not 0 <= found <= most:
        raise FormulaError(Code.NUMBER, f"{name} must be a whole number from 0 to {most}, not {shown(cell)[:40]}")
    return int(found)


def word(value: Cell, name: str, default: str, allowed: Sequence[str] = ()) -> str:
    """A word in lower case; blank is `default`.

    raises FormulaError #VALUE! for a word that is not allowed, where `allowed` says which are
    """
    cell = single(value, name)
    found = default if is_blank(cell) else shown(cell).lower()
    if allowed and found not in allowed:
        raise FormulaError(Code.VALUE, f"{name} is {' or '.join(allowed)}, not {shown(cell)[:80]!r}")
    return found


def filters(value: Cell) -> dict[str, str]:
    """Column -> value, from a two-column range or text such as `entity=US; product=Support`.

    raises FormulaError #VALUE!
    """
    rows = grid(value)
    if len(rows) == 1 and len(rows[0]) == 1:
        parts = [part.partition("=") for part in shown(single(value, "filters")).split(";") if part.strip()]
        if any(not equals or not name.strip() for name, equals, _ in parts):
            raise FormulaError(Code.VALUE, "filters are written as column=value; column=value")
        return {name.strip(): text.strip() for name, _, text in parts}
    if len(rows[0]) != 2:
        raise FormulaError(Code.VALUE, "a range of filters has two columns: column and value")
    cells = [shown(cell) for cell in flat(value)]
    return {name: text for name, text in zip(cells[::2], cells[1::2], strict=True) if name}
