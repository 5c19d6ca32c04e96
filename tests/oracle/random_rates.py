"""Exchange rates for a random book: of days before and within it, entered either way round."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

Row = dict[str, str]

#: What one unit of each is about worth in USD.
ABOUT = {"USD": 1.0, "EUR": 1.1, "JPY": 0.0067, "KWD": 3.25}


def rates_of(rng: random.Random, days: Sequence[date], reporting: str) -> list[Row]:
    """Rates of every other currency to the reporting one: one before all days, then now and then."""
    rows: list[Row] = []
    for code, worth in ABOUT.items():
        if code == reporting:
            continue
        about = worth / ABOUT[reporting]
        taken: set[tuple[date, bool]] = set()
        for n in range(rng.randint(2, 14)):
            day = min(days) - timedelta(days=1000) if n == 0 else rng.choice(days)
            inverted = n > 0 and rng.random() < 0.2
            if (day, inverted) in taken:
                continue
            taken.add((day, inverted))
            rate = about * rng.uniform(0.8, 1.25)
            cells = {"from": reporting, "to": code, "rate": f"{1 / rate:.6f}"}
            if not inverted:
                cells = {"from": code, "to": reporting, "rate": f"{rate:.{rng.choice([4, 6, 9])}f}"}
            rows.append({"date": day.isoformat()} | cells)
    return rows


def with_rates(book: dict[str, Any], rng: random.Random, days: Sequence[date]) -> dict[str, Any]:
    """The book with rates and here and there an exchange rate on a document."""
    settings = dict(book.get("settings") or {})
    reporting = settings.setdefault("reporting_currency", "USD")
    contracts = [row | {"currency": row.get("currency") or reporting} for row in book["contracts"]]
    currency = {row["contract_id"]: row["currency"] for row in contracts}
    billings = []
    for row in book.get("billings", []):
        own: Row = {}
        if rng.random() < 0.3:
            about = ABOUT[currency[row["contract_id"]]] / ABOUT[reporting]
            own["exchange_rate"] = f"{about * rng.uniform(0.8, 1.25):.6f}"
        billings.append(row | own)
    rates = rates_of(rng, days, reporting)
    openings, own_rates = [], dict[tuple[str, str], str]()
    for row in book.get("openings", []):
        code = currency[row["contract_id"]]
        rate = f"{ABOUT[code] / ABOUT[reporting] * rng.uniform(0.8, 1.25):.6f}"
        own_rates.setdefault((row["cut_over"], code), rate if rng.random() < 0.5 else "")  # combined contracts have one
        openings.append(row | {"exchange_rate": own_rates[row["cut_over"], code]})
    book = book | ({"openings": openings} if openings else {})
    return book | {"settings": settings, "contracts": contracts, "billings": billings, "rates": rates}
