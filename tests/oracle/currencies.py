"""Reporting currency: every unit told layer by layer in fractions, period after period.

The units are netting units, or obligations on their own. Of a unit with a negative price everything is told mirrored.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from .calendars import ONE_DAY
from .exchange import Papers, Rates
from .rounding import round_half_away
from .rows import Document, Obligation
from .standing import Standing


@dataclass
class Layer:
    """What one document brought: units of contract currency, each worth the same. Units are released from the front
    and credited from the back."""

    document: Document | None
    amount: int
    worth: int
    released: int = 0
    credited: int = 0

    def upto(self, units: int) -> int:
        """Worth of the first units."""
        return round_half_away(Fraction(self.worth) * units / self.amount)

    def standing(self) -> int:
        """Units left."""
        return self.amount - self.released - self.credited

    def carried(self) -> int:
        """Worth of the units left."""
        return self.upto(self.amount - self.credited) - self.upto(self.released)


@dataclass
class Account:
    """A unit in both currencies; all figures but layers and asset are to date."""

    layers: list[Layer] = field(default_factory=list)
    asset: int = 0
    asset_worth: int = 0
    revenue: dict[Obligation, int] = field(default_factory=dict)
    documents: int = 0
    billings: int = 0
    interest: int = 0
    income: int = 0
    gains: int = 0
    remeasured: int = 0
    opened: int = 0  # what a former system had billed

    def units_on_layers(self) -> int:
        """All units left."""
        return sum(layer.standing() for layer in self.layers)

    def first(self, units: int) -> int:
        """Worth of the first units left."""
        worth = 0
        for layer in self.layers:
            part = max(min(units, layer.standing()), 0)
            worth += layer.upto(layer.released + part) - layer.upto(layer.released)
            units -= part
        return worth


class Currencies:
    """Figures of a book in reporting currency."""

    def __init__(self, standing: Standing) -> None:
        self.standing, self.book = standing, standing.book
        self.rates, self.papers = Rates(standing), Papers(standing)
        self.calendar = self.book.settings.calendar
        self._accounts: dict[tuple[tuple[str, ...], date], Account] = {}

    # --------------------------------------------------------------------------------------------- the way of a unit

    def account(self, unit: Sequence[Obligation], day: date) -> Account:
        """Where a unit stands at the close of a day, told from its beginning."""
        unit = sorted(unit, key=lambda o: self.book.contracts.index(o.contract))  # contracts in table order
        key = tuple(o.key for o in unit), day
        if key not in self._accounts:
            period = self.calendar.period_of(day)
            begin = min([o.contract.signed_on for o in unit] + self._paper_days(unit))
            if day < begin:
                return Account(revenue=dict.fromkeys(unit, 0))
            cut_over = unit[0].contract.cut_over
            taken_over = any(o in self.book.openings for o in unit)  # not what was added since, on its own
            if taken_over and cut_over is not None and period.first <= cut_over <= day:
                before = self._opened(unit, cut_over)
                self._accounts[key] = before if day == cut_over else self._told(unit, before, cut_over + ONE_DAY, day)
                return self._accounts[key]
            before = self.account(unit, period.first - ONE_DAY)
            self._accounts[key] = self._told(unit, before, period.first, day)
        return self._accounts[key]

    def _opened(self, unit: Sequence[Obligation], day: date) -> Account:
        """Where a unit stands that is taken over from a former system: all at one rate."""
        at = self.standing.figures(unit, day)
        openings = [self.book.openings[o] for o in unit if o in self.book.openings]
        rate = self.rates.of_opening(openings[0])
        sign = -1 if at["contracted"] < 0 else 1
        ahead, asset = sign * (at["deferred"] + at["refund_liability"]), sign * at["contract_asset"]
        a = Account([Layer(None, ahead, round_half_away(ahead * rate))] if ahead else [], asset)
        a.asset_worth = round_half_away(asset * rate)
        a.revenue = dict.fromkeys(unit, 0) | {x.obligation: round_half_away(x.recognized * rate) for x in openings}
        a.opened = sum(a.revenue.values()) + sign * (round_half_away(ahead * rate) - a.asset_worth)
        return a

    def _paper_days(self, unit: Sequence[Obligation]) -> list[date]:
        return [d.day for d in self.book.documents if d.contract in {o.contract for o in unit}]

    def _told(self, unit: Sequence[Obligation], before: Account, first: date, last: date) -> Account:
        eve, currency = first - ONE_DAY, unit[0].contract.currency
        then, now = self.standing.figures(unit, eve), self.standing.figures(unit, last)
        sign, was = (-1 if at["contracted"] < 0 else 1 for at in (now, then))
        a = Account([Layer(**vars(x)) for x in before.layers], before.asset, before.asset_worth, opened=before.opened)
        if sign != was:
            net = a.units_on_layers() - a.asset
            worth = sum(x.carried() for x in a.layers) - a.asset_worth
            a = Account([Layer(None, -net, -worth)]) if net < 0 else Account([], net, worth)
            a.opened = before.opened

        def closing(units: int) -> int:
            return self.rates.worth(units, currency, last)

        changes = [
            (d, x, sign * units, sign * brings) for d, x, units, brings in self.papers.changes(unit, first, last)
        ]
        for _, document, units, brings in sorted(changes, key=lambda c: (c[0], c[2] < 0, c[1].id)):
            rate = self.rates.of_document(document)
            a.documents += self._bring(a, document, units, rate)
            a.billings += round_half_away(brings * rate)
        moved = {
            what: sign * sum(told(o, last) - told(o, eve) for o in unit)
            for what, told in (
                ("interest", self.standing.financing.interest),
                ("income", self.standing.financing.income),
            )
        }
        if moved["interest"]:
            a.interest = self._bring(a, None, moved["interest"], self.rates.at(currency, last))
        if moved["income"]:
            a.income = -self._bring(a, None, -moved["income"], self.rates.at(currency, last))

        earned = [
            sign * (self.standing.recognized(o, last, last) - self.standing.recognized(o, eve, eve)) for o in unit
        ]
        stays = sign * (now["deferred"] + now["refund_liability"])
        falls, rises = a.units_on_layers() - stays, sign * now["contract_asset"] - a.asset
        assert falls + rises == sum(earned)
        if falls > 0 and rises < 0:
            both = min(falls, -rises)
            a.gains += self._release(a, both) - self._clear(a, both)
            falls, rises = falls - both, rises + both
        elif falls < 0 and rises > 0:
            both = min(-falls, rises)
            a.gains += closing(both) - self._put_back(a, both, closing)
            a.asset, a.asset_worth = a.asset + both, a.asset_worth + closing(both)
            falls, rises = falls + both, rises - both
        # each obligation in turn takes what is released, then what is earned ahead
        reached, worth = 0, 0
        for o, part in zip(unit, earned, strict=True):
            reached += part
            to_here = self._worth_of_revenue(a, reached, falls, rises, closing)
            a.revenue[o] = to_here - worth
            worth = to_here
        if falls >= 0:
            self._release(a, falls)
        else:
            self._put_back(a, -falls, closing)
        a.asset, a.asset_worth = a.asset + rises, a.asset_worth + closing(rises)
        a.remeasured, a.asset_worth = closing(a.asset) - a.asset_worth, closing(a.asset)
        # to date, no longer mirrored
        for name in ("documents", "billings", "interest", "income", "gains", "remeasured"):
            setattr(a, name, sign * getattr(a, name) + getattr(before, name))
        a.revenue = {o: sign * a.revenue[o] + before.revenue.get(o, 0) for o in unit}
        return a

    def _bring(self, a: Account, document: Document | None, units: int, rate: Fraction) -> int:
        """A document adds units, or takes them: from its own layers, then the latest, then as a contract asset."""
        if units >= 0:
            layer = Layer(document, units, round_half_away(units * rate)) if units else None
            if layer is None:
                return 0
            layer.released = min(units, a.asset)
            if layer.released:
                a.gains += layer.upto(layer.released) - self._clear(a, layer.released)
            a.layers.append(layer)
            return layer.worth
        left, worth = -units, 0
        latest = a.layers[::-1]
        own = [x for x in latest if document is not None and x.document is document]
        for layer in own + [x for x in latest if x not in own]:
            part = max(min(left, layer.standing()), 0)
            end = layer.amount - layer.credited
            worth += layer.upto(end) - layer.upto(end - part)
            layer.credited += part
            left -= part
        if left:
            a.asset += left
            a.asset_worth += round_half_away(left * rate)
            worth += round_half_away(left * rate)
        return -worth

    @staticmethod
    def _clear(a: Account, units: int) -> int:
        part = round_half_away(Fraction(a.asset_worth) * units / a.asset)
        a.asset, a.asset_worth = a.asset - units, a.asset_worth - part
        return part

    @staticmethod
    def _release(a: Account, units: int) -> int:
        worth = a.first(units)
        for layer in a.layers:
            part = max(min(units, layer.standing()), 0)
            layer.released += part
            units -= part
        return worth

    @staticmethod
    def _back(a: Account, units: int, closing: object, change: bool) -> int:
        """Worth of units put back, the last released first; beyond that at the closing rate."""
        worth = 0
        for layer in reversed(a.layers):
            part = max(min(units, layer.released), 0)
            worth += layer.upto(layer.released) - layer.upto(layer.released - part)
            if change:
                layer.released -= part
            units -= part
        beyond = closing(units)  # type: ignore[operator]
        if units and change:
            a.layers.append(Layer(None, units, beyond))
        return worth + beyond

    def _put_back(self, a: Account, units: int, closing: object) -> int:
        return self._back(a, units, closing, change=True)

    def _worth_of_revenue(self, a: Account, reached: int, falls: int, rises: int, closing: object) -> int:
        at_closing = closing
        if reached > 0 and falls > 0:
            part = min(reached, falls)
            return a.first(part) + at_closing(reached - part)  # type: ignore[operator]
        if reached < 0 and falls < 0:
            part = max(reached, rises)
            return at_closing(part) - self._back(a, part - reached, closing, change=False)  # type: ignore[operator]
        return at_closing(reached)  # type: ignore[operator,no-any-return]

    # ------------------------------------------------------------------------------------------------------- figures

    def unit_of(self, o: Obligation, day: date) -> list[Obligation]:
        """The netting unit of an obligation."""
        return next(unit for unit in self.standing.units(day) if o in unit)

    def recognized(self, o: Obligation, day: date) -> int:
        """R of an obligation: its share of what its unit has released and earned ahead."""
        return self.account(self.unit_of(o, day), day).revenue[o]

    def worth(self, unit: Sequence[Obligation], units: int, day: date) -> int:
        """What the first units of the backlog are worth: what is deferred, then what is unbilled."""
        at, account = self.standing.figures(unit, day), self.account(unit, day)
        sign = -1 if at["contracted"] < 0 else 1
        deferred = min(max(sign * units, 0), sign * at["deferred"])
        beyond = self.rates.worth(sign * units - deferred, unit[0].contract.currency, day)
        return sign * (account.first(deferred) + beyond)

    def figures(self, unit: Sequence[Obligation], day: date) -> dict[str, int]:
        """All balances of a unit."""
        at, account = self.standing.figures(unit, day), self.account(unit, day)
        sign = -1 if at["contracted"] < 0 else 1
        row = {"recognized": sum(self.recognized(o, day) for o in unit)}
        row["billed"] = account.opened + account.documents + account.interest - account.income
        row["deferred"] = sign * account.first(sign * at["deferred"])
        row["refund_liability"] = sign * sum(x.carried() for x in account.layers) - row["deferred"]
        row["contract_asset"] = sign * account.asset_worth
        row["backlog_unbilled"] = self.rates.worth(at["backlog_unbilled"], unit[0].contract.currency, day)
        row["backlog"] = row["deferred"] + row["backlog_unbilled"]
        row["contracted"] = row["recognized"] + row["backlog"]
        row["deferred_current"] = self.worth(unit, at["deferred_current"], day)
        row["deferred_noncurrent"] = row["deferred"] - row["deferred_current"]
        row["rpo"] = self.worth(unit, at["rpo"], day)
        return row
