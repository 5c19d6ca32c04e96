"""Flows over a range of days, both included, as formulas: ([contract], [start_date], [end_date], [filters], [book])."""

from __future__ import annotations

from functools import partial
from typing import Any

from addin.formulas import moments
from addin.formulas.amounts import Measure, Rows, amounts, filter_of
from addin.formulas.arguments import Cell
from addin.formulas.books import schedule_of
from addin.formulas.catalogue import formula
from addin.formulas.words import Book, Contract, End, Filters, Start
from engine.reports.grouping import Grouping, netted
from engine.reports.periods import ONE_DAY
from engine.schedule.calendar import Span
from engine.schedule.flow import Flow
from engine.schedule.kernel import Ints


def _flow(measure: Measure, contract: Cell, start_date: Cell, end_date: Cell, filters: Cell, book: Cell) -> Any:
    schedule = schedule_of(book)
    read = partial(moments.between, schedule=schedule)
    return amounts(schedule, measure, contract, (start_date, end_date), read, filter_of(filters))


def _rows(grouping: Grouping, column: Ints) -> Rows:
    return list(zip(grouping.keys, grouping.added(column).tolist(), strict=True))


def _recognized(grouping: Grouping, days: Span) -> Rows:
    of = grouping.valuation
    return _rows(grouping, of.recognized(days.last) - of.recognized(days.first - ONE_DAY))


def _billed(grouping: Grouping, days: Span) -> Rows:
    moved, spread = grouping.valuation.movements(days.first, days.last), netted(grouping, days.last)
    documents = spread(*moved.billings) + spread(*moved.credits)
    return list(zip(spread.rows, documents.tolist(), strict=True))


def _caught_up(grouping: Grouping, days: Span) -> Rows:
    caught_up = grouping.schedule.flow(days.first, days.last, Flow.CATCH_UP)
    return _rows(grouping, grouping.valuation.part_of_revenue(days.first, days.last, caught_up))


#: What each formula adds up.
FLOWS: dict[str, Measure] = {"REVENUE_RECOGNIZED": _recognized, "BILLINGS": _billed, "CATCH_UP": _caught_up}


@formula("Flows", example=(("C-1002", "2026-Q1", "2026-Q1"), 11835.62))
def revenue_recognized(
    contract: Contract = None, start_date: Start = None, end_date: End = None, filters: Filters = None,
    book: Book = None,
) -> Any:  # fmt: skip
    """Revenue recognized from the first to the last day, with breakage."""
    return _flow(_recognized, contract, start_date, end_date, filters, book)


@formula("Flows", example=(("C-1002", "2026-Q1", "2026-Q1"), 48000.0))
def billings(
    contract: Contract = None, start_date: Start = None, end_date: End = None, filters: Filters = None,
    book: Book = None,
) -> Any:  # fmt: skip
    """Documents that came to count as billed from the first to the last day, less credit notes."""
    return _flow(_billed, contract, start_date, end_date, filters, book)


@formula("Flows", example=(("C-1016", "2026-06", "2026-06"), 2301.37))
def catch_up(
    contract: Contract = None, start_date: Start = None, end_date: End = None, filters: Filters = None,
    book: Book = None,
) -> Any:  # fmt: skip
    """Revenue of these days for service before them: releases, late signings, first invoices, changes as if from the
    start."""
    return _flow(_caught_up, contract, start_date, end_date, filters, book)
