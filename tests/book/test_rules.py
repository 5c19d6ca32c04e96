"""Every rule of a book, each with the good book spoiled in one place: that problem is named, and no other."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from engine.book.problem_names import STOPPING, WARNING
from engine.book.problems import Severity
from engine.book.reading import examine_book

from .books import GOOD, TODAY, Tables, examine, write_folder, write_workbook

Spoil = Callable[[Tables], object]


class Case(NamedTuple):
    """`spoil` the good book, and `name` is found at `where`."""

    name: str
    where: str
    spoil: Spoil


def put(table: str, row: int, **cells: object) -> Spoil:
    """Other cells in a row; rows are counted as in the file, the first below the header is 2."""
    return lambda book: book[table][row - 2].update(cells)


def add(table: str, **cells: object) -> Spoil:
    """A further row."""
    return lambda book: book[table].append(cells)


def both(*spoils: Spoil) -> Spoil:
    return lambda book: [spoil(book) for spoil in spoils]


def event(**cells: object) -> Spoil:
    """A further event of C1; it stands in row 18."""
    return add("events", **{"event_id": "X1", "contract_id": "C1", "date": "2026-08-01", **cells})


def then(**cells: object) -> Spoil:
    """One more event, in row 19."""
    return add("events", **{"event_id": "X2", "contract_id": "C1", "date": "2026-08-02", **cells})


def document(**cells: object) -> Spoil:
    """A further document of C1; it stands in row 11."""
    plain = {"document_id": "X1", "contract_id": "C1", "date": "2026-08-01", "amount": "10.00"}
    return add("billings", **{**plain, **cells})


def opening(**cells: object) -> Spoil:
    """A position of C5, taken over at the end of 2025; the first stands in row 2."""
    plain = {"contract_id": "C5", "obligation_id": "plan", "cut_over": "2025-12-31", "recognized": "600.00"}
    return lambda book: book.setdefault("openings", []).append({**plain, "billed": "1200.00", **cells})


def taken_over(*spoils: Spoil, plan: dict[str, object] | None = None, **cells: object) -> Spoil:
    """A further contract, C5 in row 6 of Contracts and 13 of Obligations, that was half served when it was taken over;
    further `cells` of its position, and what else is done to it."""
    contract = {"contract_id": "C5", "customer": "Dune", "signed_on": "2024-12-15", "currency": "USD"}
    plain = {
        "contract_id": "C5",
        "obligation_id": "plan",
        "price": "1200.00",
        "start": "2025-07-01",
        "end": "2026-06-30",
    }
    return both(
        add("contracts", **contract), add("obligations", **{**plain, **(plan or {})}), opening(**cells), *spoils
    )


def line(**cells: object) -> Spoil:
    """A further obligation of C1; it stands in row 13."""
    return add("obligations", **{"contract_id": "C1", "obligation_id": "new", "price": "10.00", "start": "2026-01-01",
                                 "end": "2026-12-31", **cells})  # fmt: skip


def without(table: str, column: str) -> Spoil:
    return lambda book: [row.pop(column, None) for row in book[table]]


CASES = [
    # settings
    Case("unknown-setting", "settings.csv:4 name", add("settings", name="rounding_mode", value="cumulative")),
    Case("missing-cell", "settings.csv:4 name", add("settings", name="", value="monthly")),
    Case("duplicate-setting", "settings.csv:4 name", add("settings", name="AS OF", value="2026-09-30")),
    Case("unknown-word", "settings.csv:4 value", add("settings", name="convention", value="weekly")),
    Case("unknown-currency", "settings.csv:2 value", put("settings", 2, value="dollar")),
    Case("unknown-currency", "settings.csv:2 value", both(put("settings", 2, value="EURO"), put(
        "contracts", 2, currency=""), put("billings", 2, currency="EUR"), lambda book: book["rates"].clear())),
    Case("not-a-date", "settings.csv:3 value", put("settings", 3, value="month end")),
    Case("number-out-of-range", "settings.csv:4 value", add("settings", name="fiscal_year_start", value="13")),
    Case("number-out-of-range", "settings.csv:4 value", add("settings", name="current_months", value="0")),
    Case("not-a-number", "settings.csv:4 value", add("settings", name="progress_decimals", value="two")),
    Case("not-a-number", "settings.csv:4 value", add("settings", name="current_months", value="1.5")),
    Case("unknown-word", "settings.csv:4 value", add("settings", name="week_start", value="noon")),
    # columns
    Case("missing-column", "contracts.csv", without("contracts", "customer")),
    Case("missing-column", "settings.csv", without("settings", "value")),
    Case("missing-column", "rates.csv", without("rates", "from")),
    Case("missing-column", "events.csv", without("events", "contract_id")),
    Case("missing-column", "billings.csv", without("billings", "document_id")),
    Case("duplicate-column", "contracts.csv:1 Customer", put("contracts", 2, Customer="Acme")),
    Case("duplicate-column", "rates.csv:1 from_currency", put("rates", 2, from_currency="EUR")),
    Case("duplicate-column", "costs.csv:1 region", put("costs", 2, Region="North", region="North")),
    Case("column-looks-like", "obligations.csv:1 convenshion", put("obligations", 2, convenshion="monthly")),
    # cells
    Case("missing-cell", "contracts.csv:2 customer", put("contracts", 2, customer="  ")),
    Case("missing-cell", "billings.csv:2 amount", put("billings", 2, amount=None)),
    Case("not-a-number", "obligations.csv:2 price", put("obligations", 2, price="12oo")),
    Case("not-a-number", "obligations.csv:2 price", put("obligations", 2, price="Infinity")),
    Case("not-a-number", "obligations.csv:2 price", put("obligations", 2, price=float("nan"))),
    Case("not-a-number", "obligations.csv:2 price", put("obligations", 2, price=True)),
    Case("not-a-number", "billings.csv:2 tax_amount", put("billings", 2, tax_amount="$228.00")),
    Case("ambiguous-number", "obligations.csv:6 quantity", put("obligations", 6, quantity="8,000")),
    Case("too-many-decimals", "obligations.csv:2 price", put("obligations", 2, price="10.005")),
    Case("too-many-decimals", "events.csv:9 amount", put("events", 9, amount=300.001)),
    Case("too-many-decimals", "estimates.csv:2 amount", put("estimates", 2, amount="-0.001")),
    Case("too-many-decimals", "ledger.csv:2 balance", put("ledger", 2, balance="1.234")),
    Case("number-too-large", "obligations.csv:2 price", put("obligations", 2, price="90071992547409.93")),
    Case("number-too-large", "obligations.csv:2 price", put("obligations", 2, price="1" + "0" * 39)),
    Case("number-too-large", "obligations.csv:3 quantity", put("obligations", 3, quantity="1" + "0" * 39)),
    Case("number-out-of-range", "obligations.csv:5 breakage_percent", put("obligations", 5, breakage_percent="100")),
    Case("number-out-of-range", "obligations.csv:5 breakage_percent", put("obligations", 5, breakage_percent="-1")),
    Case("number-out-of-range", "obligations.csv:10 ssp", put("obligations", 10, ssp="-80.00")),
    Case("number-out-of-range", "obligations.csv:4 expected_total", put("obligations", 4, expected_total="0")),
    Case("number-out-of-range", "events.csv:8 percent", put("events", 8, percent="101")),
    Case("number-out-of-range", "contracts.csv:2 financing_rate", put("contracts", 2, financing_rate="-0.05")),
    Case("not-a-date", "obligations.csv:2 end", put("obligations", 2, end="2026-02-30")),
    Case("not-a-date", "obligations.csv:2 end", put("obligations", 2, end="end of year")),
    Case("ambiguous-date", "billings.csv:2 date", put("billings", 2, date="03/04/2026")),
    Case("time-of-day", "billings.csv:2 date", put("billings", 2, date="2026-01-01 10:30")),
    Case("date-out-of-range", "obligations.csv:2 end", put("obligations", 2, end="2200-01-01")),
    Case("error-cell", "obligations.csv:2 product", put("obligations", 2, product="#N/A")),
    Case("error-cell", "billings.csv:2 amount", put("billings", 2, amount="#WERT!")),
    Case("error-cell", "contracts.csv:3 contract_id", put("contracts", 3, contract_id="#REF!")),
    Case("not-yes-or-no", "contracts.csv:2 cancellable", put("contracts", 2, cancellable="maybe")),
    Case("unknown-word", "obligations.csv:2 method", put("obligations", 2, method="straightline")),
    Case("unknown-word", "obligations.csv:2 convention", put("obligations", 2, convention="weekly")),
    Case("unknown-word", "obligations.csv:2 rounding", put("obligations", 2, rounding="up")),
    Case("unknown-word", "obligations.csv:2 allocation", put("obligations", 2, allocation="equal")),
    Case("unknown-word", "obligations.csv:2 rpo_treatment", put("obligations", 2, rpo_treatment="hide")),
    Case("unknown-word", "billings.csv:4 type", put("billings", 4, type="receipt")),
    Case("unknown-word", "billings.csv:6 reason", put("billings", 6, reason="because")),
    Case("unknown-word", "events.csv:12 type", put("events", 12, type="terminate")),
    Case("unknown-word", "events.csv:14 treatment", put("events", 14, treatment="retroactive")),
    Case("unknown-word", "accounts.csv:2 role", put("accounts", 2, role="profit")),
    Case("unknown-currency", "contracts.csv:2 currency", put("contracts", 2, currency="DOLLARS")),
    Case("unknown-currency", "rates.csv:2 to", put("rates", 2, to="US")),
    Case("not-an-id", "costs.csv:2 cost_id", put("costs", 2, cost_id=True)),
    Case("fraction-for-percent", "obligations.csv:5 breakage_percent", put("obligations", 5, breakage_percent="0.1")),
    Case("fraction-for-percent", "events.csv:5 percent", put("events", 5, percent=0.9)),
    Case("percent-for-fraction", "contracts.csv:2 financing_rate", put("contracts", 2, financing_rate="6")),
    # ids
    Case("duplicate-id", "contracts.csv:6 contract_id",
         add("contracts", contract_id="C2", customer="Elm", signed_on="2026-01-01",
                                                            currency="EUR")),
    Case("duplicate-id", "obligations.csv:13 obligation_id", line(obligation_id="plan")),
    Case("duplicate-id", "billings.csv:11 document_id", document(document_id="D1")),
    Case("duplicate-id", "events.csv:18 event_id", event(event_id="E1", type="cancel")),
    Case("duplicate-id", "costs.csv:3 cost_id", add("costs", cost_id="K1", contract_id="C2", date="2026-02-01",
         amount="1.00")),
    Case("unknown-contract", "obligations.csv:13 contract_id", line(contract_id="C9")),
    Case("unknown-contract", "billings.csv:11 contract_id", document(contract_id="c1", obligation_id="none")),
    Case("unknown-contract", "events.csv:18 contract_id", event(contract_id="C9", type="resume")),
    Case("unknown-contract", "estimates.csv:2 contract_id", put("estimates", 2, contract_id="C9")),
    Case("unknown-contract", "costs.csv:2 contract_id", put("costs", 2, contract_id="C9")),
    Case("unknown-contract", "contracts.csv:5 combined_with", put("contracts", 5, combined_with="C9")),
    Case("renews-unknown", "contracts.csv:2 renews", put("contracts", 2, renews="C0")),
    Case("circular-reference", "contracts.csv:5 combined_with", put("contracts", 4, combined_with="C4")),
    Case("circular-reference", "contracts.csv:2 combined_with", put("contracts", 2, combined_with="C1")),
    Case("circular-reference", "contracts.csv:4 renews",
         both(put("contracts", 2, renews="C2"), put("contracts", 3, renews="C3"),
                                                              put("contracts", 4, renews="C1"))),
    Case("unknown-obligation", "billings.csv:2 obligation_id", put("billings", 2, obligation_id="rest")),
    Case("unknown-obligation", "events.csv:12 obligation_id", put("events", 12, obligation_id="plans", type="cancel")),
    Case("unknown-obligation", "estimates.csv:2 obligation_id", put("estimates", 2, obligation_id="Plan")),
    Case("unknown-document", "billings.csv:6 applies_to", put("billings", 6, applies_to="D77")),
    Case("unknown-document", "billings.csv:10 applies_to", put("billings", 10, applies_to="W1")),
    Case("document-of-another-contract", "billings.csv:11 applies_to", document(type="payment", applies_to="D2")),
    Case("ambiguous-document", "billings.csv:13 applies_to", both(
        document(document_id="D9", source="one"), document(document_id="D9", source="two"),
        document(type="payment", applies_to="D9"))),
    Case("wrong-document-type", "billings.csv:11 applies_to", document(type="credit_note", applies_to="P1")),
    Case("wrong-document-type", "billings.csv:11 applies_to", document(applies_to="D1")),
    Case("contract-without-obligations", "contracts.csv:6 contract_id", both(
        add("contracts", contract_id="C5", customer="Elm", signed_on="2026-01-01", currency="USD"),
        document(contract_id="C5", obligation_id="plan"))),
    Case("contract-empty", "contracts.csv:6 contract_id",
         add("contracts", contract_id="C5", customer="Elm", signed_on="2026-01-01", currency="USD")),
    # dates
    Case("end-before-start", "contracts.csv:3 end", put("contracts", 3, end="2026-01-31")),
    Case("end-before-start", "obligations.csv:2 end", put("obligations", 2, end="2025-12-31")),
    Case("end-before-start", "obligations.csv:9 start", put("obligations", 9, start="2028-01-01")),
    Case("end-before-start", "costs.csv:2 end", put("costs", 2, end="2025-01-01")),
    Case("end-before-start", "billings.csv:2 service_end", put("billings", 2, service_start="2026-02-01",
                                                               service_end="2026-01-31")),
    Case("end-before-start", "events.csv:14 end", put("events", 14, end="2026-01-31")),
    Case("enforceable-end-too-early", "contracts.csv:2 enforceable_end",
         put("contracts", 2, enforceable_end="2025-12-31")),
    Case("enforceable-end-too-early", "contracts.csv:3 enforceable_end",
         put("contracts", 3, signed_on="2026-01-01", enforceable_end="2026-01-15")),
    Case("added-before-signed", "obligations.csv:13 added_on", line(added_on="2025-12-31")),
    Case("term-missing", "obligations.csv:2 start", put("obligations", 2, start="", end="")),
    Case("term-missing", "obligations.csv:9 end", both(put("contracts", 3, end=""), put("costs", 2, end="2027-01-31"))),
    Case("term-missing", "costs.csv:2 start", put("costs", 2, contract_id="C1", end="2026-12-31")),
    # currencies and small tables
    Case("combined-currencies", "contracts.csv:5 combined_with", put("contracts", 5, currency="EUR")),
    Case("document-currency", "billings.csv:3 currency", put("billings", 3, currency="USD")),
    Case("number-out-of-range", "billings.csv:2 exchange_rate", put("billings", 2, exchange_rate="0")),
    Case("number-out-of-range", "rates.csv:2 rate", put("rates", 2, rate="-1")),
    Case("missing-cell", "rates.csv:2 rate", put("rates", 2, rate="")),
    Case("rate-to-itself", "rates.csv:3 to", add("rates", date="2026-01-31",
         **{"from": "EUR", "to": "EUR", "rate": "1"})),
    Case("duplicate-rate", "rates.csv:3 rate", add("rates", date="2026-01-31",
         **{"from": "eur", "to": "USD", "rate": "1.1"})),
    Case("rate-missing", "contracts.csv:3 currency", lambda book: book["rates"].clear()),
    Case("duplicate-role", "accounts.csv:4 role", add("accounts", role="Revenue", account="4001")),
    Case("duplicate-balance", "ledger.csv:3 balance", add("ledger", account="2400", date="2026-10-31", balance="1")),
    Case("duplicate-estimate", "estimates.csv:3 amount",
         add("estimates", contract_id="C1", date="2026-03-31", kind="rebate",
                                                             amount="-61.00", obligation_id="plan")),
    # opening positions
    Case("unknown-contract", "openings.csv:2 contract_id", opening()),
    Case("unknown-obligation", "openings.csv:3 obligation_id", taken_over(opening(obligation_id="plna"))),
    Case("duplicate-id", "openings.csv:3 obligation_id", taken_over(opening())),
    Case("missing-cell", "openings.csv:2 billed", taken_over(billed="")),
    Case("number-out-of-range", "openings.csv:2 exchange_rate", taken_over(exchange_rate="0")),
    Case("cut-overs-differ", "openings.csv:3 cut_over", taken_over(
        line(contract_id="C5", start="2025-07-01", end="2026-06-30"),
        opening(obligation_id="new", recognized="0", cut_over="2025-11-30"))),
    Case("cut-overs-differ", "contracts.csv:6 combined_with", taken_over(put("contracts", 6, combined_with="C2"),
         put("contracts", 3, currency="USD"), put("billings", 3, currency="USD"))),
    Case("cut-over-before-signing", "openings.csv:2 cut_over", taken_over(put("contracts", 6, signed_on="2026-01-01"))),
    Case("cut-over-after-end", "openings.csv:2 recognized", taken_over(plan={"end": "2025-12-31"})),
    Case("cut-over-with-financing", "contracts.csv:6 financing_rate",
         taken_over(put("contracts", 6, financing_rate="0.06"))),
    Case("added-after-cut-over", "openings.csv:3 obligation_id", taken_over(
        line(contract_id="C5", added_on="2026-02-01", start="2026-02-01", end="2026-06-30"),
        event(contract_id="C5", type="change", date="2026-02-01", treatment="separate"),
        opening(obligation_id="new", recognized="0"))),
    Case("opening-missing", "obligations.csv:14 obligation_id",
         taken_over(line(contract_id="C5", start="2025-07-01", end="2026-06-30"))),
    Case("opening-rates-differ", "openings.csv:3 exchange_rate", taken_over(
        line(contract_id="C5", start="2025-07-01", end="2026-06-30"),
        opening(obligation_id="new", recognized="0", exchange_rate="1.1"))),
    Case("opening-quantity", "openings.csv:2 quantity", taken_over(quantity="5")),
    Case("opening-above-whole", "openings.csv:2 quantity",
         taken_over(plan={"method": "progress", "expected_total": "100"}, quantity="101")),
    Case("recognized-above-price", "openings.csv:2 recognized", taken_over(recognized="1200.01")),
    Case("recognized-above-price", "openings.csv:2 recognized", taken_over(recognized="-0.01")),
    Case("recognized-above-price", "openings.csv:2 recognized",
         taken_over(plan={"ssp": "1300.00"}, recognized="1200.01")),
    Case("recognized-above-price", "openings.csv:2 recognized", taken_over(
        add("estimates", contract_id="C5", date="2025-10-01", kind="rebate", amount="-700.00"))),
    Case("progress-above-whole", "events.csv:18 quantity", taken_over(
        event(contract_id="C5", type="progress", quantity="51"),
        plan={"method": "progress", "expected_total": "100"})),
    Case("progress-above-whole", "events.csv:18 quantity", taken_over(
        event(contract_id="C5", type="progress", quantity="31"), quantity="70",
        plan={"method": "progress", "expected_total": "100"})),
    Case("before-cut-over", "billings.csv:11 date", taken_over(document(contract_id="C5", date="2025-12-31"))),
    Case("before-cut-over", "events.csv:18 date", taken_over(event(contract_id="C5", type="hold", date="2025-12-31"))),
    Case("uncollected-without-document", "billings.csv:11 applies_to",
         taken_over(document(contract_id="C5", type="write_off"))),
    Case("full-refund-too-small", "billings.csv:11 amount", taken_over(
        document(contract_id="C5", type="credit_note", reason="full_refund", amount="1199.99"))),
    # allocation
    Case("ssp-missing", "obligations.csv:11 ssp", put("obligations", 11, ssp="")),
    Case("ssp-missing", "obligations.csv:13 ssp", both(line(contract_id="C3", added_on="2026-05-01"), event(
        contract_id="C3", type="change", date="2026-05-01", treatment="prospective"))),
    Case("ssp-all-zero", "obligations.csv:13 ssp", line(ssp="0", contract_id="C3", discount_group="a")),
    Case("two-residuals", "obligations.csv:13 allocation", line(contract_id="C4", allocation="residual")),
    Case("residual-with-ssp", "obligations.csv:12 ssp", put("obligations", 12, ssp="30.00")),
    Case("residual-range", "obligations.csv:12 ssp_high", put("obligations", 12, ssp_high="9.00")),
    Case("residual-out-of-range", "obligations.csv:12 allocation",
         put("obligations", 12, price="20.00", ssp_low="10.00")),
    Case("residual-out-of-range", "obligations.csv:12 allocation", put("obligations", 12, price="91.00")),
    Case("residual-out-of-range", "obligations.csv:12 allocation", add(
        "estimates", contract_id="C3", date="2026-03-01", kind="bonus", amount="40.00")),
    # quantities
    Case("quantity-not-positive", "obligations.csv:3 quantity", both(put("obligations", 3, quantity="0"), put(
        "events", 2, quantity="", percent="40"))),
    Case("rights-missing", "obligations.csv:13 quantity", both(line(method="redemption", price="0"), put(
        "events", 6, obligation_id="card"))),
    Case("expected-total-missing", "obligations.csv:4 expected_total", put("obligations", 4, expected_total="")),
    # documents
    Case("applies-to-missing", "billings.csv:8 applies_to", put("billings", 8, applies_to="")),
    Case("note-before-document", "billings.csv:10 date", put("billings", 10, date="2026-03-04")),
    Case("note-before-document", "billings.csv:6 date",
         put("billings", 6, date="2025-12-31", reason="goodwill")),
    Case("void-amount", "billings.csv:8 amount", put("billings", 8, amount="399.00")),
    Case("void-amount", "billings.csv:11 amount", document(type="void", applies_to="D1", amount="1200.00")),
    Case("credits-above-document", "billings.csv:11 amount",
         document(type="credit note", applies_to="D1", amount="1000.01",
                                                                     reason="goodwill")),
    Case("credits-above-document", "billings.csv:10 amount", put("billings", 10, amount="30.01")),
    Case("full-refund-too-small", "billings.csv:11 amount",
         document(type="credit_note", applies_to="D1", amount="999.99",
                                                                    reason="full-refund")),
    Case("full-refund-too-small", "billings.csv:11 amount",
         document(type="credit_note", contract_id="C2", amount="599.99",
                                                                    reason="full_refund")),
    Case("paid-above-document", "billings.csv:11 amount", document(type="payment", applies_to="D1", amount="0.01")),
    # events
    Case("event-needs-obligation", "events.csv:2 obligation_id",
         put("events", 2, obligation_id="", quantity="", percent="10")),
    Case("event-needs-obligation", "events.csv:18 obligation_id",
         event(type="change", price="5", treatment="catch_up")),
    Case("event-does-not-fit", "events.csv:18 type", event(type="deliver", obligation_id="plan")),
    Case("event-does-not-fit", "events.csv:18 type", event(type="use", contract_id="C2", amount="5")),
    Case("event-does-not-fit", "events.csv:18 type", event(type="pause", contract_id="C1", obligation_id="calls")),
    Case("event-incomplete", "events.csv:18 price", event(type="change", obligation_id="plan")),
    Case("event-incomplete", "events.csv:8 amount", put("events", 8, percent="")),
    Case("event-incomplete", "events.csv:3 quantity", put("events", 3, quantity="")),
    Case("event-incomplete", "events.csv:6 quantity", put("events", 6, quantity="")),
    Case("event-incomplete", "events.csv:7 amount", put("events", 7, quantity="")),
    Case("event-incomplete", "events.csv:7 price", both(put("events", 7, price=""),
         put("obligations", 6, quantity=""))),
    Case("event-incomplete", "events.csv:9 amount", put("events", 9, amount="")),
    Case("event-incomplete", "events.csv:2 quantity", put("obligations", 3, quantity="")),
    Case("event-incomplete", "events.csv:4 quantity", put("events", 4, obligation_id="build", quantity="")),
    Case("event-incomplete", "events.csv:18 percent", event(type="estimate", obligation_id="card")),
    Case("number-out-of-range", "events.csv:18 percent", event(type="estimate", percent="100")),
    Case("quantity-not-positive", "events.csv:4 quantity", put("events", 4, quantity="0")),
    Case("quantity-not-positive", "events.csv:18 quantity", event(
        type="change", obligation_id="build", quantity="0", treatment="catch_up")),
    Case("event-overdetermined", "events.csv:8 amount", put("events", 8, amount="1.00")),
    Case("event-overdetermined", "events.csv:2 quantity", put("events", 2, percent="40")),
    Case("event-overdetermined", "events.csv:2 amount", put("events", 2, amount="40", quantity="")),
    Case("event-overdetermined", "events.csv:3 quantity", put("events", 3, percent="40")),
    Case("treatment-does-not-fit", "events.csv:10 treatment", put("events", 10, treatment="extend")),
    Case("treatment-does-not-fit", "events.csv:17 treatment", put("events", 17, treatment="prospective")),
    Case("treatments-differ", "events.csv:19 treatment", both(
        event(type="change", obligation_id="plan", price="1300", treatment="prospective"),
        then(type="change", date="2026-08-01", treatment="catch_up"))),
    Case("treatment-assumed", "events.csv:18 treatment", event(type="upgrade", obligation_id="plan", price="1300")),
    Case("treatment-assumed", "obligations.csv:13 added_on", line(added_on="2026-05-01")),
    # one after the other
    Case("paused-twice", "events.csv:19 type", both(event(type="pause", obligation_id="plan"), then(type="pause"))),
    Case("resumed-without-pause", "events.csv:18 type", event(type="resume")),
    Case("resumed-without-pause", "events.csv:11 type", put("events", 11, date="2026-05-01")),
    Case("held-twice", "events.csv:19 type", both(event(type="hold"), then(type="hold", obligation_id="seats"))),
    Case("released-without-hold", "events.csv:18 type", event(type="release", contract_id="C2")),
    Case("activated-twice", "events.csv:18 type", event(type="activate", contract_id="C2", obligation_id="plan")),
    Case("cancelled-before-signing", "events.csv:18 date", event(type="cancel", date="2025-12-31")),
    Case("cancelled-before-signing", "events.csv:18 date",
         event(type="cancel", obligation_id="plan", date="2025-12-31")),
    Case("moved-before-added", "events.csv:18 date", both(
        line(added_on="2026-05-01", ssp="10.00"), put("obligations", 13, contract_id="C3"),
        event(type="cancel", contract_id="C3", obligation_id="new", date="2026-04-29"))),
    Case("moved-before-added", "events.csv:18 date", both(
        line(added_on="2026-05-01", ssp="10.00"), put("obligations", 13, contract_id="C3"),
        event(type="change", contract_id="C3", obligation_id="new", price="12.00", treatment="prospective",
              date="2026-04-30"))),
    Case("cancelled-twice", "events.csv:19 type", both(
        event(type="cancel", obligation_id="plan"), then(type="cancel", obligation_id="plan"))),
    Case("changed-after-cancel", "events.csv:19 price", both(
        event(type="cancel", obligation_id="plan"),
        then(type="change", obligation_id="plan", price="1300", treatment="catch_up"))),
    Case("changed-twice-a-day", "events.csv:19 price", both(
        event(type="change", obligation_id="plan", price="1300", treatment="prospective", date="2026-08-01"),
        then(type="change", obligation_id="plan", price="1400", treatment="prospective", date="2026-08-01"))),
    # totals
    Case("delivered-above-whole", "events.csv:18 quantity",
         event(type="deliver", obligation_id="seats", quantity="6.5")),
    Case("delivered-above-whole", "events.csv:18 type", event(type="deliver", obligation_id="seats")),
    Case("milestones-above-price", "events.csv:18 amount",
         event(type="deliver", obligation_id="phases", amount="450.01")),
    Case("milestones-above-price", "events.csv:18 percent",
         event(type="deliver", obligation_id="phases", percent="50.1")),
    Case("recognized-above-price", "events.csv:18 amount", event(type="recognize", amount="0.01")),
    Case("redeemed-above-sold", "events.csv:18 quantity", event(type="redeem", quantity="200.5")),
    Case("progress-above-whole", "events.csv:18 quantity", event(type="progress", quantity="12.5")),
    Case("progress-above-whole", "events.csv:18 quantity", event(type="estimate", quantity="100")),
    Case("below-zero", "events.csv:18 quantity", event(type="redeem", quantity="-300.5")),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.name}-{case.where.split('.')[0]}")
def test_the_problem_is_named_at_its_cell_and_no_other_is(case: Case, good: Tables) -> None:
    case.spoil(good)
    book, problems = examine(good)
    said = "\n".join(map(str, problems))
    assert [(problem.name, problem.where) for problem in problems] == [(case.name, case.where)], said
    assert (book is None) == (case.name in STOPPING)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.name}-{case.where.split('.')[0]}")
def test_a_message_says_what_was_found_and_what_to_do(case: Case, good: Tables) -> None:
    case.spoil(good)
    for problem in examine(good)[1]:
        assert problem.title and problem.found and problem.remedy.endswith(".")
        assert str(problem).startswith(f"{problem.where}: {problem.title}\n  ")
        assert problem.severity is (Severity.STOP if problem.name in STOPPING else Severity.WARN)


#: Rules of files rather than of what stands in them; test_csv.py and test_workbooks.py break those.
OF_FILES = {
    "file-missing", "file-in-use", "file-unreadable", "file-empty", "not-a-book", "workbook-encrypted",
    "workbook-broken",
    "folder-without-tables", "csv-encoding", "csv-broken", "csv-extra-cells", "missing-table", "duplicate-table",
    "missing-header", "rows-below-table", "error-cell", "formula-without-value", "table-looks-like",
}  # fmt: skip


def test_every_rule_has_a_case() -> None:
    assert {case.name for case in CASES} | OF_FILES == set(STOPPING) | set(WARNING)
    sources = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    assert not [name for name in OF_FILES if sources.count(f'"{name}"') < 2]


def test_the_good_book_has_no_problem() -> None:
    book, problems = examine(GOOD)
    assert book is not None and problems == [] == book.problems


def test_the_book_is_the_same_from_every_kind_of_file(tmp_path: Path) -> None:
    from_rows, _ = examine(GOOD)
    from_files = [
        write_folder(GOOD, tmp_path / "commas"),
        write_folder(GOOD, tmp_path / "semicolons", ";"),
        write_folder(GOOD, tmp_path / "tabs", "\t"),
        write_workbook(GOOD, tmp_path / "book.xlsx"),
    ]
    assert from_rows is not None
    for path in from_files:
        book, problems = examine_book(path, TODAY)
        assert book is not None and problems == []
        assert book.fingerprint == from_rows.fingerprint
        assert all(book.events[column] == from_rows.events[column] for column in from_rows.events.columns)


_SAID_OTHERWISE = (
    "ambiguous-number", "not-a-number", "number-too-large", "not-an-id", "time-of-day", "date-out-of-range"
)  # fmt: skip


@pytest.mark.parametrize(
    "case",
    [case for case in CASES if not case.where.startswith("settings")],
    ids=lambda case: f"{case.name}-{case.where}",
)
def test_a_workbook_is_refused_like_the_rows(case: Case, tmp_path: Path) -> None:
    """The same problem at the cell of the sheet, unless a workbook's cell cannot hold the mistake."""
    book = copy.deepcopy(GOOD)
    case.spoil(book)
    by_rows = examine(book)[1]
    by_sheets = examine_book(write_workbook(book, tmp_path / "book.xlsx"), TODAY)[1]
    if case.name in _SAID_OTHERWISE:
        assert by_sheets
        return
    assert [problem.name for problem in by_sheets] == [problem.name for problem in by_rows]
    sheet = case.where.partition(".")[0].capitalize()
    assert all(problem.where.startswith(sheet) for problem in by_sheets)


def test_problems_of_all_tables_are_told_in_the_order_of_the_book(good: Tables) -> None:
    for spoil in (
        put("ledger", 2, date="soon"), put("events", 2, type="give"), put("billings", 2, amount="x", date="y"),
        put("billings", 3, contract_id="C9"), put("contracts", 4, customer=""), put("obligations", 3, price="x"),
        add("settings", name="x", value="y"), event(type="resume"),
    ):  # fmt: skip
        spoil(good)
    assert [problem.where for problem in examine(good)[1]] == [
        "settings.csv:4 name", "contracts.csv:4 customer", "obligations.csv:3 price", "billings.csv:2 date",
        "billings.csv:2 amount", "billings.csv:3 contract_id", "events.csv:2 type", "ledger.csv:2 date",
    ]  # fmt: skip
