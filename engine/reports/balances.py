"""Balances: contracted, recognized, billed, and the contract balances and backlog that follow, at the close of a
day."""

from __future__ import annotations

from datetime import date

import numpy as np

from engine.reports.grouping import NETTING, Grouping, netted
from engine.reports.rpo import remaining
from engine.reports.table import Column, Table
from engine.schedule.currency import Currency
from engine.schedule.kernel import Bools, Ints
from engine.schedule.positions import added, current_until, expected_by, released
from engine.schedule.schedule import Schedule

#: the figures, in the order of their columns
FIGURES = (
    "contracted", "recognized", "billed", "deferred", "deferred_current", "deferred_noncurrent", "contract_asset",
    "refund_liability", "backlog", "backlog_unbilled", "rpo",
)  # fmt: skip


def figures(
    grouping: Grouping, as_of: date, names: tuple[str, ...] = FIGURES, each_unit: bool = False
) -> tuple[list[tuple[str, str]], dict[str, Ints]]:
    """Rows (key, currency) of a grouping and the columns asked for, whole minor units.

    Rows `(netting)` follow where anything nets: one a currency, or one for `each_unit`.
    """
    schedule, of = grouping.schedule, grouping.valuation
    units, own = of.positions(as_of)
    spread = netted(grouping, as_of, each_unit)
    pairs: dict[str, tuple[Ints, Ints]] = {name: (getattr(units, name), column) for name, column in vars(own).items()}
    if "deferred_current" in names or "deferred_noncurrent" in names:
        expected = expected_by(schedule, as_of, current_until(schedule, as_of))
        of_units = added(expected, schedule.unit(as_of), len(units.deferred))
        deferred = [at.deferred for at in of.in_contract_currency(as_of)]
        current = of.worth(as_of, (released(deferred[0], of_units), released(deferred[1], expected)))
        pairs["deferred_current"] = current
        pairs["deferred_noncurrent"] = units.deferred - current[0], own.deferred - current[1]
    if "rpo" in names:
        of_obligations = remaining(schedule, as_of).rpo
        of_units = added(of_obligations, schedule.unit(as_of), len(units.deferred))
        pairs["rpo"] = of.worth(as_of, (of_units, of_obligations))
    return spread.rows, {name: spread(*pairs[name]) for name in names}


def balances(
    schedule: Schedule, as_of: date, by: str = "contract", keep: Bools | None = None, currency: Currency = "contract"
) -> Table:
    """One row per key and currency.

    by        contract, obligation, customer, product, total, cohort or any column of Contracts or Obligations
    keep      obligations the report is about, default all
    currency  contract, or reporting for one currency throughout
    raises    UnknownColumn, BookRefused where a rate is missing
    """
    grouping = Grouping.of(schedule, by, keep, currency)
    keys, found = figures(grouping, as_of)
    table = np.array([found[name] for name in FIGURES])
    shown = np.flatnonzero(table.any(axis=0))
    rows: list[list[object]] = [
        [*keys[n], *told] for n, told in zip(shown.tolist(), table.T[shown].tolist(), strict=True)
    ]
    if by == "obligation":
        rows = _beside_their_contract(rows)
    return Table((Column(by), Column("currency"), *(Column(name, "money") for name in FIGURES)), rows)


def _beside_their_contract(rows: list[list[object]]) -> list[list[object]]:
    """Put `C1/(netting)` after the obligations of its contract."""
    place = {str(row[0]).rsplit("/", 1)[0]: n for n, row in enumerate(rows) if not str(row[0]).endswith("/" + NETTING)}
    return sorted(rows, key=lambda row: place.get(str(row[0]).rsplit("/", 1)[0], len(rows)))
