"""A line: one obligation in the life of its contract - the terms in force, how far its work is, and what is earned of
its price.

The price of a line is what is settled (contracted and recognized for good) and strands, parts that are earned each on
its own: over the whole measure of the obligation, over what is left of it after a day, or over days of their own.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction

from engine.book.tables import Event, Opening
from engine.schedule.clocks import ALL, DAILY, NONE, Clock
from engine.schedule.course import Course, Pause, course, share_at
from engine.schedule.kernel import rounded
from engine.schedule.measure import LAPSING, WORK, Measure
from engine.schedule.promise import Ended, Promise, Reach, Rest, Strand
from engine.schedule.segment import HALF_EVEN, PLUGS, Segment


@dataclass(slots=True)
class Line:
    """An obligation while its life is told.

    price      stated price in force
    ssp_since  where the measure stood when a change gave the ssp, which is that of what remained
    ends       (day of the row, new end) of changes
    held       how far recognition had got when it was held; `held_at_nothing`: it could not begin before
    by_hand    amounts entered by hand that are settled
    invoiced   whether revenue need not wait for a first invoice
    """

    promise: Promise
    price: int
    ssp: int | None
    measure: Measure
    invoiced: bool = True
    ssp_since: Reach | None = None
    ends: list[tuple[int, int]] = field(default_factory=list)
    pauses: tuple[Pause, ...] = ()
    expired: int | None = None
    held: Reach | None = None
    held_at_nothing: bool = False
    strands: list[Strand] = field(default_factory=list)
    settled: int = 0
    settled_breakage: int = 0
    by_hand: Fraction = NONE
    ended: Ended | None = None
    _eve: tuple[Reach | None, Measure] | None = None
    _could_begin: bool = False  # by the eve, holds aside
    _clock: tuple[int, tuple[Pause, ...], Clock] | None = None  # the last asked for, and after how many ends and pauses

    @staticmethod
    def of(promise: Promise) -> Line:
        return Line(promise, promise.row.price, promise.row.ssp, promise.measure)

    # -- what happens
    # ---------------------------------------------------------------------------------------------------------------

    def begin(self, day: int) -> None:
        """Begin a day: keep how the eve left the line."""
        self._eve = self.reach(day - 1, day - 1), self.measure
        self._could_begin = self._unheld(day - 1, day - 1) is not None

    def apply(self, event: Event, day: int) -> None:
        """Take an event that moves no terms."""
        if event.type == "expire":
            self._expire(day, event.amount or 0)
        elif event.type in WORK:
            self.measure = self.measure.after(event)
        elif event.type == "hold" and self.held is None:
            eve = self._eve[1] if self._eve is not None else self.measure
            self.held = Reach(day - 1, eve, tuple(pause for pause in self.pauses if pause.paused < day))
            self.held_at_nothing = not self._could_begin  # an earlier hold may have been released today
        elif event.type == "release":
            self.held = None
        elif event.type == "pause" and self.promise.runs:
            self.pauses = (*self.pauses, Pause(day))
        elif event.type == "resume" and self.promise.runs and self.pauses:
            self._resume(day, extends=event.treatment == "extend")

    def _expire(self, day: int, handed_over: int) -> None:
        """Let the unused rights lapse; what has to be handed over to the state was never the seller's to earn."""
        if self.expired is None:
            if handed_over and self.ended is None:
                self.lower(day, handed_over)
            self.expired = day

    def _resume(self, day: int, extends: bool) -> None:
        paused = self.pauses[-1].paused
        if self.promise.rounding in PLUGS:  # a plug closes the periods before the pause
            rest = self.rest_at(Reach(day - 1, self.measure, self.pauses))
            left = self.proper - rest.recognized
            self.pauses = (*self.pauses[:-1], Pause(paused, day, extends))
            self.earn_anew(rest, left)
        else:
            self.pauses = (*self.pauses[:-1], Pause(paused, day, extends))

    def take_terms(self, row: Event, as_if: bool = False) -> None:
        """The new price, end, quantity and ssp of a change; `as_if` they had held before its day."""
        day = row.date.toordinal()
        if row.price is not None:
            self.price = int(row.price)
            self._measured(price=Fraction(self.price))
        if row.end is not None:
            self.ends.append((day, row.end.toordinal()))
        if row.quantity is not None:
            self._rescale(row.quantity, as_if)
        if row.ssp is not None:
            self.ssp = row.ssp

    def reach_terms(self, row: Event) -> None:
        """Come to the day of a change that held as if from before: estimates of the work after it count again."""
        if row.quantity is not None and self.promise.row.method == "progress":
            last = self.measure.restated in (None, row.quantity)
            self._measured(expected=row.quantity, restated=None if last else self.measure.restated)

    def _rescale(self, quantity: Fraction, as_if: bool) -> None:
        """A new expected total, or new rights or units."""
        if self.promise.row.method != "progress":
            self._measured(quantity=quantity)
        elif as_if:
            self._measured(restated=quantity)
        else:
            self._measured(expected=quantity, restated=None)

    def _measured(self, **terms: Fraction | None) -> None:
        self.measure = replace(self.measure, **terms)  # type: ignore[arg-type]
        if self.held is not None:
            self.held = self.held._replace(measure=replace(self.held.measure, **terms))  # type: ignore[arg-type]

    # -- clock and measure
    # ---------------------------------------------------------------------------------------------------------------

    @property
    def last_end(self) -> int | None:
        """The end last set, before pauses that extend it."""
        return max(self.ends, key=lambda row: row[0])[1] if self.ends else self.promise.end

    def clock(self, pauses: tuple[Pause, ...]) -> Clock:
        """The clock of the whole term, before pauses move its end."""
        if self._clock is None or self._clock[:2] != (len(self.ends), pauses):
            self._clock = len(self.ends), pauses, self.promise.clock(self.ends, pauses)
        return self._clock[2]

    def real_end(self, pauses: tuple[Pause, ...]) -> int:
        """The end of the clock, moved out by pauses that extend it."""
        return self.clock(pauses).end + sum(pause.extension for pause in pauses)

    def share(self, reach: Reach) -> Fraction:
        """Share of the whole obligation that is earned."""
        if self.promise.runs:
            return share_at(self.clock(reach.pauses), reach.pauses, reach.day)
        return self._lapsing(reach).share

    def _lapsing(self, reach: Reach) -> Measure:
        """The measure, lapsed if the rights have run out by then."""
        measure = reach.measure
        if self.promise.row.method not in LAPSING:
            return measure
        end = self.last_end
        lapsed = (end is not None and end <= reach.day) or (self.expired is not None and self.expired <= reach.day)
        return replace(measure, lapsed=lapsed) if lapsed is not measure.lapsed else measure

    def gone(self, since: Reach | None, reach: Reach) -> Fraction:
        """Share that was behind the line at `since`, by the terms and pauses of `reach`."""
        if since is None:
            return NONE
        if self.promise.runs:
            return share_at(self.clock(reach.pauses), reach.pauses, since.day)
        return self.share(Reach(since.day, reach.measure.at(since.measure), reach.pauses))

    def left(self, since: Reach | None) -> Fraction:
        """Share that was not yet earned at `since`, by the terms now."""
        if since is None:
            return ALL
        return ALL - self.gone(since, Reach(0, self.measure, self.pauses))

    # -- recognized
    # ---------------------------------------------------------------------------------------------------------------

    def reach(self, day: int, known: int) -> Reach | None:
        """How far recognition gets by the close of `day`, as known at `known`, which is now; None where nothing can be
        recognized: before signing, and before the first invoice if it waits for that."""
        if self.held is not None:
            return None if self.held_at_nothing else self.held
        return self._unheld(day, known)

    def _unheld(self, day: int, known: int) -> Reach | None:
        if not self.invoiced:
            return None
        return Reach(day, self.measure, self.pauses) if known >= self.promise.signed else None

    @property
    def eve(self) -> Reach | None:
        """How far recognition got by the close of the day before, as known then."""
        assert self._eve is not None
        return self._eve[0]

    @property
    def contracted_on_eve(self) -> int:
        """Contracted price at the close of the day before, asked before the terms move."""
        assert self._eve is not None
        return self.proper if self.ended is not None else self.proper + self._eve[1].beyond

    def looking_back(self, day: int) -> Reach | None:
        """How far recognition got by the close of the day before `day`, as known now."""
        reach = self.reach(day - 1, day)
        if reach is None or self.held is not None or self._eve is None:
            return reach
        begun = tuple(pause for pause in reach.pauses if pause.paused < day)
        return reach._replace(measure=self.measure.at(self._eve[1]), pauses=begun)

    @property
    def proper(self) -> int:
        """Contracted price without usage beyond the commitment."""
        if self.ended is not None:
            return self.ended.total
        total = self.settled
        for strand in self.strands:
            total += strand.amount
        return total

    @property
    def contracted(self) -> int:
        """Contracted price."""
        return self.proper if self.ended is not None else self.proper + self.measure.beyond

    def recognized(self, reach: Reach | None) -> tuple[int, int]:
        """Revenue to date and the breakage in it, of a line that has not ended."""
        if reach is None:
            return 0, 0
        total, breakage = self._recognized(reach)
        return total + reach.measure.beyond, breakage

    def breakage_on(self, day: int) -> int:
        """Revenue to date from rights that will not be used, at the close of `day`, which is now."""
        if self.promise.row.method not in LAPSING:
            return 0
        return self.recognized_at(self.reach(day, day))[1]

    def _recognized(self, reach: Reach) -> tuple[int, int]:
        """The same without usage beyond the commitment."""
        total, breakage = self.settled, self.settled_breakage
        if self.promise.row.method == "manual":
            return total + rounded(1, reach.measure.money - self.by_hand), breakage
        for strand in self.strands:
            if self.promise.runs:
                total += self._running(strand, reach).to_date(reach.day)
            else:
                earned, lapsed = self._worked(strand, reach)
                total += earned
                breakage += lapsed
        return total, breakage

    def _running(
        self, strand: Strand, reach: Reach, index: int = 0, since: int = 0, price: int = 0, base: int = 0
    ) -> Segment:
        """What a strand earns by a clock, as a segment of an obligation."""
        amount, rounding = strand.amount, self.promise.rounding
        served = self._course(strand, reach)
        if served.stopped is None:
            return Segment(index, since, price, base, amount, served.clock, served.pace, served.shift, rounding)
        if rounding in PLUGS:
            paused = reach.pauses[-1].paused
            before = Reach(min(reach.day, paused), reach.measure, reach.pauses[:-1])
            return Segment(index, since, price, base + self._running(strand, before).to_date(before.day))
        return Segment(index, since, price, base + rounded(amount, served.stopped, rounding == HALF_EVEN))

    def _course(self, strand: Strand, reach: Reach) -> Course:
        if strand.span is not None:
            return course(strand.span, [pause for pause in reach.pauses if pause.paused >= strand.span.start])
        found = course(self.clock(reach.pauses), reach.pauses)
        return found.after(self.gone(strand.since, reach)) if strand.since is not None else found

    def _worked(self, strand: Strand, reach: Reach) -> tuple[int, int]:
        """What a strand earns by a measure, and the breakage in it: what it earns above the work itself. On a day of
        its own is earned what was left without any measure."""
        if strand.span is not None:
            return (strand.amount if reach.day >= strand.span.end else 0), 0
        half_even = self.promise.rounding == HALF_EVEN
        now = self._lapsing(reach)
        earned = rounded(strand.amount, _part(now.share, self.gone(strand.since, reach)), half_even)
        if self.promise.row.method not in LAPSING:
            return earned, 0
        used = NONE if strand.since is None else now.at(strand.since.measure).used_share
        return earned, earned - rounded(strand.amount, _part(now.used_share, used), half_even)

    def segments(self, day: int) -> list[Segment]:
        """What the line has contracted and earns from `day` on, a segment a strand."""
        index, price = self.promise.index, self.contracted
        if self.ended is not None:
            return [Segment(index, day, price, self.ended.total)]
        reach = self.reach(day, day)
        if reach is None or self.held is not None or not self.promise.runs or not self.strands:
            for strand in self.strands if reach is not None and self.held is None else ():
                if strand.span is not None and day < strand.span.end:  # what is left without any measure
                    return [Segment(index, day, price, self.recognized(reach)[0], strand.amount, strand.span)]
            return [Segment(index, day, price, self.recognized(reach)[0])]
        if len(self.strands) == 1:
            return [self._running(self.strands[0], reach, index, day, price, self.settled)]
        first, *others = (self._running(strand, reach, index, day, strand.amount) for strand in self.strands)
        apart = sum(segment.price for segment in others)
        first = first._replace(price=price - apart, base=first.base + self.settled)
        return [first, *(segment._replace(strand=number) for number, segment in enumerate(others, 1))]

    # -- starting anew
    # ---------------------------------------------------------------------------------------------------------------

    def rest(self, day: int) -> Rest:
        """The line before `day`, on which it starts anew; days of its own that a strand had become part of the term."""
        spans = self.added_ends
        found = self.rest_at(self.eve)
        if not spans:
            return found
        self.ends.append((day, max(spans)))
        return found._replace(left=self.left(found.since))

    @property
    def added_ends(self) -> list[int]:
        """Ends of the days that separate prices added."""
        return [strand.span.end for strand in self.strands if strand.span is not None and strand.since is None]

    def rest_at(self, reach: Reach | None) -> Rest:
        """The line as it stands at `reach`."""
        earlier = max((strand.since for strand in self.strands if strand.since), key=lambda at: at.day, default=None)
        if reach is None:
            return Rest(0, 0, earlier, ALL - self.gone(earlier, Reach(0, self.measure, self.pauses)))
        since = earlier if earlier is not None and earlier.day > reach.day else reach
        return Rest(*self._recognized(reach), since, ALL - self.gone(since, reach), reach.measure)

    def under_new_terms(self, rest: Rest) -> Rest:
        """The same once the terms have moved: what was used beyond the commitment and is now of it stays recognized."""
        if rest.work is None or self.promise.row.method != "usage":
            return rest
        moved = rest.work.beyond - self.measure.at(rest.work).beyond
        return rest._replace(recognized=rest.recognized + moved)

    def earn_anew(self, rest: Rest, amount: int) -> None:
        """Settle what is recognized, and earn an amount over what is left under the terms in force; at once if nothing
        is."""
        self.settle(rest)
        if self.left(rest.since):
            self.strands = [Strand(amount, rest.since)]
        else:
            self.settled += amount

    def take_over(self, opening: Opening, day: int, work: Measure) -> None:
        """Stand as taken over at the close of `day`: what is recognized is settled, and what is left of the price is
        earned over what is left of the measure after it - where nothing is, on the next day.

        work  what was done by then
        """
        price, self.measure = self.proper, self.measure.at(work)
        self.settled, self.by_hand = opening.recognized - self.measure.beyond, work.money
        since, left = Reach(day, self.measure, ()), price - self.settled
        over = not self.left(since) and self.promise.row.method != "manual"
        self.strands = [Strand(left, since, Clock(DAILY, day + 1, day + 1, self.promise.calendar) if over else None)]

    def earn_at_once(self, rest: Rest, amount: int) -> None:
        """Settle what is recognized and an amount; what was entered by hand is part of it."""
        assert self._eve is not None
        self.settle(rest)
        self.settled, self.by_hand = self.settled + amount, self._eve[1].money

    def settle(self, rest: Rest) -> None:
        self.settled, self.settled_breakage, self.strands = rest.recognized, rest.breakage, []
        self.by_hand = rest.work.money if rest.work is not None else self.by_hand

    def lower(self, day: int, by: int) -> None:
        """Lower the price over what remains, what exceeds that at once."""
        if self.ended is not None:
            self.shift(-by)
        elif by:
            contracted, rest = self.proper, self.rest(day)
            left = contracted - rest.recognized - by
            if left < 0 if contracted >= 0 else left > 0:
                self.earn_at_once(rest, left)
            else:
                self.earn_anew(rest, left)

    def shift(self, amount: int) -> None:
        """Move the price as if it had been so from the start of what is being earned; at once where nothing is."""
        if self.ended is not None:
            self.ended = replace(self.ended, total=self.ended.total + amount)
        elif self.strands:
            self.strands[0].amount += amount
        else:
            self.settled += amount

    def end(self, day: int, last: int, reach: Reach | None, fallen: int, undo: bool = False) -> None:
        """End the service: `fallen` of the price falls away, what is kept of the rest is recognized, what is above it
        reverses revenue; `undo` leaves nothing of either, whatever an estimate says later."""
        recognized, breakage = self.recognized_at(reach)
        contracted, before = self.contracted, self.ended
        total = 0 if undo else contracted - fallen
        over = total - recognized
        self.ended = Ended(
            day=day,
            last=last if before is None else min(last, before.last),
            total=total,
            breakage=breakage,
            cancelled=fallen + (before.cancelled if before else 0),
            reversed=over if (over < 0 if contracted >= 0 else over > 0) else 0,
            undone=(recognized if undo else 0) + (before.undone if before else 0),
            earlier=before,
        )

    def recognized_at(self, reach: Reach | None) -> tuple[int, int]:
        """Revenue to date and the breakage in it, of any line."""
        return (self.ended.total, self.ended.breakage) if self.ended is not None else self.recognized(reach)


def _part(share: Fraction, gone: Fraction) -> Fraction:
    """The part of what was left that is behind."""
    return ALL if gone >= 1 else max(share - gone, NONE) / (1 - gone)
