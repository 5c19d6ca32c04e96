"""Costs: the way of the carrying amount of each contract cost, from opening to closing.

Source: ASC 340-40-50-2, 50-3.
"""

from __future__ import annotations

from datetime import date

from engine.reports.periods import ONE_DAY
from engine.reports.table import Column, Table
from engine.schedule.kernel import Bools
from engine.schedule.schedule import Schedule

MOVEMENTS = ("opening", "capitalized", "amortized", "impaired", "closing")


def costs(schedule: Schedule, first: date, last: date, keep: Bools | None = None) -> Table:
    """A row a cost over first..last; movements are signed so that a row adds up from opening to closing.

    keep  obligations the report is about: costs of contracts none of which is kept are left out; default all
    """
    table, of = schedule.book.costs, schedule.costs
    before, after = of.to_date((first - ONE_DAY).toordinal()), of.to_date(last.toordinal())
    capitalized, amortized, impaired = (now - then for now, then in zip(after, before, strict=True))
    opening = before.capitalized - before.amortized - before.impaired
    closing = opening + capitalized - amortized - impaired
    wanted = None if keep is None else set(schedule.layout.contract[keep].tolist())
    currencies, contracts = schedule.book.contracts["currency"], schedule.layout.contracts
    rows = []
    for n, place in enumerate(of.contract.tolist()):
        figures = [int(column[n]) for column in (opening, capitalized, -amortized, -impaired, closing)]
        if any(figures) and (wanted is None or place in wanted):
            key = [table[name][n] for name in ("cost_id", "contract_id", "kind")]
            rows.append([*key, currencies[contracts[place]], *figures])
    columns = (Column("cost_id"), Column("contract_id"), Column("kind"), Column("currency"))
    return Table((*columns, *(Column(name, "money") for name in MOVEMENTS)), rows)
