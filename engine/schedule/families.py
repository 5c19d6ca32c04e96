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
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np

from engine.schedule.calendar import Calendar
from engine.schedule.clocks import Clocks, Ticks
from engine.schedule.kernel import PARTS_LIMIT, Bools, Floats, Ints, Lines, nearest, rounded_parts
from engine.schedule.segment import HALF_EVEN, PLUG_FIRST, Segment
from engine.schedule.side_by_side import BLOCK, blocks, side_by_side

#: on fewer days it is quicker to cut lines off than to find out where that is needed
_FEW = 4

Rows = Ints | slice
_ALL = slice(None)


def order(days: Ints) -> Ints:
    """The places of `days`, the earliest first: to sort them together with their places is faster than argsort."""
    places: Ints = np.sort(days << 32 | np.arange(len(days))) & 0xFFFF_FFFF
    return places


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
        base, amount, whole = self.base[rows], self.amount[rows], self.whole[rows]
        before, after = base.copy(), base + amount
        if len(some := np.flatnonzero(whole)):
            base, amount, whole, ticks = (column[some] for column in (base, amount, whole, ticks))
            pace, shift = self.pace[rows][some], self.shift[rows][some]
            before[some] = base + rounded_parts(amount, np.clip(shift, 0, whole), whole)
            after[some] = base + rounded_parts(amount, np.clip(shift + pace * ticks, 0, whole), whole)
        return before, after


class Family(ABC):
    """Some rows of the segments. `part` in the methods selects among them; figures are whole minor units.

    rows   places in the segments
    start  first day on which each row earns
    end    last day on which it does
    """

    def __init__(self, rows: Ints, start: Ints, end: Ints) -> None:
        self.rows, self.start, self.end = rows, start, end
        self._from: Ints | None = None
        self._to: Ints | None = None

    def held(self, first: Ints, last: Ints, at_first: Ints, at_last: Ints) -> Self:
        """The same rows, each showing until its `first` day what it shows at the close of that, and from its `last`
        day on the same as then; given what that is."""
        held = copy(self)
        held._from, held._to = first, last
        held.start = np.minimum(np.maximum(self.start, first + 1), self.end + 1)
        held.end = np.maximum(np.minimum(self.end, last), held.start - 1)
        return held

    def by_term(self) -> Self:
        """The same rows, every block of them earning on few days: by the day they begin in large parts, by the day
        they end inside those."""
        if len(self.rows) < 3 * BLOCK:
            return self
        parts = np.array_split(order(self.start), round((len(self.rows) / BLOCK) ** 0.5))
        return self._in_order(np.concatenate([part[order(self.end[part])] for part in parts]))

    def _in_order(self, places: Ints) -> Self:
        ordered = copy(self)
        for name, column in vars(self).items():
            if isinstance(column, np.ndarray) and column.size:
                setattr(ordered, name, column.take(places, axis=-1))
        return ordered

    def _on(self, part: Rows, day: int) -> int | Ints:
        """The day at which rows `part` show what they do at the close of `day`: for rows that are held, one of each."""
        return day if self._from is None or self._to is None else np.clip(day, self._from[part], self._to[part])

    def prepare(self, days: Ints | None) -> None:  # noqa: B027 - most need nothing
        """Work out what `figures` on some days, or `at`, needs of all rows, before threads ask for parts of it."""

    @abstractmethod
    def figures(self, part: Rows, days: Ints) -> Ints:
        """Revenue to date of rows `part` at the close of `days`: days x rows."""

    @abstractmethod
    def at(self, part: Rows, days: Ints) -> Ints:
        """Revenue to date of each of rows `part` at the close of a day of its own."""


class Constant(Family):
    def __init__(self, rows: Ints, base: Ints) -> None:
        super().__init__(rows, np.zeros_like(rows), np.zeros_like(rows))
        self._base = base

    def figures(self, part: Rows, days: Ints) -> Ints:
        return np.repeat(self._base[part][None, :], len(days), axis=0)

    def at(self, part: Rows, days: Ints) -> Ints:
        return self._base[part]


class Earner(Family):
    """Rows with a clock."""

    def __init__(self, of: Earning) -> None:
        super().__init__(of.rows, of.start, of.end)
        self._of = of


class DayByDay(Earner):
    """Rows that are asked about one day after the other."""

    def __init__(self, of: Earning) -> None:
        super().__init__(of)
        self._place = np.arange(len(of.rows))

    def figures(self, part: Rows, days: Ints) -> Ints:
        place = self._place[part]
        figures = np.empty((len(days), len(place)), np.int64)
        for n, day in enumerate(days.tolist()):
            figures[n] = self.some(place, self._on(part, day))
        return figures

    def at(self, part: Rows, days: Ints) -> Ints:
        return self.some(self._place[part], days)

    @abstractmethod
    def some(self, place: Ints, day: int | Ints) -> Ints:
        """Revenue to date of rows, by their place in what the family was made of, at one day or each at its own."""


