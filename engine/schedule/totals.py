"""Revenue to date added up by day and label, block by block of rows.

A row counts on the days it is in force alone. Instead of asking that of every row and day, rows are added up as held -
before they are in force and after, they show what they do on their first and last day (see `Family.held`) - and what
they show outside those is taken off again in one step by day.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from typing import NamedTuple

import numpy as np

from engine.schedule.families import Family, Rows, order
from engine.schedule.kernel import Bools, Ints
from engine.schedule.segment import OPEN
from engine.schedule.side_by_side import blocks, side_by_side


class _Part(NamedTuple):
    """Sums of some rows: days `first` to `last` (excluded) x `labels`; before and after, they stand still."""

    first: int
    last: int
    labels: Ints
    sums: Ints


class Totals:
    """`result`, days x labels, to which rows are added.

    days    rising
    labels  label of each row of the segments, 0..count-1; None: one for all
    """

    def __init__(self, days: Ints, labels: Ints | None, count: int) -> None:
        self.days, self.labels = days, labels
        self.result = np.zeros((len(days), count), np.int64)

    def add_at(self, nth: int, figures: Ints) -> None:
        """Add figures of all rows at the nth day."""
        if self.labels is None:
            self.result[nth] += figures.sum()
        else:
            np.add.at(self.result[nth], self.labels, figures)

    def add(self, family: Family, kept: Bools | None) -> None:
        """Add the rows of a family, or those of them that are `kept`."""
        family.prepare(self.days)
        for part in side_by_side(partial(self._part, family, kept), blocks(len(family.rows))):
            if part is not None:
                self.result[part.first : part.last, part.labels] += part.sums
                self.result[: part.first, part.labels] += part.sums[0]
                self.result[part.last :, part.labels] += part.sums[-1]

    def _part(self, family: Family, kept: Bools | None, block: slice) -> _Part | None:
        """The sums of the rows in a block; None if none is kept."""
        part: Rows = block
        if kept is not None and not (some := kept[family.rows[block]]).all():
            part = block.start + np.flatnonzero(some)
        rows, own = family.rows[part], np.zeros(1, np.int64)
        if not len(rows):
            return None
        if self.labels is not None:
            places = np.argsort(self.labels[rows], kind="stable")
            part = (np.arange(block.start, block.stop) if isinstance(part, slice) else part)[places]
            own = self.labels[rows[places]]
        first, last = self._moving(family.start[part], family.end[part])
        figures = family.figures(part, self.days[first:last])
        heads = np.flatnonzero(np.append(True, own[1:] != own[:-1]))
        return _Part(first, last, own[heads], np.add.reduceat(figures, heads, axis=1))

    def _moving(self, starts: Ints, ends: Ints) -> tuple[int, int]:
        """The days (last excluded) on which any row moves, and one before and after: on all others they stand still."""
        first, last = np.searchsorted(self.days, starts.min()), np.searchsorted(self.days, ends.max())
        before = max(int(first) - 1, 0)
        return before, min(max(int(last), before) + 1, len(self.days))


@dataclass(frozen=True)
class Outside:
    """What held rows show while they are not in force, as steps to make up for it: `amount` for `row` from `day` on,
    by day."""

    day: Ints
    row: Ints
    amount: Ints

    @staticmethod
    def of(since: Ints, until: Ints, at_first: Ints, at_last: Ints) -> Outside:
        """Of rows in force from `since` to the day before `until`, which show `at_first` before and `at_last` after."""
        before, after = np.flatnonzero(at_first), np.flatnonzero((until < OPEN) & (at_last != 0))
        day = np.concatenate([np.zeros_like(before), since[before], until[after]])
        row = np.concatenate([before, before, after])
        amount = np.concatenate([-at_first[before], at_first[before], -at_last[after]])
        places = order(day)
        return Outside(day[places], row[places], amount[places])

    def add_to(self, totals: Totals) -> None:
        reached = np.searchsorted(self.day, totals.days, "right")
        if totals.labels is None:
            totals.result[:, 0] += self._running[reached]
            return
        steps, some = np.zeros_like(totals.result), slice(int(reached[-1]))
        when = np.repeat(np.arange(len(reached)), np.diff(reached, prepend=0))
        np.add.at(steps, (when, totals.labels[self.row[some]]), self.amount[some])
        totals.result += np.cumsum(steps, axis=0)

    @cached_property
    def _running(self) -> Ints:
        """All steps so far, after none, one, two..."""
        return np.append(0, np.cumsum(self.amount))
