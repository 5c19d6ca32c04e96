"""Families of segments: rows that are asked in the same way, each way as fast as its clocks allow.

All of them answer the same question - revenue to date of some of their rows, as if in force, at the close of some
days - exactly:

* `Constant`  nothing is earned any more: the base
* `Daily`     ticks are days: a line cut off at both ends
* `Periodic`  ticks are weights of periods: a line in periods, cut off at both ends; days inside the first or last
  period by `Exact`
* `Uneven`    the same, where the first or last period may weigh more than those between
* `Exact`     anything else, in integers: half-even rounding, huge amounts, thirty-day months in week calendars
* `Plugged`   periods rounded one by one, the last or first taking the remainder
* `Told`      rows in exact fractions, one by one, where shares have outgrown integers (a term paused many times)
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.schedule.calendar import Calendar
from engine.schedule.clocks import Clocks, Ticks
from engine.schedule.kernel import PARTS_LIMIT, Bools, Floats, Ints, Lines, rounded_parts
from engine.schedule.segment import HALF_EVEN, OPEN, PLUG_FIRST, Segment

#: rows worked on at a time, so that a block stays in the processor's cache
BLOCK = 8192
#: integers up to here are exact in float64
_EXACT_LIMIT = 2.0**53

Rows = Ints | slice
_ALL = slice(None)


def blocks(count: int) -> Iterator[slice]:
    """The rows of a family, a block at a time."""
    return (slice(begin, min(begin + BLOCK, count)) for begin in range(0, count, BLOCK))


@dataclass(frozen=True)
class Earning:
    """Segments that earn by a clock; columns as in Terms, `rows` are their places."""

    calendar: Calendar
    rows: Ints
    base: Ints
    amount: Ints
    code: Ints
    start: Ints
    end: Ints
    pace: Ints
    shift: Ints
    whole: Ints
    rounding: Ints

    def take(self, rows: Rows | Bools) -> Earning:
        columns = {name: column[rows] for name, column in vars(self).items() if name != "calendar"}
        return Earning(self.calendar, **columns)

    def clocks(self, rows: Rows = _ALL) -> Clocks:
        return Clocks(self.code[rows], self.start[rows], self.end[rows], self.calendar)

    def shares(self, rows: Rows, ticks: Ints) -> tuple[Ints | int, Ints | int, Ints]:
        """Pace, shift and whole of rows whose clocks have so many `ticks`: the share earned is (shift + pace x ticks
        to date) / whole."""
        whole = self.whole[rows]
        own = whole == 0
        if own.all():
            return 1, 0, ticks
        return np.where(own, 1, self.pace[rows]), np.where(own, 0, self.shift[rows]), np.where(own, ticks, whole)

    def bounds(self, rows: Rows, ticks: Ints) -> tuple[Ints, Ints]:
        """Revenue to date before and after the term."""
        base, amount = self.base[rows], self.amount[rows]
        pace, shift, whole = self.shares(rows, ticks)
        if isinstance(pace, int):
            return base, base + amount
        before, after = np.clip(shift, 0, whole), np.clip(shift + pace * ticks, 0, whole)
        return base + rounded_parts(amount, before, whole), base + rounded_parts(amount, after, whole)


class Family(ABC):
    """Some rows of the segments. `part` in the methods selects among them; figures are whole minor units in float64.

    rows     places in the segments
    start    first day on which each row earns
    end      last day on which it does
    largest  no figure is larger, in size
    steady   rows that need no look at the dates they are in force
    moves    first day on which what a row shows can change: its start, or where it is not steady its first in force
    rests    day from which on it stays: its end, or where it is not steady the first day it is no longer in force
    """

    def __init__(self, rows: Ints, start: Ints, end: Ints, largest: int) -> None:
        self.rows, self.start, self.end, self.largest = rows, start, end, largest
        self.steady = np.ones(len(rows), bool)
        self.moves, self.rests = start, end

    def date(self, steady: Bools, since: Ints, until: Ints) -> None:
        """Take in from when on and until when each row is in force; `steady` rows show the same without."""
        self.steady = steady
        self.moves = np.where(steady, self.start, since)
        self.rests = np.where(steady, self.end, np.where(until < OPEN, until, np.maximum(self.end, since)))

    @cached_property
    def by_term(self) -> Family:
        """The same rows, every block of them moving on few days: steady rows and others apart, each by the day they
        begin to move in large parts, by the day they come to rest inside those."""
        if len(self.rows) < 3 * BLOCK:
            return self
        order = np.concatenate([self._by_term(np.flatnonzero(rows)) for rows in (self.steady, ~self.steady)])
        ordered = copy(self)
        for name, column in vars(self).items():
            if isinstance(column, np.ndarray) and len(column):
                setattr(ordered, name, column[order])
        return ordered

    def _by_term(self, rows: Ints) -> Ints:
        parts = np.array_split(rows[np.argsort(self.moves[rows])], max(round((len(rows) / BLOCK) ** 0.5), 1))
        return np.concatenate([part[np.argsort(self.rests[part])] for part in parts])

    def sums(self, figures: Floats, heads: Ints) -> Ints:
        """Figures of up to BLOCK rows added up, day by day, from each head to the next."""
        if self.largest * BLOCK >= _EXACT_LIMIT:
            figures = figures.astype(np.int64)
        result: Ints = np.add.reduceat(figures, heads, axis=1).astype(np.int64)
        return result

    @abstractmethod
    def figures(self, part: Rows, days: Ints) -> Floats:
        """Revenue to date of rows `part` at the close of `days`: days x rows."""

    @abstractmethod
    def at(self, days: Ints) -> Ints:
        """Revenue to date of each row at the close of a day of its own."""


class Constant(Family):
    def __init__(self, rows: Ints, base: Ints) -> None:
        super().__init__(rows, np.zeros_like(rows), np.zeros_like(rows), _largest(base))
        self._base = base

    def figures(self, part: Rows, days: Ints) -> Floats:
        return np.repeat(self._base[part].astype(np.float64)[None, :], len(days), axis=0)

    def at(self, days: Ints) -> Ints:
        return self._base


class Earner(Family):
    """Rows with a clock."""

    def __init__(self, of: Earning) -> None:
        super().__init__(of.rows, of.start, of.end, _largest(of.base) + _largest(of.amount))
        self._of = of


def _largest(column: Ints) -> int:
    return max(int(column.max()), -int(column.min()))


class Exact(Earner):
    def __init__(self, of: Earning) -> None:
        super().__init__(of)
        self._place = np.arange(len(of.rows))

    def figures(self, part: Rows, days: Ints) -> Floats:
        place = self._place[part]
        return np.array([self.some(place, day) for day in days.tolist()], np.float64).reshape(len(days), len(place))

    def at(self, days: Ints) -> Ints:
        return self.some(self._place, days)

    def some(self, place: Ints, day: int | Ints) -> Ints:
        """Revenue to date of rows, by their place in what the family was made of, at one day or each at its own."""
        of, clocks = self._of, self._of.clocks(place)
        pace, shift, whole = of.shares(place, clocks.whole)
        ticks = clocks.ticks(day)
        whole = whole * ticks.days
        part = (shift + pace * ticks.done) * ticks.days + pace * ticks.running * ticks.part
        amount, part = of.amount[place], np.clip(part, 0, whole)
        if whole.max(initial=0) >= PARTS_LIMIT:  # in Python's integers: a term of centuries under daily_ends
            amount, part, whole = (column.astype(object) for column in (amount, part, whole))
        return of.base[place] + rounded_parts(amount, part, whole, of.rounding[place] == HALF_EVEN).astype(np.int64)


class Line(Earner):
    """Rows that earn evenly in time: floor(slope x time + offset), cut off at what they have earned before and after.

    origin  times are counted from there
    split   whole minor units rise on a line of their own, as they must where amounts are large (see kernel.py)
    fits    rows that are exact like this
    """

    #: times are counted in steps down to 1 / fineness
    fineness = 1

    def __init__(self, of: Earning, origin: int, split: bool) -> None:
        super().__init__(of)
        self.origin, self.split = origin, split
        self.fits = np.empty(len(of.rows), bool)
        self._slope, self._offset, self._low, self._high = np.empty((4, len(of.rows)))
        self._unit, self._units = np.empty((2, len(of.rows) if split else 0))
        for part in blocks(len(of.rows)):
            self._draw(part)

    @classmethod
    def families(cls, of: Earning) -> list[Family]:
        """The rows as families: on one line, on two, and those too large for that."""
        origin = cls.origin_of(of)
        found: list[Family] = []
        for split in (False, True):
            line = cls(of, origin, split)
            if line.fits.all():
                return [*found, line]
            if line.fits.any():
                found.append(cls(of.take(line.fits), origin, split))
            of = of.take(~line.fits)
        return [*found, Exact(of)]

    @staticmethod
    @abstractmethod
    def origin_of(of: Earning) -> int:
        """A time in the middle of those of the rows."""

    @abstractmethod
    def _ticks(self, part: slice) -> tuple[Ints | int, Ints | int, Ints]:
        """Of a block of rows: ticks in a step of time, at the origin (if the line went on to there), in the term."""

    def _draw(self, part: slice) -> None:
        """Draw the lines of a block of rows."""
        rate, reached, ticks = self._ticks(part)
        pace, shift, whole = self._of.shares(part, ticks)
        own_clock = isinstance(pace, int)
        if not own_clock:
            rate, reached = pace * rate, shift + pace * reached
        columns = self._of.base[part], self._of.amount[part], rate, reached, whole
        lines = Lines(*(np.asarray(column, np.float64) for column in columns))
        bounds = (lines.base, lines.base + lines.amount) if own_clock else self._of.bounds(part, ticks)
        self._low[part], self._high[part] = np.minimum(*bounds), np.maximum(*bounds)
        if self.split:
            self.fits[part] = lines.fit_split()
            (self._slope[part], self._offset[part]), (self._unit[part], self._units[part]) = lines.drawn_split()
        else:
            self.fits[part] = lines.fit(self.fineness, self.largest)
            self._slope[part], self._offset[part] = lines.drawn(self.fineness)

    def drawn(self, part: Rows, times: Floats) -> Floats:
        """Figures of rows `part` at times, either times x 1 or one for each row."""
        figures: Floats = times * self._slope[part]
        figures += self._offset[part]
        np.floor(figures, out=figures)
        if self.split:
            figures += times * self._unit[part]
            figures += self._units[part]
        np.maximum(figures, self._low[part], out=figures)
        np.minimum(figures, self._high[part], out=figures)
        return figures


class Daily(Line):
    @staticmethod
    def origin_of(of: Earning) -> int:
        return (int(of.start.min()) + int(of.end.max())) // 2

    def _ticks(self, part: slice) -> tuple[Ints | int, Ints | int, Ints]:
        before = self._of.start[part] - 1
        return 1, self.origin - before, self._of.end[part] - before

    def figures(self, part: Rows, days: Ints) -> Floats:
        return self.drawn(part, (days[:, None] - self.origin).astype(np.float64))

    def at(self, days: Ints) -> Ints:
        return self.drawn(_ALL, (days - self.origin).astype(np.float64)).astype(np.int64)


class Periodic(Line):
    """Days are parts of their period: where a period is served from its first to its last day, it accrues evenly."""

    fineness = 64  # more than the days of any period

    def __init__(self, of: Earning, origin: int, split: bool) -> None:
        self._first, self._last = np.empty((2, len(of.rows)), np.int64)
        super().__init__(of, origin, split)
        self._exact, self._place = Exact(of), np.arange(len(of.rows))

    @staticmethod
    def origin_of(of: Earning) -> int:
        return of.calendar.period(Daily.origin_of(of))

    def _ticks(self, part: slice) -> tuple[Ints | int, Ints | int, Ints]:
        clocks = self._of.clocks(part)
        self._first[part], self._last[part] = clocks.first, clocks.last
        return clocks.middle, clocks.head + clocks.middle * (self.origin - clocks.first), clocks.whole

    def figures(self, part: Rows, days: Ints) -> Floats:
        calendar = self._of.calendar
        periods = calendar.periods(days)
        starts, ends = calendar.starts[periods], calendar.starts[periods + 1]
        left: Ints = ends - 1 - days
        times = (periods - self.origin).astype(np.float64) - left / (ends - starts)
        figures = self.drawn(part, times[:, None])
        for n in np.flatnonzero(left).tolist():
            rows = self._partly_served(part, int(periods[n]))
            figures[n, rows] = self._exact.some(self._place[part][rows], int(days[n]))
        return figures

    def _partly_served(self, part: Rows, period: int) -> Ints:
        """Which of rows `part` the line does not answer for on a day inside a period."""
        first, last = self._first[part], self._last[part]
        return np.arange(len(first)) if self.split else np.flatnonzero((first == period) | (last == period))

    def at(self, days: Ints) -> Ints:
        return self._exact.at(days)


class Uneven(Periodic):
    """`daily_ends`: the line would run on over the ends of its term, and is cut there."""

    def __init__(self, of: Earning, origin: int, split: bool) -> None:
        super().__init__(of, origin, split)
        self._before, self._after = of.bounds(_ALL, of.clocks().whole)

    def drawn(self, part: Rows, times: Floats) -> Floats:
        figures = super().drawn(part, times)
        np.copyto(figures, self._before[part], where=times < self._first[part] - self.origin)
        np.copyto(figures, self._after[part], where=times >= self._last[part] - self.origin)
        return figures


class Plugged(Earner):
    """Each row has a sheet of running totals: nothing, then one for each of its periods."""

    def __init__(self, of: Earning) -> None:
        super().__init__(of)
        self._place, clocks = np.arange(len(of.rows)), of.clocks()
        sheets = np.concatenate([_running(of.take(part)) for part in blocks(len(of.rows))])
        lengths = clocks.last - clocks.first + 2
        self._sheets = clocks, np.cumsum(lengths) - lengths, sheets

    def figures(self, part: Rows, days: Ints) -> Floats:
        place = self._place[part]
        return np.array([self._some(place, day) for day in days.tolist()], np.float64).reshape(len(days), len(place))

    def at(self, days: Ints) -> Ints:
        return self._some(self._place, days)

    def _some(self, place: Ints, day: int | Ints) -> Ints:
        """To the last period end, plus the period's amount by days served, at one day or each at its own."""
        clocks, offset, sheets = self._sheets
        calendar, first, last = clocks.calendar, clocks.first[place], clocks.last[place]
        period = calendar.periods(np.asarray(day))
        done = np.clip(period + 1 - first, 0, last - first + 1)
        to_end: Ints = self._of.base[place] + sheets[offset[place] + done]
        inside = np.flatnonzero((day < clocks.end[place]) & (calendar.starts[period + 1] != day + 1))
        if len(inside):
            some = place[inside]
            before = self._of.base[some] + sheets[offset[some] + np.maximum(done[inside] - 1, 0)]
            served, span = self._served(some, clocks.take(some).ticks(day if isinstance(day, int) else day[inside]))
            amount, span = to_end[inside] - before, np.maximum(span, 1)
            to_end[inside] = before + rounded_parts(amount, np.minimum(served, span), span)
        return to_end

    def _served(self, place: Ints, ticks: Ticks) -> tuple[Ints, Ints]:
        """How much of what a row earns in the period under way it has earned, and all of that, in parts of ticks."""
        pace, shift, whole = self._of.shares(place, self._sheets[0].whole[place])
        done, running = ticks.done * ticks.days, ticks.running
        before, to_date, to_end = (
            np.clip(shift * ticks.days + pace * gone, 0, whole * ticks.days)
            for gone in (done, done + running * ticks.part, done + running * ticks.days)
        )
        return to_date - before, to_end - before


