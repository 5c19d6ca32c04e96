"""What must hold in every book: the identities of the balances, rows that add up, journals that lead to the
balances."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from engine.book.reading import book_from_rows
from engine.reports.axis import Axis
from engine.reports.balances import FIGURES, balances
from engine.reports.journal import journal
from engine.reports.revenue import revenue
from engine.reports.rollforward import rollforward
from engine.reports.rpo import BANDS, EXEMPTIONS, rpo
from engine.reports.standing import revenue_schedule
from engine.reports.table import Table
from engine.reports.trend import trend
from engine.reports.waterfall import deferred_waterfall, waterfall, waterfall_around
from engine.schedule.compile import compile_book
from engine.schedule.history import History
from engine.schedule.positions import positions
from engine.schedule.schedule import Schedule

from ..oracle.random_books import dates_of, random_book
from ..oracle.random_openings import with_openings
from ..oracle.random_scope import SCOPES

#: from 3000 on contracts of the book are taken over from a former system
FEW = [*range(2000, 2010), *range(3000, 3005)]
MANY = [*range(2010, 2030), *range(3005, 3024)]
SEEDS = [*FEW, *(pytest.param(seed, marks=pytest.mark.thorough) for seed in MANY)]
ROLES = ("deferred_current", "deferred_noncurrent", "contract_asset", "refund_liability")


def compiled(seed: int, today: date) -> tuple[dict[str, Any], Schedule]:
    book = random_book(seed, SCOPES[sorted(SCOPES)[seed % len(SCOPES)]])
    if seed >= 3000:
        book = with_openings(book, random.Random(seed))
    return book, compile_book(book_from_rows(book, today))


def days(book: dict[str, Any], seed: int, count: int = 4) -> list[date]:
    found = sorted(dates_of(book))
    return sorted(random.Random(seed).sample(found, min(count, len(found))))


def by_currency(table: Table, names: tuple[str, ...]) -> dict[str, list[int]]:
    """Columns added up by currency, zeros left out."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0] * len(names))
    for row in table.rows:
        cells = dict(zip(table.names, row, strict=True))
        sums[cells["currency"]] = [a + (cells[n] or 0) for a, n in zip(sums[cells["currency"]], names, strict=True)]
    return {currency: figures for currency, figures in sums.items() if any(figures)}


@pytest.mark.parametrize("seed", SEEDS)
def test_the_identities_hold_for_every_unit_and_every_obligation(seed: int, today: date) -> None:
    book, schedule = compiled(seed, today)
    for day in days(book, seed):
        for at in positions(schedule, day):
            assert np.array_equal(at.backlog, at.contracted - at.recognized)
            assert np.array_equal(at.backlog, at.deferred + at.backlog_unbilled)
            assert np.array_equal(at.deferred + at.refund_liability - at.contract_asset, at.billed - at.recognized)
            sign = np.where(at.contracted < 0, -1, 1)
            assert (sign * at.deferred >= 0).all()
            assert (sign * at.contract_asset >= 0).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_rows_by_any_key_add_up_to_the_total(seed: int, today: date) -> None:
    book, schedule = compiled(seed, today)
    for day in days(book, seed, 2):
        total = by_currency(balances(schedule, day, "total"), FIGURES)
        for by in ("contract", "obligation", "customer", "product", "cohort", "method", "segment"):
            assert by_currency(balances(schedule, day, by), FIGURES) == total, by


@pytest.mark.parametrize("seed", SEEDS)
def test_a_waterfall_adds_up_to_what_is_contracted(seed: int, today: date) -> None:
    book, schedule = compiled(seed, today)
    for day in days(book, seed, 2):
        table = waterfall(schedule, day, 9, "obligation")
        for row in table.rows:
            assert sum(row[3:]) == row[2]
        left = waterfall(schedule, day, 9, "obligation", "balance")
        for recognized, balance in zip(table.rows, left.rows, strict=True):
            assert [balance[2] - sum(recognized[3 : 4 + n]) for n in range(1, 10)] == list(balance[4:-1])


