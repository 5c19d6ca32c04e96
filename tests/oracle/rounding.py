"""Rounding to whole minor units, and sharing an amount so that the parts add up."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction


def round_half_away(value: Fraction) -> int:
    """The nearest whole number, a half away from zero, as the ROUND of a spreadsheet."""
    size = abs(value)
    whole = size.numerator // size.denominator
    if size - whole >= Fraction(1, 2):
        whole += 1
    return whole if value >= 0 else -whole


def round_half_even(value: Fraction) -> int:
    """The nearest whole number, a half to the even neighbor."""
    size = abs(value)
    whole = size.numerator // size.denominator
    rest = size - whole
    if rest > Fraction(1, 2) or (rest == Fraction(1, 2) and whole % 2 == 1):
        whole += 1
    return whole if value >= 0 else -whole


def round_money(value: Fraction, policy: str) -> int:
    """Round a to-date amount by a rounding policy; without a clock both plug policies read as `cumulative`."""
    return round_half_even(value) if policy == "cumulative_half_even" else round_half_away(value)


def share_out(amount: int, weights: Sequence[Fraction]) -> list[int]:
    """Share a whole amount in proportion to weights: the running total is rounded, each part is a difference.

    Weights that add up to nothing say nothing: equal parts then.
    """
    total = sum(weights, Fraction(0))
    if total == 0:
        weights = [Fraction(1)] * len(weights)
        total = Fraction(len(weights))
    parts: list[int] = []
    reached = Fraction(0)
    given = 0
    for weight in weights:
        reached += weight
        target = round_half_away(amount * reached / total)
        parts.append(target - given)
        given = target
    return parts
