"""Formulas that need no book: one term spread by a convention, one price shared over standalone selling prices."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Annotated, Any

from addin.formulas.arguments import Cell, Kind, count, day_span, flat, number, single, word
from addin.formulas.catalogue import formula
from addin.formulas.errors import Code, FormulaError
from addin.formulas.spreading import spread
from engine.book.cells import shown
from engine.schedule.calendar import Calendar, calendar
from engine.schedule.clocks import CODES, Clock
from engine.schedule.kernel import rounded, share_out

#: decimals of amounts without a currency
_DECIMALS, _MOST_DECIMALS = 2, 4
_LARGEST = 2**53  # whole minor units that a spreadsheet's number still holds exactly

Amount = Annotated[Cell, Kind.NUMBER, "Amount to spread over the service."]
ServiceStart = Annotated[Cell, Kind.DAY, "First day of the service."]
ServiceEnd = Annotated[Cell, Kind.DAY, "Last day of the service (included)."]
Convention = Annotated[
    Cell, Kind.WORD, "daily (default), monthly, even_months, full_months, half_month, 30_360 or daily_ends."
]


def _minor(value: Cell, name: str, decimals: int) -> int:
    units = number(value, name) * 10**decimals
    if units.denominator != 1:
        raise FormulaError(Code.VALUE, f"{name} {shown(value)[:40]} has more than {decimals} decimals; round it first")
    if abs(units) > _LARGEST:
        raise FormulaError(Code.NUMBER, f"{name} {shown(value)[:40]} is larger than a cell holds exactly")
    return int(units)


def _clock(service_start: Cell, service_end: Cell, convention: Cell) -> Clock:
    months = calendar()
    start, end = (day_span(single(day, "a day of the service"), months) for day in (service_start, service_end))
    if end.last < start.first:
        raise FormulaError(Code.NUMBER, f"the service ends on {end.last}, before it starts on {start.first}")
    code = CODES[word(convention, "convention", "daily", tuple(CODES))]
    return Clock(code, start.first.toordinal(), end.last.toordinal(), months)


def _month_ends(clock: Clock, months: Calendar) -> list[int]:
    return [months.end(period) for period in range(clock.first, clock.last + 1)]


@formula("Without a book", example=((1200, "2026-01-01", "2026-12-31", "2026-01-01", "2026-03-31"), 295.89))
def ratable(
    amount: Amount, service_start: ServiceStart, service_end: ServiceEnd,
    start_date: Annotated[Cell, Kind.DAY, "First day of the range asked for."],
    end_date: Annotated[Cell, Kind.DAY, "Last day of the range asked for (included)."],
    convention: Convention = None,
) -> Any:  # fmt: skip
    """Revenue of a range of days when an amount is earned ratably over its service, rounded to cents as a running
    total."""
    return spread(_earned, amount, service_start, service_end, start_date, end_date, convention)


def _earned(amount: Cell, start: Cell, end: Cell, first: Cell, last: Cell, convention: Cell) -> float:
    clock, minor = _clock(start, end, convention), _minor(amount, "amount", _DECIMALS)
    begin, close = day_span(first, clock.calendar).first, day_span(last, clock.calendar).last
    if close < begin:
        raise FormulaError(Code.NUMBER, f"the last day {close} is before the first {begin}")
    to_last, before = (rounded(minor, clock.share(day)) for day in (close.toordinal(), begin.toordinal() - 1))
    return float((to_last - before) / 10**_DECIMALS)


@formula(
    "Without a book",
    example=((100, "2026-01-01", "2026-02-28"), [["2026-01-31", 52.54], ["2026-02-28", 47.46]]),
)
def ratable_schedule(
    amount: Amount, service_start: ServiceStart, service_end: ServiceEnd, convention: Convention = None
) -> list[list[Any]]:
    """Revenue month by month when an amount is earned ratably over its service: month end and amount, a row each."""
    clock, minor = _clock(service_start, service_end, convention), _minor(amount, "amount", _DECIMALS)
    ends = _month_ends(clock, clock.calendar)
    to_date = [rounded(minor, clock.share(day)) for day in ends]
    return [
        [date.fromordinal(day), (now - before) / 10**_DECIMALS]
        for day, now, before in zip(ends, to_date, [0, *to_date], strict=False)
    ]


@formula("Without a book", example=((100, [[50], [25], [75]], 0), [[33.0], [17.0], [50.0]]))
def allocate(
    price: Annotated[Cell, Kind.NUMBER, "Transaction price to allocate."],
    standalone_prices: Annotated[Cell, Kind.NUMBERS, "Standalone selling price of each obligation, as a range."],
    decimals: Annotated[Cell, Kind.NUMBER, "Decimals of the currency; 2 if left out."] = None,
) -> list[list[Any]]:
    """A transaction price allocated in proportion to standalone selling prices, adding up exactly, a row each."""
    places = count(decimals, "decimals", _DECIMALS, _MOST_DECIMALS)
    weights = list(map(partial(number, name="standalone price"), flat(standalone_prices)))
    if min(weights) < 0 or not any(weights):
        raise FormulaError(Code.NUMBER, "standalone prices must be positive")
    return [[part / 10**places] for part in share_out(_minor(price, "price", places), weights)]