@pytest.mark.parametrize("seed", SEEDS)
def test_a_waterfall_with_months_before_the_day_agrees_with_revenue_and_backlog(seed: int, today: date) -> None:
    book, schedule = compiled(seed, today)
    for day in days(book, seed):
        axis = Axis(schedule.calendar, day, before=3, after=5)
        earned, left = (waterfall_around(schedule, axis, "product", measure) for measure in ("recognized", "balance"))
        labels = earned.names[4:-1]
        assert labels == left.names[4:-1] == tuple(span.label for span in [*axis.back, *axis.ahead])
        for row in earned.rows:
            assert sum(row[3:]) == row[2], "before, each period and thereafter are what is contracted"
        for row in left.rows:
            assert row[-1] == row[-2], "what is left after the last period"
        past = tuple(span.label for span in axis.back)
        known = revenue(schedule, axis.back[0].first, day, "product")
        assert by_currency(earned, past) == by_currency(known, known.names[2:-1])
        after = waterfall(schedule, day, 5, "product")
        ahead = tuple(span.label for span in axis.ahead)
        assert by_currency(earned, ahead) == by_currency(after, after.names[4:-1])
        at_day, at_eve = axis.back[-1].label, "before"
        for label, then in ((at_day, day), (at_eve, axis.back[0].first - timedelta(1))):
            backlog = by_currency(balances(schedule, then, "total"), ("backlog",))
            assert by_currency(left, (label,)) == backlog


@pytest.mark.parametrize("seed", SEEDS)
def test_rpo_bands_and_the_bridge_add_up(seed: int, today: date) -> None:
    book, schedule = compiled(seed, today)
    for day in days(book, seed):
        for row in rpo(schedule, day).rows:
            cells = dict(zip(rpo(schedule, day).names, row, strict=True))
            assert cells["backlog"] + sum(cells[name] for name in EXEMPTIONS) == cells["rpo"]
            assert sum(cells[name] for name in BANDS) == cells["rpo"]


@pytest.mark.parametrize("seed", SEEDS)
def test_rollforwards_close_and_open_where_the_last_closed(seed: int, today: date) -> None:
    book, schedule = compiled(seed, today)
    last = days(book, seed)[-1]
    for of in ("deferred", "backlog"):
        table = rollforward(schedule, last - timedelta(200), last, of)  # type: ignore[arg-type]
        closing: dict[str, int] = {}
        for row in table.rows:
            cells = dict(zip(table.names, row, strict=True))
            assert sum(row[2:-1]) == cells["closing"]
            assert closing.get(cells["currency"], cells["opening"]) == cells["opening"]
            closing[cells["currency"]] = cells["closing"]


@pytest.mark.parametrize("seed", SEEDS)
def test_entries_balance_and_lead_to_the_balances_of_the_day(seed: int, today: date) -> None:
    book, schedule = compiled(seed, today)
    first = min(dates_of(book)) - timedelta(400)
    last = days(book, seed)[-1]
    entries: dict[tuple[object, ...], int] = defaultdict(int)
    roles: dict[tuple[str, str], int] = defaultdict(int)
    table = journal(schedule, first, last)
    for row in table.rows:
        line = dict(zip(table.names, row, strict=True))
        assert (line["debit"] is None) != (line["credit"] is None)
        amount = (line["debit"] or 0) - (line["credit"] or 0)
        entries[line["contract_id"], line["date"], line["currency"]] += amount
        # a full refund takes revenue back; beside what will not be collected revenue stays as it was
        undone = line["role"] == "contra_revenue" and line["source"].startswith("full refund")
        roles[line["currency"], "revenue" if undone else line["role"]] += amount
    assert not any(entries.values())
    taken = _taken_over(schedule, last)  # the general ledger holds it already
    for currency, expected in by_currency(balances(schedule, last, "total"), ROLES).items():
        for role, sign in zip(ROLES, (-1, -1, 1, -1), strict=True):
            roles[currency, role] += sign * taken[currency, role]
        found = [roles[currency, role] for role in ROLES]
        assert [-found[0], -found[1], found[2], -found[3]] == expected
    earned = by_currency(balances(schedule, last, "total"), ("recognized",))
    for currency, (recognized,) in earned.items():
        earned_here = -roles[currency, "revenue"] - roles[currency, "breakage"]
        assert earned_here + taken[currency, "recognized"] == recognized


