"""The sample book: valid, complete in what it shows, right in figures worked out by hand, its files up to date."""

from __future__ import annotations

import zipfile
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, get_args
from xml.etree.ElementTree import canonicalize

import pytest

import workbook_templates
from addin.actions import check
from engine.book.book import Book
from engine.book.problems import Severity
from engine.book.reading import book_from_rows, examine_book, examine_rows, read_book
from engine.book.tables import Convention, Method, Role
from engine.reports.balances import balances
from engine.reports.journal import journal
from engine.reports.rollforward import rollforward
from engine.reports.rpo import rpo
from engine.schedule.compile import compile_book
from engine.schedule.schedule import Schedule
from workbook_templates.build import build
from workbook_templates.sample import sample_rows
from workbook_templates.sample_contracts import DEALS

TODAY = date(2026, 7, 15)
AS_OF = date(2026, 6, 30)
DAYS = [
    AS_OF,
    *map(date.fromisoformat, ("2025-01-10", "2025-10-09", "2025-12-12", "2026-01-19", "2026-05-20", "2028-12-31")),
]
EVENT_TYPES = {
    "deliver", "progress", "use", "redeem", "expire", "estimate", "recognize", "hold", "release", "activate", "pause",
    "resume", "change", "renew", "cancel",
}  # fmt: skip
DOCUMENT_TYPES = {"invoice", "credit_note", "void", "payment", "refund", "write_off"}


@cache
def sample() -> tuple[Book, Schedule]:
    book = book_from_rows(sample_rows(), TODAY)
    return book, compile_book(book)


def figures(by: str, day: date = AS_OF) -> dict[str, dict[str, int]]:
    """Balances by key, or by currency for `total`; amounts in minor units."""
    table = balances(sample()[1], day, by)
    rows = (dict(zip(table.names, row, strict=True)) for row in table.rows)
    return {row["currency"] if by == "total" else row[by]: row for row in rows}


def cells(table: str, column: str) -> list[Any]:
    return list(getattr(sample()[0], table)[column])


# ---- the book is good


def test_the_sample_is_read_without_any_problem() -> None:
    book, problems = examine_rows(sample_rows(), TODAY)
    assert problems == []
    assert book is not None
    assert book.settings.as_of == AS_OF


def test_rows_workbook_and_csv_are_the_same_book(tmp_path: Path) -> None:
    from engine.sheets.template_csv import write_csv_folder

    write_csv_folder(tmp_path, sample_rows())
    prints = {read_book(path, TODAY).fingerprint for path in (workbook_templates.sample_book(), tmp_path)}
    assert prints == {sample()[0].fingerprint}


def test_the_empty_book_and_the_csv_headers_are_good_books() -> None:
    for path in (workbook_templates.empty_book(), workbook_templates.csv_headers()):
        _, problems = examine_book(path, TODAY)
        assert problems == []


# ---- everything in scope appears


def test_every_method_convention_event_and_document_type_appears() -> None:
    book, _ = sample()
    assert set(book.obligations["method"]) == set(get_args(Method))
    assert {*book.obligations["convention"], book.settings.convention} - {None} == set(get_args(Convention))
    assert set(book.events["type"]) >= EVENT_TYPES
    assert set(book.billings["type"]) >= DOCUMENT_TYPES
    assert set(book.billings["reason"]) >= {"billing_error", "cancellation", "goodwill"}
    assert set(cells("events", "treatment")) >= {"catch_up", "extend"}
    assert len(book.estimates) > 1
    assert len(book.costs) > 1


def test_every_way_of_allocation_and_every_exemption_appears() -> None:
    assert set(cells("obligations", "allocation")) >= {"stated", "residual"}
    assert any(cells("obligations", "discount_group"))
    assert set(cells("obligations", "rpo_treatment")) == {"disclose", "right_to_invoice", "royalty"}
    assert set(cells("obligations", "rounding")) >= {"plug_last", "cumulative_half_even"}
    assert any(cells("obligations", "added_on"))
    for column in ("combined_with", "renews", "enforceable_end", "financing_rate"):
        assert any(cells("contracts", column))


