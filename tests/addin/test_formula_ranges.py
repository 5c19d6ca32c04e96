"""Ranges in, arrays out: one call answers a column, a row or a grid, each cell as if it had been asked alone."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from addin.formulas.books import OpenedBook
from addin.formulas.errors import Code, FormulaError

from .asking import ask, shown

IDS = ["C-1001", "C-1002", "C-1009", "C-1012/", "C-1003", "no such id"]
DAYS = ["2026-01-31", "2026-Q1", 46203, "June"]


def _alone(book: OpenedBook, name: str, *arguments: Any) -> Any:
    try:
        return ask(book, name, *arguments)
    except FormulaError as error:
        return str(error.code)


@pytest.mark.parametrize("name", ["DEFERRED_BALANCE", "RPO", "CONTRACTED", "DEFERRED_NONCURRENT"])
def test_a_column_of_ids_and_a_row_of_days_make_a_grid(sample: OpenedBook, name: str) -> None:
    grid = ask(sample, name, [[name] for name in IDS], [DAYS])
    assert shown(grid) == [[_alone(sample, name, contract, day) for day in DAYS] for contract in IDS]


def test_a_row_of_ids_and_a_column_of_days_make_a_grid(sample: OpenedBook) -> None:
    grid = ask(sample, "BACKLOG", [IDS], [[day] for day in DAYS])
    assert shown(grid) == [[_alone(sample, "BACKLOG", contract, day) for contract in IDS] for day in DAYS]


def test_columns_of_one_length_go_row_by_row(sample: OpenedBook) -> None:
    days = [["2026-01-31"], ["2026-02-28"], ["2026-03-31"]]
    ids = [["C-1001"], ["C-1002"], ["C-1003"]]
    found = ask(sample, "BILLED_TO_DATE", ids, days)
    assert found == [[_alone(sample, "BILLED_TO_DATE", a, b)] for (a,), (b,) in zip(ids, days, strict=True)]


def test_flows_spread_over_contracts_first_and_last_days(sample: OpenedBook) -> None:
    starts, ends = ["2026-01", "2026-02", "2026-03"], ["2026-06"]
    grid = ask(sample, "REVENUE_RECOGNIZED", [["C-1001"], ["C-1002"]], [starts], ends)
    expected = [[_alone(sample, "REVENUE_RECOGNIZED", c, s, "2026-06") for s in starts] for c in ("C-1001", "C-1002")]
    assert grid == expected


def test_what_lies_beyond_a_shorter_range_is_not_available(sample: OpenedBook) -> None:
    found = ask(sample, "BACKLOG", [["C-1001"], ["C-1002"], ["C-1003"]], [["2026-01"], ["2026-02"]])
    assert [shown(row)[0] for row in found][2] == "#N/A"
    assert all(isinstance(row[0], float) for row in found[:2])


def test_a_blank_among_several_ids_is_nothing_and_alone_is_the_whole_book(sample: OpenedBook) -> None:
    usd = "currency=USD"
    assert ask(sample, "BACKLOG", [["C-1002"], [None], [""]], "2026-03", usd)[1:] == [[0.0], [0.0]]
    assert ask(sample, "BACKLOG", [[None]], "2026-03", usd) == ask(sample, "BACKLOG", None, "2026-03", usd) > 0


def test_an_error_in_a_cell_stays_in_its_cell(sample: OpenedBook) -> None:
    broken = FormulaError(Code.DIVISION, "divided by zero")
    found = ask(sample, "BACKLOG", [["C-1002"], [broken]], [["2026-03", broken]])
    assert shown(found) == [[36164.38, "#DIV/0!"], ["#DIV/0!", "#DIV/0!"]]


def test_a_grid_too_large_for_any_sheet_is_refused(sample: OpenedBook) -> None:
    with pytest.raises(FormulaError, match="more than 2,000,000 cells") as caught:
        ask(sample, "BACKLOG", [["C-1002"]] * 2001, [["2026-03"] * 1000])
    assert caught.value.code is Code.NUMBER


def test_formulas_without_a_book_spread_too() -> None:
    book: Any = None
    months = [[f"2026-{month:02}" for month in range(1, 13)]]
    found = ask(book, "RATABLE", [[1200], [365.0]], "2026-01-01", "2026-12-31", months, months)
    assert [round(sum(row), 2) for row in found] == [1200.0, 365.0]
    assert found[1] == [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]


def test_the_sum_over_contracts_is_the_whole_book(sample: OpenedBook) -> None:
    ids = [[contract] for contract in sample.schedule().book.contracts["contract_id"]]
    measures = ["CONTRACTED", "RECOGNIZED_TO_DATE", "BILLED_TO_DATE", "BACKLOG", "RPO"]
    for name, day in itertools.product(measures, ["2026-03", "2026-06"]):
        each = ask(sample, name, ids, day, "currency=USD")
        assert round(sum(row[0] for row in each), 2) == ask(sample, name, None, day, "currency=USD"), name


def test_obligations_add_up_to_their_contract_where_nothing_nets(sample: OpenedBook) -> None:
    schedule = sample.schedule()
    pairs = zip(schedule.contract_column("contract_id"), schedule.obligation_column("obligation_id"), strict=True)
    names = [[f"{a}/{b}"] for a, b in pairs if a == "C-1009"]
    found = ask(sample, "CONTRACTED", names, "2026-06-30")
    assert sum(row[0] for row in found) == ask(sample, "CONTRACTED", "C-1009", "2026-06-30")


def test_filters_hold_for_every_cell_of_a_grid(small: OpenedBook) -> None:
    assert ask(small, "CONTRACTED", [["C1"], ["C2"]], None, "segment=south") == [[0.0], [730.0]]


def test_netting_units_larger_than_a_contract_give_each_contract_its_own(today: Any) -> None:
    from addin.formulas.books import SHELF
    from engine.book.reading import book_from_rows

    tables: dict[str, Any] = {
        "contracts": [
            {"contract_id": "A", "customer": "X", "signed_on": "2026-01-01"},
            {"contract_id": "B", "customer": "X", "signed_on": "2026-01-01", "combined_with": "A"},
        ],
        "obligations": [
            {"contract_id": c, "obligation_id": "o", "price": "120", "start": "2026-01-01", "end": "2026-12-31"}
            for c in ("A", "B")
        ],
        "billings": [{"document_id": "1", "contract_id": "A", "date": "2026-01-01", "amount": "120"}],
    }
    book = book_from_rows(tables, today)
    opened = SHELF.put(book, book.problems)
    each = ask(opened, "DEFERRED_BALANCE", [["A"], ["B"]], "2026-06-30")
    whole = ask(opened, "DEFERRED_BALANCE", None, "2026-06-30")
    assert each == [[ask(opened, "DEFERRED_BALANCE", "A", "2026-06-30")], [0.0]]
    assert whole < each[0][0]
