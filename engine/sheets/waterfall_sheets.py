"""The waterfalls: when deferred revenue and backlog are earned, contract by contract, and by month of signing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from engine.reports.table import Table
from engine.sheets import styles
from engine.sheets.binder import Binder
from engine.sheets.formulas import Ref, RowFormula, minus
from engine.sheets.listing import Field, Listing, by_currency
from engine.sheets.pack import Pack, Period
from engine.sheets.sheet import Sheet
from engine.sheets.words import head

_DEFERRED, _BACKLOG = 2, 4  # where the amount to be earned stands


@dataclass(frozen=True)
class DeferredWaterfall:
    """Contract, customer, deferred revenue today, its releases, their sum, and the difference; what is left below."""

    binder: Binder
    sheet: Sheet
    pack: Pack

    def write(self, deferred: Mapping[str, Ref]) -> None:
        """`deferred`: the totals of Contract balances, by currency."""
        table = self.pack.deferred_waterfall
        spread = spread_columns(table, ("deferred",))
        first, last = _DEFERRED + 1, _DEFERRED + len(spread)
        fields = [
            *(Field("Contract"), Field("Customer"), Field(head("deferred"), "money", strong=True)),
            *spread_fields(self.pack, spread),
            Field("Total", "money", RowFormula(((first, last),)), strong=True),
            Field("Check", "check", RowFormula(((_DEFERRED, _DEFERRED),), ((last + 1, last + 1),), rounded=True)),
        ]
        listing = Listing(self.binder, self.sheet, fields, self.pack.one_currency)
        listing.header(frozen=2)
        rows = by_currency(table.rows, table.names.index("currency"), self.pack.currencies)
        for currency in self.pack.currencies:
            lines = _lines(self.pack, table, rows[currency], ("deferred",), 0, spread)
            feet = listing.block(currency, lines)
            self._remaining(listing, feet, first, last)
            what = "releases add up to deferred revenue, contract by contract"
            self.binder.check(self.sheet, self.pack.tell(what, currency), feet[last + 2])
            difference = listing.agree("Per Contract balances", _DEFERRED, feet[_DEFERRED], deferred[currency])
            what = "deferred revenue = total of Contract balances"
            self.binder.check(self.sheet, self.pack.tell(what, currency), difference)
            self.sheet.skip()

    def _remaining(self, listing: Listing, feet: Mapping[int, Ref], first: int, last: int) -> None:
        """Deferred revenue still to be earned after each column."""
        left, row = feet[_DEFERRED], self.sheet.row + 1
        look = styles.money(left.decimals, "formula")
        formulas = []
        for position in range(first, last + 1):
            formulas.append(minus(left, feet[position]))
            left = replace(left, column=position + 1, row=row, value=formulas[-1].value)
        label = ("Remaining", styles.TEXT)
        self.sheet.line(label, None, None, *((formula, look) for formula in formulas))


@dataclass(frozen=True)
class BacklogWaterfall:
    """Contract, customer, contracted, recognized, backlog, when it is earned, sum and difference; then by cohort."""

    binder: Binder
    sheet: Sheet
    pack: Pack

    def write(self, backlog: Mapping[str, Ref]) -> None:
        """`backlog`: the totals of Contract balances, by currency."""
        fixed = ("contracted", "to_date")
        spread = spread_columns(self.pack.backlog_waterfall, fixed)
        last = _BACKLOG + len(spread)
        fields = [
            *(
                Field("Contract"),
                Field("Customer"),
                Field(head("contracted"), "money"),
                Field(head("to_date"), "money"),
            ),
            Field(head("backlog"), "money", RowFormula(((2, 2),), ((3, 3),)), strong=True),
            *spread_fields(self.pack, spread),
            Field("Total", "money", RowFormula(((_BACKLOG + 1, last),)), strong=True),
            Field("Check", "check", RowFormula(((_BACKLOG, _BACKLOG),), ((last + 1, last + 1),), rounded=True)),
        ]
        listing = Listing(self.binder, self.sheet, fields, self.pack.one_currency)
        listing.header(frozen=2)
        for table, label in (
            (self.pack.backlog_waterfall, "By contract"),
            (self.pack.backlog_cohorts, "By month of signing"),
        ):
            rows = by_currency(table.rows, table.names.index("currency"), self.pack.currencies)
            for currency in self.pack.currencies:
                feet = listing.block(currency, _lines(self.pack, table, rows[currency], fixed, 1, spread), label)
                what = f"{label}: what is scheduled adds up to backlog"
                self.binder.check(self.sheet, self.pack.tell(what, currency), feet[last + 2])
                difference = listing.agree("Per Contract balances", _BACKLOG, feet[_BACKLOG], backlog[currency])
                what = f"{label}: backlog = total of Contract balances"
                self.binder.check(self.sheet, self.pack.tell(what, currency), difference)
                self.sheet.skip()


def spread_columns(table: Table, fixed: Sequence[str]) -> list[str]:
    """The columns of amounts that lie on the time axis: all but the fixed ones."""
    return [column.name for column in table.columns if column.kind == "money" and column.name not in fixed]


def spread_fields(pack: Pack, names: Sequence[str], group: str = "Earned in") -> list[Field]:
    """A field for each of them, headed by its period or its word."""
    heads: list[str | Period] = [pack.period.get(name) or head(name) for name in names]
    return [Field(heading, "money", group=group) for heading in heads]


def _lines(
    pack: Pack, table: Table, rows: Sequence[Sequence[Any]], fixed: Sequence[str], blanks: int, spread: Sequence[str]
) -> list[list[Any]]:
    """Rows of the report in the order of the sheet's fields; blanks are left for formulas."""
    places = [table.names.index(name) for name in fixed], [table.names.index(name) for name in spread]
    by_contract = table.columns[0].name != "cohort"
    return [
        [
            *(row[0], pack.customer(row[0]) if by_contract else ""),
            *[row[place] for place in places[0]],
            *[None] * blanks,
            *[row[place] for place in places[1]],
            *(None, None),
        ]
        for row in rows
    ]