class Exact(DayByDay):
    def some(self, place: Ints, day: int | Ints) -> Ints:
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
    """Rows that earn evenly in time: slope x time + offset to the nearest whole, cut off at what they have earned
    before and after.

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
        self._line = np.empty((2, len(of.rows)))
        self._units = np.empty((2, len(of.rows) if split else 0))
        #: whether every share is that of the clock
        self._plain = not of.whole.any()
        #: else, the times from one to the other of which shares surely run evenly
        self._shared = np.empty((2, 0 if self._plain else len(of.rows)))
        self._largest = _largest(of.base) + _largest(of.amount)
        self._longest = self._span() if self._plain else np.inf
        side_by_side(self._draw, blocks(len(of.rows), days=2))

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
    def _ticks(
        self, part: slice, number: type[np.int64 | np.float64] = np.int64
    ) -> tuple[Ints | int, Ints | int, Ints]:
        """Of a block of rows: ticks in a step of time, at the origin (if the line went on to there), in the term."""

    def _span(self) -> float:
        """No row has more ticks, nor has any that many by the origin; infinite where nobody has looked."""
        return np.inf

    @abstractmethod
    def _even(self, part: Rows) -> tuple[int, int]:
        """The times from one to the other of which the clocks of all rows `part` run evenly."""

    def _draw(self, part: slice) -> None:
        """Draw the lines of a block of rows."""
        rate, reached, whole = self._ticks(part, np.float64 if self._plain else np.int64)
        if not self._plain:
            pace, shift, whole = self._of.shares(part, whole)
            rate, reached = pace * rate, shift + pace * reached
        columns = self._of.base[part], self._of.amount[part], rate, reached, whole
        lines = Lines(*(np.asarray(column, np.float64) for column in columns))
        if not self._plain:
            self._shared[:, part] = lines.rises()
        if self.split:
            self.fits[part] = lines.fit_split()
            self._line[:, part], self._units[:, part] = lines.drawn_split()
        else:
            self.fits[part] = lines.fit(self.fineness, self._largest, self._longest)
            lines.draw(self._line[:, part], self.fineness)

    @cached_property
    def _bounds(self) -> Floats:
        """The least and the most that each row shows."""
        bounds = np.empty((2, len(self.rows)))

        def fill_in(part: slice) -> None:
            before, after = self._of.bounds(part, self._ticks(part)[2])
            np.minimum(before, after, out=bounds[0, part])
            np.maximum(before, after, out=bounds[1, part])

        side_by_side(fill_in, blocks(len(self.rows), days=2))
        return bounds

    def prepare(self, days: Ints | None) -> None:
        _ = self._bounds

    def held(self, first: Ints, last: Ints, at_first: Ints, at_last: Ints) -> Self:
        held = super().held(first, last, at_first, at_last)
        held._bounds = np.array([np.minimum(at_first, at_last), np.maximum(at_first, at_last)], np.float64)
        return held

    def _in_order(self, places: Ints) -> Self:
        _ = self._bounds  # worked out by now, they are put in order with the rest
        return super()._in_order(places)

    def drawn(self, part: Rows, times: Floats) -> Ints:
        """Figures of rows `part` at `times`: times x rows."""
        slope, offset = self._line[:, part]
        figures: Floats = times[:, None] * slope
        figures += offset
        if self.split:
            np.rint(figures, out=figures)
            unit, units = self._units[:, part]
            figures += times[:, None] * unit + units
        first, last = self._uncut(part, times)
        if first or last < len(times):
            low, high = self._bounds[:, part]
            for cut in (figures[:first], figures[last:]):
                np.maximum(cut, low, out=cut)
                np.minimum(cut, high, out=cut)
        return nearest(figures)

    def _uncut(self, part: Rows, times: Floats) -> tuple[int, int]:
        """First (last excluded) of the rising `times` at which no line of rows `part` need be cut off."""
        if len(times) < _FEW or self.split:
            return 0, 0
        first, last = self._even(part)
        if not self._plain:
            begins, ends = self._shared[:, part]
            first, last = max(first, begins.max()), min(last, ends.min())
        uncut = np.searchsorted(times, first), np.searchsorted(times, last, "right")
        return (int(uncut[0]), int(uncut[1])) if uncut[0] < uncut[1] else (0, 0)

    def drawn_at(self, part: Rows, times: Floats) -> Ints:
        """Figure of each of rows `part` at a time of its own."""
        (slope, offset), (low, high) = self._line[:, part], self._bounds[:, part]
        figures = times * slope + offset
        if self.split:
            unit, units = self._units[:, part]
            figures = np.rint(figures) + (times * unit + units)
        return nearest(np.clip(figures, low, high))


def _largest(column: Ints) -> int:
    return max(int(column.max()), -int(column.min()))


class Daily(Line):
    @staticmethod
    def origin_of(of: Earning) -> int:
        return (int(of.start.min()) + int(of.end.max())) // 2

    def _ticks(
        self, part: slice, number: type[np.int64 | np.float64] = np.int64
    ) -> tuple[Ints | int, Ints | int, Ints]:
        start, end = self._of.start[part], self._of.end[part]
        days = np.subtract(end, start, dtype=number)
        days += 1
        return 1, np.subtract(self.origin + 1, start, dtype=number), days

    def _span(self) -> float:
        return float(self.end.max() - self.start.min() + 1)

    def _even(self, part: Rows) -> tuple[int, int]:
        return int(self.start[part].max()) - 1 - self.origin, int(self.end[part].min()) - self.origin

    def figures(self, part: Rows, days: Ints) -> Ints:
        return self.drawn(part, self._times(days))

    def prepare(self, days: Ints | None) -> None:
        if days is None or self._uncut(_ALL, self._times(days)) != (0, len(days)):
            super().prepare(days)

    def at(self, part: Rows, days: Ints) -> Ints:
        return self.drawn_at(part, self._times(days))

    def _times(self, days: Ints) -> Floats:
        return (days - self.origin).astype(np.float64)


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

    def _ticks(
        self, part: slice, number: type[np.int64 | np.float64] = np.int64
    ) -> tuple[Ints | int, Ints | int, Ints]:
        clocks = self._of.clocks(part)
        self._first[part], self._last[part] = clocks.first, clocks.last
        return clocks.middle, clocks.head + clocks.middle * (self.origin - clocks.first), clocks.whole

    def _even(self, part: Rows) -> tuple[int, int]:
        return int(self._first[part].max()) - self.origin, int(self._last[part].min()) - 1 - self.origin

    def figures(self, part: Rows, days: Ints) -> Ints:
        calendar = self._of.calendar
        periods = calendar.periods(days)
        starts, ends = calendar.starts[periods], calendar.starts[periods + 1]
        left: Ints = ends - 1 - days
        times = (periods - self.origin).astype(np.float64) - left / (ends - starts)
        figures = self.drawn(part, times)
        for n in np.flatnonzero(left).tolist():
            rows = self._partly_served(part, int(periods[n]))
            figures[n, rows] = self._exact.some(self._place[part][rows], int(days[n]))
        if self._from is not None:  # the ends of a term are not cut off by the line alone
            low, high = self._bounds[:, part].astype(np.int64)
            np.clip(figures, low, high, out=figures)
        return figures

    def _partly_served(self, part: Rows, period: int) -> Ints:
        """Which of rows `part` the line does not answer for on a day inside a period."""
        first, last = self._first[part], self._last[part]
        return np.arange(len(first)) if self.split else np.flatnonzero((first == period) | (last == period))

    def at(self, part: Rows, days: Ints) -> Ints:
        return self._exact.at(part, days)


class Uneven(Periodic):
    """`daily_ends`: the line would run on over the ends of its term, and is cut there."""

    def __init__(self, of: Earning, origin: int, split: bool) -> None:
        super().__init__(of, origin, split)
        self._before, self._after = of.bounds(_ALL, of.clocks().whole)

    def drawn(self, part: Rows, times: Floats) -> Ints:
        figures = super().drawn(part, times)
        np.copyto(figures, self._before[part], where=times[:, None] < self._first[part] - self.origin)
        np.copyto(figures, self._after[part], where=times[:, None] >= self._last[part] - self.origin)
        return figures


class Plugged(DayByDay):
    """Each row has a sheet of running totals: nothing, then one for each of its periods."""

    def __init__(self, of: Earning) -> None:
        super().__init__(of)
        clocks = of.clocks()
        sheets = np.concatenate([_running(of.take(part)) for part in blocks(len(of.rows))])
        lengths = clocks.last - clocks.first + 2
        self._sheets = clocks, np.cumsum(lengths) - lengths, sheets

    def some(self, place: Ints, day: int | Ints) -> Ints:
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
        terms = [(segment.clock.start, segment.clock.end) for segment in segments if segment.clock]
        start, end = np.array(terms, np.int64).T
        super().__init__(rows, start, end)
        self._place, self._segments = np.arange(len(rows)), segments

    def figures(self, part: Rows, days: Ints) -> Ints:
        chosen = [self._segments[place] for place in self._place[part].tolist()]
        figures = np.empty((len(days), len(chosen)), np.int64)
        for n, day in enumerate(days.tolist()):
            on = np.broadcast_to(self._on(part, day), len(chosen)).tolist()
            figures[n] = [segment.to_date(own) for segment, own in zip(chosen, on, strict=True)]
        return figures

    def at(self, part: Rows, days: Ints) -> Ints:
        own = zip((self._segments[place] for place in self._place[part].tolist()), days.tolist(), strict=True)
        return np.array([segment.to_date(day) for segment, day in own], np.int64)
