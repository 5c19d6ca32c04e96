"""The transaction price of each obligation: stated, or allocated by standalone selling prices."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from .book import Book, Obligation
from .rounding import round_half_away, share_out


def usage_beyond(book: Book, obligation: Obligation, known: date) -> int:
    """Usage beyond the commitment: it raises the price as it happens."""
    if obligation.method != "usage":
        return 0
    beyond = used_value(book, obligation, known) - obligation.price
    return max(round_half_away(beyond), 0)


def used_value(book: Book, obligation: Obligation, known: date) -> Fraction:
    """What has been used: `amount`, or `quantity` at the event's price, else at the obligation's price a unit."""
    used = Fraction(0)
    for event in book.events:
        if event.type == "use" and event.day <= known and obligation in event.obligations:
            if event.amount is not None:
                used += event.amount
            elif event.quantity is not None and event.price is not None:
                used += event.quantity * event.price
            elif event.quantity is not None and obligation.quantity:
                used += event.quantity * obligation.price / obligation.quantity
            else:
                raise ValueError(f"use without a value: {event.id}")
    return used


def allocate(obligations: list[Obligation]) -> dict[Obligation, int]:
    """Allocate the stated prices of obligations that are sold as one, given in table order.

    Stated prices stand unless one has an ssp (or asks for a relative or residual allocation). Then: an obligation
    that asks for its stated price keeps it; a discount group keeps the sum of its stated prices and shares it by
    ssp; beside a residual obligation the others count at their ssp and it takes the rest; without one the others
    share the sum of their own stated prices by ssp.
    """
    if all(o.ssp is None and o.allocation in ("", "stated") for o in obligations):
        return {o: o.price for o in obligations}
    prices: dict[Obligation, int] = {}
    groups: dict[str, list[Obligation]] = {}
    residual: list[Obligation] = []
    others: list[Obligation] = []
    for o in obligations:
        if o.allocation == "stated":
            prices[o] = o.price
        elif o.allocation == "residual":
            residual.append(o)
        elif o.discount_group:
            groups.setdefault(o.discount_group, []).append(o)
        else:
            others.append(o)
    for group in groups.values():
        prices |= _share_by_ssp(group)
    if not residual:
        prices |= _share_by_ssp(others)
        return prices
    if len(residual) > 1:
        raise ValueError("more than one residual obligation")
    for o in others:
        prices[o] = _whole_ssp(o)
    prices[residual[0]] = sum(o.price for o in obligations) - sum(prices.values())
    return prices


def _share_by_ssp(obligations: list[Obligation]) -> dict[Obligation, int]:
    """Share the sum of the stated prices in proportion to ssp, by the cumulative rule in table order."""
    pool = sum(o.price for o in obligations)
    parts = share_out(pool, [_ssp(o) for o in obligations])
    return dict(zip(obligations, parts, strict=True))


def _ssp(obligation: Obligation) -> Fraction:
    if obligation.ssp is None:
        raise ValueError(f"no ssp: {obligation.key}")
    return obligation.ssp


def _whole_ssp(obligation: Obligation) -> int:
    ssp = _ssp(obligation)
    if ssp.denominator != 1:
        raise ValueError(f"an ssp with more decimals than the currency: {obligation.key}")
    return ssp.numerator


class Prices:
    """T of every obligation at a day."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self._allocations: dict[tuple[str, ...], dict[Obligation, int]] = {}

    def allocated(self, obligation: Obligation, known: date) -> int:
        """The allocated price in force at a day, zero before the contract is signed."""
        if known < obligation.contract.signed_on:
            return 0
        contracts = tuple(c.id for c in self.book.combination_at(obligation.contract, known))
        if contracts not in self._allocations:
            together = [o for o in self.book.obligations if o.contract.id in contracts]
            self._allocations[contracts] = allocate(together)
        return self._allocations[contracts][obligation]

    def contracted(self, obligation: Obligation, known: date) -> int:
        """T: the allocated price and usage beyond it."""
        if known < obligation.contract.signed_on:
            return 0
        return self.allocated(obligation, known) + usage_beyond(self.book, obligation, known)
