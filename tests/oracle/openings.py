"""Contracts that began before the book: where each obligation stood on the day it was taken over, and what the former
system had done of its work - one event on that day, as if all of it had been done then."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from .book import Book
from .estimates import kinds_of, of_contract, of_obligation
from .prices import allocate
from .rows import Contract, Event, Opening


def taken_over_between(book: Book, contract: Contract, first: date, last: date) -> list[Opening]:
    """The positions a contract was taken over at, if that was in these days."""
    return [x for x in book.openings.values() if x.obligation.contract is contract and first <= x.day <= last]


def work_of_former_system(book: Book) -> list[Event]:
    """What was done by the day of cut-over, obligation by obligation."""
    events = []
    for contract in book.contracts:
        if contract.cut_over is None:
            continue
        ids = tuple(c.id for c in book.combination_of(contract))
        lines = [o for o in book.obligations if o.contract.id in ids and o.is_original]
        kinds = kinds_of(book, ids)
        by_ssp = any(o.ssp is not None or o.allocation in ("relative", "residual") for o in lines)
        prices = allocate(
            lines,
            {o: o.price for o in lines},
            {o: o.ssp for o in lines} if by_ssp else None,
            of_contract(kinds, contract.cut_over),
        )
        for o in lines:
            opening = book.openings.get(o)
            if o.contract is contract and opening is not None:
                price = prices[o] + of_obligation(kinds, o, contract.cut_over)
                events += _work(book, opening, price)
    return events


def _work(book: Book, opening: Opening, price: int) -> list[Event]:
    """`price` is what was allocated to it, without usage beyond the commitment."""
    o, units, recognized = opening.obligation, opening.quantity, opening.recognized
    share = Fraction(recognized, price) if price else Fraction(int(recognized != 0))
    part = min(max(share, Fraction(0)), Fraction(1))
    if o.method == "milestone":
        return [_event(opening, "deliver", percent=part * 100)]
    if o.method == "point_in_time":
        delivers = any(e.type == "deliver" and o in e.obligations for e in book.events)
        if o.own_start is not None and not delivers:  # delivered on that day, whatever was recognized before
            return []
        return [_event(opening, "deliver", percent=part * 100 if units is None else None, quantity=units)]
    if o.method == "progress":
        assert o.expected_total is not None
        return [_event(opening, "progress", quantity=part * o.expected_total if units is None else units)]
    if o.method == "redemption":
        rights = o.quantity if o.quantity is not None else Fraction(o.price, 10**o.decimals)
        return [_event(opening, "redeem", quantity=part * rights * (1 - o.breakage) if units is None else units)]
    if o.method == "usage":
        used = share * o.price if recognized <= price else Fraction(o.price + recognized - price)
        if units is not None:
            used = units * Fraction(o.price) / (o.quantity or 1)
        return [_event(opening, "use", amount=used)]
    if o.method == "manual":
        return [_event(opening, "recognize", amount=part * o.price)]
    return []


def _event(
    opening: Opening, kind: str, amount: Fraction | None = None, quantity: Fraction | None = None,
    percent: Fraction | None = None,
) -> Event:  # fmt: skip
    o = opening.obligation
    return Event(
        id="", contract=o.contract, day=opening.day, type=kind, word=kind, obligations=(o,), amount=amount,
        quantity=quantity, percent=percent, price=None, ssp=None, end=None, treatment="",
    )  # fmt: skip
