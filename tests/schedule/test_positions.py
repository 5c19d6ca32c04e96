"""Positions: every row of a column as it would be worked out alone, by the words of the definition."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.schedule.families import BLOCK
from engine.schedule.positions import position

money = st.integers(-(10**12), 10**12)


def alone(contracted: int, recognized: int, billed: int) -> dict[str, int]:
    """Balances of one row in Python's integers; a credit is the mirror of a charge."""
    if contracted < 0:
        return {name: -figure for name, figure in alone(-contracted, -recognized, -billed).items()}
    kept = min(billed, max(contracted, recognized))
    return {
        "contracted": contracted,
        "recognized": recognized,
        "billed": billed,
        "deferred": max(kept - recognized, 0),
        "contract_asset": max(recognized - kept, 0),
        "refund_liability": billed - kept,
        "backlog": contracted - recognized,
        "backlog_unbilled": contracted - max(kept, recognized),
    }


@given(st.lists(st.tuples(money, money, money), max_size=30))
def test_charges_and_credits_of_one_column_are_told_row_by_row(rows: list[tuple[int, int, int]]) -> None:
    columns = np.array(rows, np.int64).reshape(-1, 3).T
    found = position(*columns)
    for n, row in enumerate(rows):
        assert {name: int(column[n]) for name, column in vars(found).items()} == alone(*row)


def test_columns_longer_than_a_block_are_told_like_short_ones() -> None:
    choose = np.random.default_rng(606)
    contracted, recognized, billed = choose.integers(-1000, 1000, (3, 2 * BLOCK + 5))
    found = position(contracted, recognized, billed)
    for n in (0, BLOCK - 1, BLOCK, 2 * BLOCK, 2 * BLOCK + 4):
        row = alone(int(contracted[n]), int(recognized[n]), int(billed[n]))
        assert {name: int(column[n]) for name, column in vars(found).items()} == row


def test_the_figures_a_position_is_made_of_stay_as_they_are() -> None:
    figures = [np.array([120, -120]), np.array([30, -30]), np.array([150, -10])]
    before = [column.copy() for column in figures]
    position(*figures)
    assert all(np.array_equal(now, then) for now, then in zip(figures, before, strict=True))
