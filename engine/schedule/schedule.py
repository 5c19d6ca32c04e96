"""The schedule: contracted, recognized and billed of every obligation at any day, and what is expected after it.

Columns in, columns out: every answer is a column with one figure for each obligation, in the order of the schedule
(contracts in table order with combined ones together; obligations in table order within their contract), in whole
minor units of the contract's currency.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

import numpy as np

from engine.schedule.costs import Costs
from engine.schedule.estimates import Sizes
from engine.schedule.financing import Financing
from engine.schedule.flow import Flow, Steps
from engine.schedule.kernel import Bools, Ints
from engine.schedule.layout import Layout
from engine.schedule.segments import Segments

T = TypeVar("T")

#: figures of revenue to date that are kept for days asked before (64 MB), and the fewest days
_KEPT, _KEPT_DAYS = 8_000_000, 8


class Schedule:
    """A compiled book. Days are `datetime.date`; `known` is the day whose rows are used (default: the day asked
    about)."""

    def __init__(
        self,
        layout: Layout,
        segments: Segments,
        steps: Steps,
        estimated: Mapping[int, Sequence[tuple[int, Sizes]]] | None = None,
        ended: Mapping[int, Sequence[tuple[int, int | None]]] | None = None,
    ) -> None:
        self.layout, self.segments, self.steps = layout, segments, steps
        self._estimated, self._ended = estimated or {}, ended or {}
        self.book, self.calendar = layout.book, layout.calendar
        self.count = len(layout.obligations)
        self._memory: dict[Hashable, Any] = {}
        self._to_date: dict[tuple[date, date | None], Ints] = {}
        self._segment_each = self._one_each(segments.obligation)
        self._billed = self.steps.where(np.isin(steps.kind, (Flow.BILLINGS, Flow.CREDITS, Flow.OPENING_BILLED)))
        self._billed_once = self._one_each(self._billed.obligation)

    # -- to date
    # ---------------------------------------------------------------------------------------------------------------

    def _one_each(self, obligation: Ints) -> bool:
        """Whether rows of these obligations are one for each, in the order of the schedule."""
        return np.array_equal(obligation, np.arange(self.count))

    def _by_obligation(self, figures: Ints, obligation: Ints) -> Ints:
        """A column added up by obligation."""
        result = np.zeros(self.count, np.int64)
        np.add.at(result, obligation, figures)
        return result

    def _of_segments(self, figures: Ints) -> Ints:
        """A column of segments, 0 where they are not in force, by obligation."""
        return figures if self._segment_each else self._by_obligation(figures, self.segments.obligation)

    @cached_property
    def costs(self) -> Costs:
        """Contract costs."""
        return Costs(self.layout, self._ended)

    @cached_property
    def financing(self) -> Financing:
        """Interest of contracts with a financing rate; T, R and B take it in."""
        return Financing(self.layout, self.segments, self.steps)

    def price(self, day: date) -> Ints:
        """Transaction price in force at the close of `day`, without interest."""
        return self._of_segments(self.segments.price * self.segments.in_force(day.toordinal()))

    def contracted(self, day: date) -> Ints:
        """T: transaction price in force at the close of `day`."""
        price = self.price(day)
        return price + self.financing.interest(day, price) if self.financing else price

    def recognized(self, day: date, known: date | None = None) -> Ints:
        """R: revenue recognized to date; of a day after `known`: as the schedule in force then expects.

        The reports of a close ask for the same days many times, so answers are kept; they cannot be changed.
        """
        answer = self._to_date.get((day, known))
        if answer is None:
            asked = None if known is None else known.toordinal()
            answer = self._with_interest(self._of_segments(self.segments.to_date(day.toordinal(), asked)), known or day)
            answer.flags.writeable = False
            if len(self._to_date) >= max(_KEPT // max(self.count, 1), _KEPT_DAYS):
                self._to_date.clear()
            self._to_date[day, known] = answer
        return answer

    def revenue(self, first: date, last: date) -> Ints:
        """Revenue of the days first..last, of each obligation: what was recognized in a former system is none."""
        eve = date.fromordinal(first.toordinal() - 1)
        return self.recognized(last) - self.recognized(eve) - self.flow(first, last, Flow.OPENING_RECOGNIZED)

    def taken_over(self, day: date) -> Ints:
        """What former systems had recognized of contracts taken over by the close of `day`: part of R, no revenue."""
        return self.flow(date.min, day, Flow.OPENING_RECOGNIZED)

    @property
    def has_openings(self) -> bool:
        """Whether any contract is taken over from a former system."""
        return bool(self.layout.cut_over.any())

    def opening(self, place: int) -> tuple[int, str]:
        """Row of Openings of an obligation that is taken over, and its currency."""
        return self.layout.openings[place][0], self.contract_column("currency")[place]

    def cut_overs(self, first: date, last: date) -> list[date]:
        """The days of first..last on which contracts are taken over from a former system, in order."""
        days = np.unique(self.layout.cut_over)
        inside = days[(days >= first.toordinal()) & (days <= last.toordinal()) & (days > 0)]
        return [date.fromordinal(day) for day in inside.tolist()]

    def taken_over_on(self, day: date) -> Bools:
        """Which obligations are part of this book from `day` on because their contracts are taken over on it."""
        result: Bools = self.layout.cut_over[self.layout.contract] == day.toordinal()
        return result

    def scheduled(self, known: date) -> Ints:
        """Revenue to date once all dated work of the schedule in force is done; contracted less this is undated."""
        return self._with_interest(
            self._of_segments(self.segments.final * self.segments.in_force(known.toordinal())), known
        )

    def _with_interest(self, recognized: Ints, known: date) -> Ints:
        if not self.financing:
            return recognized
        return recognized + self.financing.earned(recognized, known, self.price(known))

    def recognized_to_date(self, days: Sequence[date], known: date | None, labels: Ints, count: int) -> Ints:
        """R added up by label 0..count-1 of each obligation, days x count; `known` as in `recognized`."""
        asked = None if known is None else known.toordinal()
        ordinals = [day.toordinal() for day in days]
        totals = self.segments.totals(ordinals, asked, labels[self.segments.obligation], count)
        if self.financing:
            for n, day in enumerate(days):
                earned = self._of_segments(self.segments.to_date(ordinals[n], asked))
                interest = self.financing.earned(earned, known or day, self.price(known or day))
                np.add.at(totals[n], labels, interest)
        return totals

    def billed(self, day: date) -> Ints:
        """B: documents that count at the close of `day`, with interest on what is paid in advance, less income on what
        is paid in arrears."""
        billed = self.documented(day)
        if not self.financing:
            return billed
        price = self.price(day)
        return billed + self.financing.interest(day, price) - self.financing.income(day, price)

    def documented(self, day: date) -> Ints:
        """Documents that count at the close of `day`, with what former systems had billed."""
        amounts: Ints = self._billed.amount * (self._billed.day <= day.toordinal())
        return amounts if self._billed_once else self._by_obligation(amounts, self._billed.obligation)

    def gross(self, day: date) -> Ints:
        """Invoices that count at the close of `day`, before credits; withdrawn ones no longer count."""
        steps = self.steps
        opened = steps.where((steps.kind == Flow.OPENING_BILLED) & (steps.amount > 0) & (steps.day <= day.toordinal()))
        billings = self.flow(date.min, day, Flow.BILLINGS) - self.flow(date.min, day, Flow.VOIDED)
        return billings + self._by_obligation(opened.amount, opened.obligation)

    def sizes(self, day: date) -> dict[int, Sizes]:
        """Size of the estimates in force at `day` on each obligation that has any."""
        found = {}
        for place, rows in self._estimated.items():
            latest = [size for on, size in rows if on <= day.toordinal()]
            if latest and (latest[-1].lowering or latest[-1].raising):
                found[place] = latest[-1]
        return found

    def flow(self, first: date, last: date, *kinds: Flow) -> Ints:
        """Steps of some kinds on the days first..last."""
        steps = self.steps
        keep = (steps.day >= first.toordinal()) & (steps.day <= last.toordinal()) & np.isin(steps.kind, kinds)
        return self._by_obligation(steps.amount[keep], steps.obligation[keep])

    def changes(self, first: date, last: date) -> Steps:
        """Changes of the contracted price on the days first..last, cancellations apart; interest changes it daily."""
        steps = self.steps
        keep = (steps.day >= first.toordinal()) & (steps.day <= last.toordinal()) & (steps.kind == Flow.CHANGE)
        signed = self.layout.signed[self.layout.contract]
        interest = [row for row in self.financing.moves(first, last) if row[1] != signed[row[0]]]
        more = Steps.from_rows([(place, day, int(Flow.CHANGE), amount, -1) for place, day, amount in interest])
        return Steps.joined([steps.where(keep), more])

    def signed_price(self, first: date, last: date) -> Ints:
        """Contracted price of the obligations whose contracts are signed on the days first..last, on that day."""
        result = self.flow(first, last, Flow.NEW)
        signed = self.layout.signed[self.layout.contract]
        for place, day, amount in self.financing.moves(first, last):
            result[place] += amount if day == signed[place] else 0
        return result

    def interest_moved(self, first: date, last: date) -> tuple[Ints, Ints]:
        """Interest of first..last on advance payments, and income on payments in arrears, of each obligation."""
        if not self.financing:
            nothing = np.zeros(self.count, np.int64)
            return nothing, nothing
        eve, of = date.fromordinal(first.toordinal() - 1), self.financing
        then, before = self.price(last), self.price(eve)
        return of.interest(last, then) - of.interest(eve, before), of.income(last, then) - of.income(eve, before)

    # -- who nets with whom
    # ------------------------------------------------------------------------------------------------------

    @cached_property
    def _combined(self) -> Bools:
        """Which contracts belong to the group of the contract before them."""
        group = self.layout.group
        return np.append(np.zeros(min(len(group), 1), bool), group[1:] == group[:-1])

    @cached_property
    def _joined(self) -> Ints:
        """Day from which each contract nets with its group: the signing of the group's last contract."""
        first = np.flatnonzero(~self._combined)
        latest = np.maximum.reduceat(self.layout.signed, first) if len(first) else self.layout.signed
        return np.repeat(latest, np.diff(first, append=len(self.layout.group)))

    def joined(self, day: date) -> Bools:
        """Which contracts are accounted for together with their group at `day`."""
        result: Bools = self._joined <= day.toordinal()
        return result

    def unit(self, day: date) -> Ints:
        """Netting unit of each obligation at `day`, numbered from 0 in the order of the schedule."""
        if self.book.settings.netting == "obligation":
            return self.once(("unit", "obligation"), lambda: np.arange(self.count))
        contract = self.layout.contract
        if not self._combined.any():
            return self.once(("unit", "contract"), lambda: _numbered(contract))
        apart = ~(self._combined & self.joined(day))
        return _numbered(np.cumsum(apart, dtype=np.int64)[contract])

    def nets_alone(self, day: date) -> bool:
        """Whether at `day` every netting unit is one obligation."""
        unit = self.unit(day)
        return not len(unit) or int(unit[-1]) + 1 == self.count

    # -- how things are called
    # ---------------------------------------------------------------------------------------------------

    def contract_column(self, name: str) -> Sequence[Any]:
        """A column of Contracts, one value for each obligation."""
        rows = self.layout.contracts[self.layout.contract]
        return self.once(("contract", name), lambda: _picked(self.book.contracts[name], rows))

    def obligation_column(self, name: str) -> Sequence[Any]:
        """A column of Obligations, one value for each obligation."""
        return self.once(("obligation", name), lambda: _picked(self.book.obligations[name], self.layout.obligations))

    def once(self, key: Hashable, work: Callable[[], T]) -> T:
        """What `work` answers, worked out once for this schedule; the answer must not be changed."""
        if key not in self._memory:
            self._memory[key] = work()
        answer: T = self._memory[key]
        return answer


def _numbered(runs: Ints) -> Ints:
    """Runs of equal numbers, numbered from 0."""
    turns = runs[1:] != runs[:-1]
    return np.append(np.zeros(min(len(runs), 1), np.int64), np.cumsum(turns, dtype=np.int64))


def _picked(column: Sequence[Any], rows: Ints) -> Sequence[Any]:
    return tuple(map(column.__getitem__, rows.tolist()))
