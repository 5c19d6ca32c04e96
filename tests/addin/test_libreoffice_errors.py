"""The extension in LibreOffice itself: errors and their reasons, ten thousand cells, and the program behind them."""

from __future__ import annotations

import os
import signal
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from addin.formulas.arguments import Kind
from addin.formulas.catalogue import catalogue
from engine.book.tables import TABLES

from .asking import ask
from .calc import OXT, Calc
from .calc_workbooks import SHEET, book_formula, name_book, opened_book, saved, small_workbook, with_tables
from .conftest import SMALL

pytestmark = pytest.mark.libreoffice


# ---- errors


ERRORS = [
    ('BACKLOG("C9";;;Book)', "#N/A", "C9"),
    ('BACKLOG("C1";"June";;Book)', "#VALUE!", "June"),
    ('BACKLOG("C1";;"colour=red";Book)', "#VALUE!", "colour"),
    ('REVENUE_RECOGNIZED("C1";"2026-06";"2026-01";;Book)', "#NUM!", "before the first"),
    ("BACKLOG(;;;Book)", "#NUM!", "currency"),
    ('BACKLOG("C1";;;"no book")', "#REF!", "RATABLE_BOOK"),
    ("RATABLE(100;46023;46022;46023;46023)", "#NUM!", "ends on"),
    ('WATERFALL("C9";;;;;;Book)', "#N/A", "C9"),
    ("WATERFALL(;;601;;;;Book)", "#NUM!", "0 to 600"),
    ('RATABLE_BOOK("no range")', "#VALUE!", "header row"),
    ('IF(1;-SUM(BACKLOG("C9";;;Book)))', "#N/A", "C9"),
    ('BACKLOG("C"&9;;;Book)', "#N/A", "C9"),
    ("BACKLOG(C1;C2;C3;Book)", "#N/A", "C8"),
]


@pytest.mark.parametrize(("formula", "code", "reason"), ERRORS, ids=[formula for formula, *_ in ERRORS])
def test_an_error_is_a_true_error_and_its_reason_stands_behind_it(
    formula: str, code: str, reason: str, calc: Calc, opened: Any, tmp_path: Path, today: date
) -> None:
    document = opened(small_workbook(tmp_path, today)[0])
    calc.put(document, SHEET, "C1", ["C8"])
    calc.put(
        document, SHEET, "H1:H3", ["=RATABLE_WHY(H2)"], [f"={formula}"], [f'=IFERROR({formula};"an error")']
    )  # fmt: skip
    assert calc.values(document, SHEET, "H2:H3") == [[[code]], ["an error"]]
    assert reason in calc.value(document, SHEET, "H1")


def test_errors_stand_in_their_cells_of_an_array(calc: Calc, opened: Any, tmp_path: Path, today: date) -> None:
    document = opened(small_workbook(tmp_path, today)[0])
    calc.do("array", document, SHEET, "H2:I4", '=BACKLOG({"C1"|"C9"|"00123"};{"2026-03";"May"};;Book)')
    calc.put(document, SHEET, "K2:L4", *([f"=RATABLE_WHY({c}{r})" for c in "HI"] for r in (2, 3, 4)))
    shown = calc.values(document, SHEET, "H2:I4")
    assert [row[1] for row in shown] == [["#VALUE!"]] * 3
    assert isinstance(shown[0][0], float) and shown[1][0] == ["#N/A"] and shown[2][0] == ["#NUM!"]
    why = calc.values(document, SHEET, "K2:L4")
    assert why[0][0] == "" and "C9" in why[1][0] and "currency" in why[2][0] and "May" in why[0][1]


def test_an_error_in_an_argument_is_the_answer(calc: Calc, opened: Any, tmp_path: Path, today: date) -> None:
    document = opened(small_workbook(tmp_path, today)[0])
    calc.put(document, SHEET, "H1:H3", ["=1/0"], ["=BACKLOG(H1;;;Book)"], ["=RATABLE_WHY(H2)"])
    assert calc.value(document, SHEET, "H2") == ["#DIV/0!"]
    assert "an argument shows an error" in calc.value(document, SHEET, "H3")


def test_a_reason_goes_with_its_error(calc: Calc, opened: Any, tmp_path: Path, today: date) -> None:
    document = opened(small_workbook(tmp_path, today)[0])
    calc.put(document, SHEET, "H1:H3", ["C9"], ["=BACKLOG(H1;;;Book)"], ["=RATABLE_WHY(H2)"])
    assert "C9" in calc.value(document, SHEET, "H3")
    calc.put(document, SHEET, "H1", ["C1"])
    assert calc.value(document, SHEET, "H3") == ""
    calc.put(document, SHEET, "H4:H5", ["=RATABLE_WHY(H1)"], ["=RATABLE_WHY(H6)"])
    assert calc.values(document, SHEET, "H4:H5") == [[""], [""]]


