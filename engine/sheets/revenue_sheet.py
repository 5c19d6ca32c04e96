"""The revenue schedule: what each obligation has earned in each period and what it is scheduled to earn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.sheets.binder import Binder
from engine.sheets.formulas import RowFormula
from engine.sheets.listing import Field, Listing, by_currency
from engine.sheets.pack import Pack
from engine.sheets.sheet import Sheet
from engine.sheets.waterfall_sheets import spread_columns
from engine.sheets.words import head


@dataclass(frozen=True)
class RevenueSchedule:
    """Obligation, customer, text columns, periods recognized and their sum, periods scheduled and theirs, total."""

    binder: Binder
    sheet: Sheet
    pack: Pack

    def write(self) -> None:
        table, names = self.pack.revenue, self.pack.revenue.names
        texts = [column.name for column in table.columns[1:] if column.kind == "text" and column.name != "currency"]
        spread = spread_columns(table, ("total",))
        done = [name for name in spread if self._is_recognized(name)]
        ahead = [name for name in spread if name not in done]
        fields = self._fields(texts, done, ahead)
        listing = Listing(self.binder, self.sheet, fields, self.pack.one_currency)
        listing.header(frozen=2)
        places = [[names.index(name) for name in group] for group in (texts, done, ahead)]
        for currency, rows in by_currency(table.rows, names.index("currency"), self.pack.currencies).items():
            lines = [self._line(row, places, row[names.index("total")]) for row in rows]
            feet = listing.block(currency, lines)
            what = "recognized and scheduled add up to the total, obligation by obligation"
            self.binder.check(self.sheet, self.pack.tell(what, currency), feet[len(fields) - 1])
            self.sheet.skip()

    def _is_recognized(self, name: str) -> bool:
        period = self.pack.period.get(name)
        return name in ("before", "prior_period") or (period is not None and period.end <= self.pack.as_of)

    def _fields(self, texts: list[str], done: list[str], ahead: list[str]) -> list[Field]:
        first = 2 + len(texts)
        fields = [Field("Obligation"), Field("Customer"), *(Field(head(name)) for name in texts)]
        sums = []
        for group, names in (("Recognized", done), ("Scheduled", ahead)):
            if not names:
                continue
            fields += [Field(self.pack.period.get(name) or head(name), "money", group=group) for name in names]
            last = len(fields) - 1
            fields.append(Field(group, "money", RowFormula(((first, last),)), group=group, strong=True))
            sums.append((last + 1, last + 1))
            first = len(fields)
        return [
            *fields,
            Field("Total", "money", strong=True),
            Field("Check", "check", RowFormula(tuple(sums), ((first, first),), rounded=True)),
        ]

    def _line(self, row: Any, places: list[list[int]], total: int | None) -> list[Any]:
        texts, done, ahead = ([row[place] for place in group] for group in places)
        sums = [[*group, None] for group in (done, ahead) if group]
        return [row[0], self.pack.customer(row[0]), *texts, *(cell for group in sums for cell in group), total, None]
