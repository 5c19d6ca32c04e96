"""The time axis of a close: the fiscal year to date, a year back, twelve periods and some years ahead of its last
day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from engine.reports.periods import Period, fiscal_year_to, periods, periods_after, years_after
from engine.schedule.calendar import Calendar

_MONTHS, _YEARS = 12, 4


@dataclass(frozen=True)
class Axis:
    """Periods around `as_of`; the labels of all of them together are unique.

    before, after  periods before the one of as_of, and after it
    """

    calendar: Calendar
    as_of: date
    before: int = _MONTHS
    after: int = _MONTHS

    @property
    def to_date(self) -> list[Period]:
        """The fiscal year up to as_of."""
        return periods(self.calendar, fiscal_year_to(self.calendar, self.as_of).first, self.as_of)

    @property
    def back(self) -> list[Period]:
        """The periods before and the one of as_of, up to as_of."""
        first = self.calendar.period(self.as_of.toordinal()) - self.before
        return periods(self.calendar, date.fromordinal(self.calendar.start(first)), self.as_of)

    @property
    def ahead(self) -> list[Period]:
        """The periods after as_of; the rest of a period that as_of cuts has a name of its own."""
        found = periods_after(self.calendar, self.as_of, self.after)
        cut = found and found[0].label == self.calendar.label(self.calendar.period(self.as_of.toordinal()))
        return [replace(found[0], label=f"{found[0].label} rest"), *found[1:]] if cut else found

    @property
    def release(self) -> list[Period]:
        """The periods after as_of, then years."""
        return [*self.ahead, *years_after(self.calendar, self.as_of, self.after, _YEARS)]

    @property
    def rest_of_year(self) -> list[Period]:
        """What is left of the fiscal year after as_of."""
        first = self.calendar.fiscal_year_start_of(self.as_of.toordinal())
        end = date.fromordinal(self.calendar.end(first + 11))
        return [period for period in self.ahead if period.last <= end]

    @property
    def every(self) -> list[Period]:
        """All of these periods, once each."""
        found = {period.label: period for period in [*self.back, *self.to_date, *self.release, *self.rest_of_year]}
        return list(found.values())
