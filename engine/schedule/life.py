"""The life of a contract: its rows told day by day, each day closing segments of its obligations and opening others.

Contracts to which nothing happens are compiled in columns (see compile.py). All others are told here, one group of
combined contracts at a time. A prospective change begins the contract anew (change.py). Between two of them, what holds
"as if from the start" - estimates, catch-up changes, price notes, the combination of contracts - is put where that part
of the life began, and the life is told again from there: figures of the days before stand, the difference is the
catch-up of the day.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence

from engine.book.tables import CHANGES, Event
from engine.schedule.allocation import allocate, lines
from engine.schedule.billing import Document, Ledger, Place, place, reason
from engine.schedule.change import (
    CATCH_UP,
    PROSPECTIVE,
    SEPARATE,
    Change,
    Pool,
    changes_of,
    move_at_once,
    moves_terms,
    price_apart,
    upgrade_day,
)
from engine.schedule.estimates import Sizes, kinds_of
from engine.schedule.kernel import share_out
from engine.schedule.line import Line
from engine.schedule.measure import LAPSING, taken_over
from engine.schedule.notes import Coverage, Papers
from engine.schedule.paperwork import Paperwork
from engine.schedule.promise import Promise, Strand
from engine.schedule.signed import Policies, Signed, Told
from engine.schedule.track import Track
from engine.schedule.witness import Allocated, Witness

#: order of what takes effect on one day, after changes and cancels (docs/rules.md)
_RANK = {"estimate": -1, "activate": 0, "resume": 1, "release": 2, "expire": 4, "pause": 5, "hold": 6}


def tell(contracts: Sequence[Signed], policies: Policies, witness: Witness | None = None) -> Told:
    """Tell the life of contracts that are accounted for as one (usually a single contract).

    contracts  in table order; until the last is signed each stands alone, then all as if from the start
    witness    is told what happens, to explain it
    """
    told = Told({}, {}, witness=witness)
    for contract in contracts:
        opened = {
            -2 - promise.index: (promise.index, promise.opening.billed)
            for promise in contract.promises
            if promise.opening is not None
        }
        taken = [
            Document(row, "", contract.signed, contract.signed, billed, opening=True)
            for row, (_, billed) in opened.items()
        ]
        ledger = Ledger(contract.documents, taken)
        told.papers[contract.contract_id] = Papers(
            contract.contract_id,
            contract.promises[0].index if contract.promises else 0,
            contract.documents,
            ledger,
            policies.basis,
            contract.cancellable,
            {row: Coverage([index], [1]) for row, (index, _) in opened.items()},
        )
        for promise in contract.promises:
            told.tracks[promise.index] = Track(promise.index, contract.signed, promise.opening)
    joined = max(contract.signed for contract in contracts)
    if len(contracts) > 1:
        for contract in contracts:
            _Life([contract], policies, told).tell(contract.signed, joined - 1)
    _Life(contracts, policies, told).tell(joined)
    return told


class _Life:
    def __init__(self, contracts: Sequence[Signed], policies: Policies, told: Told) -> None:
        self.contracts, self.policies, self.told = contracts, policies, told
        self.promises = sorted((p for c in contracts for p in c.promises), key=lambda promise: promise.place)
        events = [event for contract in contracts for event in contract.events]
        self.changes = changes_of(self.promises, events)
        self.anew = [day for day, change in self.changes.items() if change.is_prospective]
        signed = {contract.contract_id: contract.signed for contract in contracts}
        self.cancels = _by_day(
            event
            for event in events
            if event.type == "cancel"
            and event.date.toordinal()
            >= signed[event.contract_id]  # else the contract is not yet known, and never ends
            and upgrade_day(event, self.promises) is None
        )
        self.others = _by_day(event for event in events if event.type != "cancel" and event.type not in CHANGES)
        index_of = {(p.contract_id, p.row.obligation_id): p.index for p in self.promises}
        self.kinds = kinds_of((row for contract in contracts for row in contract.estimates), index_of)
        self.estimated = {day for kind in self.kinds for day, _ in kind.rows}
        self.lapses = {day for promise in self.promises for day in _lapses(promise, events)}
        self.lines: dict[int, Line] = {}
        self._waiting: dict[int, Line] = {}
        self.paperwork = Paperwork(contracts, policies, told, self.kinds, self.lines, self._waiting)
        self._known, self._notes_known = 0, Place(0, 0, "")

    # -- day after day
    # ---------------------------------------------------------------------------------------------------------------

    def tell(self, first: int, last: int | None = None) -> None:
        """Tell the days from `first`, on which the contracts begin to stand as one, to `last`."""
        found = {
            first,
            *self.changes,
            *self.cancels,
            *self.others,
            *self.paperwork.by_day,
            *self.estimated,
            *self.lapses,
        }
        days = sorted(day for day in found if last is None or day <= last)
        for n in range(bisect_left(days, first), len(days)):
            day, earlier = days[n], days[:n]
            change = self.changes.get(day)
            again = day == first or day in self.estimated or (change is not None and change.holds_from_before)
            if again:
                self._again(day, Place(day, -1, ""), earlier)
            touched = self._day(day, live=True)
            if self.paperwork.cuts_price(day):
                self._again(day, Place(day + 1, -1, ""), earlier)
                self._day(day, live=False)
                again = True
            self._follow(day, None if again else touched)

    def _again(self, day: int, notes_known: Place, earlier: Sequence[int]) -> None:
        """Tell the days before `day` again, with what is known on it."""
        self._known, self._notes_known = day, notes_known
        if self.told.witness is not None:
            self.told.witness.begin()
        self.lines.clear()
        self._waiting.update((promise.index, Line.of(promise)) for promise in self.promises)
        for line in self._waiting.values():
            line.invoiced = not self.policies.waits
        self._sign()
        for before in earlier:
            self._day(before, live=False)

    def _day(self, day: int, live: bool) -> set[int]:
        """Tell one day; returns the lines it touched. What documents and cancels do is worked out if it is `live`."""
        for line in (*self.lines.values(), *self._waiting.values()):
            line.begin(day)
        touched = self.paperwork.begin(day, live)
        events = sorted(self.others.get(day, ()), key=_order)
        estimates = [event for event in events if event.type == "estimate"]
        touched |= self._apply(estimates, day)
        if day in self.changes:
            self._change(self.changes[day], live)
            touched.update(self.lines)
        touched |= self._apply(events[len(estimates) :], day)
        for cancel in sorted(self.cancels.get(day, ()), key=lambda event: event.event_id):
            touched |= self._cancel(cancel, day, live)
        touched |= self.paperwork.take(day, live)
        if day in self.lapses:
            touched.update(self.lines)
        return touched

    def _apply(self, events: Iterable[Event], day: int) -> set[int]:
        """Take events that move no terms; returns the lines they touch."""
        touched = set[int]()
        for event in events:
            for line in self._meant(event):
                line.apply(event, day)
                touched.add(line.promise.index)
            self._saw("event", event)
        return touched

    def _follow(self, day: int, touched: Iterable[int] | None) -> None:
        """Leave behind how the lines stand at the close of a day; None: all of them."""
        for index in self.lines if touched is None else sorted(touched):
            line = self.lines.get(index)
            if line is not None and line.promise.signed <= day:
                self.told.tracks[index].follow(line, day)
                if self.told.witness is not None:
                    self.told.witness.close(line, day)
        for contract in self.contracts:
            self._end(contract.contract_id, day)
        if self.kinds:
            found = self.paperwork.sizes(day)
            for index in self.lines:
                self.told.tracks[index].note(day, found.get(index, Sizes()))

    def _end(self, contract: str, day: int) -> None:
        """Note whether all lines of a contract have ended."""
        ends = [line.ended for line in self.lines.values() if line.promise.contract_id == contract]
        last = max(end.last for end in ends if end) if ends and all(ends) else None
        turns = self.told.ends.setdefault(contract, [])
        if (turns[-1][1] if turns else None) != last:
            turns.append((day, last))

    def _meant(self, event: Event) -> list[Line]:
        """The lines an event is about: the one it names, or those of its contract that it can mean."""
        every = [*self.lines.values(), *self._waiting.values()]
        of = [line for line in every if line.promise.contract_id == event.contract_id]
        if event.obligation_id is not None:
            return [line for line in of if line.promise.row.obligation_id == event.obligation_id]
        if event.type in ("activate", "pause", "resume"):
            return [line for line in of if line.promise.row.method == "ratable"]
        return of

    # -- signing, and what holds as if from the start
    # ---------------------------------------------------------------------------------------------------------------

    def _sign(self) -> None:
        """The terms signed, with what holds as if they had been so. Whether prices are allocated by standalone selling
        price is settled by what was signed."""
        as_if, added = self._as_if(0)
        for promise in self.promises:
            if promise.is_original or promise.index in added:
                self.lines[promise.index] = self._waiting.pop(promise.index)
        for row in as_if:
            for line in self._meant(row):
                if line.promise.index in self.lines:
                    line.take_terms(row, as_if=True)
        of = list(self.lines.values())
        signed = [line.promise.row for line in of if line.promise.is_original]
        by_ssp = any(row.ssp is not None or row.allocation in ("relative", "residual") for row in signed)
        rows = [
            (line.price, line.ssp if by_ssp else None, line.promise.row.allocation, line.promise.row.discount_group)
            for line in of
        ]
        price = sum(line.price for line in of) + self._estimate(0)
        ready = lines(rows)
        for line, part in zip(of, allocate(price, ready), strict=True):
            line.strands = [Strand(part)]
        self._saw("signed", Allocated(price, ready, list(self.lines)))
        self._take_over(of)
        for line in of:
            self._of_one(line, 0, {0})

    def _take_over(self, lines: Iterable[Line]) -> None:
        """Let lines of a former system stand as they were taken over; how far their work is, is told once."""
        for line in lines:
            opening, index, day = line.promise.opening, line.promise.index, line.promise.signed
            if opening is None:
                continue
            if index not in self.told.opened:
                own = sum(kind.in_force(day) for kind in self.kinds if kind.index == index)
                price = line.proper + own
                self.told.opened[index] = taken_over(line.measure, opening.quantity, opening.recognized, price)
            line.take_over(opening, day, self.told.opened[index])
            line.invoiced |= bool(opening.billed or opening.recognized)
            self._saw("opening", line.promise)

    def _as_if(self, life: int) -> tuple[list[Event], set[int]]:
        """Rows and added obligations that hold as if from where a part of the life began; 0 is the one signed."""
        rows: list[Event] = []
        added: set[int] = set()
        for day, change in self.changes.items():
            if day <= self._known and bisect_left(self.anew, day) == life:
                rows += change.rows[CATCH_UP]
                added |= {promise.index for promise in change.added[CATCH_UP]}
        return rows, added

    def _estimate(self, life: int) -> int:
        """Estimates of the contracts that belong to a part of the life: that in which their kind was first entered."""
        return sum(
            kind.in_force(self._known)
            for kind in self.kinds
            if kind.index is None and bisect_right(self.anew, kind.first) == life
        )

    def _of_one(self, line: Line, life: int, lives: set[int]) -> None:
        """Estimates that name an obligation belong to it alone, price notes to what they were billed for."""
        index = line.promise.index
        for kind in self.kinds:
            if kind.index == index and bisect_right(self.anew, kind.first) in lives:
                line.shift(kind.in_force(self._known))
                self._saw("estimate", kind)
        for papers in self.told.papers.values():
            for row, parts in papers.parts.items():
                if index in parts and self._is_price_note(row, line) and self._life_of(row) == life:
                    line.shift(-parts[index])
                    self._saw("price", row)

    def _is_price_note(self, row: int, line: Line) -> bool:
        """Whether a row is a note for a lower price, known by now and of a line that was there."""
        record = self.paperwork.records.get(row)
        if record is None or reason(record) != "price" or not place(record) < self._notes_known:
            return False
        return line.promise.is_original or record.date.toordinal() >= line.promise.added

    def _life_of(self, row: int) -> int:
        return bisect_right(self.anew, self.paperwork.records[row].date.toordinal())

    # -- changes
    # ---------------------------------------------------------------------------------------------------------------

    def _change(self, change: Change, live: bool) -> None:
        day = change.day
        self._saw("change", change)
        if live:
            for cancel in change.upgraded:
                self._work_out(cancel, day, upgrade=True)
        if change.is_prospective:
            self._begin_anew(change)
        for row in change.rows[SEPARATE]:
            for line in self._meant(row) if moves_terms(row) else ():
                if line.promise.index in self.lines and line.ended is None:
                    price_apart(line, row, day)
                    self._saw("separate", row)
        for promise in change.added[SEPARATE]:
            line = self._add(promise)
            line.strands = [Strand(line.price)]
            self._saw("added", promise)
            self._of_one(line, bisect_right(self.anew, day), set(range(bisect_right(self.anew, day) + 1)))
        for row in change.rows[CATCH_UP]:
            for line in self._meant(row):
                line.reach_terms(row)
        for row in change.every_row:
            for line in self._meant(row):
                if row.amount is not None and line.promise.index in self.lines:
                    move_at_once(line, row.amount)
                    self._saw("amount", row)

    def _begin_anew(self, change: Change) -> None:
        """A prospective change, with what holds as if from its day."""
        life = bisect_right(self.anew, change.day)
        as_if, added = self._as_if(life)
        before = set(self.lines)
        added |= {promise.index for promise in change.added[PROSPECTIVE]}
        joining = [self._waiting.pop(promise.index) for promise in self.promises if promise.index in added]
        pool = Pool(self.lines, change, as_if, self._meant, self._fallen, self._estimate(life))
        pool.spread(joining)
        self._in_order()
        self._saw("pool", pool)
        for index, line in self.lines.items():
            self._of_one(line, life, {life} if index in before else set(range(life + 1)))

    def _add(self, promise: Promise) -> Line:
        line = self._waiting.pop(promise.index)
        self.lines[promise.index] = line
        self._in_order()
        return line

    def _in_order(self) -> None:
        """Bring the lines into table order."""
        ordered = {p.index: self.lines[p.index] for p in self.promises if p.index in self.lines}
        self.lines.clear()
        self.lines.update(ordered)

    def _saw(self, what: str, by: object) -> None:
        """Let whoever explains this life know what was done to its lines."""
        if self.told.witness is not None:
            self.told.witness.saw(what, by, self.lines)

    # -- what ends a service
    # ---------------------------------------------------------------------------------------------------------------

    def _fallen(self, cancel: Event, line: Line) -> int:
        return self.told.fallen[cancel.event_id].get(line.promise.index, 0)

    def _work_out(self, cancel: Event, day: int, upgrade: bool) -> None:
        """What a cancel takes of the unearned price of each line, of an upgrade as it stood on the eve; one amount is
        shared by what each has left."""
        left = {}
        for line in self._meant(cancel):
            if line.promise.index in self.lines and line.ended is None:
                recognized, _ = line.recognized(line.eve if upgrade else line.reach(day, day))
                contracted = line.contracted_on_eve if upgrade else line.contracted
                left[line.promise.index] = contracted - recognized
        if cancel.amount is not None:
            left = dict(zip(left, share_out(cancel.amount, list(left.values())), strict=True))
        self.told.fallen[cancel.event_id] = left

    def _cancel(self, cancel: Event, day: int, live: bool) -> set[int]:
        if live:
            self._work_out(cancel, day, upgrade=False)
        for index, fallen in self.told.fallen[cancel.event_id].items():
            line = self.lines[index]
            line.end(day, day, line.reach(day, day), fallen)
        self._saw("cancel", cancel)
        return set(self.told.fallen[cancel.event_id])


def _by_day(events: Iterable[Event]) -> dict[int, list[Event]]:
    found: dict[int, list[Event]] = defaultdict(list)
    for event in events:
        found[event.date.toordinal()].append(event)
    return found


def _order(event: Event) -> tuple[int, str]:
    return _RANK.get(event.type, 3), event.event_id


def _lapses(promise: Promise, events: Iterable[Event]) -> Iterable[int]:
    """Days on which unused rights may lapse: the end, and ends that changes set."""
    if promise.row.method not in LAPSING:
        return
    if promise.end is not None:
        yield promise.end
    for event in events:
        if event.end is not None and event.type in CHANGES:
            yield event.end.toordinal()
