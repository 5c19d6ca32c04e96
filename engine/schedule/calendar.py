"""The accounting calendar: which period a day belongs to, what periods are called, and moving by months.

Days are proleptic ordinals (`datetime.date.toordinal`). Periods are calendar months, or the 12 periods of 4 and 5
weeks of a 52 or 53 week year; they are numbered from an arbitrary first one.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from engine.book.cells import FIRST_DAY, LAST_DAY
from engine.schedule.kernel import Ints

#: first and last year whose periods exist: reports look up to 1200 months back from a day of 1900 to 2199, and further
#: ahead
_FIRST_YEAR, _LAST_YEAR = 1798, 2320
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LABEL = re.compile(r"(?:(\d{4})-(\d{2})|(\d{4})-[Qq]([1-4])|[Ff][Yy](\d{4}))$")


class OutsideYears(ValueError):
    """A day or label that no book reaches."""

    def __init__(self, text: str) -> None:
        super().__init__(f"{text!r} lies outside the years {FIRST_DAY.year} to {LAST_DAY.year}")


class Span(NamedTuple):
    """First and last day, both inclusive."""

    first: date
    last: date


def add_months(day: date, months: int, *, keep_month_end: bool = True) -> date:
    """The same day `months` later, the last of its month if there is no such day; a month end stays a month end if
    asked."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1]
    at_end = keep_month_end and day.day == monthrange(day.year, day.month)[1]
    return date(year, month + 1, last if at_end else min(day.day, last))


def whole_months(start: date, end: date) -> int | None:
    """How many whole months start..end is, or None if it is not a number of whole months."""
    after = end + timedelta(1)
    months = (after.year - start.year) * 12 + after.month - start.month
    fits = after in (add_months(start, months), add_months(start, months, keep_month_end=False))
    return months if months > 0 and fits else None


def end_of_months(start: date, months: int) -> date:
    """Last day of a term of `months` whole months from `start`."""
    return add_months(start, months) - timedelta(1)


class Calendar:
    """The periods of a book: Settings `calendar`, `fiscal_year_start` and `week_start`."""

    def __init__(self, kind: str = "month", fiscal_year_start: int = 1, week_start: str = "monday") -> None:
        self.kind = kind
        self.fiscal_year_start = fiscal_year_start
        self._week_start = _WEEKDAYS.index(week_start)
        starts = self._month_starts() if kind == "month" else self._week_period_starts()
        #: first day of each period, and one more after the last
        self.starts: Ints = np.array(starts, np.int64)
        self._origin = starts[0]
        self._period_of = np.repeat(np.arange(len(starts) - 1, dtype=np.int32), np.diff(self.starts))

    @staticmethod
    def _month_starts() -> list[int]:
        return [date(y, m, 1).toordinal() for y in range(_FIRST_YEAR, _LAST_YEAR) for m in range(1, 13)]

    def _year_start(self, year: int) -> int:
        """First day of fiscal year `year` of a week calendar: the week start nearest to the first of its first
        month."""
        first = date(year - (self.fiscal_year_start > 1), self.fiscal_year_start, 1).toordinal()
        ahead = (self._week_start - date.fromordinal(first).weekday()) % 7
        return first + ahead - (7 if ahead > 3 else 0)

    def _week_period_starts(self) -> list[int]:
        weeks = [int(n) for n in self.kind.split("-")] * 4
        offsets = [7 * sum(weeks[:period]) for period in range(12)]
        return [self._year_start(year) + offset for year in range(_FIRST_YEAR, _LAST_YEAR) for offset in offsets]

    def periods(self, days: Ints) -> Ints:
        """Period of each day."""
        result: Ints = self._period_of[days - self._origin].astype(np.int64)
        return result

    def period(self, day: int) -> int:
        return int(self._period_of[day - self._origin])

    def start(self, period: int) -> int:
        return int(self.starts[period])

    def end(self, period: int) -> int:
        return int(self.starts[period + 1]) - 1

    def is_period_end(self, day: int) -> bool:
        return self.end(self.period(day)) == day

    def label(self, period: int) -> str:
        """`2026-03`: the calendar month, or in a week calendar the fiscal year and its period."""
        year, month = divmod(period, 12)
        return f"{_FIRST_YEAR + year:04d}-{month + 1:02d}"

    def _period_called(self, year: int, number: int) -> int:
        return (year - _FIRST_YEAR) * 12 + number - 1

    def _fiscal_year_periods(self, year: int) -> int:
        """First period of the fiscal year, which bears the number of the calendar year in which it ends."""
        if self.kind != "month" or self.fiscal_year_start == 1:
            return self._period_called(year, 1)
        return self._period_called(year - 1, self.fiscal_year_start)

    def fiscal_year_start_of(self, day: int) -> int:
        """First period of the fiscal year that `day` lies in."""
        period = self.period(day)
        if self.kind != "month":
            return period - period % 12
        return period - (period % 12 - (self.fiscal_year_start - 1)) % 12

    def span(self, text: str) -> Span:
        """Days of a day (`2026-03-31`) or a label (`2026-03`, `2026-Q1`, `FY2026`).

        raises ValueError in words for a person
        """
        text = text.strip()
        match = _LABEL.match(text)
        if not match:
            try:
                day = date.fromisoformat(text)
            except ValueError:
                raise ValueError(
                    f"{text!r} is neither a day (2026-03-31) nor a period (2026-03, 2026-Q1, FY2026)"
                ) from None
            return _named(text, Span(day, day))
        year, month, quarter_year, quarter, fiscal_year = match.groups()
        if year:
            if not 1 <= int(month) <= 12:
                raise ValueError(f"{text!r} names a month that does not exist")
            first, count = self._period_called(int(year), int(month)), 1
        elif quarter_year:
            first, count = self._fiscal_year_periods(int(quarter_year)) + 3 * (int(quarter) - 1), 3
        else:
            first, count = self._fiscal_year_periods(int(fiscal_year)), 12
        if not 0 <= first <= first + count < len(self.starts):
            raise OutsideYears(text)
        return _named(text, Span(date.fromordinal(self.start(first)), date.fromordinal(self.end(first + count - 1))))


def _named(text: str, span: Span) -> Span:
    """The days that `text` names, if a question may name them."""
    if not FIRST_DAY <= span.first <= span.last <= LAST_DAY:
        raise OutsideYears(text)
    return span


@lru_cache(maxsize=8)
def calendar(kind: str = "month", fiscal_year_start: int = 1, week_start: str = "monday") -> Calendar:
    """The calendar of these settings, made once."""
    return Calendar(kind, fiscal_year_start, week_start)
