"""Currencies: every figure in the currency of its contract, or in the one the entity reports in.

A report asks a valuation and need not know which: contract currency takes amounts as they are, reporting currency
tells every foreign unit layer by layer (layers.py). In reporting currency

    backlog = deferred + backlog_unbilled        contracted = recognized + backlog
    deferred + refund_liability - contract_asset = billed - recognized - gains on exchange of contract assets to date

where billed is documents at their own rates and backlog_unbilled is at the rate of the day. Figures by obligation are
those of each on its own, but revenue: the obligations of a unit share what the unit releases.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Literal

import numpy as np

from engine.book.problems import BookRefused
from engine.schedule.costs import Carried
from engine.schedule.flow import Flow
from engine.schedule.kernel import Ints, rounded
from engine.schedule.layer_columns import at_rates
from engine.schedule.positions import Position, added, positions
from engine.schedule.rates import Rates
from engine.schedule.schedule import Schedule
from engine.schedule.told_layers import ToDate, ToldLayers

Currency = Literal["contract", "reporting"]
#: figures of each netting unit and of each obligation on its own
Pair = tuple[Ints, Ints]


@dataclass(frozen=True)
class Movements:
    """What moved deferred revenue over some days apart from revenue, of netting units and obligations on their own;
    `gains` on exchange were made when documents cleared contract assets, and by `remeasured` those left changed."""

    billings: Pair
    credits: Pair
    interest: Pair
    income: Pair
    gains: Pair
    remeasured: Pair


class Valuation(ABC):
    """In which currency figures are given, and what amounts are worth in it. Whole minor units throughout."""

    currency: Currency

    def __init__(self, schedule: Schedule) -> None:
        self.schedule = schedule

    @abstractmethod
    def currencies(self) -> Sequence[str]:
        """Currency of each obligation's figures."""

    @abstractmethod
    def recognized(self, day: date) -> Ints:
        """Revenue recognized to date, of each obligation."""

    @abstractmethod
    def taken_over(self, day: date) -> Ints:
        """What of it former systems had recognized of contracts taken over by the close of `day`: no revenue."""

    def revenue(self, first: date, last: date) -> Ints:
        """Revenue of the days first..last, of each obligation."""
        eve = date.fromordinal(first.toordinal() - 1)
        earned = self.recognized(last) - self.recognized(eve)
        return earned - self.taken_over(last) + self.taken_over(eve) if self.schedule.has_openings else earned

    @abstractmethod
    def revenue_to_date(self, days: Sequence[date], labels: Ints, count: int) -> Ints:
        """Revenue to date added up by label 0..count-1 of each obligation, days x count."""

    @abstractmethod
    def positions(self, day: date) -> tuple[Position, Position]:
        """Balances of the netting units, and of the obligations each on its own, at the close of `day`."""

    def in_contract_currency(self, day: date) -> tuple[Position, Position]:
        """The same in contract currency, whichever this is."""
        return self.positions(day)

    @abstractmethod
    def worth(self, day: date, amounts: Pair) -> Pair:
        """What the first so much of the backlog of `day` is worth: what is deferred first, then what is unbilled.

        amounts  in contract currency, of netting units and of obligations on their own
        """

    @abstractmethod
    def at_rate_of(self, days: Ints, obligations: Ints, amounts: Ints) -> Ints:
        """Amounts in contract currency at the rates of their days; `obligations` say in which currency they are."""

    @abstractmethod
    def part_of_revenue(self, first: date, last: date, part: Ints) -> Ints:
        """A part of the revenue of first..last, of each obligation; given in contract currency."""

    @abstractmethod
    def costs(self, day: date) -> Carried:
        """Contract costs to date."""

    @abstractmethod
    def movements(self, first: date, last: date) -> Movements:
        """Movements of first..last."""


class InContractCurrency(Valuation):
    """Amounts as they are."""

    currency: Currency = "contract"

    def currencies(self) -> Sequence[str]:
        return self.schedule.contract_column("currency")

    def recognized(self, day: date) -> Ints:
        return self.schedule.recognized(day)

    def taken_over(self, day: date) -> Ints:
        return self.schedule.taken_over(day)

    def revenue_to_date(self, days: Sequence[date], labels: Ints, count: int) -> Ints:
        found = self.schedule.recognized_to_date(days, None, labels, count)
        if self.schedule.has_openings:
            for n, day in enumerate(days):
                np.add.at(found[n], labels, -self.taken_over(day))
        return found

    def positions(self, day: date) -> tuple[Position, Position]:
        return positions(self.schedule, day)

    def worth(self, day: date, amounts: Pair) -> Pair:
        return amounts

    def at_rate_of(self, days: Ints, obligations: Ints, amounts: Ints) -> Ints:
        return amounts

    def part_of_revenue(self, first: date, last: date, part: Ints) -> Ints:
        return part

    def costs(self, day: date) -> Carried:
        return self.schedule.costs.to_date(day.toordinal())

    def movements(self, first: date, last: date) -> Movements:
        schedule = self.schedule
        unit = schedule.unit(last)
        count = int(unit.max(initial=-1)) + 1

        def both(own: Ints) -> Pair:
            return added(own, unit, count), own

        interest, income = schedule.interest_moved(first, last)
        return Movements(
            both(schedule.flow(first, last, Flow.BILLINGS)),
            both(schedule.flow(first, last, Flow.CREDITS)),
            both(interest),
            both(income),
            (np.zeros(count, np.int64), np.zeros(schedule.count, np.int64)),
            (np.zeros(count, np.int64), np.zeros(schedule.count, np.int64)),
        )


