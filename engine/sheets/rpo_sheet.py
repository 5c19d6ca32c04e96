"""Remaining performance obligations: the bridge from backlog to the disclosed figure, and when it is recognized."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from engine.book.currencies import DECIMALS
from engine.sheets import styles
from engine.sheets.binder import Binder
from engine.sheets.formulas import Formula, Ref, check, link, share, total
from engine.sheets.pack import Pack
from engine.sheets.sheet import Amount, Cell, Sheet

BRIDGE = {
    "not_enforceable": "– Not enforceable (after enforceable end)",
    "right_to_invoice": "– Right to invoice (606-10-55-18)",
    "royalty": "– Sales- and usage-based royalties",
    "short_contracts": "– Original duration of a year or less",
}
BANDS = {
    "0-12": "Within 12 months",
    "13-24": "13 to 24 months",
    "25-36": "25 to 36 months",
    "thereafter": "Thereafter",
    "undated": "Undated (no schedule)",
}
_MOVEMENT = replace(styles.TEXT, indent=1)


@dataclass(frozen=True)
class RpoSheet:
    """Lines down, one column of amounts and one of shares; a block per currency."""

    binder: Binder
    sheet: Sheet
    pack: Pack

    def write(self, backlog: Mapping[str, Ref], rpo: Mapping[str, Ref]) -> dict[str, dict[str, Ref]]:
        """Takes the totals of Contract balances; returns the cells of RPO and its bands: name -> currency -> cell."""
        self.sheet.fit(1, 44)
        self.sheet.line(*_heads("", "Amount", "Share of RPO"))
        self.sheet.freeze(1)
        self.sheet.fit(3, 16)
        names = self.pack.rpo.names
        rows = {row[names.index("currency")]: dict(zip(names, row, strict=True)) for row in self.pack.rpo.rows}
        found: dict[str, dict[str, Ref]] = {name: {} for name in ("rpo", *BANDS)}
        for place, currency in enumerate(self.pack.currencies):
            if place:
                self.sheet.break_page()
            for name, cell in self._block(currency, rows.get(currency, {}), backlog[currency], rpo[currency]).items():
                found[name][currency] = cell
            self.binder.advance(self.sheet.name, 1)
        return found

    def _block(self, currency: str, row: Mapping[str, int | None], backlog: Ref, rpo: Ref) -> dict[str, Ref]:
        decimals = DECIMALS.get(currency, 2)
        if not self.pack.one_currency:
            self.sheet.line((currency, styles.BLOCK), ("", styles.BLOCK), ("", styles.BLOCK))
        start = self._line("Backlog", Amount(row.get("backlog") or 0, decimals), decimals, strong=True)
        steps = [self._line(label, Amount(row.get(name) or 0, decimals), decimals) for name, label in BRIDGE.items()]
        end = self._total("Remaining performance obligations", total([start, *steps]), decimals)
        self.sheet.skip()
        self._section("To be recognized")
        bands = {
            name: self._line(label, Amount(row.get(name) or 0, decimals), decimals, of=end)
            for name, label in BANDS.items()
        }
        added = self._total("Total of the bands", total(list(bands.values())), decimals, of=end)
        self.sheet.skip()
        self._section("Checks")
        reported = self._line("RPO as reported", Amount(row.get("rpo") or 0, decimals), decimals)
        self._check("bridge ends at RPO as reported", check([end], [reported]), currency)
        self._check("bands add up to RPO", check([added], [end]), currency)
        backlog_there = self._line("Backlog per Contract balances", link(backlog), decimals, ink="link")
        self._check("backlog = total of Contract balances", check([start], [backlog_there]), currency)
        rpo_there = self._line("RPO per Contract balances", link(rpo), decimals, ink="link")
        self._check("RPO = total of Contract balances", check([end], [rpo_there]), currency)
        self.sheet.skip()
        return {"rpo": end, **bands}

    def _section(self, words: str) -> None:
        self.sheet.line((words, replace(styles.SECTION, size=10)), fit=False)

    def _line(
        self,
        label: str,
        content: Amount | Formula,
        decimals: int,
        strong: bool = False,
        of: Ref | None = None,
        ink: str = "engine",
    ) -> Ref:
        look = replace(styles.money(decimals, ink), bold=strong)
        name = replace(styles.TEXT, bold=True) if strong else _MOVEMENT
        return self._put((label, name), (content, look), of, replace(styles.TEXT, ink="formula", form=styles.PERCENT))

    def _total(self, label: str, content: Formula, decimals: int, of: Ref | None = None) -> Ref:
        look = replace(styles.TOTAL_TEXT, form=styles.PERCENT)
        return self._put((label, styles.TOTAL_TEXT), (content, styles.total_money(decimals)), of, look)

    def _put(
        self, label: Cell, amount: tuple[Amount | Formula, styles.Look], of: Ref | None, percent: styles.Look
    ) -> Ref:
        """A line; with `of` its last cell is the share the amount has in it."""
        content = amount[0]
        value = content.minor if isinstance(content, Amount) else content.value
        planned = Ref(self.sheet.name, 2, self.sheet.row + 1, value, content.decimals)
        return self.sheet.line(label, amount, (share(planned, of) if of else "", percent))[1]

    def _check(self, what: str, difference: Formula, currency: str) -> None:
        look = styles.money(difference.decimals, "formula")
        cell = self.sheet.line((f"Check: {what}", _MOVEMENT), (difference, look), ("", styles.TEXT))[1]
        self.sheet.judge([cell], styles.difference_rules())
        self.binder.check(self.sheet, self.pack.tell(what, currency), cell)


def _heads(*words: str) -> list[Cell]:
    return [(words[0], styles.HEAD_LEFT), *((word, styles.HEAD_RIGHT) for word in words[1:])]
