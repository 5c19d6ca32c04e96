"""Segments: what each obligation has contracted and recognized while one set of terms was in force.

A segment is a row (obligation, since, until, price, base, amount, clock): from `since` to the day before `until` the
obligation's price is `price` and its revenue to date is base + ROUND(amount x share), share = (shift + pace x ticks
of the clock) / whole. Whatever happens to an obligation closes a segment and opens the next; the last one stays open.
So revenue to date at any day is one closed form of the one segment then in force, and what is expected after a day is
the same segment asked about a later day.

All columns hold whole minor units and day ordinals.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np

from engine.schedule.calendar import Calendar
from engine.schedule.clocks import DAILY, ENDS, THIRTY
from engine.schedule.families import (
    Constant,
    Daily,
    Earning,
    Exact,
    Family,
    Periodic,
    Plugged,
    Rows,
    Told,
    Uneven,
)
from engine.schedule.kernel import Bools, Ints
from engine.schedule.segment import HALF_AWAY, OPEN, PLUG_LAST, Segment
from engine.schedule.side_by_side import BLOCK, blocks, side_by_side
from engine.schedule.totals import Outside, Totals

#: fewer days are asked for one by one
_FEW = 4
#: `whole` of a segment whose share has outgrown integers: it is told in fractions
BEYOND = -1


@dataclass(frozen=True)
class Terms:
    """The columns segments are made of, as compiled, one row a segment in order of (obligation, strand, since).

    strand  part of the price that runs on its own, 0 if there is no other
    whole   ticks that the share is counted in; 0 reads as the clock's own count, with pace 1 and shift 0
    """

    obligation: Ints
    strand: Ints
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
    """Segments ready to be asked. `obligation`, `since`, `until`, `price`, `final` (once all is earned) are columns.

    `terms` is what they were made of, to explain them by.
    """

    def __init__(self, terms: Terms, calendar: Calendar, told: Sequence[Segment] = ()) -> None:
        self.calendar, self.terms = calendar, terms
        self.obligation, self.since, self.price = terms.obligation, terms.since, terms.price
        self._ends = terms.obligation[1:] == terms.obligation[:-1]
        self._all_open = not self._ends.any()
        if not self._all_open:
            self._ends &= terms.strand[1:] == terms.strand[:-1]
        self._told = told
        self._families = _families(terms, calendar, told)
        self._steady = self._are_steady()
        self._all_steady = self._steady.all()
        self._ordered: dict[Family, Family] = {}

    def take(self, rows: Ints) -> Segments:
        """Some rows, in order."""
        nth = np.cumsum(self.terms.whole == BEYOND) - 1
        told = [self._told[nth[row]] for row in rows.tolist() if self.terms.whole[row] == BEYOND]
        return Segments(self.terms.take(rows), self.calendar, told)

    def _are_steady(self) -> Bools:
        """Rows that show nothing before they are in force and stay in force: they need no look at these dates."""
        terms = self.terms
        steady: Bools = self.since <= terms.start
        if terms.whole.any():
            steady &= (terms.shift == 0) & (terms.whole != BEYOND)
        steady |= terms.amount == 0
        steady &= terms.base == 0
        if not self._all_open:
            steady &= self.until == OPEN
        return steady

    @cached_property
    def until(self) -> Ints:
        """Day from which the next segment of the obligation is in force, OPEN for the last."""
        until: Ints = np.full(len(self), OPEN)
        np.copyto(until[:-1], self.since[1:], where=self._ends)
        return until

    @cached_property
    def final(self) -> Ints:
        """Revenue once all is earned."""
        return self.terms.base + self.terms.amount

    def __len__(self) -> int:
        return len(self.since)

    def in_force(self, day: int | Ints, rows: Rows = slice(None)) -> Bools:
        """Which segments are in force at the close of `day`."""
        result: Bools = self.since[rows] <= day
        if not self._all_open:
            result &= self.until[rows] > day
        return result

    def to_date(self, day: int, known: int | None = None) -> Ints:
        """Revenue to date at the close of `day` of each row in force at `known` (default `day`), 0 of the others."""
        result = np.empty(len(self), np.int64)

        def take(rows: Rows, figures: Ints) -> None:
            result[rows] = figures[0]

        self._figures([day], known, take)
        return result

    def earned(self, days: Sequence[int], known: int | None = None) -> Ints:
        """Revenue of each row from one of rising `days` to the next, (days - 1) x rows; in force as in `to_date`."""
        result = np.empty((len(days) - 1, len(self)), np.int64)

        def take(rows: Rows, figures: Ints) -> None:
            if isinstance(rows, slice):
                np.subtract(figures[1:], figures[:-1], out=result[:, rows])
            else:
                result[:, rows] = figures[1:] - figures[:-1]

        self._figures(days, known, take)
        return result

    def _figures(self, days: Sequence[int], known: int | None, take: Callable[[Rows, Ints], None]) -> None:
        """Revenue to date of rows in force, days x rows, given to `take` a block of rows at a time."""
        on = np.array(days, np.int64)
        for family in self._families:
            family.prepare(on)
            side_by_side(partial(self._block, family, on, known, take), blocks(len(family.rows), len(days)))

    def _block(
        self, family: Family, on: Ints, known: int | None, take: Callable[[Rows, Ints], None], part: slice
    ) -> None:
        rows = part if len(family.rows) == len(self) else family.rows[part]
        figures = family.figures(part, on)
        if known is not None:
            figures *= self.in_force(known, rows)
        elif not (self._all_steady or self._steady[rows].all()):
            figures *= self.in_force(on[:, None], rows)
        take(rows, figures)

    def before_in_force(self, rows: Ints) -> Ints:
        """Revenue that each of `rows` shows by the day before it comes into force: what its first day makes up for."""
        return self._at_eve[rows]

    @cached_property
    def _eve(self) -> Ints:
        """The day before each row comes into force, or the latest that the calendar knows."""
        return np.minimum(self.since - 1, self._latest)

    @cached_property
    def _at_eve(self) -> Ints:
        return self.at(self._eve)

    @property
    def _latest(self) -> int:
        return self.calendar.start(len(self.calendar.starts) - 2)

    def at(self, days: Ints) -> Ints:
        """Revenue to date of each row, as if in force, at a day of its own."""
        result = np.zeros(len(self), np.int64)
        for family in self._families:

            def take(part: slice, of: Family = family) -> None:
                rows = of.rows[part]
                result[rows] = of.at(part, days[rows])

            family.prepare(None)
            side_by_side(take, blocks(len(family.rows), days=1))
        return result

    def totals(self, days: Sequence[int], known: int | None = None, labels: Ints | None = None, count: int = 1) -> Ints:
        """Revenue to date added up: days x `count` labels.

        days    rising
        known   day at which rows are in force; default: each day itself
        labels  label 0..count-1 of each row; default: one label for all
        """
        totals = Totals(np.array(days, np.int64), labels, count)
        if len(days) < _FEW:  # rows are not worth putting in order
            for n, day in enumerate(days):
                totals.add_at(n, self.to_date(day, known))
            return totals.result
        families, kept = self._families, None
        if known is not None:
            kept = self.in_force(known)
        elif not self._all_steady:
            families, outside = self._held
            outside.add_to(totals)
        for family in families:
            # rows in order of their terms need few days; many labels are better kept together
            totals.add(self._by_term(family) if count * BLOCK < len(self) else family, kept)
        return totals.result

    def _by_term(self, family: Family) -> Family:
        """The rows of a family by term, worked out once."""
        if family not in self._ordered:
            self._ordered[family] = family.by_term()
        return self._ordered[family]

    @cached_property
    def _held(self) -> tuple[list[Family], Outside]:
        """The families, each row held before and after it is in force, and what it shows then."""
        first, at_first = self._eve, self._at_eve
        last = np.minimum(np.where(self.until < OPEN, self.until - 1, np.maximum(self.terms.end, first)), self._latest)
        at_last = self.at(last)
        families = [
            family.held(*(column[family.rows] for column in (first, last, at_first, at_last)))
            for family in self._families
        ]
        return families, Outside.of(self.since, self.until, at_first, at_last)


def _families(terms: Terms, calendar: Calendar, told: Sequence[Segment]) -> list[Family]:
    """Sort the rows into families."""
    families: list[Family] = []
    moving = terms.amount != 0
    still = np.flatnonzero(~moving)
    if len(told):
        beyond = terms.whole == BEYOND
        families.append(Told(np.flatnonzero(beyond), told))
        still, moving = still[~beyond[still]], moving & ~beyond
    if len(still):
        families.append(Constant(still, terms.base[still]))
    if not moving.any():
        return families
    columns = {name: getattr(terms, name) for name in Earning.__annotations__ if name not in ("calendar", "rows")}
    of = Earning(calendar, np.arange(len(moving)), **columns)
    for made_of, belongs in _KINDS:
        keep = moving & belongs(of)
        if keep.all():
            return made_of(of)
        if keep.any():
            families += made_of(of.take(keep))
    return families


def _linear(of: Earning) -> Bools:
    """Rows that earn in a straight line over days or periods."""
    linear: Bools = of.rounding == HALF_AWAY
    return linear if of.calendar.kind == "month" else linear & (of.code != THIRTY)


#: the families of rows that earn, and which rows belong to each
_KINDS: list[tuple[Callable[[Earning], list[Family]], Callable[[Earning], Bools]]] = [
    (Daily.families, lambda of: _linear(of) & (of.code == DAILY)),
    (Uneven.families, lambda of: _linear(of) & (of.code == ENDS)),
    (Periodic.families, lambda of: _linear(of) & (of.code != DAILY) & (of.code != ENDS)),
    (lambda of: [Exact(of)], lambda of: ~_linear(of) & (of.rounding < PLUG_LAST)),
    (lambda of: [Plugged(of)], lambda of: of.rounding >= PLUG_LAST),
]
