"""The tables of a book: every column's name, type, allowed values, default, help and example, once.

The reader, the empty workbook, the CSV headers and docs/tables.md are all made from these models.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Convention = Literal["daily", "monthly", "even_months", "full_months", "half_month", "30_360", "daily_ends"]
Rounding = Literal["cumulative", "cumulative_half_even", "plug_last", "plug_first"]
Method = Literal["ratable", "point_in_time", "milestone", "progress", "usage", "redemption", "manual"]
YesNo = bool  # typed as yes / no
Minor = int  # whole minor units of the row's currency


class Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Settings(Row):
    entity: str = ""
    reporting_currency: str = "USD"
    as_of: date | None = None  # resolved by the caller: the last month end before today
    convention: Convention = "daily"
    rounding: Rounding = "cumulative"
    netting: Literal["contract", "obligation"] = "contract"
    deferral_basis: Literal["invoice", "due", "paid", "unconditional"] = "invoice"
    early_service: Literal["accrue", "catch_up"] = "accrue"
    fiscal_year_start: Annotated[int, Field(ge=1, le=12)] = 1
    calendar: Literal["month", "4-4-5", "4-5-4", "5-4-4"] = "month"
    current_months: Annotated[int, Field(ge=1, le=60)] = 12
    short_contracts: Literal["disclose", "exclude"] = "disclose"
    progress_decimals: int | None = None


class Contract(Row):
    contract_id: str
    customer: str
    signed_on: date
    currency: str
    start: date | None = None
    end: date | None = None
    enforceable_end: date | None = None
    cancellable: YesNo = False
    combined_with: str | None = None
    renews: str | None = None
    entity: str | None = None
    segment: str | None = None
    financing_rate: Fraction | None = None
    recorded_on: date | None = None


class Obligation(Row):
    contract_id: str
    obligation_id: str
    price: Minor
    product: str | None = None
    method: Method = "ratable"
    convention: Convention | None = None
    rounding: Rounding | None = None
    start: date | None = None
    end: date | None = None
    quantity: Fraction | None = None
    ssp: Minor | None = None
    ssp_low: Minor | None = None
    ssp_high: Minor | None = None
    allocation: Literal["stated", "relative", "residual"] | None = None
    discount_group: str | None = None
    expected_total: Fraction | None = None
    breakage_percent: Fraction | None = None
    added_on: date | None = None
    recurring: YesNo | None = None
    rpo_treatment: Literal["disclose", "right_to_invoice", "royalty"] = "disclose"
    revenue_account: str | None = None
    deferred_account: str | None = None
    recorded_on: date | None = None


class Billing(Row):
    document_id: str
    contract_id: str
    date: date
    amount: Minor
    type: Literal["invoice", "credit_note", "void", "payment", "refund", "write_off"] = "invoice"
    obligation_id: str | None = None
    due_on: date | None = None
    tax_amount: Minor | None = None
    currency: str | None = None
    exchange_rate: Fraction | None = None
    applies_to: str | None = None
    reason: str | None = None  # of a credit note: a word of SPEC 7; of an invoice: any text
    service_start: date | None = None
    service_end: date | None = None
    source: str | None = None
    recorded_on: date | None = None


class Event(Row):
    event_id: str
    contract_id: str
    date: date
    type: Literal[
        "deliver", "progress", "use", "redeem", "expire", "estimate", "recognize", "hold", "release", "activate", "pause",
        "resume", "change", "upgrade", "downgrade", "renew", "extend", "cancel",
    ]
    obligation_id: str | None = None
    amount: Minor | None = None
    quantity: Fraction | None = None
    percent: Fraction | None = None
    price: Any = None  # `use`: unit price, Fraction; changes: new total price, Minor
    ssp: Minor | None = None
    start: date | None = None
    end: date | None = None
    treatment: Literal["separate", "prospective", "catch_up", "extend"] | None = None
    note: str | None = None
    recorded_on: date | None = None


class Estimate(Row):
    contract_id: str
    date: date
    kind: str
    amount: Minor
    obligation_id: str | None = None
    note: str | None = None
    recorded_on: date | None = None


class Rate(Row):
    date: date
    from_currency: Annotated[str, Field(alias="from")]
    to_currency: Annotated[str, Field(alias="to")]
    rate: Fraction


class Account(Row):
    role: str
    account: str
    name: str | None = None


class Cost(Row):
    cost_id: str
    contract_id: str
    date: date
    amount: Minor
    kind: str | None = None
    start: date | None = None
    end: date | None = None
    convention: Convention | None = None


class LedgerBalance(Row):
    account: str
    date: date
    balance: Minor
