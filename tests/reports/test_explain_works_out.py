"""Every formula that an explanation shows works out to the amount beside it, and its parts add up to the balances."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest

from engine.book.currencies import DECIMALS
from engine.book.reading import book_from_rows
from engine.reports.explain import Explanation, explain
from engine.schedule.compile import compile_book

from ..oracle.random_books import dates_of, random_book
from ..oracle.random_openings import with_openings
from ..oracle.random_rates import with_rates
from ..oracle.random_scope import SCOPES
from .checked import TODAY
from .worked_out import worked_out

FEW = [(scope, seed) for scope in SCOPES for seed in range(2)]
MANY = [(scope, 1000 + seed) for scope in SCOPES for seed in range(40)]
#: words that stand for a figure shown elsewhere
WORDS = ("the price in force", "earned to date", "the documents above", "no documents that count")


def explanations(scope: str, seed: int, taken_over: bool) -> Iterator[Explanation]:
    tables = random_book(seed, SCOPES[scope])
    if taken_over:
        tables = with_openings(tables, random.Random(seed))
    tables = with_rates(tables, random.Random(seed), sorted(dates_of(tables)))
    schedule = compile_book(book_from_rows(tables, TODAY))
    for day in random.Random(seed).sample(sorted(dates_of(tables)), 2):
        for contract_id in schedule.layout.place_of:
            yield explain(schedule, contract_id, None, day)


def check_formulas(of: Explanation) -> int:
    """Every formula works out; returns how many there were."""
    tried = 0
    for key, figure, currency, amount, words, _ in of.table.rows:
        if words.startswith("nothing"):
            assert amount == 0, f"{key} {figure} {words}"
            continue
        answer = worked_out(words, DECIMALS[currency])
        assert answer is None or answer == amount, f"{of.as_of} {key} {figure} {amount}: {words} is {answer}"
        tried += answer is not None
    return tried


def check_parts(of: Explanation) -> None:
    """The last price, the revenue of the last version and the documents are the balances, with interest."""
    rows: dict[str, list[list[Any]]] = {}
    for row in of.table.rows:
        rows.setdefault(row[0], []).append(list(row))
    for key, own in rows.items():
        if "/" not in key or key.endswith("(netting)"):
            continue
        figures = {row[1]: row[3] for row in own}
        prices = [row[3] for row in own if row[1] == "price" or row[1].startswith("price from")]
        earned = [row[3] for row in own if row[1].startswith("earned")]
        caught = [row[3] for row in own if row[1].startswith("billed ")]
        interest = figures.get("interest", 0)
        assert (prices[-1] if prices else 0) + interest == figures["contracted"], key
        assert (earned[-1] if earned else 0) + figures.get("interest earned", 0) == figures["recognized"], key
        assert sum(caught) + interest - figures.get("interest income", 0) == figures["billed"], key


def check(scope: str, seed: int, taken_over: bool = False) -> None:
    tried = 0
    for of in explanations(scope, seed, taken_over):
        tried += check_formulas(of)
        check_parts(of)
    assert tried


@pytest.mark.parametrize(("scope", "seed"), FEW)
def test_every_formula_of_a_random_book_works_out_to_its_amount(scope: str, seed: int) -> None:
    check(scope, seed)


@pytest.mark.parametrize("scope", SCOPES)
def test_every_formula_of_a_book_taken_over_works_out_to_its_amount(scope: str) -> None:
    check(scope, 4, taken_over=True)


@pytest.mark.thorough
@pytest.mark.parametrize(("scope", "seed"), MANY)
def test_every_formula_of_many_books_taken_over_works_out_to_its_amount(scope: str, seed: int) -> None:
    check(scope, seed, taken_over=True)


@pytest.mark.thorough
@pytest.mark.parametrize(("scope", "seed"), MANY)
def test_every_formula_of_many_random_books_works_out_to_its_amount(scope: str, seed: int) -> None:
    check(scope, seed)


@pytest.mark.parametrize(
    ("words", "amount"),
    [
        ("ROUND(12,000.00 x 90/365 days); over 2026-01-01 to 2026-12-31", 295890),
        ("ROUND(12,000.00 x 3 + 15/31 of 12 months)", 348387),
        ("5,355.62 before + ROUND(6,336.11 x 31/184 days left); 1,067.50 of it in these days", 642312),
        ("min(1,200.00, 3.00 expected by 2026-12-31 + 4.00 without dates)", 700),
        ("-(max(1.00 - 3.00, 0)); a credit", 0),
        ("12,000.00 contracted - 5,950.68 recognized in 2026-03", 604932),
        ("as stated", None),
    ],
)  # fmt: skip
def test_formulas_are_read_as_a_person_reads_them(words: str, amount: int | None) -> None:
    assert worked_out(words, 2) == amount
