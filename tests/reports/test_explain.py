"""Every figure explained is the figure reported, and it is explained in the words of the field."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from engine.book.problems import BookRefused
from engine.book.reading import book_from_rows
from engine.reports.balances import FIGURES, balances
from engine.reports.explain import Explanation, explain
from engine.reports.explain.clock_words import share_words
from engine.reports.grouping import UnknownId
from engine.schedule.calendar import calendar
from engine.schedule.clocks import DAILY, HALF, MONTHLY, Clock
from engine.schedule.compile import compile_book
from engine.schedule.schedule import Schedule

from ..golden_cases import FILES, cases_of
from ..oracle.random_books import dates_of, random_book
from .checked import TODAY, contract, event, invoice, line, scheduled


def explained(schedule: Schedule, day: date) -> Iterator[Explanation]:
    return (explain(schedule, contract_id, None, day) for contract_id in schedule.layout.place_of)


def row(of: Explanation, figure: str, key: str = "C1/plan") -> list[Any]:
    """The first row whose figure begins like that."""
    return next(list(row) for row in of.table.rows if row[0] == key and row[1].startswith(figure))


# -- the figures are those of the reports ------------------------------------------------------------------------------


def agree(schedule: Schedule, day: date) -> None:
    """Every row of both balance reports, and nothing else, stands in the explanations."""
    reported = {
        by: {row[0]: dict(zip(FIGURES, row[2:], strict=True)) for row in balances(schedule, day, by).rows}
        for by in ("contract", "obligation")
    }
    missing = {key for by in reported for key in reported[by]} - {"(netting)"}
    for of in explained(schedule, day):
        found: dict[str, dict[str, int]] = defaultdict(dict)
        for key, figure, _, amount, *_ in of.table.rows:
            if figure in FIGURES:
                found[key][figure] = amount
        for key, figures in found.items():
            wanted = reported["obligation" if "/" in key else "contract"].get(key, {})
            for figure, amount in figures.items():
                assert amount == wanted.get(figure, 0), f"{day} {key} {figure}"
            assert key.endswith("(netting)") or set(figures) == set(FIGURES)
        missing -= set(found)
    assert not missing


@pytest.mark.parametrize("seed", range(20))
def test_every_amount_of_random_books_is_that_of_the_balances_report(seed: int) -> None:
    tables = random_book(seed)
    schedule = compile_book(book_from_rows(tables, TODAY))
    for day in random.Random(seed).sample(sorted(dates_of(tables)), 3):
        agree(schedule, day)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_amount_of_the_worked_examples_is_that_of_the_balances_report(file: Path) -> None:
    for case in cases_of(file):
        try:
            schedule = compile_book(book_from_rows(case["book"], TODAY))
        except BookRefused:
            continue  # to be refused, or not calculated yet
        asked = {date.fromisoformat(answer["as_of"]) for answer in case["expect"].get("balances", [])}
        for day in asked or {TODAY}:
            agree(schedule, day)


# -- what is said ------------------------------------------------------------------------------------------------------


def test_a_service_by_days_shows_its_days_its_price_and_the_cells_of_both() -> None:
    of = explain(scheduled(contracts=[contract()], obligations=[line("12000.00")]), "C1", "plan", date(2026, 3, 31))
    assert row(of, "price")[3:] == [1200000, "as stated", "obligations.csv:2 price"]
    assert row(of, "earned")[1] == "earned 2026-01-01 to 2026-03-31"
    assert row(of, "earned")[3:] == [
        295890,
        "ROUND(12,000.00 x 90/365 days); 12,000.00 over 2026-01-01 to 2026-12-31, daily",
        "contracts.csv:2 start, contracts.csv:2 end",
    ]
    assert row(of, "recognized")[3] == 295890
    assert row(of, "rpo")[4] == "9,041.10 backlog"
    assert of.currency == "USD" and {line[2] for line in of.table.rows} == {"USD"}


@pytest.mark.parametrize(
    ("convention", "words"),
    [
        ("monthly", "3 + 15/31 of 12 months"),
        ("even_months", "3 + 15/31 of 12 months"),
        ("full_months", "3 + 15/31 of 12 months"),
        ("half_month", "3 + 15/31 of 12 months"),
        ("30_360", "104 + 16/31 of 360 thirty-day days"),
        ("daily_ends", "106 + 79/155 of 365 days"),
    ],
)
def test_each_convention_shows_its_share_in_its_own_unit(convention: str, words: str) -> None:
    term = [line("12000.00", start="2025-12-01", end="2026-11-30", convention=convention)]
    of = explain(scheduled(contracts=[contract()], obligations=term), "C1", None, date(2026, 3, 15))
    assert words in row(of, "earned")[4], row(of, "earned")[4]


def test_a_part_month_at_the_start_counts_by_its_days() -> None:
    term = [line("12000.00", start="2024-01-15", end="2025-01-14", convention="monthly")]
    old = scheduled(contracts=[contract(start="", end="", signed_on="2024-01-15")], obligations=term)
    assert "17/31 of 12 months" in row(explain(old, "C1", "plan", date(2024, 1, 31)), "earned")[4]


def test_each_version_shows_what_opened_it_and_what_it_earned() -> None:
    rows = [event("pause", "2026-03-31"), event("resume", "2026-05-01")]
    paused = scheduled(contracts=[contract()], obligations=[line("3650.00")], events=rows)
    of = explain(paused, "C1", "plan", date(2026, 6, 30))
    spans = [line[1] for line in of.table.rows if line[1].startswith("earned")]
    assert spans == [
        "earned 2026-01-01 to 2026-03-30",
        "earned 2026-03-31 to 2026-04-30",
        "earned 2026-05-01 to 2026-06-30",
    ]
    assert row(of, "earned 2026-03-31")[5] == "pause events.csv:2 type"
    last = row(of, "earned 2026-05-01")
    assert last[5] == "resume events.csv:3 type"
    assert "of it in these days" in last[4] and "ROUND(3,650.00 x (18/73 + 55/73 x 61/245 days left))" in last[4]


def test_relative_prices_show_the_weights_and_their_cells() -> None:
    two = [line("10000.00", ssp="9000.00"), line("2000.00", "support", ssp="6000.00")]
    of = explain(scheduled(contracts=[contract()], obligations=two), "C1", None, date(2026, 1, 31))
    assert row(of, "price")[3] == 720000
    assert row(of, "price")[4] == "ROUND(12,000.00 x 9,000.00 / 15,000.00); relative, by ssp"
    assert "obligations.csv:3 ssp" in row(of, "price")[5]


def test_residual_grouped_and_combined_prices_say_so() -> None:
    tables: dict[str, Any] = {
        "contracts": [contract(), contract("C2", combined_with="C1")],
        "obligations": [
            line("60.00", ssp="80.00", discount_group="suite"),
            line("40.00", "more", ssp="40.00", discount_group="suite"),
            line("70.00", "rest", "C2", allocation="residual"),
        ],
    }
    schedule = scheduled(**tables)
    first, second = (explain(schedule, name, None, date(2026, 2, 28)) for name in ("C1", "C2"))
    assert "discount group suite" in row(first, "price")[4] and "combined with C2" in row(first, "price")[4]
    assert row(second, "price", "C2/rest")[4].startswith(
        "170.00 price of the contract - 100.00 allocated to the others; residual"
    )


def test_a_price_that_moves_is_told_again_from_that_day() -> None:
    tables: dict[str, Any] = {
        "contracts": [contract(), contract("C2", signed_on="2026-03-01", combined_with="C1")],
        "obligations": [line("1000.00", ssp="1000.00"), line("500.00", contract_id="C2", ssp="1000.00")],
    }
    of = explain(scheduled(**tables), "C1", None, date(2026, 3, 31))
    assert row(of, "price from 2026-03-01")[3] == 75000
    assert "combined with C2" in row(of, "price from 2026-03-01")[4]
    assert "contracts.csv:3 signed_on" in row(of, "price from 2026-03-01")[5]


BUILD = {"method": "progress", "expected_total": "80"}
CARD = {"method": "redemption", "breakage_percent": "10"}


@pytest.mark.parametrize(
    ("cells", "events", "words"),
    [
        ({"method": "point_in_time"}, [], "not delivered"),
        ({"method": "point_in_time"}, [("deliver", {"percent": "40"})], "ROUND(1,000.00 x 0.4 / 1)"),
        ({"method": "milestone"}, [("deliver", {"amount": "250.00"})], "ROUND(1,000.00 x 250.00 / 1,000.00)"),
        (BUILD, [("progress", {"quantity": "20"})], "ROUND(1,000.00 x 20 / 80)"),
        ({"method": "usage"}, [("use", {"amount": "1200.00"})], "200.00 beyond the commitment; 1,200.00 of 1,000.00"),
        (CARD, [("redeem", {"quantity": "450"})], "450 / (1,000 x (1 - 0.1))"),
        ({"method": "manual"}, [("recognize", {"amount": "77.00"})], "the amounts entered"),
        ({}, [("hold", {})], "held since 2026-02-10"),
    ],
    ids=["undelivered", "part", "milestone", "progress", "usage", "redemption", "manual", "held"],
)  # fmt: skip
def test_work_shows_its_measure(cells: dict[str, str], events: Any, words: str) -> None:
    rows = [event(kind, "2026-02-10", obligation_id="plan", **more) for kind, more in events]
    schedule = scheduled(contracts=[contract()], obligations=[line("1000.00", **cells)], events=rows)
    of = explain(schedule, "C1", "plan", date(2026, 2, 28))
    last = [line for line in of.table.rows if line[1].startswith("earned")][-1]
    assert words in last[4], last[4]
    assert not events or last[5].endswith("events.csv:2 type")


def test_documents_show_their_basis_the_share_and_the_notes_about_them() -> None:
    rows = [
        invoice("I1", "2026-01-01", "12000.00", due_on="2026-01-31"),
        invoice("N1", "2026-02-01", "2000.00", type="credit_note", reason="billing_error", applies_to="I1"),
    ]
    two = [line("9000.00"), line("3000.00", "support")]
    schedule = scheduled(contracts=[contract()], obligations=two, billings=rows, settings={"deferral_basis": "due"})
    of = explain(schedule, "C1", None, date(2026, 2, 28))
    told = row(of, "billed I1")
    assert told[3] == 750000
    assert "counts when due" in told[4] and "due 2026-01-31" in told[4]
    assert "ROUND((12,000.00 - 2,000.00 credited) x 9,000.00 / 12,000.00)" in told[4]
    assert told[5] == "billings.csv:2 amount, billings.csv:3 amount"
    early = explain(schedule, "C1", None, date(2026, 1, 30))
    assert row(early, "billed")[4] == "no documents that count"


def test_netting_is_shown_as_the_difference_between_the_unit_and_its_parts() -> None:
    ahead = [line("1200.00"), line("600.00", "goods", method="point_in_time", start="2026-01-01")]
    bill = [invoice("I1", "2026-01-01", "1200.00", obligation_id="plan")]
    of = explain(scheduled(contracts=[contract()], obligations=ahead, billings=bill), "C1", None, date(2026, 1, 31))
    told = row(of, "deferred", "C1/(netting)")
    assert told[3] == -60000 and "of the unit - " in told[4]
    assert row(of, "contracted", "C1")[4] == "1,200.00 + 600.00"


def test_exemptions_bridge_the_backlog_to_rpo() -> None:
    royalty = [line("12000.00", rpo_treatment="royalty")]
    of = explain(scheduled(contracts=[contract()], obligations=royalty), "C1", None, date(2026, 3, 31))
    assert row(of, "rpo")[3:5] == [0, "9,041.10 backlog - 9,041.10 royalty"]


def test_a_credit_contract_mirrors_a_charge() -> None:
    credit = scheduled(
        contracts=[contract()], obligations=[line("-1200.00")], billings=[invoice("I1", "2026-01-01", "-1200.00")]
    )
    of = explain(credit, "C1", "plan", date(2026, 6, 30))
    assert row(of, "deferred")[3] == -60493 and row(of, "deferred")[4].endswith("a credit")


def test_before_signing_there_is_nothing_but_what_was_billed() -> None:
    early = scheduled(
        contracts=[contract(signed_on="2026-02-01")],
        obligations=[line("1200.00")],
        billings=[invoice("I1", "2026-01-10", "1200.00")],
    )
    of = explain(early, "C1", None, date(2026, 1, 31))
    assert "not signed before 2026-02-01" in of.heading
    assert row(of, "contracted")[3:5] == [0, "nothing before signing"]
    assert row(of, "refund_liability")[3] == 120000


def test_one_obligation_can_be_asked_for_alone_and_unknown_ids_are_refused() -> None:
    two = scheduled(contracts=[contract()], obligations=[line("1200.00"), line("600.00", "support")])
    assert {line[0] for line in explain(two, "C1", "support", date(2026, 1, 31)).table.rows} == {"C1/support"}
    with pytest.raises(UnknownId, match="'C9'"):
        explain(two, "C9", None, date(2026, 1, 31))
    with pytest.raises(UnknownId, match="'sport'"):
        explain(two, "C1", "sport", date(2026, 1, 31))


def test_the_text_is_a_block_an_obligation_and_a_line_a_figure() -> None:
    one = scheduled(
        contracts=[contract()],
        obligations=[line("12000.00", product="Platform")],
        billings=[invoice("I1", "2026-01-01", "12000.00")],
    )
    text = explain(one, "C1", None, date(2026, 3, 31)).text.splitlines()
    assert text[0].startswith("C1  Acme, signed 2026-01-01, at the close of 2026-03-31 in USD; netting by contract")
    assert text[1:3] == ["", "C1/plan  Platform, ratable"]
    assert (
        "  billed I1                        12,000.00  12,000.00; invoice of 2026-01-01, counts on its date" in text[5]
    )
    assert text[-1].split() == ["rpo", "9,041.10", "9,041.10", "backlog"]


def test_amounts_are_shown_in_the_decimals_of_their_currency() -> None:
    yen = scheduled(
        settings={"reporting_currency": "JPY"}, contracts=[contract(currency="JPY")], obligations=[line("12000")]
    )
    assert "ROUND(12,000 x 90/365 days)" in explain(yen, "C1", None, date(2026, 3, 31)).text


# -- shares in words ---------------------------------------------------------------------------------------------------


def test_a_share_is_told_in_the_unit_of_its_convention() -> None:
    def told(code: int, first: date, last: date, day: date) -> str:
        clock = Clock(code, first.toordinal(), last.toordinal(), calendar())
        return share_words(clock, day.toordinal())

    january = date(2026, 1, 5), date(2026, 1, 24)
    assert told(MONTHLY, *january, date(2026, 1, 9)) == "5/20 days"
    assert told(DAILY, *january, date(2026, 1, 4)) == "0" and told(DAILY, *january, date(2026, 1, 24)) == "1"
    two = date(2026, 1, 16), date(2026, 2, 14)
    assert told(MONTHLY, *two, date(2026, 1, 31)) == "16/31 of 1 + 1/62 months"
    assert told(HALF, *two, date(2026, 1, 31)) == "1/2 of 1 months"
