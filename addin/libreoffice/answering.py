"""What the component in LibreOffice may ask: a formula, a formula for every contract at once, a book to be read. Every
answer is a value, never a failure: what goes wrong is an error with a reason."""

from __future__ import annotations

import datetime as dt
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from addin.formulas.books import SHELF, opened_book
from addin.formulas.catalogue import find
from addin.formulas.errors import Code, FormulaError
from addin.formulas.ledgers import saved_at
from addin.formulas.ranges import PlacedRange
from addin.libreoffice.values import FROM_1904, calendar, incoming, outgoing, refused
from engine.ledger.file import ledger_path

#: With more contracts than these a column is not worth its way through a pipe for a few cells.
_MOST_CONTRACTS = 100_000


def answered(request: Mapping[str, Any]) -> Any:
    """The answer to a request as the component writes it, ready for JSON.

    request  do: ask, column, ledger or read; the other keys are the parameters of the function of that name
    """
    given = {name: value for name, value in request.items() if name != "do"}
    return _or_reason(lambda: _DOES[request["do"]](**given))


def ask(formula: str, arguments: Sequence[Any], zero: int) -> Any:
    """The answer of a formula: one value, or rows of values.

    zero    days from 1899-12-30 to day zero of the workbook's calendar
    raises  FormulaError
    """
    found = find(formula)
    given = [
        incoming(value, argument.kind, zero) for value, argument in zip(arguments, found.arguments, strict=False)
    ]  # fmt: skip
    return outgoing(found.function(*given), zero)


def column(formula: str, arguments: Sequence[Any], zero: int) -> list[Any] | None:
    """The ids of every contract, and what the formula answers to each of them; None if there are too many.

    arguments  those of a formula of amounts; the first, the id, does not count
    raises     FormulaError
    """
    schedule = opened_book(arguments[-1]).schedule()
    ids = schedule.book.contracts["contract_id"]
    if len(ids) > _MOST_CONTRACTS:
        return None
    # the blank cell keeps it a range, where there is only one contract
    found = ask(formula, [[*([name] for name in ids), [None]], *arguments[1:]], zero)
    return [list(ids), [row[0] for row in found[:-1]]]


def ledger(workbook: str) -> str:
    """Where the ledger of a workbook is, or would be; blank if there can be none.

    workbook  its path; blank if it is not saved
    """
    saved = saved_at(workbook)
    return "" if saved is None else str(ledger_path(saved))


def read(tables: Sequence[Sequence[Any]], zero: int, workbook: str) -> str:
    """The text of the book in some tables: (name, cells with the header row, sheet, row, column) of each; a blank sheet
    where their place is not known.

    workbook  the path of the one they are in, beside which its ledger may be; blank if it is not saved
    raises    FormulaError
    """
    placed = {}
    for name, cells, sheet, row, column_number in tables:
        from_1904 = calendar(zero) == FROM_1904
        rows = [[_stored(cell) for cell in line] for line in cells]
        placed[str(name)] = PlacedRange(rows, str(sheet), int(row), int(column_number), from_1904)
    if not placed:
        raise FormulaError(Code.REFERENCE, "the workbook has no tables of a book: Contracts, Obligations, ...")
    return SHELF.read(placed, dt.date.today(), workbook).text


def _stored(cell: Any) -> Any:
    """A cell of a table: errors as such, an empty text as the blank it nearly always is."""
    if isinstance(cell, Mapping):
        return FormulaError(Code(cell["code"]), f"the cell shows {cell['code']}")
    return None if cell == "" else cell


_DOES: dict[str, Callable[..., Any]] = {"ask": ask, "column": column, "ledger": ledger, "read": read}


def _or_reason(answer: Callable[[], Any]) -> Any:
    try:
        return answer()
    except FormulaError as error:
        return refused(error)
    except Exception as error:
        # A cell would show an error without a word; the log of the program has the rest.
        traceback.print_exc(file=sys.stderr)
        reason = f"Ratable failed at this ({type(error).__name__}: {error}). Please report it with the formula."
        return refused(FormulaError(Code.VALUE, reason))
