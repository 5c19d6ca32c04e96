"""The tables of a book: every column's name, type, allowed values, default, help and example, once.

The reader, the empty workbook, the CSV headers and docs/tables.md are all made from these models; catalogue.py lists
them.
"""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from engine.book.field import Kind, column

Convention = Literal["daily", "monthly", "even_months", "full_months", "half_month", "30_360", "daily_ends"]
Rounding = Literal["cumulative", "cumulative_half_even", "plug_last", "plug_first"]
Method = Literal["ratable", "point_in_time", "milestone", "progress", "usage", "redemption", "manual"]
Role = Literal[
    "receivable",
    "cash",
    "deferred_current",
    "deferred_noncurrent",
    "contract_asset",
    "refund_liability",
    "revenue",
    "breakage",
    "contra_revenue",
    "bad_debt",
    "interest",
    "fx",
    "contract_cost",
    "cost_payable",
    "cost_expense",
    "tax",
]
EventType = Literal[
    "deliver",
    "progress",
    "use",
    "redeem",
    "expire",
    "estimate",
    "recognize",
    "hold",
    "release",
    "activate",
    "pause",
    "resume",
    "change",
    "upgrade",
    "downgrade",
    "renew",
    "extend",
    "cancel",
]
CreditReason = Literal[
    "cancellation", "billing_error", "price", "goodwill", "full_refund", "dispute", "bad_debt"
]  # of a credit note
YesNo = bool  # typed as yes / no
Minor = int  # whole minor units of the row's currency

_RECORDED = "Day the row became known; a report as known at an earlier day leaves the row out"


class Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Settings(Row):
    """What holds for the whole book: one row a setting, its name and its value."""

    entity: str = column("Name of the company, printed on every sheet", Kind.TEXT, default="", example="Acme Inc.")
    reporting_currency: str = column("Currency the company reports in", Kind.CURRENCY, default="USD", example="EUR")
    as_of: dt.date | None = column(
        "Day the balances are struck at",
        Kind.DAY,
        default=None,
        default_text="the last month end before today",
        example="2026-03-31",
    )
    convention: Convention = column(
        "How a service over time is spread over days and months", Kind.WORD, default="daily", example="monthly"
    )
    rounding: Rounding = column(
        "How amounts are brought to whole cents", Kind.WORD, default="cumulative", example="plug_last"
    )
    netting: Literal["contract", "obligation"] = column(
        "Unit in which deferred revenue and contract asset net", Kind.WORD, default="contract", example="obligation"
    )
    deferral_basis: Literal["invoice", "due", "paid", "unconditional"] = column(
        "When a document counts as billed", Kind.WORD, default="invoice", example="paid"
    )
    early_service: Literal["accrue", "catch_up"] = column(
        "Service before the first invoice: earned as served, or caught up on the invoice",
        Kind.WORD,
        default="accrue",
        example="catch_up",
    )
    fiscal_year_start: int = column(
        "First month of the fiscal year", Kind.WHOLE, default=1, example="4", at_least=1, at_most=12
    )
    calendar: Literal["month", "4-4-5", "4-5-4", "5-4-4"] = column(
        "Accounting periods: calendar months, or weeks in quarters", Kind.WORD, default="month", example="4-4-5"
    )
    week_start: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] = column(
        "First day of a week of the 4-4-5 calendars", Kind.WORD, default="monday", example="sunday"
    )
    current_months: int = column(
        "Months after the day of the balance that count as current",
        Kind.WHOLE,
        default=12,
        example="12",
        at_least=1,
        at_most=60,
    )
    short_contracts: Literal["disclose", "exclude"] = column(
        "RPO of contracts of a year or less: disclosed, or excluded (expedient)",
        Kind.WORD,
        default="disclose",
        example="exclude",
    )
    progress_decimals: int | None = column(
        "Decimals a measure of progress is rounded to before use, or none",
        Kind.WHOLE,
        default=None,
        default_text="none",
        example="3",
        at_least=0,
        at_most=12,
    )


