"""The figures of the notes: balances, revenue out of the opening liability, corrections, remaining obligations."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

import pytest

from engine.book.problems import BookRefused
from engine.book.reading import book_from_rows
from engine.reports.disclosure import disclosure
from engine.schedule.compile import compile_book
from engine.schedule.history import Closed, History
from engine.schedule.schedule import Schedule

FIRST, LAST = date(2026, 1, 1), date(2026, 6, 30)


MOVED = ", as it moved contract liabilities"
LIABILITIES = "Contract liabilities (deferred revenue), "
#: what one euro is worth
RATES = {"2025-07-01": "1.10", "2025-12-31": "1.20", "2026-03-31": "1.15", "2026-06-30": "1.25"}


def compiled(price: str, today: date, euros: bool = False, **settings: str) -> Schedule:
    contracts = [{"contract_id": name, "customer": "Acme", "signed_on": "2025-07-01"} for name in ("C1", "C2", "C3")]
    contracts[2]["combined_with"] = "C2"
    for contract in contracts[1:] if euros else []:
        contract["currency"] = "EUR"
    term = {"obligation_id": "plan", "start": "2025-07-01", "end": "2027-06-30"}
    prices = {"C1": price, "C2": "2400", "C3": "1200"}
    tables = {
        "settings": [{"name": name, "value": value} for name, value in {"convention": "monthly", **settings}.items()],
        "contracts": contracts,
        "obligations": [{"contract_id": name, "price": prices[name], **term} for name in prices],
        "billings": [
            {"document_id": "D1", "contract_id": "C1", "date": "2025-07-01", "amount": "900"},
            {"document_id": "D2", "contract_id": "C2", "date": "2025-07-01", "amount": "2400"},
            {"document_id": "D3", "contract_id": "C1", "date": "2026-02-01", "amount": "600"},
        ],
        "estimates": [{"contract_id": "C2", "date": "2026-03-31", "kind": "rebate", "amount": "-120"}],
        "rates": [{"date": day, "from": "EUR", "to": "USD", "rate": rate} for day, rate in RATES.items()],
    }
    return compile_book(book_from_rows(tables, today))


def told(history: History) -> dict[str, int]:
    return {
        figure: amount for _, figure, currency, amount in disclosure(history, FIRST, LAST).rows if currency == "USD"
    }


def test_revenue_out_of_the_opening_liability_is_the_smaller_of_the_two_by_unit(today: date) -> None:
    found = told(History(compiled("2400", today)))
    # C1: 900 billed, 600 earned by the opening, 600 earned since; C2 with C3: 2400 billed, 900 earned, 900 less rebate
    assert found["Contract liabilities (deferred revenue), opening"] == 30000 + 150000
    rebate = 12000 // 2
    assert found["Revenue recognized that was in contract liabilities at the opening"] == 30000 + 90000 - rebate
    apart = told(History(compiled("2400", today, netting="obligation")))
    assert apart["Revenue recognized that was in contract liabilities at the opening"] < 30000 + 90000


def test_estimates_exemptions_and_bands_stand_with_their_paragraphs(today: date) -> None:
    history = History(compiled("2400", today))
    found = told(history)
    assert found["Estimates of variable consideration in force, opening"] == 0
    assert found["Estimates of variable consideration in force, closing"] == -12000
    bands = [
        amount for figure, amount in found.items() if figure.startswith("Remaining performance obligations expected")
    ]
    assert sum(bands) == found["Remaining performance obligations, disclosed"] > 0
    assert all(row[0].startswith("606-10-50-") for row in disclosure(history, FIRST, LAST).rows)


def test_what_was_changed_of_closed_periods_has_a_figure_of_its_own(today: date) -> None:
    reported, now = compiled("2400", today), compiled("1200", today)
    found = told(History(now, [Closed("2026-01", date(2026, 1, 1), date(2026, 1, 31), lambda: reported)]))
    assert found["Revenue from changes to rows of closed periods (prior_period)"] == -7 * 5000
    assert found["Contract liabilities (deferred revenue), opening"] == 180000


def test_in_reporting_currency_all_contracts_stand_together_and_movements_lead_to_the_closing(today: date) -> None:
    """C2 and C3 in euros: 2400.00 billed at 1.10 and earned first in, first out; the rebate at the rate of the day."""
    history = History(compiled("2400", today, euros=True))
    rows = disclosure(history, FIRST, LAST, "reporting").rows
    assert {row[2] for row in rows} == {"USD"}
    found = {row[1]: row[3] for row in rows}
    moved = sum(amount for figure, amount in found.items() if figure.endswith(MOVED))
    assert found[f"{LIABILITIES}opening"] + moved == found[f"{LIABILITIES}closing"]
    assert found[f"{LIABILITIES}opening"] == 30000 + 165000  # USD 300.00, EUR 1,500.00 at 1.10
    assert found["Receivables, opening"] == 90000 + 288000  # EUR 2,400.00 at 1.20
    assert found["Receivables, closing"] == 150000 + 300000
    assert found["Estimates of variable consideration in force, closing"] == -15000
    assert found["Revenue recognized that was in contract liabilities at the opening"] <= 30000 + 165000


def test_at_a_rate_of_one_the_disclosure_in_reporting_currency_is_the_sum_of_all(today: date, monkeypatch: Any) -> None:
    monkeypatch.setattr("tests.reports.test_disclosure.RATES", {"2025-07-01": "1"})
    history = History(compiled("2400", today, euros=True))
    together: dict[str, int] = defaultdict(int)
    for _, figure, _, amount in disclosure(history, FIRST, LAST).rows:
        together[figure] += amount
    found = {row[1]: row[3] for row in disclosure(history, FIRST, LAST, "reporting").rows}
    assert found.pop(f"Exchange differences{MOVED}") == 0
    assert found == together


def test_a_disclosure_without_the_rates_is_refused_in_reporting_currency_alone(today: date, monkeypatch: Any) -> None:
    monkeypatch.setattr("tests.reports.test_disclosure.RATES", {"2099-12-31": "1.10"})
    history = History(compiled("2400", today, euros=True))
    assert disclosure(history, FIRST, LAST).rows
    with pytest.raises(BookRefused):
        disclosure(history, FIRST, LAST, "reporting")
