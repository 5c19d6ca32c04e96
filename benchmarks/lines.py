"""Made-up contract lines in columns, and the segments the engine makes of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np
import numpy.typing as npt

from engine.schedule.calendar import Calendar, calendar
from engine.schedule.clocks import CODES
from engine.schedule.kernel import rounded_parts
from engine.schedule.segment import ROUNDINGS
from engine.schedule.segments import Segments, Terms

Ints = npt.NDArray[np.int64]
_EPOCH = date(1970, 1, 1).toordinal()
MONTHS: Calendar = calendar()


@dataclass(frozen=True)
class Lines:
    """Amounts in cents and days as ordinals."""

    amount: Ints
    start: Ints
    end: Ints

    def first(self, count: int) -> Lines:
        return Lines(self.amount[:count], self.start[:count], self.end[:count])


@dataclass(frozen=True)
class Changes:
    """Lines that change on a day, and by how many cents their price moves then."""

    line: Ints
    day: Ints
    amount: Ints


def made_up(count: int) -> Lines:
    """Services of a month to three years, half of them from the first of a month, signed over five years; some
    credits."""
    choose = np.random.default_rng(606)
    month = (2021 - 1970) * 12 + choose.integers(0, 60, count)
    day = np.where(choose.random(count) < 0.5, 0, choose.integers(0, 28, count))
    months = choose.choice([1, 3, 12, 24, 36], count, p=[0.05, 0.1, 0.6, 0.15, 0.1])
    amount = choose.integers(5_00, 50_000_00, count) * np.where(choose.random(count) < 0.03, -1, 1)
    return Lines(amount, _first_of(month) + day, _first_of(month + months) + day - 1)


def calendar_year(count: int, year: int) -> Lines:
    """Services from January to December, at whole prices."""
    amount = np.random.default_rng(606).integers(5, 50_000, count) * 100
    start, end = (np.full(count, date(year, *day).toordinal()) for day in ((1, 1), (12, 31)))
    return Lines(amount, start, end)


def _first_of(month: Ints) -> Ints:
    days: Ints = month.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return days + _EPOCH


def segments(lines: Lines, convention: str = "daily", rounding: str = "cumulative") -> Segments:
    """One segment a line, in force from its first day."""
    return Segments(_terms(lines, convention, rounding), MONTHS)


def changed(lines: Lines) -> tuple[Segments, Changes]:
    """The same, but half-way through every fifth line (of two days or more) its price rises by half: what is not yet
    earned is earned over what is left."""
    line = np.flatnonzero((np.arange(len(lines.amount)) % 5 == 0) & (lines.end > lines.start))
    start, end, price = lines.start[line], lines.end[line], lines.amount[line]
    day, added = (start + end + 1) // 2, price // 2
    earned = rounded_parts(price, day - start, end + 1 - start)
    order = np.sort(np.append(np.arange(len(lines.amount)), line))
    terms = _terms(lines).take(order)
    second = np.searchsorted(order, line) + 1
    terms.since[second], terms.price[second] = day, price + added
    terms.base[second], terms.amount[second] = earned, price + added - earned
    terms.pace[second], terms.shift[second], terms.whole[second] = 1, start - day, end + 1 - day
    return Segments(terms, MONTHS), Changes(line, day, added)


def _terms(lines: Lines, convention: str = "daily", rounding: str = "cumulative") -> Terms:
    @cache
    def same(value: int) -> Ints:
        return np.full(len(lines.amount), value)

    return Terms(
        obligation=np.arange(len(lines.amount)),
        strand=same(0),
        since=lines.start,
        price=lines.amount,
        base=same(0),
        amount=lines.amount,
        code=same(CODES[convention]),
        start=lines.start,
        end=lines.end,
        pace=same(0),
        shift=same(0),
        whole=same(0),
        rounding=same(ROUNDINGS[rounding]),
    )


def month_ends(year: int, months: int) -> list[int]:
    """The last day before `year` and those of so many months from its January on."""
    first = MONTHS.period(date(year, 1, 1).toordinal())
    return [MONTHS.end(first + month) for month in range(-1, months)]
