"""Clocks in words: the share of a term that has been served, as an accountant would write it."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from engine.schedule.clocks import DAILY, ENDS, EVEN, FULL, HALF, MONTHLY, THIRTY, Clock

_NAMES = {
    DAILY: "daily", MONTHLY: "monthly", EVEN: "even_months", FULL: "full_months", HALF: "half_month", THIRTY: "30_360",
    ENDS: "daily_ends",
}  # fmt: skip
_COUNTED = (MONTHLY, EVEN, FULL, HALF)


def share_words(clock: Clock, day: int) -> str:
    """`90/365 days`, `3 + 15/31 of 12 months`: the share served by the close of `day`."""
    share = clock.share(day)
    if share in (0, 1):
        return str(share)
    if clock.effective == DAILY:
        return f"{day + 1 - clock.start}/{clock.whole} days"
    if clock.effective == THIRTY:
        return f"{mixed(share * clock.whole)} of {clock.whole} thirty-day days"
    days = clock.end - clock.start + 1
    if clock.effective == ENDS:
        return f"{mixed(share * days)} of {days} days"
    if clock.first == clock.last:
        return f"{share * days}/{days} days"
    if clock.effective in _COUNTED and clock.weights.middle:
        unit = clock.weights.middle
        return f"{mixed(share * clock.whole / unit)} of {mixed(Fraction(clock.whole, unit))} months"
    return f"{share.numerator}/{share.denominator}"


def term_words(clock: Clock) -> str:
    """`2026-01-01 to 2026-12-31, daily`."""
    return f"{date.fromordinal(clock.start)} to {date.fromordinal(clock.end)}, {_NAMES[clock.effective]}"


def mixed(number: Fraction) -> str:
    """`3 + 15/31`."""
    whole, rest = divmod(number, 1)
    if not rest:
        return str(whole)
    return f"{whole} + {rest}" if whole else str(rest)
