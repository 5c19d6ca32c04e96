"""How far an obligation is at the close of a day: the share of its measure that is behind it, by its method.

Every question names two days: `day`, the close asked about, and `known`, the last day whose rows may be used. For a
balance both are the same day; for a plan (waterfall, bands, current part) `known` is the as-of day and `day` later.
Work - deliveries, progress, use, redemption - counts as far as it is dated on or before both; new expectations
(`estimate` events) count as soon as they are known.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from .book import Book
from .calendars import ONE_DAY
from .cells import decimals_of
from .lines import Line, Piece
from .rounding import round_half_away
from .rows import DAY_ORDER, Event
from .shares import Course, Pause, moved_end


class Measures:
    """The measures of all obligations of a book."""

    def __init__(self, book: Book) -> None:
        self.book = book

    # -------------------------------------------------------------------------------------------------- pieces

    def part_earned(self, line: Line, piece: Piece, day: date, known: date) -> Fraction:
        """The part of a piece that is earned: the share of its measure, or of what was left of it."""
        if piece.span is not None:
            return self.course_of_span(line, piece, known).share(day)
        if piece.since is None:
            return self.share(line, day, known)
        return self._part(self.share(line, day, known), self.share(line, piece.since, known))

    def part_proper(self, line: Line, piece: Piece, day: date, known: date) -> Fraction:
        """The same without expected breakage and without what lapsed."""
        if piece.since is None:
            return self.proper_share(line, day, known)
        return self._part(self.proper_share(line, day, known), self.proper_share(line, piece.since, known))

    def left(self, line: Line, since: date | None, known: date) -> Fraction:
        """The share not yet earned at the close of a day (None: before any)."""
        return 1 - self.share(line, since, known) if since is not None else Fraction(1)

    @staticmethod
    def _part(share: Fraction, gone: Fraction) -> Fraction:
        """The part of what was left that is behind."""
        if gone >= 1:
            return Fraction(1)
        return max(share - gone, Fraction(0)) / (1 - gone)

    # -------------------------------------------------------------------------------------------------- shares

    def share(self, line: Line, day: date, known: date) -> Fraction:
        """The share of the whole obligation that is earned by the close of a day, never above 1."""
        method = line.obligation.method
        if method == "ratable":
            return self.course(line, known).share(day)
        if method == "point_in_time":
            return self._delivered(line, day, known)
        worked_until = min(day, known)
        if method == "milestone":
            return self._milestones(line, worked_until)
        if method == "progress":
            return self._progress(line, worked_until, known)
        if method == "manual":
            return self._recognized_by_hand(line, worked_until)
        if self.has_lapsed(line, worked_until):
            return Fraction(1)
        if method == "usage":
            return self.proper_share(line, day, known)
        return self._redeemed_of_expected(line, worked_until, known)

    def proper_share(self, line: Line, day: date, known: date) -> Fraction:
        """The share by the measure itself: use over the commitment, redeemed over sold."""
        worked_until = min(day, known)
        if line.obligation.method == "usage":
            used = self.used(line, worked_until)
            return min(used / line.price, Fraction(1)) if line.price else Fraction(int(used != 0))
        if line.obligation.method == "redemption":
            sold = self._rights(line)
            return min(self._redeemed(line, worked_until) / sold, Fraction(1)) if sold else Fraction(0)
        return self.share(line, day, known)

    def _events(self, line: Line, kind: str, last: date) -> list[Event]:
        return [e for e in self.book.events_of(line.obligation) if e.type == kind and e.day <= last]

    def _delivered(self, line: Line, day: date, known: date) -> Fraction:
        """All or a part at each `deliver`; without any such event (ever) all at its own start."""
        o = line.obligation
        if not self._events(line, "deliver", date.max):
            return Fraction(1) if o.own_start is not None and o.own_start <= day else Fraction(0)
        share = Fraction(0)
        for event in self._events(line, "deliver", min(day, known)):
            if event.percent is not None:
                share += event.percent / 100
            elif event.quantity is not None and line.quantity:
                share += event.quantity / line.quantity
            else:
                share = Fraction(1)
        return min(share, Fraction(1))

    def _milestones(self, line: Line, last: date) -> Fraction:
        """Each `deliver` earns its amount or percent of the stated price in force; of no price any amount is all."""
        share = Fraction(0)
        for event in self._events(line, "deliver", last):
            if event.amount is not None:
                share += event.amount / line.price if line.price else 1
            elif event.percent is not None:
                share += event.percent / 100
            else:
                raise ValueError(f"a milestone without amount or percent: {event.id}")
        return min(share, Fraction(1))

    def _progress(self, line: Line, last: date, known: date) -> Fraction:
        """The measure to date over the expected total as last estimated or changed."""
        o = line.obligation
        rows: list[tuple[date, int, str, Event | Fraction]] = [
            (day, DAY_ORDER.index("change"), "", total) for day, total in line.totals
        ]
        rows += [(*e.order, e) for e in self.book.events_of(o) if e.type in ("estimate", "progress")]
        expected, measure = o.expected_total, Fraction(0)
        for day, _, _, row in sorted(rows, key=lambda row: row[:3]):
            if isinstance(row, Fraction):
                expected = row
            elif row.type == "estimate" and row.quantity is not None and day <= known:
                expected = row.quantity
            elif row.type == "progress" and day <= last and expected is not None:
                if row.percent is not None:
                    measure = expected * row.percent / 100
                elif row.quantity is not None:
                    measure += row.quantity
        if not expected:
            return Fraction(0)
        share = min(measure / expected, Fraction(1))
        decimals = self.book.settings.progress_decimals
        if decimals is not None:
            share = Fraction(round_half_away(share * 10**decimals), 10**decimals)
        return share

    def recognized_by_hand(self, line: Line, since: date | None, last: date) -> Fraction:
        """The amounts of the `recognize` events after a day."""
        amounts = [e.amount or Fraction(0) for e in self._events(line, "recognize", last) if not since or e.day > since]
        return sum(amounts, Fraction(0))

    def _recognized_by_hand(self, line: Line, last: date) -> Fraction:
        if not line.price:
            return Fraction(0)
        return min(self.recognized_by_hand(line, None, last) / line.price, Fraction(1))

    # ------------------------------------------------------------------------------------- usage and redemption

    def used(self, line: Line, last: date) -> Fraction:
        """What has been used: `amount`, or `quantity` at the event's price, else at the price a unit had on its day."""
        used = Fraction(0)
        for event in self._events(line, "use", last):
            if event.amount is not None:
                used += event.amount
            elif event.quantity is not None and event.price is not None:
                used += event.quantity * event.price
            else:
                unit_price = line.unit_price_on(event.day)
                if event.quantity is None or unit_price is None:
                    raise ValueError(f"use without a value: {event.id}")
                used += event.quantity * unit_price
        return used

    def beyond(self, line: Line, last: date) -> int:
        """Usage beyond the commitment: it raises the price as it happens."""
        if line.obligation.method != "usage":
            return 0
        return max(round_half_away(self.used(line, last) - line.price), 0)

    def _rights(self, line: Line) -> Fraction:
        """Rights sold default to the price in currency units."""
        if line.quantity is not None:
            return line.quantity
        return Fraction(line.price, 10 ** decimals_of(line.obligation.contract.currency))

    def _redeemed(self, line: Line, last: date) -> Fraction:
        return sum((e.quantity or Fraction(0) for e in self._events(line, "redeem", last)), Fraction(0))

    def _redeemed_of_expected(self, line: Line, last: date, known: date) -> Fraction:
        """Rights redeemed over those expected to be."""
        breakage = line.obligation.breakage
        for event in self._events(line, "estimate", known):
            if event.percent is not None:
                breakage = event.percent / 100
        expected = self._rights(line) * (1 - breakage)
        return min(self._redeemed(line, last) / expected, Fraction(1)) if expected else Fraction(0)

    def has_lapsed(self, line: Line, last: date) -> bool:
        """True from the close of the obligation's end, or of an `expire`."""
        end = line.end
        return (end is not None and end <= last) or bool(self._events(line, "expire", last))

    # ------------------------------------------------------------------------------------------------- the clock

    def course(self, line: Line, known: date) -> Course:
        """The term from its real start (an `activate` governs throughout) to the end in force, with the pauses known
        by a day. An end set by a change is the whole term's; pauses that were over by then do not move it again."""
        o = line.obligation
        if o.start is None or o.end is None:
            raise ValueError(f"a service over time without both dates: {o.key}")
        start, end = o.start, o.end
        activations = self._events(line, "activate", date.max)
        activated = activations[-1].day if activations else None
        ends = sorted(line.ends, key=lambda row: row[0])
        for day, new_end in ends:
            if activated is None or day < activated:
                end = new_end
        if activated is not None:
            start, end = activated, moved_end(o.start, end, activated)
            for day, new_end in ends:
                if day >= activated:
                    end = new_end
        pauses = self._pauses(line, known)
        if ends:
            for pause in pauses:
                if pause.extends and pause.resumed is not None and pause.resumed < ends[-1][0]:
                    end -= pause.resumed - pause.paused - ONE_DAY
        return Course(start, end, o.convention, self.book.settings.calendar, tuple(pauses))

    def course_of_span(self, line: Line, piece: Piece, known: date) -> Course:
        """The course of a separately added price."""
        if piece.span is None:
            return self.course(line, known)
        pauses = tuple(p for p in self._pauses(line, known) if p.paused >= piece.span.start)
        convention = line.obligation.convention
        return Course(piece.span.start, piece.span.end, convention, self.book.settings.calendar, pauses)

    def _pauses(self, line: Line, known: date) -> list[Pause]:
        pauses: list[Pause] = []
        for event in self.book.events_of(line.obligation):
            if event.day > known:
                continue
            if event.type == "pause":
                pauses.append(Pause(event.day, None, extends=False))
            elif event.type == "resume":
                pauses[-1] = Pause(pauses[-1].paused, event.day, extends=event.treatment == "extend")
        return pauses

    def held_since(self, line: Line, known: date) -> date | None:
        """The day of the hold in force at the close of a day."""
        held: date | None = None
        for event in self.book.events_of(line.obligation):
            if event.day <= known and event.type == "hold" and held is None:
                held = event.day
            elif event.day <= known and event.type == "release":
                held = None
        return held
