"""Contract costs for the contracts of a random book."""

from __future__ import annotations

import random
from datetime import date, timedelta

from .calendars import add_months
from .cells import as_cell
from .random_scope import CONVENTIONS

Row = dict[str, str]


def costs_of(rng: random.Random, contract: Row, currency: str) -> list[Row]:
    """None to three costs, over the contract's term or their own, before or after they were incurred."""
    rows: list[Row] = []
    signed = date.fromisoformat(contract["signed_on"])
    for _ in range(rng.choice([0, 1, 1, 2, 3])):
        day = signed + timedelta(days=rng.choice([0, 0, rng.randint(-30, 400)]))
        row = {"contract_id": contract["contract_id"], "date": day.isoformat()}
        amount = rng.choice([rng.randint(1, 9), rng.randint(100, 500_000), 1200 * rng.randint(1, 500)])
        row["amount"] = as_cell(-amount if rng.random() < 0.07 else amount, currency)
        if rng.random() < 0.5:
            row["kind"] = rng.choice(["obtain", "fulfill"])
        if "end" not in contract or rng.random() < 0.6:
            start = day + timedelta(days=rng.choice([0, 0, 15, -10, 31]))
            row["start"] = start.isoformat()
            row["end"] = (add_months(start, rng.randint(1, 48)) - timedelta(days=rng.choice([1, 1, 10]))).isoformat()
        if rng.random() < 0.4:
            row["convention"] = rng.choice(CONVENTIONS)
        rows.append(row)
    return rows
