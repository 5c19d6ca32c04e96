"""Cells of text read as words, dates, numbers and amounts of money."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

NO_DECIMALS = {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV"}
NO_DECIMALS |= {"XAF", "XOF", "XPF"}
THREE_DECIMALS = {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"}
FOUR_DECIMALS = {"CLF", "UYW"}


def decimals_of(currency: str) -> int:
    """Decimals of the minor unit."""
    if currency in NO_DECIMALS:
        return 0
    if currency in THREE_DECIMALS:
        return 3
    return 4 if currency in FOUR_DECIMALS else 2


def in_currency_units(minor: int, currency: str) -> Decimal:
    """Whole minor units as a decimal in currency units."""
    return Decimal(minor).scaleb(-decimals_of(currency))


def as_cell(minor: int, currency: str) -> str:
    """Whole minor units as a cell of a table: a plain decimal."""
    return f"{in_currency_units(minor, currency):f}"


def text(row: Mapping[str, Any], column: str) -> str:
    """A trimmed cell, empty where there is none."""
    value = row.get(column)
    return "" if value is None else str(value).strip()


def word(row: Mapping[str, Any], column: str, default: str = "") -> str:
    """A word; words compare without regard to case."""
    return text(row, column).lower() or default


def day(row: Mapping[str, Any], column: str) -> date | None:
    """A date, or None where the cell is blank."""
    cell = text(row, column)
    return date.fromisoformat(cell) if cell else None


def required_day(row: Mapping[str, Any], column: str) -> date:
    """A date that must be there."""
    return date.fromisoformat(text(row, column))


def number(row: Mapping[str, Any], column: str) -> Fraction | None:
    """A number, or None where the cell is blank."""
    cell = text(row, column)
    return Fraction(cell) if cell else None


def minor(row: Mapping[str, Any], column: str, currency: str) -> Fraction | None:
    """An amount of money in minor units (a unit price may have parts of one)."""
    amount = number(row, column)
    return None if amount is None else amount * 10 ** decimals_of(currency)


def whole(row: Mapping[str, Any], column: str, currency: str) -> int:
    """An amount of money in whole minor units."""
    amount = minor(row, column, currency)
    if amount is None or amount.denominator != 1:
        raise ValueError(f"{column} is not an amount of {currency}: {row}")
    return amount.numerator


def whole_or_none(row: Mapping[str, Any], column: str, currency: str) -> int | None:
    """The same, or None where the cell is blank."""
    return whole(row, column, currency) if text(row, column) else None
