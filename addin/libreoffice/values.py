"""Values on their way between LibreOffice and the formulas: what a cell of Calc gives, and what it may be given.

They travel as JSON. A range is a list of rows, a left-out argument null, an error an object with its code and reason.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from addin.formulas.arguments import Cell, Kind
from addin.formulas.books import UnknownBook
from addin.formulas.errors import Code, FormulaError, code_of

#: Days from 1899-12-30 to day zero of the calendars that Excel knows too; Calc has a third.
FROM_1900, FROM_1904 = 0, 1462
_DAY_ZERO = dt.date(1899, 12, 30)
#: Calc numbers the days of January and February 1900 one higher than Excel, which counts a 29 February 1900.
_FIRST_OF_MARCH_1900 = 61
#: An empty cell reaches an add-in of Calc as 0. Where 0 means nothing it is read as blank.
_BLANK_IF_ZERO = (Kind.IDS, Kind.DAY, Kind.WORD, Kind.FILTERS, Kind.BOOK)
_LONGEST_TEXT = 32_767


def calendar(zero: int) -> int:
    """Days from 1899-12-30 to a workbook's day zero.

    raises FormulaError #VALUE! for a calendar Excel does not have
    """
    if zero not in (FROM_1900, FROM_1904):
        day = _DAY_ZERO + dt.timedelta(zero)
        reason = f"dates of this workbook count from {day}; choose 12/30/1899 in Tools, Options, Calc, Calculate"
        raise FormulaError(Code.VALUE, reason)
    return zero


def incoming(value: Any, kind: Kind, zero: int = FROM_1900) -> Cell:
    """An argument as formulas take it, ranges as lists of rows; days as serial numbers of Excel's calendar from 1900.

    raises FormulaError #VALUE! for days of a calendar Excel does not have
    """
    if isinstance(value, list):
        return [[_cell(cell, kind, zero) for cell in row] for row in value]
    if value == 0 and not isinstance(value, bool) and kind in _BLANK_IF_ZERO:
        return None
    return _cell(value, kind, zero)


def _cell(value: Any, kind: Kind, zero: int) -> Any:
    if isinstance(value, Mapping):
        code = code_of(str(value.get("code"))) or Code.VALUE
        return FormulaError(code, str(value.get("reason") or f"an argument is the error {code}"))
    if kind is Kind.DAY and isinstance(value, float) and not 1900 <= value < 2200:  # which is a year, and refused
        moved = value + calendar(zero)
        return moved - 1 if moved < _FIRST_OF_MARCH_1900 else moved
    return value


def outgoing(answer: Any, zero: int = FROM_1900) -> Any:
    """An answer for the component: one value, or rows of values."""
    if isinstance(answer, list):
        return [[_given(cell, zero) for cell in row] for row in answer]
    return _given(answer, zero)


def _given(value: Any, zero: int) -> Any:
    if isinstance(value, bool | int | float | Decimal):
        return float(value)
    if isinstance(value, FormulaError):
        return refused(value)
    if isinstance(value, dt.date):
        plain = value.date() if isinstance(value, dt.datetime) else value
        return float((plain - _DAY_ZERO).days - zero)
    return shortened("" if value is None else str(value))


def refused(error: FormulaError) -> dict[str, Any]:
    """An error with its reason; `unknown_book` if reading the tables anew and asking again will do."""
    told: dict[str, Any] = {"code": str(error.code), "reason": shortened(error.reason)}
    return told | {"unknown_book": True} if isinstance(error, UnknownBook) else told


def shortened(text: str) -> str:
    """What a cell can hold: 32,767 UTF-16 units, whole characters only."""
    units = text.encode("utf-16-le", "replace")
    return units[: 2 * _LONGEST_TEXT].decode("utf-16-le", "ignore")
