"""Rounding is exact: the three forms of ROUND(amount x part / whole) agree with fractions on any input."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.schedule.kernel import SPLIT_LIMIT, nearest, rounded, rounded_parts, share_out, split, split_to_date

amounts = st.integers(-(2**62), 2**62)


@st.composite
def parts(draw: st.DrawFn, limit: int) -> tuple[int, int, int]:
    """amount, part, whole - often at a tie, an end or one off."""
    whole = draw(
        st.one_of(st.sampled_from([1, 2, 12, 28, 30, 31, 365, 366, 731, 1096, limit - 1]), st.integers(1, limit - 1))
    )
    part = draw(
        st.one_of(st.sampled_from([0, whole, whole // 2, (whole + 1) // 2, max(whole - 1, 0)]), st.integers(0, whole))
    )
    amount = draw(st.one_of(amounts, st.integers(-1000, 1000), st.integers(-50, 50).map(lambda n: n * whole // 2)))
    return amount, part, whole


def by_decimal(amount: int, share: Fraction, rounding: str) -> int:
    with localcontext() as context:
        context.prec = 200
        return int((Decimal(amount * share.numerator) / Decimal(share.denominator)).quantize(Decimal(1), rounding))


@given(st.integers(-(10**30), 10**30), st.integers(0, 2**40), st.integers(1, 2**40).map(lambda n: 2 ** n.bit_length()))
def test_one_figure_is_rounded_half_away_from_zero_like_excel(amount: int, part: int, whole: int) -> None:
    share = Fraction(part, whole)
    assert rounded(amount, share) == by_decimal(amount, share, ROUND_HALF_UP)
    assert rounded(amount, share, half_even=True) == by_decimal(amount, share, ROUND_HALF_EVEN)


@given(parts(SPLIT_LIMIT))
def test_the_prepared_split_gives_the_exact_figure(case: tuple[int, int, int]) -> None:
    amount, part, whole = (np.array([number]) for number in case)
    assert split_to_date(split(amount, whole), part)[0] == rounded(case[0], Fraction(case[1], case[2]))


@given(parts(3_000_000_000))
def test_integer_columns_give_the_exact_figure_in_both_roundings(case: tuple[int, int, int]) -> None:
    amount, part, whole = (np.array([number]) for number in case)
    share = Fraction(case[1], case[2])
    assert rounded_parts(amount, part, whole)[0] == rounded(case[0], share)
    assert rounded_parts(amount, part, whole, True)[0] == rounded(case[0], share, half_even=True)


def test_every_part_of_every_remainder_is_exact_for_the_terms_people_use() -> None:
    for whole in (28, 30, 31, 90, 365, 366, 731):
        remainder, part = (grid.ravel() for grid in np.meshgrid(np.arange(whole), np.arange(whole + 1)))
        for amount in (remainder, -remainder, remainder + 17 * whole):
            column = np.full_like(amount, whole)
            exact = rounded_parts(amount, part, column)
            assert np.array_equal(split_to_date(split(amount, column), part), exact)


@given(amounts, st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=12))
def test_shared_amounts_add_up_to_what_is_shared(amount: int, weights: list[int]) -> None:
    parts_of = share_out(amount, weights)
    assert sum(parts_of) == amount
    assert len(parts_of) == len(weights)


@given(amounts, st.lists(st.integers(0, 10**9), min_size=1, max_size=12).filter(any))
def test_a_credit_is_shared_as_the_mirror_of_a_charge(amount: int, weights: list[int]) -> None:
    assert share_out(-amount, weights) == [-part for part in share_out(amount, weights)]


def test_weights_that_add_up_to_zero_share_in_equal_parts() -> None:
    assert share_out(100, [5, -5]) == [50, 50]
    assert share_out(100, [0, 0, 0]) == [33, 34, 33]


@given(st.lists(st.floats(-(2.0**51) + 1, 2.0**51 - 1), min_size=1))
def test_the_nearest_whole_number_is_that_of_python(numbers: list[float]) -> None:
    assert nearest(np.array(numbers)).tolist() == [round(number) for number in numbers]
