"""One cell: the value that stands in it, or the reason why it cannot be taken as one. Nothing is guessed at.

Cells come as a workbook's types (float, date, bool, text) or as text alone; `Unreadable` says what is wrong and what
to do.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction

from engine.book.currencies import DECIMALS
from engine.book.numerals import NumberStyle, Reading, read_numeral

FIRST_DAY, LAST_DAY = dt.date(1900, 1, 1), dt.date(2199, 12, 31)
_EXACT = Context(prec=400)  # room for every digit a cell can hold
LARGEST = 2**53  # whole minor units that a spreadsheet's number still holds exactly
_UNSEEN = "\u200b\u200c\u200d\u2060\ufeff"  # zero-width characters, which travel with copied text
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T]0{1,2}:00(?::00(?:\.0+)?)?)?")
_ISO_WITH_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[ T]\d{1,2}:\d{2}.*")
_TWO_DAYS = re.compile(r"\d{1,2}[./ -]\d{1,2}[./ -]\d{2,4}")
_ERROR_TEXT = re.compile(r"#(?:N/?[AV]|[A-ZÀ-Ý][A-ZÀ-Ý0-9/]*[!?])")  # as spreadsheets write them to CSV files
_YES, _NO = ("yes", "y", "true", "1"), ("no", "n", "false", "0")


class Unreadable(Exception):
    """A cell that cannot be taken: `name` of the rule, and `remedy`: why it matters and what to do."""

    def __init__(self, name: str, remedy: str) -> None:
        super().__init__(name)
        self.name, self.remedy = name, remedy


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell without a value of its own: an error like #N/A, or a formula that was never calculated."""

    text: str
    calculated: bool = True


@dataclass(frozen=True, slots=True)
class Manner:
    """How the cells of one file are written: its first day, and how its text spells numbers."""

    from_1904: bool = False
    numbers: NumberStyle = NumberStyle.POINT


def trimmed(text: str) -> str:
    """Text without blanks at its ends, of whatever kind."""
    text = text.strip()
    return text if text.isascii() else text.strip(_UNSEEN).strip().strip(_UNSEEN)


def is_blank(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and not trimmed(cell))


def shown(cell: object) -> str:
    """A cell as a message or a text column shows it."""
    if isinstance(cell, str):
        return trimmed(cell)
    if isinstance(cell, Fault):
        return cell.text
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return _plain(cell)
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date().isoformat()
    return "" if cell is None else str(cell)


def _plain(number: float) -> str:
    if not math.isfinite(number):
        return str(number)
    if number == int(number) and abs(number) < 1e15:
        return str(int(number))
    return format(Decimal(format(number, ".15g")), "f")


def _no_fault(cell: object) -> None:
    is_error_text = isinstance(cell, str) and "#" in cell and _ERROR_TEXT.fullmatch(trimmed(cell))
    if not isinstance(cell, Fault) and not is_error_text:
        return
    if is_error_text or (isinstance(cell, Fault) and cell.calculated):
        raise Unreadable("error-cell", "An error has no value. Correct the formula or type the value.")
    raise Unreadable(
        "formula-without-value",
        "The file holds no result for this formula. Open it in Excel or LibreOffice, let it calculate, and save it.",
    )


# ---- ids, text and words


def read_text(cell: object, manner: Manner) -> str | None:
    """Text as it is; numbers and dates as they read."""
    return shown(cell) or None


def read_known_text(cell: object, manner: Manner) -> str | None:
    """Text of a column the book knows: an error is not taken for text."""
    _no_fault(cell)
    return shown(cell) or None


def read_id(cell: object, manner: Manner) -> str | None:
    """An id, exactly as typed; a numeric cell is the id of its digits."""
    _no_fault(cell)
    if isinstance(cell, bool | dt.date | dt.time | dt.timedelta):
        was = "a yes/no value" if isinstance(cell, bool) else "a date or time"
        raise Unreadable(
            "not-an-id",
            f"The spreadsheet made {was} of it. Format the cell as text and type the id again.",
        )
    if isinstance(cell, float) and not math.isfinite(cell):
        raise Unreadable("not-an-id", "Type the id as text.")
    if isinstance(cell, int | float) and abs(cell) >= 1e15:
        raise Unreadable(
            "not-an-id",
            "A spreadsheet keeps 15 digits of a number, so the last ones may be lost. Format the cell as text and type "
            "it again.",
        )
    return shown(cell) or None


