"""Formulas: one call over ten thousand cells beside ten thousand calls, of a column and of a grid."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from addin.formulas.balances import deferred_balance
from addin.formulas.books import SHELF, OpenedBook
from addin.formulas.flows import revenue_recognized
from benchmarks.books import TODAY, rows
from benchmarks.timing import Comparison, faster
from engine.book.reading import book_from_rows

CELLS = 10_000
MONTHS = [f"2024-{month:02}" for month in range(1, 11)]


def comparisons() -> Iterator[Comparison]:
    book = book_from_rows(rows(CELLS, billed=True), TODAY)
    opened = SHELF.put(book, book.problems)
    ids = [[contract] for contract in book.contracts["contract_id"]]
    assert deferred_balance(ids, "2024-09", book=opened) == [[a] for a in _one_by_one(opened, ids)]
    yield Comparison(
        "column of 10,000 balances, one call",
        "10,000 calls",
        lambda: deferred_balance(ids, "2024-09", book=opened),
        lambda: _one_by_one(opened, ids),
        faster(10),
    )
    yield Comparison(
        "grid of 1,000 contracts x 10 months, one call",
        "10,000 calls",
        lambda: revenue_recognized(ids[:1_000], [MONTHS], [MONTHS], book=opened),
        lambda: [
            [revenue_recognized(contract, month, month, book=opened) for month in MONTHS] for (contract,) in ids[:1_000]
        ],
        faster(10),
    )


def _one_by_one(opened: OpenedBook, ids: list[list[Any]]) -> list[float]:
    return [deferred_balance(contract, "2024-09", book=opened) for (contract,) in ids]
