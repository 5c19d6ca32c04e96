"""Values on their way between Excel and the formulas: what Value2 gives, and what a cell may be given.

Excel hands over numbers as float, errors and left-out arguments as whole numbers, dates as serial numbers of its
calendar. It is given numbers, text and arrays of them; an error travels as text, because COM has no error value to
return, and the bridge makes it one: `#RATABLE!2042|no contract C-9`.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from addin.formulas.arguments import Cell, Kind
from addin.formulas.books import UnknownBook
from addin.formulas.errors import Code, FormulaError

MARK = "#RATABLE!"
#: In place of a number behind the mark: the book is not in memory, and asking again after reading it will do.
NO_BOOK = "BOOK"
#: A left-out argument (DISP_E_PARAMNOTFOUND).
MISSING = -2147352572
_ERROR_BASE = -2146828288
_ERRORS = {_ERROR_BASE + code.excel: code for code in Code}
#: Days between day zero of the two calendars of Excel.
_DAYS_1904 = 1462
_LONGEST_TEXT = 32_767
_DAY_ZERO = dt.date(1899, 12, 30)


def incoming(value: Any, kind: Kind, from_1904: bool = False) -> Cell:
    """An argument as formulas take it, ranges as lists of rows."""
    if isinstance(value, tuple | list):
        rows = value if value and isinstance(value[0], tuple | list) else [value]
        return [[_cell(cell, kind, from_1904) for cell in row] for row in rows]
    return _cell(value, kind, from_1904)


def _cell(value: Any, kind: Kind, from_1904: bool) -> Any:
    if isinstance(value, float):
        is_day = kind is Kind.DAY and from_1904 and not 1900 <= value < 2200  # which is a year, and refused as one
        return value + _DAYS_1904 if is_day else value
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, int):
        return None if value == MISSING else _error(value)
    return float(value) if isinstance(value, Decimal) else value


def _error(number: int) -> Any:
    """An error of a cell; any other whole number, which only a program can have put there, as a number."""
    code = _ERRORS.get(number)
    return float(number) if code is None else FormulaError(code, f"an argument is the error {code}")


def outgoing(answer: Any, from_1904: bool = False) -> Any:
    """An answer as Excel takes it: one value, or rows of values."""
    if isinstance(answer, list):
        return [[_given(cell, from_1904) for cell in row] for row in answer]
    return _given(answer, from_1904)


def _given(value: Any, from_1904: bool) -> Any:
    if isinstance(value, float | bool):
        return value
    if isinstance(value, int | Decimal):
        return float(value)
    if isinstance(value, FormulaError):
        return marked(value)
    if isinstance(value, dt.date):
        return float(_serial(value) - (_DAYS_1904 if from_1904 else 0))
    text = "" if value is None else str(value)
    return _shortened(" " + text if text.startswith(MARK) else text)  # no cell's text may pass for an error


def _serial(day: dt.date) -> int:
    plain = day.date() if isinstance(day, dt.datetime) else day
    return (plain - _DAY_ZERO).days


def marked(error: FormulaError) -> str:
    """An error as the bridge reads it."""
    number = NO_BOOK if isinstance(error, UnknownBook) else error.code.excel
    return _shortened(f"{MARK}{number}|{error.reason}")


def _shortened(text: str) -> str:
    """What a cell can hold: 32,767 UTF-16 units, whole characters only."""
    text = text.encode("utf-16-le", "replace").decode("utf-16-le")
    if len(text) <= _LONGEST_TEXT // 2:
        return text
    return text.encode("utf-16-le")[: 2 * _LONGEST_TEXT].decode("utf-16-le", "ignore")
