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
    """Work done on one obligation, and the terms it is measured by.

    method    of the obligation
    price     stated price in force, in minor units
    quantity  units or rights sold, units to deliver; None where not said
    expected  units of progress expected in all
    minor     minor units in one currency unit
    decimals  decimals to which a share of progress is rounded, or None
    units     work to date in units: progress, rights redeemed, pieces delivered
    money     work to date in minor units: use, milestones, amounts entered by hand
    percent   work to date as a share: deliveries by percent
    breakage  part of the rights sold that is expected never to be used, 0 to 1
    lapsed    nothing more can be used: what is left is breakage
    restated  units of progress expected in all by a change that holds as if from the start; None where there is none
    """

    method: str
    price: Fraction
    quantity: Fraction | None = None
    expected: Fraction = _ALL
    minor: int = 100
    decimals: int | None = None
    units: Fraction = _NOTHING
    money: Fraction = _NOTHING
    percent: Fraction = _NOTHING
    breakage: Fraction = _NOTHING
    lapsed: bool = False
    restated: Fraction | None = None

    @property
    def total(self) -> Fraction:
        """What `done` is measured against: expected units, rights sold, units to deliver, else the stated price."""
        if self.method == "progress":
            return self.expected if self.restated is None else self.restated
        if self.method == "redemption":
            return self.price / self.minor if self.quantity is None else self.quantity
        if self.method == "point_in_time":
            return self.quantity or _ALL
        return self.price

    @property
    def done(self) -> Fraction:
        """Work to date in the unit of `total`."""
        return self.money + self.units + self.percent * self.total

    @property
    def used_share(self) -> Fraction:
        """Share of the work done, 0 to 1, breakage left out."""
        total = self.total
        if not total:
            return Fraction(int(self.done != 0))
        return min(max(self.done / total, _NOTHING), _ALL)

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
        if self.method != "usage":
            return 0
        over = self.done - self.price
        return rounded(1, over) if over > 0 else 0

    def at(self, work: Measure) -> Measure:
        """These terms and expectations, with the work done by another day."""
        if work is self:
            return self
        return replace(self, units=work.units, money=work.money, percent=work.percent, lapsed=work.lapsed)

    def after(self, event: Event) -> Measure:
        """The measure after an event on its obligation."""
        if event.type == "expire":
            return replace(self, lapsed=True)
        if event.type == "estimate" and self.method == "redemption":
            return replace(self, breakage=(event.percent or _NOTHING) / 100)
        if event.type == "estimate":
            return replace(self, expected=event.quantity or self.expected)
        if event.type == "progress" and event.percent is not None:
            return replace(self, units=self.expected * event.percent / 100)
        if event.amount is not None:
            return replace(self, money=self.money + event.amount)
        if event.percent is not None:
            return replace(self, percent=self.percent + event.percent / 100)
        if event.quantity is None:
            return replace(self, percent=_ALL)
        if event.type == "use":
            return replace(self, money=self.money + event.quantity * self._unit_price(event))
        return replace(self, units=self.units + event.quantity)

    def _unit_price(self, use: Event) -> Fraction:
        """What one unit used earns, in minor units: a later change does not move it."""
        if use.price is not None:
            return Fraction(use.price) * self.minor
        return self.price / self.quantity if self.quantity else _NOTHING


def measure(row: Obligation, decimals: int, progress_decimals: int | None) -> Measure:
    """The measure of an obligation before anything is done; `decimals` of its currency."""
    return Measure(
        row.method,
        Fraction(row.price),
        row.quantity,
        row.expected_total or _ALL,
        10**decimals,
        progress_decimals if row.method == "progress" else None,
        breakage=(row.breakage_percent or _NOTHING) / 100 if row.method == "redemption" else _NOTHING,
    )


def taken_over(of: Measure, quantity: Fraction | None, recognized: int, price: int) -> Measure:
    """The measure on the day its obligation is taken over from a former system.

    quantity    units done by then, if they were counted; else as much of the work as of the price is recognized
    recognized  revenue to date; usage above the price is use beyond the commitment
    price       transaction price allocated to it, without usage beyond the commitment
    """
    if of.method == "ratable":
        return of
    share = Fraction(recognized, price) if price else Fraction(int(recognized != 0))
    if of.method == "usage" and quantity is not None:
        return replace(of, money=quantity * of.price / of.quantity if of.quantity else _NOTHING)
    if of.method == "usage":
        return replace(of, money=of.price + recognized - price if recognized > price else share * of.price)
    if of.method in ("milestone", "point_in_time") and quantity is None:
        return replace(of, percent=min(max(share, _NOTHING), _ALL))
    if quantity is None:
        quantity = min(max(share, _NOTHING), _ALL) * of.total * (1 - of.breakage)
    return replace(of, units=quantity)
