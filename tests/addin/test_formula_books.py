"""RATABLE_BOOK: ranges with headers become a book, compiled once, found again by the text in its cell."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from addin.formulas import books, reasons
from addin.formulas.balances import backlog, deferred_balance
from addin.formulas.books import OpenedBook, Shelf, UnknownBook, calling_workbook
from addin.formulas.control import ratable_book, ratable_check, ratable_problems, ratable_why
from addin.formulas.errors import Code, FormulaError
from addin.formulas.ranges import PlacedRange
from engine.schedule.compile import compile_book
from workbook_templates.sample import sample_rows

Range = list[list[Any]]


def as_range(rows: list[dict[str, str]]) -> Range:
    headers = list(dict.fromkeys(name for row in rows for name in row))
    return [list(headers), *([row.get(name) or None for name in headers] for row in rows)]


@pytest.fixture
def tables() -> dict[str, Range]:
    return {name.lower(): as_range(rows) for name, rows in sample_rows().items()}


@pytest.fixture(autouse=True)
def shelf(monkeypatch: pytest.MonkeyPatch) -> Iterator[Shelf]:
    fresh = Shelf(2)
    monkeypatch.setattr(books, "SHELF", fresh)
    monkeypatch.setattr("addin.formulas.control.SHELF", fresh)
    yield fresh


def test_the_tables_of_a_sheet_are_the_book_of_the_file(tables: dict[str, Range], sample: OpenedBook) -> None:
    text = ratable_book(**tables)
    assert text == sample.text
    assert deferred_balance("C-1002", "2026-03-31", book=text) == 36164.38


def test_tables_are_told_by_their_headers_in_any_order(tables: dict[str, Range]) -> None:
    text = ratable_book(**tables)
    assert ratable_book(*reversed(list(tables.values()))) == text


def test_a_changed_cell_changes_the_text(tables: dict[str, Range]) -> None:
    before = ratable_book(**tables)
    price = tables["obligations"][0].index("price")
    next(row for row in tables["obligations"] if row[0] == "C-1009")[price] = "99999.00"
    after = ratable_book(**tables)
    assert after != before
    assert backlog(None, "2026-06", "currency=USD", after) != backlog(None, "2026-06", "currency=USD", before)


def test_a_book_is_compiled_once_however_many_cells_ask(
    tables: dict[str, Range], monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled = []
    monkeypatch.setattr(books, "compile_book", lambda book: compiled.append(1) or compile_book(book))
    for _ in range(3):
        text = ratable_book(**tables)
        for contract in ("C-1001", "C-1002"):
            deferred_balance(contract, "2026-03", book=text)
    assert compiled == [1]


def test_only_the_last_few_books_are_kept(tables: dict[str, Range], shelf: Shelf) -> None:
    texts = []
    for price in ("1.00", "2.00", "3.00"):
        tables["obligations"][1][tables["obligations"][0].index("price")] = price
        texts.append(ratable_book(**tables))
    assert [shelf.get(text) is not None for text in texts] == [False, True, True]
    with pytest.raises(UnknownBook, match=r"Ctrl\+Alt\+F9"):
        backlog("C-1001", book=texts[0])


def test_a_book_that_is_read_again_is_found_by_its_text_however_many_were_read_since(
    tables: dict[str, Range], shelf: Shelf
) -> None:
    first = {name: [list(row) for row in rows] for name, rows in tables.items()}
    for price in ("1.00", "2.00", "3.00", "4.00"):
        ratable_book(**first)
        tables["obligations"][1][tables["obligations"][0].index("price")] = price
        ratable_book(**tables)
    assert shelf.get(ratable_book(**first)) is not None


def test_a_refused_book_says_so_in_its_cell_and_answers_ref_everywhere_else(tables: dict[str, Range]) -> None:
    tables["obligations"][1][tables["obligations"][0].index("contract_id")] = "C-9999"
    text = ratable_book(**tables)
    assert "RATABLE_PROBLEMS" in text
    with pytest.raises(FormulaError, match="C-9999") as caught:
        backlog("C-1001", book=text)
    assert caught.value.code is Code.REFERENCE
    found = ratable_problems(text)
    assert found[1][0] == "stop"
    assert found[1][2] == "Obligations row 2 contract_id"
    with pytest.raises(FormulaError):
        ratable_check(None, text)


def test_problems_name_the_cell_where_the_place_of_a_range_is_known(tables: dict[str, Range]) -> None:
    tables["obligations"][1][tables["obligations"][0].index("contract_id")] = "C-9999"
    placed = PlacedRange(tables["obligations"], "Lines 2026", 5, 3)
    text = ratable_book(**{**tables, "obligations": placed})
    assert ratable_problems(text)[1][2] == "'Lines 2026'!C6"


def test_missing_tables_are_a_problem_of_the_book(tables: dict[str, Range]) -> None:
    found = ratable_problems(ratable_book(contracts=tables["contracts"]))
    assert ["stop", "missing-table", "Obligations"] in [row[:3] for row in found]


def test_blank_rows_and_columns_around_a_table_do_not_count(tables: dict[str, Range]) -> None:
    text = ratable_book(**tables)
    wide = [[None, *row, None] for row in tables["contracts"]]
    blank = [None] * len(wide[0])
    assert ratable_book(**{**tables, "contracts": [blank, *wide, blank, blank]}) == text


def test_dates_come_as_serial_numbers_of_either_calendar() -> None:
    def book(start: float, from_1904: bool) -> str:
        contracts = [["contract_id", "customer", "signed_on"], ["C1", "Acme", start]]
        lines = [["contract_id", "obligation_id", "price", "start", "end"], ["C1", "o", 365, start, start + 364]]
        given = [PlacedRange(rows, "Sheet1", 1, 1, from_1904) for rows in (contracts, lines)]
        return ratable_book(contracts=given[0], obligations=given[1])

    assert book(46023.0, False) == book(46023.0 - 1462, True)


@pytest.mark.parametrize(
    ("ranges", "reason"),
    [
        ({"contracts": [["a", "b"], [1, 2]]}, None),
        ({"contracts": [["contract_id", "customer", "signed_on"]] * 2, "events": "twice"}, "same|two ranges"),
    ],
)
def test_headers_of_no_table_are_told(ranges: dict[str, Any], reason: str | None) -> None:
    if reason is None:  # the reader of books says what is missing
        assert "cannot be used" in ratable_book(**ranges)
        return
    ranges["events"] = ranges["contracts"]
    with pytest.raises(FormulaError, match=reason):
        ratable_book(**ranges)


def test_an_error_cell_of_a_table_is_a_problem_and_an_error_argument_an_error(tables: dict[str, Range]) -> None:
    broken = FormulaError(Code.NOT_AVAILABLE, "not found")
    tables["obligations"][1][tables["obligations"][0].index("price")] = broken
    assert any(row[1] == "error-cell" for row in ratable_problems(ratable_book(**tables)))
    with pytest.raises(FormulaError, match="not found"):
        ratable_book(contracts=broken)


def test_a_blank_book_is_the_calling_workbook(sample: OpenedBook) -> None:
    with calling_workbook(lambda: sample):
        assert deferred_balance("C-1002", "2026-03-31") == 36164.38
        assert ratable_book() == sample.text
    with pytest.raises(FormulaError) as caught:
        deferred_balance("C-1002")
    assert caught.value.code is Code.REFERENCE


@pytest.mark.parametrize("book", ["C-1001", 12.0, True, "Ratable book 0000000000000000 as of 2026-06-30"])
def test_a_book_that_is_none_is_a_reference_error(book: Any) -> None:
    with pytest.raises(FormulaError) as caught:
        backlog("C-1001", book=book)
    assert caught.value.code is Code.REFERENCE


def test_the_checks_of_a_book_are_a_table(sample: OpenedBook) -> None:
    found = ratable_check("2026-06-30", sample)
    assert found[0] == ["severity", "name", "where", "found", "remedy"]
    assert {row[0] for row in found[1:]} <= {"ok", "warn", "fail"}


def test_the_reason_of_an_error_is_remembered_by_its_cell() -> None:
    reasons.remember("[Book1]Sheet1!A1", FormulaError(Code.NUMBER, "the last day is before the first"))
    assert ratable_why("[Book1]Sheet1!A1") == "the last day is before the first"
    reasons.remember("[Book1]Sheet1!A1", None)
    assert ratable_why("[Book1]Sheet1!A1") == ""
    assert ratable_why(FormulaError(Code.VALUE, "because")) == "because"


def test_the_text_of_a_book_tells_its_day(sample: OpenedBook, today: date) -> None:
    assert sample.text.startswith("Ratable book ")
    assert sample.text.endswith(" as of 2026-06-30")
