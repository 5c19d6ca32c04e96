"""Segments: what each obligation has contracted and recognized while one set of terms was in force.

A segment is a row (obligation, since, until, price, base, amount, clock): from `since` to the day before `until` the obligation's price
is `price` and its revenue to date is base + ROUND(amount x share), share = (shift + pace x ticks of the clock) / whole. Whatever happens
to an obligation closes a segment and opens the next; the last one stays open. So revenue to date at any day is one closed form of the
one segment then in force, and what is expected after a day is the same segment asked about a later day.

All columns hold whole minor units and day ordinals.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from engine.schedule.calendar import Calendar
from engine.schedule.clocks import DAILY, THIRTY, Clocks, thirty
from engine.schedule.kernel import PARTS_LIMIT, SPLIT_LIMIT, Bools, Floats, Ints, rounded_parts, split

#: `until` of the segments that are still open, later than any day
OPEN = date.max.toordinal() + 1
#: rounding policies in columns
HALF_AWAY, HALF_EVEN, PLUG_LAST, PLUG_FIRST = range(4)
ROUNDINGS = {
    "cumulative": HALF_AWAY, "cumulative_half_even": HALF_EVEN, "plug_last": PLUG_LAST, "plug_first": PLUG_FIRST,
}  # fmt: skip
#: rows that are worked on at a time, so that a block stays in the processor's cache
_BLOCK = 8192


@dataclass(frozen=True)
class Terms:
    """The columns segments are made of, as compiled, one row a segment in order of (obligation, since)."""

    obligation: Ints
    since: Ints
    price: Ints
    base: Ints
    amount: Ints
    code: Ints
    start: Ints
    end: Ints
    pace: Ints
    shift: Ints
    whole: Ints  # of the share; 0 reads as the clock's own count of ticks with pace 1, shift 0
    rounding: Ints

    def take(self, order: Ints) -> Terms:
        return Terms(**{name: column[order] for name, column in vars(self).items()})

    @staticmethod
    def joined(parts: Sequence[Terms]) -> Terms:
        return Terms(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in Terms.__annotations__})


class Segments:
    """Segments ready to be asked. `obligation`, `since`, `until`, `price`, `final` (revenue once all is earned) are columns."""

    def __init__(self, terms: Terms, calendar: Calendar) -> None:
        self.calendar = calendar
        self.obligation, self.since, self.price = terms.obligation, terms.since, terms.price
        following = np.append(terms.since[1:], OPEN)
        same = np.append(terms.obligation[1:] == terms.obligation[:-1], False)
        self.until = np.where(same, following, OPEN)
        self.final = terms.base + terms.amount
        self._lifelong = bool(np.all(~same)) if len(same) else True
        clocks = Clocks(terms.code, terms.start, terms.end, calendar)
        own = terms.whole == 0
        self._terms = terms
        self._pace, self._shift = np.where(own, 1, terms.pace), np.where(own, 0, terms.shift)
        self._whole = np.where(own, clocks.whole, terms.whole)
        self._prepare(clocks)
        largest = np.abs(self._amounts).max(initial=0.0) + np.abs(self._base).max(initial=0.0)
        #: rows whose figures can be added up in float64 without losing a unit
        self._addable = int(2.0**53 / (largest + 1.0))

    def __len__(self) -> int:
        return len(self.since)

    def _prepare(self, clocks: Clocks) -> None:
        """Set up the columns of the fast path and remember the rows that need another."""
        terms = self._terms
        tail = clocks.whole - clocks.head * (clocks.last - clocks.first)
        even = (clocks.first == clocks.last) | ((clocks.head == clocks.middle) & ((tail == 0) | (tail == clocks.head)))
        constant = terms.amount == 0
        exact = (self._whole < SPLIT_LIMIT) & (terms.rounding == HALF_AWAY)
        linear = exact & (even | (clocks.code <= DAILY) | (clocks.code == THIRTY))
        plugged = ((terms.rounding == PLUG_LAST) | (terms.rounding == PLUG_FIRST)) & ~constant
        self._plugs = _Plugs(self, np.flatnonzero(plugged), clocks) if plugged.any() else None
        self._slow = np.flatnonzero(~linear & ~plugged & ~constant)
        #: rows that accrue by period, so that a day inside a period is not on the line through period ends
        self._periodic = np.flatnonzero(linear & (clocks.code != DAILY) & ~constant)
        self._clocks = clocks
        day_based, thirty_based = clocks.code == DAILY, clocks.code == THIRTY
        self._axis: npt.NDArray[np.int8] = np.where(day_based, 0, np.where(thirty_based, 1, 2)).astype(np.int8)
        axes = np.unique(self._axis)
        self._one_axis = int(axes[0]) if len(axes) == 1 else None
        unit = np.where(self._axis == 2, np.maximum(clocks.head, 1), 1)
        origin = np.select([day_based, thirty_based], [clocks.start, clocks.thirty_start], clocks.first)
        ready = split(terms.amount, np.maximum(self._whole, 1))
        remainder = terms.amount - ready.quotient * np.maximum(self._whole, 1)
        pace = self._pace * unit
        self._origin, self._length = origin.astype(np.float64), (clocks.whole // unit).astype(np.float64)
        self._quotient = (ready.quotient * pace).astype(np.float64)
        self._slope = remainder * pace / np.maximum(self._whole, 1).astype(np.float64)
        self._offset = ready.slope * self._shift + ready.offset
        self._base = (terms.base + ready.quotient * self._shift).astype(np.float64)
        self._amounts = terms.amount.astype(np.float64)

    def _coordinates(self, day: int) -> tuple[float, float, float]:
        """Where the last period end on or before `day` stands on each axis; on the axis of days: `day` itself."""
        period = self.calendar.period(day)
        if self.calendar.end(period) != day:
            period -= 1
        return float(day + 1), float(thirty(self.calendar.end(period) + 1)), float(period + 1)

    def _line(self, rows: slice, coordinates: npt.NDArray[np.float64]) -> Floats:
        """Fast path: days x rows of revenue to date, for rows on a line between the ends of periods.

        coordinates  days x axes
        """
        if self._one_axis is None:
            ticks = coordinates[:, self._axis[rows]]
        else:
            ticks = np.repeat(coordinates[:, self._one_axis, None], rows.stop - rows.start, axis=1)
        ticks -= self._origin[rows]
        np.maximum(ticks, 0.0, out=ticks)
        np.minimum(ticks, self._length[rows], out=ticks)
        fraction = ticks * self._slope[rows]
        fraction += self._offset[rows]
        np.floor(fraction, out=fraction)
        ticks *= self._quotient[rows]
        ticks += fraction
        ticks += self._base[rows]
        return ticks

    def _exactly(self, rows: Ints, day: int | Ints) -> Ints:
        """Integer path: revenue to date of any rows (but plugged ones) at any day, or each at its own."""
        terms, ticks = self._terms, self._clocks.take(rows).ticks(day)
        pace, shift, whole = self._pace[rows], self._shift[rows], self._whole[rows]
        part = (shift + pace * ticks.done) * ticks.days + pace * ticks.running * ticks.part
        parts_whole = whole * ticks.days
        part = np.clip(part, 0, parts_whole)
        even = terms.rounding[rows] == HALF_EVEN
        amount = terms.amount[rows]
        if parts_whole.max(initial=0) < PARTS_LIMIT:
            earned = rounded_parts(amount, part, parts_whole, even)
        else:
            big = rounded_parts(amount.astype(object), part.astype(object), parts_whole.astype(object), even)
            earned = big.astype(np.int64)
        return terms.base[rows] + earned

    def blocks(self, days: Sequence[int], size: int = _BLOCK) -> Iterator[tuple[slice, Floats]]:
        """Revenue to date of all rows, as if in force, block by block: (rows, days x rows of whole minor units)."""
        coordinates = np.array([self._coordinates(day) for day in days])
        inside = [n for n, day in enumerate(days) if not self.calendar.is_period_end(day)]
        others = [(n, self._slow if n not in inside else np.union1d(self._slow, self._periodic)) for n in range(len(days))]
        found = [(rows, self._exactly(rows, days[n])) for n, rows in others]
        if self._plugs:
            found = [
                (np.append(rows, self._plugs.rows), np.append(figures, self._plugs.to_date(day)))
                for (rows, figures), day in zip(found, days, strict=True)
            ]
            found = [(rows[order], figures[order]) for rows, figures in found for order in [np.argsort(rows)]]
        for first in range(0, len(self), size):
            rows = slice(first, min(first + size, len(self)))
            figures = self._line(rows, coordinates)
            for n, (others_rows, others_figures) in enumerate(found):
                if len(others_rows):
                    begin, stop = np.searchsorted(others_rows, (rows.start, rows.stop))
                    figures[n, others_rows[begin:stop] - rows.start] = others_figures[begin:stop]
            yield rows, figures

    def in_force(self, day: int, rows: slice = slice(None)) -> Bools:
        """Which segments are in force at the close of `day`."""
        result: Bools = self.since[rows] <= day
        return result if self._lifelong else result & (self.until[rows] > day)

    def at(self, days: Ints) -> Ints:
        """Revenue to date of each row, as if in force, at a day of its own."""
        result = self._exactly(np.arange(len(self)), days)
        if self._plugs:
            result[self._plugs.rows] = self._plugs.to_date(days[self._plugs.rows])
        return result

    def to_date(self, day: int, known: int | None = None) -> Ints:
        """Revenue to date at the close of `day` of each row in force at `known` (default `day`), 0 of the others."""
        known = day if known is None else known
        result = np.empty(len(self), np.int64)
        for rows, figures in self.blocks([day]):
            figures[0] *= self.in_force(known, rows)
            result[rows] = figures[0]
        return result

    def totals(self, days: Sequence[int], known: int | None = None, labels: Ints | None = None, count: int = 1) -> Ints:
        """Revenue to date added up: days x `count` labels.

        known   day at which rows are in force; default: each day itself
        labels  label 0..count-1 of each row; default: one label for all
        """
        size = max(min(1024, self._addable), 1)
        result = np.zeros((len(days), count), np.int64)
        for rows, figures in self.blocks(days, size):
            if known is not None:
                figures *= self.in_force(known, rows)
            else:
                figures *= np.array([self.in_force(day, rows) for day in days])
            if labels is None:
                result[:, 0] += figures.sum(axis=1).astype(np.int64)
            else:
                spread = np.arange(len(days))[:, None] * count + labels[rows]
                added = np.bincount(spread.ravel(), weights=figures.ravel(), minlength=len(days) * count)
                result += added.reshape(len(days), count).astype(np.int64)
        return result


class _Plugs:
    """Rows whose periods are rounded one by one, the last or first taking the remainder (`plug_last`, `plug_first`)."""

    def __init__(self, segments: Segments, rows: Ints, clocks: Clocks) -> None:
        terms = segments._terms
        self.rows, self._calendar = rows, segments.calendar
        self._clocks = own = clocks.take(rows)
        self._base = terms.base[rows]
        count = own.last - own.first + 1
        self._offset = np.concatenate(([0], np.cumsum(count + 1)))[:-1]
        owner = np.repeat(np.arange(len(rows)), count)
        nth = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
        pace, shift, whole = (column[rows][owner] for column in (segments._pace, segments._shift, segments._whole))
        ticks = own.take(owner).at_end_of(own.first[owner] + nth)
        part = np.clip(shift + pace * ticks, 0, whole)
        before = np.where(nth == 0, np.clip(shift, 0, whole), np.append(0, part[:-1]))
        amounts = rounded_parts(terms.amount[rows][owner], part - before, whole)
        self._plug(amounts, part > before, owner, terms.amount[rows], terms.rounding[rows] == PLUG_FIRST)
        #: running totals of each row, with a zero in front
        self._running = np.zeros(int(count.sum()) + len(rows), np.int64)
        totals = np.cumsum(amounts)
        begin = np.cumsum(count) - count
        self._running[self._offset[owner] + nth + 1] = totals - np.append(0, totals)[begin][owner]

    @staticmethod
    def _plug(amounts: Ints, served: Bools, owner: Ints, amount: Ints, first: Bools) -> None:
        left = amount - np.bincount(owner, weights=amounts, minlength=len(amount)).astype(np.int64)
        places = np.flatnonzero(served)
        chosen = np.zeros(len(amount), np.int64)
        chosen[owner[places]] = places  # the last one written is the last period served
        head = np.zeros(len(amount), np.int64)
        head[owner[places][::-1]] = places[::-1]
        np.add.at(amounts, np.where(first, head, chosen), left)

    def to_date(self, day: int | Ints) -> Ints:
        """Revenue to date of the plugged rows: to the last period end, plus the period's amount by days served."""
        own, period = self._clocks, self._calendar.periods(np.asarray(day))
        span = own.last - own.first + 1
        done = np.clip(period + 1 - own.first, 0, span)
        to_end = self._running[self._offset + done]
        ticks = own.ticks(day)
        before = self._running[self._offset + np.maximum(done - 1, 0)]
        inside = before + rounded_parts(to_end - before, ticks.part, ticks.days)
        finished = (day >= own.end) | (self._calendar.starts[period + 1] == day + 1)
        return self._base + np.where(finished, to_end, inside)