class InReportingCurrency(Valuation):
    """Foreign units layer by layer, all others as they are.

    Every method raises BookRefused where rates are missing.
    """

    currency: Currency = "reporting"

    def __init__(self, schedule: Schedule) -> None:
        super().__init__(schedule)
        self.rates = Rates(schedule.book)
        self._told: dict[bytes, ToldLayers] = {}

    def refuse_missing(self) -> None:
        """raises BookRefused where a rate was needed that is not there; what was told without it is forgotten"""
        try:
            self.rates.refuse_missing()
        except BookRefused:
            self._told.clear()
            self.__dict__.pop("own", None)
            raise

    def currencies(self) -> Sequence[str]:
        return self.schedule.once(("reporting currency",), lambda: (self.rates.reporting,) * self.schedule.count)

    def units(self, day: date) -> ToldLayers:
        """The netting units of a day."""
        return self._layers(self.schedule.unit(day))

    @cached_property
    def own(self) -> ToldLayers:
        """Every obligation on its own."""
        return self._layers(np.arange(self.schedule.count))

    def _layers(self, unit: Ints) -> ToldLayers:
        key = unit.tobytes()
        if key not in self._told:
            self._told[key] = ToldLayers(self.schedule, self.rates, unit)
        return self._told[key]

    def recognized(self, day: date) -> Ints:
        units = self.units(day)
        revenue = units.at(day).to_date.revenue
        self.refuse_missing()
        return np.where(units.is_foreign, revenue, self.schedule.recognized(day))

    def taken_over(self, day: date) -> Ints:
        taken = self.schedule.taken_over(day)
        for place in np.flatnonzero(taken).tolist():
            taken[place] = rounded(int(taken[place]), self.rates.of_opening(*self.schedule.opening(place)))
        self.rates.refuse_missing()
        return taken

    def revenue_to_date(self, days: Sequence[date], labels: Ints, count: int) -> Ints:
        earned = [self.recognized(day) - self.taken_over(day) for day in days]
        return np.array([added(column, labels, count) for column in earned]).reshape(len(days), count)

    def positions(self, day: date) -> tuple[Position, Position]:
        units, revenue = self.units(day), self.recognized(day)
        found = self._position(units, day, revenue)
        own = found if units.count == self.schedule.count else self._position(self.own, day, revenue)
        return found, own

    def in_contract_currency(self, day: date) -> tuple[Position, Position]:
        units = self.units(day)
        of_units = units.facts(day).position
        return of_units, of_units if units.count == self.schedule.count else self.own.facts(day).position

    def _position(self, units: ToldLayers, day: date, revenue: Ints) -> Position:
        """Balances of units; `revenue` to date of each obligation."""
        told, at, of = units.at(day), units.facts(day).position, units.foreign
        found = Position(*(column.copy() for column in vars(at).values()))
        sign = np.where(at.contracted < 0, -1, 1)
        found.recognized[:] = added(revenue, units.unit, units.count)
        found.deferred[of] = (sign * told.first(sign * at.deferred))[of]
        found.refund_liability[of] = (sign * told.on_layers - found.deferred)[of]
        found.contract_asset[of] = (sign * told.assets)[of]
        found.backlog_unbilled[of] = at_rates(at.backlog_unbilled, units.closing(day), units.which)[of]
        billed = told.to_date.moved + told.to_date.interest - told.to_date.income + told.to_date.opened
        found.billed[of] = billed[of]
        found.backlog[:] = found.deferred + found.backlog_unbilled
        found.contracted[:] = found.recognized + found.backlog
        self.refuse_missing()
        return found

    def worth(self, day: date, amounts: Pair) -> Pair:
        units = self.units(day)
        of_units = self._worth(units, day, amounts[0])
        own = of_units if units.count == self.schedule.count else self._worth(self.own, day, amounts[1])
        return of_units, own

    def _worth(self, units: ToldLayers, day: date, amounts: Ints) -> Ints:
        at, of, result = units.facts(day).position, units.foreign, amounts.copy()
        sign = np.where(at.contracted < 0, -1, 1)
        first = np.minimum(np.maximum(sign * amounts, 0), sign * at.deferred)
        beyond = at_rates(sign * amounts - first, units.closing(day), units.which)
        result[of] = (sign * (units.at(day).first(first) + beyond))[of]
        self.refuse_missing()
        return result

    def at_rate_of(self, days: Ints, obligations: Ints, amounts: Ints) -> Ints:
        currencies, contract = self.schedule.contract_column("currency"), self.schedule.layout.contract
        result = amounts.copy()
        for n, (day, place) in enumerate(zip(days.tolist(), obligations.tolist(), strict=True)):
            if currencies[place] != self.rates.reporting and amounts[n]:
                row = int(self.schedule.layout.contracts[contract[place]])
                result[n] = rounded(int(amounts[n]), self.rates.at(currencies[place], day, row))
        self.refuse_missing()
        return result

    def part_of_revenue(self, first: date, last: date, part: Ints) -> Ints:
        """In proportion to the revenue of the days; without any, at the rate of the last day."""
        whole, worth = self.schedule.revenue(first, last), self.revenue(first, last)
        days = np.full(self.schedule.count, last.toordinal())
        alone = self.at_rate_of(days, np.arange(self.schedule.count), np.where(whole == 0, part, 0))
        result = np.where(whole == 0, alone, part)
        for n in np.flatnonzero(self.units(last).is_foreign & (whole != 0) & (part != 0)).tolist():
            result[n] = rounded(int(worth[n]), Fraction(int(part[n]), int(whole[n])))
        return result

    def costs(self, day: date) -> Carried:
        """A cost is non-monetary: at the rate of its day, and amortized in proportion."""
        of, table = self.schedule.costs, self.schedule.book.costs
        told = of.to_date(day.toordinal())
        result = Carried(*(column.copy() for column in told))
        contracts = self.schedule.layout.contracts
        for n, contract in enumerate(of.contract.tolist()):
            row = int(contracts[contract])
            currency, amount = self.schedule.book.contracts["currency"][row], table["amount"][n]
            if currency == self.rates.reporting or not told.capitalized[n]:
                continue
            worth = rounded(amount, self.rates.at(currency, table["date"][n].toordinal(), row))
            amortized, gone = int(told.amortized[n]), int(told.amortized[n] + told.impaired[n])
            result.capitalized[n], result.amortized[n] = worth, rounded(worth, Fraction(amortized, amount))
            result.impaired[n] = rounded(worth, Fraction(gone, amount)) - result.amortized[n]
        self.refuse_missing()
        return result

    def movements(self, first: date, last: date) -> Movements:
        eve, inward = date.fromordinal(first.toordinal() - 1), InContractCurrency(self.schedule).movements(first, last)

        def of(now: ToldLayers, then: ToldLayers, at: int) -> list[Ints]:
            after, before = now.at(last).to_date, _regrouped(then.at(eve).to_date, then, now)
            told = [
                after.billings - before.billings, after.moved - before.moved - (after.billings - before.billings),
                after.interest - before.interest, after.income - before.income, after.gains - before.gains,
                after.remeasured - before.remeasured,
            ]  # fmt: skip
            home = np.ones(now.count, bool)
            home[now.foreign] = False
            kept = (pair[at] for pair in vars(inward).values())
            return [np.where(home, here, there) for here, there in zip(kept, told, strict=True)]

        of_units = of(self.units(last), self.units(eve), 0)
        own = of_units if self.units(last).count == self.schedule.count else of(self.own, self.own, 1)
        self.refuse_missing()
        return Movements(*zip(of_units, own, strict=True))


def _regrouped(to_date: ToDate, then: ToldLayers, now: ToldLayers) -> ToDate:
    """Figures of units as they stood, by the units they have become part of."""
    if then is now:
        return to_date
    became = now.unit[np.searchsorted(then.unit, np.arange(then.count))]
    revenue, *rest = vars(to_date).values()
    return ToDate(revenue, *(added(column, became, now.count) for column in rest))


def valuation(schedule: Schedule, currency: Currency = "contract") -> Valuation:
    """The valuation of a schedule in a currency, made once; of a book in one currency both are the same."""
    if currency == "reporting" and is_foreign(schedule):
        return schedule.once(("valuation", currency), lambda: InReportingCurrency(schedule))
    return schedule.once(("valuation", "contract"), lambda: InContractCurrency(schedule))


def is_foreign(schedule: Schedule) -> bool:
    """Whether any contract with obligations is in another currency than the one the entity reports in."""
    reporting = schedule.book.settings.reporting_currency
    return schedule.once(
        ("foreign",), lambda: any(code != reporting for code in set(schedule.contract_column("currency")))
    )
