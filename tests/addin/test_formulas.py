"""The formulas: every example holds, arguments come in every shape a cell can have, errors are true errors with a
reason."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

import pytest

from addin.formulas.arguments import Cell, Kind
from addin.formulas.books import OpenedBook
from addin.formulas.catalogue import Formula, catalogue, find, formula
from addin.formulas.errors import Code, FormulaError

from .asking import ask, shown

FORMULAS = list(catalogue().values())
SPECIFIED = {
    "Balances": "DEFERRED_BALANCE DEFERRED_CURRENT DEFERRED_NONCURRENT CONTRACT_ASSET REFUND_LIABILITY BACKLOG "
    "BACKLOG_UNBILLED RPO RECOGNIZED_TO_DATE BILLED_TO_DATE CONTRACTED",
    "Flows": "REVENUE_RECOGNIZED BILLINGS CATCH_UP",
    "Tables": "WATERFALL REVENUE_SCHEDULE ROLLFORWARD RPO_BANDS JOURNAL CONTRACT_LIST",
    "Without a book": "RATABLE RATABLE_SCHEDULE ALLOCATE",
    "Control": "RATABLE_BOOK RATABLE_PROBLEMS RATABLE_CHECK TIE_OUT RATABLE_WHY",
}


def test_every_specified_formula_is_there_in_its_group() -> None:
    found: dict[str, set[str]] = {}
    for each in FORMULAS:
        found.setdefault(each.group, set()).add(each.name)
    assert found == {group: set(names.split()) for group, names in SPECIFIED.items()}


@pytest.mark.parametrize("name", SPECIFIED["Balances"].split())
def test_balances_take_contract_day_filters_and_book(name: str) -> None:
    assert [argument.name for argument in find(name).arguments] == ["contract", "as_of", "filters", "book"]
    assert all(argument.optional for argument in find(name).arguments)


@pytest.mark.parametrize("name", SPECIFIED["Flows"].split())
def test_flows_take_contract_days_filters_and_book(name: str) -> None:
    assert [a.name for a in find(name).arguments] == ["contract", "start_date", "end_date", "filters", "book"]
    assert all(argument.optional for argument in find(name).arguments)


@pytest.mark.parametrize("formula", FORMULAS, ids=[formula.name for formula in FORMULAS])
def test_the_example_of_a_formula_holds(formula: Formula, sample: OpenedBook) -> None:
    arguments, answer = formula.example
    found = ask(sample, formula.name, *arguments)
    if answer is None:
        assert len(found) > 1
    else:
        assert shown(found) == answer


@pytest.mark.parametrize("formula", FORMULAS, ids=[formula.name for formula in FORMULAS])
def test_a_formula_says_what_it_answers_and_what_each_argument_is(formula: Formula) -> None:
    assert formula.summary.endswith(".")
    assert all(argument.help.endswith(".") for argument in formula.arguments)
    assert all(argument.kind is Kind.BOOK for argument in formula.arguments if argument.name == "book")


def test_the_same_argument_has_the_same_help_everywhere() -> None:
    found: dict[str, set[tuple[str, str]]] = {}
    for each in FORMULAS:
        for argument in each.arguments:
            found.setdefault(argument.name, set()).add((argument.kind, argument.help))
    assert {name for name, helps in found.items() if len(helps) > 1} <= {"start_date", "end_date", "measure"}


@pytest.mark.parametrize(
    ("contract", "answer"), [("C1", 199.1), ("C1/plan", 181.0), ("C1/support", 18.1), ("  C1 ", 199.1)]
)
def test_contracts_come_as_ids_and_obligations(small: OpenedBook, contract: Any, answer: float) -> None:
    assert ask(small, "RECOGNIZED_TO_DATE", contract, "2026-06-30") == answer


@pytest.mark.parametrize(
    "day",
    [date(2026, 6, 30), datetime(2026, 6, 30, 15, 0), 46203, 46203.0, 46203.7, "2026-06-30", "2026-06", "2026-Q2",
     None, " "],
)  # fmt: skip
def test_days_come_as_dates_serial_numbers_labels_and_blanks(small: OpenedBook, day: Any) -> None:
    assert ask(small, "RECOGNIZED_TO_DATE", "C2", day) == 362.0


@pytest.mark.parametrize(
    "filters",
    ["segment=south", " Segment = SOUTH ;", [["segment", "south"]], [["segment", "south"], [None, None]]],
)
def test_filters_come_as_text_and_as_a_range(small: OpenedBook, filters: Any) -> None:
    assert ask(small, "CONTRACTED", None, None, filters) == 730.0


def test_amounts_have_the_decimals_of_their_currency(small: OpenedBook) -> None:
    assert ask(small, "CONTRACTED", "00123", None, "currency=contract") == 3.65
    assert ask(small, "RECOGNIZED_TO_DATE", "00123", "2026-01-01", "currency=KWD") == 0.01


def test_an_amount_in_another_currency_is_refused_unless_it_is_asked_for(small: OpenedBook) -> None:
    with pytest.raises(FormulaError, match="currency=contract") as caught:
        ask(small, "CONTRACTED", "00123")
    assert caught.value.code is Code.NUMBER


def test_a_filter_may_name_a_contract_without_rows_left(small: OpenedBook) -> None:
    assert ask(small, "CONTRACTED", "C1", None, "segment=south") == 0.0
    assert ask(small, "CONTRACTED", None, None, "segment=west") == 0.0


@pytest.mark.parametrize(
    ("name", "arguments", "code", "reason"),
    [
        ("BACKLOG", ("C9",), Code.NOT_AVAILABLE, "C9"),
        ("BACKLOG", ("(netting)",), Code.NOT_AVAILABLE, "netting"),
        ("BACKLOG", (True,), Code.VALUE, "no id"),
        ("BACKLOG", ("C1", "June"), Code.VALUE, "neither a day"),
        ("BACKLOG", ("C1", -5), Code.NUMBER, "serial"),
        ("BACKLOG", ("C1", 10**12), Code.NUMBER, "serial"),
        ("BACKLOG", ("C1", 60), Code.NUMBER, "29 February"),
        ("BACKLOG", ("C1", 2026), Code.VALUE, "FY2026"),
        ("BACKLOG", ("C1", "2250-01-01"), Code.NUMBER, "1900 to 2199"),
        ("BACKLOG", ("C1", True), Code.VALUE, "neither a day"),
        ("BACKLOG", ("C1", None, "colour=red"), Code.VALUE, "colour"),
        ("BACKLOG", ("C1", None, "north"), Code.VALUE, "column=value"),
        ("BACKLOG", ("C1", None, [["a", "b", "c"]]), Code.VALUE, "two columns"),
        ("BACKLOG", ([],), Code.VALUE, "must have cells"),
        ("BACKLOG", ([["C1"], ["C1", "C2"]],), Code.VALUE, "as many in every row"),
        ("BACKLOG", (FormulaError(Code.DIVISION, "divided"),), Code.DIVISION, "divided"),
        ("BACKLOG", (), Code.NUMBER, "KWD to USD on 2026-01-31"),
        ("BACKLOG", (None, None, "currency=contract"), Code.NUMBER, "KWD, USD"),
        ("ROLLFORWARD", (), Code.NUMBER, "KWD to USD"),
        ("REVENUE_RECOGNIZED", ("C1", "2026-06-30", "2026-01-01"), Code.NUMBER, "before the first"),
        ("WATERFALL", ("C1", None, 12, "colour"), Code.VALUE, "colour"),
        ("WATERFALL", ("C1", None, -1), Code.NUMBER, "months"),
        ("WATERFALL", ("C1", None, 1.5), Code.NUMBER, "months"),
        ("WATERFALL", ("C1", [["2026-01", "2026-02"]]), Code.VALUE, "not a range"),
        ("WATERFALL", ([["C1"], ["C9"]],), Code.NOT_AVAILABLE, "C9"),
        ("ROLLFORWARD", (None, None, None, "cash"), Code.VALUE, "deferred or backlog"),
        ("RATABLE", ("x", "2026-01-01", "2026-12-31", "2026-01-01", "2026-03-31"), Code.VALUE, "must be a number"),
        ("RATABLE", (None, "2026-01-01", "2026-12-31", "2026-01-01", "2026-03-31"), Code.VALUE, "not blank"),
        ("RATABLE", ("1e999999999", "2026-01-01", "2026-12-31", "2026-01-01", "2026-03-31"), Code.VALUE, "number"),
        ("RATABLE", (1, "2026-12-31", "2026-01-01", "2026-01-01", "2026-03-31"), Code.NUMBER, "before it starts"),
        ("RATABLE", (1, "2026-01-01", "2026-12-31", "2026-03-31", "2026-01-01"), Code.NUMBER, "before the first"),
        ("RATABLE", (1, "2026-01-01", "2026-12-31", "2026-01-01", "2026-03-31", "weekly"), Code.VALUE, "convention"),
        ("RATABLE", (1.005, "2026-01-01", "2026-12-31", "2026-01-01", "2026-03-31"), Code.VALUE, "decimals"),
        ("ALLOCATE", (100, [[0], [0]]), Code.NUMBER, "positive"),
        ("ALLOCATE", (100, [[50], ["x"]]), Code.VALUE, "must be a number"),
        ("ALLOCATE", (100, [[50]], 7), Code.NUMBER, "0 to 4"),
    ],
)  # fmt: skip
def test_errors_are_true_errors_with_a_reason(
    small: OpenedBook, name: str, arguments: tuple[Any, ...], code: Code, reason: str
) -> None:
    with pytest.raises(FormulaError) as caught:
        ask(small, name, *arguments)
    assert (caught.value.code, reason in caught.value.reason) == (code, True), caught.value.reason


def test_an_unknown_formula_is_answered_with_the_ones_there_are() -> None:
    with pytest.raises(FormulaError, match="DEFERRED_BALANCE"):
        find("DEFERED_BALANCE")


def _no_help(contract: Cell = None) -> Any:
    """Says something."""


def _word_of_vba(date: Annotated[Cell, Kind.DAY, "A day."] = None) -> Any:
    """Says something."""


def _out_of_order(first: Annotated[Cell, Kind.DAY, "A."] = None, *, second: Annotated[Cell, Kind.DAY, "A."]) -> Any:
    """Says something."""


def ab12(day: Annotated[Cell, Kind.DAY, "A day."] = None) -> Any:
    """Has the name of a cell."""


def _long_help(day: Annotated[Cell, Kind.DAY, 256 * "x"] = None) -> Any:
    """Says something."""


@pytest.mark.parametrize("function", [_no_help, _word_of_vba, _out_of_order, ab12, _long_help])
def test_what_excel_cannot_hold_is_refused_when_it_is_registered(function: Any) -> None:
    with pytest.raises(ValueError, match=r"help|cell|VBA|may be left out"):
        formula("Balances", example=((), None))(function)