def test_every_role_has_an_account() -> None:
    assert set(cells("accounts", "role")) == set(get_args(Role))
    table = journal(sample()[1], date(2024, 1, 1), AS_OF)
    assert all(row[table.names.index("account")] for row in table.rows)


def test_three_currencies_and_a_column_of_its_own() -> None:
    assert set(cells("contracts", "currency")) == {"USD", "EUR", "JPY"}
    assert set(cells("contracts", "sales_region")) == {"West", "East", "Central", "EMEA", "APAC"}


def test_documents_come_before_signing_and_go_unpaid_paid_in_part_and_negative() -> None:
    book, _ = sample()
    signed = dict(zip(book.contracts["contract_id"], book.contracts["signed_on"], strict=True))
    documents = list(book.billings.records())
    assert any(document.date < signed[document.contract_id] for document in documents)
    assert any(document.type == "invoice" and document.amount < 0 for document in documents)
    invoices = {document.document_id: document.amount for document in documents if document.type == "invoice"}
    paid = {document.applies_to: document.amount for document in documents if document.type == "payment"}
    assert 0 < paid["INV-26054"] < invoices["INV-26054"]
    assert "INV-26079" not in paid


def test_each_contract_says_what_it_shows() -> None:
    assert len({deal.shows for deal in DEALS}) == len(DEALS) == len(sample()[0].contracts)


def test_the_one_mistake_is_a_cancellation_credited_while_the_service_runs_on() -> None:
    book, _ = sample()
    notes = [document for document in book.billings.records() if document.reason == "cancellation"]
    cancelled = {event.contract_id for event in book.events.records() if event.type == "cancel"}
    assert {note.contract_id for note in notes} - cancelled == {"C-1016"}
    assert figures("obligation")["C-1016/alerts"]["backlog"] > 0


# ---- figures


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("by", ["contract", "obligation", "customer", "total", "sales_region"])
def test_the_identities_hold(by: str, day: date) -> None:
    table = balances(sample()[1], day, by)
    for cells in table.rows:
        row = dict(zip(table.names, cells, strict=True))
        assert row["backlog"] == row["contracted"] - row["recognized"] == row["deferred"] + row["backlog_unbilled"]
        assert row["deferred"] + row["refund_liability"] - row["contract_asset"] == row["billed"] - row["recognized"]
        assert row["deferred"] == row["deferred_current"] + row["deferred_noncurrent"]


def test_roll_forwards_close_on_the_balances_and_bands_add_up() -> None:
    total = figures("total")
    for of in ("deferred", "backlog"):
        table = rollforward(sample()[1], date(2026, 1, 1), AS_OF, of)
        for row in table.rows:
            assert sum(row[2:-1]) == row[-1]
        closing = {row[1]: row[-1] for row in table.rows if row[0] == "2026-06"}
        assert closing == {currency: row[of] for currency, row in total.items()}
    table = rpo(sample()[1], AS_OF)
    for row in table.rows:
        found = dict(zip(table.names, row, strict=True))
        assert found["rpo"] == total[found["currency"]]["rpo"] == sum(row[table.names.index("rpo") + 1 :])


def test_the_bundle_is_allocated_by_standalone_prices() -> None:
    """150,000 over 132,000, 18,000 and 30,000."""
    found = figures("obligation")
    parts = [found[f"C-1005/{line}"]["contracted"] for line in ("platform", "onboarding", "support")]
    assert parts == [11_000_000, 1_500_000, 2_500_000]


def test_a_discount_stays_in_its_group_and_the_residual_takes_what_is_left() -> None:
    found = figures("obligation")
    assert [found[f"C-1006/{line}"]["contracted"] for line in ("platform", "insights", "training")] == [
        8_250_000, 2_750_000, 1_000_000,
    ]  # fmt: skip
    assert found["C-1007/forecast"]["contracted"] == 7_000_000 - 5_400_000


