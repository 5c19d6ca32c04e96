"""Formulas in words: sums, parts of an amount, shares - each with a value, written so that a reader can work it out.

The arithmetic of a row reads `formula; remarks`: what stands before the first semicolon works out to the amount.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

from engine.schedule.kernel import rounded, share_out

#: most digits after the point of a weight or a share
_DIGITS = 40


class Term(NamedTuple):
    """One term of a sum: its amount, what it is called, and the formula it comes from if it is not just a number."""

    amount: int
    label: str = ""
    formula: str = ""


def total(terms: Iterable[Term], money: Callable[[int], str]) -> str:
    """`12,000.00 contracted - 5,950.68 recognized`; terms of nothing are left out."""
    words = ""
    for term in terms:
        if not term.amount:
            continue
        text = term.formula or money(abs(term.amount))
        sign = " - " if term.amount < 0 and not term.formula else " + "
        words += sign + text + (f" {term.label}" if term.label else "")
    if not words:
        return ""
    return f"-{words[3:]}" if words.startswith(" - ") else words[3:]


def part(
    amount: int, weights: Sequence[int | Fraction], n: int, money: Callable[[int], str], whole: str = "",
    decimals: int = 2,
) -> str:  # fmt: skip
    """How the n-th of those who share an amount by weight comes to its part: `ROUND(11,000.00 x 9.00 / 15.00)`.

    Running totals are rounded, so the parts add up; where that differs from rounding each, both totals are shown.

    whole     formula of the amount, in brackets if need be; weights are minor units of a currency with `decimals`
    """
    if len(weights) == 1:
        return whole or money(amount)
    own = share_out(amount, weights)[n]
    if not sum(weights):
        weights = [Fraction(10**decimals)] * len(weights)
    before, to_here, every = sum(weights[:n]), sum(weights[: n + 1]), sum(weights)
    text = whole or money(amount)
    shown = _shown([Fraction(weights[n]), Fraction(every)], decimals, lambda w, s: s and rounded(amount, w / s) == own)
    if shown:
        return f"ROUND({text} x {shown[0]} / {shown[1]})"

    def adds_up(first: Fraction, last: Fraction, s: Fraction) -> bool:
        return bool(s) and rounded(amount, first / s) - rounded(amount, last / s) == own

    found = _shown([Fraction(to_here), Fraction(before), Fraction(every)], decimals, adds_up)
    first, last, by = found or [str(Fraction(figure)) for figure in (to_here, before, every)]
    return f"ROUND({text} x {first} / {by}) - ROUND({text} x {last} / {by})"


def _shown(figures: Sequence[Fraction], decimals: int, holds: Callable[..., object]) -> list[str] | None:
    """Minor units written with as few digits as the formula holds with; None if it does not hold anyway."""
    if not holds(*figures):
        return None
    for digits in range(decimals, _DIGITS):
        unit = 10 ** (digits - decimals)
        cut = [Fraction(rounded(unit, figure), unit) for figure in figures]
        if holds(*cut):
            return [written(figure / 10**decimals, digits) for figure in cut]
    return None


def written(figure: Fraction, digits: int) -> str:
    """A figure with so many digits after the point."""
    whole, rest = divmod(rounded(10**digits, abs(figure)), 10**digits)
    sign = "-" if figure < 0 else ""
    return f"{sign}{whole:,}.{rest:0{digits}d}" if digits else f"{sign}{whole:,}"


def fraction(share: Fraction, amount: int, result: int, half_even: bool = False) -> str:
    """A share as a fraction, or where that is long as a decimal with as many digits as it takes to get the result."""
    if share.denominator < 1_000_000:
        return str(share)
    for digits in range(6, _DIGITS):
        cut = Fraction(rounded(10**digits, share), 10**digits)
        if rounded(amount, cut, half_even) == result:
            return written(cut, digits)
    return f"{share.numerator}/{share.denominator}"
