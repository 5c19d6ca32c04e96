"""Random books in several currencies: what the tie-out expects of each role is what the journal has posted to it, from
the first day on, in reporting currency."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date

import pytest

from engine.book.reading import book_from_rows
from engine.reports.checks.evidence import Evidence
from engine.reports.checks.expected import expected
from engine.reports.role_balances import posted_to
from engine.schedule.compile import compile_book

from .oracle.random_books import dates_of, random_book
from .oracle.random_rates import with_rates
from .oracle.random_scope import SCOPES

FEW, MANY = 1, 10
BOOKS = [(name, 9100 + seed) for name in SCOPES for seed in range(FEW)]
MANY_BOOKS = [(name, 9300 + seed) for name in SCOPES for seed in range(MANY)]


def compare(scope: str, seed: int, today: date) -> None:
    rng, plain = random.Random(seed), random_book(seed, SCOPES[scope])
    days = sorted(dates_of(plain))
    schedule = compile_book(book_from_rows(with_rates(plain, rng, days), today))
    calendar = schedule.calendar
    some_day = rng.choice(days)
    day = date.fromordinal(calendar.end(calendar.period(some_day.toordinal())))
    of_day = expected(Evidence(schedule, day), day)
    assert not of_day.missing, "a book with every rate it needs"
    posted: dict[str, int] = defaultdict(int)
    for (_, _, role, _, _), amounts in posted_to(schedule, day, None, "reporting", None).items():
        posted[role] += amounts.worth or 0
    found = {role: int(column.sum()) for role, column in of_day.columns.items()}
    assert found == {role: posted[role] for role in found}


@pytest.mark.parametrize(("scope", "seed"), BOOKS)
def test_the_tie_out_expects_what_the_journal_has_posted(scope: str, seed: int, today: date) -> None:
    compare(scope, seed, today)


@pytest.mark.thorough
@pytest.mark.parametrize(("scope", "seed"), MANY_BOOKS)
def test_the_tie_out_expects_what_the_journal_has_posted_of_many_books(scope: str, seed: int, today: date) -> None:
    compare(scope, seed, today)