class Contract(Row):
    """One row a contract: who agreed to it, when, and for how long it can be enforced."""

    contract_id: str = column("Your number of the contract, unique in the book", Kind.ID, example="C-1001")
    customer: str = column("Who bought", Kind.TEXT, example="Northwind Ltd")
    signed_on: dt.date = column(
        "Day the contract binds both sides; nothing counts before",
        Kind.DAY,
        example="2026-01-15",
    )
    currency: str = column(
        "ISO code of the currency of every amount of the contract",
        Kind.CURRENCY,
        default=None,
        default_text="reporting_currency",
        example="USD",
    )
    start: dt.date | None = column(
        "First day of service of obligations that name no own", Kind.DAY, default=None, example="2026-02-01"
    )
    end: dt.date | None = column(
        "Last day of service, included, of obligations that name no own", Kind.DAY, default=None, example="2027-01-31"
    )
    enforceable_end: dt.date | None = column(
        "Last day the customer is bound; what comes later is not RPO", Kind.DAY, default=None, example="2026-12-31"
    )
    cancellable: YesNo = column(
        "Can the customer leave without penalty? Then an unpaid due date is no receivable",
        Kind.YES_NO,
        default=False,
        example="no",
    )
    combined_with: str | None = column(
        "Contract this one is accounted for together with (606-10-25-9)", Kind.ID, default=None, example="C-1000"
    )
    renews: str | None = column("Contract this one continues", Kind.ID, default=None, example="C-0901")
    entity: str | None = column("Company that signed, to group and filter by", Kind.TEXT, default=None, example="US")
    segment: str | None = column("Segment, to group and filter by", Kind.TEXT, default=None, example="Enterprise")
    financing_rate: Fraction | None = column(
        "Yearly rate of a significant financing component, as a fraction",
        Kind.NUMBER,
        default=None,
        example="0.06",
        unit="fraction a year",
        at_least=0,
    )
    recorded_on: dt.date | None = column(
        _RECORDED, Kind.DAY, default=None, default_text="signed_on", example="2026-01-20"
    )


class Obligation(Row):
    """One row a promise of a contract (a contract line): what is delivered, for how much, and how it is earned."""

    contract_id: str = column("Contract the promise belongs to", Kind.ID, example="C-1001")
    obligation_id: str = column("Your name of the line, unique in its contract", Kind.ID, example="plan")
    price: Minor = column("Stated price of the whole obligation, without tax", Kind.MONEY, example="12000.00")
    product: str | None = column("Product, to group and filter by", Kind.TEXT, default=None, example="Support")
    method: Method = column("What drives revenue", Kind.WORD, default="ratable", example="point_in_time")
    convention: Convention | None = column(
        "How the service is spread over months", Kind.WORD, default=None, default_text="the setting", example="monthly"
    )
    rounding: Rounding | None = column(
        "How its amounts are brought to whole cents",
        Kind.WORD,
        default=None,
        default_text="the setting",
        example="cumulative",
    )
    start: dt.date | None = column(
        "First day of service", Kind.DAY, default=None, default_text="the contract's", example="2026-02-01"
    )
    end: dt.date | None = column(
        "Last day of service, included", Kind.DAY, default=None, default_text="the contract's", example="2027-01-31"
    )
    quantity: Fraction | None = column(
        "Units sold: seats, pieces, or the rights of a redemption",
        Kind.NUMBER,
        default=None,
        example="10",
        default_text="none; rights: the price",
    )
    ssp: Minor | None = column(
        "Standalone selling price of the whole obligation", Kind.MONEY, default=None, example="13500.00", at_least=0
    )
    ssp_low: Minor | None = column(
        "Least price a residual may come to", Kind.MONEY, default=None, example="1500.00", at_least=0
    )
    ssp_high: Minor | None = column(
        "Highest price a residual may come to", Kind.MONEY, default=None, example="4500.00", at_least=0
    )
    allocation: Literal["stated", "relative", "residual"] | None = column(
        "How the price of the contract is shared out",
        Kind.WORD,
        default=None,
        default_text="relative if the contract has an ssp, else stated",
        example="residual",
    )
    discount_group: str | None = column(
        "Label of the obligations a discount belongs to alone (606-10-32-37)", Kind.TEXT, default=None, example="bundle"
    )
    expected_total: Fraction | None = column(
        "Whole of the measure of progress: hours, cost, units", Kind.NUMBER, default=None, example="800", above=0
    )
    breakage_percent: Fraction | None = column(
        "Part of the rights nobody is expected to redeem",
        Kind.PERCENT,
        default=None,
        example="10",
        at_least=0,
        below=100,
    )
    added_on: dt.date | None = column(
        "Day a later change added it to the contract",
        Kind.DAY,
        default=None,
        default_text="signed_on",
        example="2026-07-01",
    )
    recurring: YesNo | None = column("Does it count in MRR and ARR?", Kind.YES_NO, default=None, example="yes")
    rpo_treatment: Literal["disclose", "right_to_invoice", "royalty"] = column(
        "Exemption from the RPO disclosure, if any", Kind.WORD, default="disclose", example="right_to_invoice"
    )
    revenue_account: str | None = column(
        "Revenue account of this line", Kind.ID, default=None, default_text="role revenue", example="4010"
    )
    deferred_account: str | None = column(
        "Deferred revenue account of this line",
        Kind.ID,
        default=None,
        default_text="roles deferred_...",
        example="2410",
    )
    recorded_on: dt.date | None = column(
        _RECORDED, Kind.DAY, default=None, default_text="added_on", example="2026-07-03"
    )


