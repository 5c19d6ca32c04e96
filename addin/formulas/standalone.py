"""Formulas that need no book: one term spread by a convention, one price shared over standalone selling prices."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from addin.formulas.arguments import Cell, flat, is_blank, number, span
from addin.formulas.catalogue import formula
from addin.formulas.errors import Code, FormulaError
from engine.schedule.calendar import Calendar, calendar
from engine.schedule.clocks import CODES, Clock
from engine.schedule.kernel import rounded, share_out

#: decimals of amounts without a currency
_DECIMALS = 2

Amount = Annotated[Cell, "Amount to spread over the service."]
ServiceStart = Annotated[Cell, "First day of the service."]
ServiceEnd = Annotated[Cell, "Last day of the service (included)."]
Convention = Annotated[Cell, "daily (default), monthly, even_months, full_months, half_month, 30_360 or daily_ends."]


def _minor(value: Cell, name: str, decimals: int) -> int:
    units = number(value, name) * 10**decimals
    whole = rounded(1, units)
    if abs(units - whole) > 1e-6:  # a cell's float is never off by more; a finer amount is a mistake
        raise FormulaError(Code.VALUE, f"{name} {value} has more than {decimals} decimals")
    return whole


def _clock(service_start: Cell, service_end: Cell, convention: Cell) -> Clock:
    months = calendar()
    start, end = span(service_start, months).first, span(service_end, months).last
    if end < start:
        raise FormulaError(Code.NUMBER, f"the service ends on {end}, before it starts on {start}")
    word = "daily" if is_blank(convention) else str(convention).strip().lower()
    if word not in CODES:
        raise FormulaError(Code.VALUE, f"there is no convention {convention}; there are {', '.join(CODES)}")
    return Clock(CODES[word], start.toordinal(), end.toordinal(), months)


def _month_ends(clock: Clock, months: Calendar) -> list[int]:
    return [months.end(period) for period in range(clock.first, clock.last + 1)]


@formula(
    "Without a book", needs_book=False, example=((1200, "2026-01-01", "2026-12-31", "2026-01-01", "2026-03-31"), 295.89)
)
def ratable(
    amount: Amount, service_start: ServiceStart, service_end: ServiceEnd,
    start_date: Annotated[Cell, "First day of the range asked for."],
    end_date: Annotated[Cell, "Last day of the range asked for (included)."],
    convention: Convention = None,
) -> float:  # fmt: skip
    """Revenue of a range of days when an amount is earned ratably over its service, rounded to cents as a running
    total."""
    clock, minor = _clock(service_start, service_end, convention), _minor(amount, "amount", _DECIMALS)
    first, last = span(start_date, clock.calendar).first, span(end_date, clock.calendar).last
    if last < first:
        raise FormulaError(Code.NUMBER, f"the last day {last} is before the first {first}")
    to_last, before = (rounded(minor, clock.share(day)) for day in (last.toordinal(), first.toordinal() - 1))
    return float((to_last - before) / 10**_DECIMALS)


@formula(
    "Without a book", needs_book=False,
    example=((100, "2026-01-01", "2026-02-28"), [["2026-01-31", 52.54], ["2026-02-28", 47.46]]),
)  # fmt: skip
def ratable_schedule(
    amount: Amount, service_start: ServiceStart, service_end: ServiceEnd, convention: Convention = None
) -> list[list[date | float]]:
    """Revenue month by month when an amount is earned ratably over its service: month end and amount, a row each."""
    clock, minor = _clock(service_start, service_end, convention), _minor(amount, "amount", _DECIMALS)
    rows: list[list[date | float]] = []
    before = 0
    for day in _month_ends(clock, clock.calendar):
        to_date = rounded(minor, clock.share(day))
        rows.append([date.fromordinal(day), (to_date - before) / 10**_DECIMALS])
        before = to_date
    return rows


@formula("Without a book", needs_book=False, example=((100, [[50], [25], [75]], 0), [[33.0], [17.0], [50.0]]))
def allocate(
    price: Annotated[Cell, "Transaction price to allocate."],
    standalone_prices: Annotated[Cell, "Standalone selling price of each obligation, as a range."],
    decimals: Annotated[Cell, "Decimals of the currency; 2 if left out."] = None,
) -> list[list[float]]:
    """A transaction price allocated in proportion to standalone selling prices, adding up exactly, a row each."""
    places = 2 if is_blank(decimals) else int(number(decimals, "decimals"))
    if not 0 <= places <= 4:
        raise FormulaError(Code.NUMBER, "decimals must be 0 to 4")
    weights = [number(cell, "standalone price") for cell in flat(standalone_prices)]
    if not weights or min(weights) < 0 or not any(weights):
        raise FormulaError(Code.NUMBER, "standalone prices must be positive")
    return [[part / 10**places] for part in share_out(_minor(price, "price", places), weights)]
