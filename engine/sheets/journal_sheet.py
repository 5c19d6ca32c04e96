"""The journal: every entry of the period, line by line, each balanced by a live check on its last line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from engine.book.currencies import DECIMALS
from engine.sheets import styles
from engine.sheets.binder import Binder
from engine.sheets.formulas import OnLine, Ref, check, letters
from engine.sheets.listing import Field, Listing, by_currency
from engine.sheets.pack import Pack
from engine.sheets.sheet import Cell, Sheet
from engine.sheets.words import head, role

_TEXTS = ("contract_id", "obligation_id", "role", "account")
_ROLE, _DEBIT = 3, 1 + len(_TEXTS)


@dataclass(frozen=True)
class EntryBalance:
    """Debit less credit of an entry, on its last line.

    That line's cell at `position` comes as (lines of the entry, their difference), those of the other lines as None.
    """

    position: int

    def prepare(self, decimals: int) -> OnLine:
        debit, credit = letters(_DEBIT + 1), letters(_DEBIT + 2)

        def balance(cells: Sequence[Any], row: int) -> tuple[str, int] | None:
            if cells[self.position] is None:
                return None
            lines, difference = cells[self.position]
            top = row - lines + 1
            return f"ROUND(SUM({debit}{top}:{debit}{row})-SUM({credit}{top}:{credit}{row}),{decimals})", difference

        return balance


@dataclass(frozen=True)
class Journal:
    """Date, contract, obligation, role, account, debit, credit, source, check; reporting amounts where they differ."""

    binder: Binder
    sheet: Sheet
    pack: Pack

    def write(self) -> None:
        table, names = self.pack.journal, self.pack.journal.names
        amounts = ["debit", "credit", *(self._reporting if self._is_translated else ())]
        places = [names.index(name) for name in ("date", *_TEXTS, *amounts, "source")]
        fields = self._fields(amounts)
        listing = Listing(self.binder, self.sheet, fields, self.pack.one_currency)
        listing.header(frozen=2)
        for currency, rows in by_currency(table.rows, names.index("currency"), self.pack.currencies).items():
            lines: list[list[Any]] = []
            shaded: list[bool] = []
            for number, entry in enumerate(_entries(rows, places)):
                lines += entry
                shaded += [number % 2 == 1] * len(entry)
            feet = listing.block(currency, lines, shaded=shaded)
            self.binder.check(self.sheet, self.pack.tell("every entry balances", currency), feet[len(fields) - 1])
            self._totals(feet, currency)
            self.sheet.skip()

    @property
    def _reporting(self) -> tuple[str, ...]:
        return tuple(name for name in ("reporting_debit", "reporting_credit") if name in self.pack.journal.names)

    @property
    def _is_translated(self) -> bool:
        """True if there is a line in another currency whose amount in the reporting currency is known."""
        names, rows = self.pack.journal.names, self.pack.journal.rows
        currency, amounts = names.index("currency"), [names.index(name) for name in self._reporting]
        foreign = (row for row in rows if row[currency] != self.pack.reporting_currency)
        return any(row[place] is not None for row in foreign for place in amounts)

    def _fields(self, amounts: Sequence[str]) -> list[Field]:
        reporting = DECIMALS.get(self.pack.reporting_currency, 2)
        return [
            Field("Date", "date"),
            *(Field(head(name)) for name in _TEXTS),
            *(
                Field(head(name), "money", decimals=reporting if name.startswith("reporting") else None)
                for name in amounts
            ),
            Field("Source"),
            Field("Check", "check", EntryBalance(_DEBIT + len(amounts) + 1)),
        ]

    def _totals(self, feet: Mapping[int, Ref], currency: str) -> None:
        """Debits against credits, over all entries."""
        blank: list[Cell] = [None] * _DEBIT
        debit, credit = feet[_DEBIT], feet[_DEBIT + 1]
        look = styles.Look("formula", form=styles.money_form(debit.decimals))
        cells: list[Cell] = [("Debit less credit", styles.PLAIN), *blank, (check([debit], [credit]), look)]
        difference = self.sheet.line(*cells, fit=False)[-1]
        self.sheet.judge([difference], styles.difference_rules())
        self.binder.check(self.sheet, self.pack.tell("total debits = total credits", currency), difference)


def _entries(rows: Sequence[Sequence[Any]], places: Sequence[int]) -> Iterator[list[list[Any]]]:
    """Lines that belong together: neighbours of one date and contract, the last of which carries their check."""
    for _, run in groupby(rows, key=lambda row: (row[places[0]], row[places[1]])):
        lines = [[*(row[place] for place in places), None] for row in run]
        for line in lines:
            line[_ROLE] = role(line[_ROLE] or "")
        difference = sum((line[_DEBIT] or 0) - (line[_DEBIT + 1] or 0) for line in lines)
        lines[-1][-1] = (len(lines), difference)
        yield lines
