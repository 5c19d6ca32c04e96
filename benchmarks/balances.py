"""Balances of a million obligations at one day, beside copying the columns they are read from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.books import rows
from benchmarks.lines import Ints, Lines, made_up, segments
from benchmarks.timing import Comparison, Work, at_most
from engine.book.book import Rows
from engine.book.reading import book_from_rows
from engine.book.tables import Contract, Obligation
from engine.reports.grouping import positions
from engine.schedule.kernel import rounded
from engine.schedule.layout import Layout
from engine.schedule.life import Flow
from engine.schedule.schedule import Schedule, Steps
from engine.schedule.segments import Segments

COUNT = 1_000_000
DAY = date(2024, 8, 17)
Column = npt.NDArray[np.generic]


def comparisons() -> Iterator[Comparison]:
    lines = made_up(COUNT)
    of_lines = segments(lines)
    day = DAY.toordinal()
    _check_recognized(lines, of_lines.to_date(day))
    read = _columns_of_a_balance(of_lines)
    yield Comparison(
        "recognized of 1e6 at a day",
        f"copy of {_megabytes(read)} MB",
        lambda: of_lines.to_date(day),
        _copy(read),
        at_most(3),
        turns=25,
    )
    schedule = _schedule(lines, of_lines)
    _check_positions(schedule)
    read += [of_lines.since, of_lines.price, schedule.layout.contract, schedule.layout.group, schedule.layout.signed]
    read += [schedule.steps.obligation, schedule.steps.day, schedule.steps.amount]
    yield Comparison(
        "position of 1e6 contracts",
        f"copy of {_megabytes(read)} MB",
        lambda: positions(schedule, DAY),
        _copy(read),
        at_most(3),
        turns=15,
    )


def _columns_of_a_balance(of_lines: Segments) -> list[Column]:
    names = ("_slope", "_offset", "_low", "_high", "steady")
    return [getattr(family, name) for family in of_lines._families for name in names]


def _megabytes(columns: list[Column]) -> int:
    return round(sum(column.nbytes for column in columns) / 1e6)


def _copy(columns: list[Column]) -> Work:
    copies = [np.zeros_like(column) for column in columns]

    def copy() -> None:
        for column, into in zip(columns, copies, strict=True):
            np.copyto(into, column)

    return copy


def _schedule(lines: Lines, of_lines: Segments) -> Schedule:
    """A contract a line, invoiced in full on its first day."""
    ids: list[Any] = [f"C{n}" for n in range(COUNT)]
    signed = [date.fromordinal(day) for day in lines.start.tolist()]
    contracts = {"contract_id": ids, "signed_on": signed, "combined_with": [None] * COUNT}
    book = replace(
        book_from_rows(rows(1, billed=False), DAY),
        contracts=Rows(Contract, contracts, _nowhere),
        obligations=Rows(Obligation, {"contract_id": ids}, _nowhere),
    )
    billed = Steps.of(Flow.BILLINGS, np.arange(COUNT), lines.start, lines.amount)
    return Schedule(Layout(book), of_lines, billed)


def _nowhere(row: int, column: str) -> str:
    return ""


def _check_recognized(lines: Lines, recognized: Ints) -> None:
    day = DAY.toordinal()
    for n in range(0, COUNT, 997):
        amount, start, end = int(lines.amount[n]), int(lines.start[n]), int(lines.end[n])
        served = min(max(day + 1 - start, 0), end + 1 - start)
        assert recognized[n] == rounded(amount, Fraction(served, end + 1 - start))


def _check_positions(schedule: Schedule) -> None:
    units, own = positions(schedule, DAY)
    assert len(units.deferred) == COUNT
    assert np.array_equal(units.deferred + units.refund_liability - units.contract_asset, own.billed - own.recognized)
    assert np.array_equal(units.deferred + units.backlog_unbilled, units.backlog)
    in_force = schedule.segments.since <= DAY.toordinal()
    assert np.array_equal(own.billed, schedule.segments.price * in_force)
