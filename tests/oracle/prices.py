"""Allocation: the transaction price shared over obligations that are sold as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from .rounding import share_out
from .rows import Obligation


def allocate(
    obligations: Sequence[Obligation],
    stated: Mapping[Obligation, int],
    ssp: Mapping[Obligation, Fraction | None] | None,
    estimate: int = 0,
) -> dict[Obligation, int]:
    """Allocate stated prices and the estimates of the contract, the obligations given in table order.

    Stated prices stand (with `ssp` None, whatever is asked for later) unless one has an ssp (or asks for a relative
    or residual allocation). Then: an obligation that asks for its stated price keeps it; a discount group keeps the
    sum of its stated prices and shares it by ssp; beside a residual obligation the others count at their ssp and it
    takes the rest; without one the others share the sum of their own stated prices by ssp, or keep them if one added
    later has none. An estimate is shared in proportion to stated prices where they stand; else it belongs to the
    residual obligation, to the others, or to groups and others by their stated sums.
    """
    if ssp is None or all(ssp[o] is None and o.allocation in ("", "stated") for o in obligations):
        return _added({o: stated[o] for o in obligations}, estimate)
    kept: dict[Obligation, int] = {}
    groups: dict[str, list[Obligation]] = {}
    residual: list[Obligation] = []
    others: list[Obligation] = []
    for o in obligations:
        if o.allocation == "stated":
            kept[o] = stated[o]
        elif o.allocation == "residual":
            residual.append(o)
        elif o.discount_group:
            groups.setdefault(o.discount_group, []).append(o)
        else:
            others.append(o)
    if len(residual) > 1:
        raise ValueError("more than one residual obligation")
    pools = [*groups.values(), others] if others and not residual else list(groups.values())
    if residual or not pools:
        parts = [0 for _ in pools]
    else:
        parts = share_out(estimate, [Fraction(sum(stated[o] for o in pool)) for pool in pools])
    prices: dict[Obligation, int] = {}
    for pool, part in zip(pools, parts, strict=True):
        whole = sum(stated[o] for o in pool) + part
        added_without = any(ssp[o] is None and not o.is_original for o in pool)
        weights = [Fraction(stated[o]) if added_without else _known(ssp[o], o) for o in pool]
        prices |= dict(zip(pool, share_out(whole, weights), strict=True))
    if residual:
        prices |= kept
        for o in others:
            prices[o] = _whole(_known(ssp[o], o), o)
        prices[residual[0]] = sum(stated[o] for o in obligations) + estimate - sum(prices.values())
    else:
        prices |= kept if pools else _added(kept, estimate)
    return {o: prices[o] for o in obligations}


def _added(stated: Mapping[Obligation, int], estimate: int) -> dict[Obligation, int]:
    """Stated prices with an estimate shared in proportion to them."""
    parts = share_out(estimate, [Fraction(price) for price in stated.values()])
    return {o: price + part for (o, price), part in zip(stated.items(), parts, strict=True)}


def _known(ssp: Fraction | None, obligation: Obligation) -> Fraction:
    if ssp is None:
        raise ValueError(f"no ssp: {obligation.key}")
    return ssp


def _whole(ssp: Fraction, obligation: Obligation) -> int:
    if ssp.denominator != 1:
        raise ValueError(f"an ssp with more decimals than the currency: {obligation.key}")
    return ssp.numerator
