"""The judgments: what was concluded about changes, estimates, exemptions and overrides, for whoever reviews them."""

from __future__ import annotations

from dataclasses import dataclass

from engine.sheets import styles
from engine.sheets.binder import Binder
from engine.sheets.listing import Field, Listing
from engine.sheets.pack import Pack
from engine.sheets.sheet import Sheet
from engine.sheets.words import head


@dataclass(frozen=True)
class Judgments:
    """A conclusion a line, long texts on several."""

    binder: Binder
    sheet: Sheet
    pack: Pack

    def write(self) -> None:
        table = self.pack.judgments
        fields = [
            Field(head(column.name), column.kind, wrap=column.name in ("what", "why")) for column in table.columns
        ]
        listing = Listing(self.binder, self.sheet, fields, one_currency=True)
        listing.header(frozen=1)
        listing.block(
            self.pack.reporting_currency, [[cell if cell is not None else "" for cell in row] for row in table.rows]
        )
        self.sheet.skip()
        self.sheet.line(("Significant judgments are disclosed by 606-10-50-17 to 50-20", styles.NOTE), fit=False)
