"""Flows over a range of days, both included, as formulas: ([contract], [start_date], [end_date], [filters], [book])."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from addin.formulas import moments
from addin.formulas.amounts import Measure, Rows, amounts, filter_of
from addin.formulas.arguments import Cell
from addin.formulas.books import history_of
from addin.formulas.catalogue import formula
from addin.formulas.words import Book, Contract, End, Filters, Start
from engine.reports.grouping import Grouping, netted
from engine.reports.selecting import Selection
from engine.schedule.calendar import Span
from engine.schedule.flow import Flow
from engine.schedule.history import History
from engine.schedule.kernel import Ints

#: before every document there is
_DAWN = date(1900, 1, 2)


def _flow(measure: Measure, contract: Cell, start_date: Cell, end_date: Cell, filters: Cell, book: Cell) -> Any:
    history = history_of(book)
    read = partial(moments.between, schedule=history.today)
    return amounts(history, measure, contract, (start_date, end_date), read, filter_of(filters))


def _over_days(within: Callable[[Grouping, Span], Rows], at: Callable[[Grouping, date], Rows]) -> Measure:
    """A flow over days: what each schedule has within its own, and what differs of the balance where two meet.

    at  the balance that the flow moves
    """

    def measure(history: History, which: Selection, by: str, days: Span) -> Rows:
        rows: Rows = []
        for part in history.stretches(*days):
            grouping = which.grouping(part.schedule, by)
            rows += within(grouping, Span(part.first, part.last))
            if part.before is not None and part.before is not part.schedule:
                rows += at(grouping, part.eve)
                rows += [(key, -amount) for key, amount in at(which.grouping(part.before, by), part.eve)]
        return rows

    return measure


def _rows(grouping: Grouping, column: Ints) -> Rows:
    return list(zip(grouping.keys, grouping.added(column).tolist(), strict=True))


def _recognized(grouping: Grouping, days: Span) -> Rows:
    of = grouping.valuation
    return _rows(grouping, of.revenue(days.first, days.last))


def _recognized_to(grouping: Grouping, day: date) -> Rows:
    return _rows(grouping, grouping.valuation.recognized(day))


def _billed(grouping: Grouping, days: Span) -> Rows:
    moved, spread = grouping.valuation.movements(days.first, days.last), netted(grouping, days.last)
    documents = spread(*moved.billings) + spread(*moved.credits)
    return list(zip(spread.rows, documents.tolist(), strict=True))


def _billed_to(grouping: Grouping, day: date) -> Rows:
    return _billed(grouping, Span(_DAWN, day))


def _caught_up(grouping: Grouping, days: Span) -> Rows:
    caught_up = grouping.schedule.flow(days.first, days.last, Flow.CATCH_UP)
    return _rows(grouping, grouping.valuation.part_of_revenue(days.first, days.last, caught_up))


_recognized_over = _over_days(_recognized, _recognized_to)
_billed_over = _over_days(_billed, _billed_to)
_caught_up_over = _over_days(_caught_up, _recognized_to)


#: What each formula adds up.
FLOWS: dict[str, Measure] = {
    "REVENUE_RECOGNIZED": _recognized_over,
    "BILLINGS": _billed_over,
    "CATCH_UP": _caught_up_over,
}


@formula("Flows", example=(("C-1002", "2026-Q1", "2026-Q1"), 11835.62))
def revenue_recognized(
    contract: Contract = None, start_date: Start = None, end_date: End = None, filters: Filters = None,
    book: Book = None,
) -> Any:  # fmt: skip
    """Revenue recognized from the first to the last day, with breakage."""
    return _flow(_recognized_over, contract, start_date, end_date, filters, book)


@formula("Flows", example=(("C-1002", "2026-Q1", "2026-Q1"), 48000.0))
def billings(
    contract: Contract = None, start_date: Start = None, end_date: End = None, filters: Filters = None,
    book: Book = None,
) -> Any:  # fmt: skip
    """Documents that came to count as billed from the first to the last day, less credit notes."""
    return _flow(_billed_over, contract, start_date, end_date, filters, book)


@formula("Flows", example=(("C-1016", "2026-06", "2026-06"), 2301.37))
def catch_up(
    contract: Contract = None, start_date: Start = None, end_date: End = None, filters: Filters = None,
    book: Book = None,
) -> Any:  # fmt: skip
    """Revenue of these days for service before them: releases, late signings, first invoices, changes as if from the
    start."""
    return _flow(_caught_up_over, contract, start_date, end_date, filters, book)
