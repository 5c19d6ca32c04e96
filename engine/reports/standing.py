"""Reports over a range of days with closed periods standing: each period as it was reported, and what was done to its
rows since in the first open one, as `prior_period`.

Reports at a day need no more than `History.at`. Reports over days ask each schedule for its own, and compare the two
that meet at the end of a closed period.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

import numpy as np

from engine.reports.axis import Axis
from engine.reports.costs import costs
from engine.reports.grouping import Grouping
from engine.reports.journal import COLUMNS, journal
from engine.reports.periods import ONE_DAY, periods
from engine.reports.prior_entries import prior_entries
from engine.reports.rollforward import balance, movements_of, rollforward
from engine.reports.selecting import Selection
from engine.reports.table import Column, Table
from engine.schedule.currency import Currency
from engine.schedule.history import History, Stretch
from engine.schedule.kernel import Bools
from engine.schedule.schedule import Schedule

PRIOR = "prior_period"
EVERYTHING = Selection()
Key = tuple[str, str]


def stretches(history: History, first: date, last: date, which: Selection, by: str = "total") -> list[Stretch]:
    """Who answers for first..last.

    raises NotClosed; UnknownId, UnknownColumn for what none of them has
    """
    found = list(history.stretches(first, last))
    which.checked(
        [*(part.before for part in found if part.before), *(part.schedule for part in found), history.today], by
    )
    return found


def standing_revenue(
    history: History, first: date, last: date, by: str = "contract", which: Selection = EVERYTHING
) -> Table:
    """Revenue of the periods of first..last, a column each, and their total.

    Where a difference of closed periods falls into the range, it has the column `prior_period` before the total.
    raises UnknownColumn, UnknownId, NotClosed, BookRefused where a rate is missing
    """
    earned: dict[str, dict[Key, int]] = {}
    prior: dict[Key, int] = {}
    for part in stretches(history, first, last, which, by):
        grouping, spans = which.grouping(part.schedule, by), periods(part.schedule.calendar, part.first, part.last)
        to_date = grouping.revenue_to_date([part.eve, *(span.last for span in spans)])
        for n, span in enumerate(spans):
            _add(earned.setdefault(span.label, {}), grouping, to_date[n + 1] - to_date[n])
        if part.before is not None and part.before is not part.schedule:
            _add(prior, grouping, to_date[0])
            before = which.grouping(part.before, by)
            _add(prior, before, -before.revenue_to_date([part.eve])[0])
    columns = [*earned.values(), prior] if any(prior.values()) else list(earned.values())
    names = [*earned, PRIOR, "total"] if any(prior.values()) else [*earned, "total"]
    rows: list[list[Any]] = []
    for key in dict.fromkeys(key for column in (*reversed(earned.values()), prior) for key in column):
        amounts = [column.get(key, 0) for column in columns]
        if any(amounts):
            rows.append([*key, *amounts, sum(amounts)])
    return Table((Column(by), Column("currency"), *(Column(name, "money") for name in names)), rows)


def revenue_schedule(history: History, axis: Axis) -> Table:
    """The fiscal year by obligation: recognized before it, in its periods to date - closed ones as reported, and what
    was changed of them since as `prior_period`, if anything was -, scheduled in the rest of it, and thereafter."""
    as_of, past, rest = axis.as_of, axis.to_date, axis.rest_of_year
    schedule, eve = history.at(as_of), past[0].first - ONE_DAY
    begun = Grouping.of(history.at(eve), "obligation")
    before: dict[Key, int] = {}
    _add(before, begun, begun.revenue_to_date([eve])[0])
    own = Grouping.of(schedule, "obligation")
    _add(before, own, own.taken_over(as_of))
    earned = standing_revenue(history, past[0].first, as_of, "obligation")
    done = {(row[0], row[1]): row[2:-1] for row in earned.rows}
    grouping = Grouping.of(schedule, "obligation")
    planned = grouping.planned(as_of, [period.last for period in rest])
    left = planned.backlog - planned.expected[-1] if rest else planned.backlog
    in_rest = np.diff(planned.expected, axis=0, prepend=0)
    ahead = np.vstack([in_rest, left, planned.recognized + planned.backlog]).T.tolist()
    to_come = dict(zip(grouping.keys, ahead, strict=True))
    names = ["before", *earned.names[2:-1], *(period.label for period in rest), "thereafter", "total"]
    nothing = [0] * (len(earned.columns) - 3), [0] * (len(rest) + 2)
    products = dict(zip(grouping.keys, schedule.obligation_column("product"), strict=True))
    rows: list[list[Any]] = []
    for key in dict.fromkeys([*to_come, *done, *before]):
        amounts = [before.get(key, 0), *done.get(key, nothing[0]), *to_come.get(key, nothing[1])]
        if any(amounts):
            rows.append([key[0], products.get(key) or "", key[1], *amounts])
    keys = (Column("obligation"), Column("product"), Column("currency"))
    return Table((*keys, *(Column(name, "money") for name in names)), rows)


def _of(which: Selection, schedule: Schedule) -> tuple[Bools | None, Currency]:
    """The obligations of a schedule and the currency, as reports take them last."""
    return which.of(schedule), which.currency_of(schedule)


def _add(sums: dict[Key, int], grouping: Grouping, amounts: Any) -> None:
    for key, amount in zip(grouping.keys, amounts.tolist(), strict=True):
        sums[key] = sums.get(key, 0) + amount


def standing_rollforward(
    history: History,
    first: date,
    last: date,
    of: Literal["deferred", "backlog"] = "deferred",
    which: Selection = EVERYTHING,
) -> Table:
    """A row per period and currency: a period opens with what was reported for its eve, and `prior_period` leads from
    there to what is known of that day since.

    raises UnknownColumn, UnknownId, NotClosed, BookRefused where a rate is missing
    """
    rows: list[list[Any]] = []
    parts = stretches(history, first, last, which)
    with_openings = any(part.schedule.has_openings for part in parts)
    names = ("period", "currency", *movements_of(of, with_openings))
    for part in parts:
        table = rollforward(part.schedule, part.first, part.last, of, *_of(which, part.schedule))
        table = _with_columns(table, names)
        own = [list(row) for row in table.rows]
        if part.before is not None and part.before is not part.schedule:
            label = periods(part.schedule.calendar, part.first, part.last)[0].label
            _take_up_prior(own, label, table, balance(part.before, part.eve, of, *_of(which, part.before)))
        rows += own
    return Table((*(Column(name) for name in names[:2]), *(Column(name, "money") for name in names[2:])), rows)


def _with_columns(table: Table, names: tuple[str, ...]) -> Table:
    """A roll-forward with these columns; what it does not have moved nothing."""
    if tuple(table.names) == names:
        return table
    found = [dict(zip(table.names, row, strict=True)) for row in table.rows]
    columns = tuple(Column(name) if n < 2 else Column(name, "money") for n, name in enumerate(names))
    return Table(columns, [[row.get(name, 0) for name in names] for row in found])


def _take_up_prior(rows: list[list[Any]], label: str, table: Table, reported: dict[str, int]) -> None:
    """Let the first period of a stretch, called `label`, open with what was reported."""
    opening, prior = (table.names.index(name) for name in ("opening", PRIOR))
    own = {row[1]: row for row in rows if row[0] == label}
    for currency, amount in reported.items():
        if currency not in own and amount:
            own[currency] = [label, currency, *([0] * (len(table.columns) - 2))]
            rows.insert(len(own) - 1, own[currency])
    for currency, row in own.items():
        row[prior] += row[opening] - reported.get(currency, 0)
        row[opening] = reported.get(currency, 0)


def standing_journal(history: History, first: date, last: date, which: Selection = EVERYTHING) -> Table:
    """Journal entries of first..last; what was done to rows of closed periods has entries of its own on the first open
    day.

    raises UnknownColumn, UnknownId, NotClosed, BookRefused where a rate is missing
    """
    rows: list[Any] = []
    for part in stretches(history, first, last, which):
        if part.before is not None and part.before is not part.schedule:
            rows += prior_entries(part, which)
        rows += journal(part.schedule, part.first, part.last, which.of(part.schedule), which.currency).rows
    return Table(COLUMNS, rows)


def standing_costs(history: History, first: date, last: date, which: Selection = EVERYTHING) -> Table:
    """A row a cost over first..last, from the carrying amount reported to the closing one.

    raises UnknownColumn, UnknownId, NotClosed, BookRefused where a rate is missing
    """
    sums: dict[tuple[Any, ...], dict[str, int]] = {}
    table = costs(history.today, first, last)
    names = table.names[4:]
    for n, part in enumerate(stretches(history, first, last, which)):
        table = costs(part.schedule, part.first, part.last, *_of(which, part.schedule))
        own = {tuple(row[:4]): dict(zip(names, row[4:], strict=True)) for row in table.rows}
        reported = _carried(part, which)
        for key in dict.fromkeys([*own, *(reported or {})]):
            found = own.get(key) or dict.fromkeys(names, 0)
            line = sums.setdefault(key, dict.fromkeys(names, 0))
            if n == 0:
                line["opening"] = found["opening"] if reported is None else reported.get(key, 0)
            if reported is not None:
                line[PRIOR] += found["opening"] - reported.get(key, 0)
            for name in ("capitalized", "amortized", "impaired"):
                line[name] += found[name]
            line["closing"] = found["closing"]
    return Table(table.columns, [[*key, *line.values()] for key, line in sums.items() if any(line.values())])


def _carried(part: Stretch, which: Selection) -> dict[tuple[Any, ...], int] | None:
    """What each cost was reported to be carried at; None where nobody else reported it."""
    if part.before is None or part.before is part.schedule:
        return None
    table = costs(part.before, part.eve, part.eve, *_of(which, part.before))
    return {tuple(row[:4]): row[-1] for row in table.rows}
