"""The fingerprint: the same for the same book however it is written, another as soon as a figure could differ."""

from __future__ import annotations

import copy
import datetime as dt

import pytest

from engine.book.reading import book_from_rows

from .books import GOOD, TODAY, Tables
from .test_rules import Spoil, add, both, put


def mark(tables: Tables) -> str:
    return book_from_rows(tables, TODAY).fingerprint


def turned(book: Tables) -> None:
    for rows in book.values():
        rows[:] = [dict(reversed(row.items())) for row in rows]


SAME: dict[str, Spoil] = {
    "columns in another order": turned,
    "numbers written otherwise": both(put("obligations", 2, price="1,200.0"), put("rates", 2, rate="1.08420")),
    "numbers typed": both(put("obligations", 2, price=1200.0), put("obligations", 4, expected_total=100)),
    "words in another case": both(put("obligations", 3, method="Point in time"), put("contracts", 2, currency="usd")),
    "defaults written out": both(put("obligations", 2, method="ratable"), put("contracts", 2, cancellable="no"),
                                 add("settings", name="rounding", value="cumulative")),
    "blank columns": both(put("contracts", 2, segment=""), put("contracts", 2, note=None)),
    "blank rows and blanks": both(add("obligations", contract_id=" "), put("obligations", 2, contract_id=" C1 ")),
}  # fmt: skip
OTHER: dict[str, Spoil] = {
    "an amount": put("obligations", 2, price="1200.01"),
    "a day": put("obligations", 2, end="2026-12-30"),
    "a setting": add("settings", name="netting", value="obligation"),
    "a further column": put("obligations", 2, region="North"),
    "a cell in another row": both(put("contracts", 2, segment="A")),
    "a row less": lambda book: book["ledger"].clear(),
    "rows in another order": lambda book: book["obligations"].reverse(),
}


@pytest.mark.parametrize("change", SAME.values(), ids=SAME)
def test_it_is_the_same(change: Spoil) -> None:
    book = copy.deepcopy(GOOD)
    change(book)
    assert mark(book) == mark(GOOD)


@pytest.mark.parametrize("change", OTHER.values(), ids=OTHER)
def test_it_is_another(change: Spoil) -> None:
    book = copy.deepcopy(GOOD)
    change(book)
    assert mark(book) != mark(GOOD)


def test_the_day_of_reading_does_not_matter(good: Tables) -> None:
    """Without the setting `as_of` balances move on with the calendar; the inputs are still the same."""
    good["settings"].pop(1)
    books = [book_from_rows(good, day) for day in (dt.date(2026, 11, 20), dt.date(2027, 3, 31))]
    assert [book.settings.as_of for book in books] == [dt.date(2026, 10, 31), dt.date(2027, 2, 28)]
    assert books[0].fingerprint == books[1].fingerprint


def test_cells_of_neighbouring_rows_and_columns_are_told_apart() -> None:
    books = [copy.deepcopy(GOOD) for _ in range(4)]
    put("contracts", 2, segment="ab")(books[0])
    both(put("contracts", 2, segment="a"), put("contracts", 3, segment="b"))(books[1])
    put("contracts", 3, segment="ab")(books[2])
    put("contracts", 2, entity="ab")(books[3])
    assert len({mark(book) for book in books}) == 4
