"""Units of account told in layers: where each of them stands in reporting currency, period by period.

A unit is a netting unit of a day, or an obligation on its own. Only units in a foreign currency are told.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property, partial

import numpy as np

from engine.book.cells import LAST_DAY
from engine.schedule.flow import Flow
from engine.schedule.kernel import Bools, Ints, rounded
from engine.schedule.layer_columns import Axis, Columns, Period, after
from engine.schedule.layers import Closing, Document, Layer, Stand, Target
from engine.schedule.positions import Position, added, most_kept_by, position
from engine.schedule.rates import Rates
from engine.schedule.schedule import Schedule

#: days whose facts are kept
_DAYS_KEPT = 4


@dataclass(frozen=True)
class Facts:
    """A day in contract currency: revenue to date of each obligation, interest and income to date and balances of each
    unit."""

    day: int
    revenue: Ints
    interest: Ints
    income: Ints
    position: Position


@dataclass(frozen=True)
class ToDate:
    """What all periods to a day come to in reporting currency: `revenue` of each obligation - with what former systems
    had recognized -, the rest of each unit; `opened` is what former systems had billed."""

    revenue: Ints
    moved: Ints
    billings: Ints
    interest: Ints
    income: Ints
    gains: Ints
    remeasured: Ints
    opened: Ints

    def plus(self, other: ToDate) -> ToDate:
        return ToDate(*(mine + its for mine, its in zip(vars(self).values(), vars(other).values(), strict=True)))


@dataclass(frozen=True)
class Told:
    """Where units stand at the close of a day, and what all periods to it come to.

    columns  units told in columns; stands: the other foreign ones
    """

    axis: Axis
    columns: Columns
    stands: dict[int, Stand]
    to_date: ToDate

    def first(self, parts: Ints) -> Ints:
        """Value of the first so much of what is on the layers of each foreign unit, mirrored as they are told."""
        found = np.zeros(len(parts), np.int64)
        units = np.flatnonzero(self.columns.told & (parts != 0))
        position = self.columns.position[units]
        found[units] = self.axis.to(units, position + parts[units]) - self.axis.to(units, position)
        for unit, stand in self.stands.items():
            found[unit] = stand.value(int(parts[unit]))
        return found

    def stand(self, unit: int) -> Stand:
        """Where a foreign unit stands."""
        return self.stands.get(unit) or self.columns.stand(self.axis, unit)

    @property
    def assets(self) -> Ints:
        """What the contract asset of each foreign unit is carried at, likewise."""
        found = np.where(self.columns.told, self.columns.worth, 0)
        for unit, stand in self.stands.items():
            found[unit] = stand.worth
        return found

    @property
    def on_layers(self) -> Ints:
        """Value of all that is on layers, likewise."""
        left = np.where(self.columns.told, self.columns.billed - self.columns.position, 0)
        for unit, stand in self.stands.items():
            left[unit] = stand.on_layers
        return self.first(left)


class ToldLayers:
    """Every foreign unit of one way of netting.

    unit  unit of each obligation, in runs
    """

    def __init__(self, schedule: Schedule, rates: Rates, unit: Ints) -> None:
        self.schedule, self.rates, self.unit = schedule, rates, unit
        self.count = int(unit.max(initial=-1)) + 1
        self._begin: list[int] = np.searchsorted(unit, np.arange(self.count + 1)).tolist()
        currencies = schedule.contract_column("currency")
        self.currency = [currencies[place] for place in self._begin[:-1]]
        rows = schedule.layout.contracts[schedule.layout.contract]
        self._row: list[int] = [int(rows[place]) for place in self._begin[:-1]]
        self.foreign = [n for n, code in enumerate(self.currency) if code != rates.reporting]
        self._stands: dict[int, Told] = {}
        self._facts: dict[date, Facts] = {}

    # -- what is asked
    # ---------------------------------------------------------------------------------------------------------------

    def at(self, day: date) -> Told:
        """Where every foreign unit stands at the close of a day, and what all periods to it come to."""
        period = self.schedule.calendar.period(day.toordinal())
        known = self._stands.get(period - 1)
        if known is None:
            begin = max([at for at in self._stands if at < period], default=self._first - 1)
            known = self._stands.get(begin) or self._beginning()
            for number in range(begin + 1, period):
                last = date.fromordinal(self.schedule.calendar.end(number))
                known = self._stands[number] = self._after(known, number, last)
        if self.schedule.calendar.is_period_end(day.toordinal()):
            if period not in self._stands:
                self._stands[period] = self._after(known, period, day)
            return self._stands[period]
        return self._after(known, period, day)

    def rate(self, unit: int, day: date) -> Fraction:
        """What a minor unit of a unit's currency is worth on a day."""
        return self.rates.at(self.currency[unit], day.toordinal(), self._row[unit])

    def facts(self, day: date) -> Facts:
        """A day in contract currency."""
        if day not in self._facts:
            schedule, unit, count = self.schedule, self.unit, self.count
            revenue, price = schedule.recognized(day), schedule.contracted(day)
            contracted = added(price, unit, count)
            columns = contracted, added(revenue, unit, count), added(schedule.billed(day), unit, count)
            of = position(*columns, most_kept_by(schedule, day, contracted, unit))
            nothing = np.zeros(count, np.int64)
            interest = income = nothing
            if schedule.financing:
                base = schedule.price(day)
                interest = added(schedule.financing.interest(day, base), unit, count)
                income = added(schedule.financing.income(day, base), unit, count)
            while len(self._facts) >= _DAYS_KEPT:
                del self._facts[next(iter(self._facts))]
            self._facts[day] = Facts(day.toordinal(), revenue, interest, income, of)
        return self._facts[day]

    # -- how it is told
    # ---------------------------------------------------------------------------------------------------------------

    def _nothing(self) -> ToDate:
        return ToDate(
            np.zeros(self.schedule.count, np.int64), *(np.zeros(self.count, np.int64) for _ in range(7))
        )  # fmt: skip

    @cached_property
    def _documents(self) -> dict[int, dict[int, list[tuple[int, int, int]]]]:
        """What documents move, by period and unit: (day, row of the document, amount)."""
        schedule = self.schedule
        steps = schedule.steps
        keep = ((steps.kind == Flow.BILLINGS) | (steps.kind == Flow.CREDITS)) & self.is_foreign[steps.obligation]
        own = own_documents(schedule)
        sums: dict[tuple[int, int, int], int] = {}
        rows = zip(steps.obligation[keep], steps.day[keep], steps.source[keep], steps.amount[keep], strict=True)
        for obligation, day, source, amount in rows:
            key = int(self.unit[obligation]), int(day), own[int(source)]
            sums[key] = sums.get(key, 0) + int(amount)
        names = schedule.book.billings["document_id"]
        found: dict[int, dict[int, list[tuple[int, int, int]]]] = defaultdict(lambda: defaultdict(list))
        for (unit, day, row), amount in sorted(sums.items(), key=lambda item: (item[0][1], names[item[0][2]], item[0])):
            if amount:
                found[schedule.calendar.period(day)][unit].append((day, row, amount))
        return found

    @cached_property
    def billings(self) -> dict[int, list[tuple[int, int, int, int]]]:
        """Value of what invoices bring before notes, by period: (unit, day, row, value)."""
        schedule, steps = self.schedule, self.schedule.steps
        keep = (steps.kind == Flow.BILLINGS) & self.is_foreign[steps.obligation]
        sums: dict[tuple[int, int, int], int] = {}
        rows = zip(steps.obligation[keep], steps.day[keep], steps.source[keep], steps.amount[keep], strict=True)
        for obligation, day, source, amount in rows:
            key = int(self.unit[obligation]), int(day), int(source)
            sums[key] = sums.get(key, 0) + int(amount)
        found: dict[int, list[tuple[int, int, int, int]]] = defaultdict(list)
        for (unit, day, row), amount in sums.items():
            value = rounded(amount, self.rates.of_document(row, self.currency[unit]))
            found[schedule.calendar.period(day)].append((unit, day, row, value))
        return found

    @cached_property
    def is_foreign(self) -> Bools:
        foreign = np.zeros(self.count, bool)
        foreign[self.foreign] = True
        return foreign[self.unit]

    @cached_property
    def _first(self) -> int:
        """The first period in which anything happens; the last there is if nothing ever does."""
        schedule = self.schedule
        days = [int(column.min()) for column in (schedule.steps.day, schedule.layout.signed) if len(column)]
        return schedule.calendar.period(min(*days, LAST_DAY.toordinal()) if days else LAST_DAY.toordinal())

    @cached_property
    def _rows(self) -> list[tuple[int, int, int, int, int, int]]:
        """Documents that columns hold, in the order of an axis."""
        found = [
            (unit, period, day, row, amount, rounded(amount, self.rates.of_document(row, self.currency[unit])))
            for period, by_unit in sorted(self._documents.items())
            for unit, papers in by_unit.items()
            for day, row, amount in papers
            if amount > 0
        ]
        return sorted((row for row in found if Axis.holds(*row[4:])), key=lambda row: row[0])

    def _beginning(self) -> Told:
        held, all_of = np.zeros(self.count, np.int64), np.zeros(self.count, np.int64)
        np.add.at(held, [row[0] for row in self._rows], 1)
        for by_unit in self._documents.values():
            for unit, papers in by_unit.items():
                all_of[unit] += sum(amount > 0 for _, _, amount in papers)
        told = np.zeros(self.count, bool)
        told[self.foreign] = True
        told &= held == all_of
        told[list(self._cut_over)] = False
        others = {unit: Stand() for unit in self.foreign if not told[unit]}
        return Told(Axis(self.count, self._rows), Columns.beginning(told), others, self._nothing())

    @cached_property
    def _codes(self) -> list[str]:
        """Foreign currencies."""
        return sorted({self.currency[unit] for unit in self.foreign})

    @cached_property
    def which(self) -> Ints:
        """Which of the foreign currencies each unit has, -1 for none."""
        number = {code: n for n, code in enumerate(self._codes)}
        return np.fromiter((number.get(code, -1) for code in self.currency), np.int64, self.count)

    def closing(self, day: date) -> list[Closing]:
        """Rates of the foreign currencies on a day."""
        first = {self.currency[unit]: unit for unit in reversed(self.foreign)}
        return [partial(self.rate, first[code], day) for code in self._codes]

    def _after(self, known: Told, period: int, last: date) -> Told:
        """The stands after a period, or after its part to `last`."""
        eve, until = date.fromordinal(self.schedule.calendar.start(period) - 1), last.toordinal()
        before, now, rates = self.facts(eve), self.facts(last), self.closing(last)
        papers = {
            unit: kept
            for unit, rows in self._documents.get(period, {}).items()
            if (kept := [row for row in rows if row[0] <= until])
        }
        axis, told = known.axis, self._nothing()
        taken = after(axis, known.columns, self._period(axis, period, before, now, papers, until, rates))
        told.revenue[:], told.moved[:] = taken.revenue, taken.moved
        told.gains[:], told.remeasured[:] = taken.gains, taken.remeasured
        stands = {
            **known.stands,
            **{unit: known.columns.stand(axis, unit) for unit in np.flatnonzero(taken.left).tolist()},
        }
        for unit, then in stands.items():
            begun, at = self._opened(unit, then, before, until, told)
            if at.day < until:
                begun = self._stand_after(unit, begun, at, now, papers.get(unit, []), rates, told)
            stands[unit] = begun
        for unit, day, _, value in self.billings.get(period, ()):
            if day <= until:
                told.billings[unit] += value
        return Told(axis, taken.now, stands, known.to_date.plus(told))

    def _period(
        self, axis: Axis, period: int, before: Facts, now: Facts, papers: dict[int, list[tuple[int, int, int]]],
        until: int, rates: list[Closing],
    ) -> Period:  # fmt: skip
        at = now.position
        steady = (at.contracted >= 0) & (before.position.contracted >= 0)
        steady &= (now.interest == before.interest) & (now.income == before.income)
        steady[[unit for unit, rows in papers.items() if any(amount < 0 for _, _, amount in rows)]] = False
        documents = np.flatnonzero((axis.period == period) & (axis.day <= until))
        return Period(
            documents, at.deferred + at.refund_liability, at.contract_asset, steady, now.revenue - before.revenue,
            np.array(self._begin), rates, self.which,
        )  # fmt: skip

    def _opened(self, unit: int, then: Stand, before: Facts, until: int, told: ToDate) -> tuple[Stand, Facts]:
        """Where a unit begins a period: on the day it is taken over from a former system, if that is in the period and
        by `until`, at the balances of that day and the rate they were carried at."""
        cut_over = self._cut_over.get(unit)
        if cut_over is None or cut_over > until or before.day >= cut_over:
            return then, before
        at, sign = self.facts(date.fromordinal(cut_over)), 1
        places = [n for n in range(self._begin[unit], self._begin[unit + 1]) if n in self.schedule.layout.openings]
        rate = self.rates.of_opening(*self.schedule.opening(places[0]))
        if at.position.contracted[unit] < 0:
            sign = -1
        layers = sign * int(at.position.deferred[unit] + at.position.refund_liability[unit])
        asset = sign * int(at.position.contract_asset[unit])
        stand = Stand([Layer(-1, layers, rounded(layers, rate))] if layers else [], asset, rounded(asset, rate))
        for n in places:
            told.revenue[n] = rounded(int(at.revenue[n]), rate)
            told.opened[unit] += told.revenue[n]
        told.opened[unit] += sign * (rounded(layers, rate) - stand.worth)
        return stand, at

    @cached_property
    def _cut_over(self) -> dict[int, int]:
        """Day on which each foreign unit is taken over, of those that are."""
        layout = self.schedule.layout
        days = {unit: int(layout.cut_over[layout.contract[self._begin[unit]]]) for unit in self.foreign}
        return {
            unit: day for unit, day in days.items()
            if day and any(n in layout.openings for n in range(self._begin[unit], self._begin[unit + 1]))
        }  # fmt: skip

    def _stand_after(
        self, unit: int, then: Stand, before: Facts, now: Facts, papers: list[tuple[int, int, int]],
        rates: list[Closing], told: ToDate,
    ) -> Stand:  # fmt: skip
        """A unit by itself after a period; what that moved is put into `told`."""
        sign = -1 if now.position.contracted[unit] < 0 else 1
        if (before.position.contracted[unit] < 0) != (sign < 0):
            then = then.flipped()
        target = self._target(unit, before, now, sign)
        interest, income = (
            sign * int(column[0][unit] - column[1][unit])
            for column in ((now.interest, before.interest), (now.income, before.income))
        )
        if not (papers or interest or income or then.asset or target.asset or any(target.revenue)) and (
            then.on_layers == target.layers
        ):
            return Stand(then.layers)
        stand = then.after(self._papers(unit, papers, sign), interest, income, target, rates[self.which[unit]])
        begin = self._begin[unit]
        for n, revenue in enumerate(stand.revenue):
            told.revenue[begin + n] += sign * revenue
        told.moved[unit] = sign * sum(moved.value for moved in stand.moved)
        told.interest[unit], told.income[unit] = sign * stand.interest, sign * stand.income
        told.gains[unit] = sign * sum(gain.amount for gain in stand.gains)
        told.remeasured[unit] = sign * stand.remeasured
        return stand

    def moved(self, first: date, last: date) -> dict[tuple[int, int], tuple[int, int]]:
        """What documents moved on the days first..last of one period, and the gain on exchange each made: by (day, row
        of the document), in reporting currency."""
        found: dict[tuple[int, int], tuple[int, int]] = {}
        told_at, contracted = self.at(last), self.facts(last).position.contracted
        axis, columns = told_at.axis, told_at.columns
        here = columns.told[axis.unit] & (axis.day >= first.toordinal()) & (axis.day <= last.toordinal())
        for n in np.flatnonzero(here).tolist():
            key = int(axis.day[n]), int(axis.source[n])
            value_to, gain_to = found.get(key, (0, 0))
            found[key] = value_to + int(axis.value[n]), gain_to
        for n, gain in zip(*(column.tolist() for column in columns.gains), strict=True):
            key = int(axis.day[n]), int(axis.source[n])
            if here[n]:
                found[key] = found[key][0], found[key][1] + gain
        for unit, stand in told_at.stands.items():
            sign = -1 if contracted[unit] < 0 else 1
            told = [(moved.day, moved.source, moved.value, 0) for moved in stand.moved]
            told += [(gain.day, gain.source, 0, gain.amount) for gain in stand.gains if gain.day]
            for day, source, value, gain in told:
                if day >= first.toordinal():
                    value_to, gain_to = found.get((day, source), (0, 0))
                    found[day, source] = value_to + sign * value, gain_to + sign * gain
        return found

    def _papers(self, unit: int, rows: list[tuple[int, int, int]], sign: int) -> list[Document]:
        """Documents of a unit; of one day what is billed comes before notes."""
        found = [
            Document(day, row, sign * amount, self.rates.of_document(row, self.currency[unit]))
            for day, row, amount in rows
        ]
        return sorted(found, key=lambda document: (document.day, document.amount < 0))

    def _target(self, unit: int, before: Facts, now: Facts, sign: int) -> Target:
        at, part = now.position, slice(self._begin[unit], self._begin[unit + 1])
        layers = sign * int(at.deferred[unit] + at.refund_liability[unit])
        earned = (now.revenue[part] - before.revenue[part]).tolist()
        return Target(layers, sign * int(at.contract_asset[unit]), [sign * amount for amount in earned])


def own_documents(schedule: Schedule) -> dict[int, int]:
    """The document each row of Billings is about: the invoice a note, write-off or refund applies to, else itself."""
    billings = schedule.book.billings
    numbered: dict[tuple[object, object, object], int] = {}
    loose: dict[tuple[object, object], int] = {}
    rows = zip(*(billings[name] for name in ("contract_id", "document_id", "source", "type")), strict=True)
    for row, (contract, name, source, kind) in enumerate(rows):
        if kind == "invoice":
            numbered[contract, name, source] = row
            loose.setdefault((contract, name), row)
    found = {-1: -1}
    of = zip(*(billings[name] for name in ("contract_id", "applies_to", "source", "type")), strict=True)
    for row, (contract, name, source, kind) in enumerate(of):
        found[row] = row
        if kind != "invoice" and name is not None:
            found[row] = numbered.get((contract, name, source), loose.get((contract, name), row))
    return found
