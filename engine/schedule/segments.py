"""Segments: what each obligation has contracted and recognized while one set of terms was in force.

A segment is a row (obligation, since, until, price, base, amount, clock): from `since` to the day before `until` the
obligation's price is `price` and its revenue to date is base + ROUND(amount x share), share = (shift + pace x ticks
of the clock) / whole. Whatever happens to an obligation closes a segment and opens the next; the last one stays open.
So revenue to date at any day is one closed form of the one segment then in force, and what is expected after a day is
the same segment asked about a later day.

All columns hold whole minor units and day ordinals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.schedule.calendar import Calendar
from engine.schedule.clocks import DAILY, THIRTY, Clocks
from engine.schedule.families import Constant, Daily, Exact, Family, Periodic, Plugged, Told
from engine.schedule.kernel import SPLIT_LIMIT, Bools, Ints
from engine.schedule.segment import HALF_EVEN, OPEN, PLUG_LAST, Segment

#: `whole` of a segment whose share has outgrown integers: it is told in fractions
BEYOND = -1
#: rows worked on at a time, so that a block stays in the processor's cache: one day, many days
_BLOCK, _GRID_BLOCK = 8192, 1024


@dataclass(frozen=True)
class Terms:
    """The columns segments are made of, as compiled, one row a segment in order of (obligation, since).

    whole  ticks that the share is counted in; 0 reads as the clock's own count, with pace 1 and shift 0
    """

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
    whole: Ints
    rounding: Ints

    def take(self, order: Ints) -> Terms:
        return Terms(**{name: column[order] for name, column in vars(self).items()})

    @staticmethod
    def joined(parts: Sequence[Terms]) -> Terms:
        return Terms(
            **{name: np.concatenate([getattr(part, name) for part in parts]) for name in Terms.__annotations__}
        )


class Segments:
    """Segments ready to be asked. `obligation`, `since`, `until`, `price`, `final` (revenue once all is earned) are
    columns.

    `terms` is what they were made of, to explain them by.
    """

    def __init__(self, terms: Terms, calendar: Calendar, told: Sequence[Segment] = ()) -> None:
        self.calendar, self.terms = calendar, terms
        self.obligation, self.since, self.price = terms.obligation, terms.since, terms.price
        self.final = terms.base + terms.amount
        same = np.append(terms.obligation[1:] == terms.obligation[:-1], False)[: len(terms.since)]
        self.until = np.where(same, np.append(terms.since[1:], OPEN)[: len(same)], OPEN)
        self._all_open = not same.any()
        self._families = _families(terms, calendar, told)
        # rows that show nothing before they are in force and stay in force need no look at their dates
        nothing_before = (self.since <= terms.start) & (terms.shift == 0) & (terms.whole != BEYOND) | (
            terms.amount == 0
        )
        self._always = (self.until == OPEN) & (terms.base == 0) & nothing_before

    def __len__(self) -> int:
        return len(self.since)

    def in_force(self, day: int) -> Bools:
        """Which segments are in force at the close of `day`."""
        result: Bools = self.since <= day
        if not self._all_open:
            result &= self.until > day
        return result

    def to_date(self, day: int, known: int | None = None) -> Ints:
        """Revenue to date at the close of `day` of each row in force at `known` (default `day`), 0 of the others."""
        result = np.zeros(len(self), np.int64)
        for family in self._families:
            whole = len(family.rows) == len(self)
            for begin in range(0, len(family.rows), _BLOCK):
                part = slice(begin, min(begin + _BLOCK, len(family.rows)))
                result[part if whole else family.rows[part]] = family.figures(part, [day])[0]
        result *= self.in_force(day if known is None else known)
        return result

    def before_in_force(self, rows: Ints) -> Ints:
        """Revenue that each of `rows` shows by the day before it comes into force: what its first day makes up for."""
        latest = self.calendar.start(len(self.calendar.starts) - 2)
        return self.at(np.minimum(self.since - 1, latest))[rows]

    def at(self, days: Ints) -> Ints:
        """Revenue to date of each row, as if in force, at a day of its own."""
        result = np.zeros(len(self), np.int64)
        for family in self._families:
            rows = np.arange(len(family.rows))
            own = days[family.rows]
            if isinstance(family, Exact | Plugged):
                result[family.rows] = family.at(rows, own)
            else:
                for day in np.unique(own).tolist():
                    part = np.flatnonzero(own == day)
                    result[family.rows[part]] = family.figures(part, [day])[0]
        return result

    def totals(self, days: Sequence[int], known: int | None = None, labels: Ints | None = None, count: int = 1) -> Ints:
        """Revenue to date added up: days x `count` labels.

        days    rising
        known   day at which rows are in force; default: each day itself
        labels  label 0..count-1 of each row; default: one label for all
        """
        result = np.zeros((len(days), count), np.int64)
        keep = None if known is None else self.in_force(known)
        for family in self._families:
            order = family.by_begin
            if keep is not None:
                order = order[keep[family.rows[order]]]
            if labels is not None:
                order = order[np.argsort(labels[family.rows[order]], kind="stable")]
            for begin in range(0, len(order), _GRID_BLOCK):
                self._add(result, family, order[begin : begin + _GRID_BLOCK], days, keep is None, labels)
        return result

    def _add(
        self, result: Ints, family: Family, part: Ints, days: Sequence[int], dated: bool, labels: Ints | None
    ) -> None:
        """Add a block of rows in order of their labels; `dated`: rows count only on the days they are in force."""
        rows = family.rows[part]
        if dated and not self._always[rows].all():
            figures = family.figures(part, days).astype(np.int64)
            on = np.array(days)[:, None]
            figures *= (self.since[rows] <= on) & (self.until[rows] > on)
            first, last = 0, len(days)
        else:
            # only days on which some row of the block is under way need working out; before and after, rows are
            # constant
            first = int(np.searchsorted(days, family.begin[part].min()))
            last = max(int(np.searchsorted(days, family.end[part].max())) + 1, first)
            first, last = max(first - 1, 0), min(last, len(days))
            figures = family.figures(part, days[first:last]).astype(np.int64)
        if labels is None:
            sums, of = figures.sum(axis=1)[:, None], np.zeros(1, np.int64)
        else:
            own = labels[rows]
            heads = np.flatnonzero(np.append(True, own[1:] != own[:-1]))
            sums, of = np.add.reduceat(figures, heads, axis=1), own[heads]
        result[first:last, of] += sums
        result[:first, of] += sums[0]
        result[last:, of] += sums[-1]


def _families(terms: Terms, calendar: Calendar, told: Sequence[Segment]) -> list[Family]:
    """Sort the rows into families."""
    families: list[Family] = []
    beyond = terms.whole == BEYOND
    still = np.flatnonzero((terms.amount == 0) & ~beyond)
    if len(still):
        families.append(Constant(still, terms.base[still]))
    if len(told):
        families.append(Told(np.flatnonzero(beyond), told))
    moving = np.flatnonzero((terms.amount != 0) & ~beyond)
    clocks = Clocks(terms.code[moving], terms.start[moving], terms.end[moving], calendar)
    own = terms.whole[moving] == 0
    columns = (
        moving, terms.base[moving], terms.amount[moving], np.where(own, 1, terms.pace[moving]),
        np.where(own, 0, terms.shift[moving]), np.where(own, clocks.whole, terms.whole[moving]),
    )  # fmt: skip
    rounding, whole = terms.rounding[moving], columns[-1]
    plugged, even = rounding >= PLUG_LAST, rounding == HALF_EVEN
    linear = ~plugged & ~even & (whole < SPLIT_LIMIT)
    daily = linear & (clocks.code == DAILY)
    periodic = linear & ~daily & ((clocks.code != THIRTY) | (calendar.kind == "month"))
    for family, keep in (
        (Daily, daily),
        (Periodic, periodic),
        (Exact, ~plugged & ~daily & ~periodic),
        (Plugged, plugged),
    ):
        rows = np.flatnonzero(keep)
        if len(rows):
            part = [column[rows] for column in columns]
            of_rows = clocks if len(rows) == len(moving) else clocks.take(rows)
            families.append(family(part, of_rows, rounding[rows]))
    return families
