"""Cells of a workbook that are our formulas: each written as a dynamic array, with the value it has now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from addin.formulas.errors import FormulaError
from engine.sheets.cells import empty_cell, safe_text, serial, short_enough
from engine.sheets.formulas import letters
from engine.sheets.sheet import Sheet
from engine.sheets.styles import Look

Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Live:
    """A formula (without its `=`), what it answers, and how its cell looks."""

    formula: str
    value: Any
    look: Look


def put(sheet: Sheet, *cells: Live | tuple[Any, Look] | None, height: float | None = None) -> int:
    """Write the next row of single cells; returns its number."""
    row = sheet.row + 1
    texts = [_cell(sheet, column, row, cell) for column, cell in enumerate(cells, 1) if cell is not None]
    sheet.put("".join(texts), len(cells), height)
    return row


def spill(sheet: Sheet, formula: str, rows: Rows, looks: Sequence[Look], heads: Sequence[Look]) -> None:
    """Write a formula that fills a range, and the cells it fills: a header row, then rows; the looks of each column."""
    first = sheet.row + 1
    area = f"A{first}:{letters(len(rows[0]))}{first + len(rows) - 1}"
    for number, values in enumerate(rows):
        texts = []
        for column, value in enumerate(values, 1):
            where, style = (
                f"{letters(column)}{sheet.row + 1}",
                sheet.styles.index((looks if number else heads)[column - 1]),
            )
            own = _formula(formula, area) if number == 0 and column == 1 else ""
            texts.append(_xml(where, style, own, value))
        sheet.put("".join(texts), len(values))


def _cell(sheet: Sheet, column: int, row: int, cell: Live | tuple[Any, Look]) -> str:
    where = f"{letters(column)}{row}"
    if isinstance(cell, Live):
        return _xml(where, sheet.styles.index(cell.look), _formula(cell.formula, where), cell.value)
    value, look = cell
    return _xml(where, sheet.styles.index(look), "", value)


def _formula(formula: str, area: str) -> str:
    return f'<f t="array" ref="{area}">{safe_text(formula)}</f>'


def _xml(where: str, style: int, formula: str, value: Any) -> str:
    """A cell; with a formula it is a dynamic array (cm="1"), its value what a recalculation will find."""
    dynamic = ' cm="1"' if formula else ""
    if value is None and not formula:
        return empty_cell(where, style)
    if isinstance(value, bool):
        return f'<c r="{where}" s="{style}" t="b"{dynamic}>{formula}<v>{int(value)}</v></c>'
    if isinstance(value, date):
        value = serial(value)
    if isinstance(value, int | float):
        return f'<c r="{where}" s="{style}"{dynamic}>{formula}<v>{value}</v></c>'
    if isinstance(value, FormulaError):
        return f'<c r="{where}" s="{style}" t="e"{dynamic}>{formula}<v>{value.code}</v></c>'
    text = safe_text(short_enough(str(value or "")))
    if formula:
        return f'<c r="{where}" s="{style}" t="str"{dynamic}>{formula}<v>{text}</v></c>'
    return f'<c r="{where}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
