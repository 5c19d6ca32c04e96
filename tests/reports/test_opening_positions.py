"""Contracts taken over from a former system: what each report says of the day of cut-over, and of days around it."""

from __future__ import annotations

from datetime import date
from typing import Any

from engine.book.reading import book_from_rows
from engine.reports.compare import State, compare
from engine.reports.disclosure import disclosure
from engine.reports.explain import explain
from engine.reports.revenue import revenue
from engine.reports.rollforward import rollforward
from engine.reports.standing import standing_journal, standing_revenue, standing_rollforward
from engine.reports.waterfall import waterfall
from engine.schedule.compile import compile_book
from engine.schedule.history import Closed, History
from engine.schedule.schedule import Schedule

CUT_OVER = date(2026, 6, 30)
FIRST, LAST = date(2026, 1, 1), date(2026, 7, 31)


def opening(line: str = "plan", recognized: str = "18000", billed: str = "36500", **cells: str) -> dict[str, str]:
    row = {"contract_id": "C1", "obligation_id": line, "cut_over": "2026-06-30", "recognized": recognized}
    return {**row, "billed": billed, **cells}


def tables(*openings: dict[str, str]) -> dict[str, list[dict[str, Any]]]:
    """A contract of two years in two lines, 100 and 10 a day in 2026, taken over at midyear."""
    contract = {"contract_id": "C1", "customer": "Acme", "signed_on": "2025-12-15"}
    term = {"contract_id": "C1", "start": "2026-01-01", "end": "2026-12-31"}
    prices = {"plan": "36500", "care": "3650"}
    return {
        "contracts": [contract],
        "obligations": [{**term, "obligation_id": line, "price": price} for line, price in prices.items()],
        "openings": [*openings],
    }


def taken_over(today: date, recognized: str = "18000", known_at: date | None = None, **care: str) -> Schedule:
    rows = tables(opening(recognized=recognized), opening("care", "2000", "0", **care))
    return compile_book(book_from_rows(rows, today, known_at))


def test_the_position_is_that_of_the_netting_unit_and_no_other_movement(today: date) -> None:
    table = rollforward(taken_over(today), FIRST, LAST)
    june, july = (dict(zip(table.names, row, strict=True)) for row in table.rows[-2:])
    assert june["opening_position"] == june["closing"] == 3650000 - 1800000 - 200000
    assert [june[name] for name in table.names[4:-1]] == [0] * len(table.names[4:-1])
    left = 1850000 * 31 / 184 + 165000 * 31 / 184
    assert july["opening_position"] == 0 and july["recognized"] == -round(left)


def test_a_book_without_positions_has_no_such_column(today: date) -> None:
    rows = tables()
    del rows["openings"]
    schedule = compile_book(book_from_rows(rows, today))
    assert "opening_position" not in rollforward(schedule, FIRST, LAST).names
    assert "opening_position" in standing_rollforward(History(taken_over(today)), FIRST, LAST).names


def test_combined_contracts_are_taken_over_as_one_and_net(today: date) -> None:
    rows = tables(opening(), opening("care", "2000", "0"))
    other = {"contract_id": "C2", "customer": "Acme", "signed_on": "2026-01-15", "combined_with": "C1"}
    rows["contracts"].append(other)
    rows["obligations"].append({"contract_id": "C2", "obligation_id": "build", "price": "10000", "method": "milestone"})
    rows["openings"].append({**opening("build", "4000", "0"), "contract_id": "C2"})
    table = rollforward(compile_book(book_from_rows(rows, today)), CUT_OVER, CUT_OVER)
    assert dict(zip(table.names, table.rows[0], strict=True))["opening_position"] == 3650000 - 2000000 - 400000


def test_a_line_whose_position_was_not_yet_known_was_not_in_the_book(today: date) -> None:
    schedule = taken_over(today, known_at=date(2026, 7, 31), recorded_on="2026-08-15")
    assert [row[0] for row in waterfall(schedule, LAST, 3, "obligation").rows] == ["C1/plan"]
    assert not waterfall(taken_over(today, known_at=date(2026, 6, 29)), LAST, 3, "obligation").rows


def test_a_waterfall_begins_with_what_the_former_system_recognized(today: date) -> None:
    row = dict(
        zip(*(lambda table: (table.names, table.rows[0]))(waterfall(taken_over(today), CUT_OVER, 6)), strict=True)
    )
    assert (row["contracted"], row["to_date"], row["thereafter"]) == (4015000, 2000000, 0)


def test_a_position_corrected_after_a_close_moves_revenue_since_and_no_revenue_before(today: date) -> None:
    before, after = taken_over(today), taken_over(today, "18500")
    closed = Closed("2026-07", date(2026, 7, 1), LAST, lambda: before)
    history, until = History(after, [closed]), date(2026, 8, 31)
    found = standing_revenue(history, FIRST, until, "total")
    row = dict(zip(found.names, found.rows[0], strict=True))
    assert row["prior_period"] == -(round(1850000 * 31 / 184) - round(1800000 * 31 / 184))
    assert row["total"] == revenue(after, FIRST, until, "total").rows[0][-1]
    rolled = standing_rollforward(history, FIRST, until)
    august = dict(zip(rolled.names, rolled.rows[-1], strict=True))
    assert august["prior_period"] == -50000 - row["prior_period"]
    prior = [line for line in standing_journal(history, FIRST, until).rows if "Openings C1/plan" in str(line[-1])]
    assert sum((line[5] or 0) for line in prior if line[3] == "revenue") == -row["prior_period"]


def test_compare_names_the_position_as_a_cause_of_its_own(today: date) -> None:
    schedule = taken_over(today)
    lines = compare(State(schedule, date(2026, 5, 31)), State(schedule, LAST), "deferred", "contract").rows
    assert [row[4] for row in lines if row[1] == "opening_position"] == [1650000]
    moved = sum(row[4] for row in lines if row[1] not in ("opening", "closing"))
    assert moved == next(row[4] for row in lines if row[1] == "closing")


def test_the_disclosure_tells_contracts_taken_over_apart(today: date) -> None:
    found = {row[1]: row[3] for row in disclosure(History(taken_over(today)), FIRST, LAST).rows}
    assert found["Contracts taken over, as it moved contract liabilities"] == 1650000
    assert found["Billings, as it moved contract liabilities"] == 0


def test_an_explanation_says_when_it_was_taken_over_at_what_and_where_that_stands(today: date) -> None:
    schedule = taken_over(today)
    of = explain(schedule, "C1", "plan", LAST)
    assert "taken over at the close of 2026-06-30" in of.heading
    rows = {row[1]: row for row in of.table.rows}
    assert rows["taken over 2026-06-30"][3] == 1800000
    assert rows["taken over 2026-06-30"][5].startswith("openings.csv:2 recognized")
    assert (rows["billed before"][3], rows["billed before"][5]) == (3650000, "openings.csv:2 billed")
    early = explain(schedule, "C1", "plan", date(2026, 6, 29))
    assert "not taken over before 2026-06-30" in early.heading
    assert all(row[3] == 0 for row in early.table.rows)
