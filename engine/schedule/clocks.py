"""The seven conventions: what share of a service over time has been served by the close of a day.

A convention is a clock: a count of ticks that rises from 0 to `whole` between the first and the last day of a term.
All but `daily` give every accounting period they touch a weight - the first, those between, the last - and accrue a
period's weight evenly over the days served in it. `Clock` is one term in exact fractions; `Clocks` is many in columns
of integers; they are tested equal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np

from engine.schedule.calendar import Calendar
from engine.schedule.kernel import Bools, Ints

#: code of each convention in columns
CODES = {"daily": 0, "monthly": 1, "even_months": 2, "full_months": 3, "half_month": 4, "30_360": 5, "daily_ends": 6}
DAILY, MONTHLY, EVEN, FULL, HALF, THIRTY, ENDS = range(7)


#: nothing and all of a service
NONE, ALL = Fraction(0), Fraction(1)


@lru_cache(maxsize=1 << 14)
def _ratio(served: int, days: int) -> Fraction:
    """Days served of the days of a term: many terms are as long as each other."""
    return Fraction(served, days)


class Weights(NamedTuple):
    """Ticks of the first period a term touches, of each one between, of the last, and of all of them."""

    first: int
    middle: int
    last: int
    whole: int


def thirty(day: int) -> int:
    """A day counted in thirty-day months, any month end as day 30."""
    d = date.fromordinal(day)
    month_end = date.fromordinal(day + 1).day == 1
    return 360 * d.year + 30 * d.month + (30 if month_end else d.day)


@dataclass(frozen=True)
class Clock:
    """One term `start`..`end` (ordinals, inclusive) under the convention `code`."""

    code: int
    start: int
    end: int
    calendar: Calendar

    @cached_property
    def effective(self) -> int:
        """The convention itself; `daily` for a 30_360 term without any thirty-day day."""
        empty = self.code == THIRTY and thirty(self.start) == thirty(self.end + 1)
        return DAILY if empty else self.code

    @cached_property
    def first(self) -> int:
        return self.calendar.period(self.start)

    @cached_property
    def last(self) -> int:
        return self.calendar.period(self.end)

    @cached_property
    def weights(self) -> Weights:
        """Weights by period (not of `daily` and 30_360, which count ticks across periods)."""
        code, calendar, between = self.code, self.calendar, self.last - self.first - 1
        if between < 0:
            return Weights(1, 0, 0, 1)
        head = calendar.end(self.first) - self.start + 1
        tail = self.end - calendar.start(self.last) + 1
        head_days = calendar.end(self.first) - calendar.start(self.first) + 1
        tail_days = calendar.end(self.last) - calendar.start(self.last) + 1
        if code == MONTHLY:
            head_unit, tail_unit = 1 if head == head_days else head_days, 1 if tail == tail_days else tail_days
            unit = head_unit if head_unit == tail_unit else head_unit * tail_unit
            ends = head * unit // head_days, tail * unit // tail_days
            return Weights(ends[0], unit, ends[1], ends[0] + unit * between + ends[1])
        if code == EVEN:
            return Weights(1, 1, 1, between + 2)
        if code == FULL:
            last = int(tail == tail_days)
            return Weights(1, 1, last, between + 1 + last)
        if code == HALF:
            ends = 1 + (head == head_days), 1 + (tail == tail_days)
            return Weights(ends[0], 2, ends[1], ends[0] + 2 * between + ends[1])
        days = self.end - self.start + 1
        if not between:
            return Weights(head, 0, tail, days)
        return Weights(head * between, days - head - tail, tail * between, days * between)

    @cached_property
    def whole(self) -> int:
        """Ticks of the whole term."""
        if self.effective == DAILY:
            return self.end - self.start + 1
        if self.effective == THIRTY:
            return thirty(self.end + 1) - thirty(self.start)
        return self.weights.whole

    def at_end_of(self, period: int) -> int:
        """Ticks by the end of a period."""
        if self.effective == DAILY:
            return min(max(self.calendar.end(period) + 1 - self.start, 0), self.whole)
        if self.effective == THIRTY:
            return min(max(thirty(self.calendar.end(period) + 1) - thirty(self.start), 0), self.whole)
        if period < self.first:
            return 0
        if period >= self.last:
            return self.whole
        return self.weights.first + self.weights.middle * (period - self.first)

    def share(self, day: int) -> Fraction:
        """Share of the term served by the close of `day`, 0 to 1."""
        if day < self.start:
            return NONE
        if day >= self.end:
            return ALL
        if self.code == DAILY or self.effective == DAILY:
            return _ratio(day + 1 - self.start, self.end + 1 - self.start)
        period = self.calendar.period(day)
        before = self.at_end_of(period - 1)
        first = max(self.start, self.calendar.start(period))
        days = min(self.end, self.calendar.end(period)) - first + 1
        return (before + Fraction((self.at_end_of(period) - before) * (day + 1 - first), days)) / self.whole


class Ticks(NamedTuple):
    """Ticks to date as whole + part / days: `done` whole ticks, and `part` of the `running` ticks of a period of
    `days` served."""

    done: Ints
    running: Ints
    part: Ints
    days: Ints


class Clocks:
    """Many terms in columns: `code` (effective), `start`, `end` as in `Clock`, and

    first, last    periods of the first and the last day
    head, middle   ticks of the first period and of each between (of `daily`: of a day). A term of one or two periods
                   has a `middle` of `whole`: a line through head in steps of middle leaves 0..whole where the term ends
    whole          ticks of each term
    """

    def __init__(self, code: Ints, start: Ints, end: Ints, calendar: Calendar) -> None:
        self.calendar, self.code, self.start, self.end = calendar, _effective(code, start, end), start, end
        self.head, self.middle, self.whole = (np.empty(len(start), np.int64) for _ in range(3))
        for convention in range(len(CODES)):
            rows = self.code == convention
            if rows.all():
                self._weigh(convention, slice(None))
            elif rows.any():
                self._weigh(convention, np.flatnonzero(rows))

    @cached_property
    def first(self) -> Ints:
        return self.calendar.periods(self.start)

    @cached_property
    def last(self) -> Ints:
        return self.calendar.periods(self.end)

    def take(self, rows: Ints | Bools) -> Clocks:
        """The clocks of some rows."""
        part = object.__new__(Clocks)
        part.calendar = self.calendar
        for name, column in vars(self).items():
            if isinstance(column, np.ndarray):
                setattr(part, name, column[rows])
        return part

    def _weigh(self, code: int, rows: Ints | slice) -> None:
        """Fill in head, middle and whole of rows of one convention."""
        start, after = self.start[rows], self.end[rows] + 1
        if code == DAILY:
            self.head[rows], self.middle[rows], self.whole[rows] = 1, 1, after - start
            return
        first, between = self.first[rows], self.last[rows] - self.first[rows] - 1
        middle: Ints | int = 30
        if code == THIRTY:
            begun = thirties(start)
            head, whole = thirties(self.calendar.starts[first + 1]) - begun, thirties(after) - begun
        else:
            head, middle, tail = self._ends(code, rows)
            whole = np.where(between < 0, 1, head + middle * between + tail)
        self.head[rows] = np.where(between < 0, whole, head)
        self.middle[rows] = np.where(between < 1, whole, middle)
        self.whole[rows] = whole

    def _ends(self, code: int, rows: Ints | slice) -> tuple[Ints, Ints | int, Ints | int]:
        """Weights of the first period, of each between and of the last (of rows of one period: no matter what)."""
        starts, start, after = self.calendar.starts, self.start[rows], self.end[rows] + 1
        first, last = self.first[rows], self.last[rows]
        head, tail = starts[first + 1] - start, after - starts[last]
        head_days, tail_days = starts[first + 1] - starts[first], starts[last + 1] - starts[last]
        if code == MONTHLY:
            units = np.where(head == head_days, 1, head_days), np.where(tail == tail_days, 1, tail_days)
            unit = np.where(units[0] == units[1], units[0], units[0] * units[1])
            return head * unit // head_days, unit, tail * unit // tail_days
        if code == EVEN:
            return np.ones_like(head), 1, 1
        if code == FULL:
            return np.ones_like(head), 1, (tail == tail_days).astype(np.int64)
        if code == HALF:
            return 1 + (head == head_days), 2, 1 + (tail == tail_days)
        between = last - first - 1
        gaps = np.maximum(between, 1)
        return head * gaps, np.where(between > 0, after - start - head - tail, 0), tail * gaps

    def at_end_of(self, period: int | Ints) -> Ints:
        """Ticks of each row by the end of a period: one for all rows, or one for each."""
        after = self.calendar.starts[period + 1]
        gone = period - self.first
        ticks: Ints = np.where(gone >= self.last - self.first, self.whole, self.head + self.middle * gone)
        ticks[gone < 0] = 0
        daily, thirty = self.code == DAILY, self.code == THIRTY
        if daily.any():
            np.copyto(ticks, np.clip(after - self.start, 0, self.whole), where=daily)
        if self.calendar.kind != "month" and thirty.any():
            np.copyto(ticks, np.clip(thirties(after) - thirties(self.start), 0, self.whole), where=thirty)
        return ticks

    def ticks(self, day: int | Ints) -> Ticks:
        """Ticks of each row by the close of a day: one for all rows, or one for each."""
        period = self.calendar.periods(np.asarray(day))
        before, done = self.at_end_of(period - 1), self.at_end_of(period)
        first = np.maximum(self.start, self.calendar.starts[period])
        days = np.maximum(np.minimum(self.end + 1, self.calendar.starts[period + 1]) - first, 1)
        part = np.clip(day + 1 - first, 0, days)
        return Ticks(before, done - before, np.where(self.start > day, 0, part), days)


def _effective(code: Ints, start: Ints, end: Ints) -> Ints:
    """The conventions themselves; `daily` for 30_360 terms without any thirty-day day."""
    rows = np.flatnonzero(code == THIRTY)
    if len(rows):
        code = code.copy()
        code[rows[thirties(start[rows]) == thirties(end[rows] + 1)]] = DAILY
    return code


def thirties(days: Ints) -> Ints:
    """`thirty` of each day."""
    dates = np.asarray(days - date(1970, 1, 1).toordinal()).astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    day = (dates - months).astype(np.int64) + 1
    month_end = (dates + 1).astype("datetime64[M]") != months
    count: Ints = 30 * (months.astype(np.int64) + 1970 * 12 + 1) + np.where(month_end, 30, day)
    return count


def codes(conventions: Sequence[str]) -> Ints:
    """Codes of conventions by name."""
    return np.fromiter((CODES[name] for name in conventions), np.int64, len(conventions))
