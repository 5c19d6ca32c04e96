"""Recognition: R of an obligation at the close of a day, by its method and events.

Every question names two days: `day`, the close asked about, and `known`, the last day whose rows may be used. For a
balance both are the same day; for a plan (waterfall, bands, current part) `known` is the as-of day and `day` later.
Work without a clock does not move after `known`: nothing of it is planned.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from .billing import Billing
from .book import Book, Event, Obligation, decimals_of
from .calendars import ONE_DAY
from .prices import Prices, usage_beyond, used_value
from .rounding import round_half_away, round_money
from .shares import Course, Pause, moved_end


class Recognition:
    """Recognized to date and the part of it that is breakage."""

    def __init__(self, book: Book, prices: Prices, billing: Billing) -> None:
        self.book = book
        self.prices = prices
        self.billing = billing
        self._answers: dict[tuple[Obligation, date, date], tuple[int, int]] = {}

    def recognized(self, obligation: Obligation, day: date, known: date) -> int:
        """R in whole minor units."""
        return self.recognized_and_breakage(obligation, day, known)[0]

    def breakage(self, obligation: Obligation, day: date, known: date) -> int:
        """The part of R that stands for rights never used."""
        return self.recognized_and_breakage(obligation, day, known)[1]

    def recognized_and_breakage(self, obligation: Obligation, day: date, known: date) -> tuple[int, int]:
        """R and the breakage in it (kept once worked out)."""
        if (obligation, day, known) not in self._answers:
            self._answers[obligation, day, known] = self._work_out(obligation, day, known)
        return self._answers[obligation, day, known]

    def _work_out(self, obligation: Obligation, day: date, known: date) -> tuple[int, int]:
        """R and breakage with hold, signing and first invoice applied, in this order."""
        price = self.prices.allocated(obligation, known)
        held_since = self._held_since(obligation, known)
        if held_since is not None:  # what was recognized on the eve stands (its share, if the price moves)
            day = known = held_since - ONE_DAY
        if known < obligation.contract.signed_on:
            return 0, 0
        if self.book.settings.early_service == "catch_up":
            first = self.billing.first_invoice(obligation)
            if first is None or known < first:
                return 0, 0
        return self._earned(obligation, price, day, known)

    # ---------------------------------------------------------------------------------------------- by method

    def _earned(self, o: Obligation, price: int, day: date, known: date) -> tuple[int, int]:
        """What the method earns of the allocated price, and the breakage in it."""
        if o.method == "manual":
            amounts = sum((event.amount or Fraction(0) for event in self._events(o, "recognize", known)), Fraction(0))
            return round_half_away(amounts), 0
        if o.method == "ratable":
            course = self.course(o, known)
            if o.rounding in ("plug_last", "plug_first"):
                return course.plugged(price, day, o.rounding), 0
            return round_money(price * course.share(day), o.rounding), 0
        if o.method == "usage":
            return self._earned_by_use(o, price, known)
        if o.method == "redemption":
            return self._earned_by_redemption(o, price, known)
        share = {
            "point_in_time": self._delivered_share,
            "milestone": self._milestone_share,
            "progress": self._progress_share,
        }[o.method](o, day, known)
        return round_money(price * share, o.rounding), 0

    def _delivered_share(self, o: Obligation, day: date, known: date) -> Fraction:
        """All or a part at each `deliver`; without any such event (ever) all at its own start."""
        if not self._events(o, "deliver", date.max):
            return Fraction(1) if o.own_start is not None and o.own_start <= day else Fraction(0)
        share = Fraction(0)
        for event in self._events(o, "deliver", known):
            if event.percent is not None:
                share += event.percent / 100
            elif event.quantity is not None and o.quantity:
                share += event.quantity / o.quantity
            else:
                share = Fraction(1)
        return min(share, Fraction(1))

    def _milestone_share(self, o: Obligation, day: date, known: date) -> Fraction:
        """Each `deliver` earns its amount or percent of the stated price."""
        share = Fraction(0)
        for event in self._events(o, "deliver", known):
            if event.amount is not None:
                share += event.amount / o.price
            elif event.percent is not None:
                share += event.percent / 100
            else:
                raise ValueError(f"a milestone without amount or percent: {event.id}")
        return share

    def _progress_share(self, o: Obligation, day: date, known: date) -> Fraction:
        """The measure to date over the expected total as last estimated."""
        expected = o.expected_total
        measure = Fraction(0)
        for event in self.book.events:
            if o not in event.obligations or event.day > known or expected is None:
                continue
            if event.type == "estimate" and event.quantity is not None:
                expected = event.quantity
            elif event.type == "progress" and event.percent is not None:
                measure = expected * event.percent / 100
            elif event.type == "progress" and event.quantity is not None:
                measure += event.quantity
        if not expected:
            return Fraction(0)
        share = min(measure / expected, Fraction(1))
        decimals = self.book.settings.progress_decimals
        if decimals is not None:
            share = Fraction(round_half_away(share * 10**decimals), 10**decimals)
        return share

    def _earned_by_use(self, o: Obligation, price: int, known: date) -> tuple[int, int]:
        """The allocated price by the part of the commitment used, all of it once the rest lapsed, and all beyond."""
        beyond = usage_beyond(self.book, o, known)
        used = min(used_value(self.book, o, known) / o.price, Fraction(1)) if o.price else Fraction(0)
        proper = round_money(price * used, o.rounding)
        earned = price if self._lapsed(o, known) else proper
        return earned + beyond, earned - proper

    def _earned_by_redemption(self, o: Obligation, price: int, known: date) -> tuple[int, int]:
        """The allocated price by the rights redeemed over those expected to be; all of it once the rest lapsed."""
        in_currency_units = Fraction(o.price, 10 ** decimals_of(o.contract.currency))
        sold = o.quantity if o.quantity is not None else in_currency_units  # rights sold default to the price
        expected_breakage = o.breakage
        for event in self._events(o, "estimate", known):
            if event.percent is not None:
                expected_breakage = event.percent / 100
        redeemed = sum((event.quantity or Fraction(0) for event in self._events(o, "redeem", known)), Fraction(0))
        expected = sold * (1 - expected_breakage)
        share = min(redeemed / expected, Fraction(1)) if expected else Fraction(0)
        earned = price if self._lapsed(o, known) else round_money(price * share, o.rounding)
        proper = round_money(price * redeemed / sold, o.rounding) if sold else 0
        return earned, earned - proper

    def _lapsed(self, o: Obligation, known: date) -> bool:
        """True from the close of the obligation's end, or of an `expire`."""
        return (o.end is not None and o.end <= known) or bool(self._events(o, "expire", known))

    # ----------------------------------------------------------------------------------------- events and clock

    def _events(self, o: Obligation, kind: str, known: date) -> list[Event]:
        return [e for e in self.book.events if e.type == kind and e.day <= known and o in e.obligations]

    def _held_since(self, o: Obligation, known: date) -> date | None:
        """The day of the hold in force at the close of a day."""
        held: date | None = None
        for event in self.book.events:
            if o in event.obligations and event.day <= known:
                if event.type == "hold" and held is None:
                    held = event.day
                elif event.type == "release":
                    held = None
        return held

    def course(self, o: Obligation, known: date) -> Course:
        """The term from its real start (an `activate` governs throughout) with the pauses known by a day."""
        if o.start is None or o.end is None:
            raise ValueError(f"a service over time without both dates: {o.key}")
        start, end = o.start, o.end
        for event in self._events(o, "activate", date.max):
            start, end = event.day, moved_end(o.start, o.end, event.day)
        pauses: list[Pause] = []
        for event in self.book.events:
            if o not in event.obligations or event.day > known:
                continue
            if event.type == "pause":
                pauses.append(Pause(event.day, None, extends=False))
            elif event.type == "resume":
                pauses[-1] = Pause(pauses[-1].paused, event.day, extends=event.treatment == "extend")
        return Course(start, end, o.convention, self.book.settings.calendar, tuple(pauses))