def fold(word: str) -> str:
    """A word as it is compared: without regard to case, blanks, hyphens, slashes and underscores alike."""
    return re.sub(r"[\s_/-]+", "_", word.casefold())


def read_word(cell: object, allowed: dict[str, str]) -> str | None:
    """A word of a list; `allowed` maps its folded form to it."""
    _no_fault(cell)
    text = shown(cell)
    if not text:
        return None
    word = allowed.get(fold(text))
    if word is None:
        raise Unreadable("unknown-word", f"Use one of: {', '.join(dict.fromkeys(allowed.values()))}.")
    return word


def read_free_word(cell: object, manner: Manner) -> str | None:
    """A word of the user's own, whatever its case."""
    text = read_known_text(cell, manner)
    return text.casefold() if text else None


def read_currency(cell: object, manner: Manner) -> str | None:
    """An ISO 4217 code."""
    _no_fault(cell)
    code = shown(cell).upper()
    if code and code not in DECIMALS:
        raise Unreadable("unknown-currency", "Use the three letters of ISO 4217, as USD, EUR or JPY.")
    return code or None


def read_yes_no(cell: object, manner: Manner) -> bool | None:
    _no_fault(cell)
    if isinstance(cell, bool):
        return cell
    text = shown(cell).casefold()
    if text in _YES or text in _NO:
        return text in _YES
    if text:
        raise Unreadable("not-yes-or-no", "Use yes or no.")
    return None


# ---- dates


def read_day(cell: object, manner: Manner) -> dt.date | None:
    """A calendar date: a date cell, the serial number behind one, or ISO text."""
    _no_fault(cell)
    if isinstance(cell, dt.datetime):
        if cell.time() != dt.time():
            raise Unreadable(
                "time-of-day",
                "Dates are calendar dates, and at that time it may be another day elsewhere. Remove the time.",
            )
        day = cell.date()
    elif isinstance(cell, dt.date):
        day = cell
    elif isinstance(cell, int | float) and not isinstance(cell, bool):
        day = _day_of_serial(float(cell), manner)
    elif is_blank(cell):
        return None
    elif isinstance(cell, str):
        day = _day_of_text(trimmed(cell))
    else:
        raise Unreadable("not-a-date", "Write dates as 2026-01-31.")
    if not FIRST_DAY <= day <= LAST_DAY:
        raise Unreadable("date-out-of-range", "A book holds dates from 1900 to 2199. Correct the year.")
    return day


def _day_of_serial(serial: float, manner: Manner) -> dt.date:
    if not math.isfinite(serial):
        raise Unreadable("not-a-date", "Write dates as 2026-01-31.")
    if serial == int(serial) and 1900 <= serial <= 2199:
        raise Unreadable("ambiguous-date", "It looks like a year. Write the day as 2026-01-31.")
    if not 0 <= serial < 200_000:
        raise Unreadable("date-out-of-range", "As a date it lies outside 1900 to 2199. Write it as 2026-01-31.")
    if serial != int(serial):
        raise Unreadable(
            "time-of-day",
            "Dates are calendar dates, and at that time it may be another day elsewhere. Remove the time.",
        )
    days = int(serial)
    if manner.from_1904:
        return dt.date(1904, 1, 1) + dt.timedelta(days)
    if days == 60:
        raise Unreadable("not-a-date", "Excel counts a 29 February 1900, which never was. Write the day as 1900-03-01.")
    return dt.date(1899, 12, 31 if days < 60 else 30) + dt.timedelta(days)


