"""One segment in exact fractions: the scalar twin of segments.py, for contracts whose lives are told row by row."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from engine.schedule.clocks import ALL, NONE, Clock
from engine.schedule.kernel import rounded

#: `until` of the segments that are still open, later than any day
OPEN = date.max.toordinal() + 1
#: term of a segment that earns nothing: any day that the calendar has
NO_DAY = date(2000, 1, 1).toordinal()
#: rounding policies in columns
HALF_AWAY, HALF_EVEN, PLUG_LAST, PLUG_FIRST = range(4)
ROUNDINGS = {
    "cumulative": HALF_AWAY, "cumulative_half_even": HALF_EVEN, "plug_last": PLUG_LAST, "plug_first": PLUG_FIRST,
}  # fmt: skip
PLUGS = (PLUG_LAST, PLUG_FIRST)


class Segment(NamedTuple):
    """One segment in exact fractions: share = shift + pace x share of the clock; without a clock it stands at
    `base`.

    strand  0, or the number of a part of the price that runs over days of its own beside it
    """

    obligation: int
    since: int
    price: int
    base: int
    amount: int = 0
    clock: Clock | None = None
    pace: Fraction = ALL
    shift: Fraction = NONE
    rounding: int = HALF_AWAY
    strand: int = 0

    @property
    def is_plain(self) -> bool:
        """Whether its share is that of its clock."""
        return (self.pace is ALL or self.pace == ALL) and not self.shift

    def earns_like(self, other: Segment) -> bool:
        """Whether it is the same from another day on."""
        return self[:1] == other[:1] and self[2:] == other[2:]

    def to_date(self, day: int) -> int:
        """Revenue to date at the close of `day`, in whole minor units."""
        if self.clock is None:
            return self.base
        if self.rounding in PLUGS:
            return self.base + self._plugged(day)
        return self.base + rounded(self.amount, self._share(day), self.rounding == HALF_EVEN)

    def _share(self, day: int) -> Fraction:
        assert self.clock is not None
        if self.is_plain:
            return self.clock.share(day)
        return min(max(self.shift + self.pace * self.clock.share(day), NONE), ALL)

    def _plugged(self, day: int) -> int:
        """Periods rounded one by one; the last or first that has a share takes the remainder."""
        assert self.clock is not None
        clock, calendar = self.clock, self.clock.calendar
        ends = [self._share(clock.start - 1)] + [
            self._share(calendar.end(p)) for p in range(clock.first, clock.last + 1)
        ]
        amounts = [rounded(self.amount, after - before) for before, after in pairwise(ends)]
        served = [n for n, (before, after) in enumerate(pairwise(ends)) if after > before]
        if served:
            amounts[served[0 if self.rounding == PLUG_FIRST else -1]] += self.amount - sum(amounts)
        if day >= clock.end:
            return self.amount if served else 0
        period = calendar.period(day)
        if period < clock.first:
            return 0
        gone = period - clock.first
        before, to_end = ends[gone], ends[gone + 1]
        inside = (self._share(day) - before) / (to_end - before) if to_end > before else NONE
        return sum(amounts[:gone]) + rounded(amounts[gone], inside)
