"""What the buttons of the ribbon do: the same actions as the command line, about the tables of the open workbook.

An answer is a file to be opened, a sheet to be added to the workbook, or something to be told. It is one block of
cells, because COM knows no lists within lists:

    "file"   path  text            or    "sheet"   name     title
    "told"   text  ""                    format    format   ...        of each column, blank beyond the last
                                         header    header   ...
                                         cell      cell     ...

Closing and reopening are conversations: asked with less than they need, they answer what to ask for.

    "period"     the period that comes next          ""
    "checklist"  what to show before it is closed    names of failing checks, parted by commas
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from addin import actions
from addin.excel.values import outgoing
from addin.formulas.errors import Code, FormulaError

if TYPE_CHECKING:
    from addin.formulas.books import OpenedBook
    from addin.opened import Manner
    from engine.reports.table import Table

Answer = list[list[Any]]

#: Every button in its place on the ribbon: (id, label, image of Office, help).
BUTTONS = (
    ("New", "New", "FileNew", "A new workbook with the tables of a book, drop-down lists and help."),
    ("Check", "Check", "ErrorChecking", "Every problem of the tables, cell by cell, and every check of the figures."),
    ("Refresh", "Refresh", "RefreshAll", "Reads the tables again and calculates every formula."),
    ("Waterfall", "Waterfall", "ChartTypeColumnInsertGallery", "When the backlog will be recognized, month by month."),
    ("RollForward", "Roll-forward", "CalculateSheet", "From opening to closing deferred revenue, by movement."),
    ("RPO", "RPO", "NameManager", "Remaining performance obligations, bridged from backlog, in bands."),
    ("Journal", "Journal", "SortDialog", "The entries of the period, balanced per contract, date and currency."),
    ("ClosePack", "Close pack", "FileSaveAsExcelXlsx", "The month's workbook: every report, checked, formatted."),
    ("Why", "Why?", "TracePrecedents", "Why the selected cell shows an error, or the arithmetic behind its figure."),
    ("DrillDown", "Drill down", "FindDialog", "A sheet with the rows that make up the selected figure."),
    ("Freeze", "Freeze to values", "PasteValues", "A copy of the sheet with values in place of formulas."),
    ("Help", "Help", "Help", "Every formula with its arguments and an example."),
)  # fmt: skip

#: Buttons in the menu below another one, which make up one control with it.
MENUS = {
    "ClosePack": (
        ("ClosePeriod", "Close period...", "SheetProtect", "The checklist, the close pack, and the period is closed."),
        ("ReopenPeriod", "Reopen period...", "Undo", "Opens the last closed period again, with name and reason."),
    ),
}  # fmt: skip

_DATE, _MONEY, _TEXT, _NUMBER = "yyyy-mm-dd", '#,##0.00_);(#,##0.00);"-"_)', "@", "General"
_FORMATS = {"text": _TEXT, "money": _MONEY, "date": _DATE, "number": _NUMBER, "integer": _NUMBER}


def press(button: str, book: str, workbook: str, details: Any) -> Answer:
    """What a button does.

    book      the text of the book in the tables of the workbook, where the button is about one
    workbook  its path, or its name as long as it is not saved
    details   of New and Close pack the path to write; of Why? and Drill down (calls of the formula of the cell, row and
              column of the cell in the answer, whether dates count from 1904); of Close period nothing, (period,) or
              (period, who, names of checks that are accepted, why); of Reopen period nothing or (period, who, why)
    raises    FormulaError with what to do
    """
    from engine.book.problems import BookRefused
    from engine.ledger.errors import LedgerProblem
    from engine.sheets.errors import NotWritten

    if button not in _BUTTONS:
        raise FormulaError(Code.VALUE, f"there is no button {button}")
    try:
        return _BUTTONS[button](book, Path(workbook), details)
    except (actions.Usage, LedgerProblem, NotWritten) as problem:
        raise FormulaError(Code.VALUE, str(problem)) from None
    except BookRefused as refused:
        raise FormulaError(Code.VALUE, str(refused.problems[0])) from None


def sheet(name: str, title: str, table: Table, shown: list[list[Any]]) -> Answer:
    """A table as a sheet: `shown` are its cells with the header."""
    return block(name, title, [_FORMATS[column.kind] for column in table.columns], shown)


def block(name: str, title: str, formats: list[str], shown: list[list[Any]]) -> Answer:
    """The answer that is a sheet."""
    rows: Answer = [["sheet", name, title], formats, *outgoing(shown)]
    width = max(len(row) for row in rows)
    return [[*row, *[""] * (width - len(row))] for row in rows]


def file(path: Path, text: str) -> Answer:
    """The answer that is a file."""
    return [["file", str(path), text]]


def _opened(book: str, workbook: Path) -> actions.Opened:
    from addin.formulas.books import opened_book
    from addin.formulas.ledgers import saved_at

    found, saved = opened_book(book), saved_at(str(workbook)) is not None
    manner: Manner = "standing" if saved else "recalculated"  # there is no ledger beside what is not saved
    return actions.Opened(workbook, found.schedule(), found.problems, manner=manner)


def _new(book: str, workbook: Path, details: Any) -> Answer:
    path = actions.new(Path(str(details)))
    return file(path, "Fill in the tables, then delete the example rows.")


def _check(book: str, workbook: Path, details: Any) -> Answer:
    from addin.formulas.books import opened_book
    from engine.reports.table import Column, Table

    found: OpenedBook = opened_book(book)
    problems = list(found.findings)
    if found.usable and found.standing.problem is None:
        problems += actions.checks_of(_opened(book, workbook), None)
    names = ("severity", "name", "where", "found", "remedy")
    rows = [[str(p.severity), p.name, p.where, p.found, p.remedy] for p in problems]
    table = Table(tuple(Column(name) for name in names), rows)
    bad = sum(row[0] != "ok" for row in rows)
    title = "Check: nothing to mend" if not bad else f"Check: {bad} to look at"
    return sheet("Check", title, table, [list(names), *rows])


def _report(name: str, title: str, words: Mapping[str, Any]) -> Callable[[str, Path, Any], Answer]:
    def answer(book: str, workbook: Path, details: Any) -> Answer:
        from addin.formulas.tables import cells_of

        opened = _opened(book, workbook)
        table = actions.report(name, opened, {"as_of": None, "first": None, "last": None, **words})
        return sheet(title, f"{title}, book as of {opened.book_day}", table, cells_of(table))

    return answer


def _close_pack(book: str, workbook: Path, details: Any) -> Answer:
    path, passed = actions.pack(_opened(book, workbook), dt.date.today(), None, Path(str(details)))
    return file(path, "" if passed else "A check fails: see the sheet Checks.")


def _close_period(book: str, workbook: Path, details: Any) -> Answer:
    from addin.excel.closing_buttons import closed

    return closed(_with_ledger(book, workbook), details)


def _reopen_period(book: str, workbook: Path, details: Any) -> Answer:
    from addin.excel.closing_buttons import reopened

    return reopened(_with_ledger(book, workbook), details)


def _with_ledger(book: str, workbook: Path) -> actions.Opened:
    """raises FormulaError where there can be no ledger"""
    opened = _opened(book, workbook)
    if opened.manner == "recalculated":
        raise FormulaError(
            Code.VALUE,
            "Closed periods are recorded in a file beside the workbook: save it in a folder of this computer or of the "
            "network first. Excel names one in OneDrive or SharePoint by its address on the web: close its periods "
            "with `ratable close` or in the window, which open the file in the synced folder.",
        )
    return opened


def _why(book: str, workbook: Path, details: Any) -> Answer:
    from addin.excel.drill import explained

    return explained(*details)


def _drill(book: str, workbook: Path, details: Any) -> Answer:
    from addin.excel.drill import drilled

    return drilled(*details)


def _help(book: str, workbook: Path, details: Any) -> Answer:
    from addin.formulas.catalogue import catalogue
    from addin.formulas.written import written
    from engine.reports.table import Column, Table

    names = ("group", "formula", "answers", "example")
    rows = [[f.group, f.signature, f.summary, written(f, f.example[0])[1:]] for f in catalogue().values()]
    return sheet("Help", "The formulas of Ratable", Table(tuple(map(Column, names)), rows), [list(names), *rows])


_BUTTONS: Mapping[str, Callable[[str, Path, Any], Answer]] = {
    "New": _new,
    "Check": _check,
    "Waterfall": _report("waterfall", "Waterfall", {"months": 12, "by": "contract", "measure": "recognized"}),
    "RollForward": _report("rollforward", "Roll-forward", {"of": "deferred"}),
    "RPO": _report("rpo", "RPO", {}),
    "Journal": _report("journal", "Journal", {}),
    "ClosePack": _close_pack,
    "ClosePeriod": _close_period,
    "ReopenPeriod": _reopen_period,
    "Why": _why,
    "DrillDown": _drill,
    "Help": _help,
}
