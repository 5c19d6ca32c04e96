"""Ranges in, arrays out: a column of ids against a row of dates answers a grid, as Excel spreads its own functions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from addin.formulas.arguments import MOST_CELLS, Cell, Grid, grid, is_range
from addin.formulas.errors import Code, FormulaError

#: Cells beyond the end of a range that is neither as long as the others nor one cell long.
BEYOND = FormulaError(Code.NOT_AVAILABLE, "the ranges are not of the same size")


def spread(function: Callable[..., Any], *arguments: Cell) -> Any:
    """What `function` answers to single cells, for each combination the ranges among `arguments` make.

    Single cells alone are answered with a single value, and an error is raised; in a grid it stands in its cell.
    """
    if not any(map(is_range, arguments)):
        return function(*arguments)
    grids = [grid(argument) for argument in arguments]
    height, width = common_size(grids)
    columns = [stretched(each, height, width) for each in grids]
    rows = [[_answer(function, cells) for cells in zip(*row, strict=True)] for row in zip(*columns, strict=True)]
    return unwrapped(rows)


def _answer(function: Callable[..., Any], cells: Sequence[Any]) -> Any:
    if BEYOND in cells:
        return BEYOND
    try:
        return function(*cells)
    except FormulaError as error:
        return error


def common_size(grids: Sequence[Grid]) -> tuple[int, int]:
    """Rows and columns of the answer.

    raises FormulaError #NUM! for more cells than make sense
    """
    height, width = max(len(each) for each in grids), max(len(each[0]) for each in grids)
    if height * width > MOST_CELLS:
        raise FormulaError(Code.NUMBER, f"the answer would have more than {MOST_CELLS:,} cells; name smaller ranges")
    return height, width


def stretched(cells: Grid, height: int, width: int) -> Grid:
    """A range as large as the answer: one row or column repeats, a shorter one ends in #N/A."""
    rows = [_stretched_row(row, width) for row in cells]
    if len(rows) == 1:
        return rows * height
    return rows + [[BEYOND] * width] * (height - len(rows))


def _stretched_row(row: Sequence[Any], width: int) -> Sequence[Any]:
    if len(row) == width:
        return row
    return list(row) * width if len(row) == 1 else [*row, *[BEYOND] * (width - len(row))]


def unwrapped(rows: list[list[Any]]) -> Any:
    """An answer of one cell as that cell; an error is raised."""
    if len(rows) > 1 or len(rows[0]) > 1:
        return rows
    if isinstance(rows[0][0], FormulaError):
        raise rows[0][0]
    return rows[0][0]
