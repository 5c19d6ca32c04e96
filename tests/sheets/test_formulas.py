"""Formulas and their values come from one place."""

from __future__ import annotations

import pytest

from engine.sheets import formulas
from engine.sheets.formulas import Ref, RowFormula


def cells(*values: int | str, row: int = 2) -> list[Ref]:
    return [Ref("Here", column, row, value, 2) for column, value in enumerate(values, 1)]


@pytest.mark.parametrize(
    ("formula", "text", "value"),
    [
        (formulas.total(cells(100, 250, -5)), "SUM(A2:C2)", 345),
        (formulas.total(cells(100)), "SUM(A2)", 100),
        (formulas.balance(cells(100, -100)), "ROUND(SUM(A2:B2),2)", 0),
        (formulas.link(cells(7)[0]), "A2", 7),
        (formulas.plus(*cells(1, 2, 3)), "A2+B2+C2", 6),
        (formulas.minus(*cells(5, 2)), "ROUND(A2-B2,2)", 3),
        (formulas.check(cells(5, 1), cells(7)), "ROUND(A2+B2-A2,2)", -1),
        (formulas.sum_of_sizes(cells(5, -5)), "SUMPRODUCT(ABS(A2:B2))", 10),
        (formulas.share(*cells(1, 4)), "IF(B2=0,0,A2/B2)", 0.25),
        (formulas.share(*cells(1, 0)), "IF(B2=0,0,A2/B2)", 0.0),
        (formulas.verdict(cells(0)[0]), 'IF(A2=0,"OK","FAIL")', "OK"),
        (formulas.verdict(cells(-1)[0]), 'IF(A2=0,"OK","FAIL")', "FAIL"),
        (formulas.count(cells("OK", "fail", "Stop"), "fail", "stop"), 'COUNTIF(A2:C2,"fail")+COUNTIF(A2:C2,"stop")', 2),
        (formulas.all_zero(cells(0, 0)), 'IF(SUMPRODUCT(ABS(A2:B2))=0,"OK","FAIL")', "OK"),
        (formulas.all_zero(cells(1, -1)), 'IF(SUMPRODUCT(ABS(A2:B2))=0,"OK","FAIL")', "FAIL"),
    ],
)
def test_a_formula_knows_its_value(formula: formulas.Formula, text: str, value: object) -> None:
    assert formula.text("Here") == text
    assert formula.value == value


@pytest.mark.parametrize(
    ("fails", "warnings", "value"),
    [(0, 0, "All OK"), (0, 1, "OK, 1 warning"), (0, 2, "OK, 2 warnings"), (3, 2, "3 FAILED")],
)
def test_the_light_tells_failures_before_warnings(fails: int, warnings: int, value: str) -> None:
    assert formulas.light(cells(fails, 0), cells(warnings)[0]).value == value


def test_cells_of_another_sheet_are_named_with_it() -> None:
    assert formulas.link(cells(1)[0]).text("There") == "'Here'!A2"
    assert formulas.total(cells(1, 2)).text("There") == "SUM('Here'!A2:B2)"


def test_blank_cells_count_as_nothing() -> None:
    assert formulas.total(cells(1, "", 2)).value == 3


def test_a_row_formula_adds_and_takes_runs_of_its_row() -> None:
    formula = RowFormula(((0, 2),), ((3, 3),), rounded=True).prepare(2)
    assert formula([1, 2, 3, 4], 9) == ("ROUND(SUM(A9:C9)-D9,2)", 2)
    assert formula([1, None, 3, None], 10) == ("ROUND(SUM(A10:C10)-D10,2)", 4)
    assert RowFormula(((0, 0), (2, 2))).prepare(0)([1, 2, 3], 5) == ("A5+C5", 4)


@pytest.mark.parametrize(
    ("column", "name"), [(1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (703, "AAA"), (16_384, "XFD")]
)
def test_columns_have_letters(column: int, name: str) -> None:
    assert formulas.letters(column) == name


def test_money_becomes_a_number_of_its_decimals() -> None:
    assert formulas.as_number(12345, 2) == 123.45
    assert formulas.as_number(12345, 0) == 12345
    assert Ref("Here", 1, 1, "text").number == 0.0
