"""A made-up book of many subscriptions, as the rows a person would have typed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from benchmarks.lines import made_up

TODAY = dt.date(2024, 10, 5)
AS_OF = dt.date(2024, 9, 30)
Row = dict[str, Any]


def rows(count: int, *, billed: bool) -> dict[str, list[Row]]:
    """A contract of one obligation each, invoiced in full on its first day if asked for."""
    lines = made_up(count)
    numbers = range(count)
    starts, ends = ([dt.date.fromordinal(day) for day in days.tolist()] for days in (lines.start, lines.end))
    prices = [abs(cents) / 100 for cents in lines.amount.tolist()]
    contracts = [{"contract_id": f"C-{n:06}", "customer": f"Customer {n}", "signed_on": starts[n]} for n in numbers]
    obligations = [
        {
            "contract_id": f"C-{n:06}",
            "obligation_id": "plan",
            "price": prices[n],
            "product": ("Platform", "Analytics", "Support")[n % 3],
            "method": "ratable",
            "start": starts[n],
            "end": ends[n],
        }
        for n in numbers
    ]
    tables = {"Contracts": contracts, "Obligations": obligations}
    if billed:
        tables["Billings"] = [
            {"document_id": f"INV-{n}", "contract_id": f"C-{n:06}", "date": starts[n], "amount": prices[n]}
            for n in numbers
        ]
    return tables


def with_changes(tables: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """The same, but half-way through every fifth line (of two days or more) its price rises by half."""
    changed = [row for row in tables["Obligations"][::5] if row["end"] > row["start"]]
    events = [
        {
            "event_id": f"E-{n}",
            "contract_id": row["contract_id"],
            "date": row["start"] + (row["end"] - row["start"]) / 2,
            "type": "upgrade",
            "obligation_id": row["obligation_id"],
            "price": round(row["price"] * 1.5, 2),
            "treatment": "prospective",
        }
        for n, row in enumerate(changed)
    ]
    return {**tables, "Events": events}