class Billing(Row):
    """One row a document: invoices, credit notes, voids, payments, refunds and write-offs."""

    document_id: str = column("Number of the document, unique in its source", Kind.ID, example="INV-5512")
    contract_id: str = column("Contract it bills", Kind.ID, example="C-1001")
    date: dt.date = column("Date of the document", Kind.DAY, example="2026-02-01")
    amount: Minor = column("Amount without tax", Kind.MONEY, example="12000.00")
    type: Literal["invoice", "credit_note", "void", "payment", "refund", "write_off"] = column(
        "What the document is", Kind.WORD, default="invoice", example="credit_note"
    )
    obligation_id: str | None = column(
        "Line it bills", Kind.ID, default=None, default_text="all lines in force, by price", example="plan"
    )
    due_on: dt.date | None = column(
        "Day payment is due", Kind.DAY, default=None, default_text="the date", example="2026-03-03"
    )
    tax_amount: Minor | None = column(
        "Tax on top of the amount; never revenue", Kind.MONEY, default=None, example="2280.00"
    )
    currency: str | None = column(
        "Currency of the document; must be the contract's",
        Kind.CURRENCY,
        default=None,
        default_text="the contract's",
        example="USD",
    )
    exchange_rate: Fraction | None = column(
        "Reporting currency for one unit of the contract's",
        Kind.NUMBER,
        default=None,
        default_text="from Rates",
        example="1.0842",
        above=0,
    )
    applies_to: str | None = column(
        "Document that a credit note, void, payment, refund or write-off is about",
        Kind.ID,
        default=None,
        example="INV-5512",
    )
    reason: str | None = column(
        "Why: of a credit note one of the words listed, else any text", Kind.TEXT, default=None, example="cancellation"
    )
    service_start: dt.date | None = column(
        "First day billed for; for the reader only", Kind.DAY, default=None, example="2026-02-01"
    )
    service_end: dt.date | None = column(
        "Last day billed for; for the reader only", Kind.DAY, default=None, example="2027-01-31"
    )
    source: str | None = column("System the document comes from", Kind.TEXT, default=None, example="billing system")
    recorded_on: dt.date | None = column(_RECORDED, Kind.DAY, default=None, default_text="date", example="2026-02-04")