def _day_of_text(text: str) -> dt.date:
    found = _ISO.fullmatch(text)
    if found:
        try:
            return dt.date(int(found[1]), int(found[2]), int(found[3]))
        except ValueError:
            raise Unreadable("not-a-date", "There is no such day. Write a day of the calendar as 2026-01-31.") from None
    if _ISO_WITH_TIME.fullmatch(text):
        raise Unreadable(
            "time-of-day",
            "Dates are calendar dates, and at that time it may be another day elsewhere. Remove the time.",
        )
    if _TWO_DAYS.fullmatch(text):
        raise Unreadable(
            "ambiguous-date",
            "Day and month, or month and day? Write dates as 2026-01-31, or use a date cell of the workbook.",
        )
    raise Unreadable("not-a-date", "Write dates as 2026-01-31, or use a date cell of the workbook.")


# ---- numbers


def read_decimal(cell: object, manner: Manner, decimals: int | None = None) -> Decimal | None:
    """The number in a cell, exactly as a person reads it; a spreadsheet's number by its 15 significant digits.

    decimals  the most decimals a number of this column can have, if there is such a limit: it tells 1,234 from 1.234
    """
    _no_fault(cell)
    if isinstance(cell, float):
        if not math.isfinite(cell):
            raise Unreadable("not-a-number", "Type a number.")
        return Decimal(format(cell, ".15g"))
    if isinstance(cell, bool) or not isinstance(cell, int | Decimal | str | None):
        raise Unreadable("not-a-number", "Type a number; a date, time or yes/no value is none.")
    if isinstance(cell, Decimal) and not cell.is_finite():
        raise Unreadable("not-a-number", "Type a number.")
    if isinstance(cell, int | Decimal):
        return Decimal(cell)
    if cell is None or is_blank(cell):
        return None
    reading, number = read_numeral(trimmed(cell), manner.numbers, decimals)
    if reading is Reading.TWO_WAYS:
        raise Unreadable(
            "ambiguous-number", "Is the separator one of thousands or of decimals? Write plain decimals, as 1234.50."
        )
    if reading is Reading.DECIMAL_COMMA:
        raise Unreadable("not-a-number", "Write decimals with a point and without separators of thousands, as 1234.50.")
    if number is None:
        raise Unreadable("not-a-number", "Write plain digits, as 1234.50, without currency or other words.")
    return number


def read_money(cell: object, manner: Manner, decimals: int) -> int | None:
    """Money in whole minor units of a currency with that many decimals."""
    number = read_decimal(cell, manner, decimals)
    if number is None:
        return None
    if number and (number.adjusted() > 20 or (isinstance(cell, float) and abs(cell) * 10**decimals >= LARGEST)):
        raise _too_large()
    minor = _EXACT.scaleb(number, decimals)
    if minor != minor.to_integral_value():
        has = f"{decimals} decimals" if decimals else "no decimals"
        raise Unreadable(
            "too-many-decimals",
            f"The currency has {has}; half a cent is never earned or owed. Round the amount, as by ROUND().",
        )
    if abs(minor) > LARGEST:
        raise _too_large()
    return int(minor)


def _too_large() -> Unreadable:
    return Unreadable(
        "number-too-large",
        "Beyond 9,007,199,254,740,992 cents a spreadsheet's number is no longer exact. Split the row, or correct it.",
    )


def read_number(cell: object, manner: Manner) -> Fraction | None:
    """A quantity, rate or other number, exactly."""
    number = read_decimal(cell, manner)
    if number is None:
        return None
    if number and not -20 <= number.adjusted() <= 15:
        raise Unreadable(
            "number-too-large",
            "A number has at most 15 digits before the point and 20 after it. Correct it.",
        )
    return Fraction(number)


def read_percent(cell: object, manner: Manner) -> Fraction | None:
    """A percentage, 15 for 15 %; text may carry the sign."""
    if isinstance(cell, str) and trimmed(cell).endswith("%"):
        return read_number(trimmed(cell)[:-1], manner)
    return read_number(cell, manner)


def read_fraction(cell: object, manner: Manner) -> Fraction | None:
    """A rate as a fraction, 0.06 for 6 %; text may say 6%."""
    percent = isinstance(cell, str) and trimmed(cell).endswith("%")
    number = read_percent(cell, manner)
    return number / 100 if percent and number is not None else number
