"""The extension in LibreOffice itself: the template, books nobody has seen, arguments, changes of the book."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from addin.excel.self_test import SELF_TEST
from addin.excel.template import TEMPLATE
from addin.formulas.books import SHELF, OpenedBook
from addin.formulas.catalogue import catalogue
from engine.book.reading import read_book
from workbook_templates import sample_book

from ..oracle.random_books import dates_of, random_book
from .asking import ask
from .calc import Calc
from .calc_workbooks import (
    SHEET,
    Sheet,
    differing,
    expected,
    name_book,
    opened_book,
    questions,
    saved,
    small_workbook,
    with_tables,
)
from .conftest import SMALL

pytestmark = pytest.mark.libreoffice
DAY = date(2026, 6, 30)


# ---- the template


def _asked_on_dashboard(book: OpenedBook, text: str) -> Any:
    """What a formula of the dashboard has to show, worked out in Python."""
    day = book.book.settings.as_of if book.book else DAY
    meant = {
        "": None, "AsOf": DAY, "Filters": "currency=USD", "Book": book, "EOMONTH(AsOf,-1)": date(2026, 5, 31),
        "DATE(YEAR(AsOf),MONTH(AsOf),1)": date(2026, 6, 1), "DATE(YEAR(AsOf),1,1)": date(2026, 1, 1),
    }  # fmt: skip
    assert day == DAY
    name, inside = re.fullmatch(r"=([A-Z_]+)\((.*)\)", text).groups()  # type: ignore[union-attr]
    parts = re.findall(r"((?:[A-Z]+\((?:[^()]|\([^()]*\))*\)|[^,])*)(?:,|$)", inside)
    arguments = [meant[part] for part in parts[: inside.count("Book") and parts.index("Book") + 1]]
    return ask(book, name, *arguments)


def _template_formulas() -> dict[tuple[str, str], str]:
    workbook = openpyxl.load_workbook(sample_book().with_name(TEMPLATE))
    return {
        (sheet.title, cell.coordinate): getattr(cell.value, "text", cell.value)
        for sheet in workbook
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def _differs(calc: Calc, document: int, book: OpenedBook) -> list[str]:
    """Cells of the template that show something else than the engine says about `book`."""
    found = []
    for (sheet, cell), text in _template_formulas().items():
        if re.match(r"=[A-Z_]+\(.*Book\)$", text) and sheet == "Dashboard" and not text.startswith(("=ROWS", "=SUM")):
            shown, wanted = calc.value(document, sheet, cell), _asked_on_dashboard(book, text)
            if shown != wanted:
                found.append(f"{sheet}!{cell} {text}: {shown!r}, expected {wanted!r}")
    for sheet, asked in (
        ("Waterfall", ("WATERFALL", (None, DAY, None, "customer", None, "currency=USD"))),
        ("Balances", ("CONTRACT_LIST", (None, DAY))),
        ("Checks", ("RATABLE_CHECK", (DAY,))),
    ):
        rows = expected(book, asked)
        shown_rows = [row[: len(rows[0])] for row in calc.values(document, sheet)[5 : 5 + len(rows)]]
        if shown_rows != rows:
            found += [f"{sheet}: {a}, expected {b}" for a, b in zip(shown_rows, rows, strict=False) if a != b]
    return found


def test_every_cell_of_the_template_is_what_the_engine_says(calc: Calc, opened: Any, sample: OpenedBook) -> None:
    document = opened(sample_book().with_name(TEMPLATE))
    calc.do("calculate", document)
    assert calc.value(document, "Dashboard", "B9") == sample.text
    assert _differs(calc, document, sample) == []


@pytest.mark.parametrize("name", [TEMPLATE, SELF_TEST])
def test_every_cell_shows_the_value_it_has_in_the_file(name: str, calc: Calc, opened: Any) -> None:
    path = sample_book().with_name(name)
    document = opened(path)
    calc.do("calculate", document)
    read = openpyxl.load_workbook(path, data_only=True)
    formulas = openpyxl.load_workbook(path)
    areas = {
        (sheet.title, getattr(cell.value, "ref", cell.coordinate))
        for sheet in formulas
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }
    assert len(areas) > 40
    for sheet, area in areas:
        block = read[sheet][area]
        saved_rows = [[_as_shown(cell.value) for cell in row] for row in (block if ":" in area else ((block,),))]
        shown = [[_as_shown(cell) for cell in row] for row in calc.values(document, sheet, area)]
        assert shown == saved_rows, f"{sheet}!{area}"


def _as_shown(value: Any) -> Any:
    """As the number format shows it: a difference of two cells has more decimals within."""
    return round(float(value), 6) if isinstance(value, int | float) else "" if value is None else value


def test_a_changed_input_changes_every_figure_of_the_template_without_being_told(
    calc: Calc, opened: Any, tmp_path: Path, today: date
) -> None:
    document = opened(sample_book().with_name(TEMPLATE))
    calc.do("calculate", document)
    before = calc.values(document, "Dashboard", "B12:B22")
    header = calc.values(document, "Obligations")[0]
    price = openpyxl.utils.get_column_letter(header.index("price") + 1)
    calc.put(document, "Obligations", f"{price}2", [76_543.21])
    calc.do("save", document, str(tmp_path / "changed.xlsx"))
    book = read_book(tmp_path / "changed.xlsx", today)
    changed = SHELF.put(book, book.problems)
    assert calc.value(document, "Dashboard", "B9") == changed.text
    assert calc.values(document, "Dashboard", "B12:B22") != before
    assert _differs(calc, document, changed) == []


def test_the_self_test_is_green(calc: Calc, opened: Any) -> None:
    document = opened(sample_book().with_name(SELF_TEST))
    calc.do("calculate", document)
    rows = calc.values(document, "Self-test")
    assert [row for row in rows[9:] if row[4] != "OK"] == []
    assert rows[5][0] == "ALL OK"


# ---- books nobody has seen


@pytest.mark.parametrize("seed", range(7000, 7004))
@pytest.mark.parametrize("named", [True, False], ids=["book named", "book blank"])
def test_every_formula_about_a_random_book_answers_as_the_engine(
    seed: int, named: bool, calc: Calc, opened: Any, tmp_path: Path, today: date
) -> None:
    rows = random_book(seed)
    days = dates_of(rows)
    workbook = with_tables(rows)
    found = read_book(saved(workbook, tmp_path / "book.xlsx"), today)
    book = OpenedBook(found, found.problems, found.fingerprint)  # as the command line reads it, and says where it is
    if named:
        name_book(workbook)
    sheet = Sheet(workbook, book, named)
    for asked in questions(rows, [days[len(days) // 2], days[2 * len(days) // 3], date(2026, 12, 31)]):
        sheet.write(asked)
    document = opened(saved(workbook, tmp_path / "book.xlsx"))
    assert differing(calc, document, sheet) == []
    calc.do("calculate", document)
    assert differing(calc, document, sheet) == []
    assert len(sheet.areas) > 100
    assert {area.result for area in (catalogue()[asked[0]] for asked, _ in sheet.areas.values())} == {"number", "table"}


def test_formulas_are_saved_as_they_were_written(tmp_path: Path, today: date) -> None:
    workbook = with_tables(SMALL)
    name_book(workbook)
    formulas = [
        '=DEFERRED_BALANCE("C1","2026-03",,Book)', "=BACKLOG(A5)", "=RATABLE_WHY(A4)",
        '=ROWS(WATERFALL(,,,,,"currency=contract"))',
    ]  # fmt: skip
    for row, formula in enumerate(formulas, 3):
        workbook[SHEET][f"A{row}"] = formula
    path = Calc(tmp_path / "another").convert(saved(workbook, tmp_path / "in.xlsx"), tmp_path / "out")
    read = openpyxl.load_workbook(path)[SHEET]
    assert [read[f"A{row}"].value for row in range(3, 7)] == formulas
    values = openpyxl.load_workbook(path, data_only=True)[SHEET]
    book = opened_book(SMALL, today)
    assert values["A1"].value == book.text
    assert values["A3"].value == ask(book, "DEFERRED_BALANCE", "C1", "2026-03")
    rows = ask(book, "WATERFALL", None, None, None, None, None, "currency=contract")
    assert openpyxl.load_workbook(path, data_only=True)[SHEET]["A6"].value == len(rows)


# ---- what other formulas make of an answer


def test_texts_are_found_as_the_guide_says(calc: Calc, opened: Any, tmp_path: Path, today: date) -> None:
    """A text by itself is equal to its like; one in the rows of a table to none, unless compared letter by letter."""
    document = opened(small_workbook(tmp_path, today)[0])
    calc.do("array", document, SHEET, "C1:F4", '=CONTRACT_LIST(;;;"currency=contract";Book)')
    calc.put(
        document, SHEET, "P1:P7",
        ['=IF(RATABLE_WHY(A1)="";1;0)'], [f'=IF(Book="{calc.value(document, SHEET, "A1")}";1;0)'],
        ['=SUMPRODUCT(EXACT(D2:D4;"USD")*E2:E4)'], ['=SUMPRODUCT(EXACT(C2:C4;"C2")*E2:E4)'], ['=IF(C2&""="C1";1;0)'],
        ['=SUMIF(D2:D4;"USD";E2:E4)'], ['=IF(C2="C1";1;0)'],
    )  # fmt: skip
    shown = [row[0] for row in calc.values(document, SHEET, "P1:P7")]
    assert shown[:5] == [1.0, 1.0, 1131.50, 730.0, 1.0]
    assert shown[5:] == [0.0, 0.0], "LibreOffice has mended it: take the remark out of docs/install.md"


# ---- arguments


def test_cells_ranges_and_blanks_are_read_as_in_excel(calc: Calc, opened: Any, tmp_path: Path, today: date) -> None:
    path, book = small_workbook(tmp_path, today)
    document = opened(path)
    calc.put(document, SHEET, "C1:C4", ["C1"], ["C2"], ["00123"], [None])
    calc.put(document, SHEET, "D1:F1", [46112.0, "2026-06", None])  # 2026-03-31
    calc.put(
        document, SHEET, "H1:H8",
        ["=BACKLOG(C1;D1;;Book)"], ['=BACKLOG(C3;D1;"currency=contract";Book)'], ["=BACKLOG(C1;F1;F1;Book)"],
        ['=BACKLOG(C4;D1;"currency=USD";Book)'], ["=BACKLOG(C1;TRUE();;Book)"], ["=BACKLOG(D1;D1;;Book)"],
        ["=SUM(BACKLOG(C1:C2;D1;;Book))-BACKLOG(C1;D1;;Book)"], ["=WATERFALL(C1;D1;2;;;;Book)"],
    )  # fmt: skip
    day = date(2026, 3, 31)
    assert calc.values(document, SHEET, "H1:H8") == [
        [ask(book, "BACKLOG", "C1", day)], [ask(book, "BACKLOG", "00123", day, "currency=contract")],
        [ask(book, "BACKLOG", "C1")], [ask(book, "BACKLOG", None, day, "currency=USD")], [["#NUM!"]], [["#N/A"]],
        [ask(book, "BACKLOG", "C2", day)], ["contract"],
    ]  # fmt: skip
    calc.do("array", document, SHEET, "K1:L4", '=BACKLOG(C1:C4;D1:E1;"currency=contract";Book)')
    ids = [["C1"], ["C2"], ["00123"], [None]]
    assert calc.values(document, SHEET, "K1:L4") == ask(
        book, "BACKLOG", ids, [["2026-03-31", "2026-06"]], "currency=contract"
    )


@pytest.mark.parametrize("year", [1904, 1899])
def test_days_are_those_of_the_workbooks_calendar(
    year: int, calc: Calc, opened: Any, tmp_path: Path, today: date
) -> None:
    workbook = with_tables(SMALL, CALENDAR_MAC_1904 if year == 1904 else None)
    name_book(workbook)
    workbook[SHEET]["C1"] = date(2026, 3, 31)
    workbook[SHEET]["C2"] = '=BACKLOG("C1",C1,,Book)'
    workbook[SHEET]["C3"] = '=BACKLOG("C1",C1)'
    workbook[SHEET]["C4"] = "=INDEX(RATABLE_SCHEDULE(100,DATE(2026,1,1),DATE(2026,2,28)),2,1)-DATE(2026,2,28)"
    document = opened(saved(workbook, tmp_path / "calendar.xlsx"))
    calc.do("calculate", document)
    book = opened_book(SMALL, today)
    wanted = ask(book, "BACKLOG", "C1", date(2026, 3, 31))
    assert calc.value(document, SHEET, "A1") == book.text
    assert calc.values(document, SHEET, "C2:C4") == [[wanted], [wanted], [0.0]]


def test_a_calendar_excel_does_not_have_is_refused(calc: Calc, opened: Any) -> None:
    document = opened()
    calc.do("null_date", document, 1900, 1, 1)
    calc.put(document, "", "A1:A2", ["=RATABLE(100;46023;46387;46023;46112)"], ["=RATABLE_WHY(A1)"])
    assert calc.value(document, "", "A1") == ["#VALUE!"]
    assert "12/30/1899" in calc.value(document, "", "A2")


# ---- the book


def test_a_blank_book_is_the_tables_of_the_workbook_that_asks(
    calc: Calc, opened: Any, tmp_path: Path, today: date
) -> None:
    ours, book = small_workbook(tmp_path, today)
    other = {**SMALL, "obligations": [{**SMALL["obligations"][0], "price": "1000.00"}, *SMALL["obligations"][1:]]}
    first, second, third = opened(ours), opened(saved(with_tables(other), tmp_path / "other.xlsx")), opened()
    for document in (first, second, third):
        calc.put(document, "", "H1:H2", ['=CONTRACTED("C1")'], ["=RATABLE_BOOK()"])
    assert calc.values(first, "", "H1:H2") == [[ask(book, "CONTRACTED", "C1")], [book.text]]
    changed = opened_book(other, today)
    assert calc.values(second, "", "H1:H2") == [[1036.50], [changed.text]]
    assert calc.values(third, "", "H1:H2") == [[["#REF!"]], [["#REF!"]]]
    calc.put(third, "", "H3", ["=RATABLE_WHY(H1)"])
    assert "no tables of a book" in calc.value(third, "", "H3")


def test_a_new_workbook_of_sheets_alone_is_a_book_before_it_is_saved(calc: Calc, opened: Any) -> None:
    document = opened()
    rows = (["contract_id", "customer", "signed_on"], ["C1", "Acme", "2026-01-01"])
    lines = (["contract_id", "obligation_id", "price", "start", "end"], ["C1", "o", 365, "2026-01-01", "2026-12-31"])
    calc.do("sheet", document, "Contracts")
    calc.do("sheet", document, "obligations")
    calc.put(document, "Contracts", "A1:C2", *rows)
    calc.put(document, "obligations", "A1:E2", *lines)
    calc.put(document, "", "A1:A2", ['=BACKLOG("C1";"2026-01-31")'], ["=INDEX(RATABLE_PROBLEMS();2;3)"])
    assert calc.value(document, "", "A1") == 334.0
    calc.put(document, "obligations", "C2", [730])
    calc.do("calculate", document)
    assert calc.value(document, "", "A1") == 668.0
    calc.put(document, "obligations", "C2", ["much"])
    calc.do("calculate", document)
    assert calc.values(document, "", "A1:A2") == [[["#REF!"]], ["obligations!C2"]]


def test_problems_name_the_cell_of_a_table_that_is_given(calc: Calc, opened: Any, tmp_path: Path, today: date) -> None:
    document = opened(small_workbook(tmp_path, today)[0])
    header = calc.values(document, "Obligations")[0]
    price = openpyxl.utils.get_column_letter(header.index("price") + 1)
    calc.put(document, "Obligations", f"{price}3", ["much"])
    calc.do("array", document, SHEET, "H2:L6", "=RATABLE_PROBLEMS(Book)")
    assert [f"Obligations!{price}3"] in calc.values(document, SHEET, "J2:J6")


def test_rows_right_below_a_table_are_refused_rather_than_left_out(
    calc: Calc, opened: Any, tmp_path: Path, today: date
) -> None:
    document = opened(small_workbook(tmp_path, today)[0])
    calc.put(document, "Contracts", "A5:B5", ["C9", "Dune"])
    calc.put(document, SHEET, "H1:H2", ['=BACKLOG("C1")'], ["=RATABLE_WHY(H1)"])
    assert calc.value(document, SHEET, "H1") == ["#REF!"]
    assert "Contracts, row 5" in calc.value(document, SHEET, "H2")


def test_a_text_of_a_book_left_in_a_file_is_found_again_in_the_workbooks_tables(
    calc: Calc, opened: Any, tmp_path: Path, today: date
) -> None:
    """As in a file opened with the values it was saved with, by a program that has not read its tables."""
    rows = {**SMALL, "contracts": [*SMALL["contracts"], {**SMALL["contracts"][0], "contract_id": "C77"}]}
    document = opened(saved(with_tables(rows), tmp_path / "old.xlsx"))
    book = opened_book(rows, today)
    calc.put(document, SHEET, "A1", [book.text])
    calc.put(document, SHEET, "A2:A4", ['=BACKLOG("C1";;;A1)'], ['=BACKLOG("C1";;;"no book")'], ["=RATABLE_WHY(A3)"])
    assert calc.values(document, SHEET, "A2:A3") == [[ask(book, "BACKLOG", "C1")], [["#REF!"]]]
    assert "RATABLE_BOOK" in calc.value(document, SHEET, "A4")
