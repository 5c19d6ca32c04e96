"""docs/formulas.md, every formula with an example and its result: `python -m addin.formulas.document`."""

from __future__ import annotations

import datetime as dt
import sys
from itertools import groupby
from pathlib import Path
from typing import Any

from addin.formulas.books import SHELF, OpenedBook, calling_workbook
from addin.formulas.catalogue import Formula, catalogue
from addin.formulas.errors import Code
from addin.formulas.written import written
from engine.book.reading import read_book
from workbook_templates import sample_book

_MOST_ROWS, _MOST_COLUMNS, _LONGEST_CELL = 5, 8, 60
_ERRORS = {
    Code.NOT_AVAILABLE: "no contract or obligation of that id; or a range shorter than the others",
    Code.VALUE: "an argument that cannot be read: not a number, not a day, no such column or word",
    Code.NUMBER: "days that are impossible, amounts in several currencies, more cells than a sheet holds",
    Code.REFERENCE: "no usable book: none named and no tables in this workbook, or problems in it or its ledger",
}

_INTRODUCTION = """# Formulas

The same formulas work in Excel, in LibreOffice, on the command line (`ratable get BOOK NAME ARGUMENT ...`) and in
Python (`from addin.formulas.balances import deferred_balance`). This page is generated from them; `python -m
addin.formulas.document` writes it anew. Results are those of the sample book, `workbook_templates/Ratable sample.xlsx`.

## How they read their arguments

* Same word, same place, everywhere: what, when, how, which, from. All are optional where they stand in brackets, so
  `=DEFERRED_BALANCE()` is the whole book at its own `as_of`.
* `contract`: an id, `contract/obligation`, or a range of ids. Blank is the whole book. A blank cell *among* several
  ids is answered with 0, so that a range may reach beyond its last row.
* `as_of`, `start_date`, `end_date`: a date cell, or a label: `2026-03`, `2026-Q1`, `FY2026`. A label as `as_of` means
  its last day. Blank is the book's `as_of`, or the period it lies in. A time of day is left out. A bare 2026 is
  refused: write `FY2026`.
* `filters`: `"entity=US; product=Support"`, or a range of two columns; any column of Contracts or Obligations.
* Amounts are in the reporting currency, layer by layer at the rates of the documents (docs/rules.md). The filter
  `currency=contract` asks for the contracts' own - #NUM! where it mixes several; `currency=EUR` keeps the contracts in
  EUR and answers in EUR. Without the rates a foreign contract needs it is #NUM!.
* Ranges in, arrays out: a column of ids answers a column, a column of ids against a row of days a grid. One such call
  is many times faster than a call a cell. Tables take one day, and all ids of a range together.
* An error in an argument is the answer. Otherwise an answer is a number, a table or one of the errors below, never text
  in a number's place; `=RATABLE_WHY(cell)` says why.

{errors}

## Where the figures come from

`book` is the cell that holds `=RATABLE_BOOK(...)`:

    =RATABLE_BOOK(Settings[#All],Contracts[#All],Obligations[#All],BillingsTable[#All],Events[#All])
    =DEFERRED_BALANCE(A2:A100,$B$1,,Book)

That cell holds a fingerprint of the tables. Change a cell of a table and it changes, and with it everything that names
it is calculated anew; nothing is volatile, and the book is compiled once for all cells. With a blank `book` the tables
of the workbook the formula stands in are read, saved or not - but then a spreadsheet cannot know that the formula
depends on them: press Refresh (or Ctrl+Alt+F9) after a change.

A workbook that was closed has a ledger beside it, and its formulas answer closed periods from it, as `ratable get`
does: what was reported stands, whatever was done to the rows since, and the difference is in the first open period
([the rules](rules.md#closed-periods)). The text of the book then ends in the last period closed and the mark of the
ledger, `Ratable book 1b0d8e377fc4eb2e as of 2026-04-30, closed to 2026-02, ledger 532121aa`. A close or a reopening
changes it, and every cell with it, at the next refresh (Ctrl+Shift+F9 in LibreOffice). Until then all cells answer as
before: a sheet never shows two states side by side. The ledger is found beside the workbook the tables are in - in
LibreOffice beside the one the formula is in. A workbook that is not saved has none. Excel
names workbooks in SharePoint or OneDrive by their address on the web, in a synced folder too, and no file can be found
beside that: closed periods are not known in their cells, and the text of the book says so. The command line and the
window, given the file in the synced folder, know them. A ledger that is damaged, or cannot be read, is #REF! in every
figure, with the reason in RATABLE_PROBLEMS.

A table may not have the name of a formula, or Excel answers #NAME?. So in a workbook with formulas the Excel Table on
the sheet Billings is called `BillingsTable`. The formulas read a table by its name, with or without `Table` behind it,
and else the sheet of that name.
"""


def document() -> str:
    """The text of docs/formulas.md."""
    book = read_book(sample_book(), dt.date(2026, 7, 1))
    opened = SHELF.put(book, book.problems)
    errors = _grid([["error", "means"], *([f"`{code}`", text] for code, text in _ERRORS.items())])
    parts = [_INTRODUCTION.format(errors=errors)]
    for group, formulas in groupby(catalogue().values(), lambda formula: formula.group):
        parts.append(f"## {group}\n")
        parts += [_formula(formula, opened) for formula in formulas]
    return "\n".join(parts)


def _formula(formula: Formula, opened: OpenedBook) -> str:
    arguments = [["argument", "", "meaning"]]
    arguments += [[f"`{a.name}`", "" if a.optional else "required", a.help] for a in formula.arguments]
    if len({argument.help for argument in formula.arguments}) == 1 < len(formula.arguments):
        names = ", ".join(f"`{argument.name}`" for argument in formula.arguments)
        arguments = [["arguments", "", "meaning"], [names, "", formula.arguments[0].help]]
    given = formula.example[0]
    with calling_workbook(lambda: opened):
        answer = formula.function(*given)
    example = f"    {written(formula, given)}\n"
    lines = [f"### {formula.name}\n", formula.summary, "", f"`{formula.signature}`\n", _grid(arguments), "", example]
    return "\n".join([*lines, _result(answer), ""])


def _result(answer: Any) -> str:
    if not isinstance(answer, list):
        return f"Result: `{_shown(answer)}`" if answer != "" else "Result: blank"
    if len(answer[0]) > _MOST_COLUMNS:
        answer = [[*row[: _MOST_COLUMNS - 1], "..."] for row in answer]
    rows = [[_shown(cell) for cell in row] for row in answer[: _MOST_ROWS + 1]]
    if len(answer) > len(rows):
        rows.append(["..."] * len(rows[0]))
    if isinstance(answer[0][0], str):
        return _grid(rows)
    return _grid([[""] * len(rows[0]), *rows])


def _shown(cell: object) -> str:
    if isinstance(cell, float):
        return f"{cell:,.2f}" if cell != int(cell) or abs(cell) >= 1000 else f"{cell:g}"
    text = "" if cell is None else str(cell)
    return text if len(text) <= _LONGEST_CELL else text[: _LONGEST_CELL - 4] + " ..."


def _grid(rows: list[list[str]]) -> str:
    lines = [rows[0], ["---"] * len(rows[0]), *rows[1:]]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


if __name__ == "__main__":
    target = Path(sys.argv[1] if len(sys.argv) > 1 else "docs/formulas.md")
    target.write_text(document(), encoding="utf-8", newline="\n")
