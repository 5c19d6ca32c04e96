"""Balances at the close of a day, as formulas: ([contract], [as_of], [filters], [book])."""

from __future__ import annotations

from functools import partial
from typing import Any

from addin.formulas import moments
from addin.formulas.amounts import Measure, Rows, amounts, filter_of
from addin.formulas.arguments import Cell
from addin.formulas.books import history_of
from addin.formulas.catalogue import formula
from addin.formulas.words import AsOf, Book, Contract, Filters
from engine.reports.balances import figures
from engine.reports.selecting import Selection
from engine.schedule.calendar import Span
from engine.schedule.history import History


def _measure(name: str) -> Measure:
    """A column of the balances report."""

    def measure(history: History, which: Selection, by: str, moment: Span) -> Rows:
        grouping = which.grouping(history.at(moment.last), by)
        keys, found = figures(grouping, moment.last, (name,))
        return list(zip(keys, found[name].tolist(), strict=True))

    return measure


#: What each formula adds up: the column of the balances report behind it.
MEASURES = {
    "DEFERRED_BALANCE": _measure("deferred"),
    "DEFERRED_CURRENT": _measure("deferred_current"),
    "DEFERRED_NONCURRENT": _measure("deferred_noncurrent"),
    "CONTRACT_ASSET": _measure("contract_asset"),
    "REFUND_LIABILITY": _measure("refund_liability"),
    "BACKLOG": _measure("backlog"),
    "BACKLOG_UNBILLED": _measure("backlog_unbilled"),
    "RPO": _measure("rpo"),
    "RECOGNIZED_TO_DATE": _measure("recognized"),
    "BILLED_TO_DATE": _measure("billed"),
    "CONTRACTED": _measure("contracted"),
}


def _balance(name: str, contract: Cell, as_of: Cell, filters: Cell, book: Cell) -> Any:
    history = history_of(book)
    read = partial(moments.as_of, schedule=history.today)
    return amounts(history, MEASURES[name], contract, (as_of,), read, filter_of(filters))


@formula("Balances", example=(("C-1002", "2026-03-31"), 36164.38))
def deferred_balance(contract: Contract = None, as_of: AsOf = None, filters: Filters = None, book: Book = None) -> Any:
    """Deferred revenue (contract liability): billed ahead of revenue, netted within each contract."""
    return _balance("DEFERRED_BALANCE", contract, as_of, filters, book)


@formula("Balances", example=(("C-1012", "2026-06-30"), 29972.63))
def deferred_current(contract: Contract = None, as_of: AsOf = None, filters: Filters = None, book: Book = None) -> Any:
    """The part of deferred revenue that will be recognized within the current period (twelve months unless set
    otherwise)."""
    return _balance("DEFERRED_CURRENT", contract, as_of, filters, book)


@formula("Balances", example=(("C-1012", "2026-06-30"), 36459.85))
def deferred_noncurrent(
    contract: Contract = None, as_of: AsOf = None, filters: Filters = None, book: Book = None
) -> Any:
    """The part of deferred revenue that will be recognized after the current period."""
    return _balance("DEFERRED_NONCURRENT", contract, as_of, filters, book)


@formula("Balances", example=(("C-1009", "2026-06-30"), 13200.0))
def contract_asset(contract: Contract = None, as_of: AsOf = None, filters: Filters = None, book: Book = None) -> Any:
    """Revenue recognized ahead of billing, netted within each contract."""
    return _balance("CONTRACT_ASSET", contract, as_of, filters, book)


@formula("Balances", example=(("C-1002", "2026-03-31"), 0.0))
def refund_liability(contract: Contract = None, as_of: AsOf = None, filters: Filters = None, book: Book = None) -> Any:
    """Billed beyond what may be kept: owed back to customers."""
    return _balance("REFUND_LIABILITY", contract, as_of, filters, book)


@formula("Balances", example=(("C-1002", "2026-03-31"), 36164.38))
def backlog(contract: Contract = None, as_of: AsOf = None, filters: Filters = None, book: Book = None) -> Any:
    """All contracted revenue not yet recognized, billed or not."""
    return _balance("BACKLOG", contract, as_of, filters, book)


@formula("Balances", example=(("C-1009", "2026-06-30"), 8400.0))
def backlog_unbilled(contract: Contract = None, as_of: AsOf = None, filters: Filters = None, book: Book = None) -> Any:
    """The part of backlog that nobody has been billed for."""
    return _balance("BACKLOG_UNBILLED", contract, as_of, filters, book)


@formula("Balances", example=(("C-1002", "2026-Q1"), 36164.38))
def rpo(contract: Contract = None, as_of: AsOf = None, filters: Filters = None, book: Book = None) -> Any:
    """Remaining performance obligations: backlog less what is not enforceable or exempt from disclosure."""
    return _balance("RPO", contract, as_of, filters, book)


@formula("Balances", example=(("C-1002", "2026-03"), 11835.62))
def recognized_to_date(
    contract: Contract = None, as_of: AsOf = None, filters: Filters = None, book: Book = None
) -> Any:
    """Revenue recognized from the signing to the close of the day."""
    return _balance("RECOGNIZED_TO_DATE", contract, as_of, filters, book)


@formula("Balances", example=(("C-1002", "2026-03-31"), 48000.0))
def billed_to_date(contract: Contract = None, as_of: AsOf = None, filters: Filters = None, book: Book = None) -> Any:
    """Documents that count as billed at the close of the day, less credit notes."""
    return _balance("BILLED_TO_DATE", contract, as_of, filters, book)


@formula("Balances", example=(("C-1009", "2026-06-30"), 61600.0))
def contracted(contract: Contract = None, as_of: AsOf = None, filters: Filters = None, book: Book = None) -> Any:
    """Transaction price in force at the close of the day."""
    return _balance("CONTRACTED", contract, as_of, filters, book)
