"""The subject of an explanation: one contract at a day, its obligations' segments, and the rows that moved them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from engine.book.currencies import DECIMALS
from engine.book.draft import money
from engine.book.tables import CHANGES, Event, Opening
from engine.reports.checks.evidence import Evidence
from engine.reports.explain.story import Chapter, Story
from engine.reports.rpo import Remaining, remaining
from engine.schedule.compile import tell_group
from engine.schedule.flow import Flow
from engine.schedule.kernel import Ints
from engine.schedule.positions import Position, current_until, positions
from engine.schedule.schedule import Schedule
from engine.schedule.signed import Told

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
    """One figure: of which obligation, how much, how it was worked out, the cells it came from, and its currency if
    that is not the contract's."""

    key: str
    figure: str
    amount: int
    arithmetic: str
    rows: str = ""
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """An obligation while one set of terms was in force, up to `last`, which is at most `as_of`."""

    chapter: Chapter
    since: date
    last: date

    @property
    def price(self) -> int:
        """Contracted price."""
        return self.chapter.line.contracted

    @property
    def to_date(self) -> int:
        """Revenue to date at the close of `last`."""
        return self.chapter.to_date(self.last.toordinal())


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
        cut_over = int(self.layout.cut_over[self.contract])
        if cut_over:
            taken = date.fromordinal(cut_over)
            state += (
                f", taken over at the close of {taken}" if taken <= self.as_of else f", not taken over before {taken}"
            )
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

    @cached_property
    def group(self) -> list[int]:
        """The contracts that are accounted for as one with this."""
        return next(group for group in self.layout.groups if self.contract in group)

    @cached_property
    def _told(self) -> tuple[Story, Told]:
        story = Story()
        return story, tell_group(self.layout, self.group, story)

    @property
    def story(self) -> Story:
        """What each row did to the contracts of the group."""
        return self._told[0]

    @property
    def told(self) -> Told:
        """What the life of the group leaves behind."""
        return self._told[1]

    @cached_property
    def decimals(self) -> int:
        """Decimals of the currency."""
        return DECIMALS[self.currency]

    @property
    def is_to_be_taken_over(self) -> bool:
        """Whether a former system still keeps the contract at the day."""
        return int(self.layout.cut_over[self.contract]) > self.as_of.toordinal()

    @property
    def is_taken_over_today(self) -> bool:
        """Whether the day is that on which the contract is taken over from a former system."""
        return int(self.layout.cut_over[self.contract]) == self.as_of.toordinal()

    def opening(self, place: int) -> tuple[int, Opening] | None:
        """Row and record of Openings of an obligation that is taken over by the day."""
        found = self.layout.openings.get(place)
        return found if found is not None and found[1].cut_over <= self.as_of else None

    def with_others(self, places: Sequence[int]) -> str:
        """`; combined with C2`, if some obligations are of other contracts too."""
        contracts = dict.fromkeys(self.evidence.contract_of(place) for place in places)
        others = [self.layout.contract_id(contract) for contract in contracts if contract != self.contract]
        return f"; combined with {', '.join(others)}" if others else ""

    def positions_on_eve(self, day: int) -> tuple[Position, Position]:
        """Balances of netting units, and of obligations on their own, at the close of the day before."""
        return positions(self.schedule, date.fromordinal(day - 1))

    @cached_property
    def row_of_event(self) -> dict[str, int]:
        """Row in Events by event_id."""
        return {event_id: row for row, event_id in enumerate(self.book.events["event_id"])}

    def estimated_on(self, day: date) -> bool:
        """Whether a row of Estimates of the contract is dated on a day."""
        rows = self.layout.estimates.get(self.contract, ())
        return any(row.date == day for row in rows)

    def versions(self, place: int) -> list[Version]:
        """The versions of an obligation by `as_of`, in order."""
        day = self.as_of.toordinal()
        chapters = [chapter for chapter in self.story.chapters.get(place, ()) if chapter.day <= day]
        ends = [*(chapter.day - 1 for chapter in chapters[1:]), day]
        return [
            Version(chapter, date.fromordinal(chapter.day), date.fromordinal(end))
            for chapter, end in zip(chapters, ends, strict=False)
        ]

    def caught_up(self, place: int, day: int) -> int:
        """Revenue of service before a day that the rows of the day moved."""
        steps = self.told.tracks[place].steps
        return sum(step.amount for step in steps if step.day == day and step.kind is Flow.CATCH_UP)

    # -- rows of the book --------------------------------------------------------------------------------------

    def events(self, place: int) -> list[tuple[int, Event]]:
        """Events by `as_of` that are about an obligation, in order of their effect: (row of the table, event)."""
        method, own = self.evidence.obligation(place, "method"), self.evidence.obligation(place, "obligation_id")
        types = (*WORK_OF[method], *(_CLOCK if method == "ratable" else ()), *_FOR_ALL)
        rows = [(row, self.book.events.record(row)) for row in self.evidence.events.get(self.contract, ())]
        return [(row, event) for row, event in rows if event.obligation_id in (None, own) and event.type in types]

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
