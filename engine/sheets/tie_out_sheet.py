"""The tie-out: every balance sheet account of the book beside its balance in the general ledger."""

from __future__ import annotations

from dataclasses import dataclass

from engine.sheets import styles
from engine.sheets.binder import Binder
from engine.sheets.formulas import OnLine, RowFormula
from engine.sheets.listing import Field, Listing
from engine.sheets.pack import Pack
from engine.sheets.sheet import Sheet

_LEDGER, _BOOK, _GAP = 2, 3, 4


@dataclass(frozen=True, slots=True)
class _Difference:
    """Ledger less book, of the accounts that are compared."""

    def prepare(self, decimals: int) -> OnLine:
        whole = RowFormula(((_LEDGER, _LEDGER),), ((_BOOK, _BOOK),), rounded=True).prepare(decimals)
        return lambda cells, row: None if cells[_GAP] is None else whole(cells, row)


@dataclass(frozen=True)
class TieOut:
    """Account, roles, general ledger, book, their difference as a live formula, and what in the book explains it."""

    binder: Binder
    sheet: Sheet
    pack: Pack

    def write(self) -> None:
        table = self.pack.tie_out
        names = ("account", "roles", "ledger", "book", "difference", "explanation")
        places = [table.names.index(name) for name in names]
        fields = [
            Field("Account"), Field("Roles"), Field("General ledger", "money", foot=False),
            Field("Book", "money", foot=False), Field("Difference", "check", _Difference()),
            Field("Explanation", wrap=True),
        ]  # fmt: skip
        listing = Listing(self.binder, self.sheet, fields, one_currency=True)
        listing.header(frozen=1)
        self.sheet.width(len(fields), 70)
        rows = [[row[place] for place in places] for row in table.rows]
        listing.block(self.pack.reporting_currency, rows, total="Differences by size")
        self.sheet.skip()
        told = f"{self.pack.tied_to}. Amounts in {self.pack.reporting_currency}, signed as the ledger signs them"
        self.sheet.line((told, styles.NOTE), fit=False)
