"""The words of the sheets: what each column is called, what each sheet answers."""

from __future__ import annotations

from collections.abc import Iterable

#: Column of a report -> heading.
HEADS = {
    "contract": "Contract",
    "contract_id": "Contract",
    "obligation": "Obligation",
    "obligation_id": "Obligation",
    "customer": "Customer",
    "product": "Product",
    "cohort": "Signed in",
    "period": "Period",
    "total": "Total",
    "currency": "Currency",
    "contracted": "Contracted",
    "recognized": "Recognized to date",
    "billed": "Billed to date",
    "deferred": "Deferred revenue",
    "deferred_current": "Deferred, current",
    "deferred_noncurrent": "Deferred, non-current",
    "contract_asset": "Contract assets",
    "refund_liability": "Refund liability",
    "backlog": "Backlog",
    "backlog_unbilled": "Unbilled backlog",
    "rpo": "RPO",
    "to_date": "Recognized to date",
    "before": "Earlier",
    "thereafter": "Thereafter",
    "undated": "Undated",
    "opening": "Opening",
    "closing": "Closing",
    "opening_position": "Taken over",
    "reporting_debit": "Reporting debit",
    "reporting_credit": "Reporting credit",
    "prior_period": "Prior period",
    "fx": "FX",
    "as_of": "As of",
}

#: Role of a journal line -> its words.
ROLES = {
    "deferred_current": "Deferred revenue, current",
    "deferred_noncurrent": "Deferred revenue, non-current",
    "contract_asset": "Contract assets",
    "fx": "FX gain or loss",
}

CONTENTS, CHECKS, SUMMARY = "Contents", "Checks", "Summary"
DEFERRED_ROLL, BACKLOG_ROLL = "Deferred roll-forward", "Backlog roll-forward"
DEFERRED_FALL, BACKLOG_FALL = "Deferred waterfall", "Backlog waterfall"
REVENUE, BALANCES, RPO, JOURNAL = "Revenue schedule", "Contract balances", "RPO", "Journal"
COSTS, CURRENCY, DISCLOSURE, JUDGMENTS = "Contract costs", "Currency", "Disclosure", "Judgments"
TIE_OUT = "Tie-out"
OPTIONAL = (COSTS, CURRENCY, TIE_OUT, DISCLOSURE, JUDGMENTS)

#: Sheet -> its full title and what it answers, in the order of the pack. OPTIONAL ones are there if they have rows.
SHEETS = {
    CONTENTS: ("Contents", "What is in this workbook, where it came from and whether it holds together"),
    CHECKS: (
        "Checks",
        "Do the figures agree with each other, and does the book show the mistakes that cause restatements?",
    ),
    SUMMARY: (
        "Summary",
        "What do we owe our customers in service, what have they committed to, and when is it earned?",
    ),
    DEFERRED_ROLL: (
        "Deferred revenue (contract liability) roll-forward",
        "What moved deferred revenue from its opening to its closing balance, period by period?",
    ),
    BACKLOG_ROLL: (
        "Backlog roll-forward",
        "What moved contracted revenue not yet recognized, period by period?",
    ),
    DEFERRED_FALL: (
        "Deferred revenue waterfall",
        "When is today's deferred revenue (contract liability) earned, contract by contract?",
    ),
    BACKLOG_FALL: (
        "Backlog waterfall",
        "When is contracted revenue not yet recognized earned, by contract and by month of signing?",
    ),
    REVENUE: (
        "Revenue schedule",
        "What was recognized in each period, and what is scheduled, obligation by obligation?",
    ),
    BALANCES: (
        "Contract balances",
        "Where does each contract stand: contracted, recognized, billed, deferred, asset, refund liability, backlog?",
    ),
    RPO: (
        "Remaining performance obligations (RPO)",
        "How does backlog lead to the disclosed figure, and when is it recognized?",
    ),
    COSTS: (
        "Contract costs",
        "What did it cost to obtain and fulfill contracts, and what of that is still carried?",
    ),
    CURRENCY: (
        "Contracts in foreign currency",
        "What do they come to in reporting currency, and what of it is foreign exchange?",
    ),
    TIE_OUT: (
        "Tie-out to the general ledger",
        "Does every balance sheet account agree with the general ledger, and what explains a difference?",
    ),
    DISCLOSURE: (
        "Disclosure",
        "Which figures do the notes ask for, and which paragraph does each of them answer?",
    ),
    JUDGMENTS: (
        "Judgments",
        "What was concluded about changes, estimates, exemptions and overrides, why, by whom, and who reviewed it?",
    ),
    JOURNAL: ("Journal", "Which entries book the period, and do they balance?"),
}

#: The sheets one can choose to have in a pack; Contents and Checks are always there.
CHOICE = tuple(name for name in SHEETS if name not in (CONTENTS, CHECKS))
#: Sheet -> those its checks and links refer to, which come with it.
NEEDS = {
    SUMMARY: (BALANCES, RPO),
    CURRENCY: (DEFERRED_ROLL, BACKLOG_ROLL, BALANCES),
    DISCLOSURE: (BALANCES, RPO),
    **dict.fromkeys((DEFERRED_ROLL, BACKLOG_ROLL, DEFERRED_FALL, BACKLOG_FALL, RPO), (BALANCES,)),
}


def with_needs(names: Iterable[str]) -> tuple[str, ...]:
    """These sheets and those they refer to, in the order of the pack."""
    wanted = set(names)
    wanted |= {needed for name in wanted for needed in NEEDS.get(name, ())}
    return tuple(name for name in CHOICE if name in wanted)


def head(column: str, in_period: bool = False) -> str:
    """The heading of a report's column; names without one are made readable.

    in_period  amounts are of a period, not to date
    """
    if in_period and column == "recognized":
        return "Recognized"
    return HEADS.get(column) or column.replace("_", " ").capitalize()


def role(name: str) -> str:
    """The role of a journal line in words."""
    return ROLES.get(name) or name.replace("_", " ").capitalize()
