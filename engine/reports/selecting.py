"""Which rows a question is about and in which currency, asked of several schedules of one book: what one of them does
not have is not in it.

A contract entered yesterday is unknown to the books of last month, one deleted yesterday to today's: neither is a
mistake of the question. An id that none of them has is one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from engine.reports.grouping import BLANK, Grouping, UnknownColumn, UnknownId, chosen, column, is_home
from engine.schedule.currency import Currency, is_foreign
from engine.schedule.kernel import Bools
from engine.schedule.schedule import Schedule


@dataclass(frozen=True)
class Selection:
    """Obligations by ids and by columns.

    contracts  ids, or `C1/plan` for one obligation; None is all
    where      column -> value, compared without regard to case
    currency   in which reports answer
    among      home: those in the currency the book reports in alone; foreign: the others alone
    """

    contracts: Sequence[str] | None = None
    where: Mapping[str, str] = field(default_factory=dict)
    currency: Currency = "contract"
    among: Literal["all", "home", "foreign"] = "all"

    def checked(self, schedules: Sequence[Schedule], by: str = "total") -> None:
        """raises UnknownId, UnknownColumn for what none of the schedules has"""
        for name in (*self.where, by):
            if not any(_has(schedule, name) for schedule in schedules):
                column(schedules[-1], name)
        known = {id_ for schedule in schedules for id_ in _ids(schedule)} if self.contracts else set()
        for wanted in self.contracts or ():
            if wanted not in known:
                raise UnknownId(f"no contract or obligation {wanted!r} in the book")

    def of(self, schedule: Schedule) -> Bools | None:
        """The obligations of one schedule; None is all."""
        if self.contracts is None and not self.where and self.among == "all":
            return None
        keep = np.ones(schedule.count, bool)
        for name, value in self.where.items():
            if _has(schedule, name):
                keep &= chosen(schedule, where={name: value})
            elif value.strip().lower() != BLANK:
                keep[:] = False
        if self.contracts is not None:
            keep &= chosen(schedule, [wanted for wanted in self.contracts if wanted in _ids(schedule)])
        if self.among != "all":
            keep &= is_home(schedule) == (self.among == "home")
        return keep

    def currency_of(self, schedule: Schedule) -> Currency:
        """In which currency a report of one schedule answers: where none of its rows is foreign, no rates are asked
        for."""
        if self.currency == "contract" or not is_foreign(schedule):
            return "contract"
        keep = self.of(schedule)
        return "reporting" if keep is None or (keep & ~is_home(schedule)).any() else "contract"

    def grouping(self, schedule: Schedule, by: str) -> Grouping:
        """These obligations by a key; where the schedule has no such column, all under one blank."""
        keep, currency = self.of(schedule), self.currency_of(schedule)
        if _has(schedule, by):
            return Grouping.of(schedule, by, keep, currency)
        total = Grouping.of(schedule, "total", keep, currency)
        return Grouping(total.valuation, by, [(BLANK, code) for _, code in total.keys], total.labels)


def _has(schedule: Schedule, name: str) -> bool:
    try:
        column(schedule, name)
    except UnknownColumn:
        return False
    return True


def _ids(schedule: Schedule) -> set[str]:
    return schedule.once("ids", lambda: {*schedule.book.contracts["contract_id"], *column(schedule, "obligation")})
