"""The formulas: every example holds, arguments come in every shape a cell can have, errors are true errors with a
reason."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from addin.formulas.catalogue import Formula, catalogue, find
from addin.formulas.errors import Code, FormulaError
from engine.book.reading import book_from_rows, read_book
from engine.schedule.compile import compile_book
from engine.schedule.schedule import Schedule
from workbook_templates import sample_book

FORMULAS = list(catalogue().values())


@pytest.fixture(scope="module")
def sample(today: date) -> Schedule:
    return compile_book(read_book(sample_book(), today))


@pytest.fixture(scope="module")
def small(today: date) -> Schedule:
    tables: dict[str, list[dict[str, object]]] = {
        "settings": [{"name": "as_of", "value": "2026-06-30"}],
        "contracts": [
            {"contract_id": "C1", "customer": "Acme", "signed_on": "2026-01-01", "segment": "north"},
            {"contract_id": "C2", "customer": "Birch", "signed_on": "2026-01-01", "segment": "south"},
            {"contract_id": "00123", "customer": "Cedar", "signed_on": "2026-01-01", "currency": "KWD"},
        ],
        "obligations": [
            {
                "contract_id": "C1",
                "obligation_id": "plan",
                "price": "365.00",
                "start": "2026-01-01",
                "end": "2026-12-31",
            },
            {
                "contract_id": "C1",
                "obligation_id": "support",
                "price": "36.50",
                "start": "2026-01-01",
                "end": "2026-12-31",
            },
            {
                "contract_id": "C2",
                "obligation_id": "plan",
                "price": "730.00",
                "start": "2026-01-01",
                "end": "2026-12-31",
            },
            {
                "contract_id": "00123",
                "obligation_id": "plan",
                "price": "3.650",
                "start": "2026-01-01",
                "end": "2026-12-31",
            },
        ],
        "billings": [{"document_id": "D1", "contract_id": "C1", "date": "2026-01-01", "amount": "401.50"}],
    }
    return compile_book(book_from_rows(tables, today))


def ask(schedule: Schedule, name: str, *arguments: Any) -> Any:
    found = find(name)
    return found.function(schedule, *arguments) if found.needs_book else found.function(*arguments)


def _cell(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


@pytest.mark.parametrize("formula", FORMULAS, ids=[formula.name for formula in FORMULAS])
def test_the_example_of_a_formula_holds(formula: Formula, sample: Schedule) -> None:
    arguments, answer = formula.example
    found = ask(sample, formula.name, *arguments)
    if answer is None:
        assert len(found) > 1
    else:
        assert (
            [[_cell(cell) for cell in row] for row in found] == answer if isinstance(answer, list) else found == answer
        )


@pytest.mark.parametrize("formula", FORMULAS, ids=[formula.name for formula in FORMULAS])
def test_a_formula_says_what_it_answers_and_what_each_argument_is(formula: Formula) -> None:
    assert formula.summary.endswith(".")
    assert all(argument.help.endswith(".") for argument in formula.arguments)
    optional = [argument.optional for argument in formula.arguments]
    assert optional == sorted(optional)


@pytest.mark.parametrize(
    ("contract", "answer"),
    [
        ("C1", 198.92),
        ("C1/plan", 181.0),
        ("C1/support", 18.1),
        (["C1", "C2"], 561.1),
        ([["C1"], ["C2"], [None]], 561.1),
        ("  C1 ", 198.92),
    ],
)
def test_contracts_come_as_ids_obligations_and_ranges(small: Schedule, contract: Any, answer: float) -> None:
    answer = {"C1": 199.1, "  C1 ": 199.1}.get(contract, answer) if isinstance(contract, str) else answer
    assert ask(small, "RECOGNIZED_TO_DATE", contract, "2026-06-30") == pytest.approx(answer)


@pytest.mark.parametrize(
    "day",
    [date(2026, 6, 30), datetime(2026, 6, 30, 15, 0), 46203, 46203.0, "2026-06-30", "2026-06", "2026-Q2", None, " "],
)
def test_days_come_as_dates_serial_numbers_labels_and_blanks(small: Schedule, day: Any) -> None:
    assert ask(small, "RECOGNIZED_TO_DATE", "C2", day) == 362.0


@pytest.mark.parametrize(
    "filters", ["segment=south", " Segment = SOUTH ;", [["segment", "south"]], [["segment", "south"], [None, None]]]
)
def test_filters_come_as_text_and_as_a_range(small: Schedule, filters: Any) -> None:
    assert ask(small, "CONTRACTED", None, None, filters) == 730.0


def test_amounts_have_the_decimals_of_their_currency(small: Schedule) -> None:
    assert ask(small, "CONTRACTED", "00123") == 3.65
    assert ask(small, "RECOGNIZED_TO_DATE", "00123", "2026-01-01") == 0.01


@pytest.mark.parametrize(
    ("name", "arguments", "code", "reason"),
    [
        ("BACKLOG", ("C9",), Code.NOT_AVAILABLE, "C9"),
        ("BACKLOG", ("C1", "June"), Code.VALUE, "neither a day"),
        ("BACKLOG", ("C1", -5), Code.NUMBER, "serial"),
        ("BACKLOG", ("C1", 10**12), Code.NUMBER, "serial"),
        ("BACKLOG", ("C1", None, "colour=red"), Code.VALUE, "colour"),
        ("BACKLOG", ("C1", None, "north"), Code.VALUE, "column=value"),
        ("BACKLOG", (), Code.NUMBER, "KWD, USD"),
        ("REVENUE_RECOGNIZED", ("C1", "2026-06-30", "2026-01-01"), Code.NUMBER, "before the first"),
        ("WATERFALL", ("C1", None, 12, "colour"), Code.VALUE, "colour"),
        ("WATERFALL", ("C1", None, -1), Code.VALUE, "months"),
        ("ROLLFORWARD", (None, None, "cash"), Code.VALUE, "deferred or backlog"),
        ("RATABLE", ("x", "2026-01-01", "2026-12-31", "2026-01-01", "2026-03-31"), Code.VALUE, "must be a number"),
        ("RATABLE", (1, "2026-12-31", "2026-01-01", "2026-01-01", "2026-03-31"), Code.NUMBER, "before it starts"),
        ("RATABLE", (1, "2026-01-01", "2026-12-31", "2026-03-31", "2026-01-01"), Code.NUMBER, "before the first"),
        ("RATABLE", (1, "2026-01-01", "2026-12-31", "2026-01-01", "2026-03-31", "weekly"), Code.VALUE, "no convention"),
        ("RATABLE", (1.005, "2026-01-01", "2026-12-31", "2026-01-01", "2026-03-31"), Code.VALUE, "decimals"),
        ("ALLOCATE", (100, [[0], [0]]), Code.NUMBER, "positive"),
        ("ALLOCATE", (100, [[50], ["x"]]), Code.VALUE, "must be a number"),
        ("ALLOCATE", (100, [[50]], 7), Code.NUMBER, "0 to 4"),
    ],
)
def test_errors_are_true_errors_with_a_reason(
    small: Schedule, name: str, arguments: tuple[Any, ...], code: Code, reason: str
) -> None:
    with pytest.raises(FormulaError) as caught:
        ask(small, name, *arguments)
    assert caught.value.code is code
    assert reason in caught.value.reason


def test_an_unknown_formula_is_answered_with_the_ones_there_are() -> None:
    with pytest.raises(FormulaError, match="DEFERRED_BALANCE"):
        find("DEFERED_BALANCE")
