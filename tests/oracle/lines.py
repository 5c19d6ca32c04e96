"""One obligation as it stands in the life of its contract: the terms in force and the pieces of its price."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from .rows import Event, Obligation


@dataclass(frozen=True)
class Span:
    """The days over which a separately added price runs."""

    start: date
    end: date


@dataclass
class Piece:
    """A part of the price that is earned on its own: over what is left of the obligation's measure after the day
    `since` (None: over all of it), or over a span of its own - with `since` the next day, because nothing was left of
    the measure."""

    amount: int
    since: date | None = None
    span: Span | None = None


@dataclass(frozen=True)
class Ended:
    """From `day` on nothing moves: T and R are `total`. The service ended with `last_day`."""

    day: date
    last_day: date
    total: int
    breakage: int
    cancelled: int = 0  # of T, to date, by cancels, full refunds and disputes that ended the service
    reversed: int = 0  # of R: revenue of service before
    undone: int = 0  # of R: what contra revenue takes back on a full refund
    earlier: Ended | None = None  # what was so before `day`, if it had ended before


@dataclass
class Line:
    """The terms in force and what is contracted of one obligation. `settled` is contracted and recognized for good."""

    obligation: Obligation
    price: int  # stated
    ends: list[tuple[date, date]] = field(default_factory=list)  # the day of the row, the new end
    totals: list[tuple[date, Fraction]] = field(default_factory=list)  # the day of the row, expected total or rights
    unit_prices: list[tuple[date, Fraction | None]] = field(default_factory=list)  # of use before each of these days
    ssp: Fraction | None = None
    ssp_since: date | None = None
    pieces: list[Piece] = field(default_factory=list)
    settled: int = 0
    settled_breakage: int = 0
    settled_by_hand: date | None = None  # `recognize` events to this day are in `settled`
    ended: Ended | None = None

    @property
    def proper(self) -> int:
        """T without usage beyond the commitment."""
        if self.ended is not None:
            return self.ended.total
        return self.settled + sum(piece.amount for piece in self.pieces)

    @property
    def quantity(self) -> Fraction | None:
        """The quantity in force."""
        if self.totals:
            return sorted(self.totals, key=lambda row: row[0])[-1][1]
        return self.obligation.quantity

    @property
    def unit_price(self) -> Fraction | None:
        """The price of one unit in force."""
        return self.price / self.quantity if self.quantity else None

    def keep_unit_price(self, row: Event, day: date) -> None:
        """What is used before the day from which new terms hold keeps its price; told before the terms of the row are
        taken."""
        if row.price is not None or row.quantity is not None:
            self.unit_prices.append((day, self.unit_price))

    def unit_price_on(self, day: date) -> Fraction | None:
        """The price of one unit used on a day."""
        return next((price for changed, price in self.unit_prices if day < changed), self.unit_price)

    @property
    def end(self) -> date | None:
        """The end last set, before pauses that extend it."""
        if self.ends:
            return sorted(self.ends, key=lambda row: row[0])[-1][1]
        return self.obligation.end

    @property
    def added_ends(self) -> list[date]:
        """The ends of spans that separate prices added."""
        return [piece.span.end for piece in self.pieces if piece.span is not None and piece.since is None]

    def shift(self, amount: int) -> None:
        """Move T as if it had been so from the start of what is being earned; at once where nothing is."""
        if self.ended is not None:
            self.ended = replace(self.ended, total=self.ended.total + amount)
        elif self.pieces:
            self.pieces[0].amount += amount
        else:
            self.settled += amount
