"""What is odd but allowed: a book is refused only for what is impossible or ambiguous."""

from __future__ import annotations

import copy

import pytest

from .books import GOOD, Tables, examine
from .test_rules import Spoil, add, both, document, event, line, put, then

ALLOWED: dict[str, Spoil] = {
    "a billing after the service ended and beyond the price": document(date="2029-01-01", amount="99999.00"),
    "a negative invoice that names the one it takes back": document(amount="-10.00", applies_to="D1"),
    "a credit note of the whole contract": document(type="credit_note", reason="", applies_to=""),
    "a refund of the whole contract": document(type="refund"),
    "a refund of an invoice": document(type="refund", applies_to="D1"),
    "a refund of a payment": document(type="refund", applies_to="P1"),
    "a payment of nothing in particular": document(type="payment"),
    "a write-off without a document": document(type="write off", reason="anything at all"),
    "a full refund of what earlier notes left": document(
        type="credit_note", reason="full_refund", applies_to="D1", amount="1000.00"),
    "a full refund of a line of a document of several": document(
        type="credit_note", reason="full_refund", applies_to="D1", obligation_id="plan", amount="1.00"),
    "a full refund of a contract in two notes of one day": both(
        document(contract_id="C2", type="credit_note", reason="full_refund", amount="400"),
        document(contract_id="C2", type="credit_note", reason="full_refund", amount="200", document_id="X2")),
    "the same number from two sources": both(document(document_id="D1", source="b"), put("billings", 2, source="a"),
                                             put("billings", 5, source="a"), put("billings", 6, source="a")),
    "the same obligation id in two contracts": lambda book: book,
    "a note before its document": put("billings", 6, date="2025-12-01"),
    "a void of a document that was credited in part": both(
        document(type="void", applies_to="D1", amount="-1000.00", document_id="V2")),
    "a delivery before signing": event(type="deliver", obligation_id="seats", quantity="1", date="2025-12-01"),
    "usage beyond the price": event(type="use", amount="100000.00"),
    "progress taken back": event(type="progress", quantity="-50"),
    "progress set lower": event(type="progress", percent="10"),
    "more progress after an estimate": both(event(type="estimate", quantity="500"),
        then(type="progress", quantity="300")),
    "more rights after a change": both(
        event(type="change", obligation_id="card", quantity="900", treatment="prospective", date="2026-07-01"),
        then(type="redeem", quantity="600")),
    "more milestones after a change of the price": both(
        event(type="change", obligation_id="phases", price="2000", treatment="catch_up"),
        then(type="deliver", obligation_id="phases", amount="200.00")),
    "a price change that gives more rights where the price counts them": both(
        event(type="change", obligation_id="card", price="700", treatment="catch_up"),
        then(type="redeem", quantity="400")),
    "manual revenue of a line whose allocated price is not known here": both(
        line(contract_id="C3", obligation_id="man", method="manual", ssp="20.00"),
        event(contract_id="C3", type="recognize", amount="11.00")),
    "milestones of a credit": both(
        line(method="milestone", price="-100.00"), event(type="deliver", obligation_id="new", amount="-60.00"),
        then(type="deliver", obligation_id="new", amount="-40.00")),
    "pausing everything while one line stands still": both(
        line(), event(type="pause", obligation_id="plan"), then(type="pause")),
    "resuming on the day a new pause begins": both(
        event(type="pause", date="2026-07-01"), then(type="resume", date="2026-07-05"),
        add("events", event_id="X3", contract_id="C1", date="2026-07-05", type="pause")),
    "a change row that only names the treatment of its date": both(
        line(added_on="2026-08-01"), event(type="change", treatment="separate")),
    "a concession": event(type="change", obligation_id="plan", amount="-10.00"),
    "a renewal with its new end, and a line at its ssp": both(
        event(type="renew", obligation_id="plan", price="2400", end="2027-12-31"),
        line(added_on="2026-08-01", ssp="10.00")),
    "an upgrade: a line cancelled on the eve of another": both(
        line(added_on="2026-08-02"), event(type="cancel", obligation_id="plan", date="2026-08-01")),
    "a line added to a contract without standalone prices at its own": line(added_on="2026-08-01", ssp="10.00"),
    "a separate line without ssp in a contract with them": both(
        line(contract_id="C3", added_on="2026-08-01"),
        event(contract_id="C3", type="change", date="2026-08-01", treatment="separate")),
    "a stated line beside relative ones": line(contract_id="C3", allocation="stated"),
    "a residual without a range": put("obligations", 12, ssp_low="", ssp_high=""),
    "a residual beside free goods": both(
        add("contracts", contract_id="C5", customer="Elm", signed_on="2026-01-01"),
        line(contract_id="C5", ssp="0"), line(contract_id="C5", obligation_id="b", allocation="residual")),
    "a discount group beside a residual counts at stated prices": both(
        put("obligations", 10, discount_group="g"), put("obligations", 11, discount_group="g")),
    "a residual that an estimate at signing brings into its range": both(
        put("obligations", 12, price="75.00"),
        add("estimates", contract_id="C3", date="2026-03-01", kind="rebate", amount="-20.00"),
        add("estimates", contract_id="C3", date="2026-02-01", kind="rebate", amount="-90.00"),
        add("estimates", contract_id="C3", date="2026-05-01", kind="bonus", amount="90.00")),
    "a service of one day": put("obligations", 2, start="2026-06-30", end="2026-06-30"),
    "a price of zero": put("obligations", 2, price="0"),
    "gratis rights that are counted": put("obligations", 5, price="0", quantity="500"),
    "fewer seats than none on a credit": line(price="-10.00", quantity="-2"),
    "another rate on another day": add("rates", **{"date": "2026-02-28", "from": "EUR", "to": "USD", "rate": "1.1"}),
    "estimates of two kinds on one day": add(
        "estimates", contract_id="C1", date="2026-03-31", kind="penalty", amount="-1.00", obligation_id="plan"),
    "a setting left blank": add("settings", name="convention", value=""),
    "no decimals of progress": add("settings", name="progress_decimals", value="None"),
    "settings in other words": add("settings", name="Fiscal year start", value=4.0),
    "tables without rows": both(*(lambda book, name=name: book[name].clear() for name in ("ledger", "costs",
        "accounts"))),
}  # fmt: skip


