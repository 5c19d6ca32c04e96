"""What stands behind a cell: the rows of the book that make up its figure, and the arithmetic of a contract."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from addin.excel.ribbon import Answer, block
from addin.excel.values import incoming
from addin.formulas.amounts import Filter, filter_of, refusals, selection
from addin.formulas.arguments import Cell, Kind, grid
from addin.formulas.balances import MEASURES
from addin.formulas.books import history_of
from addin.formulas.catalogue import Formula, find
from addin.formulas.errors import Code, FormulaError
from addin.formulas.flows import FLOWS
from addin.formulas.moments import as_of, between
from addin.formulas.spreading import stretched
from engine.book.cells import is_blank
from engine.book.currencies import DECIMALS
from engine.reports.explain import explain
from engine.schedule.calendar import Span
from engine.schedule.history import History

_HEADER = ["contract", "obligation", "customer", "product", "currency", "amount", "where"]
_FORMATS = ["@", "@", "@", "@", "@", '#,##0.00_);(#,##0.00);"-"_)', "@"]

#: (formula, its arguments) as the bridge noted them
Call = tuple[str, Sequence[Any]]


def drilled(calls: Sequence[Call] | None, row: float, column: float, from_1904: bool) -> Answer:
    """A sheet with the obligations that make up a figure, signs kept; `amount` adds up to the cell.

    calls        of the formula in the cell
    row, column  of the cell in the formula's answer, counted from 0
    raises       FormulaError with what to select instead
    """
    formula, cells = _one_call(calls, int(row), int(column), from_1904)
    history, contract, moment, given = _asked(formula, cells)
    rows = _rows(formula, history, contract, moment, given)
    days = f"{moment.first} to {moment.last}" if formula.name in FLOWS else f"at {moment.last}"
    about = "the whole book" if is_blank(contract) else str(contract)
    title = f"{formula.name} of {about}, {days}"
    return block(f"Drill {formula.name}"[:31], title, _FORMATS, [_HEADER, *rows])


def _one_call(calls: Sequence[Call] | None, row: int, column: int, from_1904: bool) -> tuple[Formula, list[Cell]]:
    distinct = list({repr(call): call for call in calls or ()}.values())
    names = [str(name) for name, _ in distinct]
    if len(distinct) != 1:
        found = f"has {len(names)} calls of Ratable: {', '.join(names)}" if names else "calls no formula of Ratable"
        raise FormulaError(Code.VALUE, f"The cell {found}. Select a cell with one call, as =BACKLOG(A2).")
    formula = find(names[0])
    if formula.result != "number" or not formula.takes_book:
        raise FormulaError(
            Code.VALUE,
            f"{formula.name} has no figure of its own. Select a cell with a balance or a flow, as =BACKLOG(A2).",
        )
    given = [
        incoming(value, argument.kind, from_1904)
        for value, argument in zip(distinct[0][1], formula.arguments, strict=True)
    ]
    return formula, [
        _at(cell, argument.kind, row, column) for cell, argument in zip(given, formula.arguments, strict=True)
    ]


def _at(value: Cell, kind: Kind, row: int, column: int) -> Cell:
    """The part of an argument that the cell at (row, column) of the answer is about."""
    if kind not in (Kind.IDS, Kind.DAY):
        return value
    cells = grid(value)
    height, width = max(len(cells), row + 1), max(len(cells[0]), column + 1)
    found = stretched(cells, height, width)[row][column]
    if isinstance(found, FormulaError):
        raise found
    return found


def _asked(formula: Formula, cells: list[Cell]) -> tuple[History, Cell, Span, Filter]:
    history = history_of(cells[-1])
    days, today = cells[1:-2], history.today
    moment = as_of(days[0], today) if len(days) == 1 else between(days[0], days[1], today)
    return history, cells[0], moment, filter_of(cells[-2])


def _rows(formula: Formula, history: History, contract: Cell, moment: Span, given: Filter) -> list[list[Any]]:
    """An obligation a row, and a row for what nets between them."""
    which = selection(contract, given)
    with refusals():
        schedule = history.at(moment.last)
        which.checked(history.asked(*moment))
    measure = FLOWS.get(formula.name) or MEASURES[formula.name]
    names = [schedule.contract_column(n) for n in ("contract_id", "customer")]
    lines = [schedule.obligation_column(n) for n in ("obligation_id", "product")]
    where = schedule.book.obligations.where
    place = {f"{names[0][n]}/{lines[0][n]}": n for n in range(schedule.count)}
    rows: list[list[Any]] = []
    sums: dict[tuple[str, str], int] = {}
    for key, minor in measure(history, which, "obligation", moment):
        sums[key] = sums.get(key, 0) + minor
    for (name, currency), minor in sums.items():
        if not minor:
            continue
        amount = minor / 10 ** DECIMALS[currency]
        n = place.get(name)
        if n is None:
            rows.append([name.rpartition("/")[0], name.rpartition("/")[2], None, None, currency, amount, None])
        else:
            cell = where(int(schedule.layout.obligations[n]), "obligation_id")
            rows.append([names[0][n], lines[0][n], names[1][n], lines[1][n], currency, amount, cell])
    return rows


def explained(calls: Sequence[Call] | None, row: float, column: float, from_1904: bool) -> Answer:
    """A sheet with the arithmetic of the contract a figure is about.

    raises FormulaError with what to select instead
    """
    formula, cells = _one_call(calls, int(row), int(column), from_1904)
    history, contract, moment, _ = _asked(formula, cells)
    if is_blank(contract):
        raise FormulaError(
            Code.VALUE,
            "The figure is about the whole book. Press Drill down for its rows, or select a figure of a contract.",
        )
    contract_id, _, obligation = str(contract).strip().partition("/")
    with refusals():
        found = explain(history.at(moment.last), contract_id, obligation or None, moment.last)
    from addin.formulas.tables import cells_of

    formats = ["@", "@", "@", '#,##0.00_);(#,##0.00);"-"_)', "@", "@"]
    return block(f"Why {contract_id}"[:31], found.heading, formats, cells_of(found.table))
