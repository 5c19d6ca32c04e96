"""Days, months, accounting periods and their labels."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

ONE_DAY = timedelta(days=1)

#: Weeks of the three periods of a quarter.
WEEKS = {"4-4-5": (4, 4, 5), "4-5-4": (4, 5, 4), "5-4-4": (5, 4, 4)}


def is_month_end(day: date) -> bool:
    """True on the last day of a calendar month."""
    return (day + ONE_DAY).day == 1


@lru_cache(maxsize=4096)
def month_end(year: int, month: int) -> date:
    """The last day of a calendar month."""
    day = date(year, month, 28)
    while not is_month_end(day):
        day += ONE_DAY
    return day


def add_months(day: date, months: int) -> date:
    """The last day of a month leads to the last day; any other day to the same day, or the last there is."""
    count = day.year * 12 + day.month - 1 + months
    last = month_end(count // 12, count % 12 + 1)
    if is_month_end(day):
        return last
    return last.replace(day=min(day.day, last.day))


def days_between(first: date, last: date) -> list[date]:
    """Every day from first to last, both included."""
    days = []
    day = first
    while day <= last:
        days.append(day)
        day += ONE_DAY
    return days


@dataclass(frozen=True)
class Period:
    """One accounting period: a calendar month, or four or five weeks of a 4-4-5 calendar."""

    label: str
    first: date
    last: date

    @property
    def days(self) -> int:
        """Days in the whole period."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class Calendar:
    """The accounting calendar of a book (Settings `calendar` and `fiscal_year_start`)."""

    kind: str = "month"
    fiscal_year_start: int = 1

    def fiscal_year_first_day(self, year: int) -> date:
        """A fiscal year bears the number of the calendar year in which it (nominally) ends."""
        calendar_year = year if self.fiscal_year_start == 1 else year - 1
        first = date(calendar_year, self.fiscal_year_start, 1)
        if self.kind == "month":
            return first
        near = [first + timedelta(days=offset) for offset in range(-3, 4)]
        return next(day for day in near if day.weekday() == 0)  # the Monday nearest to the first of the month

    @lru_cache(maxsize=1024)  # noqa: B019
    def periods_of_fiscal_year(self, year: int) -> list[Period]:
        """The twelve periods of a fiscal year, in order; labels of calendar months name the calendar month."""
        first = self.fiscal_year_first_day(year)
        end = self.fiscal_year_first_day(year + 1) - ONE_DAY
        periods = []
        for number in range(1, 13):
            if self.kind == "month":
                last = month_end(first.year, first.month)
                label = f"{first.year:04d}-{first.month:02d}"
            else:
                weeks = WEEKS[self.kind][(number - 1) % 3]
                last = first + timedelta(days=7 * weeks - 1) if number < 12 else end  # a 53rd week joins the last
                label = f"{year:04d}-{number:02d}"
            periods.append(Period(label, first, last))
            first = last + ONE_DAY
        return periods

    @lru_cache(maxsize=65536)  # noqa: B019
    def period_of(self, day: date) -> Period:
        """The accounting period a day belongs to."""
        for year in (day.year - 1, day.year, day.year + 1, day.year + 2):
            if self.fiscal_year_first_day(year) <= day < self.fiscal_year_first_day(year + 1):
                return next(p for p in self.periods_of_fiscal_year(year) if p.first <= day <= p.last)
        raise ValueError(f"no accounting period holds {day}")

    def periods_between(self, first: date, last: date) -> list[Period]:
        """Every period touched by the days from first to last."""
        periods = [self.period_of(first)]
        while periods[-1].last < last:
            periods.append(self.period_of(periods[-1].last + ONE_DAY))
        return periods

    def range_of(self, label: str) -> tuple[date, date]:
        """First and last day of a label: 2026-03, 2026-Q1, FY2026 or a day."""
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", label):
            return date.fromisoformat(label), date.fromisoformat(label)
        if re.fullmatch(r"FY\d{4}", label):
            periods = self.periods_of_fiscal_year(int(label[2:]))
            return periods[0].first, periods[-1].last
        if re.fullmatch(r"\d{4}-Q[1-4]", label):
            quarter = int(label[-1])
            periods = self.periods_of_fiscal_year(int(label[:4]))[3 * quarter - 3 : 3 * quarter]
            return periods[0].first, periods[-1].last
        year, month = (int(part) for part in label.split("-"))
        if self.kind == "month":
            return date(year, month, 1), month_end(year, month)
        period = self.periods_of_fiscal_year(year)[month - 1]
        return period.first, period.last
