"""Balances at the close of a day, as formulas: ([contract], [as_of], [filters])."""

from __future__ import annotations

from typing import Annotated

from addin.formulas.arguments import Cell, amount, as_of, decimals_of, selection
from addin.formulas.catalogue import formula
from engine.reports.balances import figures
from engine.reports.grouping import Grouping
from engine.schedule.schedule import Schedule

Contract = Annotated[
    Cell, "Contract id, a range of ids, or contract/obligation such as C1/plan; blank is the whole book."
]
AsOf = Annotated[
    Cell,
    "Day of the balance: a date, or a label such as 2026-03, 2026-Q1, FY2026 (its last day); blank is the book's "
    "as_of.",
]
Filters = Annotated[
    Cell, 'Column and value to keep, as "entity=US; product=Support" or a range of two columns; blank keeps all.'
]


def _balance(name: str, schedule: Schedule, contract: Cell, day: Cell, filters: Cell) -> float:
    keep = selection(contract, filters, schedule)
    decimals = decimals_of(schedule, keep)
    _, found = figures(Grouping.of(schedule, "total", keep), as_of(day, schedule), (name,))
    return amount(found[name].sum(), decimals)


@formula("Balances", example=(("C-1002", "2026-03-31"), 36164.38))
def deferred_balance(
    schedule: Schedule, contract: Contract = None, as_of: AsOf = None, filters: Filters = None
) -> float:
    """Deferred revenue (contract liability): billed ahead of revenue, netted within each contract."""
    return _balance("deferred", schedule, contract, as_of, filters)


@formula("Balances", example=(("C-1012", "2026-06-30"), 29972.63))
def deferred_current(
    schedule: Schedule, contract: Contract = None, as_of: AsOf = None, filters: Filters = None
) -> float:
    """The part of deferred revenue that will be recognized within the current period (twelve months unless set
    otherwise)."""
    return _balance("deferred_current", schedule, contract, as_of, filters)


@formula("Balances", example=(("C-1012", "2026-06-30"), 36459.85))
def deferred_noncurrent(
    schedule: Schedule, contract: Contract = None, as_of: AsOf = None, filters: Filters = None
) -> float:
    """The part of deferred revenue that will be recognized after the current period."""
    return _balance("deferred_noncurrent", schedule, contract, as_of, filters)


@formula("Balances", example=(("C-1009", "2026-06-30"), 13200.0))
def contract_asset(schedule: Schedule, contract: Contract = None, as_of: AsOf = None, filters: Filters = None) -> float:
    """Revenue recognized ahead of billing, netted within each contract."""
    return _balance("contract_asset", schedule, contract, as_of, filters)


@formula("Balances", example=(("C-1002", "2026-03-31"), 0.0))
def refund_liability(
    schedule: Schedule, contract: Contract = None, as_of: AsOf = None, filters: Filters = None
) -> float:
    """Billed beyond what may be kept: owed back to customers."""
    return _balance("refund_liability", schedule, contract, as_of, filters)


@formula("Balances", example=(("C-1002", "2026-03-31"), 36164.38))
def backlog(schedule: Schedule, contract: Contract = None, as_of: AsOf = None, filters: Filters = None) -> float:
    """All contracted revenue not yet recognized, billed or not."""
    return _balance("backlog", schedule, contract, as_of, filters)


@formula("Balances", example=(("C-1009", "2026-06-30"), 8400.0))
def backlog_unbilled(
    schedule: Schedule, contract: Contract = None, as_of: AsOf = None, filters: Filters = None
) -> float:
    """The part of backlog that nobody has been billed for."""
    return _balance("backlog_unbilled", schedule, contract, as_of, filters)


@formula("Balances", example=(("C-1002", "2026-Q1"), 36164.38))
def rpo(schedule: Schedule, contract: Contract = None, as_of: AsOf = None, filters: Filters = None) -> float:
    """Remaining performance obligations: backlog less what is not enforceable or exempt from disclosure."""
    return _balance("rpo", schedule, contract, as_of, filters)


@formula("Balances", example=(("C-1002", "2026-03"), 11835.62))
def recognized_to_date(
    schedule: Schedule, contract: Contract = None, as_of: AsOf = None, filters: Filters = None
) -> float:
    """Revenue recognized from the signing to the close of the day."""
    return _balance("recognized", schedule, contract, as_of, filters)


@formula("Balances", example=(("C-1002", "2026-03-31"), 48000.0))
def billed_to_date(schedule: Schedule, contract: Contract = None, as_of: AsOf = None, filters: Filters = None) -> float:
    """Documents that count as billed at the close of the day, less credit notes."""
    return _balance("billed", schedule, contract, as_of, filters)


@formula("Balances", example=(("C-1009", "2026-06-30"), 61600.0))
def contracted(schedule: Schedule, contract: Contract = None, as_of: AsOf = None, filters: Filters = None) -> float:
    """Transaction price in force at the close of the day."""
    return _balance("contracted", schedule, contract, as_of, filters)
