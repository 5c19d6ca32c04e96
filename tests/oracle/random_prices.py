"""Variable consideration for the contracts of a random book."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction

from .calendars import ONE_DAY
from .cells import as_cell, decimals_of

Row = dict[str, str]

KINDS = ["rebate", "bonus", "returns", "penalty"]


def estimates_of(
    rng: random.Random,
    contract: Row,
    obligations: Sequence[Row],
    currency: str,
    days: Sequence[date],
    *,
    of_contract: bool,
    least: int | None,
    signed: date,
) -> list[Row]:
    """Rows of Estimates: a kind or two of the contract, of obligations, and later rows of the same kind.

    days         days of other rows, on and beside which an estimate may fall
    of_contract  whether estimates may belong to the contract as a whole
    least        what a residual obligation takes at signing: it takes every estimate of the contract, from the day
                 after on; None where there is none
    signed       the day on which the last of the contracts allocated together is signed
    """
    rows: list[Row] = []
    scale = 10 ** decimals_of(currency)
    meant: list[Row | None] = [None] * (2 if of_contract else 0)
    meant += [o for o in obligations if "added_on" not in o or rng.random() < 0.5]
    if not meant:
        return []
    for kind in rng.sample(KINDS, rng.choice([0, 1, 1, 2])):
        obligation = rng.choice(meant)
        of = obligations if obligation is None else [obligation]
        price = int(sum(Fraction(o["price"]) for o in of) * scale)
        most = price * 3 // 10 if price > 0 else -(-price * 3 // 10)
        if least is not None and obligation is None:
            most = max(min(most, least // 4), 0)
        first = date.fromisoformat((obligation or contract).get("added_on", contract["signed_on"]))
        if least is not None and obligation is None:
            first = signed + ONE_DAY
        taken: set[date] = set()
        for _ in range(rng.choice([1, 1, 2, 3])):
            day = first + timedelta(days=rng.choice([0, rng.randint(0, 700), rng.randint(0, 200)]))
            if days and rng.random() < 0.3:
                day = max(rng.choice(list(days)), first)
            if day in taken:  # of two on one day none is latest
                continue
            taken.add(day)
            part = Fraction(rng.choice([0, 100, rng.randint(1, 99)]), 100) * rng.choice([-1, -1, 1])
            row = {"contract_id": contract["contract_id"], "date": day.isoformat(), "kind": kind}
            row["amount"] = as_cell(int(most * part), currency)
            if obligation is not None:
                row["obligation_id"] = obligation["obligation_id"]
            rows.append(row)
    return rows
