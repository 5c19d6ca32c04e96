"""A promise as the tables say it, and the small facts a life is told in: how far recognition gets, the strands of a
price, how a line ended, what was left of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from engine.book.tables import Obligation, Opening
from engine.schedule.calendar import Calendar, end_of_months, whole_months
from engine.schedule.clocks import DAILY, Clock
from engine.schedule.course import Pause
from engine.schedule.measure import Measure


@dataclass(frozen=True, slots=True)
class Promise:
    """What the tables say of an obligation; days are ordinals.

    index, place   in the schedule, and row of the table
    signed, added  days from which it is contracted
    start, end     its own, else the contract's
    activated      day of its real start, or None
    delivery       day of delivery where its own start is one, else None
    opening        where it stood when it was taken over from a former system, on the day `signed`
    """

    index: int
    place: int
    row: Obligation
    contract_id: str
    signed: int
    added: int
    start: int | None
    end: int | None
    activated: int | None
    delivery: int | None
    code: int
    rounding: int
    measure: Measure
    calendar: Calendar
    opening: Opening | None = None

    def clock(self, ends: Sequence[tuple[int, int]], pauses: Sequence[Pause]) -> Clock:
        """The clock of the whole term, before pauses move its end.

        ends  (day of the row, new end) of changes. An end that a change has set is that of the whole term: pauses over
              by then do not move it again.
        """
        if self.delivery is not None:
            return Clock(DAILY, self.delivery, self.delivery, self.calendar)
        start, end, real = self.start, self.end, self.activated
        assert start is not None and end is not None
        ends = sorted(ends, key=lambda row: row[0])
        for day, new in ends:
            if real is None or day < real:
                end = new
        if real is not None:
            start, end = real, _moved_end(start, end, real)
            for day, new in ends:
                end = new if day >= real else end
        if ends:
            over = (pause for pause in pauses if pause.resumed is not None and pause.resumed < ends[-1][0])
            end -= sum(pause.extension for pause in over)
        return Clock(self.code, start, end, self.calendar)

    @property
    def is_original(self) -> bool:
        """Whether it was part of the contract at signing."""
        return self.added <= self.signed

    @property
    def runs(self) -> bool:
        """Whether a clock earns its price."""
        return self.row.method == "ratable" or self.delivery is not None


class Reach(NamedTuple):
    """How far recognition gets: the day, the work done and the pauses known by then."""

    day: int
    measure: Measure
    pauses: tuple[Pause, ...]


@dataclass(slots=True)
class Strand:
    """A part of the price that is earned on its own.

    since  it is earned over what is left of the measure after this; None: over all of it
    span   days of its own, instead; with `since`, the next day, because nothing was left of the measure
    """

    amount: int
    since: Reach | None = None
    span: Clock | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """From `day` on nothing moves: contracted and recognized are `total`.

    last       last day of service
    cancelled  of the price, to date, by cancels, full refunds and disputes that ended the service
    reversed   of revenue of service before, on `day`
    undone     of revenue, to date, taken back by full refunds
    earlier    how it had ended before
    """

    day: int
    last: int
    total: int
    breakage: int
    cancelled: int = 0
    reversed: int = 0
    undone: int = 0
    earlier: Ended | None = None


class Rest(NamedTuple):
    """A line before a day on which it starts anew: recognized (usage beyond left out) and the breakage in it, where its
    measure stands (None: nothing can be recognized yet), the share of the measure that is left, and the work that is
    recognized."""

    recognized: int
    breakage: int
    since: Reach | None
    left: Fraction
    work: Measure | None = None


def _moved_end(start: int, end: int, real: int) -> int:
    """End of a term that really starts another day: a term of whole months keeps its months, any other its days."""
    months = whole_months(date.fromordinal(start), date.fromordinal(end))
    return end_of_months(date.fromordinal(real), months).toordinal() if months else real + end - start
