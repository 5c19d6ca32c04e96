"""Conventions compared: every choice beside the book's, and the difference to it by month."""

from __future__ import annotations

from datetime import date
from typing import get_args

import pytest

from engine.book.reading import book_from_rows
from engine.book.tables import Convention, Rounding
from engine.reports.compare_conventions import AS_IN_THE_BOOK, compare_conventions
from engine.reports.grouping import UnknownId
from engine.reports.table import Table
from engine.schedule.compile import compile_book
from engine.schedule.schedule import Schedule

TERM = {"start": "2024-01-15", "end": "2025-01-14"}


def schedule(**obligation: str) -> Schedule:
    row = {"contract_id": "C1", "obligation_id": "plan", "price": "12000.00", **TERM, **obligation}
    book = {
        "contracts": [{"contract_id": "C1", "customer": "Acme", "signed_on": "2024-01-02"}],
        "obligations": [row],
    }
    return compile_book(book_from_rows(book, date(2026, 1, 31)))


def january(table: Table, figure: str) -> dict[tuple[str, str], int]:
    place = table.names.index("2024-01")
    return {(str(row[0]), str(row[1])): row[place] for row in table.rows if row[2] == figure}


def test_each_convention_shows_its_published_january() -> None:
    found = january(compare_conventions(schedule(), "C1"), "revenue")
    published = {
        "daily": 55738, "monthly": 54839, "30_360": 53333, "even_months": 92308, "full_months": 100000,
        "half_month": 50000,
    }  # fmt: skip
    assert {word: found[word, "cumulative"] for word in published} == published
    assert set(found) == {
        (AS_IN_THE_BOOK, ""), *((c, r) for c in get_args(Convention) for r in get_args(Rounding)),
    }  # fmt: skip


def test_a_difference_is_the_choice_less_the_books() -> None:
    table = compare_conventions(schedule(convention="monthly"), "C1")
    revenue, difference = january(table, "revenue"), january(table, "difference")
    assert revenue[AS_IN_THE_BOOK, ""] == 54839
    assert difference["monthly", "cumulative"] == 0
    assert difference["daily", "cumulative"] == 55738 - 54839
    totals = {(row[0], row[1]): row[-1] for row in table.rows if row[2] == "revenue"}
    assert set(totals.values()) == {1_200_000}


def test_a_range_leaves_the_other_months_out() -> None:
    table = compare_conventions(schedule(), "C1", date(2024, 3, 1), date(2024, 4, 30))
    assert table.names[4:] == ("2024-03", "2024-04", "total")


def test_an_unknown_contract_is_said_so() -> None:
    with pytest.raises(UnknownId):
        compare_conventions(schedule(), "C2")