def test_combined_contracts_share_one_price_from_the_last_signing() -> None:
    """144,000 over 96,000 and 64,000; the workshop keeps its 4,000."""
    assert figures("obligation", date(2026, 1, 19))["C-1008/platform"]["contracted"] == 9_600_000
    found = figures("obligation", date(2026, 1, 20))
    assert found["C-1008/platform"]["contracted"] == 8_640_000
    assert found["C-1009/implementation"]["contracted"] == 5_760_000
    assert found["C-1009/workshop"]["contracted"] == 400_000


def test_progress_follows_the_changed_estimate() -> None:
    """57,600 x 250 / 400 hours, then x 410 / 480."""
    assert figures("obligation", date(2026, 4, 30))["C-1009/implementation"]["recognized"] == 3_600_000
    assert figures("obligation")["C-1009/implementation"]["recognized"] == 4_920_000


def test_usage_beyond_the_commitment_raises_the_price() -> None:
    """3,040,000 calls at 0.01 by May, 500,000 more at 0.008 in June."""
    assert figures("obligation", date(2026, 5, 31))["C-1011/calls"]["contracted"] == 3_040_000
    assert figures("obligation")["C-1011/calls"]["contracted"] == 3_440_000


def test_credits_are_earned_as_redeemed_of_what_is_expected_to_be() -> None:
    """20,000 x 1,915 / (4,000 x 92 percent); what lapses of the starter pack is earned at once."""
    found = figures("obligation")
    assert found["C-1014/credits"]["recognized"] == round(Fraction(2_000_000 * 1915, 3680))
    assert found["C-1014/starter"]["recognized"] == 150_000


def test_a_deposit_before_signing_is_owed_back_until_then() -> None:
    assert figures("contract", date(2025, 12, 17))["C-1015"]["refund_liability"] == 500_000
    assert figures("contract", date(2025, 12, 18))["C-1015"]["refund_liability"] == 0


def test_a_paused_service_ends_as_many_days_later() -> None:
    """16 days from 20 December to 4 January: 1,096 days of service end on 16 September 2028."""
    paused, resumed = date(2025, 12, 19), date(2026, 1, 4)
    at = [figures("obligation", day)["C-1012/licenses"]["recognized"] for day in (paused, resumed)]
    assert at[0] == at[1] == round(Fraction(9_000_000 * 110, 1096))
    assert figures("obligation", date(2028, 9, 15))["C-1012/licenses"]["backlog"] > 0
    assert figures("obligation", date(2028, 9, 16))["C-1012/licenses"]["backlog"] == 0


def test_an_overdue_acceptance_is_held_and_caught_up() -> None:
    before = figures("obligation", date(2026, 5, 10))["C-1016/plan"]["recognized"]
    assert figures("obligation", date(2026, 6, 7))["C-1016/plan"]["recognized"] == before
    assert figures("obligation", date(2026, 6, 8))["C-1016/plan"]["recognized"] == round(Fraction(3_000_000 * 85, 365))


def test_an_upgrade_spreads_the_pool_by_standalone_prices() -> None:
    """36,000 x 90 / 365 is earned; the rest is credited; 47,700 go over 48,000 and 2,700."""
    found = figures("obligation")
    assert found["C-1019/team"]["contracted"] == found["C-1019/team"]["recognized"] == 887_671
    pool = 4_770_000
    assert found["C-1019/enterprise"]["contracted"] == round(Fraction(pool * 48_000, 50_700))
    assert found["C-1019/sandbox"]["contracted"] == pool - round(Fraction(pool * 48_000, 50_700))
    assert found["C-1019/enterprise"]["recognized"] == round(Fraction(4_515_976 * 91, 275))


