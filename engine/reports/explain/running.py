"""What a clock has earned, in words: a segment at the close of a day as a formula."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction

from engine.reports.explain.clock_words import share_words
from engine.reports.explain.formula import Term, fraction, total
from engine.schedule.clocks import ALL, NONE
from engine.schedule.kernel import rounded
from engine.schedule.segment import HALF_EVEN, PLUGS, Segment

Money = Callable[[int], str]


def running_term(segment: Segment, day: int, money: Money) -> Term:
    """What a segment with a clock has earned by the close of a day, its base left out."""
    assert segment.clock is not None
    earned = segment.to_date(day) - segment.base
    share = min(max(segment.shift + segment.pace * segment.clock.share(day), NONE), ALL)
    if share in (NONE, ALL):
        return Term(earned)
    if segment.rounding in PLUGS:
        return _plugged(segment, day, earned, money)
    word = "ROUND_HALF_EVEN" if segment.rounding == HALF_EVEN else "ROUND"
    return Term(earned, "", f"{word}({money(segment.amount)} x {_share(segment, day, share, earned)})")


def _share(segment: Segment, day: int, share: Fraction, earned: int) -> str:
    """A share in the unit of the clock: of the whole term, of what is left of it, or beside what was earned before."""
    clock = segment.clock
    assert clock is not None
    if segment.pace == 1 and not segment.shift:
        return share_words(clock, day)
    left = 1 - 1 / segment.pace if segment.pace > 0 else NONE
    if segment.pace + segment.shift == 1 and left >= 0 and (words := share_words(clock, day, left)):
        return words
    behind = clock.share(segment.since - 1)
    kept = segment.shift + segment.pace * behind
    goes_on = segment.pace + segment.shift == 1 and day >= segment.since
    if goes_on and 0 < behind < 1 and 0 <= kept < 1 and kept.denominator < 10**6:
        words = share_words(clock, day, behind)
        if words:
            return f"({kept} + {1 - kept} x {words})"
    return fraction(share, segment.amount, earned, segment.rounding == HALF_EVEN)


def _plugged(segment: Segment, day: int, earned: int, money: Money) -> Term:
    """Periods rounded one by one: those before as a sum, and the days of the present one."""
    clock = segment.clock
    assert clock is not None
    calendar = clock.calendar
    period = calendar.period(day)
    before = segment.to_date(calendar.end(period - 1)) - segment.base
    month = segment.to_date(calendar.end(period)) - segment.base - before
    first, last = max(clock.start, calendar.start(period)), min(clock.end, calendar.end(period))
    served, days = day + 1 - first, last + 1 - first
    if before + rounded(month, Fraction(served, days)) != earned:
        return Term(earned, "in periods rounded one by one")
    now = f"ROUND({money(month)} x {served}/{days} days)"
    text = f"{total([Term(before)], money)} in the periods before + {now}" if before else now
    return Term(earned, "", text)


def day_words(day: int) -> str:
    """`2026-06-30`."""
    return date.fromordinal(day).isoformat()
