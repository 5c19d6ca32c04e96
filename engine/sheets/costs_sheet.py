"""contract costs of the fiscal year to date: what each was carried at, what moved it, what it is carried at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from engine.sheets import styles
from engine.sheets.binder import Binder
from engine.sheets.formulas import RowFormula
from engine.sheets.listing import Field, Listing, by_currency
from engine.sheets.pack import REQUIRED, Pack
from engine.sheets.sheet import Sheet
from engine.sheets.words import head

_KEYS = ("cost_id", "contract_id", "kind")
_AMOUNTS = REQUIRED["costs"][1:]
_FIRST = 1 + len(_KEYS)  # place of the first amount: after the keys and the customer


@dataclass(frozen=True)
class ContractCosts:
    """Cost, contract, customer, kind, the way from opening to closing, and whether it adds up."""

    binder: Binder
    sheet: Sheet
    pack: Pack

    def write(self) -> None:
        table, names = self.pack.costs, self.pack.costs.names
        closing = _FIRST + len(_AMOUNTS) - 1
        adds_up = RowFormula(((_FIRST, closing - 1),), ((closing, closing),), rounded=True)
        fields = [Field("Cost"), Field("Contract"), Field("Customer"), Field("Kind")]
        fields += [Field(head(name), "money") for name in _AMOUNTS]
        fields.append(Field("Check", "check", adds_up))
        listing = Listing(self.binder, self.sheet, fields, self.pack.one_currency)
        listing.header(frozen=2)
        places = [names.index(name) for name in _AMOUNTS]
        for currency, rows in by_currency(table.rows, names.index("currency"), self.pack.currencies).items():
            if rows:
                feet = listing.block(currency, [self._line(row, places) for row in rows])
                what = self.pack.tell("opening and movements of contract costs = closing", currency)
                self.binder.check(self.sheet, what, feet[closing + 1])
                self.sheet.skip()
        self.sheet.line(("Capitalized costs of obtaining and fulfilling contracts (340-40)", styles.NOTE), fit=False)

    def _line(self, row: Sequence[Any], places: list[int]) -> list[Any]:
        cost, contract, kind = (row[self.pack.costs.names.index(name)] for name in _KEYS)
        return [cost, contract, self.pack.customer(str(contract)), kind or "", *(row[place] for place in places), None]
