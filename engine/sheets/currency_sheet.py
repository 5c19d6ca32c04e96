"""Contracts in foreign currency: their roll-forwards in both currencies, and what of them is foreign exchange."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.book.currencies import DECIMALS
from engine.reports.table import Table
from engine.sheets import styles
from engine.sheets.binder import Binder
from engine.sheets.formulas import Ref, check
from engine.sheets.pack import ALL, Pack
from engine.sheets.rollforward_sheet import BACKLOG_LINES, DEFERRED_LINES, Block, RollForward
from engine.sheets.sheet import Sheet

_NOTE = (
    "Deferred revenue stays at the rate of each document, first in, first out; revenue ahead of billing and unbilled "
    "backlog are at the rate of the period's end (ASC 830-10-45-18, IFRIC 22)"
)


@dataclass(frozen=True)
class CurrencySheet:
    """A block for the contracts of each currency, in theirs and in reporting currency, and one for all of them."""

    binder: Binder
    sheet: Sheet
    pack: Pack

    def write(self) -> None:
        pack = self.pack
        one = RollForward(self.binder, self.sheet, pack, pack.deferred_rollforward, DEFERRED_LINES)
        one.header()
        self._write("Deferred revenue", pack.deferred_rollforward, pack.deferred_translated, DEFERRED_LINES)
        self.sheet.break_page()
        self._write("Backlog", pack.backlog_rollforward, pack.backlog_translated, BACKLOG_LINES)
        self.sheet.line((_NOTE, styles.NOTE), fit=False)

    def _write(self, what: str, in_contract: Table, translated: Table, lines: Mapping[str, str]) -> None:
        reporting, place = self.pack.reporting_currency, translated.names.index("contracts")
        closings: list[Ref] = []
        for code in dict.fromkeys(row[place] for row in translated.rows):
            rows = Table(translated.columns, [row for row in translated.rows if row[place] == code])
            home, foreign = (
                RollForward(self.binder, self.sheet, self.pack, table, lines) for table in (rows, in_contract)
            )
            if closings:
                self.sheet.break_page()
            if code not in (ALL, reporting):
                foreign.title(f"{what} of contracts in {code}")
                Block(foreign, f"{what.lower()} in {code}", DECIMALS[code], foreign.reported(code)).write(None)
                self.sheet.break_page()
            named = "all contracts" if code == ALL else f"contracts in {code}"
            named += f", in {reporting}" if code != reporting else ""
            home.title(f"{what} of {named}")
            told = f"{what.lower()} of {named}"
            closing = Block(home, told, DECIMALS[reporting], home.reported(reporting)).write(None)
            if code != ALL:
                closings.append(closing[-1])
                continue
            adds_up = check([closing[-1]], closings)
            look = styles.money(DECIMALS[reporting], "formula")
            cells = self.sheet.line(("Check: contracts of each currency add up", styles.TEXT), (adds_up, look))
            self.sheet.judge([cells[1], cells[1]], styles.difference_rules())
            self.binder.check(self.sheet, f"{what.lower()} of each currency adds up in {reporting}", cells[1])
            self.sheet.skip()
