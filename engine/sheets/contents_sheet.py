"""The contents: what each sheet answers and whether it holds, where the figures come from, what the colors mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from engine.sheets import styles
from engine.sheets.formulas import Ref, all_zero
from engine.sheets.pack import Pack
from engine.sheets.page import day_in_words, on_one_page
from engine.sheets.sheet import Sheet
from engine.sheets.words import CONTENTS, SHEETS

_ABOUT, _NOTE = replace(styles.TEXT, indent=1), replace(styles.WRAPPED, indent=1)
LEGEND = (
    ("input", "Typed in", "A cell you fill in: blue on a pale fill"),
    ("formula", "Formula", "Calculated in this workbook from the cells it names"),
    ("link", "Link", "Brought from another sheet of this workbook"),
    ("engine", "Ratable", "Calculated by Ratable from the book; change the book, not the cell"),
)


@dataclass(frozen=True)
class ContentsSheet:
    """Sheets, this pack, colors, sign-off."""

    sheet: Sheet
    pack: Pack

    def write(self, differences: Mapping[str, Sequence[Ref]]) -> None:
        """`differences`: the cells on Checks that must be zero, by sheet."""
        for column, width in enumerate((26, 92, 15), 1):
            self.sheet.width(column, width)
        self._sheets(differences)
        self._facts()
        self._legend()
        self._sign_off()
        on_one_page(self.sheet.worksheet)

    def _sheets(self, differences: Mapping[str, Sequence[Ref]]) -> None:
        answers = ("What it answers", replace(styles.HEAD_LEFT, indent=1))
        self.sheet.line(("Sheet", styles.HEAD_LEFT), answers, ("Live checks", styles.HEAD), fit=False)
        self.sheet.freeze(0)
        results: list[Ref] = []
        for name in self.pack.sheets:
            if name == CONTENTS:
                continue
            about = SHEETS[name][1]
            cells = differences.get(name)
            result = all_zero(cells) if cells else ""
            row = self.sheet.line(
                (name, replace(styles.LINK, rule="hair")),
                (about, _ABOUT),
                (result, replace(styles.STATUS, ink="link")),
                fit=False,
            )
            self.sheet.hyperlink(row[0].row, 1, name)
            results.append(row[2])
        self.sheet.judge(results, styles.word_rules(results[0].address))
        self.sheet.skip()

    def _facts(self) -> None:
        pack = self.pack
        facts = (
            ("Entity", pack.entity),
            ("As of", day_in_words(pack.as_of)),
            ("Currency", f"{', '.join(pack.currencies)}; {self._currency_basis()}"),
            ("Book", pack.source),
            ("Fingerprint of the book", pack.fingerprint),
            ("Prepared on", day_in_words(pack.prepared_on)),
            ("Version of Ratable", pack.version),
        )
        self._section("This pack")
        for name, value in facts:
            self.sheet.line((name, styles.TEXT), (value, _ABOUT), fit=False)
        if pack.ledger:
            self.sheet.line(("Ledger", styles.TEXT), (pack.ledger, _NOTE), fit=False)
        if pack.notes:
            self.sheet.line(("Basis", styles.TEXT), ("  ·  ".join(pack.notes), _NOTE), fit=False)
        self.sheet.skip()

    def _currency_basis(self) -> str:
        if self.pack.translated:
            return "translated to reporting currency"
        if self.pack.one_currency:
            return "all amounts in full units"
        return "every contract in its own currency, never added together"

    def _legend(self) -> None:
        self._section("Colors")
        for ink, word, about in LEGEND:
            look = styles.INPUT if ink == "input" else styles.Look(ink, bold=True, rule="hair")
            self.sheet.line((word, look), (about, _ABOUT), fit=False)
        good = self.sheet.line(
            ("OK", styles.STATUS), ("A check that holds; differences must be zero", _ABOUT), fit=False
        )
        bad = self.sheet.line(("FAIL", styles.STATUS), ("A check that does not hold: see Checks", _ABOUT), fit=False)
        self.sheet.judge([good[0], bad[0]], styles.word_rules(good[0].address))
        self.sheet.skip()

    def _sign_off(self) -> None:
        self._section("Sign-off")
        for role in ("Prepared by", "Reviewed by", "Approved by"):
            self.sheet.line(
                (role, styles.TEXT), ("", styles.INPUT), ("", replace(styles.INPUT, form=styles.DATE)), fit=False
            )

    def _section(self, words: str) -> None:
        self.sheet.line((words, styles.SECTION), fit=False)
