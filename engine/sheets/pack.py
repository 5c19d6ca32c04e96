"""The close pack before it is written: every figure an auditor will find in it, and who stands behind it.

A `Pack` holds answers, not questions: tables exactly as the reports give them, all amounts in whole minor units of the
row's `currency`. Nothing is computed here and openpyxl is not imported, so a pack can be put together, compared and
tested without a workbook; `engine.sheets.write.write_pack` turns it into one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Literal

from engine.book.problems import Problem
from engine.reports.table import Column, Table
from engine.sheets import words

Paper = Literal["A4", "letter"]


@dataclass(frozen=True, slots=True)
class Period:
    """A period of the time axis: the `label` reports use (`2026-03`, `FY2027`), its first and its last day."""

    label: str
    start: date
    end: date

    @property
    def is_calendar_month(self) -> bool:
        """True if it can be headed by a date alone (`Mar-26`); others show their label and their last day."""
        return self.start.day == 1 and (self.end + timedelta(1)).day == 1 and (self.end - self.start).days < 31


@dataclass(frozen=True, slots=True)
class Comparative:
    """The balances of an earlier day, shown beside today's on the Summary.

    label     heading, as "Prior month" or "Prior year end"
    as_of     the day
    balances  the balances report of that day by `total`: a row per currency, with the columns of `Pack.balances`
    """

    label: str
    as_of: date
    balances: Table


#: What every table of a pack must have; its key comes first and further columns may follow.
REQUIRED: Mapping[str, tuple[str, ...]] = {
    "trend": ("period", "currency", "deferred", "backlog_unbilled", "recognized"),
    "deferred_rollforward": (
        *("period", "currency", "opening", "billings", "recognized", "breakage", "credits"),
        *("prior_period", "interest", "reclass", "fx", "closing"),
    ),
    "backlog_rollforward": (
        *("period", "currency", "opening", "new", "expansion", "contraction", "cancellation"),
        *("recognized", "prior_period", "fx", "closing"),
    ),
    "deferred_waterfall": ("currency", "deferred"),
    "backlog_waterfall": ("currency", "contracted", "to_date"),
    "backlog_cohorts": ("currency", "contracted", "to_date"),
    "revenue": ("currency", "total"),
    "balances": (
        *("currency", "contracted", "recognized", "billed", "deferred", "deferred_current", "deferred_noncurrent"),
        *("contract_asset", "refund_liability", "backlog", "backlog_unbilled", "rpo"),
    ),
    "rpo": (
        *("currency", "backlog", "not_enforceable", "right_to_invoice", "royalty", "short_contracts", "rpo"),
        *("0-12", "13-24", "25-36", "thereafter", "undated"),
    ),
    "costs": ("currency", "opening", "capitalized", "amortized", "impaired", "prior_period", "closing"),
    "disclosure": ("paragraph", "figure", "currency", "amount"),
    "disclosure_translated": ("paragraph", "figure", "currency", "amount"),
    "journal": (*("date", "contract_id", "obligation_id", "role", "account", "debit", "credit", "currency", "source"),),
}


#: Table of a pack -> the sheet it is shown on.
SHEET_OF: Mapping[str, str] = {
    "trend": words.SUMMARY,
    "deferred_rollforward": words.DEFERRED_ROLL,
    "backlog_rollforward": words.BACKLOG_ROLL,
    "deferred_waterfall": words.DEFERRED_FALL,
    "backlog_waterfall": words.BACKLOG_FALL,
    "backlog_cohorts": words.BACKLOG_FALL,
    "revenue": words.REVENUE,
    "balances": words.BALANCES,
    "rpo": words.RPO,
    "costs": words.COSTS,
    "deferred_translated": words.CURRENCY,
    "backlog_translated": words.CURRENCY,
    "disclosure": words.DISCLOSURE,
    "disclosure_translated": words.DISCLOSURE,
    "journal": words.JOURNAL,
}


def no_rows(table: str) -> Table:
    """The table of a sheet that is not wanted."""
    return Table(tuple(Column(name) for name in REQUIRED.get(table, ("contracts",))), [])


#: in the column `contracts`: of every contract
ALL = "all"
#: of a book in one currency
NOT_TRANSLATED = Table((Column("contracts"),), [])
#: of a book without contract costs
NO_COSTS = Table(
    tuple(Column(name) for name in ("cost_id", "contract_id", "kind", "currency"))
    + tuple(Column(name, "money") for name in REQUIRED["costs"][1:]),
    [],
)


#: of a pack that is put together without the figures of the notes
NO_DISCLOSURE = no_rows("disclosure")
#: of a book without balances of the general ledger
NO_TIE_OUT = Table((), [])
#: of a book without conclusions
NO_JUDGMENTS = Table((), [])


@dataclass(frozen=True)
class Pack:
    """Everything a close pack shows. Tables are the answers of the reports of the same name, with their columns.

    Who and when
        entity              the reporting entity, as Settings names it
        title               what the pack is called on every sheet, as "Close pack March 2026"
        as_of               the day the balances are of
        reporting_currency  ISO code
        version             version of Ratable, as "0.1.0"
        fingerprint         fingerprint of the book, as hexadecimal digits
        source              file or folder name of the book, without its path
        prepared_on         the day the pack is made; the workbook knows no other time of its making
        ledger              the state of the ledger of closed periods that it is made on, with the digest of its last
                            entry; blank if nobody said. The digest of the close that the pack belongs to cannot be in
                            it, because that close holds the digest of the pack
        notes               lines for the Contents: the settings in force, "As known at 2026-04-05", ...
        translated          True if amounts were translated to reporting currency; then billed less recognized is off by
                            the remeasurement of contract assets, and that identity is not checked
        paper               A4 or letter
        chosen              the sheets wanted beside Contents and Checks, with those they need (`words.with_needs`);
                            tables of other sheets may be empty (`no_rows`). None is all

    What the tables refer to
        periods             every period that is a column, or a cell of a column `period`, of any table below, in any
                            order, labels unique. Those that end after `as_of` are scheduled, the others recognized
        customers           contract id -> customer. A key `C1/plan` is looked up whole, then by what is before its `/`

    Tables; their key is the first column, with a row per key and currency
        trend               `period, currency, deferred, backlog_unbilled, recognized`, for the charts: a row per period
                            and currency, oldest first, from 12 months before `as_of` to 12 months after. Balances at
                            the end of the period, revenue in it; after `as_of` what is left of today's balances and
                            what is scheduled to be earned. None where unknown
        deferred_rollforward, backlog_rollforward
                            `rollforward --of deferred` and `--of backlog` of the fiscal year to date, oldest first
        deferred_waterfall  key `contract`, `currency, deferred`, a money column per period in which today's deferred
                            revenue is earned (12 months, then years), `thereafter` (undated too); the columns of a row
                            add up to `deferred`. Contracts without deferred revenue may be left out
        backlog_waterfall   `waterfall` by contract: key `contract`, `currency, contracted, to_date`, a money column per
                            period (months, then years), `thereafter`
        backlog_cohorts     the same by cohort, with the same columns: key `cohort` (YYYY-MM of signing)
        revenue             `revenue` by obligation over the fiscal year: key `obligation`, any texts (`product`),
                            `currency`, a money column per period, `total`. `before` and `thereafter` may stand
                            around the periods: recognized before, scheduled after
        balances            `balances` by contract at `as_of`, netting rows included
        rpo                 `rpo`: a row per currency
        costs               `costs` of the fiscal year to date: `cost_id, contract_id, kind, currency` and the way from
                            opening to closing. The sheet is left out where there are none
        deferred_translated, backlog_translated
                            the roll-forwards in reporting currency, with a first column `contracts`: the currency of
                            the contracts a row is about, ALL for every contract. The sheet Currency is left out where
                            there are none
        disclosure          `paragraph, figure, currency, amount`: what the notes ask for, of the fiscal year to date
        disclosure_translated
                            the same of all contracts in reporting currency; empty where there is but one
        tie_out             `tie-out`: the accounts of the balance sheet beside the general ledger; `tied_to` says where
                            its balances are from. The sheet is left out where there are none
        judgments           every conclusion to `as_of`, any columns of text and dates. The sheet is left out where
                            there are none
        journal             `journal` of the period closed, the lines of an entry together; `reporting_debit` and
                            `reporting_credit` are shown if they are known for lines in another currency
        checks              every check of the book and every warning, in the order they are to be read
        comparatives        earlier balances for the Summary, newest first
    """

    entity: str
    title: str
    as_of: date
    reporting_currency: str
    version: str
    fingerprint: str
    source: str
    prepared_on: date
    periods: Sequence[Period]
    customers: Mapping[str, str]
    checks: Sequence[Problem]
    trend: Table
    deferred_rollforward: Table
    backlog_rollforward: Table
    deferred_waterfall: Table
    backlog_waterfall: Table
    backlog_cohorts: Table
    revenue: Table
    balances: Table
    rpo: Table
    journal: Table
    costs: Table = NO_COSTS
    deferred_translated: Table = NOT_TRANSLATED
    backlog_translated: Table = NOT_TRANSLATED
    disclosure: Table = NO_DISCLOSURE
    disclosure_translated: Table = NO_DISCLOSURE
    tie_out: Table = NO_TIE_OUT
    tied_to: str = ""
    judgments: Table = NO_JUDGMENTS
    comparatives: Sequence[Comparative] = ()
    ledger: str = ""
    notes: Sequence[str] = ()
    translated: bool = False
    paper: Paper = "A4"
    chosen: Sequence[str] | None = None
    period: Mapping[str, Period] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for name, columns in REQUIRED.items():
            missing = [column for column in columns if column not in getattr(self, name).names]
            if missing:
                raise ValueError(f"the table {name} of a pack has no column {', '.join(missing)}")
        object.__setattr__(self, "period", {period.label: period for period in self.periods})

    @cached_property
    def currencies(self) -> tuple[str, ...]:
        """Every currency any table shows: the reporting currency first, others by code; never none."""
        places = [(table.rows, table.names.index("currency")) for table in self.tables]
        found = {row[place] for rows, place in places for row in rows}
        return tuple(
            sorted(found or {self.reporting_currency}, key=lambda code: (code != self.reporting_currency, code))
        )

    @property
    def tables(self) -> tuple[Table, ...]:
        return tuple(getattr(self, name) for name in REQUIRED)

    @property
    def sheets(self) -> tuple[str, ...]:
        """Names of the sheets, in order."""
        chosen = words.CHOICE if self.chosen is None else self.chosen
        optional = {
            words.COSTS: self.costs, words.CURRENCY: self.deferred_translated, words.DISCLOSURE: self.disclosure,
            words.JUDGMENTS: self.judgments, words.TIE_OUT: self.tie_out,
        }  # fmt: skip
        there = {words.CONTENTS, words.CHECKS, *chosen} - {name for name, table in optional.items() if not table.rows}
        return tuple(name for name in words.SHEETS if name in there)

    def customer(self, key: str) -> str:
        """The customer of a contract or obligation; blank if the book does not say."""
        return self.customers.get(key) or self.customers.get(key.partition("/")[0], "")

    @property
    def one_currency(self) -> bool:
        return len(self.currencies) < 2

    def tell(self, what: str, currency: str) -> str:
        """`what`, naming the currency if there are several."""
        return f"{what} ({currency})" if not self.one_currency else what
