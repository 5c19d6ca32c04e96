"""From Excel's CallUDF through xlwings' own call_udf and converters to the formulas and back."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from addin.formulas.books import OpenedBook
from addin.formulas.catalogue import catalogue
from workbook_templates.sample import sample_rows

from .closed_books import ClosedBook
from .excel_in_memory import is_of_com
from .windows import MISSING, NOT_AVAILABLE, xlwings_of_windows

SERVER = "addin.excel.udf_server"


@pytest.fixture(scope="module")
def com() -> Iterator[Any]:
    with xlwings_of_windows() as server:
        yield server


def _serial(day: str) -> float:
    return float((dt.date.fromisoformat(day) - dt.date(1899, 12, 30)).days)


def test_a_formula_is_answered_with_a_number(com: Any, sample: OpenedBook) -> None:
    call = ("DEFERRED_BALANCE", ("C-1002", _serial("2026-03-31"), MISSING, sample.text), False)
    assert com.CallUDF(SERVER, "ask", call) == 36164.38


def test_left_out_arguments_are_blank(com: Any, sample: OpenedBook) -> None:
    call = ("CONTRACTED", ("C-1009", MISSING, MISSING, sample.text), False)
    assert com.CallUDF(SERVER, "ask", call) == 61600.0


def test_ranges_are_answered_with_rows(com: Any, sample: OpenedBook) -> None:
    ids = (("C-1002",), (None,), (NOT_AVAILABLE,), ("C-9",))
    days = ((_serial("2026-01-31"), "2026-03"),)
    found = com.CallUDF(SERVER, "ask", ("BACKLOG", (ids, days, MISSING, sample.text), False))
    assert [len(row) for row in found] == [2] * 4
    assert found[0][1] == 36164.38
    assert found[1] == [0.0, 0.0]
    assert found[2][0] == "#RATABLE!2042|an argument is the error #N/A"
    assert found[3][0].startswith("#RATABLE!2042|no contract or obligation 'C-9'")


def test_one_row_stays_a_row(com: Any, sample: OpenedBook) -> None:
    found = com.CallUDF(SERVER, "ask", ("BACKLOG", ("C-1002", (("2026-02", "2026-03"),), None, sample.text), False))
    assert [len(row) for row in found] == [2]


def test_a_table_has_numbers_serial_dates_and_text(com: Any, sample: OpenedBook) -> None:
    found = com.CallUDF(SERVER, "ask", ("JOURNAL", ("C-1002", "2026-01", "2026-01", None, sample.text), False))
    assert found[0][0] == "date"
    assert found[1][0] == _serial("2026-01-01")
    assert {type(cell) for row in found for cell in row} == {str, float}


def test_dates_of_a_1904_workbook_are_read_and_given_in_its_calendar(com: Any, sample: OpenedBook) -> None:
    day = _serial("2026-03-31") - 1462
    found = com.CallUDF(SERVER, "ask", ("RPO_BANDS", ("C-1002", day, None, sample.text), True))
    assert found[1][0] == day
    call = ("DEFERRED_BALANCE", ("C-1002", day, MISSING, sample.text), True)
    assert com.CallUDF(SERVER, "ask", call) == 36164.38


@pytest.mark.parametrize(
    ("formula", "arguments", "answer"),
    [
        ("BACKLOG", ("C-9", None, None, "BOOK"), "#RATABLE!2042|no contract or obligation 'C-9'"),
        ("BACKLOG", ("C-1002", "June", None, "BOOK"), "#RATABLE!2015|'June' is neither a day"),
        ("BACKLOG", ("C-1002", -3.0, None, "BOOK"), "#RATABLE!2036|-3 is no serial number"),
        ("BACKLOG", ("C-1002", None, None, "Ratable book 0"), "#RATABLE!BOOK|'Ratable book 0' is no book in memory"),
        ("NO_SUCH", (), "#RATABLE!2042|there is no formula NO_SUCH"),
        ("RATABLE", (), "#RATABLE!2015|Ratable failed at this (TypeError"),
    ],
)
def test_errors_travel_as_marked_text_with_their_reason(
    com: Any, sample: OpenedBook, formula: str, arguments: tuple[Any, ...], answer: str
) -> None:
    given = tuple(sample.text if each == "BOOK" else each for each in arguments)
    assert com.CallUDF(SERVER, "ask", (formula, given, False)).startswith(answer)


def test_a_text_that_looks_like_an_error_is_only_a_text(com: Any) -> None:
    from addin.excel.values import outgoing

    assert outgoing([["#RATABLE!2042|fooled", "x" * 40_000]]) == [[" #RATABLE!2042|fooled", "x" * 32_767]]


def _placed(name: str, rows: list[dict[str, str]]) -> tuple[Any, ...]:
    headers = list(dict.fromkeys(column for row in rows for column in row))
    cells = (tuple(headers), *(tuple(row.get(column) for column in headers) for row in rows))
    return (name, cells, name, 1, 1)


def test_a_book_is_read_from_its_tables(com: Any, sample: OpenedBook) -> None:
    tables = tuple(_placed(name, rows) for name, rows in sample_rows().items())
    assert com.CallUDF(SERVER, "read", (tables, False)) == sample.text
    assert com.CallUDF(SERVER, "read", ((), False)).startswith("#RATABLE!2023|the workbook has no tables")


def test_a_book_is_read_with_the_ledger_beside_its_workbook(
    com: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = ClosedBook(tmp_path / "Büro 2026.xlsx", capsys)
    book.close("2026-01")
    book.change("billings", 0, amount="1000.00")
    text = com.CallUDF(SERVER, "read", (tuple(book.tables()), False, str(book.path)))
    assert text == book.get("RATABLE_BOOK")
    call = ("BILLED_TO_DATE", ("C1", "2026-01", MISSING, text), False)
    assert com.CallUDF(SERVER, "ask", call) == 1200.0
    unsaved = com.CallUDF(SERVER, "read", (tuple(book.tables()), False, "Book1"))
    assert com.CallUDF(SERVER, "ask", ("BILLED_TO_DATE", ("C1", "2026-01", MISSING, unsaved), False)) == 1000.0
    first = com.CallUDF(SERVER, "press", ("ClosePeriod", text, str(book.path), None))
    assert first == [["period", "2026-02", ""]]
    closed = com.CallUDF(SERVER, "press", ("ClosePeriod", text, str(book.path), ("2026-02", "Ann", "", "")))
    assert closed[0][2] == "2026-02 is closed. This is its close pack."


def test_only_the_free_part_of_xlwings_is_used(com: Any) -> None:
    import sys

    import addin.excel.udf_server as server

    used = set(vars(server)) & {"pro", "server", "rest", "reports", "ext"}
    assert not used
    assert sys.modules["xlwings"].__pro__ is False


def test_hostile_values_come_back_as_values_that_com_can_carry(com: Any, sample: OpenedBook) -> None:
    chance = random.Random(4)
    raw: list[Any] = [
        None, "", "C-1002", "2026-03", "currency=USD", "#RATABLE!2042|x", "=1+1", "\x00", "x" * 40_000, 0.0, -1.0,
        2026.0, 46112.0, 1e308, float("nan"), float("inf"), True, MISSING, NOT_AVAILABLE, 7, dt.datetime(2026, 3, 31),
        Decimal("1.5"), sample.text, (), ((),), (("C-1002", None), (46112.0, NOT_AVAILABLE)), ("a", "b"),
    ]  # fmt: skip
    names = [*catalogue(), "NO_SUCH", "", "__import__"]
    buttons = ["Why", "DrillDown", "RPO", "Check", "ClosePeriod", "ReopenPeriod", "x"]
    for _ in range(1_500):
        given = tuple(chance.choice(raw) for _ in range(chance.randint(0, 8)))
        value = chance.choice(raw)
        method, call = chance.choice([
            ("ask", (chance.choice(names), given, chance.choice([True, False]))),
            ("read", (((chance.choice(["Contracts", "x"]), value, "Sheet", 1, 1),), False, chance.choice(raw))),
            ("press", (chance.choice(buttons), value, "", given)),
        ])  # fmt: skip
        answer = com.CallUDF(SERVER, method, call)
        assert is_of_com(answer), (method, call, answer)
