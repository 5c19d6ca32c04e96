"""Waterfall: when the backlog of a day will be recognized, or how much of it is left at each period's end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

import numpy as np

from engine.reports.axis import Axis
from engine.reports.grouping import Grouping, positions
from engine.reports.periods import ONE_DAY, Period, periods_after
from engine.reports.table import Column, Table
from engine.schedule.kernel import Bools, Ints
from engine.schedule.positions import added, released
from engine.schedule.schedule import Schedule

Measure = Literal["recognized", "balance"]


def waterfall(
    schedule: Schedule, as_of: date, months: int = 12, by: str = "contract", measure: Measure = "recognized",
    keep: Bools | None = None,
) -> Table:  # fmt: skip
    """By the schedule in force at `as_of`: contracted, recognized to date, and `months` periods from the day after.

    measure  `recognized`: revenue of each period, then all that follows or has no date (`thereafter`); `balance`: the
             backlog at each period's end, `thereafter` what is left after the last
    raises   UnknownColumn
    """
    return waterfall_over(schedule, as_of, periods_after(schedule.calendar, as_of, months), by, measure, keep)


def waterfall_over(
    schedule: Schedule, as_of: date, spans: Sequence[Period], by: str, measure: Measure = "recognized",
    keep: Bools | None = None,
) -> Table:  # fmt: skip
    """As `waterfall`, over any adjoining spans from the day after `as_of`."""
    grouping = Grouping.of(schedule, by, keep)
    expected = grouping.revenue_to_date([as_of, *(span.last for span in spans)], as_of)
    contracted = grouping.added(schedule.contracted(as_of))
    body = expected[1:] - expected[:-1] if measure == "recognized" else contracted - expected[1:]
    thereafter = contracted - expected[-1]
    rows = [
        [key, currency, int(contracted[n]), int(expected[0, n]), *body[:, n].tolist(), int(thereafter[n])]
        for n, (key, currency) in enumerate(grouping.keys)
        if contracted[n] or expected[0, n]
    ]
    names = ["contracted", "to_date", *(span.label for span in spans), "thereafter"]
    return Table((Column(by), Column("currency"), *(Column(name, "money") for name in names)), rows)


def waterfall_around(
    schedule: Schedule, axis: Axis, by: str = "contract", measure: Measure = "recognized", keep: Bools | None = None
) -> Table:
    """The periods up to as_of as they were, and those after it by the schedule in force then.

    measure  `recognized`: `before` (all revenue before the first period), revenue of each period, `thereafter`; they
             add up to contracted; `balance`: the backlog on the eve of the first period, at each period's end, and
             what is left after the last
    raises   UnknownColumn
    """
    grouping, past, ahead = Grouping.of(schedule, by, keep), axis.back, axis.ahead
    days = [past[0].first - ONE_DAY, *(period.last for period in past)]
    history = grouping.revenue_to_date(days)
    expected = grouping.revenue_to_date([axis.as_of, *(period.last for period in ahead)], axis.as_of)
    contracted = grouping.added(schedule.contracted(axis.as_of))
    if measure == "recognized":
        body = [history[:1], np.diff(history, axis=0), np.diff(expected, axis=0)]
    else:
        then = np.array([grouping.added(schedule.contracted(day)) for day in days])
        body = [then - history, contracted - expected[1:]]
    figures = np.vstack([contracted, *body, contracted - expected[-1]])
    shown = np.flatnonzero(figures.any(axis=0))
    rows: list[list[object]] = [
        [*grouping.keys[n], *told] for n, told in zip(shown.tolist(), figures.T[shown].tolist(), strict=True)
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