@pytest.mark.parametrize("spoil", ALLOWED.values(), ids=ALLOWED)
def test_it_is_allowed(spoil: Spoil, good: Tables) -> None:
    spoil(good)
    book, problems = examine(good)
    assert problems == [], "\n".join(map(str, problems))
    assert book is not None


def test_only_two_tables_are_required() -> None:
    tables = {name: copy.deepcopy(GOOD[name]) for name in ("contracts", "obligations")}
    tables["contracts"][1]["currency"] = ""
    book, problems = examine(tables)
    assert problems == []
    assert book is not None and book.settings.convention == "daily" and book.settings.reporting_currency == "USD"


def test_an_event_that_can_mean_one_obligation_names_it(good: Tables) -> None:
    book, _ = examine(good)
    assert book is not None
    named = dict(zip(book.events["event_id"], book.events["obligation_id"], strict=True))
    assert (named["E2"], named["E3"], named["E5"], named["E13"]) == ("build", "build", "card", "plan")
    assert named["E9"] is named["E14"] is named["E16"] is None


def test_prices_of_use_are_exact_and_those_of_changes_are_money(good: Tables) -> None:
    book, _ = examine(good)
    assert book is not None and book.events["price"][5] * 400 == 1 and book.events["price"][12] == 70000


def test_words_are_kept_in_the_form_the_engine_knows(good: Tables) -> None:
    book, _ = examine(good)
    assert book is not None
    assert book.billings["reason"][4] == "billing_error" and book.billings["reason"][8] == "insolvent"
    assert book.estimates["kind"] == ["rebate"] and book.accounts["role"] == ["revenue", "deferred_current"]


def test_settings_may_be_given_as_names_and_values_or_pairs(good: Tables) -> None:
    given = [{"as_of": "2026-10-31"}, [["as_of", "2026-10-31"]], [{"name": "as_of", "value": "2026-10-31"}]]
    books = [examine({**good, "settings": settings})[0] for settings in given]  # type: ignore[dict-item]
    assert len({book.fingerprint for book in books if book}) == 1 and None not in books


def test_a_cell_of_a_foreign_type_is_read_by_its_text(good: Tables) -> None:
    class Sum:
        def __str__(self) -> str:
            return "1200.00"

    good["obligations"][0]["price"] = Sum()
    book, problems = examine(good)
    assert problems == [] and book is not None and book.obligations["price"][0] == 120000


def test_rows_are_records_too(good: Tables) -> None:
    book, _ = examine(good)
    assert book is not None
    contract = next(book.contracts.records())
    assert (contract.contract_id, contract.cancellable, contract.currency) == ("C1", False, "USD")
    assert book.rates.record(0).from_currency == "EUR" and book.rates.where(0, "from_currency") == "rates.csv:2 from"