# ---- many cells, and the program behind them


def test_ten_thousand_cells_are_what_the_engine_says(calc: Calc, opened: Any, tmp_path: Path, today: date) -> None:
    rows = {**SMALL, "settings": [{"name": "as_of", "value": "2026-06-30"}]}
    rows["contracts"] = [{"contract_id": f"K{n}", "customer": "Acme", "signed_on": "2026-01-01"} for n in range(1000)]
    rows["obligations"] = [
        {"contract_id": f"K{n}", "obligation_id": "o", "price": f"{n + 100}.37", "start": "2026-01-01",
         "end": "2026-12-31"} for n in range(1000)
    ]  # fmt: skip
    rows["billings"] = []
    workbook = with_tables(rows)
    name_book(workbook)
    sheet = workbook[SHEET]
    days = [date(2026, month, 15) for month in range(1, 11)]
    for column, day in enumerate(days, 3):
        sheet.cell(2, column, day)
    for row in range(1000):
        sheet.cell(row + 3, 2, f"K{row}")
        for column in range(10):
            letter = openpyxl.utils.get_column_letter(column + 3)
            sheet.cell(row + 3, column + 3, f"=BACKLOG($B{row + 3},{letter}$2,,Book)")
    document = opened(saved(workbook, tmp_path / "many.xlsx"))
    wanted = ask(opened_book(rows, today), "BACKLOG", [[f"K{n}"] for n in range(1000)], [days])
    assert calc.values(document, SHEET, "C3:L1002") == wanted


def test_a_program_that_has_ended_is_started_again_and_reads_its_book_again(
    calc: Calc, opened: Any, tmp_path: Path, today: date
) -> None:
    path, book = small_workbook(tmp_path, today)
    document = opened(path)
    assert calc.value(document, SHEET, "A1") == book.text
    for process in calc.programs():
        os.kill(process, signal.SIGKILL)
    calc.put(document, SHEET, "H1", ['=BACKLOG("C2";"2026-02-03";;Book)'])
    assert calc.value(document, SHEET, "H1") == ask(book, "BACKLOG", "C2", "2026-02-03")
    assert len(calc.programs()) == 1


def test_nothing_is_calculated_that_does_not_depend_on_what_has_changed(
    calc: Calc, opened: Any, tmp_path: Path, today: date
) -> None:
    document = opened(small_workbook(tmp_path, today)[0])
    calc.put(document, SHEET, "H1:H2", ['=BACKLOG("C1";;;Book)'], ["=WATERFALL(;;;;;;Book)"])
    before = calc.values(document, SHEET)
    for process in calc.programs():
        os.kill(process, signal.SIGKILL)
    calc.put(document, SHEET, "Z9", [1.0])
    assert [row[:8] for row in calc.values(document, SHEET, "A1:H2")] == [row[:8] for row in before[:2]]
    assert calc.programs() == []


def test_the_wizard_shows_the_help_of_the_catalogue(calc: Calc, opened: Any) -> None:
    opened()
    for formula in catalogue().values():
        summary, arguments = calc.do("wizard", formula.name)
        assert summary == formula.summary
        assert [(name, text) for name, text, _ in arguments] == [(a.name, a.help) for a in formula.arguments]
        assert all(
            optional for (*_, optional), a in zip(arguments, formula.arguments, strict=True) if a.kind is not Kind.CELL
        )


def test_without_the_program_cells_say_what_to_do(tmp_path: Path, today: date) -> None:
    calc = Calc(tmp_path, home=None)
    try:
        document = calc.open(small_workbook(tmp_path, today)[0])
        calc.put(document, SHEET, "H1:H2", ['=BACKLOG("C1")'], ["=RATABLE_WHY(H1)"])
        assert calc.values(document, SHEET, "A1") == [[["#REF!"]]]
        assert calc.value(document, SHEET, "H1") == ["#REF!"]
        assert "nothing here" in calc.value(document, SHEET, "H2") and "RATABLE_HOME" in calc.value(
            document, SHEET, "H2"
        )
    finally:
        calc.end()
    assert "org.ratable.addin" in calc.unopkg("list")
    calc.unopkg("add", "-f", "-s", str(OXT))
    calc.unopkg("remove", "org.ratable.addin")
    assert "org.ratable.addin" not in calc.unopkg("list")


def test_the_book_of_a_formula_is_written_as_the_guide_says() -> None:
    workbook = with_tables(SMALL)
    given = "Settings[#All],Contracts[#All],Obligations[#All],BillingsTable[#All],,,,Rates[#All]"
    left_out = "," * (len(TABLES) - 8)
    assert book_formula(workbook) == f"=RATABLE_BOOK({given}{left_out})"
