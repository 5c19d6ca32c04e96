"""A whole column at once: cells to typed values, with a fast path for what well-kept books hold.

Each reader answers the values (None where blank or unreadable) and the rows it could not read, with the reason.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, cast

from engine.book import cells as cell
from engine.book.catalogue import Column
from engine.book.cells import Manner, Unreadable
from engine.book.field import Kind

Failures = list[tuple[int, Unreadable]]
Values = tuple[list[Any], Failures]
Reader = Callable[[object], Any]


def read_column(column: Column, found: Sequence[object], manner: Manner) -> Values:
    """The cells of any column but money, typed."""
    if column.kind in (Kind.ID, Kind.TEXT):
        return _read_texts(column, found, manner)
    if column.kind is Kind.DAY:
        return _read_days(found, manner)
    return _one_by_one(_reader(column, manner), found)


def read_further_column(found: Sequence[object], manner: Manner) -> list[str | None]:
    """A column the book does not know, as text."""
    texts, _ = _one_by_one(partial(cell.read_text, manner=manner), found)
    return texts


def read_money_column(found: Sequence[object], manner: Manner, decimals: int | list[int]) -> Values:
    """Amounts in whole minor units; `decimals` of each row's currency, or of all."""
    types = set(map(type, found))
    if types == {float} or types == {float, str}:
        return _read_float_amounts(found, manner, decimals)
    if isinstance(decimals, int):
        return _one_by_one(partial(cell.read_money, manner=manner, decimals=decimals), found)
    return _row_by_row([partial(cell.read_money, manner=manner, decimals=each) for each in decimals], found)


def _read_float_amounts(found: Sequence[Any], manner: Manner, decimals: int | list[int]) -> Values:
    """A spreadsheet's numbers: exact whenever the nearest minor units give the same number back."""
    scales = [10**each for each in decimals] if isinstance(decimals, list) else [10**decimals] * len(found)
    values: list[Any] = [None] * len(found)
    failures: Failures = []
    limit = float(cell.LARGEST)
    for row, (number, scale) in enumerate(zip(found, scales, strict=True)):
        if number.__class__ is float and abs(scaled := number * scale) < limit:
            minor = round(scaled)
            if minor / scale == number:
                values[row] = minor
                continue
        if number != "":
            each = decimals[row] if isinstance(decimals, list) else decimals
            _take(partial(cell.read_money, manner=manner, decimals=each), number, row, values, failures)
    return values, failures


def _read_texts(column: Column, found: Sequence[object], manner: Manner) -> Values:
    if set(map(type, found)) == {str}:
        texts = cast(Sequence[str], found)
        every = "".join(texts)
        if "#" not in every:
            return [(text.strip() if every.isascii() else cell.trimmed(text)) or None for text in texts], []
    return _one_by_one(_reader(column, manner), found)


def _read_days(found: Sequence[Any], manner: Manner) -> Values:
    types = set(map(type, found))
    if types == {dt.date} and min(found) >= cell.FIRST_DAY and max(found) <= cell.LAST_DAY:
        return list(found), []
    return _one_by_one(partial(cell.read_day, manner=manner), found)


def _reader(column: Column, manner: Manner) -> Reader:
    if column.allowed and column.kind is Kind.WORD:
        return partial(cell.read_word, allowed={cell.fold(word): word for word in column.allowed})
    if column.kind in (Kind.NUMBER, Kind.WHOLE, Kind.PERCENT):
        number = cell.read_percent if column.kind is Kind.PERCENT else cell.read_number
        if column.unit.startswith("fraction"):
            number = cell.read_fraction
        return partial(_within_limits, column, number, manner)
    readers: dict[Kind, Callable[[object, Manner], Any]] = {
        Kind.WORD: cell.read_free_word,
        Kind.CURRENCY: cell.read_currency,
        Kind.YES_NO: cell.read_yes_no,
        Kind.ID: cell.read_id,
        Kind.TEXT: cell.read_known_text,
        Kind.DAY: cell.read_day,
    }
    read = readers[column.kind]
    return lambda found: read(found, manner)


def read_one(column: Column, found: object, manner: Manner) -> Any:
    """One cell of a column or setting; raises Unreadable."""
    return _reader(column, manner)(found)


def _within_limits(column: Column, reader: Callable[[object, Manner], Any], manner: Manner, found: object) -> Any:
    number = reader(found, manner)
    if number is not None:
        check_limits(column, number)
    return number


def check_limits(column: Column, number: Any) -> None:
    """Raises Unreadable if a number lies outside the limits of its column."""
    outside = (
        (column.above is not None and number <= column.above)
        or (column.at_least is not None and number < column.at_least)
        or (column.below is not None and number >= column.below)
        or (column.at_most is not None and number > column.at_most)
    )
    if outside:
        raise Unreadable("number-out-of-range", f"It must be {column.limits}.")


def _one_by_one(reader: Reader, found: Sequence[object]) -> Values:
    """Each different cell is read once; 1, 1.0 and TRUE differ."""
    read: dict[Any, Any] = {}
    failed: dict[Any, Unreadable] = {}
    plain = set(map(type, found)) == {str}
    keys = found if plain else [(each.__class__, each) for each in found]
    for key in set(keys):
        try:
            read[key] = reader(key if plain else key[1])  # type: ignore[index]
        except Unreadable as reason:
            read[key], failed[key] = None, reason
    values = [read[key] for key in keys]
    if not failed:
        return values, []
    return values, [(row, failed[key]) for row, key in enumerate(keys) if key in failed]


def _row_by_row(readers: Sequence[Reader], found: Sequence[object]) -> Values:
    values: list[Any] = [None] * len(found)
    failures: Failures = []
    for row, (reader, each) in enumerate(zip(readers, found, strict=True)):
        _take(reader, each, row, values, failures)
    return values, failures


def _take(reader: Reader, found: object, row: int, values: list[Any], failures: Failures) -> None:
    try:
        values[row] = reader(found)
    except Unreadable as reason:
        failures.append((row, reason))
