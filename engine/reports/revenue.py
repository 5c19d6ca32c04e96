"""Revenue: recognized in each period, with breakage, by any key."""

from __future__ import annotations

from datetime import date

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
