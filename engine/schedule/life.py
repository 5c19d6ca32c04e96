"""The life of a contract: its rows told day by day, each day closing segments of its obligations and opening others.

Contracts to which nothing happens are compiled in columns (see compile.py). All others - events, rights that lapse,
contracts signed one after the other and accounted for as one - are told here, one group of combined contracts at a
time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import IntEnum
from fractions import Fraction

from engine.book.tables import Event, Obligation
from engine.schedule.allocation import allocate, lines
from engine.schedule.calendar import Calendar, end_of_months, whole_months
from engine.schedule.clocks import CODES, DAILY, Clock
from engine.schedule.kernel import rounded
from engine.schedule.measure import LAPSING, MEASURED, WORK, Measure, measure
from engine.schedule.segment import ALL, HALF_AWAY, HALF_EVEN, NONE, PLUGS, ROUNDINGS, Segment

#: order of what takes effect on one day (docs/rules.md)
_RANK = {"estimate": -1, "activate": 0, "resume": 1, "release": 2, "expire": 4, "pause": 5, "hold": 6}


class Flow(IntEnum):
    """What a step of a schedule is; each kind is a column of some report."""

    NEW = 0  # contracted price on the day of signing
    CHANGE = 1  # contracted price changed afterwards
    BREAKAGE = 2  # revenue from rights that will not be used
    CATCH_UP = 3  # revenue of service before the day of the row that moved it
    BILLINGS = 4  # documents that count
    CREDITS = 5  # notes and negative invoices
    TAX = 6  # on documents that count
    CASH = 7  # received


@dataclass(frozen=True, slots=True)
class Step:
    """`amount` whole minor units on `day` for an obligation."""

    obligation: int
    day: int
    kind: Flow
    amount: int


@dataclass(frozen=True, slots=True)
class Held:
    """What a line had earned when it was held: the share of its clock, the work done, the amount."""

    share: Fraction
    measure: Measure
    amount: int


@dataclass(slots=True)
class Line:
    """An obligation while its life is told."""

    index: int
    place: int  # row of the table
    row: Obligation
    signed: int
    price: int
    clock: Clock | None
    measure: Measure
    rounding: int
    awaits: int | None = None  # day of the first invoice, where revenue waits for it; OPEN if there is none
    pace: Fraction = ALL
    shift: Fraction = NONE
    earned_before: int = 0  # closed off by a segment before; the clock earns price less this
    held: Held | None = None
    paused: Fraction | None = None  # share earned when it was paused
    paused_on: int = 0
    in_force: bool = False
    eve: Measure | None = None  # of the day before, while a day is told
    segments: list[Segment] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    allocated: list[tuple[int, int]] = field(
        default_factory=list
    )  # price allocated from a day on, usage beyond it left out
    breakage: int = 0

    def to_date(self, day: int) -> int:
        """Revenue to date at the close of `day`, as far as the life is told."""
        return self.segments[-1].to_date(day) if self.segments else 0

    def apply(self, event: Event, day: int) -> None:
        """Take an event of this obligation."""
        if event.type in WORK:
            self.measure = self.measure.after(event)
        elif event.type == "hold" and self.held is None:
            self.held = self._hold(day)
        elif event.type == "release":
            self.held = None
        elif event.type == "pause" and self.clock:
            self.paused = self._share(day)
            self.paused_on = day
        elif event.type == "resume" and self.clock:
            self._resume(day, extend=event.treatment == "extend")

    def _hold(self, day: int) -> Held:
        """What stands while the line is held: what was earned by the eve, nothing if it was not in force then."""
        if not self.segments or self.awaits is not None:
            return Held(NONE, replace(self.measure, done=NONE, lapsed=False), 0)
        share = self.paused if self.paused is not None else self._share(day - 1)
        work = self.eve or self.measure
        return Held(share, work, self._segment(day, work).to_date(day - 1))

    def _share(self, day: int) -> Fraction:
        """Share of the price that the clock has earned by the close of `day`."""
        gone = self.clock.share(day) if self.clock else NONE
        return min(max(self.shift + self.pace * gone, NONE), ALL)

    def _resume(self, day: int, extend: bool) -> None:
        """Go on: what is left of the share is earned over what is left of the clock from `day` on."""
        assert self.clock is not None and self.paused is not None
        if extend:
            self.clock = replace(self.clock, end=self.clock.end + day - self.paused_on - 1)
        gone = self.clock.share(day - 1)
        if self.rounding in PLUGS:
            self.earned_before = self.to_date(self.paused_on)
            self.paused = NONE
        if gone == 1:
            self.pace, self.shift = NONE, ALL
        else:
            self.pace = (1 - self.paused) / (1 - gone)
            self.shift = self.paused - self.pace * gone
        self.paused = None

    def open(self, day: int) -> None:
        """Close the segment in force and open one with the terms as they are now."""
        earned = self.to_date(day - 1)
        previous = self.segments[-1] if self.segments else None
        segment = self._segment(day, self.measure)
        if not self.allocated or self.allocated[-1][1] != self.price:
            self.allocated.append((day, self.price))
        if not previous or replace(previous, since=day) != segment:
            self.segments.append(segment)
            self._step(day, Flow.CHANGE if previous else Flow.NEW, segment.price - (previous.price if previous else 0))
            # the work of the day itself makes up for nothing: its revenue is that of the day
            self._step(day, Flow.CATCH_UP, self._segment(day, self.eve or self.measure).to_date(day - 1) - earned)
        breakage = self._breakage()
        self._step(day, Flow.BREAKAGE, breakage - self.breakage)
        self.breakage = breakage

    def _step(self, day: int, kind: Flow, amount: int) -> None:
        if amount:
            self.steps.append(Step(self.index, day, kind, amount))

    @property
    def contracted(self) -> int:
        """Transaction price now: allocated, and raised by usage beyond the commitment."""
        return self.price + self.measure.beyond

    def _worked(self, work: Measure) -> int:
        """Revenue to date by a measure of work done."""
        if work.method == "manual":
            return int(work.done)
        return self._rounded(work.share) + work.beyond

    def _rounded(self, share: Fraction) -> int:
        return rounded(self.price, share, self.rounding == HALF_EVEN)

    def _segment(self, day: int, work: Measure) -> Segment:
        """The segment from `day` on with the terms as they are now and this work done."""
        if self.awaits is not None:
            return self._standing(day, 0)
        if self.held is not None:
            return self._standing(day, self._stopped(self.held.share, self.held.amount, self.held.measure))
        if self.clock is None:
            return self._standing(day, self._worked(work))
        running = Segment(
            self.index,
            day,
            self.contracted,
            self.earned_before,
            self.price - self.earned_before,
            self.clock,
            self.pace,
            self.shift,
            self.rounding,
        )
        if self.paused is None:
            return running
        return self._standing(day, self._stopped(self.paused, running.to_date(self.paused_on), work))

    def _standing(self, day: int, amount: int) -> Segment:
        """A segment that earns nothing more than it has."""
        return Segment(self.index, day, self.contracted, amount)

    def _stopped(self, share: Fraction, amount: int, work: Measure) -> int:
        """Revenue to date of a line that stands still: the share it had earned of the price now, or the amount if it
        is plugged."""
        if self.clock is None:
            return self._worked(work)
        return amount if self.rounding in PLUGS else self._rounded(share)

    def _breakage(self) -> int:
        """The part of revenue to date that rights never used have earned."""
        if self.row.method not in LAPSING or self.held or self.awaits is not None:
            return self.breakage
        return self.segments[-1].base - self._rounded(self.measure.used_share) - self.measure.beyond


@dataclass(frozen=True, slots=True)
class Signed:
    """A contract of a group: the day it was signed and its obligations, (index in the schedule, place in the table,
    row, first invoice)."""

    contract_id: str
    signed: int
    start: date | None
    end: date | None
    decimals: int
    obligations: Sequence[tuple[int, int, Obligation, int | None]]


@dataclass(frozen=True, slots=True)
class Policies:
    """What the settings say about every obligation that does not say otherwise."""

    convention: str
    rounding: str
    progress_decimals: int | None
    calendar: Calendar


def tell(contracts: Sequence[Signed], events: Iterable[Event], policies: Policies) -> list[Line]:
    """Tell the life of contracts that are accounted for as one (usually a single contract).

    contracts  in table order; the group is allocated together from the signing of the last on, each alone before
    events     of these contracts, in any order
    returns    the lines with their segments and steps, in order of the obligations
    """
    story = _Story(contracts, events, policies)
    story.tell()
    return [line for of_contract in story.lines for line in of_contract]


class _Story:
    def __init__(self, contracts: Sequence[Signed], events: Iterable[Event], policies: Policies) -> None:
        self.contracts, self.policies = contracts, policies
        by_contract: dict[str, list[Event]] = defaultdict(list)
        for event in events:
            by_contract[event.contract_id].append(event)
        self.lines = [
            [
                _line(contract, *obligation, by_contract[contract.contract_id], policies)
                for obligation in contract.obligations
            ]
            for contract in contracts
        ]
        self.events: dict[int, list[tuple[Event, Line]]] = defaultdict(list)
        for contract, lines_of in zip(contracts, self.lines, strict=True):
            for event in by_contract[contract.contract_id]:
                for line in _meant(event, lines_of):
                    self.events[event.date.toordinal()].append((event, line))
        self.joined = max(contract.signed for contract in contracts)

    def tell(self) -> None:
        every = [line for of_contract in self.lines for line in of_contract]
        lapses = [line for line in every if _lapse(line, self.contracts) is not None]
        ends = {line.index: _lapse(line, self.contracts) for line in lapses}
        days = {contract.signed for contract in self.contracts} | set(self.events)
        days |= {day for day in ends.values() if day} | {line.awaits for line in every if line.awaits is not None}
        for day in sorted(days):
            touched = {line.index: line for line in self._sign(day)}
            for line in every:
                line.eve = line.measure
            for event, line in sorted(self.events.get(day, ()), key=lambda pair: _order(pair[0])):
                line.apply(event, day)
                touched[line.index] = line
            for line in every:
                if ends.get(line.index) == day and not line.measure.lapsed:
                    line.measure = replace(line.measure, lapsed=True)
                    touched[line.index] = line
                if line.awaits == day:
                    line.awaits = None
                    touched[line.index] = line
            for _, line in sorted(touched.items()):
                if line.in_force:
                    line.open(day)

    def _sign(self, day: int) -> list[Line]:
        """Bring contracts signed on `day` into force, allocate their price, and that of the group once its last is
        signed."""
        signed = [n for n, contract in enumerate(self.contracts) if contract.signed == day]
        if not signed:
            return []
        together = [self.lines[n] for n in range(len(self.lines))] if day == self.joined else None
        for lines_of in [self.lines[n] for n in signed]:
            for line in lines_of:
                line.in_force = True
            if together is None:
                _allocate(lines_of)
        touched = [line for n in signed for line in self.lines[n]]
        if together is not None:
            touched = [line for lines_of in together for line in lines_of]
            _allocate(touched)
        return touched


def _order(event: Event) -> tuple[int, str]:
    return _RANK.get(event.type, 3), event.event_id


def _allocate(of: Sequence[Line]) -> None:
    """Allocate the price of the lines, in the order of their table."""
    of = sorted(of, key=lambda line: line.place)
    rows = [line.row for line in of]
    ready = lines([(row.price, row.ssp, row.allocation, row.discount_group) for row in rows])
    for line, price in zip(of, allocate(sum(row.price for row in rows), ready), strict=True):
        line.price = price


def _meant(event: Event, of: Sequence[Line]) -> list[Line]:
    """The lines an event is about: the one it names, or those of its contract that it can mean."""
    if event.obligation_id is not None:
        return [line for line in of if line.row.obligation_id == event.obligation_id]
    if event.type in WORK:
        able = [line for line in of if _works_on(event.type, line.row.method)]
        return able[:1]
    if event.type in ("activate", "pause", "resume"):
        return [line for line in of if line.row.method == "ratable"]
    return list(of)


def _works_on(kind: str, method: str) -> bool:
    return (
        method
        in {
            "deliver": ("point_in_time", "milestone"),
            "progress": ("progress",),
            "use": ("usage",),
            "redeem": ("redemption",),
            "recognize": ("manual",),
            "expire": ("usage", "redemption"),
            "estimate": ("progress", "redemption"),
        }[kind]
    )


def _line(
    contract: Signed,
    index: int,
    place: int,
    row: Obligation,
    first_invoice: int | None,
    events: Sequence[Event],
    policies: Policies,
) -> Line:
    own = [e for e in events if e.obligation_id in (None, row.obligation_id)]
    rounding = ROUNDINGS[row.rounding or policies.rounding]
    clock = _clock(contract, row, own, policies)
    if clock is None and rounding in PLUGS:
        rounding = HALF_AWAY
    return Line(
        index,
        place,
        row,
        contract.signed,
        row.price,
        clock,
        measure(row, contract.decimals, policies.progress_decimals),
        rounding,
        awaits=first_invoice,
    )


def _clock(contract: Signed, row: Obligation, events: Sequence[Event], policies: Policies) -> Clock | None:
    """The clock that earns the price, or None where a measure does or nothing is known yet."""
    if row.method in MEASURED:
        return None
    if row.method == "point_in_time":
        delivered = any(e.type == "deliver" for e in events)
        if delivered or row.start is None:
            return None
        return Clock(DAILY, row.start.toordinal(), row.start.toordinal(), policies.calendar)
    start, end = row.start or contract.start, row.end or contract.end
    assert start is not None and end is not None
    for event in events:
        if event.type == "activate":
            months, days = whole_months(start, end), end - start
            start, end = event.date, end_of_months(event.date, months) if months else event.date + days
    code = CODES[row.convention or policies.convention]
    return Clock(code, start.toordinal(), end.toordinal(), policies.calendar)


def _lapse(line: Line, contracts: Sequence[Signed]) -> int | None:
    """Day on which unused rights of the line lapse, or None."""
    if line.row.method not in LAPSING:
        return None
    end = line.row.end or next((c.end for c in contracts if c.contract_id == line.row.contract_id), None)
    return end.toordinal() if end else None
