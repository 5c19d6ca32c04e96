"""The schedule: contracted, recognized and billed of every obligation at any day, and what is expected after it.

Columns in, columns out: every answer is a column with one figure for each obligation, in the order of the schedule
(contracts in table order with combined ones together; obligations in table order within their contract), in whole
minor units of the contract's currency.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

import numpy as np

from engine.schedule.kernel import Bools, Ints
from engine.schedule.layout import Layout
from engine.schedule.life import Flow
from engine.schedule.segments import Segments

T = TypeVar("T")


@dataclass(frozen=True)
class Steps:
    """Amounts on days, in order of (obligation, day): what is billed, how the price moved, breakage, catch-ups.

    kind    a Flow
    source  row of Billings that a billed amount comes from, -1 elsewhere
    """

    obligation: Ints
    day: Ints
    kind: Ints
    amount: Ints
    source: Ints

    @staticmethod
    def of(kind: Flow, obligation: Ints, day: Ints, amount: Ints) -> Steps:
        """Steps of one kind, zero amounts left out."""
        keep = np.flatnonzero(amount)
        count = len(keep)
        return Steps(obligation[keep], day[keep], np.full(count, kind), amount[keep], np.full(count, -1))

    @staticmethod
    def from_rows(rows: Sequence[tuple[int, int, int, int, int]]) -> Steps:
        return Steps(*np.array(rows, np.int64).reshape(-1, 5).T)

    @staticmethod
    def joined(parts: Iterable[Steps]) -> Steps:
        columns = [np.concatenate(column) for column in zip(*(vars(part).values() for part in parts), strict=True)]
        order = np.lexsort((columns[1], columns[0]))
        return Steps(*(column[order] for column in columns))

    def where(self, keep: Bools) -> Steps:
        return Steps(*(column[keep] for column in vars(self).values()))


class Schedule:
    """A compiled book. Days are `datetime.date`; `known` is the day whose rows are used (default: the day asked
    about)."""

    def __init__(self, layout: Layout, segments: Segments, steps: Steps) -> None:
        self.layout, self.segments, self.steps = layout, segments, steps
        self.book, self.calendar = layout.book, layout.calendar
        self.count = len(layout.obligations)
        self._memory: dict[Hashable, Any] = {}
        rows = np.arange(self.count + 1)
        self._first_segment = np.searchsorted(segments.obligation, rows)
        self._simple = len(segments) == self.count
        self._billed = self.steps.where((steps.kind == Flow.BILLINGS) | (steps.kind == Flow.CREDITS))
        self._first_billed = np.searchsorted(self._billed.obligation, rows)

    # -- to date
    # ---------------------------------------------------------------------------------------------------------------

    def _by_obligation(self, figures: Ints) -> Ints:
        """Add up a column over the segments of each obligation."""
        if not self._simple:
            figures = np.add.reduceat(figures, self._first_segment[:-1])
        return figures

    def contracted(self, day: date) -> Ints:
        """T: transaction price in force at the close of `day`."""
        return self._by_obligation(self.segments.price * self.segments.in_force(day.toordinal()))

    def recognized(self, day: date, known: date | None = None) -> Ints:
        """R: revenue recognized to date; of a day after `known`: as the schedule in force then expects."""
        asked = None if known is None else known.toordinal()
        return self._by_obligation(self.segments.to_date(day.toordinal(), asked))

    def scheduled(self, known: date) -> Ints:
        """Revenue to date once all dated work of the schedule in force is done; contracted less this is undated."""
        return self._by_obligation(self.segments.final * self.segments.in_force(known.toordinal()))

    def billed(self, day: date) -> Ints:
        """B: documents that count at the close of `day`."""
        running = np.append(0, np.cumsum(self._billed.amount * (self._billed.day <= day.toordinal())))
        result: Ints = running[self._first_billed[1:]] - running[self._first_billed[:-1]]
        return result

    def flow(self, first: date, last: date, *kinds: Flow) -> Ints:
        """Steps of some kinds on the days first..last."""
        steps = self.steps
        keep = (steps.day >= first.toordinal()) & (steps.day <= last.toordinal()) & np.isin(steps.kind, kinds)
        result = np.zeros(self.count, np.int64)
        np.add.at(result, steps.obligation[keep], steps.amount[keep])
        return result

    # -- who nets with whom
    # ------------------------------------------------------------------------------------------------------

    @cached_property
    def _joined(self) -> Ints:
        """Day from which each contract nets with its group: the signing of the group's last contract."""
        layout = self.layout
        latest = np.zeros(int(layout.group.max(initial=0)) + 1, np.int64)
        np.maximum.at(latest, layout.group, layout.signed)
        result: Ints = latest[layout.group]
        return result

    def joined(self, day: date) -> Bools:
        """Which contracts are accounted for together with their group at `day`."""
        result: Bools = self._joined <= day.toordinal()
        return result

    def unit(self, day: date) -> Ints:
        """Netting unit of each obligation at `day`, numbered from 0 in the order of the schedule."""
        if self.book.settings.netting == "obligation":
            return np.arange(self.count)
        group = self.layout.group
        follows = np.append(False, (group[1:] == group[:-1]) & self.joined(day)[1:])
        units = (np.cumsum(~follows) - 1)[self.layout.contract]
        return np.unique(units, return_inverse=True)[1] if self.count else units

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


def _picked(column: Sequence[Any], rows: Ints) -> Sequence[Any]:
    return tuple(map(column.__getitem__, rows.tolist()))
