"""Ratable.xlsm: a book with its own dashboard - input tables, figures that are our formulas, a spilling waterfall."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from addin.excel.live_sheet import Live, put, spill
from addin.excel.sample_tables import CarryingWorkbook, sample_opened, table_ranges
from addin.formulas.books import OpenedBook
from addin.formulas.catalogue import find
from engine.sheets import styles
from engine.sheets.page import on_one_page
from engine.sheets.sheet import Heading
from engine.sheets.styles import Look

TEMPLATE = "Ratable.xlsm"
_AS_OF, _FILTERS = date(2026, 6, 30), "currency=USD"
_MONTH_AGO = date(2026, 5, 31)
_MONTH, _YEAR = (date(2026, 6, 1), "DATE(YEAR(AsOf),MONTH(AsOf),1)"), (date(2026, 1, 1), "DATE(YEAR(AsOf),1,1)")
_TEXT = Look("engine", rule="hair")
_AMOUNT = styles.money(2)
_FORMULA_AMOUNT = styles.money(2, "formula")
#: Amounts a spilled table has columns ready for, and rows of checks.
_AMOUNTS, _MOST_CHECKS = 26, 200
_LINES = replace(_TEXT, wrap=True)
#: Of the columns of a spilled table: how cells look, how heads look, widths.
_Columns = tuple[Sequence[Look], Sequence[Look], Sequence[float]]
_MONEY_COLUMNS: _Columns = (
    [_TEXT] * 2 + [_AMOUNT] * _AMOUNTS,
    [styles.HEAD_LEFT] * 2 + [replace(styles.HEAD_RIGHT, wrap=False)] * _AMOUNTS,
    [26, 10, *[13.5] * 4, *[18.5] * (_AMOUNTS - 4)],
)
_CHECK_COLUMNS: _Columns = ([_TEXT, _TEXT, _TEXT, _LINES, _LINES], [styles.HEAD_LEFT] * 5, [10, 26, 20, 60, 80])

_BALANCES = (
    ("Deferred revenue", "DEFERRED_BALANCE"), ("  of it current", "DEFERRED_CURRENT"),
    ("  of it non-current", "DEFERRED_NONCURRENT"), ("Contract asset", "CONTRACT_ASSET"),
    ("Refund liability", "REFUND_LIABILITY"), ("Backlog", "BACKLOG"), ("  of it unbilled", "BACKLOG_UNBILLED"),
    ("Remaining performance obligations", "RPO"), ("Contracted", "CONTRACTED"),
    ("Recognized to date", "RECOGNIZED_TO_DATE"), ("Billed to date", "BILLED_TO_DATE"),
)  # fmt: skip
_FLOWS = (
    ("Revenue recognized", "REVENUE_RECOGNIZED"), ("  of it catch-up", "CATCH_UP"), ("Billings", "BILLINGS"),
)  # fmt: skip


def template() -> bytes:
    """The workbook as an .xlsx, before macros are put in."""
    workbook, book = CarryingWorkbook("Ratable"), sample_opened()
    _dashboard(workbook, book)
    usd = (None, _AS_OF, None, "customer", None, _FILTERS)
    _table(
        workbook, book, "Waterfall", "WATERFALL", usd, ',AsOf,,"customer",,Filters,Book', "When backlog becomes revenue"
    )
    _table(
        workbook,
        book,
        "Balances",
        "CONTRACT_LIST",
        (None, _AS_OF),
        ",AsOf,,,Book",
        "Every contract in its own currency",
    )
    _table(workbook, book, "Checks", "RATABLE_CHECK", (_AS_OF,), "AsOf,Book", "Every check of the figures")
    workbook.add_tables()
    return workbook.to_bytes()


def asked(book: OpenedBook, formula: str, *arguments: Any) -> Any:
    """What a formula answers about the sample book."""
    found = find(formula)
    return found.function(*arguments, book=book)


def _dashboard(workbook: CarryingWorkbook, book: OpenedBook) -> None:
    about = "Type over the tables on the sheets that follow; every figure here is a formula of Ratable"
    sheet = workbook.add("Dashboard", Heading("Ratable", "Deferred revenue and backlog", about))
    for column, width in enumerate((36, 20, 20, 20), 1):
        sheet.width(column, width)
    label, section = styles.TEXT, styles.SECTION
    put(sheet, ("Asked", section))
    as_of = put(sheet, ("As of", label), (_AS_OF, replace(styles.INPUT, form=styles.DATE, align="right")))
    chosen = put(sheet, ("Filters", label), (_FILTERS, replace(styles.INPUT, align="right")))
    formula = f"RATABLE_BOOK({','.join(table_ranges())})"
    read = put(sheet, ("Book", label), Live(formula, book.text, _TEXT))
    for name, row in (("AsOf", as_of), ("Filters", chosen), ("Book", read)):
        workbook.name(name, sheet, f"$B${row}")
    put(sheet)
    put(sheet, ("Balances", styles.HEAD_LEFT), ("as of", styles.HEAD_RIGHT), ("month end before", styles.HEAD_RIGHT),
        ("change", styles.HEAD_RIGHT))  # fmt: skip
    for words, name in _BALANCES:
        now, before = (asked(book, name, None, day, _FILTERS) for day in (_AS_OF, _MONTH_AGO))
        row = sheet.row + 1
        put(
            sheet, (words, label), Live(f"{name}(,AsOf,Filters,Book)", now, _AMOUNT),
            Live(f"{name}(,EOMONTH(AsOf,-1),Filters,Book)", before, _AMOUNT),
            Live(f"B{row}-C{row}", round(now - before, 2), _FORMULA_AMOUNT),
        )  # fmt: skip
    put(sheet)
    put(sheet, ("Flows", styles.HEAD_LEFT), ("month", styles.HEAD_RIGHT), ("calendar year to date", styles.HEAD_RIGHT))
    for words, name in _FLOWS:
        cells = [
            Live(f"{name}(,{first},AsOf,Filters,Book)", asked(book, name, None, day, _AS_OF, _FILTERS), _AMOUNT)
            for day, first in (_MONTH, _YEAR)
        ]
        put(sheet, (words, label), *cells)
    put(sheet)
    _state(sheet, book)
    put(sheet)
    for note in (
        "Amounts are of the contracts the filter keeps; those in EUR and JPY are on the sheet Balances.",
        "A cell shows #REF! and RATABLE_WHY says why? Ratable is not installed, or a table has a problem: press Check.",
    ):
        put(sheet, (note, styles.NOTE))
    on_one_page(sheet.worksheet)
    sheet.finish(None, None)


def _state(sheet: Any, book: OpenedBook) -> None:
    """How many problems and failing checks there are, at a glance."""
    put(sheet, ("State", styles.SECTION))
    problems = len(asked(book, "RATABLE_PROBLEMS")) - 1
    checks = [row[0] for row in asked(book, "RATABLE_CHECK", _AS_OF)]
    number = Look("engine", rule="hair", form=styles.WHOLE)
    put(sheet, ("Problems of the tables", styles.TEXT), Live("ROWS(RATABLE_PROBLEMS(Book))-1", problems, number))
    for words, kind in (("Checks that fail", "fail"), ("Checks that warn", "warn")):
        # not ="warn": to LibreOffice no text in rows that an extension answers is equal to any other
        formula = f'SUM(--EXACT(RATABLE_CHECK(AsOf,Book),"{kind}"))'
        put(sheet, (words, styles.TEXT), Live(formula, checks.count(kind), number))


def _table(
    workbook: CarryingWorkbook, book: OpenedBook, name: str, formula: str, arguments: tuple[Any, ...], written: str,
    about: str,
) -> None:  # fmt: skip
    """A sheet with one formula that fills it."""
    rows = asked(book, formula, *arguments)
    sheet = workbook.add(name, Heading("Ratable", name, about))
    money = isinstance(rows[1][2], float)
    looks, heads, widths = _MONEY_COLUMNS if money else _CHECK_COLUMNS
    first = sheet.row + 1
    spill(sheet, f"{formula}({written})", rows, looks, heads)
    for column, (look, width) in enumerate(zip(looks, widths, strict=True), 1):
        sheet.width(column, width)
        sheet.look(column, replace(look, rule=""))  # for the rows of a longer table
    sheet.worksheet.freeze_panes = f"{'C' if money else 'A'}{first + 1}"
    sheet.worksheet.print_title_rows = f"{first}:{first}"
    if not money:
        area = f"A{first + 1}:A{first + _MOST_CHECKS}"
        for rule in styles.word_rules(f"A{first + 1}"):
            sheet.worksheet.conditional_formatting.add(area, rule)
    sheet.finish(None, None)
