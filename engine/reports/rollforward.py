"""Roll-forward: from the opening to the closing balance of deferred revenue and of backlog, every movement in a
column of its own.

Source: ASC 606-10-50-8 to 50-10 (changes in contract balances).
"""

from __future__ import annotations

from datetime import date
from typing import Literal

import numpy as np

from engine.reports.balances import figures
from engine.reports.grouping import Grouping, netted
from engine.reports.opening_positions import OPENING_POSITION, opening_positions
from engine.reports.periods import ONE_DAY, Period, periods
from engine.reports.table import Column, Table
from engine.schedule.currency import Currency, Valuation
from engine.schedule.flow import Flow
from engine.schedule.kernel import Bools, Ints
from engine.schedule.positions import added
from engine.schedule.schedule import Schedule

DEFERRED = (
    "opening", "billings", "recognized", "breakage", "credits", "prior_period", "interest", "reclass", "fx", "closing",
)  # fmt: skip
BACKLOG = ("opening", "new", "expansion", "contraction", "cancellation", "recognized", "prior_period", "fx", "closing")


def rollforward(
    schedule: Schedule, first: date, last: date, of: Literal["deferred", "backlog"] = "deferred",
    keep: Bools | None = None, currency: Currency = "contract",
) -> Table:  # fmt: skip
    """A row per period of first..last and currency; movements are signed so that a row adds up from opening to closing.

    keep      obligations the report is about, default all
    currency  contract, or reporting for one row a period
    raises    BookRefused where a rate is missing
    """
    names = movements_of(of, schedule.has_openings)
    total = Grouping.of(schedule, "total", keep, currency)
    rows = []
    for period in periods(schedule.calendar, first, last):
        moved = _deferred(total, period) if of == "deferred" else _backlog(total, period)
        for n, (_, code) in enumerate(total.keys):
            rows.append([period.label, code, *(int(moved[name][n]) if name in moved else 0 for name in names)])
    return Table((Column("period"), Column("currency"), *(Column(name, "money") for name in names)), rows)


def movements_of(of: Literal["deferred", "backlog"], with_openings: bool) -> tuple[str, ...]:
    """Columns of a roll-forward; with opening positions, their movement comes after the opening balance."""
    names = DEFERRED if of == "deferred" else BACKLOG
    return (names[0], OPENING_POSITION, *names[1:]) if with_openings else names


def balance(
    schedule: Schedule, day: date, of: Literal["deferred", "backlog"], keep: Bools | None = None,
    currency: Currency = "contract",
) -> dict[str, int]:  # fmt: skip
    """The balance a roll-forward opens and closes with, by currency."""
    rows, found = figures(Grouping.of(schedule, "total", keep, currency), day, (of,))
    sums: dict[str, int] = {}
    for (_, code), amount in zip(rows, found[of].tolist(), strict=True):
        sums[code] = sums.get(code, 0) + amount
    return sums


def _deferred(total: Grouping, period: Period) -> dict[str, Ints]:
    """`fx` is the gain on exchange when a document clears a contract asset; `reclass` is at what that was carried."""
    of, eve = total.valuation, period.first - ONE_DAY
    names = ("deferred", "recognized", "contract_asset", "refund_liability")
    opening, closing = (_figures(total, day, names) for day in (eve, period.last))
    taken = opening_positions(total, period.first, period.last, names)
    change = [now - then - taken[name] for name, now, then in zip(names, closing, opening, strict=True)]
    breakage = of.part_of_revenue(
        period.first, period.last, total.schedule.flow(period.first, period.last, Flow.BREAKAGE)
    )
    moved = of.movements(period.first, period.last)
    spread = netted(total, period.last)

    def by_row(pair: tuple[Ints, Ints]) -> Ints:
        return spread(*pair)[: len(total.keys)]

    lost = total.added(breakage)
    return {
        "opening": opening[0],
        OPENING_POSITION: taken["deferred"],
        "billings": by_row(moved.billings),
        "recognized": lost - change[1],
        "breakage": -lost,
        "credits": by_row(moved.credits),
        "interest": by_row(moved.interest),
        "reclass": change[2] - change[3] - by_row(moved.income) - by_row(moved.remeasured),
        "fx": -by_row(moved.gains),
        "closing": closing[0],
    }


def _figures(total: Grouping, day: date, names: tuple[str, ...]) -> list[Ints]:
    """Balances by row at the close of `day`."""
    _, found = figures(total, day, names)
    return [column[: len(total.keys)] for column in found.values()]


def _backlog(total: Grouping, period: Period) -> dict[str, Ints]:
    """What changes the price is at the rate of its day; `fx` is what rates do to the rest."""
    schedule, of, eve = total.schedule, total.valuation, period.first - ONE_DAY
    names = ("recognized", "backlog")
    opening, closing = (_figures(total, day, names) for day in (eve, period.last))
    taken = opening_positions(total, period.first, period.last, names)
    expansion, contraction = price_changes(of, period.first, period.last, total.labels >= 0)
    row = {
        OPENING_POSITION: taken["backlog"],
        "new": total.added(of.at_rate_of(*signed(schedule, period.first, period.last))),
        "expansion": total.added(expansion),
        "contraction": total.added(contraction),
        "cancellation": total.added(cancelled(of, period.first, period.last)),
        "recognized": opening[0] - closing[0] + taken["recognized"],
    }
    left = closing[1] - opening[1] - sum(row.values())
    fx = {"fx": left} if of.currency == "reporting" else {}
    return {"opening": opening[1], **row, **fx, "closing": closing[1]}


def signed(schedule: Schedule, first: date, last: date) -> tuple[Ints, Ints, Ints]:
    """Day, obligation and price of everything signed on the days first..last."""
    layout = schedule.layout
    return (
        layout.signed[layout.contract], np.arange(schedule.count), schedule.signed_price(first, last)
    )  # fmt: skip


def cancelled(of: Valuation, first: date, last: date) -> Ints:
    """Price that fell away by cancellation on the days first..last, at the rates of its days, of each obligation."""
    steps = of.schedule.steps
    keep = (steps.day >= first.toordinal()) & (steps.day <= last.toordinal()) & (steps.kind == Flow.CANCELLATION)
    steps = steps.where(keep)
    return added(of.at_rate_of(steps.day, steps.obligation, steps.amount), steps.obligation, of.schedule.count)


def price_changes(of: Valuation, first: date, last: date, keep: Bools | None = None) -> tuple[Ints, Ints]:
    """Expansion and contraction of the contracted price, net per contract and day, standing on its first obligation."""
    schedule = of.schedule
    steps = schedule.changes(first, last)
    if keep is not None:
        steps = steps.where(keep[steps.obligation])
    contract = schedule.layout.contract[steps.obligation]
    pairs, number = np.unique(np.stack([contract, steps.day]), axis=1, return_inverse=True)
    net = np.zeros(pairs.shape[1], np.int64)
    np.add.at(net, number.ravel(), steps.amount)
    place = np.searchsorted(schedule.layout.contract, pairs[0])
    net = of.at_rate_of(pairs[1], place, net)
    up, down = np.zeros(schedule.count, np.int64), np.zeros(schedule.count, np.int64)
    np.add.at(up, place, np.maximum(net, 0))
    np.add.at(down, place, np.minimum(net, 0))
    return up, down
