"""The disclosure: each figure the notes ask for with the paragraph it answers, and room for the note."""

from __future__ import annotations

from dataclasses import dataclass

from engine.sheets import styles
from engine.sheets.binder import Binder
from engine.sheets.listing import Field, Listing, by_currency
from engine.sheets.pack import Pack
from engine.sheets.sheet import Sheet

#: of the figures, and of the notes that are still to be written
_WIDTHS = {2: 66, 4: 60}


@dataclass(frozen=True)
class Disclosure:
    """Paragraph, figure, amount, note: a block for each currency."""

    binder: Binder
    sheet: Sheet
    pack: Pack

    def write(self) -> None:
        table, names = self.pack.disclosure, self.pack.disclosure.names
        fields = [
            Field("Paragraph"), Field("Figure"), Field("Amount", "money", foot=False), Field("Note of the preparer"),
        ]  # fmt: skip
        listing = Listing(self.binder, self.sheet, fields, self.pack.one_currency)
        listing.header(frozen=2)
        for column, width in _WIDTHS.items():
            self.sheet.width(column, width)
        places = [names.index(name) for name in ("paragraph", "figure", "amount")]
        for currency, rows in by_currency(table.rows, names.index("currency"), self.pack.currencies).items():
            if rows:
                listing.block(currency, [[*(row[place] for place in places), ""] for row in rows], total="")
                self.sheet.skip()
        if translated := self.pack.disclosure_translated.rows:
            lines = [[*(row[place] for place in places), ""] for row in translated]
            listing.block(self.pack.reporting_currency, lines, "All contracts", total="")
            self.sheet.skip()
        self.sheet.line(
            ("Figures of the fiscal year to date. What they mean, and what else 606-10-50 asks for, is the preparer's "
             "to say.", styles.NOTE), fit=False,
        )  # fmt: skip
