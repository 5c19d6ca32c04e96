"""Cells: what is taken for a number, a date, an id or a word, and what is refused rather than guessed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.book import cells
from engine.book.cells import Fault, Manner, Unreadable
from engine.book.columns import read_money_column
from engine.book.currencies import DECIMALS
from engine.book.numerals import NumberStyle

POINT, EITHER, FROM_1904 = Manner(), Manner(numbers=NumberStyle.EITHER), Manner(from_1904=True)


def refusal(read: object, *arguments: object) -> str:
    with pytest.raises(Unreadable) as refused:
        read(*arguments)  # type: ignore[operator]
    assert refused.value.remedy.endswith(".")
    return refused.value.name


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("1234.50", 123450), (" 1234.5\u00a0", 123450), ("1,234.50", 123450), ("(1,234.50)", -123450),
        ("-1,234.50", -123450),
        ("1,234.50-", -123450), ("+7", 700), ("\u22127", -700), ("1,234", 123400), ("12,34,567.00", 123456700),
        (".5", 50),
        ("1 234.50", 123450), ("1\u202f234\u202f567", 123456700), ("1'234.50", 123450), ("0", 0), ("-0.00", 0),
        ("5.", 500),
        ("1234.500", 123450), ("00012", 1200), ("\u200b12\ufeff", 1200), ("", None), ("   ", None), (None, None),
        (1234.5, 123450), (1234.5600000000001, 123456), (0.1 + 0.2, 30), (1e2, 10000), (12, 1200),
        (Decimal("1.10"), 110),
        (-0.0, 0), (90071992547409.0, 9007199254740900),
    ],
)  # fmt: skip
def test_an_amount_that_can_mean_one_thing_is_taken(text: object, minor: int | None) -> None:
    assert cells.read_money(text, POINT, 2) == minor


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("12oo", "not-a-number"), ("1.234,56", "not-a-number"), ("1,5", "not-a-number"), ("12,34", "not-a-number"),
        ("1,23,4567", "not-a-number"), ("1..2", "not-a-number"), ("--1", "not-a-number"), ("(-1)", "not-a-number"),
        ("-(1)", "not-a-number"), ("1 2", "not-a-number"), ("1 234 5", "not-a-number"), ("$5", "not-a-number"),
        ("5 USD", "not-a-number"), ("1e3", "not-a-number"), ("1E+15", "not-a-number"), ("NaN", "not-a-number"),
        ("Infinity", "not-a-number"), ("-inf", "not-a-number"), ("0x10", "not-a-number"), ("١٢", "not-a-number"),
        ("1_000", "not-a-number"), ("5%", "not-a-number"), ("-", "not-a-number"), ("()", "not-a-number"),
        (",", "not-a-number"),
        ("9" * 200, "not-a-number"), (True, "not-a-number"), (dt.date(2026, 1, 1), "not-a-number"),
        (dt.time(1), "not-a-number"), (dt.timedelta(1), "not-a-number"), (float("nan"), "not-a-number"),
        (float("inf"), "not-a-number"), (Decimal("NaN"), "not-a-number"), (10**400, "number-too-large"),
        (1e300, "number-too-large"), (90071992547410.0, "number-too-large"), ("90071992547409.93", "number-too-large"),
        (10.005, "too-many-decimals"), ("10.005", "too-many-decimals"), (1 / 3, "too-many-decimals"),
        ("0." + "0" * 39 + "1", "too-many-decimals"), (Fault("#N/A"), "error-cell"),
        (Fault("a formula", calculated=False), "formula-without-value"),
    ],
)  # fmt: skip
def test_an_amount_is_never_guessed(text: object, name: str) -> None:
    assert refusal(cells.read_money, text, POINT, 2) == name


def test_thousands_and_three_decimals_are_told_apart_by_the_currency_or_not_at_all() -> None:
    assert cells.read_money("1,234", POINT, 0) == 1234
    assert refusal(cells.read_money, "1,234", POINT, 3) == "ambiguous-number"
    assert refusal(cells.read_number, "1,234", POINT) == "ambiguous-number"
    assert cells.read_number("1,234.0", POINT) == 1234
    assert cells.read_number("1,234,567", POINT) == 1234567
    assert cells.read_money("1.234", POINT, 3) == 1234
    assert refusal(cells.read_money, "1.5", POINT, 0) == "too-many-decimals"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1234,5", "1234.5"), ("1.234,56", "1234.56"), ("1,234.56", "1234.56"), ("1234.5", "1234.5"),
        ("1.234.567", "1234567"),
        ("1,50", "1.5"), ("1.50", "1.5"), ("0,125", "0.125"), ("0.125", "0.125"), ("1234.567", "1234.567"),
        ("12", "12"),
        ("1 234,5", "1234.5"), ("(7,5)", "-7.5"),
    ],
)  # fmt: skip
def test_a_file_with_semicolons_may_write_decimal_commas(text: str, number: str) -> None:
    assert cells.read_number(text, EITHER) == Fraction(number)


@pytest.mark.parametrize("text", ["1.234", "1,234", "-12.345", "999,000"])
def test_a_file_with_semicolons_leaves_one_and_a_thousand_open(text: str) -> None:
    assert refusal(cells.read_number, text, EITHER) == "ambiguous-number"
    assert refusal(cells.read_money, text, EITHER, 2) == "ambiguous-number"


@given(st.integers(-(10**13), 10**13), st.sampled_from([0, 2, 3, 4]))
def test_a_number_cell_gives_back_the_minor_units_it_was_made_of(minor: int, decimals: int) -> None:
    amount = minor / 10**decimals
    assert read_money_column([amount, ""], POINT, decimals) == ([minor, None], [])
    assert cells.read_money(amount, POINT, decimals) == minor


@given(st.integers(-(2**53), 2**53), st.sampled_from([0, 2, 3, 4]))
def test_text_of_an_amount_gives_back_its_minor_units(minor: int, decimals: int) -> None:
    text = format(Decimal(minor).scaleb(-decimals), "f")
    assert read_money_column([text], POINT, [decimals]) == ([minor], [])


@given(st.floats() | st.text(max_size=12) | st.text("0123456789.,-() ", max_size=12))
def test_fast_and_slow_reading_of_amounts_agree(cell: float | str) -> None:
    values, failures = read_money_column([cell, 1.0], POINT, 2)
    try:
        assert values[0] == cells.read_money(cell, POINT, 2) and not failures
    except Unreadable as reason:
        assert values[0] is None and [(row, failure.name) for row, failure in failures] == [(0, reason.name)]


@pytest.mark.parametrize(
    ("cell", "number"),
    [("15%", 15), (15.0, 15), ("0.5", Fraction(1, 2)), (0.15, Fraction(15, 100)), ("15 %", 15), (None, None)],
)
def test_a_percent_is_fifteen_for_fifteen_percent(cell: object, number: object) -> None:
    assert cells.read_percent(cell, POINT) == number


def test_a_yearly_rate_is_a_fraction_and_may_be_written_with_the_sign() -> None:
    assert cells.read_fraction("6%", POINT) == cells.read_fraction(0.06, POINT) == Fraction(6, 100)
    assert cells.read_fraction("", POINT) is None


@pytest.mark.parametrize("cell", [1e16, 10**400, "1" * 30, 1e-30, Decimal("1e-25")])
def test_a_number_beyond_all_use_is_refused(cell: object) -> None:
    assert refusal(cells.read_number, cell, POINT) == "number-too-large"


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        (dt.date(2026, 1, 31), dt.date(2026, 1, 31)), (dt.datetime(2026, 1, 31), dt.date(2026, 1, 31)),
        ("2026-01-31", dt.date(2026, 1, 31)), (" 2026-01-31 00:00:00 ", dt.date(2026, 1, 31)),
        ("2026-01-31T00:00", dt.date(2026, 1, 31)), ("2026-01-31T00:00:00.000", dt.date(2026, 1, 31)),
        (46053.0, dt.date(2026, 1, 31)), (46053, dt.date(2026, 1, 31)), (1.0, dt.date(1900, 1, 1)),
        (59.0, dt.date(1900, 2, 28)),
        (61.0, dt.date(1900, 3, 1)), ("", None), (None, None), ("1900-01-01", dt.date(1900, 1, 1)),
        ("2199-12-31", dt.date(2199, 12, 31)), ("2024-02-29", dt.date(2024, 2, 29)),
    ],
)  # fmt: skip
def test_a_date_that_can_be_one_day_is_taken(cell: object, day: dt.date | None) -> None:
    assert cells.read_day(cell, POINT) == day


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("03/04/2026", "ambiguous-date"), ("3.4.26", "ambiguous-date"), ("31-12-2026", "ambiguous-date"),
        (2026.0, "ambiguous-date"), (2026, "ambiguous-date"), ("2026-02-30", "not-a-date"),
        ("2026-13-01", "not-a-date"),
        ("2026-1-5", "not-a-date"), ("20260131", "not-a-date"), ("2026-01", "not-a-date"),
        ("31 Jan 2026", "not-a-date"),
        ("46053", "not-a-date"), ("2026-01-31Z", "not-a-date"), (60.0, "not-a-date"), (True, "not-a-date"),
        (dt.time(10), "not-a-date"), (dt.timedelta(1), "not-a-date"), (float("nan"), "not-a-date"),
        ("2026-01-31 10:30", "time-of-day"), ("2026-01-31T23:59:59", "time-of-day"), (46053.5, "time-of-day"),
        (dt.datetime(2026, 1, 31, 0, 0, 1), "time-of-day"), ("1899-12-31", "date-out-of-range"),
        ("2200-01-01", "date-out-of-range"), ("9999-12-31", "date-out-of-range"),
        (dt.date(1899, 12, 31), "date-out-of-range"),
        (20260131.0, "date-out-of-range"), (-1.0, "date-out-of-range"), (0.0, "date-out-of-range"),
        (Fault("#REF!"), "error-cell"),
    ],
)  # fmt: skip
def test_a_date_is_never_guessed(cell: object, name: str) -> None:
    assert refusal(cells.read_day, cell, POINT) == name


def test_a_workbook_of_1904_counts_from_1904() -> None:
    assert cells.read_day(44591.0, FROM_1904) == dt.date(2026, 1, 31)
    assert cells.read_day(60.0, FROM_1904) == dt.date(1904, 3, 1)


@pytest.mark.parametrize(
    ("cell", "id"),
    [
        ("00123", "00123"), (123.0, "123"), (123, "123"), (12.5, "12.5"), (" C 1 ", "C 1"), ("\u00a0C1\u200b", "C1"),
        ("", None),
        ("c1", "c1"), (Decimal("7"), "7"), (-3.0, "-3"),
    ],
)  # fmt: skip
def test_an_id_is_kept_as_typed(cell: object, id: str | None) -> None:
    assert cells.read_id(cell, POINT) == id


@pytest.mark.parametrize("cell", [True, dt.date(2026, 3, 1), dt.time(1), dt.timedelta(1), 1e15, float("inf")])
def test_an_id_the_spreadsheet_made_something_else_of_is_refused(cell: object) -> None:
    assert refusal(cells.read_id, cell, POINT) == "not-an-id"


@pytest.mark.parametrize("cell", [True, "yes", "Y", "TRUE", 1.0, "1", " Yes "])
def test_yes(cell: object) -> None:
    assert cells.read_yes_no(cell, POINT) is True


@pytest.mark.parametrize("cell", [False, "no", "N", "False", 0.0, "0"])
def test_no(cell: object) -> None:
    assert cells.read_yes_no(cell, POINT) is False


def test_neither_yes_nor_no() -> None:
    assert cells.read_yes_no("", POINT) is None
    assert refusal(cells.read_yes_no, 2.0, POINT) == "not-yes-or-no"


@pytest.mark.parametrize("cell", ["point in time", "POINT_IN_TIME", "Point-in-time", " point  in time "])
def test_words_compare_without_regard_to_case_blanks_and_hyphens(cell: str) -> None:
    assert cells.read_word(cell, {"point_in_time": "point_in_time"}) == "point_in_time"


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (dt.date(2026, 1, 31), "2026-01-31"), (dt.datetime(2026, 1, 31), "2026-01-31"), (7.0, "7"), (0.1, "0.1"),
        (True, "TRUE"),
        (False, "FALSE"), (1e20, "100000000000000000000"), (float("nan"), "nan"), (Fault("#N/A"), "#N/A"),
        (None, None), (" ", None),
    ],
)  # fmt: skip
def test_a_further_column_is_text(cell: object, text: str | None) -> None:
    assert cells.read_text(cell, POINT) == text


def test_the_currencies_are_those_of_iso_4217() -> None:
    assert len(DECIMALS) > 150 and all(len(code) == 3 and code.isupper() for code in DECIMALS)
    assert (DECIMALS["USD"], DECIMALS["JPY"], DECIMALS["KWD"]) == (2, 0, 3)
