"""The transaction price of a contract, allocated to its obligations.

Source: ASC 606-10-32-28 to 32-41 (relative standalone selling prices, discounts, residual approach).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.schedule.kernel import share_out


@dataclass(frozen=True, slots=True)
class Line:
    """What allocation reads of an obligation; amounts in whole minor units.

    price     stated price
    ssp       standalone selling price of the whole obligation, or None
    treatment `stated`, `relative` or `residual`
    group     label of the discount group, or None
    """

    price: int
    ssp: int | None
    treatment: str
    group: str | None


def lines(rows: Sequence[tuple[int, int | None, str | None, str | None]]) -> list[Line]:
    """Lines of one contract from (price, ssp, allocation, discount_group), a blank allocation read as SPEC'd.

    Blank is `relative` as soon as any obligation of the contract has a standalone selling price, else `stated`.
    """
    default = "relative" if any(ssp is not None for _, ssp, _, _ in rows) else "stated"
    return [Line(price, ssp, allocation or default, group) for price, ssp, allocation, group in rows]


def allocate(transaction_price: int, of: Sequence[Line]) -> list[int]:
    """Allocate the transaction price of a contract to its lines, in order; the parts add up to it.

    Stated lines keep their price. A residual line gets what the standalone selling prices of the others leave; a
    discount group beside it counts at its stated prices. What the price differs by from the stated prices is shared
    with the lines outside groups.
    """
    parts = [line.price for line in of]
    residual = next((n for n, line in enumerate(of) if line.treatment == "residual"), None)
    grouped: dict[str | None, list[int]] = {}
    for n, line in enumerate(of):
        if line.treatment == "relative":
            grouped.setdefault(line.group, []).append(n)
    variable = transaction_price - sum(parts)
    for group, members in grouped.items():
        weights = [of[n].ssp or 0 for n in members]
        if group is None and residual is not None:
            price = sum(weights)
        else:
            price = sum(of[n].price for n in members) + (variable if group is None else 0)
        for n, part in zip(members, share_out(price, weights), strict=True):
            parts[n] = part
    if residual is not None:
        parts[residual] = transaction_price - sum(part for n, part in enumerate(parts) if n != residual)
    elif None not in grouped and variable:
        for n, part in enumerate(share_out(transaction_price, parts)):
            parts[n] = part
    return parts
