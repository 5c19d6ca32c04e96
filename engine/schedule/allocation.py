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

    What it differs by from the stated prices is variable consideration. Stated prices stand, and share it in
    proportion. Beside relative lines they stand as they are; each discount group, and the lines outside groups, have
    the sum of their stated prices with a part of the variable consideration, and share it by standalone selling price.
    A residual line gets what the standalone selling prices of the others leave; a discount group beside it counts at
    its stated prices.
    """
    parts = [line.price for line in of]
    residual = next((n for n, line in enumerate(of) if line.treatment == "residual"), None)
    variable = transaction_price - sum(parts)
    pools = _pools(of)
    if residual is None and not pools:
        return [price + more for price, more in zip(parts, share_out(variable, parts), strict=True)]
    more_of = share_out(variable, [sum(parts[n] for n in members) for _, members in pools] or [1])
    for (group, members), more in zip(pools, more_of, strict=False):
        weights = [of[n].ssp or 0 for n in members]
        price = sum(of[n].price for n in members)
        if residual is None:
            price += more
        elif group is None:
            price = sum(weights)
        for n, part in zip(members, share_out(price, weights), strict=True):
            parts[n] = part
    if residual is not None:
        parts[residual] = transaction_price - sum(part for n, part in enumerate(parts) if n != residual)
    return parts


def _pools(of: Sequence[Line]) -> list[tuple[str | None, list[int]]]:
    """Relative lines that share a price: each discount group, then the lines outside groups."""
    grouped: dict[str | None, list[int]] = {}
    for n, line in enumerate(of):
        if line.treatment == "relative":
            grouped.setdefault(line.group, []).append(n)
    return sorted(grouped.items(), key=lambda pool: pool[0] is None)