def _running(of: Earning) -> Ints:
    """The sheets of rows, one after the other."""
    clocks = of.clocks()
    pace, shift, whole = (np.broadcast_to(column, len(of.rows)) for column in of.shares(_ALL, clocks.whole))
    count = clocks.last - clocks.first + 1
    owner, begin = np.repeat(np.arange(len(count)), count), np.cumsum(count) - count
    nth = np.arange(len(owner)) - begin[owner]
    part = shift[owner] + pace[owner] * clocks.take(owner).at_end_of(clocks.first[owner] + nth)
    part = np.clip(part, 0, whole[owner])
    before = np.append(0, part[:-1])
    before[begin] = np.clip(shift, 0, whole)
    amounts = rounded_parts(of.amount[owner], part - before, whole[owner])
    taker = _takers(owner, np.flatnonzero(part > before), of.rounding == PLUG_FIRST)
    amounts[taker] += (of.amount - np.add.reduceat(amounts, begin))[owner[taker]]
    totals = np.append(0, np.cumsum(amounts))
    sheets = np.zeros(len(owner) + len(count), np.int64)
    sheets[np.arange(len(owner)) + owner + 1] = totals[1:] - totals[begin[owner]]
    return sheets


def _takers(owner: Ints, served: Ints, first: Bools) -> Ints:
    """The period of each row that takes the remainder: the first or the last of those `served`."""
    of = owner[served]
    turns = np.flatnonzero(of[1:] != of[:-1])
    heads, ends = np.append(0, turns + 1), np.append(turns, len(of) - 1)
    if not len(of):
        return served
    result: Ints = served[np.where(first[of[heads]], heads, ends)]
    return result


class Told(Family):
    def __init__(self, rows: Ints, segments: Sequence[Segment]) -> None:
        terms = [(segment.clock.start, segment.clock.end) if segment.clock else (1, 0) for segment in segments]
        start, end = np.array(terms, np.int64).T
        largest = max(abs(segment.base) + abs(segment.amount) for segment in segments)
        super().__init__(rows, start, end, largest)
        self._place, self._segments = np.arange(len(rows)), segments

    def figures(self, part: Rows, days: Ints) -> Floats:
        chosen = [self._segments[place] for place in self._place[part].tolist()]
        figures = [[segment.to_date(day) for segment in chosen] for day in days.tolist()]
        return np.array(figures, np.float64).reshape(len(days), len(chosen))

    def at(self, days: Ints) -> Ints:
        own = zip(self._segments, days.tolist(), strict=True)
        return np.array([segment.to_date(day) for segment, day in own], np.int64)
