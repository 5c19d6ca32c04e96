"""RATABLE_WHY: the reason behind an error in a cell, found by reading the formula in it as LibreOffice writes it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from typing import Any

from .reasons import ANYTHING, Reasons

_QUIET = "The reason is not known: {}. Calculate the cell again with Ctrl+Shift+F9."
_NOT_CALLED = "LibreOffice did not ask Ratable: an argument shows an error, or is a range with an error in it"


def why(
    block: Any,
    workbook: int,
    formulas: Collection[str],
    reasons: Reasons,
    again: Callable[[str, tuple[Any, ...]], None],
) -> str:
    """Why the first cell of a range shows an error; blank if it shows none.

    block     the range, as LibreOffice gives it
    workbook  the one whose reasons are meant
    formulas  names of our formulas
    again     asks a formula again, so that its reasons are noted
    """
    cell = block.getCellByPosition(0, 0)
    if not cell.getError():  # which calculates the cell, if it has to be
        return ""
    sheet, at = block.getSpreadsheet(), _within_array(cell, block)
    called = False
    for name, texts in calls(cell.getFormula(), formulas):
        called = True
        arguments = tuple(_value(text, sheet) for text in texts)
        found = reasons.fitting(workbook, name, arguments, at)
        if not found and not any(argument is ANYTHING for argument in arguments):
            again(name, arguments)
            found = reasons.fitting(workbook, name, arguments, at)
        if found:
            return " - or: ".join(found)
    return _QUIET.format(_NOT_CALLED) if called else "There is no Ratable formula in this cell."


def calls(formula: str, formulas: Collection[str]) -> Iterator[tuple[str, list[str]]]:
    """Each call of our formulas in a formula: its name, and its arguments as written."""
    outside = _without_texts(formula)
    names = "|".join(sorted(formulas, key=len, reverse=True))
    for found in re.finditer(rf"(?<![\w])({names})\(", outside, re.IGNORECASE):
        yield found[1].upper(), _arguments(formula, outside, found.end())


def _without_texts(formula: str) -> str:
    """The formula with everything between quotes blanked out, place by place."""
    return re.sub(r'"(?:[^"]|"")*"', lambda text: '"' + " " * (len(text[0]) - 2) + '"', formula)


def _arguments(formula: str, outside: str, start: int) -> list[str]:
    """The arguments from behind an opening bracket to the closing one that belongs to it."""
    found, begin, depth = [], start, 0
    for place in range(start, len(outside)):
        character = outside[place]
        if depth == 0 and character in ";)":
            found.append(formula[begin:place].strip())
            begin = place + 1
            if character == ")":
                break
        depth += (character in "({") - (character in ")}")
    return found


def _value(text: str, sheet: Any) -> Any:
    """What LibreOffice hands over for an argument written as `text`: a literal, a cell, a range; else ANYTHING."""
    if not text:
        return None
    if text[0] == '"' and len(_without_texts(text).strip('" ')) == 0:
        return text[1:-1].replace('""', '"')
    try:
        return float(text)
    except ValueError:
        block = _block(text, sheet)
        return ANYTHING if block is None else _of_block(block)


def _block(text: str, sheet: Any) -> Any:
    """The cells that a reference or a name stands for; None if it is neither."""
    try:
        return sheet.getCellRangeByName(text)
    except Exception:  # whatever LibreOffice says to a text that is no reference
        return None


def _of_block(block: Any) -> Any:
    rows = block.getDataArray()
    if any(cell is None for row in rows for cell in row):
        return ANYTHING  # an error, with which the formula is not called
    if len(rows) > 1 or len(rows[0]) > 1:
        return rows
    return 0.0 if block.getCellByPosition(0, 0).getType().value == "EMPTY" else rows[0][0]


def _within_array(cell: Any, block: Any) -> tuple[int, int]:
    """Row and column of a cell within the array formula it belongs to."""
    if not cell.getFormula().startswith("{"):
        return 0, 0
    address = cell.getCellAddress()
    only = block.getSpreadsheet().getCellRangeByPosition(address.Column, address.Row, address.Column, address.Row)
    cursor = block.getSpreadsheet().createCursorByRange(only)
    cursor.collapseToCurrentArray()
    first = cursor.getRangeAddress()
    return address.Row - first.StartRow, address.Column - first.StartColumn
