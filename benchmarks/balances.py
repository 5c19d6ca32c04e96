"""Balances of a million obligations at one day, beside copying the columns they are read from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import partial
from itertools import cycle
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.books import rows
from benchmarks.lines import Changes, Lines, changed, made_up, segments
from benchmarks.timing import Comparison, Work, at_most
from engine.book.book import Rows
from engine.book.reading import book_from_rows
from engine.book.tables import Contract, Obligation
from engine.schedule.flow import Flow, Steps
from engine.schedule.kernel import rounded
from engine.schedule.layout import Layout
from engine.schedule.positions import positions
from engine.schedule.schedule import Schedule
from engine.schedule.segment import OPEN
from engine.schedule.segments import Segments

COUNT, BUNDLE = 1_000_000, 3
DAY = date(2024, 8, 17)
Column = npt.NDArray[np.generic]


def comparisons() -> Iterator[Comparison]:
    lines = made_up(COUNT)
    plain = segments(lines)
    yield _recognized("recognized of 1e6 at a day", lines, plain, None, 3)
    signed = Steps.of(Flow.BILLINGS, np.arange(COUNT), lines.start, lines.amount)
    yield _position("position of 1e6 contracts", _schedule(lines, plain, signed), 3)
    yield _position(f"... {BUNDLE} obligations a contract", _schedule(lines, plain, signed, BUNDLE), 4.5)
    of_both, changes = changed(lines)
    yield _recognized("recognized, a fifth changed", lines, of_both, changes, 4.5)
    added = Steps.of(Flow.BILLINGS, changes.line, changes.day, changes.amount)
    yield _position("position, a fifth changed", _schedule(lines, of_both, Steps.joined([signed, added])), 4.5)


def _recognized(name: str, lines: Lines, of_lines: Segments, changes: Changes | None, times: float) -> Comparison:
    """Revenue to date of each segment: one column out of many, so the peer copies into memory that it has."""
    day = DAY.toordinal()
    _check_recognized(lines, changes, of_lines)
    read = _read_by_segments(of_lines)
    into = [np.zeros_like(column) for column in read]
    peer = f"copy of {_megabytes(read)} MB"
    return Comparison(name, peer, partial(of_lines.to_date, day), partial(_copy, read, into), at_most(times), turns=25)


def _position(name: str, schedule: Schedule, times: float) -> Comparison:
    """Every balance of every contract: about as much memory out as in, new on both sides."""
    _check_positions(schedule)
    read = _read_by_positions(schedule)
    peer = f"copy of {_megabytes(read)} MB"
    days = cycle(DAY.replace(day=day) for day in range(1, 32))  # a day asked again would be answered from memory

    def ours() -> object:
        return positions(schedule, next(days))

    return Comparison(name, peer, ours, _new_copies(read), at_most(times), turns=15)


def _read_by_segments(of_lines: Segments) -> list[Column]:
    """The columns that revenue to date is read from."""
    read: list[Column] = [getattr(family, name) for family in of_lines._families for name in ("_line", "_bounds")]
    return read if of_lines._all_open else [*read, of_lines._steady, of_lines.since, of_lines.until]


def _read_by_positions(schedule: Schedule) -> list[Column]:
    """The columns that the balances are read from; those that say whose a row is only where there are several."""
    of_lines, steps = schedule.segments, schedule.steps
    read = [*_read_by_segments(of_lines), of_lines.price, steps.day, steps.amount]
    if of_lines._all_open:
        read.append(of_lines.since)
    else:
        read += [of_lines.obligation, steps.obligation]
    return read if schedule.nets_alone(DAY) else [*read, schedule.unit(DAY)]


def _megabytes(columns: list[Column]) -> int:
    return round(sum(column.nbytes for column in columns) / 1e6)


def _copy(columns: list[Column], into: list[Column]) -> None:
    for column, place in zip(columns, into, strict=True):
        np.copyto(place, column)


def _new_copies(columns: list[Column]) -> Work:
    return lambda: [column.copy() for column in columns]


def _schedule(lines: Lines, of_lines: Segments, billed: Steps, bundle: int = 1) -> Schedule:
    """So many lines a contract, each invoiced on its first day."""
    count = -(-COUNT // bundle)
    ids: list[Any] = [f"C{n}" for n in range(count)]
    signed = [date.fromordinal(day) for day in lines.start[::bundle].tolist()]
    blank = dict.fromkeys(Contract.model_fields, [None] * count)
    book = replace(
        book_from_rows(rows(1, billed=False), DAY),
        contracts=Rows(Contract, {**blank, "contract_id": ids, "signed_on": signed}, _nowhere),
        obligations=Rows(Obligation, {"contract_id": [ids[n // bundle] for n in range(COUNT)]}, _nowhere),
    )
    return Schedule(Layout(book), of_lines, billed)


def _nowhere(row: int, column: str) -> str:
    return ""


def _check_recognized(lines: Lines, changes: Changes | None, of_lines: Segments) -> None:
    """A sample of lines in Python's fractions."""
    day = DAY.toordinal()
    recognized = np.bincount(of_lines.obligation, of_lines.to_date(day), COUNT)
    change: dict[int, tuple[int, int]] = {}
    if changes:
        told = zip(changes.day.tolist(), changes.amount.tolist(), strict=True)
        change = dict(zip(changes.line.tolist(), told, strict=True))
    for n in range(0, COUNT, 997):
        amount, start, end = int(lines.amount[n]), int(lines.start[n]), int(lines.end[n])
        since, added = change.get(n, (OPEN, 0))
        served = min(max(min(day + 1, since) - start, 0), end + 1 - start)
        earned = rounded(amount, Fraction(served, end + 1 - start))
        if day >= since:
            earned += rounded(amount + added - earned, Fraction(min(day, end) + 1 - since, end + 1 - since))
        assert recognized[n] == earned


def _check_positions(schedule: Schedule) -> None:
    """The identities of the balances, and each contract's revenue and documents added up apart."""
    units, own = positions(schedule, DAY)
    contract = schedule.layout.contract
    count = len(schedule.layout.contracts)
    assert len(units.deferred) == count
    for at in (units, own):
        assert np.array_equal(at.deferred + at.refund_liability - at.contract_asset, at.billed - at.recognized)
        assert np.array_equal(at.deferred + at.backlog_unbilled, at.backlog)
    assert np.array_equal(units.recognized, np.bincount(contract, own.recognized, count))
    assert np.array_equal(units.billed, np.bincount(contract, own.billed, count))
    assert np.array_equal(own.billed, own.contracted)
