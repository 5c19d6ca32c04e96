"""Layers in columns: units whose documents only add and whose revenue only grows, all at once, period by period.

The documents of a unit lie one after the other on an axis of contract currency, and first in, first out is a position
on it: whatever lies before the position is released, or has cleared a contract asset. A unit that leaves these bounds -
a note, interest, revenue reversed, a refund beside a contract asset - is told in layers.py from then on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.schedule.kernel import PARTS_LIMIT, Bools, Ints, rounded, rounded_parts
from engine.schedule.layers import Closing, Layer, Stand

#: products of columns stay below this
_LIMIT = 2**62


def at_rates(amounts: Ints, rates: Sequence[Closing], which: Ints) -> Ints:
    """Amounts at the rates that `which` picks, half away from zero."""
    result = np.zeros(len(amounts), np.int64)
    for n, ask in enumerate(rates):
        rows = np.flatnonzero((which == n) & (amounts != 0))
        if not len(rows):
            continue
        size, rate = np.abs(amounts[rows]), ask()
        up, down = rate.numerator, rate.denominator
        if int(size.max()) * 2 * up + down < _LIMIT and 2 * down < _LIMIT:
            result[rows] = np.sign(amounts[rows]) * ((2 * size * up + down) // (2 * down))
        else:
            result[rows] = [rounded(amount, rate) for amount in amounts[rows].tolist()]
    return result


class Axis:
    """Documents of units one after the other.

    first   first document of each unit, and one more
    period  of each document; day, source, amount and value likewise
    """

    def __init__(self, units: int, rows: Sequence[tuple[int, int, int, int, int, int]]) -> None:
        """rows  (unit, period, day, source, amount, value), in order of unit, then first in first; amounts above 0"""
        columns = np.array(rows, np.int64).reshape(-1, 6).T
        self.unit, self.period, self.day, self.source, self.amount, self.value = columns
        self.first: Ints = np.searchsorted(self.unit, np.arange(units + 1))
        self._begin = np.append(0, np.cumsum(self.amount))
        self._worth = np.append(0, np.cumsum(self.value))

    @staticmethod
    def holds(amount: int, value: int) -> bool:
        """Whether a document is small enough for columns."""
        return 0 < amount < PARTS_LIMIT and 0 <= value < _LIMIT >> 24

    def to(self, units: Ints, position: Ints) -> Ints:
        """Value of what lies before a position, of each of some units."""
        start = self.first[units]
        place = self._begin[start] + position
        at = np.searchsorted(self._begin, place, side="right") - 1
        found: Ints = self._worth[at] - self._worth[start]
        inside = np.flatnonzero(place > self._begin[at])
        if len(inside):
            rows = at[inside]
            part = place[inside] - self._begin[rows]
            found[inside] += rounded_parts(self.value[rows], part, self.amount[rows])
        return found

    def offset(self, documents: Ints) -> Ints:
        """Where documents begin on the axis of their unit."""
        result: Ints = self._begin[documents] - self._begin[self.first[self.unit[documents]]]
        return result


@dataclass(frozen=True)
class Columns:
    """Where units stand at the close of a day, a row for each unit of the axis; `told` are those still told here.

    position  what is released or has cleared a contract asset, of `billed`
    asset     contract asset, at `worth`
    gains     (document, gain on exchange) of the last period
    """

    told: Bools
    billed: Ints
    position: Ints
    asset: Ints
    worth: Ints
    gains: tuple[Ints, Ints]

    @staticmethod
    def beginning(told: Bools) -> Columns:
        nothing = np.zeros(len(told), np.int64)
        return Columns(told, nothing, nothing, nothing, nothing, (nothing[:0], nothing[:0]))

    def stand(self, axis: Axis, unit: int) -> Stand:
        """One of them as a stand."""
        layers, left, position = [], int(self.billed[unit]), int(self.position[unit])
        for n in range(int(axis.first[unit]), int(axis.first[unit + 1])):
            if left <= 0:
                break
            amount = int(axis.amount[n])
            front = min(max(position, 0), amount)
            layers.append(Layer(int(axis.source[n]), amount, int(axis.value[n]), front))
            left, position = left - amount, position - amount
        return Stand(layers, int(self.asset[unit]), int(self.worth[unit]))


@dataclass(frozen=True)
class Period:
    """What a period asks of columns, a row for each unit.

    documents  those of the period, in order of unit
    layers     on layers at its end; asset: contract asset; steady: within the bounds of columns
    earned     revenue of each obligation, unit after unit; begin: first obligation of each unit, and one more
    rates      of the currencies at its end; currency: which one each unit has
    """

    documents: Ints
    layers: Ints
    asset: Ints
    steady: Bools
    earned: Ints
    begin: Ints
    rates: Sequence[Closing]
    currency: Ints


@dataclass(frozen=True)
class Outcome:
    """The stands after a period, and what it moved: `revenue` of each obligation, the rest of each unit. `left` are
    units that are not told here any more."""

    now: Columns
    revenue: Ints
    moved: Ints
    gains: Ints
    remeasured: Ints
    left: Bools


def after(axis: Axis, then: Columns, of: Period) -> Outcome:
    """Where units stand after a period."""
    count = len(then.told)
    moved, gains = np.zeros(count, np.int64), np.zeros(count, np.int64)
    billed, position, asset, worth = (column.copy() for column in (then.billed, then.position, then.asset, then.worth))
    told_gains: list[tuple[Ints, Ints]] = []
    rank = np.arange(len(of.documents)) - np.searchsorted(axis.unit[of.documents], axis.unit[of.documents])
    for turn in range(int(rank.max(initial=-1)) + 1):
        rows = of.documents[rank == turn]
        rows = rows[then.told[axis.unit[rows]]]
        units, amount, value = axis.unit[rows], axis.amount[rows], axis.value[rows]
        clears = np.minimum(amount, asset[units])
        billed[units] += amount
        position[units] += clears
        moved[units] += value
        some = np.flatnonzero(clears)
        if len(some):
            at, part = units[some], clears[some]
            carried = rounded_parts(worth[at], part, asset[at])
            gain = rounded_parts(value[some], part, amount[some]) - carried
            asset[at], worth[at] = asset[at] - part, worth[at] - carried
            gains[at] += gain
            told_gains.append((rows[some], gain))
    release, ahead = billed - position - of.layers, of.asset - asset
    fits = of.steady & (release >= 0) & (ahead >= 0) & ((of.layers == 0) | (of.asset == 0)) & (of.asset < PARTS_LIMIT)
    told = then.told & fits
    units = np.flatnonzero(told)
    before = axis.to(units, position[units])
    revenue = np.zeros(len(of.earned), np.int64)
    reached, reached_worth = np.zeros(len(units), np.int64), np.zeros(len(units), np.int64)
    size = of.begin[units + 1] - of.begin[units]
    for turn in range(int(size.max(initial=0))):
        rows = np.flatnonzero(size > turn)
        at, places = units[rows], of.begin[units[rows]] + turn
        reached[rows] += of.earned[places]
        first = np.clip(reached[rows], 0, release[at])
        to_here = axis.to(at, position[at] + first) - before[rows]
        to_here += at_rates(reached[rows] - first, of.rates, of.currency[at])
        revenue[places] = to_here - reached_worth[rows]
        reached_worth[rows] = to_here
    position = np.where(told, position + release, position)
    asset = np.where(told, of.asset, asset)
    worth[units] += at_rates(ahead[units], of.rates, of.currency[units])
    closing = at_rates(of.asset[units], of.rates, of.currency[units])
    remeasured = np.zeros(count, np.int64)
    remeasured[units] = closing - worth[units]
    worth[units] = closing
    gone = ~told
    moved[gone], gains[gone] = 0, 0
    nothing = np.zeros(0, np.int64)
    columns = [np.concatenate([nothing, *column]) for column in zip(*told_gains, strict=True)] or [nothing, nothing]
    now = Columns(told, billed, position, asset, worth, (columns[0], columns[1]))
    return Outcome(now, revenue, moved, gains, remeasured, then.told & gone)
