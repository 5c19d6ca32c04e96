"""Trend: deferred revenue, unbilled backlog and revenue period by period, as they were and as today's contracts leave
them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np

from engine.reports.axis import Axis
from engine.reports.balances import figures
from engine.reports.grouping import Grouping
from engine.reports.periods import ONE_DAY, Period
from engine.reports.table import Column, Table
from engine.reports.waterfall import release_of_deferred
from engine.schedule.history import History
from engine.schedule.kernel import Ints
from engine.schedule.positions import added

FIGURES = ("deferred", "backlog_unbilled", "recognized")


def trend(history: History, axis: Axis) -> Table:
    """A row per period and currency, oldest first.

    Up to as_of: balances at the end of the period and its revenue, closed periods as reported; what was changed of them
    since is revenue of the first open one. After: what is left of today's deferred revenue,
    what is unbilled of today's backlog, and the revenue scheduled.
    """
    total = Grouping.of(history.at(axis.as_of), "total")
    columns = (Column("period"), Column("currency"), *(Column(name, "money") for name in FIGURES))
    return Table(columns, [*_past(history, axis), *_ahead(total, axis)])


def _past(history: History, axis: Axis) -> list[list[Any]]:
    rows: list[list[Any]] = []
    before = _earned(history, axis.back[0].first - ONE_DAY)
    for period in axis.back:
        total = Grouping.of(history.at(period.last), "total")
        _, found = figures(total, period.last, FIGURES[:2])
        earned = _earned(history, period.last)
        revenue = np.array([earned[key] - before.get(key, 0) for key in total.keys], np.int64)
        rows += _rows(total, period, [*found.values(), revenue])
        before = earned
    return rows


def _earned(history: History, day: date) -> dict[tuple[str, str], int]:
    """Revenue to date of each currency, as reported where the day is closed."""
    total = Grouping.of(history.at(day), "total")
    return dict(zip(total.keys, total.revenue_to_date([day])[0].tolist(), strict=True))


def _ahead(total: Grouping, axis: Axis) -> list[list[Any]]:
    schedule, as_of = total.schedule, axis.as_of
    deferred, releases = release_of_deferred(schedule, as_of, axis.ahead)
    left = _by_currency(total, deferred, as_of)
    found = total.planned(as_of, [period.last for period in axis.ahead])
    revenue = np.diff(found.expected, axis=0, prepend=0)
    rows: list[list[Any]] = []
    for n, period in enumerate(axis.ahead):
        left = left - _by_currency(total, releases[n], as_of)
        rows += _rows(total, period, [left, found.backlog - found.expected[n] - left, revenue[n]])
    return rows


def _rows(total: Grouping, period: Period, columns: Sequence[Ints]) -> list[list[Any]]:
    return [
        [period.label, currency, *(int(column[n]) for column in columns)] for n, (_, currency) in enumerate(total.keys)
    ]


def _by_currency(total: Grouping, of_units: Ints, day: date) -> Ints:
    """A column of netting units at `day` added up by currency."""
    first = np.searchsorted(total.schedule.unit(day), np.arange(len(of_units)))
    return added(of_units, total.labels[first], len(total.keys))
