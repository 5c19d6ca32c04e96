"""The days a formula asks about: what a blank, a day or a label such as 2026-Q1 means in a book."""

from __future__ import annotations

from datetime import date

from addin.formulas.arguments import Cell, day_span, single
from addin.formulas.errors import Code, FormulaError
from engine.book.cells import is_blank
from engine.reports.periods import period_of
from engine.schedule.calendar import Span
from engine.schedule.schedule import Schedule


def book_day(schedule: Schedule) -> date:
    """The book's as_of (the reader has filled it in)."""
    day = schedule.book.settings.as_of
    assert day is not None
    return day


def as_of(value: Cell, schedule: Schedule) -> Span:
    """The day of a balance, as a range of one; a label means its last day, blank the book's as_of.

    raises FormulaError
    """
    day = book_day(schedule) if is_blank(value) else day_span(value, schedule.calendar).last
    return Span(day, day)


def between(start: Cell, end: Cell, schedule: Schedule) -> Span:
    """First and last day of a flow; blank is the period of the book's as_of.

    raises FormulaError, #NUM! if the last is before the first
    """
    usual = period_of(schedule.calendar, book_day(schedule))
    first = usual.first if is_blank(start) else day_span(start, schedule.calendar).first
    last = usual.last if is_blank(end) else day_span(end, schedule.calendar).last
    if last < first:
        raise FormulaError(Code.NUMBER, f"the last day {last} is before the first {first}")
    return Span(first, last)


def one_day(value: Cell, schedule: Schedule) -> date:
    """The day of a table, which takes no range.

    raises FormulaError
    """
    return as_of(single(value, "as_of"), schedule).last


def one_span(start: Cell, end: Cell, schedule: Schedule) -> Span:
    """The days of a table, which takes no ranges.

    raises FormulaError
    """
    return between(single(start, "start_date"), single(end, "end_date"), schedule)
