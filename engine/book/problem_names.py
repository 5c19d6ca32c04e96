"""Every rule a book can break: its name and what it is called in a message, in one place."""

from __future__ import annotations

#: Rules that refuse the calculation: name -> title.
STOPPING: dict[str, str] = {
    # the file
    "file-missing": "there is no such file or folder",
    "file-in-use": "the file cannot be opened",
    "file-unreadable": "the file cannot be read",
    "file-empty": "the file is empty",
    "not-a-book": "this is not a book",
    "workbook-encrypted": "the workbook is protected by a password",
    "workbook-broken": "the workbook is damaged",
    "folder-without-tables": "the folder holds no tables",
    "csv-encoding": "the file is not UTF-8",
    "csv-broken": "the file is not well-formed CSV",
    "csv-extra-cells": "the row has more cells than the header",
    # the shape of tables
    "missing-table": "a required table is missing",
    "duplicate-table": "the table is there twice",
    "missing-header": "the table has no header row",
    "missing-column": "a required column is missing",
    "duplicate-column": "the column is there twice",
    "rows-below-table": "rows stand below the table, outside of it",
    # cells
    "missing-cell": "a required cell is empty",
    "error-cell": "the cell shows an error",
    "formula-without-value": "the formula has never been calculated",
    "not-a-number": "not a number",
    "ambiguous-number": "a number that can be read in two ways",
    "too-many-decimals": "more decimals than the currency has",
    "number-too-large": "a number too large to be exact",
    "number-out-of-range": "a number outside its limits",
    "not-a-date": "not a date",
    "ambiguous-date": "a date that could be two days",
    "time-of-day": "a date with a time of day",
    "date-out-of-range": "a date outside 1900 to 2199",
    "not-yes-or-no": "neither yes nor no",
    "unknown-word": "a word the column does not know",
    "unknown-currency": "not an ISO 4217 currency",
    "not-an-id": "not an id",
    # settings
    "unknown-setting": "no such setting",
    "duplicate-setting": "the setting is there twice",
    # ids across tables
    "duplicate-id": "the id is there twice",
    "unknown-contract": "no such contract",
    "unknown-obligation": "the contract has no such obligation",
    "unknown-document": "no such document",
    "document-of-another-contract": "the document belongs to another contract",
    "ambiguous-document": "several documents bear this number",
    "wrong-document-type": "it cannot apply to a document of this type",
    "circular-reference": "contracts refer to each other in a circle",
    "contract-without-obligations": "the contract has no obligations",
    # dates
    "end-before-start": "the end is before the start",
    "enforceable-end-too-early": "enforceable before it begins",
    "added-before-signed": "added before the contract was signed",
    "term-missing": "a service over time needs both dates",
    # opening positions
    "cut-overs-differ": "taken over on different days",
    "cut-over-before-signing": "taken over before it was signed",
    "cut-over-after-end": "taken over after its end with something left",
    "cut-over-with-financing": "a financed contract cannot be taken over",
    "added-after-cut-over": "taken over before it was added",
    "opening-missing": "a line of a contract taken over without its position",
    "opening-rates-differ": "taken over at different rates",
    "opening-quantity": "a measure of a method that has none",
    "opening-above-whole": "a measure above its whole",
    "before-cut-over": "it belongs to the former system",
    "uncollected-without-document": "it does not say which document will not be collected",
    # currencies
    "combined-currencies": "combined contracts are in different currencies",
    "document-currency": "the document is in another currency than its contract",
    "rate-missing": "no exchange rate to the reporting currency",
    "rate-to-itself": "a rate of a currency to itself",
    "duplicate-rate": "the rate is there twice",
    "duplicate-role": "the role is there twice",
    "duplicate-balance": "the balance is there twice",
    "duplicate-estimate": "two estimates of one kind on one day",
    # allocation
    "ssp-missing": "an obligation without standalone price",
    "ssp-all-zero": "no standalone price to allocate by",
    "two-residuals": "two residual obligations in one contract",
    "residual-with-ssp": "a residual obligation with a standalone price",
    "residual-range": "the range of the residual is upside down",
    "residual-out-of-range": "the residual is outside its range",
    # methods
    "rights-missing": "no rights to redeem",
    "quantity-not-positive": "a quantity of nothing",
    "expected-total-missing": "progress without an expected total",
    # documents
    "applies-to-missing": "it does not say which document",
    "note-before-document": "a note that moves the price before its document",
    "void-amount": "the void is not what is left of its document",
    "credits-above-document": "credited more than the document",
    "full-refund-too-small": "a full refund of less than it covers",
    # events
    "event-needs-obligation": "the event does not say which obligation",
    "event-does-not-fit": "the event does not fit the method",
    "event-incomplete": "the event lacks what it needs",
    "event-overdetermined": "the event says the same thing twice",
    "treatment-does-not-fit": "the treatment does not fit the event",
    "paused-twice": "paused while paused",
    "resumed-without-pause": "resumed without a pause",
    "held-twice": "held while held",
    "released-without-hold": "released without a hold",
    "activated-twice": "activated twice",
    "cancelled-before-signing": "cancelled before the contract was signed",
    "moved-before-added": "changed or cancelled before it was added",
    "cancelled-twice": "cancelled twice",
    "changed-after-cancel": "new terms for what has been cancelled",
    "changed-twice-a-day": "two values for one term on one day",
    "delivered-above-whole": "delivered more than the whole",
    "milestones-above-price": "milestones above the price",
    "recognized-above-price": "recognized above the price",
    "redeemed-above-sold": "redeemed more than was sold",
    "progress-above-whole": "progress above 100 percent",
    "below-zero": "taken back more than was given",
}

#: Rules that only warn.
WARNING: dict[str, str] = {
    "contract-empty": "the contract has neither obligations nor documents",
    "renews-unknown": "the contract it renews is not in the book",
    "column-looks-like": "a column with a name like a known one",
    "table-looks-like": "a table with a name like a missing one",
    "fraction-for-percent": "a percent below 1",
    "percent-for-fraction": "a rate of 100 percent a year or more",
    "paid-above-document": "paid more than the document",
    "treatments-differ": "one change with several treatments",
    "treatment-assumed": "a change without a treatment is taken as prospective",
}

#: Rules that stop figures in reporting currency, once they are asked for.
WHEN_TRANSLATED: dict[str, str] = {
    "rate-missing-on-day": "no exchange rate to the reporting currency on or before a day that needs one",
}

#: Rules that refuse a trial balance, beside those of its cells.
OF_TRIAL_BALANCES: dict[str, str] = {
    "trial-balance-kind": "this is no trial balance",
    "trial-balance-columns": "account and balance cannot be told from the headers",
    "trial-balance-twice": "two sheets hold a trial balance",
    "trial-balance-empty": "the trial balance has no balances",
    "trial-balance-currency": "a balance in another currency than the reporting currency",
}

TITLES: dict[str, str] = {**STOPPING, **WARNING, **WHEN_TRANSLATED, **OF_TRIAL_BALANCES}