def _taken_over(schedule: Schedule, last: date) -> dict[tuple[str, str], int]:
    """What contracts were taken over at, each on its day, by currency and figure."""
    found: dict[tuple[str, str], int] = defaultdict(int)
    for day in schedule.cut_overs(date(1900, 1, 1), last):
        keep = schedule.taken_over_on(day)
        for currency, figures in by_currency(balances(schedule, day, "total", keep), (*ROLES, "recognized")).items():
            for name, amount in zip((*ROLES, "recognized"), figures, strict=True):
                found[currency, name] += amount
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_of_rows_never_matters(seed: int, today: date) -> None:
    book, schedule = compiled(seed, today)
    shuffled = dict(book)
    for table in ("billings", "events", "estimates", "openings", "costs"):
        if book.get(table):
            shuffled[table] = random.Random(seed + 1).sample(book[table], len(book[table]))
    other = compile_book(book_from_rows(shuffled, today))
    for day in days(book, seed):
        assert balances(other, day, "obligation").rows == balances(schedule, day, "obligation").rows


@pytest.mark.parametrize("seed", SEEDS)
def test_the_tables_of_a_close_agree_with_each_other(seed: int, today: date) -> None:
    book, schedule = compiled(seed, today)
    for as_of in (days(book, seed)[-1], date(2025, 6, 30)):
        axis = Axis(schedule.calendar, as_of)
        labels = [period.label for period in axis.every]
        assert len(labels) == len(set(labels))
        released = deferred_waterfall(schedule, axis)
        assert all(row[2] == sum(row[3:]) for row in released.rows)
        assert by_currency(released, ("deferred",)) == by_currency(balances(schedule, as_of, "total"), ("deferred",))
        earned = revenue_schedule(History(schedule), axis)
        assert all(row[-1] == sum(row[3:-1]) for row in earned.rows)
        year = revenue(schedule, axis.to_date[0].first, as_of, "total")
        names = tuple(period.label for period in axis.to_date)
        assert by_currency(earned, names) == by_currency(year, names)
        today_row = [row for row in trend(History(schedule), axis).rows if row[0] == axis.back[-1].label]
        totals = by_currency(balances(schedule, as_of, "total"), ("deferred", "backlog_unbilled"))
        assert {row[1]: [row[2], row[3]] for row in today_row if row[2] or row[3]} == totals


def test_what_is_known_at_a_day_leaves_later_rows_out(today: date) -> None:
    tables: dict[str, list[dict[str, object]]] = {
        "contracts": [{"contract_id": "C1", "customer": "Acme", "signed_on": "2026-01-01"}],
        "obligations": [
            {"contract_id": "C1", "obligation_id": "plan", "price": "365", "start": "2026-01-01", "end": "2026-12-31"}
        ],
        "billings": [
            {"document_id": "D1", "contract_id": "C1", "date": "2026-01-01", "amount": "365"},
            {
                "document_id": "K1",
                "contract_id": "C1",
                "date": "2026-02-01",
                "amount": "65",
                "type": "credit_note",
                "applies_to": "D1",
                "reason": "billing_error",
                "recorded_on": "2026-03-10",
            },
        ],
        "events": [
            {"event_id": "E1", "contract_id": "C1", "date": "2026-02-15", "type": "hold", "recorded_on": "2026-03-12"},
        ],
    }

    def at(known: date | None) -> list[Any]:
        schedule = compile_book(book_from_rows(tables, today, known))
        return list(balances(schedule, date(2026, 2, 28), "total").rows[0][2:6])

    assert at(date(2026, 3, 1)) == [36500, 5900, 36500, 30600]
    assert at(date(2026, 3, 11)) == [36500, 5900, 30000, 24100]
    assert at(None) == [36500, 4500, 30000, 25500]
    assert not balances(compile_book(book_from_rows(tables, today, date(2025, 12, 1))), date(2026, 2, 28)).rows


def test_a_contract_not_yet_known_has_no_cohort(today: date) -> None:
    tables: dict[str, list[dict[str, object]]] = {
        "contracts": [
            {"contract_id": "C1", "customer": "Acme", "signed_on": "2026-01-01"},
            {"contract_id": "C2", "customer": "Acme", "signed_on": "2026-01-01", "recorded_on": "2026-03-01"},
        ],
        "obligations": [
            {"contract_id": id, "obligation_id": "a", "price": "365", "start": "2026-01-01", "end": "2026-12-31"}
            for id in ("C1", "C2")
        ],
    }
    schedule = compile_book(book_from_rows(tables, today, date(2026, 2, 1)))
    rows = waterfall(schedule, date(2026, 1, 31), 3, "cohort").rows
    assert [row[:3] for row in rows if row[2]] == [["2026-01", "USD", 36500]]
