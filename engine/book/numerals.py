"""Numbers written as text: which of them can only mean one thing.

A point is the decimal sign and commas, blanks or apostrophes group thousands: `1,234.50`, `1 234.50`, `12,34,567.00`.
Signs stand before or after, or as an accountant's parentheses. A file separated by semicolons or tabs may come from a
country that writes `1.234,50`; there both ways are tried, and a number that reads in both (`1.234`) is refused.
Elsewhere a decimal comma is refused, because the next cell - `1.234` for 1,234 - could not be told from a decimal.
"""

from __future__ import annotations

import re
from decimal import Decimal
from enum import Enum, auto


class NumberStyle(Enum):
    """How the text of a file may spell decimals."""

    POINT = auto()
    EITHER = auto()


class Reading(Enum):
    """What came of reading a numeral."""

    ONE_WAY = auto()
    TWO_WAYS = auto()
    DECIMAL_COMMA = auto()
    NOT_A_NUMBER = auto()


_PLAIN = re.compile(r"-?[0-9]{1,40}(?:\.[0-9]{1,40})?")
_BLANK_GROUPS = re.compile(r"[0-9]{1,3}(?:([ \u00a0\u2009\u202f'’])[0-9]{3})(?:\1[0-9]{3})*(?![0-9])")
_POINT_DECIMALS = re.compile(
    r"(?:[0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3})(?:\.[0-9]*)?|\.[0-9]+"
)
_COMMA_DECIMALS = re.compile(r"(?:[0-9]+|[1-9][0-9]{0,2}(?:\.[0-9]{3})+)(?:,[0-9]*)?|,[0-9]+")


def read_numeral(text: str, style: NumberStyle, decimals: int | None = None) -> tuple[Reading, Decimal | None]:
    """The one number that `text` can mean.

    decimals  the most decimals a number here can have; with fewer than three `1,234` can only be thousands
    """
    if style is NumberStyle.POINT and _PLAIN.fullmatch(text):
        return Reading.ONE_WAY, Decimal(text)
    negative, body = _sign(text)
    body = _without_blank_groups(body)
    if len(body) > 80:
        return Reading.NOT_A_NUMBER, None
    by_point = Decimal(body.replace(",", "")) if _POINT_DECIMALS.fullmatch(body) else None
    by_comma = Decimal(body.replace(".", "").replace(",", ".")) if _COMMA_DECIMALS.fullmatch(body) else None
    reading, number = _choose(body, by_point, by_comma, style, decimals)
    return reading, number.copy_negate() if number is not None and negative else number


def _choose(
    body: str, by_point: Decimal | None, by_comma: Decimal | None, style: NumberStyle, decimals: int | None
) -> tuple[Reading, Decimal | None]:
    if by_point is None and by_comma is None:
        return Reading.NOT_A_NUMBER, None
    if style is NumberStyle.EITHER:
        if by_point is not None and by_comma is not None and by_point != by_comma:
            return Reading.TWO_WAYS, None
        return Reading.ONE_WAY, by_point if by_point is not None else by_comma
    if by_point is None:
        return Reading.DECIMAL_COMMA, None
    # The decimal point is the rule, so only a comma can be doubtful: 1,234 where three decimals are possible.
    if by_comma is not None and "," in body and by_comma != by_point and (decimals is None or decimals > 2):
        return Reading.TWO_WAYS, None
    return Reading.ONE_WAY, by_point


def _sign(text: str) -> tuple[bool, str]:
    """Is it negative, and what is left without the sign; two signs leave something that is no number."""
    text = text.replace("\u2212", "-")
    if text.startswith("(") and text.endswith(")"):
        return True, text[1:-1].strip()
    if text[:1] in ("-", "+"):
        return text[0] == "-", text[1:].lstrip()
    if text.endswith("-"):
        return True, text[:-1].rstrip()
    return False, text


def _without_blank_groups(body: str) -> str:
    """Without the blanks or apostrophes that group thousands by threes."""
    found = _BLANK_GROUPS.match(body)
    if not found or not found[1]:
        return body
    rest = body[found.end() :]
    # A blank grouping leaves no room for another one, only for decimals.
    decimals_only = rest[:1] in ("", ".", ",") and rest.count(",") + rest.count(".") < 2
    return found[0].replace(found[1], "") + rest if decimals_only else ""
