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
    ("2430", "2026-06-30", "70703.55"),
    ("2450", "2026-06-30", "113569.75"),
    ("1250", "2026-06-30", "24739.53"),
    ("2480", "2026-06-30", "3600.00"),
)

# What was concluded on every change and estimate: date, contract, what it refers to, paragraph, conclusion, reasons.
JUDGMENTS = (
    (
        "2026-03-31",
        "C-1019",
        "E-1019-1",
        "606-10-25-13(a)",
        "The upgrade is one prospective change",
        "The remaining service is distinct, and the larger line is not at its standalone selling price",
    ),
    (
        "2026-04-30",
        "C-1020",
        "E-1020-1",
        "606-10-25-13",
        "The contract ends; what is kept is recognized at once",
        "No service is left to give, and the customer has no claim beyond the 12,000 agreed",
    ),
    (
        "2026-05-15",
        "C-1021",
        "E-1021-1",
        "606-10-25-13(b)",
        "The price holds from the start",
        "The wrong price list was used; the customer never owed the higher price",
    ),
    (
        "2026-05-31",
        "C-1009",
        "E-1009-5",
        "606-10-25-35",
        "480 hours are expected instead of 400",
        "Progress review of 29 May: the data model is larger than scoped",
    ),
    (
        "2026-06-12",
        "C-1022",
        "E-1022-1",
        "606-10-25-12",
        "The second year is a separate contract",
        "Distinct service, at the standalone selling price of a renewal",
    ),
    (
        "2026-06-30",
        "C-1014",
        "E-1014-7",
        "606-10-55-48",
        "8 percent of the credits will not be redeemed",
        "Redemption of the cohorts sold since January",
    ),
    (
        "2026-06-30",
        "C-1021",
        "rebate",
        "606-10-32-5 to 32-13",
        "Tier 2 is the most likely amount",
        "Orders of the first half of the year; no constraint, the history of three years is close",
    ),
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
        "Judgments": [
            {
                "judgment_id": f"J-{number}",
                "date": day,
                "contract_id": contract_id,
                "refers_to": refers_to,
                "what": what,
                "why": why,
                "concluded_by": "M. Castellanos",
                "reviewed_by": "R. Oyelaran",
                "paragraph": paragraph,
            }
            for number, (day, contract_id, refers_to, paragraph, what, why) in enumerate(JUDGMENTS, 1)
        ],
    }
