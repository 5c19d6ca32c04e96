"""The summary: the key figures with their comparatives, and two charts over the figures they draw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from engine.book.currencies import DECIMALS
from engine.sheets import styles
from engine.sheets.binder import Binder
from engine.sheets.charts import Bars, bar_chart
from engine.sheets.formulas import Formula, Ref, check, letters, link, minus, plus, total
from engine.sheets.pack import Pack
from engine.sheets.page import on_one_page
from engine.sheets.rpo_sheet import BANDS
from engine.sheets.sheet import Amount, Cell, Content, Sheet

#: The key figures: label, column of the balances report, and for sums the lines they add up (counted from their own).
POSITION = (
    ("Deferred revenue, current", "deferred_current", ()),
    ("Deferred revenue, non-current", "deferred_noncurrent", ()),
    ("Deferred revenue (contract liability)", "deferred", (-2, -1)),
    ("Contract assets", "contract_asset", ()),
    ("Refund liability", "refund_liability", ()),
)
COMMITTED = (
    ("Deferred revenue", "deferred", ()),
    ("Unbilled backlog", "backlog_unbilled", ()),
    ("Backlog", "backlog", (-2, -1)),
)
_CHART_ROWS = 17
_HEAD = styles.HEAD_RIGHT
_INDENT = replace(styles.TEXT, indent=1)
_SECTION = replace(styles.SECTION, size=11)


@dataclass(frozen=True)
class Summary:
    """Key figures on the left, charts on the right, the figures behind the charts below; a block per currency."""

    binder: Binder
    sheet: Sheet
    pack: Pack

    def write(self, balances: Mapping[str, Mapping[str, Ref]], bands: Mapping[str, Mapping[str, Ref]]) -> None:
        """`balances`: totals of Contract balances; `bands`: cells of the RPO sheet; both name -> currency -> cell."""
        self._header()
        if self.pack.one_currency:
            on_one_page(self.sheet.worksheet)
        for number, currency in enumerate(self.pack.currencies):
            if number:
                self.sheet.break_page()
            if not self.pack.one_currency:
                self.sheet.line((currency, styles.BLOCK), *[("", styles.BLOCK)] * self._comparing, fit=False)
            top = self.sheet.row + 1
            block = _Figures(self, currency, DECIMALS.get(currency, 2))
            figures = block.write(
                {name: cells[currency] for name, cells in balances.items()},
                {name: cells[currency] for name, cells in bands.items()},
            )
            self._trend(currency, top, figures)

    @property
    def _comparing(self) -> int:
        """Columns after the labels: today, and two for each comparative; no fewer than the charts' figures need."""
        return max(4, 1 + 2 * len(self.pack.comparatives))

    def _header(self) -> None:
        """Names of the days above, the days below."""
        names: list[Cell] = [("As of", _HEAD)]
        days: list[Cell] = [(self.pack.as_of, replace(_HEAD, form=styles.HEAD_DATE))]
        for earlier in self.pack.comparatives:
            names += [(earlier.label, _HEAD), ("Change", _HEAD)]
            days += [(earlier.as_of, replace(_HEAD, form=styles.HEAD_DATE)), ("", _HEAD)]
        blank: list[Cell] = [("", _HEAD)] * (self._comparing - len(names))
        self.sheet.line(("", _HEAD), *names, *blank)
        self.sheet.line(("", _HEAD), *days, *blank)
        self.sheet.freeze(1, 2)
        self.sheet.fit(1, 38)
        for column in range(2, self._comparing + 2):
            self.sheet.fit(column, 13)

    def _trend(self, currency: str, top: int, figures: Mapping[str, Ref]) -> None:
        """The figures behind the charts, and the charts beside the block that begins in row `top`."""
        names = self.pack.trend.names
        rows = [dict(zip(names, row, strict=True)) for row in self.pack.trend.rows]
        rows = [row for row in rows if row["currency"] == currency]
        if not rows:
            return
        self.sheet.skip()
        self.sheet.line(("Figures behind the charts", _SECTION), fit=False)
        words = ("Deferred revenue", "Unbilled backlog", "Revenue recognized", "Revenue scheduled")
        self.sheet.line(("Period", styles.HEAD_LEFT), *((word, _HEAD) for word in words), height=31, fit=False)
        plain = all(self.pack.period[row["period"]].is_calendar_month for row in rows)
        lines = [self._trend_line(row, DECIMALS.get(currency, 2), plain) for row in rows]
        ahead = sum(self.pack.period[row["period"]].end <= self.pack.as_of for row in rows)
        self._ties(rows, lines, figures, currency)
        self._charts(currency, top, lines, ahead)
        self.binder.advance(self.sheet.name, len(rows))
        # The charts of the next block must not lie over these.
        while self.sheet.row < top + 2 * _CHART_ROWS + 1:
            self.sheet.skip()

    def _trend_line(self, row: Mapping[str, Any], decimals: int, plain: bool) -> list[Ref]:
        period = self.pack.period[row["period"]]
        is_past = period.end <= self.pack.as_of
        earned = (row["recognized"], None) if is_past else (None, row["recognized"])
        amounts: list[Cell] = [
            (None if minor is None else Amount(minor, decimals), styles.money(decimals))
            for minor in (row["deferred"], row["backlog_unbilled"], *earned)
        ]
        name = (
            (period.end, replace(styles.TEXT, form=styles.MONTH, align="left"))
            if plain
            else (period.label, styles.TEXT)
        )
        return self.sheet.line(name, *amounts)

    def _ties(
        self,
        rows: Sequence[Mapping[str, Any]],
        lines: Sequence[Sequence[Ref]],
        figures: Mapping[str, Ref],
        currency: str,
    ) -> None:
        """The charts' bar of today against the key figures."""
        ends = [self.pack.period[row["period"]].end for row in rows]
        if self.pack.as_of not in ends:
            return
        _, deferred, unbilled, *_ = lines[ends.index(self.pack.as_of)]
        if "" in (deferred.value, unbilled.value):
            return
        formulas = [check([deferred], [figures["deferred"]]), check([unbilled], [figures["backlog_unbilled"]])]
        look = styles.Look("formula", form=styles.money_form(deferred.decimals))
        cells = self.sheet.line(
            ("Check: today's bar = key figures", styles.PLAIN), *((cell, look) for cell in formulas), fit=False
        )
        self.sheet.judge(cells[1:], styles.difference_rules())
        for what, cell in zip(("deferred revenue", "unbilled backlog"), cells[1:], strict=True):
            self.binder.check(self.sheet, self.pack.tell(f"chart's {what} today = key figure", currency), cell)

    def _charts(self, currency: str, top: int, lines: Sequence[Sequence[Ref]], ahead: int) -> None:
        periods, deferred, unbilled, recognized, scheduled = ([line[place] for line in lines] for place in range(5))
        column, money = letters(self._comparing + 3), "" if self.pack.one_currency else f", {currency}"
        owed = bar_chart(
            f"Deferred revenue and unbilled backlog{money} (paler: run-off of today's contracts)",
            periods,
            [
                Bars("Deferred revenue", deferred, styles.NAVY, styles.NAVY_PALE, ahead),
                Bars("Unbilled backlog", unbilled, styles.SKY, styles.SKY_PALE, ahead),
            ],
        )
        earned = bar_chart(
            f"Revenue recognized and scheduled{money}",
            periods,
            [Bars("Recognized", recognized, styles.NAVY), Bars("Scheduled", scheduled, styles.ORANGE)],
        )
        self.sheet.worksheet.add_chart(owed, f"{column}{top}")
        self.sheet.worksheet.add_chart(earned, f"{column}{top + _CHART_ROWS}")


