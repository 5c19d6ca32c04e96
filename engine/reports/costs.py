"""Costs: the way of the carrying amount of each contract cost, from opening to closing.

Source: ASC 340-40-50-2, 50-3.
"""

from __future__ import annotations

from datetime import date

from engine.reports.periods import ONE_DAY
from engine.reports.table import Column, Table
from engine.schedule.currency import Currency, valuation
from engine.schedule.kernel import Bools
from engine.schedule.schedule import Schedule

MOVEMENTS = ("opening", "capitalized", "amortized", "impaired", "prior_period", "closing")


def costs(
    schedule: Schedule, first: date, last: date, keep: Bools | None = None, currency: Currency = "contract"
) -> Table:
    """A row a cost over first..last; movements are signed so that a row adds up from opening to closing.

    keep      obligations the report is about: costs of contracts none of which is kept are left out; default all
    currency  contract, or reporting: a cost is carried at the rate of its day
    raises    BookRefused where a rate is missing
    """
    table, of, given = schedule.book.costs, schedule.costs, valuation(schedule, currency)
    before, after = given.costs(first - ONE_DAY), given.costs(last)
    capitalized, amortized, impaired = (now - then for now, then in zip(after, before, strict=True))
    opening = before.capitalized - before.amortized - before.impaired
    closing = opening + capitalized - amortized - impaired
    wanted = None if keep is None else set(schedule.layout.contract[keep].tolist())
    currencies, contracts = schedule.book.contracts["currency"], schedule.layout.contracts
    if currency == "reporting":
        currencies = [schedule.book.settings.reporting_currency] * len(currencies)
    rows = []
    for n, place in enumerate(of.contract.tolist()):
        figures = [int(column[n]) for column in (opening, capitalized, -amortized, -impaired, 0 * closing, closing)]
        if any(figures) and (wanted is None or place in wanted):
            key = [table[name][n] for name in ("cost_id", "contract_id", "kind")]
            rows.append([*key, currencies[contracts[place]], *figures])
    columns = (Column("cost_id"), Column("contract_id"), Column("kind"), Column("currency"))
    return Table((*columns, *(Column(name, "money") for name in MOVEMENTS)), rows)
