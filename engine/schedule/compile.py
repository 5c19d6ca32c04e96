"""From a book to its schedule: every row turned into segments and steps, once.

Contracts to which nothing happens are compiled in columns (plain.py), the others are told day by day (life.py);
documents follow (billing.py). All of them end in the same columns, and no report can tell the difference.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import lcm

import numpy as np

from engine.book.book import Book
from engine.book.tables import Billing, Contract, Event, Obligation
from engine.schedule.billing import UNCOLLECTED, documents, reason
from engine.schedule.calendar import Calendar
from engine.schedule.clocks import CODES, DAILY
from engine.schedule.flow import Flow, Steps
from engine.schedule.kernel import PARTS_LIMIT, Bools, Ints
from engine.schedule.layout import Layout
from engine.schedule.life import tell
from engine.schedule.measure import LAPSING, measure
from engine.schedule.notes import document_steps
from engine.schedule.plain import plain_terms
from engine.schedule.promise import Promise
from engine.schedule.schedule import Schedule
from engine.schedule.segment import HALF_AWAY, NO_DAY, OPEN, PLUGS, ROUNDINGS, Segment
from engine.schedule.segments import BEYOND, Segments, Terms
from engine.schedule.signed import Policies, Signed, Told
from engine.schedule.witness import Witness

#: days of the longest accounting period: six weeks at the end of a year of 53
_LONGEST_PERIOD = 42


def compile_book(book: Book) -> Schedule:
    """The schedule of a book. The order of rows matters only as table order of contracts and obligations."""
    layout = Layout(book)
    groups = _eventful(layout)
    told = [tell_group(layout, group) for group in groups]
    has_life = np.zeros(len(layout.contracts), bool)
    has_life[[contract for group in groups for contract in group]] = True
    plain = np.flatnonzero(~has_life[layout.contract])
    first_invoices = _first_invoices(layout, has_life) if book.settings.early_service == "catch_up" else None
    tracks = sorted((track for life in told for track in life.tracks.values()), key=lambda track: track.index)
    told_segments = [segment for track in tracks for segment in track.segments]
    segments = joined(plain_terms(layout, plain, first_invoices), told_segments, layout.calendar)
    steps = [_plain_steps(segments, plain), _told_steps(told), _billed(layout, segments, has_life)]
    estimated = {track.index: track.sizes for track in tracks if track.sizes}
    ended = {layout.place_of[name]: turns for life in told for name, turns in life.ends.items() if turns}
    return Schedule(layout, segments, Steps.joined(steps), estimated, ended)


def _eventful(layout: Layout) -> list[list[int]]:
    """Groups of contracts that have a life of their own: combined ones, and those to which anything happens."""
    book = layout.book
    eventful = set(layout.events) | set(np.flatnonzero(layout.cut_over).tolist())
    eventful |= {layout.place_of[contract] for contract in book.estimates["contract_id"]}
    methods, ends, added = (book.obligations[name] for name in ("method", "end", "added_on"))
    for place, row in enumerate(layout.obligations.tolist()):
        contract = int(layout.contract[place])
        if (added[row] is not None and added[row].toordinal() > layout.signed[contract]) or (
            methods[row] in LAPSING and (ends[row] or book.contracts["end"][layout.contracts[contract]])
        ):
            eventful.add(contract)
    for contract, rows in layout.documents.items():
        if any(_moves_more_than_billed(record) for _, record in rows):
            eventful.add(contract)
    return [group for group in layout.groups if len(group) > 1 or group[0] in eventful]


def _moves_more_than_billed(record: Billing) -> bool:
    """Whether a document moves the price, or what is billed by the price."""
    return record.type == "refund" or reason(record) in {*UNCOLLECTED, "price", "goodwill", "full_refund"}


def tell_group(layout: Layout, group: Sequence[int], witness: Witness | None = None) -> Told:
    """Tell the life of contracts (places in the layout) that are combined, or of a single one; any contract has one,
    also those that are compiled in columns.

    witness  is told what happens, to explain it
    """
    settings = layout.book.settings
    policies = Policies(settings.deferral_basis, settings.netting, settings.early_service == "catch_up")
    signed = []
    for contract in group:
        record = layout.book.contracts.record(int(layout.contracts[contract]))
        events = layout.events.get(contract, [])
        promises = [_promise(layout, contract, record, place, events) for place in layout.members(contract)]
        signed.append(
            Signed(
                record.contract_id,
                int(layout.signed[contract]),
                record.cancellable,
                promises,
                events,
                layout.estimates.get(contract, []),
                layout.documents.get(contract, []),
            )
        )
    return tell(signed, policies, witness)


def _promise(layout: Layout, contract: int, of: Contract, place: int, events: Sequence[Event]) -> Promise:
    settings, row = layout.book.settings, int(layout.obligations[place])
    record: Obligation = layout.book.obligations.record(row)
    own = [event for event in events if event.obligation_id in (None, record.obligation_id)]
    starts = sorted(event.date for event in own if event.type == "activate" and record.method == "ratable")
    delivered = record.method == "point_in_time" and any(event.type == "deliver" for event in own)
    delivery = record.start if record.method == "point_in_time" and not delivered else None
    rounding, signed = ROUNDINGS[record.rounding or settings.rounding], int(layout.signed[contract])
    runs = record.method == "ratable" or delivery is not None
    return Promise(
        index=place,
        place=row,
        row=record,
        contract_id=of.contract_id,
        signed=signed,
        added=max(_day(record.added_on) or signed, signed),
        start=_day(record.start or of.start),
        end=_day(record.end or of.end),
        activated=_day(starts[-1] if starts else None),
        delivery=_day(delivery),
        code=CODES[record.convention or settings.convention],
        rounding=HALF_AWAY if rounding in PLUGS and not runs else rounding,
        measure=measure(record, layout.decimals(contract), settings.progress_decimals),
        calendar=layout.calendar,
        opening=layout.openings[place][1] if place in layout.openings else None,
    )


def _day(day: date | None) -> int | None:
    return day.toordinal() if day else None


def joined(plain: Terms, told: Sequence[Segment], calendar: Calendar) -> Segments:
    """Segments of both kinds together."""
    terms = Terms.joined([plain, _told_terms(told)])
    terms = terms.take(np.lexsort((terms.since, terms.strand, terms.obligation)))
    return Segments(terms, calendar, [segment for segment in told if _outgrown(segment)])


def _told_terms(segments: Sequence[Segment]) -> Terms:
    """Segments as told, in columns."""
    rows = [_columns(segment) for segment in segments]
    return Terms(*np.array(rows, np.int64).reshape(-1, len(Terms.__annotations__)).T)


def _columns(segment: Segment) -> tuple[int, ...]:
    """A segment as a row of Terms: its share counted in whole ticks."""
    told = (segment.obligation, segment.strand, segment.since, segment.price, segment.base, segment.amount)
    clock = segment.clock
    if clock is None:
        return (*told, DAILY, NO_DAY, NO_DAY, 1, 0, 1, segment.rounding)
    term = (clock.effective, clock.start, clock.end)
    if segment.is_plain:
        return (*told, *term, 0, 0, 0, segment.rounding)
    whole = _whole(segment)
    if whole * _LONGEST_PERIOD >= PARTS_LIMIT:
        return (*told, *term, 0, 0, BEYOND, segment.rounding)
    return (*told, *term, int(segment.pace / clock.whole * whole), int(segment.shift * whole), whole, segment.rounding)


def _whole(segment: Segment) -> int:
    """Into how many ticks the share of a segment divides."""
    assert segment.clock is not None
    return lcm((segment.pace / segment.clock.whole).denominator, segment.shift.denominator)


def _outgrown(segment: Segment) -> bool:
    """Whether the ticks of a segment, divided by the days of a period, no longer fit integers."""
    if segment.clock is None or segment.is_plain:
        return False
    return _whole(segment) * _LONGEST_PERIOD >= PARTS_LIMIT


def _told_steps(told: Sequence[Told]) -> Steps:
    rows = [
        (step.obligation, step.day, int(step.kind), step.amount, -1)
        for life in told
        for track in life.tracks.values()
        for step in track.steps
    ]
    for life in told:
        for papers in life.papers.values():
            rows += papers.told()
            rows += papers.cash()
    return Steps.from_rows(rows)


def _plain_steps(segments: Segments, plain: Ints) -> Steps:
    """Price of signing, and what the first day makes up for, of the obligations that are not told."""
    rows = np.flatnonzero(np.isin(segments.obligation, plain))
    first = rows[np.append(True, np.diff(segments.obligation[rows]) != 0)[: len(rows)]]
    late = segments.before_in_force(rows)
    return Steps.joined([
        Steps.of(Flow.NEW, segments.obligation[first], segments.since[first], segments.price[first]),
        Steps.of(Flow.CATCH_UP, segments.obligation[rows], segments.since[rows], late),
    ])  # fmt: skip


def _first_invoices(layout: Layout, has_life: Bools) -> Ints:
    """Day of the first invoice that covers each obligation of contracts without a life, OPEN where there is none."""
    first = np.full(len(layout.obligations), OPEN, np.int64)
    for contract, rows in layout.documents.items():
        if has_life[contract]:
            continue
        for _, record in rows:
            if record.type == "invoice":
                covered = list(layout.covered(contract, record))
                first[covered] = np.minimum(first[covered], record.date.toordinal())
    return first


def _billed(layout: Layout, segments: Segments, has_life: Bools) -> Steps:
    """What counts as billed and what is paid, document by document, of contracts without a life."""
    book = layout.book
    basis, cancellable = book.settings.deferral_basis, book.contracts["cancellable"]
    price = segments.price[np.searchsorted(segments.obligation, np.arange(len(layout.obligations)))]
    found: list[tuple[int, int, int, int, int]] = []
    for contract, rows in layout.documents.items():
        if has_life[contract]:
            continue
        records, may_cancel = dict(rows), bool(cancellable[layout.contracts[contract]])
        for document in documents(rows):
            on = layout.covered(contract, records[document.row])
            weights = price[list(on)].tolist() if len(on) > 1 else [1]
            found += document_steps(document, on, weights, basis, may_cancel)
        for row, record in rows:
            if record.type == "payment":
                cash = record.amount + (record.tax_amount or 0)
                place = layout.covered(contract, record)[0]
                found.append((place, record.date.toordinal(), int(Flow.CASH), cash, row))
    return Steps.from_rows(found)