@dataclass(frozen=True)
class _Figures:
    """The key figures of one currency."""

    of: Summary
    currency: str
    decimals: int

    def write(self, balances: Mapping[str, Ref], bands: Mapping[str, Ref]) -> dict[str, Ref]:
        """Returns today's figures by the name of their column."""
        found: dict[str, Ref] = {}
        for section, lines in (("Position", POSITION), ("Contracted, not yet recognized", COMMITTED)):
            self._section(section)
            written: list[list[Ref]] = []
            for label, name, parts in lines:
                if parts:
                    sums = [plus(*cells) for cells in zip(*(written[part] for part in parts), strict=True)]
                    # Every second cell after today's is a change, and made anew.
                    written.append(self._line(label, sums[0], sums[1::2], strong=True))
                else:
                    written.append(self._line(label, link(balances[name]), self._earlier(name)))
                found[name] = written[-1][0]
            self.of.sheet.skip(6)
        self._section("Remaining performance obligations (RPO)")
        parts_of_rpo = [self._line(label, link(bands[name]), [])[0] for name, label in BANDS.items()]
        self._line("RPO", total(parts_of_rpo), self._earlier("rpo"), strong=True)
        return found

    def _section(self, words: str) -> None:
        self.of.sheet.line((words, _SECTION), fit=False)

    def _earlier(self, name: str) -> list[Content]:
        """What a figure was on each of the earlier days."""
        found: list[Content] = []
        for comparative in self.of.pack.comparatives:
            names = comparative.balances.names
            rows = (row for row in comparative.balances.rows if row[names.index("currency")] == self.currency)
            found.append(Amount(sum(row[names.index(name)] or 0 for row in rows), self.decimals))
        return found

    def _line(self, label: str, today: Formula, earlier: Sequence[Content], strong: bool = False) -> list[Ref]:
        """A figure today, on earlier days, and its changes since; returns all of them."""
        row, name = self.of.sheet.row + 1, self.of.sheet.name
        contents: list[Content] = [today]
        for content in earlier:
            value = (
                content.minor if isinstance(content, Amount) else content.value if isinstance(content, Formula) else 0
            )
            then = Ref(name, len(contents) + 2, row, value, self.decimals)
            contents += [content, minus(Ref(name, 2, row, today.value, self.decimals), then)]
        cells = [(content, self._look(content, strong)) for content in contents]
        return self.of.sheet.line((label, styles.TOTAL_TEXT if strong else _INDENT), *cells)[1:]

    def _look(self, content: Content, strong: bool) -> styles.Look:
        if strong:
            return styles.total_money(self.decimals)
        if not isinstance(content, Formula):
            return styles.money(self.decimals, "engine")
        return styles.money(self.decimals, "link" if content.is_link else "formula")
