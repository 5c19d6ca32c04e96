"""A thousand spoiled books: each is a Book or a list of problems, never an accident of the program."""

from __future__ import annotations

import copy
import datetime as dt
import random
from pathlib import Path

import pytest

from engine.book.book import Book
from engine.book.problem_names import TITLES
from engine.book.problems import BookRefused, Problem, Severity
from engine.book.reading import book_from_rows, examine_book, examine_rows

from .books import GOOD, TODAY, Tables, write_folder, write_workbook

GARBAGE: list[object] = [
    "", " ", "x", "C1", "plan", "D1", "0", "-1", "1e400", "NaN", "1,234", "1.234,56", "(5)", "100", "2026-02-30",
    "2026-06-15",
    "9999-12-31", "yes", "ratable", "usage", "relative", "residual", "payment", "void", "credit_note", "full_refund",
    "change",
    "pause", "resume", "cancel", "estimate", "deliver", "prospective", "extend", "EUR", "JPY", "XXX", "#N/A", "=1+1",
    "é\u200b\u00a0",
    "\U0001f4a5", "a" * 400, "'; drop", '"', "\n", "2**53", "9007199254740993", "0.001", "%", "-0", "1904-01-01",
]  # fmt: skip
TYPED: list[object] = [None, True, False, 0.0, -1.5, 1e300, float("nan"), float("inf"), 46000.0, 46000.5, 60, 10**30,
    dt.date(2026, 6, 1),
         dt.datetime(2026, 6, 1, 12), dt.time(3), dt.timedelta(2), dt.date(1, 1, 1)]  # fmt: skip


def spoiled(dice: random.Random, typed: bool) -> Tables:
    """The good book with one to six things done to it."""
    book = copy.deepcopy(GOOD)
    for _ in range(dice.randint(1, 6)):
        name = dice.choice(list(book))
        rows = book.get(name) or [{}]
        columns = list(dict.fromkeys(column for row in rows for column in row)) or ["x"]
        column, cell = dice.choice(columns), dice.choice(GARBAGE + TYPED if typed else GARBAGE)
        deed = dice.randrange(9)
        if deed < 4:
            dice.choice(rows)[column] = cell
        elif deed == 4:
            rows.append({**dice.choice(rows), column: cell})
        elif deed == 5:
            [row.pop(column, None) for row in rows]
        elif deed == 6:
            rows.pop(dice.randrange(len(rows)))
        elif deed == 7:
            [row.update({column: cell}) for row in rows]
        else:
            book.pop(name)
        if not book:
            return {}
    return book


def judge(book: Book | None, problems: list[Problem]) -> None:
    assert (book is None) == any(problem.severity is Severity.STOP for problem in problems)
    for problem in problems:
        assert problem.name in TITLES and problem.found is not None and problem.remedy


@pytest.mark.parametrize("seed", range(20))
def test_rows_of_a_program_are_a_book_or_refused(seed: int) -> None:
    dice = random.Random(seed)
    for _ in range(30):
        tables = spoiled(dice, typed=True)
        book, problems = examine_rows(
            tables, TODAY, dice.choice([None, dt.date(2026, 5, 1)]), from_1904=dice.random() < 0.2
        )
        judge(book, problems)


@pytest.mark.parametrize("seed", range(10))
def test_folders_are_a_book_or_refused(seed: int, tmp_path: Path) -> None:
    dice = random.Random(1000 + seed)
    for n in range(25):
        folder = write_folder(spoiled(dice, typed=False), tmp_path / str(n), dice.choice(",;\t"))
        for _ in range(dice.randrange(3)):
            _damage(dice, dice.choice(sorted(folder.iterdir()) or [folder]))
        judge(*examine_book(folder, TODAY))


@pytest.mark.parametrize("seed", range(3))
def test_workbooks_are_a_book_or_refused(seed: int, tmp_path: Path) -> None:
    dice = random.Random(2000 + seed)
    for n in range(30):
        tables = {name: [{k: v for k, v in row.items() if not isinstance(v, str) or v.isprintable()} for row in rows]
                  for name, rows in spoiled(dice, typed=False).items()}  # fmt: skip
        path = write_workbook(tables or GOOD, tmp_path / f"{n}.xlsx")
        if dice.random() < 0.7:
            _damage(dice, path)
        judge(*examine_book(path, TODAY))


def _damage(dice: random.Random, path: Path) -> None:
    """Cut a file off, or write garbage into it."""
    if path.is_dir():
        return
    octets = bytearray(path.read_bytes())
    deed = dice.randrange(4)
    if deed == 0:
        octets = octets[: dice.randrange(len(octets) + 1)]
    elif deed == 1:
        octets = bytearray(dice.randbytes(dice.randrange(2000)))
    else:
        for _ in range(dice.randint(1, 20)):
            if octets:
                octets[dice.randrange(len(octets))] = dice.randrange(256)
    path.write_bytes(octets)


def test_a_refusal_is_the_only_exception() -> None:
    dice = random.Random(7)
    for _ in range(50):
        try:
            book_from_rows(spoiled(dice, typed=True), TODAY)
        except BookRefused as refused:
            assert refused.problems and str(refused).endswith("stop the calculation")
