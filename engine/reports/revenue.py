"""Revenue: recognized in each period, with breakage, by any key."""

from __future__ import annotations

from datetime import date

import numpy as np

from engine.reports.axis import Axis
from engine.reports.grouping import Grouping
from engine.reports.periods import ONE_DAY, periods
from engine.reports.table import Column, Table
from engine.schedule.currency import Currency
from engine.schedule.kernel import Bools
from engine.schedule.schedule import Schedule


def revenue(
    schedule: Schedule, first: date, last: date, by: str = "contract", keep: Bools | None = None,
    currency: Currency = "contract",
) -> Table:  # fmt: skip
    """Revenue of the periods that first..last touches, a column each, and their total.

    Each day's revenue is by the rows dated on or before it.
    raises UnknownColumn, BookRefused where a rate is missing
    """
    grouping, columns = Grouping.of(schedule, by, keep, currency), periods(schedule.calendar, first, last)
    to_date = grouping.revenue_to_date([first - ONE_DAY, *(period.last for period in columns)])
    earned = to_date[1:] - to_date[:-1]
    rows = [
        [key, code, *earned[:, n].tolist(), int(earned[:, n].sum())]
        for n, (key, code) in enumerate(grouping.keys)
        if earned[:, n].any()
    ]
    names = [period.label for period in columns]
    return Table((Column(by), Column("currency"), *(Column(name, "money") for name in [*names, "total"])), rows)


def revenue_schedule(schedule: Schedule, axis: Axis) -> Table:
    """The fiscal year by obligation: recognized before it, in its periods to date, scheduled in the rest of it, and
    thereafter."""
    as_of, past, rest = axis.as_of, axis.to_date, axis.rest_of_year
    grouping = Grouping.of(schedule, "obligation")
    history = grouping.revenue_to_date([past[0].first - ONE_DAY, *(period.last for period in past)])
    ahead = grouping.planned(as_of, [period.last for period in rest])
    last = ahead.expected[-1:] if rest else np.zeros_like(history[:1])
    body = np.vstack([
        history[:1], np.diff(history, axis=0), np.diff(ahead.expected, axis=0, prepend=0), ahead.backlog - last,
        ahead.recognized + ahead.backlog,
    ])  # fmt: skip
    products = schedule.obligation_column("product")
    rows = [
        [key, products[n] or "", currency, *body[:, n].tolist()]
        for n, (key, currency) in enumerate(grouping.keys)
        if body[:, n].any()
    ]
    names = ["before", *(period.label for period in [*past, *rest]), "thereafter", "total"]
    keys = (Column("obligation"), Column("product"), Column("currency"))
    return Table((*keys, *(Column(name, "money") for name in names)), rows)