class Event(Row):
    """One row a thing that happened to a contract after signing: deliveries, use, holds, changes, cancellation."""

    event_id: str = column("Your number of the event, unique in the book", Kind.ID, example="E-77")
    contract_id: str = column("Contract it happened to", Kind.ID, example="C-1001")
    date: dt.date = column("Day it happened; of a cancel the last day of service", Kind.DAY, example="2026-07-01")
    type: EventType = column("What happened", Kind.WORD, example="deliver")
    obligation_id: str | None = column(
        "Line it happened to", Kind.ID, default=None, default_text="the one, or all, it can mean", example="plan"
    )
    amount: Minor | None = column(
        "Money a deliver, use or recognize earns, a cancel takes, a change moves, an expire hands over to the state",
        Kind.MONEY,
        default=None,
        example="2500.00",
    )
    quantity: Fraction | None = column(
        "Units delivered, used, redeemed or worked; the new total of a change or estimate",
        Kind.NUMBER,
        default=None,
        example="40",
    )
    percent: Fraction | None = column(
        "Part delivered, measure of progress, or expected breakage",
        Kind.PERCENT,
        default=None,
        example="25",
        at_least=0,
        at_most=100,
    )
    price: Any = column(
        "New total price of a change; price of one unit of a use", Kind.PRICE, default=None, example="15000.00"
    )  # `use`: Fraction; any other type: Minor
    ssp: Minor | None = column(
        "Standalone selling price of what remains after a change",
        Kind.MONEY,
        default=None,
        example="7000.00",
        at_least=0,
    )
    start: dt.date | None = column("New first day", Kind.DAY, default=None, example="2026-07-01")
    end: dt.date | None = column("New last day of a change", Kind.DAY, default=None, example="2027-06-30")
    treatment: Literal["separate", "prospective", "catch_up", "extend"] | None = column(
        "How a change is accounted for (606-10-25-12, 25-13); extend: a resume moves the end out",
        Kind.WORD,
        default=None,
        default_text="by the rule of changes",
        example="prospective",
    )
    note: str | None = column("Anything worth knowing", Kind.TEXT, default=None, example="agreed by e-mail")
    recorded_on: dt.date | None = column(_RECORDED, Kind.DAY, default=None, default_text="date", example="2026-07-02")


class Estimate(Row):
    """Variable consideration: one row an estimate of rebates, returns, penalties or bonuses; the latest holds."""

    contract_id: str = column("Contract whose price it moves", Kind.ID, example="C-1001")
    date: dt.date = column("Day from which the estimate holds", Kind.DAY, example="2026-03-31")
    kind: str = column("Kind of variable consideration, in your words", Kind.WORD, example="rebate")
    amount: Minor = column("Whole amount expected; negative lowers the price", Kind.MONEY, example="-600.00")
    obligation_id: str | None = column(
        "Line it belongs to alone (606-10-32-40)",
        Kind.ID,
        default=None,
        default_text="the whole contract",
        example="plan",
    )
    note: str | None = column("Anything worth knowing", Kind.TEXT, default=None, example="volume tier 2")
    recorded_on: dt.date | None = column(_RECORDED, Kind.DAY, default=None, default_text="date", example="2026-04-02")


class Opening(Row):
    """Contracts that began before this book: where each obligation stood on the last day kept in the former system."""

    contract_id: str = column("Contract that is taken over", Kind.ID, example="C-1001")
    obligation_id: str = column("Line that is taken over", Kind.ID, example="plan")
    cut_over: dt.date = column(
        "Last day kept in the former system, one for all lines of a contract", Kind.DAY, example="2026-06-30"
    )
    recognized: Minor = column("Revenue recognized to date on that day", Kind.MONEY, example="5000.00")
    billed: Minor = column("Billed to date on that day, less credits, without tax", Kind.MONEY, example="12000.00")
    quantity: Fraction | None = column(
        "Measure to date on that day: units worked, redeemed, delivered or used",
        Kind.NUMBER,
        default=None,
        default_text="in proportion to what is recognized",
        example="400",
        at_least=0,
    )
    exchange_rate: Fraction | None = column(
        "Reporting currency for one unit of the contract's, at which the balances are carried",
        Kind.NUMBER,
        default=None,
        default_text="from Rates, on the day of cut_over",
        example="1.0842",
        above=0,
    )
    note: str | None = column("Anything worth knowing", Kind.TEXT, default=None, example="close of June, old ledger")
    recorded_on: dt.date | None = column(
        _RECORDED, Kind.DAY, default=None, default_text="cut_over", example="2026-07-03"
    )


