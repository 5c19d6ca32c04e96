"""Contract costs: capitalized, amortized, impaired, and what is carried."""

from __future__ import annotations

from datetime import date
from typing import Any

from engine.book.reading import book_from_rows
from engine.reports.costs import costs
from engine.reports.journal import journal
from engine.schedule.compile import compile_book
from engine.schedule.schedule import Schedule

YEAR = {"start": "2026-01-01", "end": "2026-12-31"}


def schedule(*cost_rows: dict[str, str], events: list[dict[str, str]] | None = None) -> Schedule:
    book = {
        "contracts": [{"contract_id": "C1", "customer": "Acme", "signed_on": "2025-12-15", **YEAR}],
        "obligations": [{"contract_id": "C1", "obligation_id": "plan", "price": "3650.00"}],
        "events": [{"event_id": f"E{n}", "contract_id": "C1", **row} for n, row in enumerate(events or ())],
        "costs": [{"cost_id": f"K{n}", "contract_id": "C1", **row} for n, row in enumerate(cost_rows)],
    }
    return compile_book(book_from_rows(book, date(2027, 1, 31)))


def row(of: Schedule, first: str, last: str) -> dict[str, Any]:
    table = costs(of, date.fromisoformat(first), date.fromisoformat(last))
    assert len(table.rows) == 1
    return dict(zip(table.names, table.rows[0], strict=True))


def test_a_cost_is_amortized_over_the_contract_unless_it_has_its_own_days() -> None:
    whole = row(schedule({"date": "2025-12-15", "amount": "365.00"}), "2026-01-01", "2026-01-31")
    assert (whole["opening"], whole["amortized"], whole["closing"]) == (36500, -3100, 33400)
    own = {"date": "2025-12-15", "amount": "365.00", "start": "2026-01-01", "end": "2027-12-31"}
    assert row(schedule(own), "2026-01-01", "2026-12-31")["closing"] == 18250


def test_what_is_left_is_impaired_when_the_contract_is_cancelled() -> None:
    of = schedule({"date": "2025-12-15", "amount": "365.00"}, events=[{"date": "2026-04-10", "type": "cancel"}])
    found = row(of, "2026-04-01", "2026-04-30")
    assert found["opening"] == 36500 - 9000
    assert (found["amortized"], found["impaired"], found["closing"]) == (-1000, -26500, 0)


def test_a_cost_of_a_contract_that_goes_on_is_not_impaired() -> None:
    of = schedule({"date": "2025-12-15", "amount": "365.00"}, events=[{"date": "2026-04-10", "type": "hold"}])
    assert row(of, "2026-04-01", "2026-04-30")["impaired"] == 0


def test_costs_have_entries_of_their_own() -> None:
    table = journal(schedule({"date": "2025-12-15", "amount": "365.00"}), date(2025, 12, 1), date(2026, 1, 31))
    role, debit, credit, day = (table.names.index(name) for name in ("role", "debit", "credit", "date"))
    found = [(line[day], line[role], line[debit], line[credit]) for line in table.rows if "cost" in line[role]]
    assert (date(2025, 12, 15), "contract_cost", 36500, None) in found
    assert (date(2025, 12, 15), "cost_payable", None, 36500) in found
    assert (date(2026, 1, 31), "cost_expense", 3100, None) in found
    assert (date(2026, 1, 31), "contract_cost", None, 3100) in found


def test_a_book_without_costs_has_no_rows() -> None:
    assert costs(schedule(), date(2026, 1, 1), date(2026, 12, 31)).rows == []
