"""Segments in columns give what each segment gives on its own in exact fractions: any clock, rounding, pace, shift
and day."""

from __future__ import annotations

import random
from datetime import date
from fractions import Fraction

import numpy as np
import pytest

from engine.schedule.calendar import Calendar, calendar
from engine.schedule.clocks import CODES, Clock
from engine.schedule.compile import joined
from engine.schedule.segment import OPEN, ROUNDINGS, Segment
from engine.schedule.segments import Segments, Terms
from engine.schedule.side_by_side import BLOCK

FIRST = date(2020, 1, 1).toordinal()
CALENDARS = {"month": calendar(), "4-4-5": calendar("4-4-5", 2), "5-4-4": calendar("5-4-4", 10, "sunday")}
SEEDS = [*range(30), *(pytest.param(seed, marks=pytest.mark.thorough) for seed in range(30, 300))]
NO_TERMS = Terms(*(np.zeros(0, np.int64) for _ in Terms.__annotations__))


def random_segment(choose: random.Random, obligation: int, since: int, of: Calendar) -> Segment:
    """A segment as lives make them: whole terms, the rest of a term after a change, a term paused several times."""
    start = FIRST + choose.randrange(1500)
    clock = Clock(
        choose.choice(list(CODES.values())),
        start,
        start + choose.choice([0, 1, 27, 30, 58, 364, 365, choose.randrange(1200)]),
        of,
    )
    sign = choose.choice([1, 1, 1, -1])
    amount = sign * choose.choice([choose.randrange(200), choose.randrange(10**6), choose.randrange(10**13)])
    whole = Segment(obligation, since, amount, 0, amount, clock, rounding=choose.choice(list(ROUNDINGS.values())))
    kind = choose.randrange(4)
    gone = clock.share(since - 1)
    if kind == 0 or gone == 1:
        return whole
    if kind == 1:  # what is left of the term earns the rest
        earned = int(amount * choose.random())
        return whole._replace(base=earned, amount=amount - earned, pace=1 / (1 - gone), shift=-gone / (1 - gone))
    if kind == 2:  # paused once or often: the share stands, the rest runs on
        shares = sorted(Fraction(choose.randrange(1, 365), 365) for _ in range(choose.choice([1, 1, 9])))
        stood = shares[0]
        for share in shares[1:]:
            stood += (1 - stood) * share / 7
        pace = (1 - stood) / (1 - gone)
        return whole._replace(pace=pace, shift=stood - pace * gone)
    return Segment(obligation, since, amount, choose.randrange(10**6))


def made(seed: int) -> tuple[list[Segment], Segments, Calendar]:
    choose = random.Random(seed)
    of = CALENDARS[choose.choice(list(CALENDARS))]
    told = []
    for obligation in range(choose.randrange(1, 60)):
        days = sorted(FIRST + choose.randrange(1800) for _ in range(choose.choice([1, 1, 3])))
        told += [random_segment(choose, obligation, day, of) for day in sorted(set(days))]
    return told, joined(NO_TERMS, told, of), of


def in_force(told: list[Segment], n: int, day: int) -> bool:
    last = n + 1 == len(told) or told[n + 1].obligation != told[n].obligation
    return told[n].since <= day < (OPEN if last else told[n + 1].since)


def days_of(choose: random.Random, of: Calendar) -> list[int]:
    days = [FIRST + choose.randrange(-40, 3200) for _ in range(8)]
    return sorted({*days, *(of.end(of.period(day)) for day in days)})


@pytest.mark.parametrize("seed", SEEDS)
def test_revenue_to_date_is_that_of_the_segment_in_force(seed: int) -> None:
    told, segments, of = made(seed)
    for day in days_of(random.Random(seed), of):
        expected = [segment.to_date(day) if in_force(told, n, day) else 0 for n, segment in enumerate(told)]
        assert segments.to_date(day).tolist() == expected


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_expected_is_the_segment_in_force_asked_about_a_later_day(seed: int) -> None:
    told, segments, of = made(seed)
    known, *later = days_of(random.Random(seed), of)
    for day in later:
        expected = [segment.to_date(day) if in_force(told, n, known) else 0 for n, segment in enumerate(told)]
        assert segments.to_date(day, known).tolist() == expected


