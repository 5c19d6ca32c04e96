"""Books with changes, estimates, notes, costs and financing: they are valid, and the oracle keeps to its identities.

`pytest -m thorough` asks about many more books of each scope than the default.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from engine.book.problems import Severity
from engine.book.reading import examine_rows

from .calendars import ONE_DAY
from .changes import Change
from .oracle import COLUMNS, Oracle
from .random_books import SCOPES, dates_of, random_book
from .rows import CHANGES, REASONS, Document, Estimate, Event

TODAY = date(2027, 1, 15)
FEW, MANY = range(2, 3), range(100, 140)
CHANGED = [name for name, scope in SCOPES.items() if scope.changes]


def each(names: list[str]) -> pytest.MarkDecorator:
    """Some books of each scope, many more if thorough."""
    few = [pytest.param(name, seed) for name in names for seed in FEW]
    many = [pytest.param(name, seed, marks=pytest.mark.thorough) for name in names for seed in MANY]
    return pytest.mark.parametrize(("scope", "seed"), few + many)


@cache
def asked(scope: str, seed: int) -> tuple[dict[str, Any], Oracle, list[date]]:
    """A random book, its oracle and a few days to ask about."""
    book = random_book(seed, SCOPES[scope], choices=seed % 2 == 1)
    return book, Oracle(book, TODAY), sorted(random.Random(seed).sample(dates_of(book), 3))


@pytest.mark.parametrize("choices", [False, True])
@pytest.mark.parametrize("scope", SCOPES)
def test_every_random_book_is_accepted(scope: str, choices: bool) -> None:
    for seed in range(10):
        _, problems = examine_rows(random_book(seed, SCOPES[scope], choices=choices), TODAY)
        assert not [p for p in problems if p.severity is Severity.STOP], f"seed {seed}"


@each(list(SCOPES))
def test_every_row_of_balances_keeps_the_identities_and_all_rows_the_total(scope: str, seed: int) -> None:
    _, oracle, days = asked(scope, seed)
    for day in days:
        whole = oracle.balances(day, "total")
        for by in ("contract", "obligation", "product", "total"):
            totals: dict[str, dict[str, Decimal]] = {}
            for row in oracle.balances(day, by).values():
                cells: dict[str, Any] = row
                assert cells["backlog"] == cells["contracted"] - cells["recognized"]
                assert cells["backlog"] == cells["deferred"] + cells["backlog_unbilled"]
                sheet = cells["deferred"] + cells["refund_liability"] - cells["contract_asset"]
                assert sheet == cells["billed"] - cells["recognized"]
                assert cells["deferred"] == cells["deferred_current"] + cells["deferred_noncurrent"]
                total = totals.setdefault(cells["currency"], dict.fromkeys(COLUMNS, Decimal(0)))
                for column in COLUMNS:
                    total[column] += cells[column]
            assert {key: row | {"currency": key} for key, row in totals.items()} == whole


@each(list(SCOPES))
def test_flows_lead_from_balance_to_balance(scope: str, seed: int) -> None:
    _, oracle, days = asked(scope, seed)
    calendar = oracle.book.settings.calendar
    period = calendar.period_of(days[1])
    following = calendar.period_of(period.last + ONE_DAY)
    closing: Mapping[str, Mapping[str, Any]] = oracle.balances(period.last, "total")
    opening: Mapping[str, Mapping[str, Any]] = oracle.balances(period.first - ONE_DAY, "total")
    revenue = oracle.revenue([period.label], "total")
    for of in ("deferred", "backlog"):
        after = oracle.rollforward(following.label, of)
        for currency, row in oracle.rollforward(period.label, of).items():
            moves = [amount for column, amount in row.items() if column not in ("opening", "closing")]
            assert row["opening"] + sum(moves) == row["closing"]
            assert row["opening"] == opening[currency][of]
            assert row["closing"] == closing[currency][of] == after[currency]["opening"]
            assert revenue[currency][period.label] == -row["recognized"] - row.get("breakage", 0)
    for currency, months in revenue.items():
        assert months[period.label] == closing[currency]["recognized"] - opening[currency]["recognized"]


@each(list(SCOPES))
def test_entries_balance_and_leave_what_the_balances_say(scope: str, seed: int) -> None:
    _, oracle, days = asked(scope, seed)
    for first, last in ((days[0], days[1]), (days[1] + ONE_DAY, days[2])):
        moved = oracle.journal(first, last)
        assert not any(sum(row.values()) for row in moved.values())
    everything = oracle.journal(date(2015, 1, 1), days[2])
    for role, sign in (("contract_asset", 1), ("refund_liability", -1)):
        for currency, row in oracle.balances(days[2], "total").items():
            contracts = [c for c in oracle.book.contracts if c.currency == currency and c.id in everything]
            cells: dict[str, Any] = row
            assert sum(everything[c.id][role] for c in contracts) == sign * cells[role]


@each(list(SCOPES))
def test_the_waterfall_and_the_bands_add_up_and_start_from_the_balance(scope: str, seed: int) -> None:
    _, oracle, days = asked(scope, seed)
    balances: Mapping[str, Mapping[str, Any]] = oracle.balances(days[1], "obligation")
    for key, row in oracle.waterfall(days[1], 7, "obligation").items():
        cells: dict[str, Any] = dict(row)
        del cells["currency"]
        assert (cells["contracted"], cells["to_date"]) == (balances[key]["contracted"], balances[key]["recognized"])
        assert cells.pop("contracted") == sum(cells.values())
    for row_of_rpo in oracle.rpo(days[1]).values():
        taken = ("not_enforceable", "right_to_invoice", "royalty", "short_contracts")
        assert row_of_rpo["backlog"] + sum(row_of_rpo[column] for column in taken) == row_of_rpo["rpo"]


@each(list(SCOPES))
def test_the_order_of_rows_and_of_questions_does_not_matter(scope: str, seed: int) -> None:
    book, oracle, days = asked(scope, seed)
    rng = random.Random(seed)
    tables = {t: rng.sample(book[t], len(book[t])) for t in ("events", "billings", "estimates", "costs") if t in book}
    other = Oracle(book | tables, TODAY)
    for day in reversed(days):
        assert other.balances(day, "obligation") == oracle.balances(day, "obligation")
        for key, row in other.costs(days[0], day).items():
            assert row == oracle.costs(days[0], day)[key]


@each(list(SCOPES))
def test_rows_after_a_day_say_nothing_about_it(scope: str, seed: int) -> None:
    book, oracle, days = asked(scope, seed)
    for day in days[:2]:
        known = Oracle(known_by(book, day), TODAY)
        assert known.balances(day, "obligation") == oracle.balances(day, "obligation")


def known_by(book: dict[str, Any], day: date) -> dict[str, Any]:
    """Without the rows dated after a day, except those that look ahead: the real start, whether there are deliveries,
    and what holds on the day of signing (a document dated before takes its split from that day)."""
    until = {row["contract_id"]: max(row["signed_on"], day.isoformat()) for row in book["contracts"]}
    kept = dict(book)
    for table in ("events", "estimates"):
        ahead = ("activate", "deliver")
        rows = book.get(table, [])
        kept[table] = [r for r in rows if r["date"] <= until[r["contract_id"]] or r.get("type") in ahead]
    kept["billings"] = [row for row in book["billings"] if row["date"] <= day.isoformat()]
    return kept


@each(CHANGED)
def test_a_prospective_change_leaves_the_revenue_of_service_before_alone(scope: str, seed: int) -> None:
    """As long as something is left to earn, on every obligation and in the pool."""
    _, oracle, _ = asked(scope, seed)
    for contract in oracle.book.contracts:
        together = oracle.book.combination_of(contract)
        for change in oracle.lives.moves(tuple(c.id for c in together)):
            if not isinstance(change, Change) or not change.is_prospective or change.upgraded:
                continue
            if is_alone(oracle, change, {c.id for c in together}) and change.day > max(c.signed_on for c in together):
                eve = change.day - ONE_DAY
                lines = [o for o in oracle.book.obligations if o.contract in together]
                left = [oracle.lives.contracted(o, eve) - oracle.lives.recognized(o, eve, eve)[0] for o in lines]
                price = [oracle.lives.contracted(o, change.day) - oracle.lives.contracted(o, eve) for o in lines]
                if min(sum(left), sum(left) + sum(price)) <= 0:
                    continue
                for o, of_line in zip(lines, left, strict=True):
                    if of_line and oracle.lives.line(o, eve) is not None:
                        moved = oracle.lives.recognized(o, eve, change.day)[0] - oracle.lives.recognized(o, eve, eve)[0]
                        left_after = oracle.lives.contracted(o, change.day) - oracle.lives.recognized(o, eve, eve)[0]
                        assert moved in (0, left_after), f"{o.key} on {change.day}"


def is_alone(oracle: Oracle, change: Change, contracts: set[str]) -> bool:
    """True if nothing else that moves revenue stands on the day of a change, nor does the change itself catch up."""
    book = oracle.book
    everything: list[Event | Document | Estimate] = [*book.events, *book.documents, *book.estimates]
    others = [row for row in everything if row.day == change.day]
    rows = [row for row in others if row.contract.id in contracts and row not in change.rows]
    caught_up = (*change.catch_up, *change.added_catch_up)
    return not rows and not caught_up and not any(row.amount for row in change.rows)


def test_random_books_reach_every_kind_of_change_and_note() -> None:
    changed = [random_book(seed, SCOPES["changed prices"]) for seed in range(150)]
    rows = [row for book in changed for row in book["events"]]
    assert {row["type"] for row in rows} >= CHANGES | {"cancel"}
    assert {row.get("treatment", "") for row in rows if row["type"] in CHANGES} == {
        "",
        "separate",
        "prospective",
        "catch_up",
    }
    terms = {column for row in rows if row["type"] in CHANGES for column in row}
    assert terms >= {"price", "end", "quantity", "ssp", "amount"}
    assert any("added_on" in row for book in changed for row in book["obligations"])
    assert {bool(row.get("obligation_id")) for book in changed for row in book["estimates"]} == {False, True}
    documents = [row for seed in range(150) for row in random_book(seed, SCOPES["notes"])["billings"]]
    notes = [row for row in documents if row.get("type") == "credit_note"]
    assert {row.get("reason", "") for row in notes} == REASONS
    assert {"applies_to" in row for row in notes} == {False, True}
    assert {row.get("type", "") for row in documents} >= {"void", "write_off", "payment", "refund"}
    assert any("tax_amount" in row for row in notes)
    assert {row["financing_rate"] for seed in range(50) for row in random_book(seed, SCOPES["financed"])["contracts"]
            if "financing_rate" in row} >= {"0.06", "0.1"}  # fmt: skip
    assert any(random_book(seed, SCOPES["costs"])["costs"] for seed in range(5))


def test_a_full_refund_leaves_nothing_whatever_comes_afterwards() -> None:
    for seed in range(60):
        oracle = Oracle(random_book(seed, SCOPES["changed notes"], estimates=True), TODAY)
        for note in oracle.book.documents:
            if note.reason == "full_refund":
                assert_nothing_left(oracle, note)


def assert_nothing_left(oracle: Oracle, note: Document) -> None:
    for o in oracle.billing.parts(note):
        line = oracle.lives.line(o, note.day)
        if line is not None:
            later = note.day + timedelta(days=400)
            assert oracle.lives.contracted(o, note.day) == oracle.lives.recognized(o, note.day, note.day)[0] == 0
            assert oracle.lives.contracted(o, later) == oracle.lives.recognized(o, later, later)[0]
