"""Roll-forward: from the opening to the closing balance of deferred revenue and of backlog, every movement in a
column of its own.

Source: ASC 606-10-50-8 to 50-10 (changes in contract balances).
"""

from __future__ import annotations

from datetime import date
from typing import Literal

import numpy as np

from engine.reports.balances import figures
from engine.reports.grouping import Grouping
from engine.reports.periods import ONE_DAY, Period, periods
from engine.reports.table import Column, Table
from engine.schedule.flow import Flow
from engine.schedule.kernel import Bools, Ints
from engine.schedule.schedule import Schedule

DEFERRED = (
    "opening", "billings", "recognized", "breakage", "credits", "prior_period", "interest", "reclass", "fx", "closing",
)  # fmt: skip
BACKLOG = ("opening", "new", "expansion", "contraction", "cancellation", "recognized", "prior_period", "fx", "closing")


def rollforward(
    schedule: Schedule,
    first: date,
    last: date,
    of: Literal["deferred", "backlog"] = "deferred",
    keep: Bools | None = None,
) -> Table:
    """A row per period of first..last and currency; movements are signed so that a row adds up from opening to closing.

    keep  obligations the report is about, default all
    """
    names = DEFERRED if of == "deferred" else BACKLOG
    total = Grouping.of(schedule, "total", keep)
    rows = []
    for period in periods(schedule.calendar, first, last):
        moved = _deferred(total, period) if of == "deferred" else _backlog(total, period)
        for n, (_, currency) in enumerate(total.keys):
            rows.append([period.label, currency, *(int(moved[name][n]) if name in moved else 0 for name in names)])
    return Table((Column("period"), Column("currency"), *(Column(name, "money") for name in names)), rows)


def _deferred(total: Grouping, period: Period) -> dict[str, Ints]:
    schedule, eve = total.schedule, period.first - ONE_DAY
    opening, closing = _balance_sheet(total, eve), _balance_sheet(total, period.last)
    breakage = total.added(schedule.flow(period.first, period.last, Flow.BREAKAGE))
    interest = interest_moved(schedule, period.first, period.last)
    moved = closing[0] - opening[0]
    return {
        "opening": opening[1],
        "billings": total.added(schedule.flow(period.first, period.last, Flow.BILLINGS)),
        "recognized": breakage - moved,
        "breakage": -breakage,
        "credits": total.added(schedule.flow(period.first, period.last, Flow.CREDITS)),
        "interest": total.added(interest[0]),
        "reclass": closing[2] - opening[2] - (closing[3] - opening[3]) - total.added(interest[1]),
        "closing": closing[1],
    }


def interest_moved(schedule: Schedule, first: date, last: date) -> tuple[Ints, Ints]:
    """Interest of first..last on advance payments, and income on payments in arrears, of each obligation."""
    if not schedule.financing:
        nothing = np.zeros(schedule.count, np.int64)
        return nothing, nothing
    eve = first - ONE_DAY
    then, before = schedule.price(last), schedule.price(eve)
    of = schedule.financing
    return of.interest(last, then) - of.interest(eve, before), of.income(last, then) - of.income(eve, before)


def _balance_sheet(total: Grouping, day: date) -> list[Ints]:
    """Recognized, deferred, contract asset and refund liability by currency at the close of `day`."""
    _, found = figures(total, day, ("recognized", "deferred", "contract_asset", "refund_liability"))
    return list(found.values())


def _backlog(total: Grouping, period: Period) -> dict[str, Ints]:
    schedule, eve = total.schedule, period.first - ONE_DAY

    def backlog(day: date) -> Ints:
        return total.added(schedule.contracted(day) - schedule.recognized(day))

    expansion, contraction = price_changes(schedule, period.first, period.last, total.labels >= 0)
    return {
        "opening": backlog(eve),
        "new": total.added(schedule.signed_price(period.first, period.last)),
        "expansion": total.added(expansion),
        "contraction": total.added(contraction),
        "cancellation": total.added(schedule.flow(period.first, period.last, Flow.CANCELLATION)),
        "recognized": total.added(schedule.recognized(eve) - schedule.recognized(period.last)),
        "closing": backlog(period.last),
    }


def price_changes(schedule: Schedule, first: date, last: date, keep: Bools | None = None) -> tuple[Ints, Ints]:
    """Expansion and contraction of the contracted price, net per contract and day, standing on its first obligation."""
    steps = schedule.changes(first, last)
    if keep is not None:
        steps = steps.where(keep[steps.obligation])
    contract = schedule.layout.contract[steps.obligation]
    pairs, number = np.unique(np.stack([contract, steps.day]), axis=1, return_inverse=True)
    net = np.zeros(pairs.shape[1], np.int64)
    np.add.at(net, number.ravel(), steps.amount)
    place = np.searchsorted(schedule.layout.contract, pairs[0])
    up, down = np.zeros(schedule.count, np.int64), np.zeros(schedule.count, np.int64)
    np.add.at(up, place, np.maximum(net, 0))
    np.add.at(down, place, np.minimum(net, 0))
    return up, down
