"""The book as known at a day: what was recorded later is left out, and nothing that is left hangs in the air."""

from __future__ import annotations

import datetime as dt

from engine.book.book import Book
from engine.book.known_at import NEVER
from engine.book.reading import book_from_rows, examine_rows
from engine.reports.balances import balances
from engine.schedule.compile import compile_book

from .books import GOOD, TODAY, Tables


def known(tables: Tables, day: str) -> Book:
    return book_from_rows(tables, TODAY, dt.date.fromisoformat(day))


def test_rows_are_known_from_their_own_date_unless_recorded_otherwise(good: Tables) -> None:
    good["billings"][0]["recorded_on"] = "2026-04-15"
    good["billings"][7]["recorded_on"] = "2026-01-15"
    book = known(good, "2026-04-01")
    assert book.billings["document_id"] == ["D2", "D3", "P1", "N1", "D4"]
    assert book.billings.where(3, "amount") == "billings.csv:6 amount"
    assert book.billings["applies_to"] == [None, None, None, None, None], "D1 is not yet known"


def test_contracts_and_lines_recorded_later_stay_but_are_never_in_force(good: Tables) -> None:
    good["contracts"][0]["recorded_on"] = "2026-06-01"
    good["obligations"][1]["recorded_on"] = "2026-05-01"
    book = known(good, "2026-02-01")
    assert book.contracts["signed_on"] == [NEVER, dt.date(2026, 2, 1), NEVER, NEVER]
    assert book.obligations["added_on"] == [None, NEVER, *[None] * 6, NEVER, NEVER, NEVER]
    assert len(book.obligations) == len(GOOD["obligations"])


def test_a_void_of_a_document_not_yet_known_is_left_out(good: Tables) -> None:
    good["billings"][2]["recorded_on"] = "2026-09-01"
    book = known(good, "2026-08-01")
    assert not {"D3", "V1"} & set(book.billings["document_id"])


def test_a_resume_whose_pause_is_not_yet_known_is_left_out(good: Tables) -> None:
    good["events"][8]["recorded_on"] = "2026-09-01"
    book = known(good, "2026-08-01")
    assert not {"E9", "E10"} & set(book.events["event_id"])
    assert {"E11", "E12"} <= set(book.events["event_id"])


def test_rates_costs_and_ledger_are_known_from_their_day(good: Tables) -> None:
    book = known(good, "2026-01-30")
    assert [len(rows) for rows in (book.rates, book.costs, book.ledger, book.estimates)] == [0, 0, 0, 0]
    assert len(book.accounts) == 2, "accounts have no date"


def test_a_column_of_ones_own_named_recorded_on_is_only_kept(good: Tables) -> None:
    good["costs"][0]["recorded_on"] = "last week"
    assert len(known(good, "2026-11-20").costs) == len(known(GOOD, "2026-11-20").costs) > 0


def test_the_whole_book_is_checked_before_anything_is_left_out(good: Tables) -> None:
    good["billings"][8]["amount"] = "x"
    book, problems = examine_rows(good, TODAY, dt.date(2026, 1, 1))
    assert book is None and [problem.where for problem in problems] == ["billings.csv:10 amount"]


def test_a_book_known_today_is_the_whole_book(good: Tables) -> None:
    assert known(good, "2026-11-20").fingerprint == book_from_rows(good, TODAY).fingerprint
    assert known(good, "2026-06-01").fingerprint != book_from_rows(good, TODAY).fingerprint


def test_amounts_in_several_currencies_keep_theirs(good: Tables) -> None:
    good["contracts"][1]["currency"] = "JPY"
    good["rates"].append({"date": "2026-01-31", "from": "JPY", "to": "USD", "rate": "0.0064"})
    good["billings"][1].update(currency="JPY", recorded_on="2026-10-01")
    book = known(good, "2026-08-01")
    assert book.events["price"][book.events["event_id"].index("E13")] == 700


def test_what_ends_a_contract_that_is_not_yet_known_ends_nothing(good: Tables) -> None:
    good["contracts"][0]["recorded_on"] = "2026-06-01"
    good["events"].append({"event_id": "E99", "contract_id": "C1", "date": "2026-03-01", "type": "cancel"})
    book = known(good, "2026-04-01")
    table = balances(compile_book(book), dt.date(2026, 12, 31))
    figures = {row[0]: dict(zip(table.names, row, strict=True)) for row in table.rows}
    assert figures["C1"]["contracted"] == figures["C1"]["recognized"] == 0
