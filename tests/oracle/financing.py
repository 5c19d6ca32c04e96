"""Significant financing: interest on advance payments, and interest income where payment follows transfer.

Told day by day per contract: what is billed ahead is a layer of the contract liability that bears the date of its
document, what is earned ahead a layer of the contract asset that bears its day; each grows by its own months, those
that came first go first. Whole minor units only when a figure is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import lru_cache

from .billing import Billing
from .book import Book
from .calendars import ONE_DAY, add_months, is_month_end, month_end
from .life import Lives
from .rounding import round_half_away, share_out
from .rows import Contract, Obligation

DIGITS = 60
NOTHING = Decimal(0)
SPECK = Decimal("1e-20")  # what computing with so many digits leaves of nothing


def months_between(first: date, last: date) -> Fraction:
    """Whole months, and a part month by its days."""
    months = 0
    while add_months(first, months + 1) <= last:
        months += 1
    begun, done = add_months(first, months), add_months(first, months + 1)
    return months + Fraction((last - begun).days, (done - begun).days)


@lru_cache(maxsize=4096)
def growth(rate: Decimal, months: Fraction) -> Decimal:
    """(1 + rate) to the power of months / 12."""
    with localcontext() as context:
        context.prec = DIGITS
        exponent = Decimal(months.numerator) / Decimal(months.denominator * 12)
        return (1 + rate) ** exponent


def gain_of_day(rate: Decimal, dated: date, day: date) -> Decimal:
    """By what part a layer of some date grows on a day: the same for all dates with the same day of the month."""
    return _gain(rate, is_month_end(dated), dated.day, day)


@lru_cache(maxsize=65536)
def _gain(rate: Decimal, at_month_end: bool, day_of_month: int, day: date) -> Decimal:
    """A day is a part of the month, from one such day of the month to the next, in which it lies."""

    def turn(of: date) -> date:
        last = month_end(of.year, of.month)
        return last if at_month_end else last.replace(day=min(day_of_month, last.day))

    begun = max(turn(other) for other in (day, day.replace(day=1) - ONE_DAY) if turn(other) <= day)
    done = turn(month_end(begun.year, begun.month) + ONE_DAY)
    return growth(rate, Fraction(1, (done - begun).days)) - 1


@dataclass
class Position:
    """Where a contract stands at the close of a day. A layer above zero is liability, below zero asset."""

    layers: list[tuple[date, Decimal]] = field(default_factory=list)
    interest: Decimal = NOTHING  # on the liability: raises T and B
    income: Decimal = NOTHING  # on the asset
    counted: Decimal = NOTHING  # documents, as far as they may be kept
    earned: Decimal = NOTHING  # R at cash prices
    earned_interest: Decimal = NOTHING  # the part of the interest that R has taken


class Financing:
    """Interest of every contract with a financing rate."""

    def __init__(self, book: Book, lives: Lives, billing: Billing) -> None:
        self.book = book
        self.lives = lives
        self.billing = billing
        self._positions: dict[tuple[Contract, date], Position] = {}

    # -------------------------------------------------------------------------------------------- of an obligation

    def interest(self, o: Obligation, known: date) -> int:
        """Interest to date on advance payments; the obligations of a contract share it by T."""
        if not o.contract.financing_rate:
            return 0
        return self._part(o, known, self.position(o.contract, known).interest)

    def income(self, o: Obligation, known: date) -> int:
        """Interest income to date on the contract asset, shared likewise."""
        if not o.contract.financing_rate:
            return 0
        return self._part(o, known, self.position(o.contract, known).income)

    def recognized(self, o: Obligation, day: date, known: date) -> int:
        """R takes its share R / T of the interest."""
        contracted = self.lives.contracted(o, known)
        if not o.contract.financing_rate or not contracted:
            return 0
        recognized = self.lives.recognized(o, day, known)[0]
        return round_half_away(Fraction(self.interest(o, known) * recognized, contracted))

    def _part(self, o: Obligation, known: date, amount: Decimal) -> int:
        obligations = self.book.obligations_of(o.contract)
        weights = [Fraction(self.lives.contracted(other, known)) for other in obligations]
        parts = share_out(round_half_away(Fraction(amount)), weights)
        return dict(zip(obligations, parts, strict=True))[o]

    # ---------------------------------------------------------------------------------------------- day after day

    def position(self, contract: Contract, day: date) -> Position:
        """The position at the close of a day (kept once worked out)."""
        documents = [d.day for d in self.book.documents if d.contract == contract]
        first = min([contract.signed_on, *documents])
        if day < first:
            return Position()
        at = day
        while (contract, at) not in self._positions and at > first:
            at -= ONE_DAY
        while at <= day:
            if (contract, at) not in self._positions:
                before = self._positions.get((contract, at - ONE_DAY), Position())
                with localcontext() as context:
                    context.prec = DIGITS
                    self._positions[contract, at] = self._next(contract, before, at)
            at += ONE_DAY
        return self._positions[contract, day]

    def _next(self, contract: Contract, before: Position, day: date) -> Position:
        """One day: bill and service of the day offset first, then what stood grows, then it is cleared."""
        obligations = self.book.obligations_of(contract)
        contracted = sum(self.lives.contracted(o, day) for o in obligations)
        earned = Decimal(sum(self.lives.recognized(o, day, day)[0] for o in obligations))
        billed = Decimal(sum(self.billing.billed(o, day) for o in obligations))
        now = Position(interest=before.interest, income=before.income, earned=earned)

        def grown(layers: list[tuple[date, Decimal]]) -> list[tuple[date, Decimal]]:
            after = []
            for dated, amount in layers:
                gain = amount * gain_of_day(contract.financing_rate, dated, day)
                now.interest += max(gain, NOTHING)
                now.income += max(-gain, NOTHING)
                after.append((dated, amount + gain))
            return after

        standing = sum((amount for _, amount in before.layers), NOTHING)
        assets_grown = NOTHING
        if standing < 0:
            for dated, amount in before.layers:
                assets_grown -= amount * gain_of_day(contract.financing_rate, dated, day)
        keepable = max(Decimal(contracted), earned) + before.income + assets_grown
        now.counted = min(billed, keepable)
        net = (now.counted - before.counted) - (earned - before.earned)
        if standing * net >= 0:
            now.layers = grown([*before.layers, (day, net)] if net else before.layers)
        else:
            now.layers, beyond = _cleared(grown(before.layers), net)
            if beyond:
                now.layers += grown([(day, beyond)])
        now.earned_interest = now.interest * earned / contracted if contracted else NOTHING
        taken = now.earned_interest - before.earned_interest
        if taken:
            now.layers, beyond = _cleared(now.layers, -taken)
            if beyond:
                now.layers.append((day, beyond))
        return now


def _cleared(layers: list[tuple[date, Decimal]], amount: Decimal) -> tuple[list[tuple[date, Decimal]], Decimal]:
    """Layers after a movement against them, the first first, and what is beyond them."""
    left = []
    for dated, standing in layers:
        if standing * amount < 0:
            takes = min(abs(standing), abs(amount))
            standing += takes if amount > 0 else -takes
            amount -= takes if amount > 0 else -takes
        if abs(standing) > SPECK:
            left.append((dated, standing))
    return left, amount if abs(amount) > SPECK else NOTHING
