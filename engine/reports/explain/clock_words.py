"""Clocks in words: the share of a term that has been served, or of what was left of it, as an accountant would write
it."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from engine.schedule.clocks import DAILY, ENDS, EVEN, FULL, HALF, MONTHLY, THIRTY, Clock

_NAMES = {
    DAILY: "daily", MONTHLY: "monthly", EVEN: "even_months", FULL: "full_months", HALF: "half_month", THIRTY: "30_360",
    ENDS: "daily_ends",
}  # fmt: skip
_COUNTED = (MONTHLY, EVEN, FULL, HALF)
#: longest denominator of a count that a person would write
_PLAIN = 400


def share_words(clock: Clock, day: int, gone: Fraction = Fraction(0)) -> str:
    """`90/365 days`, `3 + 15/31 of 12 months`: the share served by the close of `day`; `92/184 days left`: of what is
    left when the share `gone` is behind. Empty where it cannot be counted in days or months."""
    share = clock.share(day)
    if gone:
        words = _of_unit(clock, share - gone, 1 - gone)
        return f"{words} left" if words else ""
    if share in (0, 1):
        return str(share)
    return _of_unit(clock, share, Fraction(1)) or f"{share.numerator}/{share.denominator}"


def _of_unit(clock: Clock, share: Fraction, whole: Fraction) -> str:
    """A share of a part of a clock in the clock's own unit."""
    unit, name = _unit(clock)
    done, total = share * unit, whole * unit
    if not unit or max(done.denominator, total.denominator) > _PLAIN:
        return ""
    counted = done.denominator == total.denominator == 1
    if name == "days" and clock.effective != ENDS and counted:
        return f"{done}/{total} days"
    if clock.effective == DAILY:
        return ""
    return f"{mixed(done)} of {mixed(total)} {name}"


def _unit(clock: Clock) -> tuple[Fraction, str]:
    """How many of which unit a term has; 0 where it has none."""
    if clock.effective == DAILY:
        return Fraction(clock.whole), "days"
    if clock.effective == THIRTY:
        return Fraction(clock.whole), "thirty-day days"
    if clock.effective == ENDS or clock.first == clock.last:
        return Fraction(clock.end - clock.start + 1), "days"
    if clock.effective in _COUNTED and clock.weights.middle:
        return Fraction(clock.whole, clock.weights.middle), "months"
    return Fraction(0), ""


def term_words(clock: Clock) -> str:
    """`2026-01-01 to 2026-12-31, daily`."""
    return f"{date.fromordinal(clock.start)} to {date.fromordinal(clock.end)}, {_NAMES[clock.effective]}"


def mixed(number: Fraction) -> str:
    """`3 + 15/31`."""
    whole, rest = divmod(number, 1)
    if not rest:
        return str(whole)
    return f"{whole} + {rest}" if whole else str(rest)
