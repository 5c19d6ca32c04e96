"""From a book to its schedule: every row turned into segments and steps, once.

Contracts to which nothing happens are compiled in columns (plain.py), the others are told day by day (life.py);
documents follow (billing.py). All of them end in the same columns, and no report can tell the difference.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from math import lcm

import numpy as np

from engine.book.book import Book
from engine.book.problems import BookRefused
from engine.schedule.billing import changes, documents
from engine.schedule.calendar import Calendar
from engine.schedule.clocks import DAILY
from engine.schedule.kernel import PARTS_LIMIT, Ints
from engine.schedule.layout import Layout
from engine.schedule.life import Flow, Line, Policies, Signed, tell
from engine.schedule.measure import LAPSING
from engine.schedule.plain import plain_terms
from engine.schedule.schedule import Schedule, Steps
from engine.schedule.scope import beyond
from engine.schedule.segment import NO_DAY, OPEN, Segment
from engine.schedule.segments import BEYOND, Segments, Terms

#: days of the longest accounting period: six weeks at the end of a year of 53
_LONGEST_PERIOD = 42
#: (place, day) -> price allocated to an obligation on a day, usage beyond it left out
PriceAt = Callable[[int, int], int]


def compile_book(book: Book) -> Schedule:
    """The schedule of a book. The order of rows matters only as table order of contracts and obligations.

    raises  BookRefused for rows that this version does not calculate
    """
    if problems := beyond(book):
        raise BookRefused(problems)
    layout = Layout(book)
    first_invoices = _first_invoices(layout) if book.settings.early_service == "catch_up" else None
    told = _told(layout)
    lives = [line for group in told for line in _tell(layout, group, first_invoices)]
    has_life = np.zeros(len(layout.contracts), bool)
    has_life[[contract for group in told for contract in group]] = True
    plain = np.flatnonzero(~has_life[layout.contract])
    told_segments = [segment for line in lives for segment in line.segments]
    segments = joined(plain_terms(layout, plain, first_invoices), told_segments, layout.calendar)
    price_at = _price_at(segments, lives, len(layout.obligations))
    steps = [_plain_steps(segments, plain), _told_steps(lives), _billed(layout, price_at)]
    return Schedule(layout, segments, Steps.joined(steps))


def _told(layout: Layout) -> list[list[int]]:
    """Groups of contracts that have a life of their own: events, rights that lapse, contracts combined."""
    eventful = set(layout.events)
    methods, ends = layout.book.obligations["method"], layout.book.obligations["end"]
    for place, row in enumerate(layout.obligations.tolist()):
        if methods[row] in LAPSING:
            contract = int(layout.contract[place])
            if ends[row] or layout.book.contracts["end"][layout.contracts[contract]]:
                eventful.add(contract)
    return [group for group in layout.groups if len(group) > 1 or group[0] in eventful]


def _tell(layout: Layout, group: Sequence[int], first_invoices: Ints | None) -> list[Line]:
    book, settings = layout.book, layout.book.settings
    policies = Policies(settings.convention, settings.rounding, settings.progress_decimals, layout.calendar)
    signed = []
    for contract in group:
        record = book.contracts.record(int(layout.contracts[contract]))
        rows = []
        for place in layout.members(contract):
            row = int(layout.obligations[place])
            first = None if first_invoices is None else int(first_invoices[place])
            rows.append((place, row, book.obligations.record(row), first))
        day, decimals = int(layout.signed[contract]), layout.decimals(contract)
        signed.append(Signed(record.contract_id, day, record.start, record.end, decimals, rows))
    return tell(signed, (event for contract in group for event in layout.events.get(contract, ())), policies)


def joined(plain: Terms, told: Sequence[Segment], calendar: Calendar) -> Segments:
    """Segments of both kinds together; `told` in order of (obligation, since)."""
    terms = Terms.joined([plain, _told_terms(told)])
    terms = terms.take(np.lexsort((terms.since, terms.obligation)))
    return Segments(terms, calendar, [segment for segment in told if _outgrown(segment)])


def _told_terms(segments: Sequence[Segment]) -> Terms:
    """Segments as told, in columns."""
    rows = [_columns(segment) for segment in segments]
    return Terms(*np.array(rows, np.int64).reshape(-1, len(Terms.__annotations__)).T)


def _columns(segment: Segment) -> tuple[int, ...]:
    """A segment as a row of Terms: its share counted in whole ticks."""
    told = (segment.obligation, segment.since, segment.price, segment.base, segment.amount)
    clock = segment.clock
    if clock is None:
        return (*told, DAILY, NO_DAY, NO_DAY, 1, 0, 1, segment.rounding)
    term, whole = (clock.effective, clock.start, clock.end), _whole(segment)
    if _outgrown(segment):
        return (*told, *term, 0, 0, BEYOND, segment.rounding)
    return (*told, *term, int(segment.pace / clock.whole * whole), int(segment.shift * whole), whole, segment.rounding)


def _whole(segment: Segment) -> int:
    """Into how many ticks the share of a segment divides."""
    assert segment.clock is not None
    return lcm((segment.pace / segment.clock.whole).denominator, segment.shift.denominator)


def _outgrown(segment: Segment) -> bool:
    """Whether the ticks of a segment, divided by the days of a period, no longer fit integers."""
    return segment.clock is not None and _whole(segment) * _LONGEST_PERIOD >= PARTS_LIMIT


def _told_steps(lives: Sequence[Line]) -> Steps:
    return Steps.from_rows(
        [(step.obligation, step.day, step.kind, step.amount, -1) for line in lives for step in line.steps]
    )


def _plain_steps(segments: Segments, plain: Ints) -> Steps:
    """Price of signing, and what the first day makes up for, of the obligations that are not told."""
    rows = np.flatnonzero(np.isin(segments.obligation, plain))
    first = rows[np.append(True, np.diff(segments.obligation[rows]) != 0)[: len(rows)]]
    late = segments.before_in_force(rows)
    return Steps.joined([
        Steps.of(Flow.NEW, segments.obligation[first], segments.since[first], segments.price[first]),
        Steps.of(Flow.CATCH_UP, segments.obligation[rows], segments.since[rows], late),
    ])  # fmt: skip


def _first_invoices(layout: Layout) -> Ints:
    """Day of the first invoice that covers each obligation, OPEN where there is none."""
    first = np.full(len(layout.obligations), OPEN, np.int64)
    for contract, rows in layout.documents.items():
        for _, record in rows:
            if record.type == "invoice":
                covered = list(layout.covered(contract, record))
                first[covered] = np.minimum(first[covered], record.date.toordinal())
    return first


def _price_at(segments: Segments, lives: Sequence[Line], count: int) -> PriceAt:
    begin = np.searchsorted(segments.obligation, np.arange(count)).tolist()
    price = segments.price.tolist()
    told = {line.index: line.allocated for line in lives}

    def price_at(place: int, day: int) -> int:
        history = told.get(place)
        if history is None:
            return int(price[begin[place]])
        return history[max(bisect_right(history, (day, OPEN)) - 1, 0)][1]

    return price_at


def _billed(layout: Layout, price_at: PriceAt) -> Steps:
    """What counts as billed and what is paid, document by document."""
    book = layout.book
    basis, cancellable = book.settings.deferral_basis, book.contracts["cancellable"]
    found: list[tuple[int, int, int, int, int]] = []
    for contract, rows in layout.documents.items():
        records, signed = dict(rows), int(layout.signed[contract])
        may_cancel = bool(cancellable[layout.contracts[contract]])
        for document in documents(rows):
            on = layout.covered(contract, records[document.row])
            when = max(document.date, signed)
            weights = [price_at(place, when) for place in on] if len(on) > 1 else [1]
            for change in changes(document, on, weights, basis, may_cancel):
                amounts = (Flow.BILLINGS, change.billings), (Flow.CREDITS, change.credits), (Flow.TAX, change.tax)
                found += [
                    (change.obligation, change.day, kind, amount, document.row) for kind, amount in amounts if amount
                ]
        for row, record in rows:
            if record.type == "payment":
                cash = record.amount + (record.tax_amount or 0)
                found.append((layout.covered(contract, record)[0], record.date.toordinal(), Flow.CASH, cash, row))
    return Steps.from_rows(found)
