"""Families of segments: rows that are asked in the same way, each way as fast as its clocks allow.

All of them answer the same question - revenue to date of some of their rows, as if in force, at the close of some
days - exactly:

* `Constant`  nothing is earned any more: the base
* `Daily`     ticks are days: one line, clipped at both ends
* `Periodic`  ticks are weights of periods: at period ends as fast as days; inside a period by `Exact`
* `Exact`     anything else, in integers: half-even rounding, long products of pauses, thirty-day months in week
  calendars
* `Plugged`   periods rounded one by one, the last or first taking the remainder
* `Told`      rows in exact fractions, one by one, where shares have outgrown integers (a term paused many times)
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import cached_property

import numpy as np

from engine.schedule.clocks import Clocks, Ticks
from engine.schedule.kernel import Floats, Ints, rounded_parts, split
from engine.schedule.segment import HALF_EVEN, PLUG_FIRST, Segment

#: |amount| x whole below which amount x ticks / whole can be rounded in one multiplication of float64
_SINGLE_LIMIT = 2.0**48


class Family(ABC):
    """Some rows of the segments. `part` in the methods selects among them; figures are whole minor units in float64.

    begin  last day on which each row has earned no more than its base
    end    first day on which each row has earned everything
    """

    def __init__(self, rows: Ints, base: Ints, begin: Ints, end: Ints) -> None:
        self.rows, self.base, self.begin, self.end = rows, base, begin, end

    @cached_property
    def by_begin(self) -> Ints:
        """Rows in the order in which they begin."""
        return np.argsort(self.begin, kind="stable")

    @abstractmethod
    def figures(self, part: Ints | slice, days: Sequence[int]) -> Floats:
        """Revenue to date of rows `part` at the close of `days`: days x rows."""


class Constant(Family):
    def __init__(self, rows: Ints, base: Ints) -> None:
        super().__init__(rows, base, np.zeros_like(rows), np.zeros_like(rows))

    def figures(self, part: Ints | slice, days: Sequence[int]) -> Floats:
        return np.repeat(self.base[part].astype(np.float64)[None, :], len(days), axis=0)


class Clocked(Family):
    """Rows with a clock: base + ROUND(amount x (shift + pace x ticks) / whole)."""

    def __init__(self, columns: Sequence[Ints], clocks: Clocks, rounding: Ints) -> None:
        """columns  rows, base, amount, pace, shift, whole"""
        rows, base, self.amount, self.pace, self.shift, self.whole = columns
        super().__init__(rows, base, clocks.start - 1, clocks.end)
        self.clocks, self.rounding = clocks, rounding

    def _prepare(self) -> None:
        """Fold amount, pace and shift into base, quotient, slope and offset of one line over the ticks."""
        prepared = split(self.amount, self.whole)
        self._offset = prepared.offset.copy()
        if np.abs(self.amount).max(initial=0) * float(self.whole.max(initial=1)) < _SINGLE_LIMIT:
            self._quotient: Floats | None = None
            rate = self.amount / self.whole.astype(np.float64)
            self._slope, self._offset = rate * self.pace, self._offset + rate * self.shift
            self._base = self.base.astype(np.float64)
        else:
            self._quotient = (prepared.quotient * self.pace).astype(np.float64)
            self._slope = prepared.slope * self.pace
            self._offset += prepared.slope * self.shift
            self._base = (self.base + prepared.quotient * self.shift).astype(np.float64)

    def _line(self, part: Ints | slice, ticks: Floats) -> Floats:
        """base + ROUND(...) from ticks to date (days x rows), which are used up."""
        fraction = ticks * self._slope[part]
        fraction += self._offset[part]
        np.floor(fraction, out=fraction)
        if self._quotient is not None:
            ticks *= self._quotient[part]
            fraction += ticks
        fraction += self._base[part]
        return fraction


class Daily(Clocked):
    def __init__(self, columns: Sequence[Ints], clocks: Clocks, rounding: Ints) -> None:
        super().__init__(columns, clocks, rounding)
        self._start = self.begin.astype(np.float64)
        self._length = clocks.whole.astype(np.float64)
        self._prepare()

    def figures(self, part: Ints | slice, days: Sequence[int]) -> Floats:
        ticks = np.subtract(np.array(days, np.float64)[:, None], self._start[part])
        np.maximum(ticks, 0.0, out=ticks)
        np.minimum(ticks, self._length[part], out=ticks)
        return self._line(part, ticks)


class Exact(Clocked):
    def figures(self, part: Ints | slice, days: Sequence[int]) -> Floats:
        rows = np.arange(len(self.rows))[part]
        return np.array([self.at(rows, day) for day in days], np.float64).reshape(len(days), len(rows))

    def at(self, rows: Ints, day: int | Ints) -> Ints:
        """Revenue to date of rows at one day, or each at its own, in integers."""
        ticks = self.clocks.take(rows).ticks(day)
        pace, whole = self.pace[rows], self.whole[rows] * ticks.days
        part = (self.shift[rows] + pace * ticks.done) * ticks.days + pace * ticks.running * ticks.part
        return self.base[rows] + rounded_parts(
            self.amount[rows], np.clip(part, 0, whole), whole, self.rounding[rows] == HALF_EVEN
        )


class Periodic(Exact):
    def __init__(self, columns: Sequence[Ints], clocks: Clocks, rounding: Ints) -> None:
        super().__init__(columns, clocks, rounding)
        self._first, self._span = clocks.first.astype(np.float64), (clocks.last - clocks.first).astype(np.float64)
        self._head, self._middle = clocks.head.astype(np.float64), clocks.middle.astype(np.float64)
        self._whole = clocks.whole.astype(np.float64)
        self._prepare()

    def figures(self, part: Ints | slice, days: Sequence[int]) -> Floats:
        calendar = self.clocks.calendar
        inside = [n for n, day in enumerate(days) if not calendar.is_period_end(day)]
        if inside and len(inside) == len(days):
            return super().figures(part, days)
        periods = np.array([calendar.period(day) for day in days], np.float64)
        gone = periods[:, None] - self._first[part]
        ticks = gone * self._middle[part]
        ticks += self._head[part]
        ticks *= gone >= 0.0
        np.copyto(ticks, self._whole[part], where=gone >= self._span[part])
        result = self._line(part, ticks)
        if inside:
            result[inside] = super().figures(part, [days[n] for n in inside])
        return result


class Plugged(Clocked):
    def __init__(self, columns: Sequence[Ints], clocks: Clocks, rounding: Ints) -> None:
        super().__init__(columns, clocks, rounding)
        rows, _, amount, pace, shift, whole = columns
        count = clocks.last - clocks.first + 1
        begin = np.cumsum(count) - count
        owner = np.repeat(np.arange(len(rows)), count)
        nth = np.arange(len(owner)) - begin[owner]
        ticks = clocks.take(owner).at_end_of(clocks.first[owner] + nth)
        part = np.clip(shift[owner] + pace[owner] * ticks, 0, whole[owner])
        before = np.where(nth == 0, np.clip(shift[owner], 0, whole[owner]), np.append(0, part[:-1]))
        amounts = rounded_parts(amount[owner], part - before, whole[owner])
        served = np.flatnonzero(part > before)
        left = amount.copy()
        np.subtract.at(left, owner, amounts)
        place = np.zeros(len(rows), np.int64)
        place[owner[served]] = served  # written in order: the last period served stays
        heads = np.zeros(len(rows), np.int64)
        heads[owner[served][::-1]] = served[::-1]
        np.add.at(amounts, np.where(self.rounding == PLUG_FIRST, heads, place), left)
        #: running totals of each row over its periods, with a zero in front
        self._offset_of = begin + np.arange(len(rows))
        self._running = np.zeros(len(owner) + len(rows), np.int64)
        totals = np.append(0, np.cumsum(amounts))
        self._running[self._offset_of[owner] + nth + 1] = totals[1:] - totals[begin[owner]]

    def figures(self, part: Ints | slice, days: Sequence[int]) -> Floats:
        rows = np.arange(len(self.rows))[part]
        return np.array([self.at(rows, day) for day in days], np.float64).reshape(len(days), len(rows))

    def at(self, rows: Ints, day: int | Ints) -> Ints:
        """To date at one day, or each at its own: to the last period end, plus the period's amount by days served."""
        clocks, calendar = self.clocks.take(rows), self.clocks.calendar
        period = calendar.periods(np.asarray(day))
        done = np.clip(period + 1 - clocks.first, 0, clocks.last - clocks.first + 1)
        offset = self._offset_of[rows]
        to_end, before = self._running[offset + done], self._running[offset + np.maximum(done - 1, 0)]
        served, span = self._served(rows, clocks.ticks(day))
        result: Ints = (
            self.base[rows] + before + rounded_parts(to_end - before, np.minimum(served, span), np.maximum(span, 1))
        )
        return np.where(
            (day >= clocks.end) | (calendar.starts[period + 1] == day + 1), self.base[rows] + to_end, result
        )

    def _served(self, rows: Ints, ticks: Ticks) -> tuple[Ints, Ints]:
        """How much of what the row earns in the period under way it has earned, and all of that, in parts of ticks."""
        pace, whole = self.pace[rows] * ticks.days, self.whole[rows] * ticks.days
        before = np.clip(self.shift[rows] * ticks.days + pace * ticks.done, 0, whole)
        to_date = np.clip(
            self.shift[rows] * ticks.days + pace * ticks.done + self.pace[rows] * ticks.running * ticks.part, 0, whole
        )
        to_end = np.clip(self.shift[rows] * ticks.days + pace * (ticks.done + ticks.running), 0, whole)
        return to_date - before, to_end - before


class Told(Family):
    def __init__(self, rows: Ints, segments: Sequence[Segment]) -> None:
        self._segments = segments
        clocks = [segment.clock for segment in segments]
        begin = np.array([clock.start - 1 if clock else 0 for clock in clocks], np.int64)
        end = np.array([clock.end if clock else 0 for clock in clocks], np.int64)
        super().__init__(rows, np.array([segment.base for segment in segments], np.int64), begin, end)

    def figures(self, part: Ints | slice, days: Sequence[int]) -> Floats:
        chosen = [self._segments[row] for row in np.arange(len(self.rows))[part].tolist()]
        return np.array([[segment.to_date(day) for segment in chosen] for day in days], np.float64).reshape(
            len(days), len(chosen)
        )
