"""Stated prices, standalone prices, discount groups and residual obligations for the contracts of a random book."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from fractions import Fraction

from .cells import as_cell, decimals_of

Row = dict[str, str]


def combinations_of(contracts: Sequence[Row]) -> list[set[str]]:
    """The sets of contracts that are allocated as one; a contract is combined with an earlier one only."""
    sets: list[set[str]] = []
    for contract in contracts:
        other = contract.get("combined_with")
        if other:
            next(group for group in sets if other in group).add(contract["contract_id"])
        else:
            sets.append({contract["contract_id"]})
    return sets


def allocate_prices(
    rng: random.Random, together: Sequence[Row], currency_of: Mapping[str, str], *, allocation: bool, choices: bool
) -> None:
    """Give the obligations of one combination stated prices, or an ssp each, groups, a residual one.

    currency_of  contract id -> currency
    """
    kind = rng.choice(["stated", "stated", "relative", "groups", "residual", "stated ssp"])
    positive = all(Fraction(o["price"]) > 0 for o in together)
    manual = any(o.get("method") == "manual" for o in together)
    if kind == "stated" or not allocation or not positive or (manual and not choices):
        return
    for o in together:
        currency = currency_of[o["contract_id"]]
        scale = 10 ** decimals_of(currency)
        price = int(Fraction(o["price"]) * scale)
        ssp = price
        if rng.random() < 0.7:
            ssp = max(1, int(price * Fraction(rng.randint(30, 100 if kind == "residual" else 250), 100)))
        o["ssp"] = as_cell(ssp, currency)
        if kind == "stated ssp":
            o["allocation"] = "stated"
        elif rng.random() < 0.2:
            o["allocation"] = "relative"
    if kind in ("groups", "residual") and len(together) > 2 and (kind == "groups" or rng.random() < 0.3):
        _group(rng, together, kind, choices)
    if kind == "residual" and len(together) > 1:
        _residual(rng, together, currency_of)


def _group(rng: random.Random, together: Sequence[Row], kind: str, choices: bool) -> None:
    grouped = rng.sample(list(together), rng.randint(2, len(together) - 1))
    label = rng.choice(["AB", "suite"])
    for o in together:
        if o in grouped:
            o["discount_group"] = label
            o.pop("allocation", None)
        elif kind == "groups" and not choices:
            o["ssp"] = o["price"]


def _residual(rng: random.Random, together: Sequence[Row], currency_of: Mapping[str, str]) -> None:
    """One obligation takes the rest; its range holds what that is, alone and combined."""
    residual = rng.choice([o for o in together if "discount_group" not in o])
    residual["allocation"] = "residual"
    residual.pop("ssp")
    currency = currency_of[residual["contract_id"]]
    amounts = residuals(residual, together, currency)
    if rng.random() < 0.7:
        low = rng.choice([min(amounts), min(amounts) // 2])
        high = rng.choice([max(amounts), 2 * max(amounts)])
        residual |= {"ssp_low": as_cell(low, currency), "ssp_high": as_cell(high, currency)}


def residuals(residual: Row, together: Sequence[Row], currency: str) -> list[int]:
    """What the residual obligation takes, combined and alone, in minor units."""
    amounts = []
    for rows in (together, [o for o in together if o["contract_id"] == residual["contract_id"]]):
        takes = sum(Fraction(o["price"]) for o in rows)
        for o in rows:
            if o is not residual:
                takes -= Fraction(o["price"] if "discount_group" in o else o["ssp"])
        amounts.append(int(takes * 10 ** decimals_of(currency)))
    return amounts
