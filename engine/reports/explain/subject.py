"""The subject of an explanation: one contract at a day, its obligations' segments, and the rows that moved them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from engine.book.currencies import DECIMALS
from engine.book.draft import money
from engine.book.tables import CHANGES, Event
from engine.reports.checks.evidence import Evidence
from engine.reports.rpo import Remaining, remaining
from engine.schedule.clocks import Clock
from engine.schedule.kernel import Ints
from engine.schedule.positions import current_until
from engine.schedule.schedule import Schedule
from engine.schedule.segment import ALL, NONE, Segment
from engine.schedule.segments import BEYOND

#: events that move the measure of work of each method
WORK_OF = {
    "point_in_time": ("deliver",), "milestone": ("deliver",), "progress": ("progress", "estimate"),
    "usage": ("use", "expire"), "redemption": ("redeem", "estimate", "expire"), "manual": ("recognize",), "ratable": (),
}  # fmt: skip
_CLOCK = ("activate", "pause", "resume")
_FOR_ALL = ("hold", "release", "cancel", *CHANGES)
_BASIS = {
    "invoice": "documents count on their date", "due": "documents count when due",
    "paid": "documents count as far as paid", "unconditional": "documents count when paid, or due and unconditional",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: of which obligation, how much, how it was worked out, and the cells it came from."""

    key: str
    figure: str
    amount: int
    arithmetic: str
    rows: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """One segment of an obligation that was in force by `as_of`.

    last     last day of it, at most `as_of`
    segment  in exact fractions; None if its share has outgrown the columns it is kept in
    to_date  revenue to date at the close of `last`
    """

    since: date
    last: date
    price: int
    segment: Segment | None
    to_date: int


class Subject:
    """One contract at the close of `as_of`."""

    def __init__(self, schedule: Schedule, as_of: date, contract: int) -> None:
        self.schedule, self.as_of, self.contract = schedule, as_of, contract
        self.evidence, self.layout, self.book = Evidence(schedule, as_of), schedule.layout, schedule.book
        self.currency = str(self.evidence.contract(contract, "currency"))

    def money(self, minor: int) -> str:
        return money(int(minor), DECIMALS[self.currency])

    @cached_property
    def heading(self) -> str:
        settings, name = self.book.settings, self.evidence.contract_name(self.contract)
        signed = self.evidence.contract(self.contract, "signed_on")
        state = f"signed {signed}" if signed <= self.as_of else f"not signed before {signed}"
        policy = f"netting by {settings.netting}, {_BASIS[settings.deferral_basis]}"
        return f"{name}, {state}, at the close of {self.as_of} in {self.currency}; {policy}"

    def title(self, place: int) -> str:
        """`Support, ratable`."""
        words = (self.evidence.obligation(place, "product"), self.evidence.obligation(place, "method"))
        return ", ".join(str(word) for word in words if word)

    def term_cells(self, place: int) -> str:
        """The cells that say over which days an obligation is served, or what else earns it."""
        evidence = self.evidence
        if evidence.obligation(place, "method") != "ratable":
            return evidence.at_obligation(place, "method")
        return ", ".join(
            evidence.at_contract(self.contract, column)
            if evidence.obligation(place, column) is None
            else evidence.at_obligation(place, column)
            for column in ("start", "end")
        )

    @cached_property
    def dated(self) -> Ints:
        """Revenue of each obligation expected after the day and within the months that count as current."""
        until = current_until(self.schedule, self.as_of)
        return self.schedule.recognized(until, self.as_of) - self.evidence.recognized

    @cached_property
    def undated(self) -> Ints:
        """Revenue of each obligation without dates."""
        return self.evidence.contracted - self.schedule.scheduled(self.as_of)

    @cached_property
    def remaining(self) -> Remaining:
        return remaining(self.schedule, self.as_of)

    def versions(self, place: int) -> list[Version]:
        """The segments of an obligation by `as_of`, in order."""
        segments = self.schedule.segments
        first, end = np.searchsorted(segments.obligation, [place, place + 1]).tolist()
        rows = [row for row in range(first, end) if segments.since[row] <= self.as_of.toordinal()]
        return [self._version(place, row) for row in rows]

    def _version(self, place: int, row: int) -> Version:
        segments = self.schedule.segments
        last = min(date.fromordinal(min(int(segments.until[row]) - 1, self.as_of.toordinal())), self.as_of)
        segment = self._segment(row)
        to_date = segment.to_date(last.toordinal()) if segment else int(self.schedule.recognized(last)[place])
        return Version(date.fromordinal(int(segments.since[row])), last, int(segments.price[row]), segment, to_date)

    def _segment(self, row: int) -> Segment | None:
        """A segment in exact fractions again."""
        terms = self.schedule.segments.terms
        since, price, base, amount, code, start, end, pace, shift, whole, rounding = (
            int(getattr(terms, name)[row])
            for name in (
                *("since", "price", "base", "amount", "code", "start", "end"),
                *("pace", "shift", "whole", "rounding"),
            )
        )
        obligation = int(terms.obligation[row])
        if whole == BEYOND:
            return None
        if not amount:
            return Segment(obligation, since, price, base, rounding=rounding)
        clock = Clock(code, start, end, self.schedule.calendar)
        parts = (ALL, NONE) if whole == 0 else (ALL * pace * clock.whole / whole, ALL * shift / whole)
        return Segment(obligation, since, price, base, amount, clock, *parts, rounding)

    # -- rows of the book --------------------------------------------------------------------------------------

    def events(self, place: int) -> list[tuple[int, Event]]:
        """Events by `as_of` that are about an obligation, in order of their effect: (row of the table, event)."""
        method, own = self.evidence.obligation(place, "method"), self.evidence.obligation(place, "obligation_id")
        types = (*WORK_OF[method], *(_CLOCK if method == "ratable" else ()), *_FOR_ALL)
        rows = [(row, self.book.events.record(row)) for row in self.evidence.events.get(self.contract, ())]
        return [(row, event) for row, event in rows if event.obligation_id in (None, own) and event.type in types]

    def work(self, place: int, until: date) -> Iterator[Event]:
        """The events that measure the work of an obligation by a day."""
        types = WORK_OF[self.evidence.obligation(place, "method")]
        return (event for _, event in self.events(place) if event.type in types and event.date <= until)

    def movers_on(self, place: int, day: date) -> list[str]:
        """Rows that took effect on an obligation on a day, in words with their addresses."""
        events = self.book.events
        told = [
            f"{_words(event)} {events.where(row, 'type')}" for row, event in self.events(place) if event.date == day
        ]
        own = self.evidence.obligation(place, "obligation_id")
        for mover in self.evidence.movers.get(self.contract, ()):
            if mover.rows is not events and mover.day == day and mover.obligation_id in (None, own):
                told.append(f"{mover.kind} {mover.rows.where(mover.row, mover.column)}")
        return told


def _words(event: Event) -> str:
    """An event in short: `use 40`, `hold`."""
    given: Iterable[object] = (event.quantity, event.percent)
    size = next((f" {float(value):g}" for value in given if value is not None), "")  # type: ignore[arg-type]
    return f"{event.type}{size}{'%' if event.percent is not None and event.quantity is None else ''}"
