"""Periods: months, fiscal years, 4-4-5 calendars and their labels."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from engine.schedule.calendar import add_months, calendar, end_of_months, whole_months


def test_a_month_end_stays_a_month_end() -> None:
    assert add_months(date(2027, 2, 28), 12) == date(2028, 2, 29)
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2026, 4, 30), 1) == date(2026, 5, 31)
    assert add_months(date(2026, 1, 30), 1) == date(2026, 2, 28)
    assert add_months(date(2026, 3, 15), -2) == date(2026, 1, 15)


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (date(2026, 1, 1), date(2026, 12, 31), 12), (date(2026, 1, 15), date(2026, 2, 14), 1),
        (date(2026, 1, 31), date(2026, 2, 27), 1), (date(2026, 2, 28), date(2026, 3, 27), 1),
        (date(2026, 2, 28), date(2026, 3, 30), 1), (date(2026, 1, 1), date(2026, 1, 30), None),
        (date(2026, 1, 1), date(2026, 1, 1), None),
    ],
)  # fmt: skip
def test_whole_months_are_told_from_other_terms(start: date, end: date, months: int | None) -> None:
    assert whole_months(start, end) == months


def test_a_term_of_months_ends_the_day_before_it_would_begin_again() -> None:
    assert end_of_months(date(2026, 2, 15), 12) == date(2027, 2, 14)
    assert end_of_months(date(2026, 1, 31), 1) == date(2026, 2, 27)


@pytest.mark.parametrize(
    ("label", "first", "last"),
    [
        ("2026-03", date(2026, 3, 1), date(2026, 3, 31)), ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("FY2026", date(2026, 1, 1), date(2026, 12, 31)), ("fy2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-02-28", date(2026, 2, 28), date(2026, 2, 28)), (" 2026-q4 ", date(2026, 10, 1), date(2026, 12, 31)),
    ],
)  # fmt: skip
def test_labels_name_days_months_quarters_and_years(label: str, first: date, last: date) -> None:
    assert calendar().span(label) == (first, last)


def test_a_fiscal_year_bears_the_number_of_the_year_it_ends_in() -> None:
    april = calendar("month", 4)
    assert april.span("FY2026") == (date(2025, 4, 1), date(2026, 3, 31))
    assert april.span("2026-Q1") == (date(2025, 4, 1), date(2025, 6, 30))
    assert april.span("2026-03") == (date(2026, 3, 1), date(2026, 3, 31))
    assert april.label(april.fiscal_year_start_of(date(2026, 2, 1).toordinal())) == "2025-04"


@pytest.mark.parametrize(
    "label", ["2026-13", "2026-00", "March", "2026-Q5", "FY26", "31.03.2026", "", "2026-02-30", "FY9999"]
)
def test_other_words_are_refused_in_words(label: str) -> None:
    with pytest.raises(ValueError, match=r"neither a day|does not exist|outside the years"):
        calendar().span(label)


@pytest.mark.parametrize("kind", ["4-4-5", "4-5-4", "5-4-4"])
@pytest.mark.parametrize("start", [1, 2, 10])
@pytest.mark.parametrize("week_start", ["monday", "sunday"])
def test_week_calendars_have_years_of_whole_weeks_near_the_month(kind: str, start: int, week_start: str) -> None:
    weeks = calendar(kind, start, week_start)
    pattern = [int(n) * 7 for n in kind.split("-")]
    for year in range(2000, 2060):
        first, last = weeks.span(f"FY{year}")
        near = date(year - (start > 1), start, 1)
        assert abs((first - near).days) <= 3
        assert first.strftime("%A").lower() == week_start
        assert (last - first).days + 1 in (364, 371)
        assert weeks.span(f"FY{year + 1}").first == last + timedelta(1)
        lengths = [(s.last - s.first).days + 1 for s in (weeks.span(f"{year}-{month:02d}") for month in range(1, 13))]
        assert lengths[:11] == (pattern * 4)[:11]
        assert lengths[11] - pattern[2] in (0, 7)


def test_periods_of_days_are_those_that_hold_them() -> None:
    for of in (calendar(), calendar("4-4-5", 7)):
        for day in range(date(2023, 12, 1).toordinal(), date(2025, 2, 1).toordinal()):
            period = of.period(day)
            assert of.start(period) <= day <= of.end(period)
