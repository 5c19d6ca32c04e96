"""The close pack of a schedule: asks every report what the pack shows and puts the answers together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from engine.book.problems import Problem
from engine.reports.balances import balances
from engine.reports.grouping import Grouping, positions
from engine.reports.journal import journal
from engine.reports.periods import ONE_DAY, Period, fiscal_year_to, period_of, periods, periods_after, years_after
from engine.reports.rollforward import rollforward
from engine.reports.rpo import rpo
from engine.reports.table import Column, Table
from engine.reports.waterfall import release_of_deferred, waterfall_over
from engine.schedule.kernel import Ints
from engine.schedule.positions import added
from engine.schedule.schedule import Schedule
from engine.sheets.pack import Comparative, Pack
from engine.sheets.pack import Period as Column_
from engine.version import VERSION

#: called as each part of the pack is ready: (what, done, of)
Progress = Callable[[str, int, int], None]

_MONTHS, _YEARS = 12, 4


@dataclass(frozen=True)
class _Axis:
    """The periods of a pack: the fiscal year to date, a year back for the trend, twelve periods and some years ahead."""

    schedule: Schedule
    as_of: date

    @property
    def to_date(self) -> list[Period]:
        calendar = self.schedule.calendar
        return periods(calendar, fiscal_year_to(calendar, self.as_of).first, self.as_of)

    @property
    def back(self) -> list[Period]:
        calendar = self.schedule.calendar
        first = calendar.period(self.as_of.toordinal()) - _MONTHS
        return periods(calendar, date.fromordinal(calendar.start(first)), self.as_of)

    def ahead(self, count: int = _MONTHS) -> list[Period]:
        """Periods after as_of; the rest of a period that as_of cuts has a name of its own."""
        calendar = self.schedule.calendar
        found = periods_after(calendar, self.as_of, count)
        cut = found and found[0].label == calendar.label(calendar.period(self.as_of.toordinal()))
        return [replace(found[0], label=f"{found[0].label} rest"), *found[1:]] if cut else found

    @property
    def release(self) -> list[Period]:
        return [*self.ahead(), *years_after(self.schedule.calendar, self.as_of, _MONTHS, _YEARS)]

    @property
    def rest_of_year(self) -> list[Period]:
        calendar = self.schedule.calendar
        first = calendar.fiscal_year_start_of(self.as_of.toordinal())
        end = date.fromordinal(calendar.end(first + 11))
        return [period for period in self.ahead() if period.last <= end]

    def every(self) -> list[Column_]:
        found = {p.label: p for p in [*self.back, *self.to_date, *self.release, *self.rest_of_year]}
        return [Column_(p.label, p.first, p.last) for p in found.values()]


def close_pack(
    schedule: Schedule, as_of: date, checks: Sequence[Problem], source: str, prepared_on: date,
    known_at: date | None = None, progress: Progress | None = None,
) -> Pack:  # fmt: skip
    """Everything a close pack shows of a schedule at `as_of`.

    checks       findings of the checks and warnings of the book, in the order they are to be read
    source       file or folder name of the book
    prepared_on  the day the pack is made
    known_at     the day as known at which the book was read, to be said in the pack
    """
    axis, settings = _Axis(schedule, as_of), schedule.book.settings
    year, month = axis.to_date, period_of(schedule.calendar, as_of)
    parts: dict[str, Callable[[], Table]] = {
        "trend": lambda: _trend(axis),
        "deferred_rollforward": lambda: rollforward(schedule, year[0].first, as_of, "deferred"),
        "backlog_rollforward": lambda: rollforward(schedule, year[0].first, as_of, "backlog"),
        "deferred_waterfall": lambda: _deferred_waterfall(axis),
        "backlog_waterfall": lambda: waterfall_over(schedule, as_of, axis.release, "contract"),
        "backlog_cohorts": lambda: waterfall_over(schedule, as_of, axis.release, "cohort"),
        "revenue": lambda: _revenue(axis),
        "balances": lambda: balances(schedule, as_of),
        "rpo": lambda: rpo(schedule, as_of),
        "journal": lambda: journal(schedule, month.first, as_of),
    }
    tables: dict[str, Table] = {}
    for done, (name, ask) in enumerate(parts.items()):
        if progress:
            progress("figures", done, len(parts))
        tables[name] = ask()
    contracts = schedule.book.contracts
    return Pack(
        entity=settings.entity, title=f"Close pack {as_of:%B %Y}", as_of=as_of,
        reporting_currency=settings.reporting_currency, version=VERSION, fingerprint=schedule.book.fingerprint,
        source=source, prepared_on=prepared_on, periods=axis.every(),
        customers=dict(zip(contracts["contract_id"], contracts["customer"], strict=True)), checks=checks, **tables,
        comparatives=_comparatives(schedule, as_of), notes=_notes(schedule, known_at),
    )  # fmt: skip


def _comparatives(schedule: Schedule, as_of: date) -> list[Comparative]:
    """The balances of the eve of the period and of the fiscal year."""
    calendar = schedule.calendar
    month = period_of(calendar, as_of).first - ONE_DAY
    year = fiscal_year_to(calendar, as_of).first - ONE_DAY
    days = {"Prior month end": month, "Prior year end": year}
    return [Comparative(label, day, balances(schedule, day, "total")) for label, day in days.items()]


def _notes(schedule: Schedule, known_at: date | None) -> list[str]:
    settings = schedule.book.settings
    said = (
        "convention",
        "rounding",
        "netting",
        "deferral_basis",
        "early_service",
        "calendar",
        "current_months",
        "short_contracts",
    )
    notes = [f"{name}: {getattr(settings, name)}" for name in said]
    return [f"As known at {known_at.isoformat()}", *notes] if known_at else notes


def _table(key: str, names: Sequence[str], rows: list[list[Any]], texts: Sequence[str] = ()) -> Table:
    columns = [
        Column(key),
        *(Column(name) for name in texts),
        Column("currency"),
        *(Column(name, "money") for name in names),
    ]
    return Table(tuple(columns), rows)


def _by_currency(schedule: Schedule, of_units: Ints, day: date) -> Ints:
    """A column of netting units at `day` added up by currency."""
    total = Grouping.of(schedule, "total")
    first = np.searchsorted(schedule.unit(day), np.arange(len(of_units)))
    return added(of_units, total.labels[first], len(total.keys))


def _trend(axis: _Axis) -> Table:
    """Deferred and unbilled backlog at the end of each period, revenue of each, by currency; see Pack."""
    schedule, as_of = axis.schedule, axis.as_of
    total = Grouping.of(schedule, "total")
    rows: list[list[Any]] = []
    past = axis.back
    earned = np.diff(total.revenue_to_date([past[0].first - ONE_DAY, *(p.last for p in past)]), axis=0)
    for period, revenue in zip(past, earned, strict=True):
        units, _ = positions(schedule, period.last)
        found = [_by_currency(schedule, column, period.last) for column in (units.deferred, units.backlog_unbilled)]
        rows += _trend_rows(total, period, [*found, revenue])
    ahead = axis.ahead()
    deferred, releases = release_of_deferred(schedule, as_of, ahead)
    left = _by_currency(schedule, deferred, as_of)
    to_date = total.revenue_to_date([as_of, *(p.last for p in ahead)], as_of)
    contracted = total.added(schedule.contracted(as_of))
    for n, period in enumerate(ahead):
        left = left - _by_currency(schedule, releases[n], as_of)
        unbilled = contracted - to_date[n + 1] - left
        rows += _trend_rows(total, period, [left, unbilled, to_date[n + 1] - to_date[n]])
    columns = (
        Column("period"),
        Column("currency"),
        *(Column(n, "money") for n in ("deferred", "backlog_unbilled", "recognized")),
    )
    return Table(columns, rows)


def _trend_rows(total: Grouping, period: Period, columns: Sequence[Ints]) -> list[list[Any]]:
    return [
        [period.label, currency, *(int(column[n]) for column in columns)] for n, (_, currency) in enumerate(total.keys)
    ]


def _deferred_waterfall(axis: _Axis) -> Table:
    """Deferred revenue of each contract (combined ones under the first) by when it will be recognized."""
    schedule, as_of = axis.schedule, axis.as_of
    spans = axis.release
    deferred, releases = release_of_deferred(schedule, as_of, spans)
    first = np.searchsorted(schedule.unit(as_of), np.arange(len(deferred)))
    contracts, currencies = schedule.contract_column("contract_id"), schedule.contract_column("currency")
    sums: dict[tuple[object, object], Ints] = {}
    figures = np.vstack([deferred, releases])
    for unit in np.flatnonzero(deferred):
        key = contracts[first[unit]], currencies[first[unit]]
        sums[key] = sums.get(key, 0) + figures[:, unit]
    rows = [[*key, *column.tolist()] for key, column in sums.items()]
    return _table("contract", ["deferred", *(span.label for span in spans), "thereafter"], rows)


def _revenue(axis: _Axis) -> Table:
    """Revenue of the fiscal year by obligation: recognized before it, in its periods so far, scheduled in the rest and thereafter."""
    schedule, as_of = axis.schedule, axis.as_of
    grouping = Grouping.of(schedule, "obligation")
    past, rest = axis.to_date, axis.rest_of_year
    history = grouping.revenue_to_date([past[0].first - ONE_DAY, *(p.last for p in past)])
    expected = grouping.revenue_to_date([as_of, *(p.last for p in rest)], as_of)
    body = np.vstack([history[:1], np.diff(history, axis=0), np.diff(expected, axis=0)])
    contracted = grouping.added(schedule.contracted(as_of))
    body = np.vstack([body, contracted - expected[-1], contracted])
    products = ["" if product is None else str(product) for product in schedule.obligation_column("product")]
    rows = [
        [key, products[n], currency, *body[:, n].tolist()]
        for n, (key, currency) in enumerate(grouping.keys)
        if body[:, n].any()
    ]
    names = ["before", *(p.label for p in [*past, *rest]), "thereafter", "total"]
    return _table("obligation", names, rows, texts=("product",))
