"""Tables that fill a range of cells, as formulas: the reports of the command line with a header row."""

from __future__ import annotations

from typing import Annotated, Any

from addin.formulas.arguments import Cell, amount, as_of, between, is_blank, number, selection
from addin.formulas.balances import AsOf, Contract, Filters
from addin.formulas.catalogue import formula
from addin.formulas.errors import Code, FormulaError
from addin.formulas.flows import End, Start
from engine.book.currencies import DECIMALS
from engine.reports.balances import balances
from engine.reports.grouping import UnknownColumn
from engine.reports.journal import journal as journal_table
from engine.reports.revenue import revenue
from engine.reports.rollforward import rollforward as rollforward_table
from engine.reports.rpo import rpo as rpo_table
from engine.reports.table import Table
from engine.reports.waterfall import waterfall as waterfall_table
from engine.schedule.schedule import Schedule

By = Annotated[Cell, "Row key: contract (default), obligation, customer, product, cohort, total or any column."]


def _cells(table: Table) -> list[list[Any]]:
    """A report as cells: header row, then rows with amounts as numbers."""
    currency = table.names.index("currency")
    rows: list[list[Any]] = [list(table.names)]
    for row in table.rows:
        decimals = DECIMALS[row[currency]]
        rows.append([
            amount(cell, decimals) if column.kind == "money" and cell is not None else cell
            for column, cell in zip(table.columns, row, strict=True)
        ])  # fmt: skip
    return rows


def _word(value: Cell, default: str) -> str:
    return default if is_blank(value) else str(value).strip().lower()


@formula(
    "Tables",
    example=(
        ("C-1002", "2026-03", 3),
        [
            ["contract", "currency", "contracted", "to_date", "2026-04", "2026-05", "2026-06", "thereafter"],
            ["C-1002", "USD", 48000.0, 11835.62, 3945.2, 4076.71, 3945.21, 24197.26],
        ],
    ),
)
def waterfall(
    schedule: Schedule, contract: Contract = None, as_of_date: AsOf = None,
    months: Annotated[Cell, "Months shown after the day; 12 if left out."] = None, by: By = None,
    measure: Annotated[Cell, "recognized (default): revenue of each month; balance: backlog at its end."] = None,
    filters: Filters = None,
) -> list[list[Any]]:  # fmt: skip
    """When the backlog of a day will be recognized: contracted, to date, month by month, thereafter."""
    keep = selection(contract, filters, schedule)
    count = 12 if is_blank(months) else int(number(months, "months"))
    kind = _word(measure, "recognized")
    if kind not in ("recognized", "balance") or not 0 <= count <= 600:
        raise FormulaError(Code.VALUE, "measure is recognized or balance; months 0 to 600")
    try:
        return _cells(waterfall_table(schedule, as_of(as_of_date, schedule), count, _word(by, "contract"), kind, keep))  # type: ignore[arg-type]
    except UnknownColumn as problem:
        raise FormulaError(Code.VALUE, str(problem)) from None


@formula(
    "Tables",
    example=(
        ("C-1002", "2026-02", "2026-03"),
        [["contract", "currency", "2026-02", "2026-03", "total"], ["C-1002", "USD", 3682.19, 4076.72, 7758.91]],
    ),
)
def revenue_schedule(
    schedule: Schedule, contract: Contract = None, start_date: Start = None, end_date: End = None, by: By = None,
    filters: Filters = None,
) -> list[list[Any]]:  # fmt: skip
    """Revenue recognized in each month of a range, and its total."""
    keep = selection(contract, filters, schedule)
    days = between(start_date, end_date, schedule)
    try:
        return _cells(revenue(schedule, days.first, days.last, _word(by, "contract"), keep))
    except UnknownColumn as problem:
        raise FormulaError(Code.VALUE, str(problem)) from None


@formula("Tables", example=((), None))
def rollforward(
    schedule: Schedule, start_date: Start = None, end_date: End = None,
    of: Annotated[Cell, "deferred (default) or backlog."] = None,
) -> list[list[Any]]:  # fmt: skip
    """From opening to closing balance of deferred revenue or backlog, a row per month, a column per movement."""
    days, kind = between(start_date, end_date, schedule), _word(of, "deferred")
    if kind not in ("deferred", "backlog"):
        raise FormulaError(Code.VALUE, f"a roll-forward is of deferred or backlog, not {of!r}")
    return _cells(rollforward_table(schedule, days.first, days.last, kind))  # type: ignore[arg-type]


@formula("Tables", example=((), None))
def rpo_bands(schedule: Schedule, as_of_date: AsOf = None) -> list[list[Any]]:
    """Remaining performance obligations: the bridge from backlog, exemption by exemption, and the bands they will be
    earned in."""
    return _cells(rpo_table(schedule, as_of(as_of_date, schedule)))


@formula("Tables", example=((), None))
def journal(schedule: Schedule, start_date: Start = None, end_date: End = None) -> list[list[Any]]:
    """Journal entries of a range of days, balanced per contract, date and currency."""
    days = between(start_date, end_date, schedule)
    return _cells(journal_table(schedule, days.first, days.last))


@formula("Tables", example=((), None))
def contract_list(
    schedule: Schedule, contract: Contract = None, as_of_date: AsOf = None, filters: Filters = None
) -> list[list[Any]]:
    """All balances of each contract at the close of a day."""
    keep = selection(contract, filters, schedule)
    return _cells(balances(schedule, as_of(as_of_date, schedule), "contract", keep))
