"""Flows over a range of days, both included, as formulas: ([contract], [start_date], [end_date], [filters])."""

from __future__ import annotations

from typing import Annotated

from addin.formulas.arguments import Cell, amount, between, decimals_of, selection
from addin.formulas.balances import Contract, Filters
from addin.formulas.catalogue import formula
from engine.reports.periods import ONE_DAY
from engine.schedule.kernel import Ints
from engine.schedule.life import Flow
from engine.schedule.schedule import Schedule

Start = Annotated[
    Cell, "First day: a date, or a label such as 2026-03, 2026-Q1, FY2026; blank is the first day of the book's period."
]
End = Annotated[Cell, "Last day: a date, or a label (its last day); blank is the last day of the book's period."]


def _sum(column: Ints, contract: Cell, filters: Cell, schedule: Schedule) -> float:
    keep = selection(contract, filters, schedule)
    return amount(column[keep].sum(), decimals_of(schedule, keep))


@formula("Flows", example=(("C-1002", "2026-Q1", "2026-Q1"), 11835.62))
def revenue_recognized(
    schedule: Schedule,
    contract: Contract = None,
    start_date: Start = None,
    end_date: End = None,
    filters: Filters = None,
) -> float:
    """Revenue recognized from the first to the last day, with breakage."""
    days = between(start_date, end_date, schedule)
    return _sum(schedule.recognized(days.last) - schedule.recognized(days.first - ONE_DAY), contract, filters, schedule)


@formula("Flows", example=(("C-1002", "2026-Q1", "2026-Q1"), 48000.0))
def billings(
    schedule: Schedule,
    contract: Contract = None,
    start_date: Start = None,
    end_date: End = None,
    filters: Filters = None,
) -> float:
    """Documents that came to count as billed from the first to the last day, less credit notes."""
    days = between(start_date, end_date, schedule)
    return _sum(schedule.flow(days.first, days.last, Flow.BILLINGS, Flow.CREDITS), contract, filters, schedule)


@formula("Flows", example=(("C-1016", "2026-06", "2026-06"), 2301.37))
def catch_up(
    schedule: Schedule,
    contract: Contract = None,
    start_date: Start = None,
    end_date: End = None,
    filters: Filters = None,
) -> float:
    """Revenue of these days for service before them: releases, late signings, first invoices, changes as if from the
    start."""
    days = between(start_date, end_date, schedule)
    return _sum(schedule.flow(days.first, days.last, Flow.CATCH_UP), contract, filters, schedule)
