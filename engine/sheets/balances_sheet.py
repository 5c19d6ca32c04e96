"""every contract's position at the day, and the identities that hold it together, live."""

from __future__ import annotations

from dataclasses import dataclass

from engine.sheets import styles
from engine.sheets.binder import Binder
from engine.sheets.formulas import Ref, RowFormula
from engine.sheets.listing import Field, Listing, by_currency
from engine.sheets.pack import REQUIRED, Pack
from engine.sheets.sheet import Sheet
from engine.sheets.words import head

_COLUMNS = REQUIRED["balances"][1:]
_PLACE = {name: place for place, name in enumerate(_COLUMNS, 2)}

#: Heading of a check, what is added, what is taken away, what it says in words.
IDENTITIES = (
    ("Backlog", ("contracted",), ("recognized", "backlog"), "backlog = contracted – recognized"),
    (
        "Backlog split",
        ("backlog",),
        ("deferred", "backlog_unbilled"),
        "backlog = deferred revenue + unbilled backlog",
    ),
    (
        "Deferred split",
        ("deferred",),
        ("deferred_current", "deferred_noncurrent"),
        "deferred revenue = current + non-current",
    ),
    (
        "Billing position",
        ("deferred", "refund_liability", "recognized"),
        ("contract_asset", "billed"),
        "deferred revenue + refund liability – contract assets = billed – recognized",
    ),
)


@dataclass(frozen=True)
class ContractBalances:
    """Contract, customer, the columns of the balances report, and a column of differences for each identity."""

    binder: Binder
    sheet: Sheet
    pack: Pack

    def write(self) -> dict[str, dict[str, Ref]]:
        """Returns the totals: column of the report -> currency -> cell."""
        table, names = self.pack.balances, self.pack.balances.names
        # Translated amounts stand at several rates, and billed less recognized is off by what was remeasured.
        identities = IDENTITIES[:-1] if self.pack.translated else IDENTITIES
        fields = [Field("Contract"), Field("Customer"), *(Field(head(name), "money") for name in _COLUMNS)]
        fields += [Field(name, "check", _formula(add, take), group="Must be zero") for name, add, take, _ in identities]
        listing = Listing(self.binder, self.sheet, fields, self.pack.one_currency)
        listing.header(frozen=2)
        places = [names.index(name) for name in _COLUMNS]
        totals: dict[str, dict[str, Ref]] = {name: {} for name in _COLUMNS}
        for currency, rows in by_currency(table.rows, names.index("currency"), self.pack.currencies).items():
            lines = [
                [row[0], self.pack.customer(row[0]), *[row[place] for place in places], *[None] * len(identities)]
                for row in rows
            ]
            feet = listing.block(currency, lines)
            for name in _COLUMNS:
                totals[name][currency] = feet[_PLACE[name]]
            for place, (_, _, _, what) in enumerate(identities, 2 + len(_COLUMNS)):
                self.binder.check(self.sheet, self.pack.tell(what, currency), feet[place])
            self.sheet.skip()
        for name, _, _, what in identities:
            self.sheet.line((f"{name}: {what}", styles.NOTE), fit=False)
        return totals


def _formula(add: tuple[str, ...], take: tuple[str, ...]) -> RowFormula:
    runs = [tuple((_PLACE[name], _PLACE[name]) for name in names) for names in (add, take)]
    return RowFormula(runs[0], runs[1], rounded=True)
