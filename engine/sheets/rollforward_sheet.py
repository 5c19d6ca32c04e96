"""The roll-forward sheets: a corkscrew from opening to closing, periods across, one block per currency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from engine.book.currencies import DECIMALS
from engine.reports.table import Table
from engine.sheets import styles
from engine.sheets.binder import Binder
from engine.sheets.formulas import Formula, Ref, balance, check, link, sum_of_sizes, total
from engine.sheets.listing import heading, last_day
from engine.sheets.pack import Pack
from engine.sheets.sheet import Amount, Content, Sheet
from engine.sheets.styles import Look

#: Column of the roll-forward report -> its line, with the sign of the movement in words.
DEFERRED_LINES = {
    "opening_position": "+ Taken over from a former system",
    "billings": "+ Billings",
    "recognized": "– Revenue recognized",
    "breakage": "– Breakage recognized",
    "credits": "– Credits and refunds",
    "prior_period": "± Prior period adjustments",
    "interest": "+ Interest on financing",
    "reclass": "± Reclass, contract assets and refund liability",
    "fx": "± Foreign exchange",
}
BACKLOG_LINES = {
    "opening_position": "+ Taken over from a former system",
    "new": "+ New contracts",
    "expansion": "+ Expansion",
    "contraction": "– Contraction",
    "cancellation": "– Cancellation",
    "recognized": "– Revenue recognized",
    "prior_period": "± Prior period adjustments",
    "fx": "± Foreign exchange",
}
_MOVEMENT, _STRONG = replace(styles.TEXT, indent=1), replace(styles.TEXT, bold=True)


@dataclass(frozen=True)
class RollForward:
    """One roll-forward and where it goes.

    lines  column of the report -> label of its line, in order; those the table does not have are left out
    """

    binder: Binder
    sheet: Sheet
    pack: Pack
    table: Table
    lines: Mapping[str, str]

    def write(self, balances: Mapping[str, Ref]) -> None:
        """Write every currency; `balances`: the totals of Contract balances that the closing must equal."""
        self.header()
        for number, currency in enumerate(self.pack.currencies):
            if number:
                self.sheet.break_page()
            if not self.pack.one_currency:
                self.title(currency)
            block = Block(self, currency, DECIMALS.get(currency, 2), self.reported(currency))
            block.write(balances[currency] if self._ends_today else None)
            self.binder.advance(self.sheet.name, len(self._labels))

    def title(self, words: str) -> None:
        """The title of a block."""
        self.sheet.line((words, styles.BLOCK), *[("", styles.BLOCK)] * (len(self._labels) + 1))

    @property
    def shown(self) -> dict[str, str]:
        """The lines whose columns the table has: opening positions are there where a book has any."""
        return {name: label for name, label in self.lines.items() if name in self.table.names}

    @property
    def _labels(self) -> list[str]:
        """The periods, oldest first, as the table has them."""
        place = self.table.names.index("period")
        return list(dict.fromkeys(row[place] for row in self.table.rows))

    @property
    def _ends_today(self) -> bool:
        return bool(self._labels) and self.pack.period[self._labels[-1]].end == self.pack.as_of

    def header(self) -> None:
        """The periods, once for the whole sheet."""
        periods = [self.pack.period[label] for label in self._labels]
        self.sheet.line(("", styles.HEAD_LEFT), *map(heading, periods), ("Year to date", styles.HEAD_RIGHT))
        plain = all(period.is_calendar_month for period in periods)
        if not plain:
            self.sheet.line(last_day(""), *map(last_day, periods), last_day(""))
        self.sheet.freeze(1, 1 if plain else 2)

    def reported(self, currency: str) -> dict[str, list[int]]:
        """What the report says, column by column; nothing where it has no row."""
        names = self.table.names
        period, code = names.index("period"), names.index("currency")
        rows = {row[period]: row for row in self.table.rows if row[code] == currency}
        return {
            name: [rows[label][names.index(name)] or 0 if label in rows else 0 for label in self._labels]
            for name in ("opening", *self.shown, "closing")
        }


@dataclass(frozen=True)
class Block:
    """The corkscrew of one currency, and under it what it must agree with."""

    of: RollForward
    currency: str
    decimals: int
    reported: Mapping[str, list[int]]

    def write(self, per_contract: Ref | None) -> list[Ref]:
        """Write it; returns the closing balance of each period, and of the year to date."""
        if not self.reported["opening"]:
            self.of.sheet.line(("None", styles.NOTE))
            return []
        columns = self._corkscrew(self.of.sheet.row + 1)
        rows = list(zip(*columns, strict=True))
        opening = self._line("Opening balance", rows[0], _STRONG, self._look(bold=True))
        for label, row in zip(self.of.shown.values(), rows[1:-1], strict=True):
            self._line(label, row, _MOVEMENT, self._look())
        closing = self._line("Closing balance", rows[-1], styles.TOTAL_TEXT, styles.total_money(self.decimals))
        self.of.sheet.skip(6)
        self._agree("Opening", "opening", opening[:-1])
        self._agree("Closing", "closing", closing[:-1])
        if per_contract:
            self._agree_with_balances(closing[-2], per_contract)
        self.of.sheet.skip()
        return closing

    def _corkscrew(self, top: int) -> list[list[Content]]:
        """Column by column from row `top`: each opening is the closing before; the last column is the year to date."""
        columns: list[list[Content]] = []
        closing: Ref | None = None
        for number in range(len(self.reported["opening"])):
            start = link(closing) if closing else Amount(self.reported["opening"][number], self.decimals)
            down: list[Content] = [
                start,
                *(Amount(self.reported[name][number], self.decimals) for name in self.of.shown),
            ]
            planned = self._planned(down, number + 2, top)
            end = balance(planned)
            columns.append([*down, end])
            closing = replace(planned[0], row=top + len(down), value=end.value)
        return [*columns, self._year_to_date(columns, top)]

    def _year_to_date(self, columns: Sequence[Sequence[Content]], top: int) -> list[Content]:
        """The whole range: its first opening, each movement added across, and their sum."""
        cells = [self._planned(contents, column, top) for column, contents in enumerate(columns, 2)]
        down: list[Content] = [link(cells[0][0])]
        down += [total([column[line] for column in cells]) for line in range(1, len(self.of.shown) + 1)]
        return [*down, balance(self._planned(down, len(columns) + 2, top))]

    def _planned(self, contents: Sequence[Content], column: int, top: int) -> list[Ref]:
        """The cells that amounts and formulas will be once they stand in a column from row `top` on."""
        return [
            Ref(
                self.of.sheet.name,
                column,
                row,
                content.minor if isinstance(content, Amount) else content.value,
                self.decimals,
            )
            for row, content in enumerate(contents, top)
            if isinstance(content, Amount | Formula)
        ]

    def _agree(self, name: str, column: str, cells: Sequence[Ref]) -> None:
        """Hold the corkscrew against the balances as reported, period by period."""
        reported = [Amount(minor, self.decimals) for minor in self.reported[column]]
        shown = self._line(f"{name} as reported", reported, styles.TEXT, self._look())
        differences = [check([ours], [theirs]) for ours, theirs in zip(cells, shown, strict=False)]
        what = f"{name.lower()} by formula = {name.lower()} as reported"
        self._check(f"Check: {name.lower()}", differences, what)

    def _agree_with_balances(self, closing: Ref, per_contract: Ref) -> None:
        """Hold the last closing against the total of Contract balances."""
        blank: list[Content] = [None] * (len(self.reported["opening"]) - 1)
        look = replace(self._look(), ink="link")
        shown = self._line("Per Contract balances", [*blank, link(per_contract)], styles.TEXT, look)
        what = "closing = total of Contract balances"
        self._check("Check: Contract balances", [*blank, check([closing], shown[-2:-1])], what)

    def _check(self, label: str, differences: Sequence[Content], what: str) -> None:
        """A line of differences, added up by size in the last column."""
        row, last = self.of.sheet.row + 1, len(differences) + 1
        planned = [
            Ref(self.of.sheet.name, column, row, cell.value if isinstance(cell, Formula) else 0, self.decimals)
            for column, cell in enumerate(differences, 2)
        ]
        refs = self._line(label, [*differences, sum_of_sizes(planned)], styles.TEXT, self._look("formula"))
        self.of.sheet.judge([replace(refs[0], column=2), replace(refs[0], column=last + 1)], styles.difference_rules())
        self.of.binder.check(self.of.sheet, self.of.pack.tell(what, self.currency), refs[-1])

    def _line(self, label: str, contents: Sequence[Content], name: Look, look: Look) -> list[Ref]:
        """A line of the block as wide as the others; returns its cells without the label."""
        contents = [*contents, *[None] * (len(self.reported["opening"]) + 1 - len(contents))]
        cells = [(content, self._ink(content, look)) for content in contents]
        return self.of.sheet.line((label, name), *cells)[1:]

    def _ink(self, content: Content, look: Look) -> Look:
        return replace(look, ink="formula") if isinstance(content, Formula) and look.ink == "engine" else look

    def _look(self, ink: str = "engine", bold: bool = False) -> Look:
        return replace(styles.money(self.decimals, ink), bold=bold)
