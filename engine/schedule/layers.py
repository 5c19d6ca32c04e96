"""Layers: what is billed in a foreign currency, each document at its own rate, released first in, first out.

Deferred revenue is non-monetary: a document is worth in reporting currency what it was worth on its day, whatever
rates do afterwards. One netting unit is told period by period: its documents, then its interest, then its revenue.
What is billed first clears a contract asset; what is earned beyond what is billed is a contract asset at the rate of
the period's end and is remeasured at every period's end. All amounts are whole minor units, those of a unit with a
negative price mirrored.

Source: ASC 830-10-45-17, 45-18, 830-20-35-1; IAS 21.21-28; IFRIC 22.8, 22.9.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import NamedTuple

from engine.schedule.kernel import rounded, rounded_ratio


@dataclass(slots=True)
class Layer:
    """A document: `amount` in contract currency is `value` in reporting currency; `front` of it is released, `back` of
    it credited. `source` is a row of Billings, -1 for interest and what no document stands behind."""

    source: int
    amount: int
    value: int
    front: int = 0
    back: int = 0

    @property
    def left(self) -> int:
        """What is neither released nor credited, in contract currency."""
        return self.amount - self.front - self.back

    def to(self, part: int) -> int:
        """Value of the first `part` of it."""
        return rounded_ratio(self.value * part, self.amount) if part else 0

    @property
    def worth(self) -> int:
        """Value of what is left."""
        return self.to(self.amount - self.back) - self.to(self.front)


class Document(NamedTuple):
    """What a document moves on a day of a period: `amount` in contract currency at `rate`, `source` its row."""

    day: int
    source: int
    amount: int
    rate: Fraction


class Moved(NamedTuple):
    """What a document moved: `amount` in contract currency, `value` in reporting currency."""

    day: int
    source: int
    amount: int
    value: int


#: The rate of a period's end, asked for where it is needed.
Closing = Callable[[], Fraction]


def at_rate(amount: int, rate: Closing) -> int:
    """An amount in contract currency at a rate."""
    return rounded(amount, rate()) if amount else 0


class Target(NamedTuple):
    """Where a unit stands at the end of a period in contract currency: on layers (deferred and refund liability),
    contract asset, and the revenue of each of its obligations in the period."""

    layers: int
    asset: int
    revenue: Sequence[int]


class Gain(NamedTuple):
    """A gain (a loss below zero) on exchange: of the document that cleared a contract asset on a day; without one
    (source -1, day 0) of a reclassification at the end of the period."""

    day: int
    source: int
    amount: int


@dataclass(slots=True)
class Stand:
    """Where a netting unit stands: its layers, first in first, and its contract asset in both currencies.

    Of the last period: `revenue` of each obligation, what each document `moved`, `interest` and `income`, `gains` on
    clearing, and `remeasured`, by how much the contract asset was.
    """

    layers: list[Layer] = field(default_factory=list)
    asset: int = 0
    worth: int = 0
    revenue: list[int] = field(default_factory=list)
    moved: list[Moved] = field(default_factory=list)
    interest: int = 0
    income: int = 0
    gains: list[Gain] = field(default_factory=list)
    remeasured: int = 0

    # -- what is asked
    # ---------------------------------------------------------------------------------------------------------------

    def value(self, part: int) -> int:
        """Value of the first `part` of the layers left; at most of all."""
        total = 0
        for layer in self.layers:
            takes = min(part, layer.left)
            if takes <= 0:
                continue
            total += layer.to(layer.front + takes) - layer.to(layer.front)
            part -= takes
            if not part:
                break
        return total

    @property
    def on_layers(self) -> int:
        return sum(layer.left for layer in self.layers)

    # -- a period
    # ---------------------------------------------------------------------------------------------------------------

    def after(self, documents: Sequence[Document], interest: int, income: int, target: Target, rate: Closing) -> Stand:
        """Where the unit stands after a period; `rate` is that of its last day."""
        now = Stand([replace(layer) for layer in self.layers], self.asset, self.worth)
        for document in documents:
            now.moved.append(Moved(document.day, document.source, document.amount, now._take(document)))
        if interest:
            now.interest = now._take(Document(0, -1, interest, rate()))
        if income:
            now.income = -now._take(Document(0, -1, -income, rate()))
        now._earn(target, rate)
        worth = at_rate(now.asset, rate)
        now.remeasured, now.worth = worth - now.worth, worth
        return now

    def flipped(self) -> Stand:
        """The same once the sign of the price has turned: all that stands becomes one layer, or a contract asset."""
        net, worth = self.on_layers - self.asset, sum(layer.worth for layer in self.layers) - self.worth
        if net < 0:
            return Stand([Layer(-1, -net, -worth)])
        return Stand([], net, worth)

    def _take(self, document: Document) -> int:
        """Take a document; returns its value."""
        if document.amount < 0:
            return self._credit(document)
        clears = min(document.amount, self.asset)
        layer = Layer(document.source, document.amount, rounded(document.amount, document.rate), clears)
        if clears:
            self._gain(document.day, document.source, layer.to(clears) - self._clear(clears))
        self.layers.append(layer)
        return layer.value

    def _credit(self, document: Document) -> int:
        """Take a note: of its own document first, then of what was billed last; beyond that, a contract asset."""
        left, value = -document.amount, 0
        own = [layer for layer in self.layers if layer.source == document.source >= 0]
        others = [layer for layer in self.layers if not layer.source == document.source >= 0]
        for layer in (*reversed(own), *reversed(others)):
            takes = min(left, layer.left)
            if takes <= 0:
                continue
            value += layer.to(layer.amount - layer.back) - layer.to(layer.amount - layer.back - takes)
            layer.back += takes
            left -= takes
        if left:
            worth = rounded(left, document.rate)
            self.asset, self.worth, value = self.asset + left, self.worth + worth, value + worth
        return -value

    def _clear(self, amount: int) -> int:
        """Clear some of the contract asset; returns what it was carried at."""
        carried = rounded_ratio(self.worth * amount, self.asset)
        self.asset, self.worth = self.asset - amount, self.worth - carried
        return carried

    def _gain(self, day: int, source: int, amount: int) -> None:
        if amount:
            self.gains.append(Gain(day, source, amount))

    def _earn(self, target: Target, rate: Closing) -> None:
        """Recognize the revenue of a period and reach its target."""
        release, ahead = self.on_layers - target.layers, target.asset - self.asset
        if release > 0 > ahead:  # what is billed settles what was earned ahead
            clears = min(release, -ahead)
            value = self.value(clears)
            self._release(clears)
            self._gain(0, -1, value - self._clear(clears))
            release, ahead = release - clears, ahead + clears
        elif release < 0 < ahead:  # what is billed must be given back, what is earned stands
            grows = min(-release, ahead)
            worth = at_rate(grows, rate)
            self._gain(0, -1, worth - self._return(grows, rate))
            self.asset, self.worth = self.asset + grows, self.worth + worth
            release, ahead = release + grows, ahead - grows
        self.revenue = list(self._shared(target.revenue, release, ahead, rate))
        if release > 0:
            self._release(release)
        elif release < 0:
            self._return(-release, rate)
        self.asset, self.worth = self.asset + ahead, self.worth + at_rate(ahead, rate)
        self.layers = [layer for layer in self.layers if layer.left or layer.front]

    def _shared(self, revenue: Sequence[int], release: int, ahead: int, rate: Closing) -> Iterator[int]:
        """The value of revenue obligation by obligation: in table order they take what is released, then what is
        earned ahead."""
        reached = worth = 0
        for earned in revenue:
            reached += earned
            now = self._worth_to(reached, release, ahead, rate)
            yield now - worth
            worth = now

    def _worth_to(self, reached: int, release: int, ahead: int, rate: Closing) -> int:
        """Value of the first `reached` of the revenue of a period."""
        if reached > 0 and release > 0:
            first = min(reached, release)
            return self.value(first) + at_rate(reached - first, rate)
        if reached < 0 and release < 0:
            first = max(reached, ahead)
            return at_rate(first, rate) - self._returned(first - reached, rate)
        return at_rate(reached, rate)

    def _release(self, amount: int) -> None:
        for layer in self.layers:
            takes = min(amount, layer.left)
            layer.front, amount = layer.front + takes, amount - takes

    def _returned(self, amount: int, rate: Closing) -> int:
        """Value of what is put back on layers when so much revenue is reversed: the last released first."""
        value = 0
        for layer in reversed(self.layers):
            takes = min(amount, layer.front)
            value += layer.to(layer.front) - layer.to(layer.front - takes)
            amount -= takes
        return value + at_rate(amount, rate)

    def _return(self, amount: int, rate: Closing) -> int:
        """Put revenue reversed back on layers; returns its value."""
        value = self._returned(amount, rate)
        for layer in reversed(self.layers):
            takes = min(amount, layer.front)
            layer.front, amount = layer.front - takes, amount - takes
        if amount:
            self.layers.append(Layer(-1, amount, at_rate(amount, rate)))
        return value
