"""Closed periods in Calc: a workbook is open, a period is closed by the command line, and its cells are calculated."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from addin.formulas.catalogue import find
from addin.formulas.written import written

from .calc import Calc
from .calc_workbooks import SHEET
from .closed_books import ASKED, ClosedBook

pytestmark = pytest.mark.libreoffice
_FIRST = 3


@pytest.fixture
def book(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> ClosedBook:
    return ClosedBook(tmp_path / "Büro 2026.xlsx", capsys)


def _formula(asked: tuple[str, ...], named: bool) -> str:
    """The formula as typed into a cell: the first cell of its answer."""
    formula = find(asked[0])
    given = tuple(float(word) if word.isdigit() else word or None for word in asked[1:])
    text = written(formula, given)
    if named and formula.takes_book:
        left = len(formula.arguments) - len(given)
        text = f"{text[:-1]}{',' * (left if given else left - 1)}Book)"
    return text if formula.result != "table" else f"=INDEX({text[1:]},ROWS({text[1:]}),COLUMNS({text[1:]}))"


def _cells(named: bool) -> dict[str, tuple[str, ...]]:
    """Formulas by cell: those with the cell Book in column A, those with a blank book in column C."""
    asked = [each for each in ASKED if each[0] != "RATABLE_BOOK"]
    return {f"{'A' if named else 'C'}{_FIRST + n}": each for n, each in enumerate(asked)}


def _expected(book: ClosedBook, asked: tuple[str, ...]) -> Any:
    """The last cell of what the command line answers, as a cell has it."""
    last = list(csv.reader(io.StringIO(book.get(*asked)), delimiter="\t"))[-1][-1]
    try:
        return float(last)
    except ValueError:
        return last


def _differing(calc: Calc, document: int, book: ClosedBook) -> list[Any]:
    found = []
    cells = {**_cells(True), **_cells(False)}
    last = _FIRST + len(cells) // 2 - 1
    shown = {
        f"{column}{_FIRST + n}": row[0]
        for column in "AC"
        for n, row in enumerate(calc.values(document, SHEET, f"{column}{_FIRST}:{column}{last}"))
    }
    for cell, asked in cells.items():
        wanted = _expected(book, asked)
        if shown[cell] != wanted:
            found.append((cell, asked, shown[cell], wanted))
    return found


def test_cells_are_what_the_command_line_answers_before_and_after_every_close(
    calc: Calc, opened: Any, book: ClosedBook
) -> None:
    book.write(**{cell: _formula(asked, True) for cell, asked in _cells(True).items()},
               **{cell: _formula(asked, False) for cell, asked in _cells(False).items()})  # fmt: skip
    document = opened(book.path)
    calc.do("calculate", document)
    texts = [calc.value(document, SHEET, "A1")]
    assert texts[0] == book.get("RATABLE_BOOK")
    assert _differing(calc, document, book) == []
    book.close("2026-01", "2026-02")
    assert calc.value(document, SHEET, "A1") == texts[0]
    calc.do("calculate", document)
    texts.append(calc.value(document, SHEET, "A1"))
    assert texts[1] == book.get("RATABLE_BOOK")
    assert "closed to 2026-02" in texts[1]
    assert _differing(calc, document, book) == []


def test_a_workbook_that_is_calculated_while_it_is_loaded_knows_its_ledger(tmp_path: Path, book: ClosedBook) -> None:
    book.close("2026-01")
    book.change("billings", 0, amount="1000.00")
    billed = "=BILLED_TO_DATE("
    book.write(A3=f'{billed}"C1","2026-01",,Book)', A4=f'{billed}"C1","2026-01")', A5=f'{billed}"C1","2026-02")')
    path = Calc(tmp_path / "another").convert(book.path, tmp_path / "out")
    values = openpyxl.load_workbook(path, data_only=True)[SHEET]
    assert [values[f"A{row}"].value for row in (1, 3, 4, 5)] == [book.get("RATABLE_BOOK"), 1200.0, 1200.0, 1000.0]


def test_a_row_changed_in_calc_leaves_closed_periods_as_they_were(calc: Calc, opened: Any, book: ClosedBook) -> None:
    billed = '=BILLED_TO_DATE("C1","2026-{}",,Book)'
    book.write(A3=billed.format("02"), A4=billed.format("03"), A5='=BILLED_TO_DATE("C1","2026-02")')
    document = opened(book.path)
    book.close("2026-01", "2026-02")
    calc.do("calculate", document)
    header = calc.values(document, "Billings")[0]
    amount = chr(ord("A") + header.index("amount"))
    calc.put(document, "Billings", f"{amount}2", [1000.0])
    assert calc.values(document, SHEET, "A3:A4") == [[1200.0], [1000.0]]
    calc.do("calculate", document)
    assert calc.values(document, SHEET, "A3:A5") == [[1200.0], [1000.0], [1200.0]]
    book.reopen("2026-02")
    book.reopen("2026-01")
    calc.do("calculate", document)
    assert calc.values(document, SHEET, "A3:A5") == [[1000.0], [1000.0], [1000.0]]


def test_a_damaged_ledger_is_an_error_of_calc_with_its_reason(calc: Calc, opened: Any, book: ClosedBook) -> None:
    book.close("2026-01")
    whole = book.ledger.read_bytes()
    book.write(A3='=BACKLOG("C1","2026-01",,Book)', A4="=RATABLE_WHY(A3)", A5='=BACKLOG("C1","2026-01")')
    document = opened(book.path)
    calc.do("calculate", document)
    assert calc.value(document, SHEET, "A3") == 1100.0
    book.damage()
    calc.do("calculate", document)
    assert calc.values(document, SHEET, "A3:A5") == [
        [["#REF!"]],
        [calc.value(document, SHEET, "A4")],
        [["#REF!"]],
    ]
    assert "Büro 2026.ratable-ledger is damaged" in calc.value(document, SHEET, "A4")
    book.ledger.write_bytes(whole)
    calc.do("calculate", document)
    assert calc.values(document, SHEET, "A3:A5") == [[1100.0], [""], [1100.0]]
