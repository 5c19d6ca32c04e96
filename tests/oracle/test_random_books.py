"""The identities of section 1 and the sums of every report hold on random books, and the books are valid."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

import pytest

from .oracle import BANDS, COLUMNS, Oracle
from .random_books import CONVENTIONS, METHODS, ROUNDINGS, dates_of, random_book
from .rows import DAY_ORDER

TODAY = date(2027, 1, 15)
SEEDS = range(30)


@cache
def asked(seed: int, choices: bool) -> tuple[Oracle, list[date]]:
    """The oracle of a random book and a few days to ask about."""
    book = random_book(seed, choices=choices)
    days = random.Random(seed).sample(dates_of(book), 4)
    return Oracle(book, TODAY), sorted(days)


def total_of(rows: Iterable[Mapping[str, Any]], column: str) -> dict[str, Decimal]:
    """A column added up per currency."""
    totals: dict[str, Decimal] = {}
    for row in rows:
        totals[row["currency"]] = totals.get(row["currency"], Decimal(0)) + row[column]
    return totals


ON_RANDOM_BOOKS = pytest.mark.parametrize("seed", SEEDS)


@ON_RANDOM_BOOKS
def test_backlog_is_deferred_and_unbilled_and_the_balance_sheet_is_billed_less_recognized(seed: int) -> None:
    for choices in (False, True):
        oracle, days = asked(seed, choices)
        for day in days:
            for by in ("contract", "obligation", "product", "total"):
                for key, row in oracle.balances(day, by).items():
                    cells: dict[str, Any] = row
                    assert cells["backlog"] == cells["contracted"] - cells["recognized"]
                    assert cells["backlog"] == cells["deferred"] + cells["backlog_unbilled"]
                    sheet = cells["deferred"] + cells["refund_liability"] - cells["contract_asset"]
                    assert sheet == cells["billed"] - cells["recognized"]
                    assert cells["deferred"] == cells["deferred_current"] + cells["deferred_noncurrent"]
                    if by == "obligation" and "(netting)" not in key:
                        assert cells["deferred"] * cells["contract_asset"] == 0


@ON_RANDOM_BOOKS
def test_rows_of_any_fineness_add_up_to_the_same_total(seed: int) -> None:
    oracle, days = asked(seed, False)
    for day in days:
        whole = oracle.balances(day, "total").values()
        for by in ("contract", "obligation", "product", "customer"):
            rows = oracle.balances(day, by).values()
            for column in COLUMNS:
                assert total_of(rows, column) == total_of(whole, column)


@ON_RANDOM_BOOKS
def test_nothing_but_a_refund_liability_stands_before_signing(seed: int) -> None:
    oracle, _days = asked(seed, False)
    for contract in oracle.book.contracts:
        row: dict[str, Any] = oracle.balances(contract.signed_on - timedelta(days=1)).get(contract.id, {})
        if row:
            assert row["contracted"] == row["recognized"] == row["backlog"] == row["deferred"] == 0
            assert row["refund_liability"] - row["contract_asset"] == row["billed"]


@ON_RANDOM_BOOKS
def test_the_waterfall_adds_up_to_the_price_and_starts_from_the_balance(seed: int) -> None:
    oracle, days = asked(seed, False)
    for day in days[:2]:
        balances: Mapping[str, Mapping[str, Any]] = oracle.balances(day, "obligation")
        left = oracle.waterfall(day, 7, "obligation", "balance")
        for key, row in oracle.waterfall(day, 7, "obligation").items():
            cells: dict[str, Any] = dict(row)
            contracted = cells.pop("contracted")
            assert contracted == balances[key]["contracted"]
            assert cells["to_date"] == balances[key]["recognized"]
            del cells["currency"]
            assert sum(cells.values()) == contracted
            backlog = contracted - cells.pop("to_date")
            del cells["thereafter"]
            for month, amount in cells.items():
                backlog -= amount
                assert left[key][month] == backlog


@ON_RANDOM_BOOKS
def test_the_rollforward_closes_and_opens_where_the_last_one_closed(seed: int) -> None:
    oracle, days = asked(seed, False)
    period = oracle.book.settings.calendar.period_of(days[1])
    following = oracle.book.settings.calendar.period_of(period.last + timedelta(days=1))
    at_close: Mapping[str, Mapping[str, Any]] = oracle.balances(period.last, "total")
    for of in ("deferred", "backlog"):
        after = oracle.rollforward(following.label, of)
        for currency, row in oracle.rollforward(period.label, of).items():
            moves = [amount for column, amount in row.items() if column not in ("opening", "closing")]
            assert row["opening"] + sum(moves) == row["closing"]
            assert row["closing"] == at_close[currency][of] == after[currency]["opening"]
        revenue = oracle.revenue([period.label], "total")
        for currency, row in oracle.rollforward(period.label, of).items():
            assert revenue[currency][period.label] == -row["recognized"] - row.get("breakage", 0)


@ON_RANDOM_BOOKS
def test_the_bridge_leads_from_backlog_to_rpo_and_the_bands_add_up_to_it(seed: int) -> None:
    oracle, days = asked(seed, False)
    for day in days:
        balances: Mapping[str, Mapping[str, Any]] = oracle.balances(day, "total")
        for currency, row in oracle.rpo(day).items():
            taken = ("not_enforceable", "right_to_invoice", "royalty", "short_contracts")
            assert row["backlog"] + sum(row[column] for column in taken) == row["rpo"]
            assert row["backlog"] == balances[currency]["backlog"]
            assert row["rpo"] == balances[currency]["rpo"] == sum(row[band] for band in BANDS)


@ON_RANDOM_BOOKS
def test_months_add_up_to_what_is_recognized(seed: int) -> None:
    oracle, days = asked(seed, False)
    periods = oracle.book.settings.calendar.periods_between(days[0], days[0] + timedelta(days=400))
    opening = oracle.balances(periods[0].first - timedelta(days=1), "total")
    closing = oracle.balances(periods[-1].last, "total")
    for currency, months in oracle.revenue([p.label for p in periods], "total").items():
        before: Any = opening[currency]["recognized"]
        after: Any = closing[currency]["recognized"]
        assert sum(months.values()) == after - before


@ON_RANDOM_BOOKS
def test_a_price_is_wholly_earned_where_the_clock_ran_out(seed: int) -> None:
    oracle, _ = asked(seed, False)
    late = date(2060, 1, 1)
    for o in oracle.book.obligations:
        stopped = [e for e in oracle.book.events if o in e.obligations and e.type in ("pause", "hold")]
        if o.method == "ratable" and not stopped and oracle.book.settings.early_service == "accrue":
            assert oracle.recognized(o, late, late) == oracle.contracted(o, late)


@ON_RANDOM_BOOKS
def test_random_books_break_no_rule_of_the_tables(seed: int) -> None:
    for choices in (False, True):
        oracle, _ = asked(seed, choices)
        book = oracle.book
        assert len({d.id for d in book.documents}) == len(book.documents)
        assert len({e.id for e in book.events}) == len(book.events)
        for contract in book.contracts:
            assert contract.start is None or contract.end is None or contract.start <= contract.end
            together = book.combination_of(contract)
            assert len({c.currency for c in together}) == 1
            lines = [o for o in book.obligations if o.contract in together]
            if any(o.ssp is not None for o in lines):
                assert all(o.ssp is not None or o.allocation == "residual" for o in lines)
        for invoice in (d for d in book.documents if d.type == "invoice" and d.amount > 0):
            notes = [d for d in book.documents if d.applies_to == invoice.id and d.type == "credit_note"]
            assert sum(abs(note.amount) for note in notes) <= invoice.amount
            assert all(note.day >= invoice.day for note in notes)
        for o in book.obligations:
            assert o.start is None or o.end is None or o.start <= o.end
            assert o.method != "ratable" or (o.start is not None and o.end is not None)
            events = [e for e in book.events if o in e.obligations]
            amounts = {kind: [e for e in events if e.type == kind] for kind in DAY_ORDER}
            if o.allocation == "residual":
                for day in (o.contract.signed_on, date(2060, 1, 1)):
                    line = oracle.lives.line(o, day)
                    assert line is not None
                    taken = line.proper
                    assert o.ssp_low is None or o.ssp_low <= taken
                    assert o.ssp_high is None or taken <= o.ssp_high
            if o.method in ("milestone", "manual"):
                given = sum(abs(e.amount or Fraction(0)) for e in amounts["deliver"] + amounts["recognize"])
                assert given <= abs(o.price)
            assert sum(e.percent or 0 for e in amounts["deliver"]) <= 100
            if o.method == "redemption":
                sold = o.quantity or Fraction(o.cells["price"])
                assert sum(e.quantity or 0 for e in amounts["redeem"]) <= sold
            if o.method == "progress":
                measure, expected = Fraction(0), o.expected_total or Fraction(0)
                for event in events:
                    if event.type == "estimate":
                        expected = event.quantity or Fraction(0)
                    elif event.type == "progress" and event.percent is not None:
                        measure = expected * event.percent / 100
                    elif event.type == "progress":
                        measure += event.quantity or 0
                    assert measure <= expected
            for begin, finish in (("pause", "resume"), ("hold", "release")):
                turns = [e.type for e in events if e.type in (begin, finish)]
                assert turns == [begin, finish] * (len(turns) // 2) + [begin] * (len(turns) % 2)


def test_random_books_are_the_same_for_the_same_seed_and_reach_every_word() -> None:
    assert random_book(7) == random_book(7)
    books = [random_book(seed) for seed in range(300)]
    words: dict[str, set[str]] = {}
    for book in books:
        for table in ("contracts", "obligations", "billings", "events"):
            for row in book[table]:
                for column, cell in row.items():
                    words.setdefault(f"{table}.{column}", set()).add(cell)
        for name, value in book["settings"].items():
            words.setdefault(name, set()).add(value)
    assert words["events.type"] == set(DAY_ORDER) - {"change", "cancel"}
    assert words["obligations.convention"] == words["convention"] == set(CONVENTIONS)
    assert words["obligations.rounding"] == words["rounding"] == set(ROUNDINGS)
    assert words["obligations.method"] == set(METHODS)
    assert words["obligations.allocation"] == {"relative", "stated", "residual"}
    assert words["deferral_basis"] == {"invoice", "due", "paid", "unconditional"}
    assert words["calendar"] == {"4-4-5", "4-5-4", "5-4-4"}
    assert words["billings.type"] == {"invoice", "credit_note", "void", "payment"}
    assert "extend" in words["events.treatment"]
    assert {"combined_with", "enforceable_end"} <= {name.split(".")[1] for name in words if "contracts." in name}
