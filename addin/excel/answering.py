"""What the bridge in a workbook may ask: a formula, a book to be read, a button. Every answer is a value, never a
failure: what goes wrong is an error with a reason."""

from __future__ import annotations

import datetime as dt
import sys
import traceback
from collections.abc import Callable, Sequence
from typing import Any

from addin.excel.values import incoming, marked, outgoing
from addin.formulas.arguments import Kind
from addin.formulas.books import SHELF
from addin.formulas.catalogue import find
from addin.formulas.errors import Code, FormulaError
from addin.formulas.ranges import PlacedRange


def ask(formula: str, arguments: Sequence[Any], from_1904: bool) -> Any:
    """The answer of a formula: one value, or rows of values.

    arguments  as Value2 gives them, the last being the text of the book where the formula takes one
    """

    def answer() -> Any:
        found = find(formula)
        given = [
            incoming(value, argument.kind, from_1904)
            for value, argument in zip(arguments, found.arguments, strict=False)
        ]
        return outgoing(found.function(*given), from_1904)

    return _or_reason(answer)


def read(tables: Sequence[Sequence[Any]], from_1904: bool, workbook: str = "") -> str:
    """The text of the book in some tables: (name, cells with the header row, sheet, row, column) of each.

    workbook  the full name of the one they are in, beside which its ledger may be; its bare name if it is not saved
    """

    def answer() -> str:
        placed = {}
        for name, cells, sheet, row, column in tables:
            rows = incoming(cells, Kind.TABLE)
            placed[str(name)] = PlacedRange(rows, str(sheet), int(row), int(column), from_1904)
        if not placed:
            raise FormulaError(Code.REFERENCE, "the workbook has no tables of a book: Contracts, Obligations, ...")
        return SHELF.read(placed, dt.date.today(), workbook).text

    return str(_or_reason(answer))


def press(button: str, book: str, workbook: str, details: Any) -> Any:
    """What a button of the ribbon does; see addin.excel.ribbon."""
    from addin.excel.ribbon import press as pressed

    return _or_reason(lambda: pressed(button, book, workbook, details))


def _or_reason(answer: Callable[[], Any]) -> Any:
    try:
        return answer()
    except FormulaError as error:
        return marked(error)
    except Exception as error:
        # Excel would show a broken formula without a word; the log of the program has the rest.
        traceback.print_exc(file=sys.stderr)
        reason = f"Ratable failed at this ({type(error).__name__}: {error}). Please report it with the formula."
        return marked(FormulaError(Code.VALUE, reason))
