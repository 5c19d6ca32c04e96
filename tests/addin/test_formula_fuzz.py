"""Hostile arguments: whatever stands in the cells, a formula answers with numbers, tables or Excel's errors."""

from __future__ import annotations

import datetime as dt
import math
import random
from typing import Any

import pytest

from addin.formulas.books import OpenedBook
from addin.formulas.catalogue import catalogue
from addin.formulas.errors import Code, FormulaError

from .asking import ask

#: How many of the 100,000 calls of the thorough run are made by default.
FAST, THOROUGH = 3_000, 100_000
SCALARS: list[Any] = [
    None, "", " ", "C1", "C2", "C1/plan", "C9", "00123", "C1/", "/", "2026-03", "2026-Q1", "FY2026", "FY9999",
    "2026-13", "2026-02-30", "=1+1", "+cmd|' /C calc'!A0", "#RATABLE!2042|x", "#N/A", "'; DROP TABLE", "\x00",
    "\ud800", "é\u200b", "x" * 40_000, "1e999999999", "-0", "٣", "NaN", "inf", 0, 1, -1, 2026, 46203, 46203.5, 1e308,
    -1e308, 5e-324, 2**70, math.nan, math.inf, -math.inf, True, False, dt.date(2026, 3, 31), dt.date.max, dt.date.min,
    dt.datetime(2026, 3, 31, 23, 59), dt.time(1), b"bytes", "segment=north", "segment=north;segment=south", "=;=",
    "currency=EUR", "currency=contract", "recognized", "balance", "backlog", "obligation", "total", "cohort", "daily",
    "30_360", 12, 601, FormulaError(Code.DIVISION, "zero"), FormulaError(Code.NAME, "name"), {"a": 1}, object(),
]  # fmt: skip


def _argument(chance: random.Random) -> Any:
    if chance.random() < 0.7:
        return chance.choice(SCALARS)
    if chance.random() < 0.05:
        return [[], [[]], [[1], [1, 2]], (), [["x"] * 3] * 2][chance.randrange(5)]
    height, width = chance.choice([(1, 1), (1, 3), (3, 1), (2, 2), (1, 2), (40, 1), (5, 7)])
    return [[chance.choice(SCALARS) for _ in range(width)] for _ in range(height)]


def _is_cell(answer: Any) -> bool:
    if isinstance(answer, float):
        return math.isfinite(answer)
    return answer is None or isinstance(answer, int | str | dt.date | FormulaError)


def _is_answer(answer: Any, result: str) -> bool:
    if isinstance(answer, list):
        return all(len(row) == len(answer[0]) and all(map(_is_cell, row)) for row in answer)
    return isinstance(answer, str if result == "text" else float) and _is_cell(answer)


@pytest.mark.parametrize("calls", [FAST, pytest.param(THOROUGH, marks=pytest.mark.thorough)])
def test_hostile_arguments_give_numbers_tables_or_errors(calls: int, small: OpenedBook) -> None:
    chance = random.Random(20261122 + calls)
    formulas = list(catalogue().values())
    answered = 0
    for _ in range(calls):
        formula = chance.choice(formulas)
        arguments = [_argument(chance) for _ in range(chance.randint(0, len(formula.arguments)))]
        least = sum(not argument.optional for argument in formula.arguments)
        arguments += [None] * (least - len(arguments))
        try:
            answer = ask(small, formula.name, *arguments)
        except FormulaError as error:
            assert error.reason, formula.name
            continue
        assert _is_answer(answer, formula.result), (formula.name, arguments, answer)
        if isinstance(answer, list) and formula.result == "number":
            assert not any(isinstance(cell, str) for row in answer for cell in row), formula.name
        answered += 1
    assert answered > calls / 20


def test_huge_arrays_are_answered_or_refused_at_once(small: OpenedBook) -> None:
    ids = [["C1"], ["C2"], [None], ["no such id"]] * 25_000
    days = [["2026-03", "2026-06", "never"]]
    answer = ask(small, "BACKLOG", ids, days, "currency=contract")
    assert (len(answer), len(answer[0])) == (100_000, 3)
    assert all(_is_cell(cell) for row in answer for cell in row)
    assert str(answer[99_996:]) == str(answer[:4])
    with pytest.raises(FormulaError) as refused:
        ask(small, "BACKLOG", ids, [["2026-03"] * 16_385])
    assert refused.value.code is Code.NUMBER


@pytest.mark.parametrize("name", [name for name in catalogue() if name != "RATABLE_WHY"])
def test_text_made_to_be_run_stays_text_or_becomes_an_error(name: str, small: OpenedBook) -> None:
    for text in ("=cmd|' /C calc'!A0", '+HYPERLINK("http://x")', "@SUM(1)", "-1+1", "\t=1", "=DDE(1;2;3)"):
        arguments: list[Any] = [text] * len(catalogue()[name].arguments)
        arguments[-1] = None
        try:
            answer = ask(small, name, *arguments)
        except FormulaError as error:
            assert error.reason
            continue
        cells = [cell for row in answer for cell in row] if isinstance(answer, list) else [answer]
        assert not [cell for cell in cells if isinstance(cell, str) and cell.lstrip().startswith(("=", "+", "@"))]
