"""Waterfall: when the backlog of a day will be recognized, or how much of it is left at each period's end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

import numpy as np

from engine.reports.axis import Axis
from engine.reports.grouping import Grouping
from engine.reports.periods import ONE_DAY, Period, periods_after
from engine.reports.table import Column, Table
from engine.schedule.currency import Currency
from engine.schedule.kernel import Bools, Ints
from engine.schedule.positions import added, positions, released
from engine.schedule.schedule import Schedule

Measure = Literal["recognized", "balance"]


def waterfall(
    schedule: Schedule, as_of: date, months: int = 12, by: str = "contract", measure: Measure = "recognized",
    keep: Bools | None = None, currency: Currency = "contract",
) -> Table:  # fmt: skip
    """By the schedule in force at `as_of`: contracted, recognized to date, and `months` periods from the day after.

    measure  `recognized`: revenue of each period, then all that follows or has no date (`thereafter`); `balance`: the
             backlog at each period's end, `thereafter` what is left after the last
    raises   UnknownColumn, BookRefused where a rate is missing
    """
    return waterfall_over(schedule, as_of, periods_after(schedule.calendar, as_of, months), by, measure, keep, currency)


def waterfall_over(
    schedule: Schedule, as_of: date, spans: Sequence[Period], by: str, measure: Measure = "recognized",
    keep: Bools | None = None, currency: Currency = "contract",
) -> Table:  # fmt: skip
    """As `waterfall`, over any adjoining spans from the day after `as_of`."""
    found = Grouping.of(schedule, by, keep, currency).planned(as_of, [span.last for span in spans])
    expected, backlog = found.expected, found.backlog
    body = np.diff(expected, axis=0, prepend=0) if measure == "recognized" else backlog - expected
    thereafter = backlog - expected[-1] if len(spans) else backlog
    contracted = found.recognized + backlog
    rows = [
        [key, code, int(contracted[n]), int(found.recognized[n]), *body[:, n].tolist(), int(thereafter[n])]
        for n, (key, code) in enumerate(found.rows)
        if contracted[n] or found.recognized[n] or body[:, n].any()
    ]
    names = ["contracted", "to_date", *(span.label for span in spans), "thereafter"]
    return Table((Column(by), Column("currency"), *(Column(name, "money") for name in names)), rows)


def waterfall_around(
    schedule: Schedule, axis: Axis, by: str = "contract", measure: Measure = "recognized", keep: Bools | None = None,
    currency: Currency = "contract",
) -> Table:  # fmt: skip
    """The periods up to as_of as they were, and those after it by the schedule in force then.

    measure  `recognized`: `before` (all revenue before the first period, and what former systems had recognized),
             revenue of each period, `thereafter`; they add up to contracted; `balance`: the backlog on the eve of the
             first period, at each period's end, and what is left after the last
    raises   UnknownColumn, BookRefused where a rate is missing
    """
    grouping, past, ahead = Grouping.of(schedule, by, keep, currency), axis.back, axis.ahead
    days = [past[0].first - ONE_DAY, *(period.last for period in past)]
    found = grouping.planned(axis.as_of, [period.last for period in ahead])
    backlogs = [grouping.planned(day, ()) for day in days] if measure == "balance" else []
    place = {row: n for n, row in enumerate(dict.fromkeys(row for told in [found, *backlogs] for row in told.rows))}

    def placed(rows: Sequence[tuple[str, str]], column: Ints) -> Ints:
        result = np.zeros((*column.shape[:-1], len(place)), np.int64)
        result[..., [place[row] for row in rows]] = column
        return result

    backlog, expected = placed(found.rows, found.backlog), placed(found.rows, found.expected)
    contracted = placed(found.rows, found.recognized) + backlog
    if measure == "recognized":
        history = placed(grouping.keys, grouping.revenue_to_date(days))
        before = history[:1] + placed(grouping.keys, grouping.taken_over(axis.as_of))
        body = [before, np.diff(history, axis=0), np.diff(expected, axis=0, prepend=0)]
    else:
        body = [np.array([placed(told.rows, told.backlog) for told in backlogs]), backlog - expected]
    figures = np.vstack([contracted, *body, backlog - expected[-1] if ahead else backlog])
    shown, keys = np.flatnonzero(figures.any(axis=0)), list(place)
    rows: list[list[object]] = [
        [*keys[n], *told] for n, told in zip(shown.tolist(), figures.T[shown].tolist(), strict=True)
    ]
    names = ["contracted", "before", *(period.label for period in [*past, *ahead]), "thereafter"]
    return Table((Column(by), Column("currency"), *(Column(name, "money") for name in names)), rows)


def release_of_deferred(schedule: Schedule, as_of: date, spans: Sequence[Period]) -> tuple[Ints, Ints]:
    """When the deferred revenue of `as_of` will be recognized, contract by contract.

    spans    adjoining, from the day after `as_of`
    returns  deferred of each netting unit, and (spans + 1) x units released in each span and thereafter
    """
    unit = schedule.unit(as_of)
    count = int(unit.max(initial=-1)) + 1
    to_date = schedule.recognized(as_of)
    deferred = positions(schedule, as_of)[0].deferred
    expected = [added(schedule.recognized(span.last, as_of) - to_date, unit, count) for span in spans]
    cumulative = [np.zeros_like(deferred), *(released(deferred, column) for column in expected), deferred]
    return deferred, np.diff(np.array(cumulative), axis=0)


def deferred_waterfall(schedule: Schedule, axis: Axis) -> Table:
    """Deferred revenue of each contract (combined ones under the first) by when it will be recognized."""
    as_of, spans = axis.as_of, axis.release
    deferred, releases = release_of_deferred(schedule, as_of, spans)
    first = np.searchsorted(schedule.unit(as_of), np.arange(len(deferred)))
    contracts, currencies = schedule.contract_column("contract_id"), schedule.contract_column("currency")
    figures = np.vstack([deferred, releases])
    sums: dict[tuple[str, str], Ints] = {}
    for unit in np.flatnonzero(deferred):
        key = contracts[first[unit]], currencies[first[unit]]
        sums[key] = sums.get(key, 0) + figures[:, unit]
    names = ["deferred", *(span.label for span in spans), "thereafter"]
    columns = (Column("contract"), Column("currency"), *(Column(name, "money") for name in names))
    return Table(columns, [[*key, *column.tolist()] for key, column in sums.items()])
