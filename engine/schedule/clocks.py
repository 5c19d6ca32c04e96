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
from functools import cached_property
from math import gcd
from typing import NamedTuple

import numpy as np

from engine.schedule.calendar import Calendar
from engine.schedule.kernel import Ints

#: code of each convention in columns
CODES = {"daily": 0, "monthly": 1, "even_months": 2, "full_months": 3, "half_month": 4, "30_360": 5, "daily_ends": 6}
DAILY, MONTHLY, EVEN, FULL, HALF, THIRTY, ENDS = range(7)


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
            head_share, tail_share = Fraction(head, head_days), Fraction(tail, tail_days)
            unit = (
                head_share.denominator * tail_share.denominator // gcd(head_share.denominator, tail_share.denominator)
            )
            ends = int(head_share * unit), int(tail_share * unit)
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
            return Fraction(0)
        if day >= self.end:
            return Fraction(1)
        if self.effective == DAILY:
            return Fraction(day + 1 - self.start, self.whole)
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
    """Many terms in columns. `code`, `start`, `end` as in `Clock`; `whole` ticks of each."""

    def __init__(self, code: Ints, start: Ints, end: Ints, calendar: Calendar) -> None:
        self.calendar = calendar
        self.start, self.end = start, end
        self.first, self.last = calendar.periods(start), calendar.periods(end)
        self.thirty_start = thirties(start)
        self._thirty_whole = thirties(end + 1) - self.thirty_start
        self.code = np.where((code == THIRTY) & (self._thirty_whole == 0), DAILY, code)
        self.head, self.middle, tail = self._weights()
        between = self.last - self.first - 1
        self.whole: Ints = np.where(between < 0, 1, self.head + self.middle * between + tail)
        for tick, ticks in ((DAILY, end + 1 - start), (THIRTY, self._thirty_whole)):
            np.copyto(self.whole, ticks, where=self.code == tick)
        to_next = thirties(calendar.starts[self.first + 1]) - self.thirty_start
        np.copyto(self.head, to_next, where=self.code == THIRTY)
        np.copyto(self.middle, 30, where=self.code == THIRTY)

    def take(self, rows: Ints) -> Clocks:
        """The clocks of some rows."""
        part = object.__new__(Clocks)
        part.calendar = self.calendar
        for name, column in vars(self).items():
            if isinstance(column, np.ndarray):
                setattr(part, name, column[rows])
        return part

    def _weights(self) -> tuple[Ints, Ints, Ints]:
        """Weights of the first period, of each between and of the last, by convention (rows of one period: see
        `whole`)."""
        starts, code = self.calendar.starts, self.code
        head, tail = starts[self.first + 1] - self.start, self.end + 1 - starts[self.last]
        head_days = starts[self.first + 1] - starts[self.first]
        tail_days = starts[self.last + 1] - starts[self.last]
        between = self.last - self.first - 1
        head_common, tail_common = np.gcd(head, head_days), np.gcd(tail, tail_days)
        unit = np.lcm(head_days // head_common, tail_days // tail_common)
        days, gaps = self.end + 1 - self.start, np.maximum(between, 1)
        ones = np.ones_like(head)
        chosen = [code == c for c in (MONTHLY, EVEN, FULL, HALF, ENDS)]
        first = (head * unit // head_days, ones, ones, 1 + (head == head_days), head * gaps)
        middle = (unit, ones, ones, 2 * ones, np.where(between > 0, days - head - tail, 0))
        last = (
            tail * unit // tail_days,
            ones,
            (tail == tail_days).astype(np.int64),
            1 + (tail == tail_days),
            tail * gaps,
        )
        return tuple(np.select(chosen, options, 0) for options in (first, middle, last))

    def at_end_of(self, period: int | Ints) -> Ints:
        """Ticks of each row by the end of a period: one for all rows, or one for each."""
        after = self.calendar.starts[period + 1]
        gone = period - self.first
        ticks: Ints = np.where(gone >= self.last - self.first, self.whole, self.head + self.middle * gone)
        ticks[gone < 0] = 0
        np.copyto(ticks, np.clip(after - self.start, 0, self.whole), where=self.code == DAILY)
        np.copyto(ticks, np.clip(thirties(after) - self.thirty_start, 0, self.whole), where=self.code == THIRTY)
        return ticks

    def ticks(self, day: int | Ints) -> Ticks:
        """Ticks of each row by the close of a day: one for all rows, or one for each."""
        period = self.calendar.periods(np.asarray(day))
        before, done = self.at_end_of(period - 1), self.at_end_of(period)
        first = np.maximum(self.start, self.calendar.starts[period])
        days = np.maximum(np.minimum(self.end + 1, self.calendar.starts[period + 1]) - first, 1)
        part = np.clip(day + 1 - first, 0, days)
        return Ticks(before, done - before, np.where(self.start > day, 0, part), days)


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
