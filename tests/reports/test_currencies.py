"""Contracts in foreign currency, worked by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.book.problems import BookRefused
from engine.book.reading import book_from_rows
from engine.reports.balances import balances
from engine.reports.journal import journal
from engine.reports.revenue import revenue
from engine.reports.rollforward import rollforward
from engine.schedule.compile import compile_book
from engine.schedule.schedule import Schedule

RATES = {"2026-01-01": "1.10", "2026-01-31": "1.12", "2026-02-15": "1.18", "2026-02-28": "1.20", "2026-03-31": "1.30"}


def schedule(*billings: dict[str, str], rates: dict[str, str] | None = None, **pair: str) -> Schedule:
    """1,200.00 EUR over 2026, 100.00 a month, in a book that reports in USD."""
    pair = pair or {"from": "EUR", "to": "USD"}
    book: dict[str, Any] = {
        "settings": {"reporting_currency": "USD", "as_of": "2026-03-31", "convention": "monthly"},
        "contracts": [{"contract_id": "C1", "customer": "A", "signed_on": "2026-01-01", "currency": "EUR"}],
        "obligations": [
            {"contract_id": "C1", "obligation_id": "p", "price": "1200", "start": "2026-01-01", "end": "2026-12-31"}
        ],
        "billings": [{"contract_id": "C1"} | row for row in billings],
        "rates": [{"date": day, "rate": rate} | pair for day, rate in (RATES if rates is None else rates).items()],
    }
    return compile_book(book_from_rows(book, date(2026, 4, 5)))


def total(of: Schedule, day: str) -> dict[str, int]:
    table = balances(of, date.fromisoformat(day), "total", None, "reporting")
    return dict(zip(table.names, table.rows[0], strict=True))


def months(of: Schedule, last: int) -> list[int]:
    """Revenue of January to March."""
    return list(revenue(of, date(2026, 1, 1), date(2026, 3, last), "total", None, "reporting").rows[0][2:5])


def test_each_billing_is_a_layer_at_its_own_rate_released_first_in_first_out() -> None:
    of = schedule(
        {"document_id": "I1", "date": "2026-01-01", "amount": "150"},
        {"document_id": "I2", "date": "2026-01-31", "amount": "1050", "exchange_rate": "1.25"},
    )
    assert months(of, 31) == [11000, 5500 + 6250, 12500]
    assert total(of, "2026-02-28")["deferred"] == 16500 + 131250 - 11000 - 11750
    assert total(of, "2026-02-28")["backlog_unbilled"] == 0


def test_revenue_ahead_of_billing_is_at_the_rate_of_its_period_end_and_remeasured() -> None:
    of = schedule({"document_id": "I1", "date": "2026-02-15", "amount": "150"})
    assert months(of, 31) == [11200, 5900 + 50 * 120, 13000]
    at = total(of, "2026-01-31")
    assert (at["contract_asset"], at["billed"], at["backlog"]) == (11200, 0, 1100 * 112)
    at = total(of, "2026-02-28")
    gains = (11800 - 11200) + 0  # the invoice cleared 100.00 EUR carried at 112.00
    assert at["contract_asset"] == 50 * 120
    assert at["deferred"] + at["refund_liability"] - at["contract_asset"] == at["billed"] - at["recognized"] - gains


def test_a_note_takes_what_is_left_of_its_own_document() -> None:
    of = schedule(
        {"document_id": "I1", "date": "2026-01-01", "amount": "600"},
        {"document_id": "I2", "date": "2026-01-31", "amount": "600"},
        {"document_id": "N1", "date": "2026-02-15", "amount": "500", "type": "credit_note", "applies_to": "I1",
         "reason": "billing_error"},
    )  # fmt: skip
    row = rollforward(of, date(2026, 2, 1), date(2026, 2, 28), "deferred", None, "reporting").rows[0]
    names = ("period", "currency", "opening", "billings", "recognized", "breakage", "credits")
    found = dict(zip(names, row[:7], strict=True))
    assert found["credits"] == -500 * 110
    assert found["recognized"] == -100 * 112  # of the first document nothing is left


def test_cash_at_another_rate_is_a_gain_that_names_the_payment() -> None:
    of = schedule(
        {"document_id": "I1", "date": "2026-02-15", "amount": "1200"},
        {"document_id": "P1", "date": "2026-02-28", "amount": "1200", "type": "payment", "applies_to": "I1"},
    )
    lines = journal(of, date(2026, 2, 1), date(2026, 2, 28)).rows
    gains = {line[10]: (line[9] or 0) - (line[8] or 0) for line in lines if line[3] == "fx"}
    assert gains["P1"] == 1200 * (120 - 118)
    assert sum((line[8] or 0) - (line[9] or 0) for line in lines if line[3] == "receivable") == 0


def test_a_rate_the_other_way_round_is_read_inverted() -> None:
    of = schedule(
        {"document_id": "I1", "date": "2026-01-01", "amount": "1200"},
        rates={"2026-01-01": "0.8"}, **{"from": "USD", "to": "EUR"},
    )  # fmt: skip
    assert total(of, "2026-01-31")["deferred"] == 1100 * 125


def test_a_missing_rate_is_told_by_cell_with_pair_and_day() -> None:
    of = schedule({"document_id": "I1", "date": "2026-01-15", "amount": "1200"}, rates={"2026-02-01": "1.1"})
    with pytest.raises(BookRefused) as caught:
        total(of, "2026-03-31")
    (problem,) = caught.value.problems
    assert (problem.name, "EUR to USD on 2026-01-15" in problem.found) == ("rate-missing-on-day", True)
    assert "exchange_rate" in problem.where
    assert balances(of, date(2026, 3, 31)).rows  # contract currency needs none


def test_a_missing_rate_is_refused_however_often_and_wherever_it_is_asked_again() -> None:
    of = schedule({"document_id": "I1", "date": "2026-01-15", "amount": "1200"}, rates={"2026-02-01": "1.1"})
    for day in ("2026-03-31", "2026-03-31", "2026-01-31", "2026-05-15", "2026-03-31"):
        with pytest.raises(BookRefused):
            total(of, day)
        with pytest.raises(BookRefused):
            journal(of, date(2026, 1, 1), date.fromisoformat(day), currency="reporting")
        with pytest.raises(BookRefused):
            rollforward(of, date(2026, 1, 1), date.fromisoformat(day), currency="reporting")


def test_at_a_rate_of_one_both_currencies_are_the_same() -> None:
    of = schedule({"document_id": "I1", "date": "2026-02-15", "amount": "150"}, rates={"2026-01-01": "1"})
    day = date(2026, 2, 28)
    assert [row[2:] for row in balances(of, day).rows] == [
        row[2:] for row in balances(of, day, currency="reporting").rows
    ]
