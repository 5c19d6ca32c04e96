"""Periods: the accounting periods that a range of days touches, each with its label and its days within the range."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from engine.schedule.calendar import Calendar, Span

ONE_DAY = timedelta(1)


@dataclass(frozen=True, slots=True)
class Period:
    """An accounting period as far as it lies in a range; both days inclusive."""

    label: str
    first: date
    last: date


def periods(calendar: Calendar, first: date, last: date) -> list[Period]:
    """The periods that first..last touches; the first and the last may be part of one. None if last is before first."""
    if last < first:
        return []
    numbers = range(calendar.period(first.toordinal()), calendar.period(last.toordinal()) + 1)
    return [
        Period(
            calendar.label(number),
            max(first, date.fromordinal(calendar.start(number))),
            min(last, date.fromordinal(calendar.end(number))),
        )
        for number in numbers
    ]


def periods_after(calendar: Calendar, day: date, count: int) -> list[Period]:
    """`count` periods from the day after `day`; a first part period is its rest."""
    begin = calendar.period(day.toordinal() + 1)
    return periods(calendar, day + ONE_DAY, date.fromordinal(calendar.end(begin + count - 1))) if count > 0 else []


def years_after(calendar: Calendar, day: date, months: int, years: int) -> list[Period]:
    """`years` spans of twelve periods each, after the first `months` periods that follow `day`: Year 2, Year 3, ..."""
    begin = calendar.period(day.toordinal() + 1) + months
    return [
        Period(
            f"Year {number + 2}",
            date.fromordinal(calendar.start(begin + 12 * number)),
            date.fromordinal(calendar.end(begin + 12 * number + 11)),
        )
        for number in range(years)
    ]


def period_of(calendar: Calendar, day: date) -> Span:
    """The whole period `day` lies in."""
    number = calendar.period(day.toordinal())
    return Span(date.fromordinal(calendar.start(number)), date.fromordinal(calendar.end(number)))


def fiscal_year_to(calendar: Calendar, day: date) -> Span:
    """From the first day of the fiscal year of `day` to the end of its period."""
    first = calendar.fiscal_year_start_of(day.toordinal())
    return Span(date.fromordinal(calendar.start(first)), period_of(calendar, day).last)
