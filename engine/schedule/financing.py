"""Significant financing: interest on what customers pay in advance, and interest income where they pay in arrears.

Told day by day for each contract: what is billed ahead is a layer of the contract liability that bears the date of its
document, what is earned ahead a layer of the contract asset that bears its day. Each grows by its own months, those
that came first are cleared first. Bill and service of one day offset before either grows.

Source: ASC 606-10-32-15 to 32-20 (significant financing component).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np

from engine.schedule.calendar import add_months
from engine.schedule.flow import Flow, Steps
from engine.schedule.kernel import Ints, rounded, share_out
from engine.schedule.layout import Layout
from engine.schedule.segments import Segments

_DIGITS = 50
#: what computing with so many digits leaves of nothing
_SPECK = Decimal("1e-20")
_NOTHING = Decimal(0)
#: days simulated at a time
_STRETCH = 400


class Financing:
    """Interest of every contract with a financing rate, in whole minor units."""

    def __init__(self, layout: Layout, segments: Segments, steps: Steps) -> None:
        rates = layout.book.contracts["financing_rate"]
        self._paths = {
            contract: _Path(layout, segments, steps, contract, rates[row])
            for contract, row in enumerate(layout.contracts.tolist())
            if rates[row] and len(layout.members(contract))
        }
        self._layout = layout

    def __bool__(self) -> bool:
        return bool(self._paths)

    def interest(self, day: date, price: Ints) -> Ints:
        """Interest to date on advance payments, of each obligation; `price` is contracted without it."""
        return self._shared(price, {contract: path.at(day)[0] for contract, path in self._paths.items()})

    def income(self, day: date, price: Ints) -> Ints:
        """Interest income to date on contract assets, of each obligation."""
        return self._shared(price, {contract: path.at(day)[1] for contract, path in self._paths.items()})

    def _shared(self, price: Ints, amounts: dict[int, int]) -> Ints:
        """Amounts of contracts, shared over their obligations by size of price."""
        result = np.zeros(len(price), np.int64)
        for contract, amount in amounts.items():
            if amount:
                members = self._layout.members(contract)
                result[members.start : members.stop] = share_out(
                    amount, np.abs(price[members.start : members.stop]).tolist()
                )
        return result

    def earned(self, recognized: Ints, day: date, price: Ints) -> Ints:
        """The part of the interest known at `day` that revenue takes: recognized / price of it, of each obligation."""
        interest = self.interest(day, price)
        for place in np.flatnonzero(interest).tolist():
            whole = int(price[place])
            share = Fraction(int(recognized[place]), whole) if whole else Fraction(0)
            interest[place] = rounded(int(interest[place]), share)
        return interest

    def moves(self, first: date, last: date) -> Iterator[tuple[int, int, int]]:
        """Interest on advance payments by day, (first obligation of the contract, day, amount)."""
        for contract, path in self._paths.items():
            before = path.at(date.fromordinal(first.toordinal() - 1))[0]
            for day in range(max(first.toordinal(), path.first), last.toordinal() + 1):
                now = path.at(date.fromordinal(day))[0]
                if now != before:
                    yield self._layout.members(contract).start, day, now - before
                before = now


@dataclass(slots=True)
class _Layer:
    """Billed ahead if above zero, earned ahead if below; `grows_to` is the day its present month is full."""

    dated: int
    amount: Decimal
    months: int = 0
    grows_to: int = 0
    gain: Decimal = _NOTHING


@dataclass(slots=True)
class _Path:
    """The way of one contract, as far as it was asked for.

    figures  (interest, income) at the close of each day from `first` on, in whole minor units
    """

    layout: Layout
    segments: Segments
    steps: Steps
    contract: int
    rate: Fraction
    first: int = 0
    figures: list[tuple[int, int]] = field(default_factory=list)
    layers: list[_Layer] = field(default_factory=list)
    interest: Decimal = _NOTHING
    income: Decimal = _NOTHING
    counted: Decimal = _NOTHING
    earned: Decimal = _NOTHING
    taken: Decimal = _NOTHING
    _daily: dict[int, Decimal] = field(default_factory=dict)

    def __post_init__(self) -> None:
        members = self.layout.members(self.contract)
        rows = np.flatnonzero((self.segments.obligation >= members.start) & (self.segments.obligation < members.stop))
        self.segments = self.segments.take(rows)
        self.steps = self.steps.where((self.steps.obligation >= members.start) & (self.steps.obligation < members.stop))
        documents = [record.date.toordinal() for _, record in self.layout.documents.get(self.contract, ())]
        self.first = min([int(self.layout.signed[self.contract]), *documents])

    def at(self, day: date) -> tuple[int, int]:
        """Interest and income at the close of a day."""
        place = day.toordinal() - self.first
        if place < 0:
            return 0, 0
        while len(self.figures) <= place:
            self._extend()
        return self.figures[place]

    def _extend(self) -> None:
        """Tell some more days."""
        begin = self.first + len(self.figures)
        days = np.arange(begin, begin + _STRETCH)
        contracted = self._to_date(days, Flow.NEW, Flow.CHANGE, Flow.CANCELLATION)
        billed = self._to_date(days, Flow.BILLINGS, Flow.CREDITS)
        recognized = self.segments.totals(days.tolist())[:, 0]
        with localcontext() as context:
            context.prec = _DIGITS
            for n, day in enumerate(days.tolist()):
                self._next(day, Decimal(int(contracted[n])), Decimal(int(recognized[n])), Decimal(int(billed[n])))
                self.figures.append((_whole(self.interest), _whole(self.income)))

    def _to_date(self, days: Ints, *kinds: Flow) -> Ints:
        keep = np.isin(self.steps.kind, kinds)
        on, amount = self.steps.day[keep], self.steps.amount[keep]
        order = np.argsort(on, kind="stable")
        running = np.append(0, np.cumsum(amount[order]))
        result: Ints = running[np.searchsorted(on[order], days, side="right")]
        return result

    def _next(self, day: int, contracted: Decimal, earned: Decimal, billed: Decimal) -> None:
        """One day: bill and service of the day offset first, then what stood grows, then it is cleared."""
        standing = sum((layer.amount for layer in self.layers), _NOTHING)
        grown = -sum((self._gain(layer, day) for layer in self.layers), _NOTHING) if standing < 0 else _NOTHING
        counted = min(billed, max(contracted, earned) + self.income + grown)
        net = (counted - self.counted) - (earned - self.earned)
        if standing * net >= 0:
            self._add(day, net)
            self._grow(day)
        else:
            self._grow(day)
            beyond = self._clear(net)
            if beyond:
                self._grow(day, self._add(day, beyond))
        self.counted, self.earned = counted, earned
        taken = self.interest * earned / contracted if contracted else _NOTHING
        if taken != self.taken:
            self._add(day, self._clear(self.taken - taken))
            self.taken = taken

    def _add(self, day: int, amount: Decimal) -> int:
        """Add a layer; returns its place."""
        if amount:
            self.layers.append(_Layer(day, amount))
        return len(self.layers) - 1

    def _grow(self, day: int, begin: int = 0) -> None:
        for layer in self.layers[begin:]:
            gain = self._gain(layer, day)
            if gain > 0:
                self.interest += gain
            else:
                self.income -= gain
            layer.amount += gain

    def _gain(self, layer: _Layer, day: int) -> Decimal:
        """What a layer gains on a day: a part of one of its months."""
        if day >= layer.grows_to:
            dated = date.fromordinal(layer.dated)
            while day >= layer.grows_to:
                layer.months += 1
                begun, layer.grows_to = (add_months(dated, n).toordinal() for n in (layer.months - 1, layer.months))
            layer.gain = self._growth(layer.grows_to - begun)
        return layer.amount * layer.gain

    def _growth(self, days: int) -> Decimal:
        """By which part anything grows on a day of a month of so many days."""
        if days not in self._daily:
            rate = Decimal(self.rate.numerator) / self.rate.denominator
            self._daily[days] = (1 + rate) ** (1 / Decimal(12 * days)) - 1
        return self._daily[days]

    def _clear(self, amount: Decimal) -> Decimal:
        """Move against the layers, the first first; returns what is beyond them."""
        left = []
        for layer in self.layers:
            if layer.amount * amount < 0:
                takes = min(abs(layer.amount), abs(amount)).copy_sign(amount)
                layer.amount += takes
                amount -= takes
            if abs(layer.amount) > _SPECK:
                left.append(layer)
        self.layers = left
        return amount if abs(amount) > _SPECK else _NOTHING


def _whole(amount: Decimal) -> int:
    return rounded(1, Fraction(amount))
