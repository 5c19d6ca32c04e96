"""Ratable self-test.xlsm: a row for every formula and every error, expected beside found, and one green cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from addin.excel.live_sheet import Live, put
from addin.excel.sample_tables import CarryingWorkbook, sample_opened, table_ranges
from addin.excel.template import asked
from addin.formulas.books import OpenedBook, calling_workbook
from addin.formulas.catalogue import Formula, catalogue
from addin.formulas.written import written
from engine.sheets import styles
from engine.sheets.sheet import Heading
from engine.sheets.styles import Look

SELF_TEST = "Ratable self-test.xlsm"
_MONO, _VALUE = Look("text", rule="hair"), Look("engine", rule="hair", form="General")
_RIGHT_HEAD = replace(styles.HEAD_RIGHT, wrap=False)
_HEADS = ("what is tested", "formula", "expected", "found", "well")
_FIRST = 10  # row of the first test, below heading, verdict and book

#: (what, formula, ERROR.TYPE of Excel)
_ERRORS = (
    ("an unknown id is #N/A", 'BACKLOG("no such id",,,Book)', 7),
    ("a day that is none is #VALUE!", 'BACKLOG("C-1002","June",,Book)', 3),
    ("an unknown column is #VALUE!", 'BACKLOG(,,"colour=red",Book)', 3),
    ("days in the wrong order are #NUM!", 'REVENUE_RECOGNIZED("C-1002","2026-06","2026-01",,Book)', 6),
    ("currencies that mix are #NUM!", 'BACKLOG(,,"currency=contract",Book)', 6),
    ("a book that is none is #REF!", 'BACKLOG("C-1002",,,"no book")', 4),
    ("an error in an argument stays an error", "BACKLOG(NA(),,,Book)", 7),
)


@dataclass(frozen=True)
class Row:
    """One row: `formula` without its =, and what it has to be."""

    what: str
    formula: str
    expected: Any


def self_test() -> bytes:
    """The workbook as an .xlsx, before macros are put in."""
    workbook, book = CarryingWorkbook("Ratable self-test", calculate=True), sample_opened()
    about = "Open it where Ratable is installed: the cell below turns green if every formula answers as it should"
    sheet = workbook.add("Self-test", Heading("Ratable", "Self-test", about))
    for column, width in enumerate((44, 88, 22, 22, 10), 1):
        sheet.width(column, width)
    tests = list(_tests(book))
    last = _FIRST + len(tests) - 1
    failed = f'SUM(--(E{_FIRST}:E{last}<>"OK"))'
    verdict = f'IF({failed}=0,"ALL OK",{failed}&" FAILED")'
    cell = put(sheet, Live(verdict, "ALL OK", replace(styles.STATUS, size=14)), height=24)
    read = put(
        sheet, ("Book", styles.TEXT), Live(f"RATABLE_BOOK({','.join(table_ranges())})", book.text, _VALUE)
    )  # fmt: skip
    workbook.name("Book", sheet, f"$B${read}")
    put(sheet)
    looks = (styles.HEAD_LEFT, styles.HEAD_LEFT, _RIGHT_HEAD, _RIGHT_HEAD, styles.HEAD)
    head = put(sheet, *zip(_HEADS, looks, strict=True))
    assert head == _FIRST - 1
    for test in tests:
        _row(sheet, test)
    for area in (f"A{cell}", f"E{_FIRST}:E{last}"):
        for rule in styles.word_rules(area.partition(":")[0]):
            sheet.worksheet.conditional_formatting.add(area, rule)
    sheet.worksheet.freeze_panes = f"A{_FIRST}"
    sheet.finish(None, None)
    workbook.add_tables()
    return workbook.to_bytes()


def _row(sheet: Any, test: Row) -> None:
    row = sheet.row + 1
    number = isinstance(test.expected, float)
    same = f"ABS(C{row}-D{row})<0.005" if number else f"EXACT(C{row},D{row})"
    form = "General" if not number else styles.WHOLE if test.expected.is_integer() else styles.money_form(2)
    look = replace(_VALUE, form=form, align="right")
    put(
        sheet, (test.what, _MONO), (f"={test.formula}", replace(_MONO, quoted=True)),
        (test.expected, replace(look, ink="text")), Live(test.formula, test.expected, look),
        Live(f'IF(IFERROR({same},FALSE),"OK","FAILED")', "OK", styles.STATUS),
    )  # fmt: skip


def _tests(book: OpenedBook) -> Iterator[Row]:
    for formula in catalogue().values():
        if formula.name not in ("RATABLE_WHY", "RATABLE_BOOK"):
            yield _of_example(formula, book)
    yield from _of_arrays(book)
    for what, formula_text, number in _ERRORS:
        # LibreOffice looks for an error in a cell, not in an array of one, which INDEX takes it out of
        yield Row(what, f"ERROR.TYPE(INDEX({formula_text},1,1))", float(number))
    yield Row("a blank book is this workbook", 'DEFERRED_BALANCE("C-1002","2026-03-31")', 36164.38)
    yield Row("RATABLE_BOOK without tables is this workbook", "RATABLE_BOOK()", book.text)
    yield Row("RATABLE_WHY of a cell without an error is blank", "LEN(RATABLE_WHY(A1))", 0.0)


def _of_example(formula: Formula, book: OpenedBook) -> Row:
    """The formula's own example; of a table its last number, or the heading if it has none."""
    given = formula.example[0]
    text = written(formula, given)[1:]
    if formula.takes_book:
        text = _with_book(text, len(formula.arguments) - 1 - len(given))
    with calling_workbook(lambda: book):
        answer = formula.function(*given)
    if not isinstance(answer, list):
        return Row(formula.name, text, answer)
    row, column, value = _last_number(answer)
    return Row(f"{formula.name}, row {row} column {column}", f"INDEX({text},{row},{column})", value)


def _with_book(text: str, blanks: int) -> str:
    """The formula with `Book` in its last place, `blanks` places after those it has."""
    before = text.removesuffix(")")
    return f"{before}{',' * (blanks + (not before.endswith('(')))}Book)"


def _last_number(rows: list[list[Any]]) -> tuple[int, int, Any]:
    numbers = [
        (r, c, value)
        for r, row in enumerate(rows, 1)
        for c, value in enumerate(row, 1)
        if isinstance(value, float) and value
    ]
    return numbers[-1] if numbers else (1, 1, rows[0][0])


def _of_arrays(book: OpenedBook) -> Iterator[Row]:
    ids, days = [["C-1002"], ["C-1009"]], [["2026-03", "2026-06"]]
    grid = asked(book, "BACKLOG", ids, days)
    text = 'BACKLOG({"C-1002";"C-1009"},{"2026-03","2026-06"},,Book)'
    yield Row("a column of ids and a row of days is a grid", f"INDEX({text},2,1)", grid[1][0])
    yield Row("a grid adds up", f"SUM({text})", sum(map(sum, grid)))
    whole = asked(book, "CONTRACTED", None, "2026-06", "currency=USD")
    column = 'CONTRACTED(Contracts[contract_id],"2026-06","currency=USD",Book)'
    yield Row("a column of every contract is the book", f"SUM({column})", whole)
    date_text = 'DEFERRED_BALANCE("C-1002",DATE(2026,3,31),,Book)'
    yield Row("a date cell is a day", date_text, 36164.38)
