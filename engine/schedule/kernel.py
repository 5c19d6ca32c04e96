"""Exact rounding: what part of an amount has been earned, to the minor unit, without big integers in the hot path.

Every figure of a schedule is ROUND(amount x part / whole) of integers. Four forms give it, tested equal to each other:
`rounded` for one figure (Python integers, no limits), `rounded_parts` for columns (int64), and for whole books the
prepared split and the line.

The split, once per row, of amount A over `whole` ticks D: q = A // D, r = A - q*D, u = r / D, v = (D - [A<0] + 0.5) /
(2*D). Then q*e + floor(e*u + v) is ROUND(A*e/D), half away from zero: e*u + v stays at least 1/(4*D) away from the
next integer and its float64 error below 3*D*2**-53, so the floor cannot err while D < SPLIT_LIMIT.

The line: while a row earns, its ticks grow evenly with time, e = rate*t + reached, and so does its revenue. With B its
base, B + ROUND(A*e/D) is the whole number nearest to slope*t + offset: slope = A*rate/D, offset = B + A*reached/D + s,
s = 1/(4*D*F) with the sign of A, for times t in steps of 1/k, k <= F. For A*e/D is a multiple of 1/(D*k) then, so s
takes ties away from zero and leaves 1/(4*D*F) to the next tie. While 0 <= e <= D, and with rate <= D (no step of time
earns more than all there is), the float64 error is below 7*2**-53*S/D, S = |A|*(|reached| + D) + (|B| + 1)*D; before
and after, the line runs off faster than its error grows.
So the nearest whole number cannot be another where S < 2**48/F. Of larger amounts q*e is taken as whole minor units,
and the line is drawn with r for A.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

#: largest `whole` for which the float split is proven exact (see above)
SPLIT_LIMIT = 27_000_000
#: largest `whole` for which `rounded_parts` stays inside int64 (remainder x part < 2**63)
PARTS_LIMIT = 3_000_000_000
#: largest S of a line (see above), and largest whole minor units beside one: sums of two are integers that float64 has
_LINE_LIMIT, _UNITS_LIMIT = 2.0**48, 2.0**51
#: a step of time shorter than any that is asked for, longer than the error of a time worked out
_HAIR = 2.0**-20
#: float64 from 2**52 to 2**53 are the whole numbers, and their bits count on by one from one to the next
_WHOLE = 1.5 * 2.0**52
_WHOLE_BITS = np.float64(_WHOLE).view(np.int64)


def rounded_ratio(numerator: int, whole: int, half_even: bool = False) -> int:
    """ROUND(numerator / whole), half away from zero (Excel's ROUND) or half to even; whole > 0."""
    floor, rest = divmod(numerator, whole)
    if 2 * rest != whole:
        return floor + (2 * rest > whole)
    return floor + (floor & 1 if half_even else numerator > 0)


def rounded(amount: int, share: Fraction, half_even: bool = False) -> int:
    """ROUND(amount x share) in whole minor units."""
    return rounded_ratio(amount * share.numerator, share.denominator, half_even)


def share_out(amount: int, weights: Sequence[int | Fraction]) -> list[int]:
    """`amount` shared over `weights` by the cumulative rule: running totals are rounded, so the parts add up exactly.

    Weights that add up to zero share in equal parts.
    """
    unit = lcm(*(weight.denominator for weight in weights))
    ticks = [int(weight * unit) for weight in weights]
    whole = sum(ticks)
    if not whole:
        ticks, whole = [1] * len(ticks), len(ticks)
    sign = 1 if whole > 0 else -1
    parts: list[int] = []
    running = given = 0
    for weight in ticks:
        running += weight
        to_here = rounded_ratio(sign * amount * running, sign * whole)
        parts.append(to_here - given)
        given = to_here
    return parts


def rounded_parts(amount: Ints, part: Ints, whole: Ints, half_even: Bools | bool = False) -> Ints:
    """ROUND(amount x part / whole) of each row, 0 <= part <= whole < PARTS_LIMIT, in integers."""
    quotient = amount // whole
    product = (amount - quotient * whole) * part
    floor = product // whole
    rest = 2 * (product - floor * whole)
    result: Ints = quotient * part + floor
    tie_up = np.where(half_even, result & 1, amount >= 0)
    return result + np.where(rest == whole, tie_up, rest > whole)


class Split(NamedTuple):
    """Amounts split over their ticks, ready to be asked: columns of equal length."""

    quotient: Ints
    slope: Floats
    offset: Floats


def split(amount: Ints, whole: Ints) -> Split:
    """Prepare ROUND(amount x e / whole) for any e; 0 < whole < SPLIT_LIMIT."""
    quotient = amount // whole
    remainder = amount - quotient * whole
    ticks = whole.astype(np.float64)
    return Split(quotient, remainder / ticks, (ticks - (amount < 0) + 0.5) / (2.0 * ticks))


def split_to_date(prepared: Split, ticks: npt.NDArray[Any]) -> Ints:
    """ROUND(amount x ticks / whole) of each row of a prepared split."""
    fraction = ticks * prepared.slope
    fraction += prepared.offset
    np.floor(fraction, out=fraction)
    result: Ints = prepared.quotient * ticks
    result += fraction.astype(np.int64)
    return result


def nearest(numbers: Floats) -> Ints:
    """The whole number nearest to each, in place; sizes below 2**51.

    Added to `_WHOLE`, a number has no bits left for a fraction and is rounded; what its bits have gained is the whole
    number. That is one pass where rounding and turning into integers are two.
    """
    numbers += _WHOLE
    result: Ints = numbers.view(np.int64)
    result -= _WHOLE_BITS
    return result


class Lines(NamedTuple):
    """base + ROUND(amount x (rate x t + reached) / whole) of each row; columns of integers, or one for all."""

    base: Floats
    amount: Floats
    rate: Floats
    reached: Floats
    whole: Floats

    def fit(self, fineness: int = 1, largest: float = np.inf, longest: float = np.inf) -> Bools:
        """Which rows are exact as one line, at times in steps of 1 / `fineness` and coarser.

        largest  no base and amount are larger together, in size
        longest  no whole is larger, and no reached, in size; mostly these two are enough to know that every row is
        """
        limit = _LINE_LIMIT / fineness
        if longest == np.inf:
            longest = max(self.reached.max(), -self.reached.min(), self.whole.max())
        if (largest + 1.0) * 3.0 * longest < limit:
            return np.ones(len(self.amount), bool)
        size = np.abs(self.amount) * (np.abs(self.reached) + self.whole)
        size += (np.abs(self.base) + 1.0) * self.whole
        result: Bools = size < limit
        return result

    def rises(self) -> tuple[Floats, Floats]:
        """The times from one to the other of which each row surely has 0 <= e <= whole: a hair less may be told."""
        rising = self.rate > 0
        rate = np.where(rising, self.rate, 1.0)
        return np.where(rising, _HAIR - self.reached / rate, np.inf), (self.whole - self.reached) / rate - _HAIR

    def draw(self, line: Floats, fineness: int = 1) -> None:
        """Fill in `line`: slope and offset of each row."""
        slope, offset = line
        np.multiply(self.amount, self.reached, out=offset)
        offset += np.copysign(0.25 / fineness, self.amount)
        offset /= self.whole
        offset += self.base
        np.multiply(self.amount, self.rate, out=slope)
        slope /= self.whole

    def fit_split(self) -> Bools:
        """Which rows are exact as whole minor units beside a line, at whole times."""
        left = self._replace(base=np.zeros_like(self.base), amount=self.whole)
        units = np.abs(self.amount) / self.whole * np.abs(self.reached) + np.abs(self.amount) + np.abs(self.base)
        return left.fit() & (units < _UNITS_LIMIT)

    def drawn_split(self) -> tuple[tuple[Floats, Floats], tuple[Floats, Floats]]:
        """Slope and offset of each row, and slope and offset of the whole minor units beside it."""
        quotient, slope, offset = split(self.amount.astype(np.int64), self.whole.astype(np.int64))
        line = slope * self.rate, (offset - 0.5) + slope * self.reached
        return line, (quotient * self.rate, self.base + quotient * self.reached)
