"""The sample book: a software company with contracts of every kind, each feature met once, as an accountant would.

Quillfern Analytics, Inc. and its customers are invented. Every cell is text as a person would type it, so the same rows
make the sample workbook, a folder of CSV files and, without any file, a book. Figures are struck at 2026-06-30.
"""

from __future__ import annotations

from workbook_templates.sample_contracts import DEALS
from workbook_templates.sample_rows import Row

# Every other setting stands at its default.
SETTINGS = {
    "entity": "Quillfern Analytics, Inc.",
    "reporting_currency": "USD",
    "as_of": "2026-06-30",
}

# An account for every role in an entry. Lines with an account of their own name it in Obligations: services 4100, usage
# 4200, devices 4300; contracts in foreign currency keep their deferred revenue on 2430.
ACCOUNTS = (
    ("receivable", "1200", "Accounts receivable"),
    ("cash", "1010", "Cash at bank"),
    ("deferred_current", "2400", "Deferred revenue, current"),
    ("deferred_noncurrent", "2450", "Deferred revenue, non-current"),
    ("contract_asset", "1250", "Contract assets (unbilled revenue)"),
    ("refund_liability", "2480", "Refund liabilities"),
    ("revenue", "4000", "Subscription revenue"),
    ("breakage", "4290", "Breakage of prepaid credits"),
    ("contra_revenue", "4900", "Credits and concessions"),
    ("bad_debt", "6450", "Bad debt expense"),
    ("interest", "7100", "Interest on significant financing"),
    ("fx", "7200", "Exchange gains and losses"),
    ("contract_cost", "1310", "Capitalized contract costs"),
    ("cost_payable", "2120", "Commissions payable"),
    ("cost_expense", "6120", "Amortization of contract costs"),
    ("tax", "2300", "Sales tax payable"),
)

# Month-end rates; what a unit of the first currency is worth in the second.
RATES = (
    ("2026-01-31", "EUR", "USD", "1.1835"),
    ("2026-02-28", "EUR", "USD", "1.1790"),
    ("2026-03-31", "EUR", "USD", "1.1725"),
    ("2026-04-30", "EUR", "USD", "1.1760"),
    ("2026-05-31", "EUR", "USD", "1.1810"),
    ("2026-06-30", "EUR", "USD", "1.1855"),
    ("2026-01-31", "JPY", "USD", "0.006465"),
    ("2026-02-28", "JPY", "USD", "0.006420"),
    ("2026-03-31", "JPY", "USD", "0.006390"),
    ("2026-04-30", "JPY", "USD", "0.006355"),
    ("2026-05-31", "JPY", "USD", "0.006410"),
    ("2026-06-30", "JPY", "USD", "0.006445"),
)

# The general ledger at the close of June 2026, to tie out to.
LEDGER = (
    ("2400", "2026-06-30", "480692.82"),
    ("2450", "2026-06-30", "113569.75"),
    ("1250", "2026-06-30", "24739.53"),
    ("2480", "2026-06-30", "3600.00"),
)


def sample_rows() -> dict[str, list[Row]]:
    """Table name -> rows of column -> cell, in the order a person would keep them: documents and events by date."""
    billings = [row for deal in DEALS for row in deal.billings]
    events = [row for deal in DEALS for row in deal.events]
    return {
        "Settings": [{"name": name, "value": value} for name, value in SETTINGS.items()],
        "Contracts": [deal.contract for deal in DEALS],
        "Obligations": [row for deal in DEALS for row in deal.obligations],
        "Billings": sorted(billings, key=lambda row: row["date"]),
        "Events": sorted(events, key=lambda row: row["date"]),
        "Estimates": sorted((row for deal in DEALS for row in deal.estimates), key=lambda row: row["date"]),
        "Costs": sorted((row for deal in DEALS for row in deal.costs), key=lambda row: row["date"]),
        "Rates": [dict(zip(("date", "from", "to", "rate"), row, strict=True)) for row in RATES],
        "Accounts": [dict(zip(("role", "account", "name"), row, strict=True)) for row in ACCOUNTS],
        "Ledger": [dict(zip(("account", "date", "balance"), row, strict=True)) for row in LEDGER],
    }
