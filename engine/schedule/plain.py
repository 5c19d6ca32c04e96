"""Contracts to which nothing happens, compiled column by column: one segment for each obligation, from signing on."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.book.tables import Obligation
from engine.schedule.allocation import allocate, lines
from engine.schedule.clocks import CODES, DAILY
from engine.schedule.kernel import Bools, Ints
from engine.schedule.layout import Layout, days
from engine.schedule.measure import MEASURED
from engine.schedule.segment import HALF_AWAY, HALF_EVEN, NO_DAY, OPEN, ROUNDINGS
from engine.schedule.segments import Terms


def allocated_prices(layout: Layout, contracts: Ints) -> Ints:
    """Allocated price of each obligation of some contracts (stated price of all others)."""
    column = layout.book.obligations
    prices = np.fromiter(column["price"], np.int64, len(column))[layout.obligations]
    ssp, allocation, group = column["ssp"], column["allocation"], column["discount_group"]
    allocated = np.fromiter(
        (own is not None or word == "residual" for own, word in zip(ssp, allocation, strict=True)), bool, len(column)
    )[layout.obligations]
    for contract in np.intersect1d(contracts, layout.contract[allocated]).tolist():
        places = layout.members(contract)
        rows = [int(layout.obligations[place]) for place in places]
        ready = lines([(column["price"][row], ssp[row], allocation[row], group[row]) for row in rows])
        prices[places.start : places.stop] = allocate(sum(line.price for line in ready), ready)
    return prices


def plain_terms(layout: Layout, obligations: Ints, first_invoices: Ints | None) -> Terms:
    """Segments of the obligations; two where revenue waits for the first invoice (`first_invoices` by place, else
    None)."""
    prices = allocated_prices(layout, np.unique(layout.contract[obligations]))[obligations]
    terms = _from_signing(layout, obligations, prices)
    if first_invoices is None:
        return terms
    first = first_invoices[obligations]
    waiting = terms.take(np.flatnonzero(first > terms.since))
    gate = Terms(**{**vars(waiting), "amount": np.zeros_like(waiting.amount)})
    paid = Terms(**{**vars(terms), "since": np.maximum(terms.since, first)}).take(np.flatnonzero(first < OPEN))
    return Terms.joined([gate, paid])


def _from_signing(layout: Layout, obligations: Ints, prices: Ints) -> Terms:
    book, settings = layout.book, layout.book.settings
    rows = layout.obligations[obligations].tolist()
    owners = layout.contracts[layout.contract[obligations]].tolist()
    own: dict[str, list[Any]] = {name: [book.obligations[name][row] for row in rows] for name in _READ}
    start, end = (days(own[name]) for name in ("start", "end"))
    inherited = (days([book.contracts[name][row] for row in owners]) for name in ("start", "end"))
    term_start, term_end = (np.where(day > 0, day, base) for day, base in zip((start, end), inherited, strict=True))
    count = len(rows)
    point = np.fromiter((method == "point_in_time" for method in own["method"]), bool, count)
    clocked = np.fromiter((method not in MEASURED for method in own["method"]), bool, count) & (~point | (start > 0))
    code = np.fromiter((CODES[word or settings.convention] for word in own["convention"]), np.int64, count)
    rounding = np.fromiter((ROUNDINGS[word or settings.rounding] for word in own["rounding"]), np.int64, count)
    zero = np.zeros(count, np.int64)
    return Terms(
        obligation=obligations,
        strand=zero,
        since=layout.signed[layout.contract[obligations]],
        price=prices,
        base=zero,
        amount=np.where(clocked, prices, 0),
        code=np.where(clocked & ~point, code, DAILY),
        start=_either(clocked, point, start, term_start),
        end=_either(clocked, point, start, term_end),
        pace=zero,
        shift=zero,
        whole=zero,
        rounding=np.where(clocked | (rounding == HALF_EVEN), rounding, HALF_AWAY),
    )


def _either(clocked: Bools, point: Bools, on: Ints, over: Ints) -> Ints:
    """The day of delivery at a point in time, a day of the term of a service, no day without either."""
    return np.where(clocked, np.where(point, on, over), NO_DAY)


#: columns of Obligations that plain terms are made of
_READ = ("method", "start", "end", "convention", "rounding")
assert set(_READ) <= set(Obligation.model_fields)
