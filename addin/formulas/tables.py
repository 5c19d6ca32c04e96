"""Tables that fill a range of cells, as formulas: the reports of the command line with a header row."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

from addin.formulas.amounts import filter_of, refusals, selection
from addin.formulas.arguments import Cell, Kind, count, word
from addin.formulas.books import history_of
from addin.formulas.catalogue import formula
from addin.formulas.moments import one_day, one_span
from addin.formulas.words import AsOf, Book, By, Contract, End, Filters, Start
from engine.book.currencies import DECIMALS
from engine.reports.balances import balances
from engine.reports.rpo import rpo as rpo_table
from engine.reports.selecting import Selection
from engine.reports.standing import standing_journal, standing_revenue, standing_rollforward
from engine.reports.table import Table
from engine.reports.waterfall import waterfall as waterfall_table
from engine.schedule.currency import Currency
from engine.schedule.history import History
from engine.schedule.kernel import Bools
from engine.schedule.schedule import Schedule

_MOST_MONTHS, _MONTHS = 600, 12

#: A report of chosen obligations, in the currency chosen with them.
Report = Callable[[History, Selection], Table]


def _answer(report: Report, contract: Cell, filters: Cell, book: Cell) -> list[list[Any]]:
    history = history_of(book)
    which = selection(contract, filter_of(filters))
    with refusals():
        return cells_of(report(history, which))


def _at(history: History, as_of: Cell, which: Selection) -> tuple[Schedule, date, Bools | None, Currency]:
    """What a report at a day is about."""
    day = one_day(as_of, history.today)
    schedule = history.at(day)
    which.checked([schedule, history.today] if history.closed else [schedule])
    return schedule, day, which.of(schedule), which.currency_of(schedule)


def cells_of(table: Table) -> list[list[Any]]:
    """A report as cells: its header, then rows with amounts as numbers of the row's currency."""
    names = table.names
    currency = names.index("currency") if "currency" in names else None
    rows: list[list[Any]] = [list(names)]
    for row in table.rows:
        unit = 10 ** (2 if currency is None else DECIMALS[row[currency]])
        rows.append([
            int(cell) / unit if column.kind == "money" and cell is not None else cell
            for column, cell in zip(table.columns, row, strict=True)
        ])  # fmt: skip
    return rows


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
    contract: Contract = None,
    as_of: AsOf = None,
    months: Annotated[Cell, Kind.NUMBER, "Months shown after the day, 0 to 600; 12 if left out."] = None,
    by: By = None,
    measure: Annotated[
        Cell, Kind.WORD, "recognized (default): revenue of each month; balance: backlog at its end."
    ] = None,
    filters: Filters = None,
    book: Book = None,
) -> list[list[Any]]:
    """When the backlog of a day will be recognized: contracted, to date, month by month, thereafter."""
    shown = count(months, "months", _MONTHS, _MOST_MONTHS)
    kind = word(measure, "measure", "recognized", ("recognized", "balance"))
    key = word(by, "by", "contract")

    def report(history: History, which: Selection) -> Table:
        schedule, day, keep, currency = _at(history, as_of, which)
        return waterfall_table(schedule, day, shown, key, kind, keep, currency)  # type: ignore[arg-type]

    return _answer(report, contract, filters, book)


@formula(
    "Tables",
    example=(
        ("C-1002", "2026-02", "2026-03"),
        [["contract", "currency", "2026-02", "2026-03", "total"], ["C-1002", "USD", 3682.19, 4076.72, 7758.91]],
    ),
)
def revenue_schedule(
    contract: Contract = None, start_date: Start = None, end_date: End = None, by: By = None, filters: Filters = None,
    book: Book = None,
) -> list[list[Any]]:  # fmt: skip
    """Revenue recognized in each month of a range, and its total."""
    key = word(by, "by", "contract")

    def report(history: History, which: Selection) -> Table:
        days = one_span(start_date, end_date, history.today)
        return standing_revenue(history, days.first, days.last, key, which)

    return _answer(report, contract, filters, book)


@formula("Tables", example=(("C-1002", "2026-01", "2026-03"), None))
def rollforward(
    contract: Contract = None, start_date: Start = None, end_date: End = None,
    measure: Annotated[Cell, Kind.WORD, "deferred (default) or backlog."] = None, filters: Filters = None,
    book: Book = None,
) -> list[list[Any]]:  # fmt: skip
    """From opening to closing balance of deferred revenue or backlog, a row per month, a column per movement."""
    kind = word(measure, "measure", "deferred", ("deferred", "backlog"))

    def report(history: History, which: Selection) -> Table:
        days = one_span(start_date, end_date, history.today)
        return standing_rollforward(history, days.first, days.last, kind, which)  # type: ignore[arg-type]

    return _answer(report, contract, filters, book)


@formula("Tables", example=(("C-1002", "2026-03"), None))
def rpo_bands(
    contract: Contract = None, as_of: AsOf = None, filters: Filters = None, book: Book = None
) -> list[list[Any]]:
    """Remaining performance obligations: the bridge from backlog, exemption by exemption, and the bands they will be
    earned in."""
    return _answer(lambda history, which: rpo_table(*_at(history, as_of, which)), contract, filters, book)


@formula("Tables", example=(("C-1002", "2026-01", "2026-01"), None))
def journal(
    contract: Contract = None, start_date: Start = None, end_date: End = None, filters: Filters = None,
    book: Book = None,
) -> list[list[Any]]:  # fmt: skip
    """Journal entries of a range of days, balanced per contract, date and currency."""

    def report(history: History, which: Selection) -> Table:
        days = one_span(start_date, end_date, history.today)
        return standing_journal(history, days.first, days.last, which)

    return _answer(report, contract, filters, book)


@formula("Tables", example=(("C-1002", "2026-03"), None))
def contract_list(
    contract: Contract = None, as_of: AsOf = None, by: By = None, filters: Filters = None, book: Book = None
) -> list[list[Any]]:
    """All balances of each contract, or of each key, at the close of a day."""
    key = word(by, "by", "contract")

    def report(history: History, which: Selection) -> Table:
        schedule, day, keep, currency = _at(history, as_of, which)
        return balances(schedule, day, key, keep, currency)

    return _answer(report, contract, filters, book)
