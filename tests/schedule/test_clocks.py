"""The conventions: the figures of SPEC 4, and the column form equal to the exact one on any term and day."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.schedule.calendar import Calendar, calendar
from engine.schedule.clocks import CODES, Clock, Clocks
from engine.schedule.kernel import rounded

CALENDARS = (calendar(), calendar("4-4-5", 2), calendar("5-4-4", 1, "sunday"), calendar("4-5-4", 11, "saturday"))
FIRST = date(2019, 1, 1).toordinal()

days = st.integers(FIRST, FIRST + 3000)
lengths = st.one_of(st.sampled_from([1, 28, 29, 30, 31, 59, 89, 365, 366, 731]), st.integers(1, 2500))


def clock(convention: str, start: date, end: date, of: Calendar = CALENDARS[0]) -> Clock:
    return Clock(CODES[convention], start.toordinal(), end.toordinal(), of)


@pytest.mark.parametrize(
    ("convention", "january"),
    [
        ("daily", 55738), ("monthly", 54839), ("30_360", 53333), ("even_months", 92308), ("full_months", 100000),
        ("half_month", 50000), ("daily_ends", 55738),
    ],
)  # fmt: skip
def test_january_of_a_year_from_mid_january_is_as_published(convention: str, january: int) -> None:
    term = clock(convention, date(2024, 1, 15), date(2025, 1, 14))
    assert rounded(1_200_000, term.share(date(2024, 1, 31).toordinal())) == january


@given(
    days, lengths, st.sampled_from(sorted(CODES)), st.sampled_from(CALENDARS), st.lists(days, min_size=1, max_size=5)
)
@settings(max_examples=300)
def test_the_column_form_equals_the_exact_form(
    start: int, length: int, convention: str, of: Calendar, on: list[int]
) -> None:
    one = Clock(CODES[convention], start, start + length - 1, of)
    columns = Clocks(*(np.array([value]) for value in (one.code, one.start, one.end)), of)
    for day in [*on, *(of.end(of.period(day)) for day in on)]:
        done, running, part, of_days = (int(column[0]) for column in columns.ticks(day))
        share = (done + Fraction(running * part, of_days)) / int(columns.whole[0])
        assert share == one.share(day), date.fromordinal(day)


@given(days, lengths, st.sampled_from(sorted(CODES)), st.sampled_from(CALENDARS))
def test_a_share_rises_from_nothing_before_the_term_to_all_on_its_last_day(
    start: int, length: int, convention: str, of: Calendar
) -> None:
    one = Clock(CODES[convention], start, start + length - 1, of)
    shares = [one.share(day) for day in range(start - 1, start + min(length, 400))]
    assert shares[0] == 0
    assert all(before <= after for before, after in pairwise(shares))
    assert one.share(start + length - 1) == 1


@given(days, lengths, st.sampled_from(sorted(CODES)))
def test_a_month_is_served_evenly_over_its_days(start: int, length: int, convention: str) -> None:
    one = Clock(CODES[convention], start, start + length - 1, CALENDARS[0])
    period = one.first
    last = min(one.end, CALENDARS[0].end(period))
    steps = {one.share(day) - one.share(day - 1) for day in range(start, last + 1)}
    assert len(steps) == 1
