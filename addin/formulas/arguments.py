"""Arguments as cells give them - text, numbers, serial dates, ranges, blanks - read as the engine wants them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any, SupportsInt

from addin.formulas.errors import Code, FormulaError
from engine.book.currencies import DECIMALS
from engine.reports.grouping import UnknownColumn, UnknownId, chosen
from engine.reports.periods import period_of
from engine.schedule.calendar import Calendar, Span
from engine.schedule.kernel import Bools
from engine.schedule.schedule import Schedule

#: day zero of Excel's serial numbers
_SERIAL_ZERO = date(1899, 12, 30)


def is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def span(value: object, calendar: Calendar) -> Span:
    """Days of a date, a serial number or a label such as 2026-Q1.

    raises FormulaError #NUM! for days that do not exist, #VALUE! for anything that is no day
    """
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return Span(value, value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            day = _SERIAL_ZERO + timedelta(int(value))
        except (OverflowError, ValueError):
            raise FormulaError(Code.NUMBER, f"{value} is no serial number of a day") from None
        if day < date(1900, 1, 1):
            raise FormulaError(Code.NUMBER, f"{value} is no serial number of a day")
        return Span(day, day)
    try:
        return calendar.span(str(value))
    except ValueError as problem:
        raise FormulaError(Code.VALUE, str(problem)) from None


def as_of(value: object, schedule: Schedule) -> date:
    """The day of a balance; a label means its last day, blank the book's as_of."""
    if is_blank(value):
        return book_day(schedule)
    return span(value, schedule.calendar).last


def book_day(schedule: Schedule) -> date:
    """The book's as_of (the reader has filled it in)."""
    day = schedule.book.settings.as_of
    assert day is not None
    return day


def between(start: object, end: object, schedule: Schedule) -> Span:
    """First and last day of a flow; blank is the period of the book's as_of."""
    usual = period_of(schedule.calendar, book_day(schedule))
    first = usual.first if is_blank(start) else span(start, schedule.calendar).first
    last = usual.last if is_blank(end) else span(end, schedule.calendar).last
    if last < first:
        raise FormulaError(Code.NUMBER, f"the last day {last} is before the first {first}")
    return Span(first, last)


def flat(value: object) -> Iterator[object]:
    """The cells of a range, row by row; of a single value, itself."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        for part in value:
            yield from flat(part)
    else:
        yield value


def filters(value: object) -> Mapping[str, str]:
    """Column -> value, from a two-column range or text such as `entity=US; product=Support`."""
    if is_blank(value):
        return {}
    cells = list(flat(value))
    if len(cells) == 1:
        parts = [part.split("=", 1) for part in str(cells[0]).split(";") if part.strip()]
    else:
        parts = [[str(a), str(b)] for a, b in zip(cells[::2], cells[1::2], strict=False) if not is_blank(a)]
    if any(len(part) != 2 for part in parts):
        raise FormulaError(Code.VALUE, f"filters read {value!r}; write them as column=value; column=value")
    return {name.strip(): text.strip() for name, text in parts}


def selection(contract: object, where: object, schedule: Schedule) -> Bools:
    """The obligations a formula is about.

    raises FormulaError #N/A for an unknown id, #VALUE! for an unknown column
    """
    wanted = dict(filters(where))
    currency = wanted.pop("currency", "").strip()
    ids = [_id(cell) for cell in flat(contract) if not is_blank(cell)]
    if currency and currency.lower() not in ("contract", "reporting"):
        wanted["currency"] = currency
    try:
        return chosen(schedule, ids or None, wanted)
    except UnknownId as problem:
        raise FormulaError(Code.NOT_AVAILABLE, str(problem)) from None
    except UnknownColumn as problem:
        raise FormulaError(Code.VALUE, str(problem)) from None


def decimals_of(schedule: Schedule, keep: Bools) -> int:
    """Decimals of the one currency of some obligations.

    raises FormulaError #NUM! where currencies mix: they cannot be added up
    """
    found = {str(value) for value, kept in zip(schedule.contract_column("currency"), keep, strict=True) if kept}
    if len(found) > 1:
        raise FormulaError(
            Code.NUMBER, f"the contracts are in {', '.join(sorted(found))}: name one in filters, as currency=EUR"
        )
    return DECIMALS[found.pop() if found else schedule.book.settings.reporting_currency]


def _id(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def amount(minor: SupportsInt, decimals: int) -> float:
    """Whole minor units as the number a cell shows."""
    return float(int(minor) / 10**decimals)


def answer_decimals(schedule: Schedule) -> int:
    """Decimals in which answers about a book are written out: those of its most finely divided currency."""
    codes = {*schedule.book.contracts["currency"], schedule.book.settings.reporting_currency}
    return max(DECIMALS[code] for code in codes)


def number(value: object, name: str) -> Fraction:
    """raises FormulaError #VALUE!"""
    try:
        if isinstance(value, bool) or is_blank(value):
            raise ValueError
        return Fraction(str(value).replace(",", ""))
    except (ValueError, ZeroDivisionError):
        raise FormulaError(Code.VALUE, f"{name} must be a number, not {value!r}") from None


Cell = Any
