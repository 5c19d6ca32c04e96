"""From a book to its schedule: every row turned into segments and steps, once.

Contracts to which nothing happens are compiled column by column; the others are told by life.py. Both end in the same columns.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from datetime import date

import numpy as np

from engine.book.book import Book
from engine.book.currencies import DECIMALS
from engine.book.tables import Billing, Event
from engine.schedule.allocation import allocate, lines
from engine.schedule.billing import by_contract, changes, documents
from engine.schedule.calendar import Calendar, calendar
from engine.schedule.clocks import CODES, DAILY
from engine.schedule.kernel import Ints
from engine.schedule.life import Flow, Line, Policies, Signed, tell
from engine.schedule.measure import LAPSING, MEASURED
from engine.schedule.schedule import Order, Schedule, Steps
from engine.schedule.segments import HALF_AWAY, HALF_EVEN, OPEN, ROUNDINGS, Segments, Terms

#: term of a segment that earns nothing: any day that the calendar has
_NO_DAY = date(2000, 1, 1).toordinal()


def compile_book(book: Book) -> Schedule:
    """Compile a book. The order of its rows matters only as table order of contracts and obligations."""
    return _Compiler(book).schedule()


def _days(column: Sequence[date | None], missing: int) -> Ints:
    return np.fromiter((day.toordinal() if day else missing for day in column), np.int64, len(column))


class _Compiler:
    """The columns of a book in the order of the schedule: contracts with combined ones together, obligations in table order."""

    def __init__(self, book: Book) -> None:
        self.book, settings = book, book.settings
        self.calendar: Calendar = calendar(settings.calendar, settings.fiscal_year_start, settings.week_start)
        self.group_of = _groups(book)
        contracts, obligations = book.contracts, book.obligations
        ids = contracts["contract_id"]
        self.contract_order = sorted(range(len(contracts)), key=lambda row: (self.group_of[row], row))
        place = {ids[row]: n for n, row in enumerate(self.contract_order)}
        owner = [place[contract_id] for contract_id in obligations["contract_id"]]
        self.rows = sorted(range(len(obligations)), key=lambda row: (owner[row], row))
        self.contract = np.array([owner[row] for row in self.rows], np.int64)
        self.contract_start = np.searchsorted(self.contract, np.arange(len(self.contract_order) + 1))
        contract_rows = np.array(self.contract_order, np.int64)
        self.signed = _days(contracts["signed_on"], 0)[contract_rows]
        self.index_of = {
            (obligations["contract_id"][row], obligations["obligation_id"][row]): n for n, row in enumerate(self.rows)
        }
        self.documents = by_contract(book.billings.records())
        self.decimals = [DECIMALS[contracts["currency"][row]] for row in self.contract_order]

    def schedule(self) -> Schedule:
        told = self._told_contracts()
        plain = np.array([n not in told for n in range(len(self.contract_order))], bool)[self.contract]
        lives = [line for group in self._groups_of(told) for line in self._tell(group)]
        prices = self._prices(plain)
        awaits = self._first_invoices() if self.book.settings.early_service == "catch_up" else None
        terms = Terms.joined([self._plain_terms(np.flatnonzero(plain), prices, awaits), _told_terms(lives)])
        terms = terms.take(np.lexsort((terms.since, terms.obligation)))
        segments = Segments(terms, self.calendar)
        steps = [self._plain_steps(segments, plain), _told_steps(lives), self._billed(segments)]
        return Schedule(self.book, self.calendar, segments, Steps.joined(steps), self._order())

    def _order(self) -> Order:
        groups = np.array([self.group_of[row] for row in self.contract_order], np.int64)
        return Order(np.array(self.contract_order, np.int64), np.array(self.rows, np.int64), self.contract, groups)

    # -- who is told ---------------------------------------------------------------------------------------------------------

    def _told_contracts(self) -> set[int]:
        """Contracts (places in the schedule) with a life of their own."""
        book, contracts, obligations = self.book, self.book.contracts, self.book.obligations
        place = {contracts["contract_id"][row]: n for n, row in enumerate(self.contract_order)}
        told = {place[contract_id] for contract_id in book.events["contract_id"]}
        methods, ends = obligations["method"], obligations["end"]
        contract_ends = [contracts["end"][row] for row in self.contract_order]
        for n, row in enumerate(self.rows):
            if methods[row] in LAPSING and (ends[row] or contract_ends[self.contract[n]]):
                told.add(int(self.contract[n]))
        sizes = defaultdict(list)
        for n, row in enumerate(self.contract_order):
            sizes[self.group_of[row]].append(n)
        for members in sizes.values():
            if len(members) > 1 or any(n in told for n in members):
                told.update(members)
        return told

    def _groups_of(self, told: set[int]) -> list[list[int]]:
        groups: dict[int, list[int]] = defaultdict(list)
        for n in sorted(told):
            groups[self.group_of[self.contract_order[n]]].append(n)
        return list(groups.values())

    def _tell(self, group: list[int]) -> list[Line]:
        book, settings = self.book, self.book.settings
        policies = Policies(settings.convention, settings.rounding, settings.progress_decimals, self.calendar)
        awaits = self._first_invoices() if settings.early_service == "catch_up" else None
        signed = []
        for n in group:
            contract = book.contracts.record(self.contract_order[n])
            members = range(self.contract_start[n], self.contract_start[n + 1])
            rows = [(i, book.obligations.record(self.rows[i]), int(awaits[i]) if awaits is not None else None) for i in members]
            signed.append(
                Signed(contract.contract_id, int(self.signed[n]), contract.start, contract.end, self.decimals[n], rows)
            )
        return tell(signed, (event for n in group for event in self._events_of(n)), policies)

    def _events_of(self, contract: int) -> list[Event]:
        if not hasattr(self, "_events"):
            self._events: dict[str, list[Event]] = defaultdict(list)
            for event in self.book.events.records():
                self._events[event.contract_id].append(event)
        return self._events[self.book.contracts["contract_id"][self.contract_order[contract]]]

    # -- contracts to which nothing happens -----------------------------------------------------------------------------------

    def _prices(self, plain: np.ndarray) -> Ints:
        """Allocated price of each obligation of the plain contracts."""
        column = self.book.obligations
        prices = np.fromiter((column["price"][row] for row in self.rows), np.int64, len(self.rows))
        ssp, allocation, group = column["ssp"], column["allocation"], column["discount_group"]
        special = {int(self.contract[n]) for n, row in enumerate(self.rows) if ssp[row] is not None or allocation[row] == "residual"}
        for contract in special:
            members = range(self.contract_start[contract], self.contract_start[contract + 1])
            if plain[members[0]]:
                rows = [self.rows[n] for n in members]
                ready = lines([(column["price"][row], ssp[row], allocation[row], group[row]) for row in rows])
                prices[members[0] : members[-1] + 1] = allocate(sum(line.price for line in ready), ready)
        return prices

    def _plain_terms(self, members: Ints, prices: Ints, awaits: Ints | None) -> Terms:
        """One segment an obligation, from signing on; two where revenue waits for the first invoice."""
        rows = [self.rows[n] for n in members]
        column, settings, contracts = self.book.obligations, self.book.settings, self.book.contracts
        owners = [self.contract_order[n] for n in self.contract[members]]
        methods = [column["method"][row] for row in rows]
        own_start, own_end = (_days([column[name][row] for row in rows], 0) for name in ("start", "end"))
        start, end = (
            np.where(own > 0, own, _days([contracts[name][row] for row in owners], 0))
            for own, name in ((own_start, "start"), (own_end, "end"))
        )
        point = np.fromiter((method == "point_in_time" for method in methods), bool, len(rows))
        clocked = np.fromiter((method not in MEASURED for method in methods), bool, len(rows)) & (~point | (own_start > 0))
        start = np.where(clocked, np.where(point, own_start, start), _NO_DAY)
        end = np.where(clocked, np.where(point, own_start, end), _NO_DAY)
        conventions = (column["convention"][row] or settings.convention for row in rows)
        code = np.fromiter((CODES[name] for name in conventions), np.int64, len(rows))
        roundings = (column["rounding"][row] or settings.rounding for row in rows)
        rounding = np.fromiter((ROUNDINGS[name] for name in roundings), np.int64, len(rows))
        zero, since, price = np.zeros(len(rows), np.int64), self.signed[self.contract[members]], prices[members]
        terms = Terms(
            obligation=members, since=since, price=price, base=zero,
            amount=np.where(clocked, price, 0), code=np.where(point | ~clocked, DAILY, code), start=start, end=end,
            pace=zero, shift=zero, whole=zero, rounding=np.where(clocked, rounding, np.where(rounding == HALF_EVEN, HALF_EVEN, HALF_AWAY)),
        )  # fmt: skip
        if awaits is None:
            return terms
        first = awaits[members]
        waiting = np.flatnonzero(first > since)
        gate = terms.take(waiting)
        gate = Terms(**{**vars(gate), "amount": zero[waiting]})
        return Terms.joined([gate, Terms(**{**vars(terms), "since": np.maximum(since, first)}).take(np.flatnonzero(first < OPEN))])

    def _plain_steps(self, segments: Segments, plain: np.ndarray) -> Steps:
        """Price of signing and what the first day makes up for, of the plain contracts."""
        rows = np.flatnonzero(plain[segments.obligation])
        first = np.append(True, segments.obligation[1:] != segments.obligation[:-1])[rows] if len(rows) else rows.astype(bool)
        late = self.catch_up(segments, rows)
        new = rows[first]
        return Steps.joined([
            Steps.of(Flow.NEW, segments.obligation[new], segments.since[new], segments.price[new]),
            Steps.of(Flow.CATCH_UP, segments.obligation[rows], segments.since[rows], late),
        ])

    def catch_up(self, segments: Segments, rows: Ints) -> Ints:
        """Revenue that each row brings for service before its first day."""
        before = np.minimum(segments.since - 1, self.calendar.start(len(self.calendar.starts) - 2))
        return segments.at(before)[rows]

    # -- documents -----------------------------------------------------------------------------------------------------------

    def _first_invoices(self) -> Ints:
        """Day of the first invoice that covers each obligation, OPEN where there is none."""
        if not hasattr(self, "_awaits"):
            awaits = np.full(len(self.rows), OPEN, np.int64)
            for contract, rows in self._billed_contracts():
                for _, record in rows:
                    if record.type == "invoice":
                        for n in self._covered(contract, record):
                            awaits[n] = min(int(awaits[n]), record.date.toordinal())
            self._awaits = awaits
        return self._awaits

    def _billed_contracts(self) -> list[tuple[int, list[tuple[int, Billing]]]]:
        ids = self.book.contracts["contract_id"]
        named = [(n, self.documents.get(ids[row])) for n, row in enumerate(self.contract_order)]
        return [(n, rows) for n, rows in named if rows]

    def _covered(self, contract: int, record: Billing) -> list[int]:
        if record.obligation_id is not None:
            return [self.index_of[record.contract_id, record.obligation_id]]
        return list(range(self.contract_start[contract], self.contract_start[contract + 1]))

    def _billed(self, segments: Segments) -> Steps:
        """What counts as billed, document by document."""
        since, price = segments.since.tolist(), segments.price.tolist()
        begin = np.searchsorted(segments.obligation, np.arange(len(self.rows) + 1)).tolist()
        basis, cancellable = self.book.settings.deferral_basis, self.book.contracts["cancellable"]
        found: list[tuple[int, int, int, int, int]] = []

        def price_at(n: int, on: int) -> int:
            return price[max(bisect_right(since, on, begin[n], begin[n + 1]) - 1, begin[n])]

        for contract, rows in self._billed_contracts():
            signed, may_cancel = int(self.signed[contract]), bool(cancellable[self.contract_order[contract]])
            records = dict(rows)
            for document in documents(rows):
                on = self._covered(contract, records[document.row])
                when = max(document.date, signed)
                weights = [price_at(n, when) for n in on] if len(on) > 1 else [1]
                for change in changes(document, on, weights, basis, may_cancel):
                    for flow, part in ((Flow.BILLINGS, change.billings), (Flow.CREDITS, change.credits), (Flow.TAX, change.tax)):
                        if part:
                            found.append((change.obligation, change.day, flow, part, document.row))
            for row, record in rows:
                if record.type == "payment":
                    cash = record.amount + (record.tax_amount or 0)
                    first = self._covered(contract, record)[0]
                    found.append((first, record.date.toordinal(), Flow.CASH, cash, row))
        return Steps.from_rows(found)


def _groups(book: Book) -> list[int]:
    """Group of each contract row: the row of the first contract that it is combined with, directly or through others."""
    ids = {contract_id: row for row, contract_id in enumerate(book.contracts["contract_id"])}
    root = list(range(len(ids)))

    def find(row: int) -> int:
        while root[row] != row:
            root[row] = root[root[row]]
            row = root[row]
        return row

    for row, other in enumerate(book.contracts["combined_with"]):
        if other is not None:
            a, b = find(row), find(ids[other])
            root[max(a, b)] = min(a, b)
    return [find(row) for row in range(len(root))]


def _told_terms(lives: Sequence[Line]) -> Terms:
    """Segments as told, in columns."""
    columns: dict[str, list[int]] = {name: [] for name in Terms.__annotations__}
    for line in lives:
        for segment in line.segments:
            clock = segment.clock
            unit = segment.pace / clock.whole if clock else segment.pace
            whole = int(np.lcm.reduce(np.array([unit.denominator, segment.shift.denominator], object))) if clock else 1
            row = (
                segment.obligation, segment.since, segment.price, segment.base, segment.amount,
                clock.effective if clock else DAILY, clock.start if clock else _NO_DAY, clock.end if clock else _NO_DAY,
                int(unit * whole), int(segment.shift * whole), whole, segment.rounding,
            )  # fmt: skip
            for name, value in zip(columns, row, strict=True):
                columns[name].append(value)
    return Terms(**{name: np.array(values, np.int64) for name, values in columns.items()})


def _told_steps(lives: Sequence[Line]) -> Steps:
    return Steps.from_rows([(step.obligation, step.day, step.kind, step.amount, -1) for line in lives for step in line.steps])