@pytest.mark.parametrize("seed", SEEDS)
def test_totals_are_the_sums_by_label_and_day(seed: int) -> None:
    told, segments, of = made(seed)
    choose = random.Random(seed)
    days = days_of(choose, of)
    labels = np.array([choose.randrange(3) for _ in told])
    for known in (None, days[0]):
        single = np.array([segments.to_date(day, known) for day in days])
        assert segments.totals(days, known)[:, 0].tolist() == single.sum(axis=1).tolist()
        by_label = np.stack([single[:, labels == label].sum(axis=1) for label in range(3)], axis=1)
        assert segments.totals(days, known, labels, 3).tolist() == by_label.tolist()


@pytest.mark.parametrize("seed", SEEDS)
def test_rows_can_each_be_asked_at_a_day_of_their_own(seed: int) -> None:
    told, segments, _ = made(seed)
    choose = random.Random(seed)
    days = np.array([segment.since - 1 + choose.randrange(1500) for segment in told])
    assert segments.at(days).tolist() == [segment.to_date(int(day)) for segment, day in zip(told, days, strict=True)]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_segment_earns_exactly_its_amount(seed: int) -> None:
    told, segments, _ = made(seed)
    for segment in told:
        end = segment.clock.end if segment.clock else segment.since
        assert segment.to_date(end) == segment.base + segment.amount
    assert segments.final.tolist() == [segment.base + segment.amount for segment in told]


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_earned_is_the_difference_of_two_days(seed: int) -> None:
    _, segments, of = made(seed)
    days = days_of(random.Random(seed), of)
    for known in (None, days[3]):
        to_date = np.stack([segments.to_date(day, known) for day in days])
        assert segments.earned(days, known).tolist() == np.diff(to_date, axis=0).tolist()
        few = [days[1], days[1], days[2]]
        assert segments.totals(few, known)[:, 0].tolist() == [to_date[n].sum() for n in (1, 1, 2)]


def test_a_day_may_be_asked_for_twice_long_after_a_term() -> None:
    late = Segment(0, FIRST + 700, 1300, 0, 1300, Clock(0, FIRST, FIRST + 364, CALENDARS["month"]))
    segments = joined(NO_TERMS, [late], CALENDARS["month"])
    assert segments.totals([FIRST + 364] * 5 + [FIRST + 700] * 2)[:, 0].tolist() == [0] * 5 + [1300] * 2


@pytest.mark.parametrize("convention", ["daily", "monthly", "daily_ends"])
def test_totals_of_a_large_book_are_the_sums_of_its_days(convention: str) -> None:
    """Many blocks of rows, ordered by term to be added up; every third obligation changed half-way."""
    choose = np.random.default_rng(606)
    count = 4 * BLOCK
    start = FIRST + choose.integers(0, 1500, count)
    end = start + choose.integers(1, 1100, count)
    line = np.sort(np.append(np.arange(count), np.arange(0, count, 3)))
    second = np.flatnonzero(np.append(False, line[1:] == line[:-1]))
    terms = Terms(**{name: np.zeros(len(line), np.int64) for name in Terms.__annotations__})
    amount = choose.integers(-(10**6), 10**7, count)[line]
    for name, column in {"obligation": line, "since": start[line], "start": start[line], "end": end[line]}.items():
        getattr(terms, name)[:] = column
    terms.price[:], terms.amount[:], terms.code[:] = amount, amount, CODES[convention]
    half = (terms.start + terms.end + 1)[second] // 2
    terms.since[second], terms.base[second] = half, choose.integers(0, 1000, len(second))
    terms.pace[second], terms.shift[second] = 1, terms.start[second] - half
    terms.whole[second] = terms.end[second] + 1 - half
    segments = Segments(terms, CALENDARS["month"])
    days = [FIRST - 1, *range(FIRST + 30, FIRST + 2700, 90)]
    labels = choose.integers(0, 3, len(line))
    for known in (None, FIRST + 700):
        single = [segments.to_date(day, known) for day in days]
        assert segments.totals(days, known)[:, 0].tolist() == [figures.sum() for figures in single]
        by_label = [[figures[labels == label].sum() for label in range(3)] for figures in single]
        assert segments.totals(days, known, labels, 3).tolist() == by_label
