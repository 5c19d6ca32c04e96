"""What drives revenue where no clock does: deliveries, milestones, progress, usage, redemption, amounts entered by
hand.

Source: ASC 606-10-25-30 to 25-37 (point in time, measures of progress), 606-10-55-46 to 55-49 (unexercised rights).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from engine.book.tables import Event, Obligation
from engine.schedule.kernel import rounded

#: methods whose revenue is a measure of work done, without dates of its own; the others run by a clock
MEASURED = frozenset({"milestone", "progress", "usage", "redemption", "manual"})
#: methods whose unused part lapses
LAPSING = frozenset({"usage", "redemption"})
#: events that change a measure
WORK = frozenset({"deliver", "progress", "use", "redeem", "recognize", "estimate", "expire"})

_NOTHING, _ALL = Fraction(0), Fraction(1)


@dataclass(frozen=True, slots=True)
class Measure:
    """Work done on one obligation.

    method    of the obligation
    total     what `done` is measured against: expected units of progress, rights sold, units to deliver; the stated
              price in minor units for milestones, usage and manual
    done      work to date, in the unit of `total`
    breakage  part of the rights sold that is expected never to be used, 0 to 1
    lapsed    nothing more can be used: what is left is breakage
    decimals  decimals to which a share of progress is rounded, or None
    unit      what one unit of usage earns, in minor units, where the event does not say; None if it must
    minor     minor units in one currency unit
    """

    method: str
    total: Fraction
    minor: int = 100
    done: Fraction = _NOTHING
    breakage: Fraction = _NOTHING
    lapsed: bool = False
    decimals: int | None = None
    unit: Fraction | None = None

    @property
    def used_share(self) -> Fraction:
        """Share of the work done, 0 to 1, breakage left out."""
        if not self.total:
            return Fraction(int(self.done != 0))
        return min(self.done / self.total, _ALL)

    @property
    def share(self) -> Fraction:
        """Share of the price that is earned, 0 to 1."""
        if self.lapsed:
            return _ALL
        if self.method == "redemption":
            return min(self.used_share / (1 - self.breakage), _ALL)
        if self.decimals is not None:
            unit = 10**self.decimals
            return Fraction(rounded(unit, self.used_share), unit)
        return self.used_share

    @property
    def beyond(self) -> int:
        """Usage beyond the stated price, in whole minor units: it raises the contracted price."""
        over = self.done - self.total if self.method == "usage" else _NOTHING
        return rounded(1, over) if over > 0 else 0

    def after(self, event: Event) -> Measure:
        """The measure after an event on its obligation."""
        if event.type == "expire":
            return replace(self, lapsed=True)
        if event.type == "estimate" and self.method == "redemption":
            return replace(self, breakage=(event.percent or _NOTHING) / 100)
        if event.type == "estimate":
            return replace(self, total=event.quantity or self.total)
        if event.type == "progress" and event.percent is not None:
            return replace(self, done=self.total * event.percent / 100)
        return replace(self, done=self.done + self._work(event))

    def _work(self, event: Event) -> Fraction:
        """What one event adds to the measure."""
        if event.amount is not None:
            return Fraction(event.amount)
        if event.type == "use":
            unit = Fraction(event.price) * self.minor if event.price is not None else self.unit
            return (event.quantity or _NOTHING) * (unit or _NOTHING)
        if event.percent is not None:
            return self.total * event.percent / 100
        if event.quantity is not None:
            return event.quantity
        return self.total


def measure(row: Obligation, decimals: int, progress_decimals: int | None) -> Measure:
    """The measure of an obligation before anything is done; `decimals` of its currency."""
    minor = 10**decimals
    price = Fraction(row.price)
    if row.method == "usage":
        return Measure("usage", price, minor, unit=price / row.quantity if row.quantity else None)
    if row.method == "redemption":
        sold = price / minor if row.quantity is None else row.quantity
        return Measure("redemption", sold, minor, breakage=(row.breakage_percent or _NOTHING) / 100)
    if row.method == "progress":
        return Measure("progress", row.expected_total or _ALL, minor, decimals=progress_decimals)
    if row.method == "point_in_time":
        return Measure("point_in_time", row.quantity or _ALL, minor)
    return Measure(row.method, price, minor)
