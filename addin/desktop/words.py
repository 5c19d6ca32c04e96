"""The words and numbers of the window, the same on every system: money, days, headings, where a problem stands."""

from __future__ import annotations

import re
import sys
from datetime import date
from pathlib import Path

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_HEADINGS = {
    "contracted": "Contracted", "before": "Earlier", "thereafter": "Thereafter", "contract": "Contract",
    "customer": "Customer", "product": "Product", "cohort": "Signed in",
}  # fmt: skip
_MONTH = re.compile(r"(\d{4})-(\d{2})( rest)?")
_CELL = re.compile(r"(?P<sheet>[A-Za-z][A-Za-z ]*)!\$?(?P<cell>[A-Z]{1,3}\$?\d+)")
PRIVACY = "Works offline: nothing leaves this machine."


def money(minor: int, decimals: int) -> str:
    """Whole minor units as accountants write them: 1,234.50, (1,234.50), a dash for nothing."""
    if not minor:
        return "–"
    whole, part = divmod(abs(minor), 10**decimals)
    text = f"{whole:,}.{part:0{decimals}d}" if decimals else f"{whole:,}"
    return f"({text})" if minor < 0 else text


def rounded(minor: float, decimals: int) -> str:
    """About as much, for the axis of a chart: 1.5m."""
    amount = minor / 10**decimals
    for letter, size in (("bn", 1e9), ("m", 1e6), ("k", 1e3)):
        if abs(amount) >= size:
            return f"{amount / size:,.4g}{letter}"
    return f"{amount:,.4g}"


def day(moment: date) -> str:
    """31 March 2026."""
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def moment_name(moment: date, calendar: str) -> str:
    """March 2026 for the close of a calendar month, else the day."""
    if calendar == "month" and date.fromordinal(moment.toordinal() + 1).day == 1:
        return f"{_MONTHS[moment.month - 1]} {moment.year}"
    return day(moment)


def heading(name: str, calendar: str = "month", measure: str = "recognized") -> str:
    """The heading of a column of the waterfall: Mar 2026, Contracted. Periods of weeks keep their label, for they are
    no months."""
    if found := _MONTH.fullmatch(name):
        rest = " (rest)" if found[3] else ""
        is_month = calendar == "month" and 1 <= int(found[2]) <= 12
        return f"{_MONTHS[int(found[2]) - 1][:3]} {found[1]}{rest}" if is_month else name
    if measure == "balance" and name == "before":
        return "Opening"
    return _HEADINGS.get(name) or name.replace("_", " ").capitalize()


def short(folder: Path) -> str:
    """A folder as people off Windows write it: ~ for their own."""
    home = Path.home()
    if sys.platform != "win32" and folder.is_relative_to(home):
        return str(Path("~") / folder.relative_to(home))
    return str(folder)


def count(number: int, what: str) -> str:
    """1 check, 3 checks, 12,000 checks."""
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def cell_of(where: str) -> tuple[str, str] | None:
    """Sheet and cell of the first place a problem names; None if it names none in a workbook."""
    found = _CELL.search(where)
    return (found["sheet"], found["cell"].replace("$", "")) if found else None
