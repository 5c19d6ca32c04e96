"""Conventions compared: the revenue of one contract under every convention and rounding, and by how much each differs
from the choice of the book, month by month."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import get_args

import numpy as np

from engine.book.book import Book
from engine.book.tables import Convention, Rounding
from engine.reports.grouping import UnknownId
from engine.reports.periods import ONE_DAY, Period, periods
from engine.reports.table import Column, Table
from engine.schedule.compile import compile_book
from engine.schedule.currency import valuation
from engine.schedule.kernel import Ints
from engine.schedule.schedule import Schedule
from engine.schedule.segment import NO_DAY

AS_IN_THE_BOOK = "as in the book"


def compare_conventions(
    schedule: Schedule, contract_id: str, first: date | None = None, last: date | None = None
) -> Table:
    """Revenue of a contract (with those combined with it) in the periods that first..last touches, two rows a choice:
    `revenue`, and `difference` to the book's.

    Only services over time have a convention; everything else is the same in every row. Blank dates reach over the
    whole life of the contract. Each day's revenue is by the rows dated on or before it.
    raises UnknownId
    """
    if contract_id not in schedule.layout.place_of:
        raise UnknownId(f"no contract {contract_id!r} in the book")
    book = schedule.book.of_contracts(_combined(schedule, contract_id))
    alone = compile_book(book)
    life = _life(alone)
    spans = periods(schedule.calendar, first or life[0], last or max(life[1], first or life[1]))
    chosen = _revenue(alone, spans)
    currency = alone.contract_column("currency")[0]
    rows: list[list[object]] = [[AS_IN_THE_BOOK, "", "revenue", currency, *_cells(chosen)]]
    for convention, rounding, other in _choices(book):
        found = _revenue(compile_book(other), spans)
        rows.append([convention, rounding, "revenue", currency, *_cells(found)])
        rows.append([convention, rounding, "difference", currency, *_cells(found - chosen)])
    names = [*(span.label for span in spans), "total"]
    keys = (Column("convention"), Column("rounding"), Column("figure"), Column("currency"))
    return Table((*keys, *(Column(name, "money") for name in names)), rows)


def _combined(schedule: Schedule, contract_id: str) -> set[str]:
    """The contract and all that are accounted for together with it."""
    layout = schedule.layout
    group = layout.group[layout.place_of[contract_id]]
    return {layout.contract_id(place) for place in np.flatnonzero(layout.group == group).tolist()}


def _choices(book: Book) -> Iterator[tuple[str, str, Book]]:
    """The book under every convention and rounding."""
    count = len(book.obligations)
    for convention in get_args(Convention):
        for rounding in get_args(Rounding):
            rows = book.obligations.with_columns(convention=[convention] * count, rounding=[rounding] * count)
            yield convention, rounding, replace(book, obligations=rows)


def _life(schedule: Schedule) -> tuple[date, date]:
    """From the first day something is earned, or agreed, to the last."""
    terms, signed = schedule.segments.terms, schedule.layout.signed
    clocked = terms.start != NO_DAY
    days = [*signed.tolist(), *terms.since.tolist(), *terms.end[clocked].tolist()]
    return date.fromordinal(min(days)), date.fromordinal(max(days))


def _revenue(schedule: Schedule, spans: list[Period]) -> Ints:
    """Revenue of each period."""
    days = [spans[0].first - ONE_DAY, *(span.last for span in spans)]
    to_date = valuation(schedule).revenue_to_date(days, np.zeros(schedule.count, np.int64), 1)[:, 0]
    result: Ints = np.diff(to_date)
    return result


def _cells(figures: Ints) -> list[int]:
    return [*figures.tolist(), int(figures.sum())]