def test_a_part_credited_on_cancellation_leaves_the_rest_recognized() -> None:
    assert figures("contract", date(2026, 4, 29))["C-1020"]["recognized"] == round(Fraction(3_650_000 * 180, 365))
    assert figures("contract", date(2026, 4, 30))["C-1020"]["recognized"] == 2_450_000
    assert figures("contract", date(2026, 4, 30))["C-1020"]["refund_liability"] == 1_200_000
    assert figures("contract")["C-1020"]["refund_liability"] == 0


def test_a_rebate_expected_is_owed_back_and_a_price_cut_holds_from_the_start() -> None:
    """60,000 + 14,400 - 3,600 of rebate - 900 of goodwill; of 73,500 billed 3,600 are owed back."""
    found = figures("contract")["C-1021"]
    assert (found["contracted"], found["billed"], found["refund_liability"]) == (6_990_000, 7_350_000, 360_000)


def test_a_renewal_signed_early_waits_for_the_days_it_adds() -> None:
    assert figures("contract", date(2026, 6, 12))["C-1022"]["contracted"] == 5_040_000
    assert figures("contract")["C-1022"]["recognized"] == 2_400_000
    assert figures("contract", date(2027, 6, 30))["C-1022"]["backlog"] == 0


def test_interest_accretes_on_what_is_paid_years_ahead() -> None:
    """Price and billed grow alike; revenue takes its share of the interest."""
    found = figures("contract")["C-1023"]
    assert found["contracted"] == found["billed"] > 15_000_000
    assert found["recognized"] > round(Fraction(15_000_000 * 180, 1096))


def test_what_is_written_off_ends_the_service_the_day_before() -> None:
    """12,000 x 135 / 365 to 15 June."""
    assert figures("contract")["C-1024"]["contracted"] == round(Fraction(1_200_000 * 135, 365))
    assert figures("contract")["C-1024"]["backlog"] == 0


def test_what_the_customer_may_leave_is_not_rpo() -> None:
    assert figures("obligation")["C-1013/plan"]["backlog"] == 6_000_000
    assert figures("obligation")["C-1013/plan"]["rpo"] == 1_200_000
    assert figures("obligation")["C-1013/managed"]["rpo"] == 0


def test_the_ledger_ties_out() -> None:
    """Contracts in dollars by role; the others keep their deferred revenue on 2430, translated."""
    dollars = figures("total")["USD"]
    translated = balances(sample()[1], AS_OF, "total", None, "reporting")
    (row,) = translated.rows
    whole = row[translated.names.index("deferred")]
    assert {row.account: row.balance for row in sample()[0].ledger.records()} == {
        "2400": dollars["deferred_current"],
        "2430": whole - dollars["deferred"],
        "2450": dollars["deferred_noncurrent"],
        "1250": dollars["contract_asset"],
        "2480": dollars["refund_liability"],
    }


def test_the_checks_find_the_one_mistake_and_nothing_else() -> None:
    found = check(workbook_templates.sample_book(), TODAY)
    assert [(each.name, each.severity) for each in found if each.severity is not Severity.OK] == [
        ("credit-runs-on", Severity.WARN)
    ]


# ---- the files


def parts(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as archive:
        return {name: canonicalize(archive.read(name).decode()) for name in archive.namelist()}


def test_the_files_are_those_that_build_writes(tmp_path: Path) -> None:
    """If not: python -m workbook_templates.build"""
    build(tmp_path)
    for name in (workbook_templates.EMPTY_BOOK, workbook_templates.SAMPLE_BOOK):
        there = Path(workbook_templates.__file__).parent / name
        assert parts(there) == parts(tmp_path / name)
    for file in (tmp_path / workbook_templates.CSV_FOLDER).iterdir():
        assert (workbook_templates.csv_headers() / file.name).read_bytes() == file.read_bytes()


def test_building_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    build(tmp_path / "one")
    build(tmp_path / "two")
    for name in (workbook_templates.EMPTY_BOOK, workbook_templates.SAMPLE_BOOK):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
