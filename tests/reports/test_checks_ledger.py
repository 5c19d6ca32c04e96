"""Balances tie to the general ledger however it signs its accounts; a difference names account and amount."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

import pytest

from engine.book.problems import Severity
from engine.reports.checks import checks
from engine.reports.checks.evidence import Evidence
from engine.reports.checks.expected import expected
from engine.reports.checks.ledger import tie_out
from engine.reports.role_balances import posted_to
from engine.schedule.schedule import Schedule

from .checked import AS_OF, contract, findings, invoice, line, one, scheduled

ACCOUNTS = [
    {"role": "deferred_current", "account": "2400"},
    {"role": "deferred_noncurrent", "account": "2500"},
    {"role": "contract_asset", "account": "1300"},
    {"role": "refund_liability", "account": "2450"},
    {"role": "receivable", "account": "1200"},
]


def ledger(day: str = "2026-06-30", **balances: str) -> list[dict[str, str]]:
    return [{"account": name.removeprefix("a"), "date": day, "balance": amount} for name, amount in balances.items()]


def book(rows: list[dict[str, str]], accounts: Any = ACCOUNTS, **cells: str) -> Schedule:
    """24 months of 2,400 billed ahead, 600 earned by June; a second contract of 1,200, 600 earned, none billed."""
    return scheduled(
        contracts=[contract(end="2027-12-31"), contract("C2")],
        obligations=[
            line("2400.00", convention="even_months", **cells),
            line("1200.00", contract_id="C2", convention="even_months"),
        ],
        billings=[invoice("I1", "2026-01-01", "2400.00", tax_amount="480.00"), PAID],
        accounts=accounts,
        ledger=rows,
    )


PAID = invoice("P1", "2026-02-01", "1000.00", type="payment", applies_to="I1")
ALL = {"a2400": "-1200.00", "a2500": "-600.00", "a1300": "600.00", "a1200": "1880.00"}


def test_without_ledger_balances_there_is_nothing_to_tie() -> None:
    told = [p for p in checks(book([]), AS_OF) if p.name == "ties-to-ledger"]
    assert [(p.severity, p.found) for p in told] == [(Severity.OK, "no ledger balances entered")]


def test_a_trial_balance_with_negative_credits_ties() -> None:
    assert not findings(book(ledger(**ALL)), "ties-to-ledger")


def test_a_ledger_that_shows_credits_positive_ties() -> None:
    positive = ALL | {"a2400": "1200.00", "a2500": "600.00"}
    assert not findings(book(ledger(**positive)), "ties-to-ledger")


def test_an_account_signed_against_the_others_does_not_tie() -> None:
    debit = ALL | {"a2500": "600.00", "a2450": "0.00"}
    assert one(book(ledger(**debit)), "ties-to-ledger").found.startswith("2500  deferred_noncurrent")


def test_a_difference_fails_at_the_balance_and_says_by_how_much() -> None:
    found = one(book(ledger(**ALL | {"a2400": "-1450.00"})), "ties-to-ledger")
    assert found.severity is Severity.FAIL and found.where == "ledger.csv:2 balance"
    for words in ("2400", "ledger -1,450.00 USD", "book -1,200.00 USD", "difference -250.00 USD"):
        assert words in found.found
    assert "journal entries" in found.remedy


def test_roles_that_share_an_account_are_added_up() -> None:
    shared = [row | ({"account": "2400"} if row["account"] == "2500" else {}) for row in ACCOUNTS]
    rows = ledger(a2400="-1800.00", a1300="600.00")
    assert not findings(book(rows, shared), "ties-to-ledger")


def test_deferred_revenue_with_an_account_of_its_own_is_expected_there() -> None:
    rows = ledger(a2410="-1800.00", a1300="600.00")
    assert not findings(book(rows, deferred_account="2410"), "ties-to-ledger")


def test_the_latest_balances_on_or_before_the_day_are_compared_with_the_book_of_their_day() -> None:
    march = ledger("2026-03-31", a2400="-1200.00", a2500="-900.00", a1300="300.00")
    july = ledger("2026-07-31", a2400="-1.00")
    assert not findings(book(march + july), "ties-to-ledger")
    assert findings(book(march + july), "ties-to-ledger", date(2026, 7, 31))


def test_receivables_are_documents_with_tax_less_payments() -> None:
    found = one(book(ledger(**ALL | {"a1200": "1400.00"})), "ties-to-ledger")
    assert "1200  receivable" in found.found and "book 1,880.00 USD" in found.found


def test_a_balance_nobody_compares_is_named() -> None:
    found = one(book(ledger(a2400="-1200.00", a2500="-600.00")), "ties-to-ledger")
    assert found.severity is Severity.WARN and found.where == "accounts.csv:4 account"
    assert "1300  contract_asset" in found.found


@pytest.mark.parametrize("accounts", [[], ACCOUNTS[4:]])
def test_a_ledger_without_any_mapped_account_is_a_warning(accounts: Any) -> None:
    found = findings(book(ledger(a9999="5.00"), accounts), "ties-to-ledger")
    assert any("9999" in problem.found and "Accounts" in problem.remedy for problem in found)


def abroad(balances: dict[str, str], rates: dict[str, str]) -> Schedule:
    """1,200.00 EUR over 2026 billed at 1.10, and half of 1,200.00 EUR earned ahead of billing; June closes at 1.30."""
    return scheduled(
        contracts=[contract(currency="EUR"), contract("C2", currency="EUR"), contract("C3")],
        obligations=[
            line("1200.00", convention="even_months"), line("1200.00", contract_id="C2", convention="even_months"),
            line("120.00", contract_id="C3", convention="even_months"),
        ],
        billings=[
            invoice("I1", "2026-01-01", "1200.00", tax_amount="240.00"), invoice("I3", "2026-01-01", "120.00", "C3"),
            invoice("P1", "2026-02-01", "440.00", type="payment", applies_to="I1"),
        ],
        costs=[{"cost_id": "K", "contract_id": "C1", "date": "2026-01-01", "amount": "120.00",
                "convention": "even_months"}],
        accounts=[*ACCOUNTS, {"role": "contract_cost", "account": "1400"}],
        ledger=ledger(**balances),
        rates=[{"date": day, "from": "EUR", "to": "USD", "rate": rate} for day, rate in rates.items()],
    )  # fmt: skip


#: 600 EUR of a layer at 1.10 and 60 USD; 600 EUR at 1.30; (1,440 - 440) EUR at 1.30 and 120 USD; 60 EUR at 1.10
_TRANSLATED = {"a2400": "-720.00", "a1300": "780.00", "a1200": "1420.00", "a1400": "66.00"}
_RATES = {"2026-01-01": "1.10", "2026-06-15": "1.30"}


def test_accounts_in_other_currencies_are_translated_as_the_journal_posts_them() -> None:
    assert not findings(abroad(_TRANSLATED, _RATES), "ties-to-ledger")
    wrong = abroad(_TRANSLATED | {"a1300": "720.00"}, _RATES)
    assert "difference -60.00 USD" in one(wrong, "ties-to-ledger").found
    table = tie_out(abroad(_TRANSLATED, _RATES), AS_OF)
    assert all(gap == 0 for gap in (row[table.names.index("difference")] for row in table.rows if row[4] is not None))


def test_translated_balances_are_what_the_journal_has_posted() -> None:
    schedule = abroad(_TRANSLATED, _RATES)
    of_day = expected(Evidence(schedule, AS_OF), AS_OF)
    posted: dict[str, int] = defaultdict(int)
    for key, amounts in posted_to(schedule, AS_OF, None, "reporting", None).items():
        posted[key[3]] += amounts.worth or 0
    for account, found in of_day.accounts.items():
        assert found.debit == posted[account], account


def test_accounts_that_hold_other_currencies_are_not_compared_without_rates() -> None:
    told = findings(abroad({"a1300": "780.00"}, {"2026-06-15": "1.30"}), "ties-to-ledger")
    (found,) = (problem for problem in told if problem.found.startswith("1300"))
    assert found.severity is Severity.WARN and "EUR" in found.found
    assert "EUR to USD on 2026-01-01" in found.remedy


def test_one_account_in_another_currency_is_not_compared_without_rates() -> None:
    schedule = scheduled(
        contracts=[contract(currency="EUR")],
        obligations=[line("1200.00")],
        billings=[invoice("I1", "2026-01-01", "1200.00")],
        accounts=ACCOUNTS,
        ledger=ledger(a2400="-650.00"),
        rates=[{"date": "2099-12-31", "from": "EUR", "to": "USD", "rate": "1.10"}],
    )
    found = one(schedule, "ties-to-ledger")
    assert found.severity is Severity.WARN and "EUR" in found.found
