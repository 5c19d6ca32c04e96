"""Significant financing: interest on advance payments, and interest income where payment follows transfer.

Told day by day per contract: what is billed ahead is a layer of the contract liability that bears the date of its
document, what is earned ahead a layer of the contract asset that bears its day; each grows by its own months, those
that came first go first. Whole minor units only when a figure is asked for.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
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


#: The day of the month on which a layer is a month older: True and 31 for the last one, else False and the day.
Turn = tuple[bool, int]


def turn_of(dated: date) -> Turn:
    """When a layer of a date turns."""
    return is_month_end(dated), 31 if is_month_end(dated) else dated.day


def gain_of_day(rate: Decimal, turn: Turn, day: date) -> Decimal:
    """By what part a layer grows on a day: a day is a part of the month, from turn to turn, in which it lies."""
    begun = day if day >= _turned(turn, day.year, day.month) else day.replace(day=1) - ONE_DAY
    return _gain_in_month(rate, turn, begun.year, begun.month)


@lru_cache(maxsize=65536)
def _turned(turn: Turn, year: int, month: int) -> date:
    last = month_end(year, month)
    return last if turn[0] else last.replace(day=min(turn[1], last.day))


@lru_cache(maxsize=65536)
def _gain_in_month(rate: Decimal, turn: Turn, year: int, month: int) -> Decimal:
    following = month_end(year, month) + ONE_DAY
    days = (_turned(turn, following.year, following.month) - _turned(turn, year, month)).days
    return growth(rate, Fraction(1, days)) - 1


class Layers:
    """What stands, by the day it came: above zero liability, below zero asset. Layers that turn on the same day grow
    alike, so that a layer is kept as its amount over the growth of all such layers so far."""

    def __init__(self, rate: Decimal) -> None:
        self.rate = rate
        self.rows: deque[tuple[Turn, Decimal]] = deque()
        self.grown: dict[Turn, Decimal] = {}
        self.sums: dict[Turn, Decimal] = {}

    @property
    def total(self) -> Decimal:
        """All that stands."""
        return sum((amount * self.grown[turn] for turn, amount in self.sums.items()), NOTHING)

    def gain(self, day: date) -> Decimal:
        """By how much all that stands grows on a day."""
        gains = (a * self.grown[turn] * gain_of_day(self.rate, turn, day) for turn, a in self.sums.items())
        return sum(gains, NOTHING)

    def grow(self, day: date) -> Decimal:
        """Grow by a day; the gain."""
        gain = self.gain(day)
        for turn in self.grown:
            self.grown[turn] *= 1 + gain_of_day(self.rate, turn, day)
        return gain

    def add(self, dated: date, amount: Decimal) -> None:
        """A new layer."""
        turn = turn_of(dated)
        kept = amount / self.grown.setdefault(turn, Decimal(1))
        self.rows.append((turn, kept))
        self.sums[turn] = self.sums.get(turn, NOTHING) + kept

    def clear(self, amount: Decimal) -> Decimal:
        """A movement against what stands, the first first; what is beyond it."""
        while self.rows and abs(amount) > SPECK and self.rows[0][1] * amount < 0:
            turn, kept = self.rows.popleft()
            standing = kept * self.grown[turn]
            takes = min(abs(standing), abs(amount))
            left = standing + (takes if amount > 0 else -takes)
            amount -= takes if amount > 0 else -takes
            self.sums[turn] -= kept
            if abs(left) > SPECK:
                kept = left / self.grown[turn]
                self.rows.appendleft((turn, kept))
                self.sums[turn] += kept
        if not self.rows:
            self.sums.clear()
        return amount if abs(amount) > SPECK else NOTHING


@dataclass
class Position:
    """Where a contract stands at the close of a day."""

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
        self._positions: dict[Contract, dict[date, Position]] = {}
        self._layers: dict[Contract, Layers] = {}  # as they stand after the last position
        self._first: dict[Contract, date] = {}
        self._shared: dict[tuple[Contract, date], tuple[dict[Obligation, int], dict[Obligation, int]]] = {}

    # -------------------------------------------------------------------------------------------- of an obligation

    def interest(self, o: Obligation, known: date) -> int:
        """Interest to date on advance payments; the obligations of a contract share it by T."""
        return self._parts(o.contract, known)[0].get(o, 0) if o.contract.financing_rate else 0

    def income(self, o: Obligation, known: date) -> int:
        """Interest income to date on the contract asset, shared likewise."""
        return self._parts(o.contract, known)[1].get(o, 0) if o.contract.financing_rate else 0

    def recognized(self, o: Obligation, day: date, known: date) -> int:
        """R takes its share R / T of the interest."""
        contracted = self.lives.contracted(o, known)
        if not o.contract.financing_rate or not contracted:
            return 0
        recognized = self.lives.recognized(o, day, known)[0]
        return round_half_away(Fraction(self.interest(o, known) * recognized, contracted))

    def _parts(self, contract: Contract, known: date) -> tuple[dict[Obligation, int], dict[Obligation, int]]:
        """Interest and income of each obligation (kept once worked out)."""
        if (contract, known) not in self._shared:
            position = self.position(contract, known)
            obligations = self.book.obligations_of(contract)
            weights = [abs(Fraction(self.lives.contracted(o, known))) for o in obligations]
            interest = share_out(round_half_away(Fraction(position.interest)), weights)
            income = share_out(round_half_away(Fraction(position.income)), weights)
            parts = dict(zip(obligations, interest, strict=True)), dict(zip(obligations, income, strict=True))
            self._shared[contract, known] = parts
        return self._shared[contract, known]

    # ---------------------------------------------------------------------------------------------- day after day

    def position(self, contract: Contract, day: date) -> Position:
        """The position at the close of a day (kept once worked out)."""
        positions = self._positions.setdefault(contract, {})
        if contract not in self._layers:
            documents = [d.day for d in self.book.documents if d.contract == contract]
            self._layers[contract] = Layers(contract.financing_rate)
            self._first[contract] = min([contract.signed_on, *documents])
        if day < self._first[contract]:
            return Position()
        at = max(positions, default=self._first[contract] - ONE_DAY)
        while at < day:
            at += ONE_DAY
            with localcontext() as context:
                context.prec = DIGITS
                before = positions.get(at - ONE_DAY, Position())
                positions[at] = self._next(contract, before, self._layers[contract], at)
        return positions[day]

    def _next(self, contract: Contract, before: Position, layers: Layers, day: date) -> Position:
        """One day: bill and service of the day offset first, then what stood grows, then it is cleared."""
        obligations = self.book.obligations_of(contract)
        contracted = sum(self.lives.contracted(o, day) for o in obligations)
        earned = Decimal(sum(self.lives.recognized(o, day, day)[0] for o in obligations))
        billed = Decimal(sum(self.billing.billed(o, day) for o in obligations))
        now = Position(interest=before.interest, income=before.income, earned=earned)
        standing = layers.total
        assets_grown = -layers.gain(day) if standing < 0 else NOTHING
        keepable = max(Decimal(contracted), earned) + before.income + assets_grown
        now.counted = min(billed, keepable)
        net = (now.counted - before.counted) - (earned - before.earned)
        if standing * net >= 0:
            if net:
                layers.add(day, net)
            gains = [layers.grow(day)]
        else:
            gains = [layers.grow(day)]
            beyond = layers.clear(net)
            if beyond:
                gains.append(beyond * gain_of_day(contract.financing_rate, turn_of(day), day))
                layers.add(day, beyond + gains[-1])
        for gain in gains:
            now.interest += max(gain, NOTHING)
            now.income += max(-gain, NOTHING)
        now.earned_interest = now.interest * earned / contracted if contracted else NOTHING
        taken = now.earned_interest - before.earned_interest
        if taken:
            beyond = layers.clear(-taken)
            if beyond:
                layers.add(day, beyond)
        return now