class Rate(Row):
    """Exchange rates by day; between two days the earlier one holds."""

    date: dt.date = column("Day from which the rate holds", Kind.DAY, example="2026-03-31")
    from_currency: str = column("Currency one unit of which is valued", Kind.CURRENCY, header="from", example="EUR")
    to_currency: str = column("Currency it is valued in", Kind.CURRENCY, header="to", example="USD")
    rate: Fraction = column("What one unit of from is worth in to", Kind.NUMBER, example="1.0842", above=0)


class Account(Row):
    """Which account of the general ledger plays which role in journal entries."""

    role: Role = column("Role in an entry", Kind.WORD, example="deferred_current")
    account: str = column("Your account number", Kind.ID, example="2400")
    name: str | None = column("Name of the account", Kind.TEXT, default=None, example="Deferred revenue, current")


class Cost(Row):
    """Costs to obtain or fulfill a contract that are capitalized and amortized."""

    cost_id: str = column("Your number of the cost, unique in the book", Kind.ID, example="K-12")
    contract_id: str = column("Contract it was incurred for", Kind.ID, example="C-1001")
    date: dt.date = column("Day it was incurred", Kind.DAY, example="2026-01-15")
    amount: Minor = column("Amount in the contract's currency", Kind.MONEY, example="900.00")
    kind: str | None = column("Kind of cost, in your words", Kind.TEXT, default=None, example="obtain")
    start: dt.date | None = column(
        "First day of amortization", Kind.DAY, default=None, default_text="the contract's", example="2026-02-01"
    )
    end: dt.date | None = column(
        "Last day of amortization, included",
        Kind.DAY,
        default=None,
        default_text="the contract's",
        example="2027-01-31",
    )
    convention: Convention | None = column(
        "How it is spread over months", Kind.WORD, default=None, default_text="the setting", example="monthly"
    )


class LedgerBalance(Row):
    """Balances of the general ledger to tie out to, in reporting currency, signed as your ledger signs them."""

    account: str = column("Account number as in Accounts", Kind.ID, example="2400")
    date: dt.date = column("Day of the balance", Kind.DAY, example="2026-03-31")
    balance: Minor = column("Balance at the close of the day", Kind.MONEY, example="11000.00")


class Judgment(Row):
    """Conclusions on changes, estimates, exemptions and overrides: what, why, who concluded and who reviewed."""

    judgment_id: str = column("Your number of the conclusion, unique in the book", Kind.ID, example="J-7")
    date: dt.date = column("Day it was concluded", Kind.DAY, example="2026-03-31")
    what: str = column("What was concluded", Kind.TEXT, example="upgrade is a separate contract")
    why: str = column("The facts and reasons it rests on", Kind.TEXT, example="priced at standalone selling price")
    concluded_by: str = column("Who concluded it", Kind.TEXT, example="Ann Lee")
    contract_id: str | None = column(
        "Contract it is about", Kind.ID, default=None, default_text="the whole book", example="C-1001"
    )
    refers_to: str | None = column(
        "event_id, or kind of estimate, that it is about",
        Kind.ID,
        default=None,
        default_text="every change and estimate of the contract",
        example="E-14",
    )
    reviewed_by: str | None = column("Who reviewed it", Kind.TEXT, default=None, example="Ben Ode")
    paragraph: str | None = column(
        "Paragraph of the standard it applies", Kind.TEXT, default=None, example="606-10-25-12"
    )
    recorded_on: dt.date | None = column(_RECORDED, Kind.DAY, default=None, default_text="date", example="2026-04-02")


#: Table name -> model of a row, in the order the sheets stand. Settings are a table of names and values.
TABLES: dict[str, type[Row]] = {
    "Settings": Settings,
    "Contracts": Contract,
    "Obligations": Obligation,
    "Billings": Billing,
    "Events": Event,
    "Estimates": Estimate,
    "Openings": Opening,
    "Rates": Rate,
    "Accounts": Account,
    "Costs": Cost,
    "Ledger": LedgerBalance,
    "Judgments": Judgment,
}
REQUIRED_TABLES = ("Contracts", "Obligations")
CHANGES = ("change", "upgrade", "downgrade", "renew", "extend")  # the event types that change terms
