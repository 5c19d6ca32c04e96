"""The monthly amounts of a year's service, line by line, beside a bookkeeping plug-in and an accounting system's loop.

From the columns amount, start and end to twelve amounts a line, segments included.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from typing import Any

import numpy as np

from benchmarks.lines import Ints, Lines, calendar_year, month_ends, segments
from benchmarks.timing import Comparison, Skipped, faster

COUNT, SAMPLE, YEAR = 100_000, 300, 2024
CENT = Decimal("0.01")


def comparisons() -> Iterator[Comparison]:
    lines, days = calendar_year(COUNT, YEAR), month_ends(YEAR, 12)

    def ours(convention: str = "daily", rounding: str = "cumulative") -> Ints:
        return segments(lines, convention, rounding).earned(days)

    some = [money(amount) for amount in lines.amount[:SAMPLE].tolist()]
    start, end = term(lines)
    theirs = np.array([amounts_of(month_by_month(amount, start, end)) for amount in some]).T
    _check_near(ours()[:, :SAMPLE], theirs)
    assert np.array_equal(ours(rounding="plug_last")[:, :SAMPLE], theirs)
    for name, rounding, judged in (("cumulative", "cumulative", True), ("plugged alike", "plug_last", False)):
        yield Comparison(
            f"a year of 1e5 lines, {name}",
            "ERPNext-style loop",
            partial(ours, rounding=rounding),
            partial(_each, some, lines),
            faster(500),
            our_units=COUNT,
            their_units=SAMPLE,
            judged=judged,
        )
    yield _beside_beancount(lines, ours("even_months")[:, :SAMPLE], lambda: ours("even_months"))


def _each(amounts: list[Decimal], lines: Lines) -> None:
    start, end = term(lines)
    for amount in amounts:
        month_by_month(amount, start, end)


def money(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2)


def term(lines: Lines) -> tuple[date, date]:
    return date.fromordinal(int(lines.start[0])), date.fromordinal(int(lines.end[0]))


def month_by_month(amount: Decimal, start: date, end: date) -> list[tuple[date, Decimal]]:
    """ERPNext's deferred revenue by days, as documented: each month its share of the days, rounded; the last the
    rest."""
    days, booked, first = (end - start).days + 1, Decimal(0), start
    entries: list[tuple[date, Decimal]] = []
    while first <= end:
        last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
        if last >= end:
            last, part = end, amount - booked
        else:
            part = (amount * ((last - first).days + 1) / days).quantize(CENT, ROUND_HALF_UP)
        entries.append((last, part))
        booked += part
        first = last + timedelta(1)
    return entries


def amounts_of(entries: list[tuple[date, Decimal]]) -> list[int]:
    return [int(amount * 100) for _, amount in entries]


def _check_near(ours: Ints, theirs: Ints) -> None:
    """Rounding to date differs from rounding month by month: by a cent a month, never in the sum."""
    assert np.array_equal(ours.sum(axis=0), theirs.sum(axis=0))
    assert np.abs(ours[:-1] - theirs[:-1]).max() <= 1


def _beside_beancount(lines: Lines, expected: Ints, ours: Any) -> Comparison:
    try:
        from beancount_interpolate.spread import spread
    except ImportError:
        raise Skipped("beancount-interpolate is not installed (pip install ratable[benchmark])") from None
    entries, _ = spread(_transactions(lines), {})
    booked = [(entry.meta["lineno"], entry.date.month, entry.postings[0].units.number) for entry in entries[SAMPLE:]]
    theirs = np.zeros_like(expected)
    for line, month, amount in booked:
        theirs[month - 1, line] = amount * 100
    assert np.array_equal(theirs, expected)
    turns = 9
    fresh = iter([_transactions(lines) for _ in range(turns + 1)])  # the plug-in changes what it is given
    return Comparison(
        "a year of 1e5 lines, even months",
        "beancount-interpolate",
        ours,
        lambda: spread(next(fresh), {}),
        faster(500),
        turns,
        our_units=COUNT,
        their_units=SAMPLE,
    )


def _transactions(lines: Lines) -> list[Any]:
    """The first lines as sales, each to be spread over its year by month."""
    from beancount.core.amount import Amount
    from beancount.core.data import EMPTY_SET, Posting, Transaction, new_metadata

    start, _ = term(lines)
    made = []
    for line, cents in enumerate(lines.amount[:SAMPLE].tolist()):
        meta = new_metadata("made up", line)
        marked = {**meta, "spread": f"12 Months @ {start.isoformat()} / Month"}
        income = Posting("Income:Service", Amount(-money(cents), "USD"), None, None, None, marked)
        receivable = Posting("Assets:Receivable", Amount(money(cents), "USD"), None, None, None, meta)
        made.append(Transaction(meta, start, "*", None, "Sale", EMPTY_SET, EMPTY_SET, [income, receivable]))
    return made
