"""The checks: every live check of the workbook by link, what Ratable found in the book, and the master check light."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from engine.sheets import styles
from engine.sheets.binder import Binder
from engine.sheets.formulas import Formula, Ref, count, light, link, verdict
from engine.sheets.pack import Pack
from engine.sheets.sheet import Cell, Sheet
from engine.sheets.words import SHEETS

_WIDTHS = (17, 28, 20, 76, 70)
_ADVICE = (
    "The two figures are computed apart from each other. Do not rely on either; find the rows that differ on the sheet."
)
_WORDS = replace(styles.WRAPPED, indent=1)


@dataclass(frozen=True)
class ChecksSheet:
    """Counts, then the workbook's own checks, then the book's."""

    binder: Binder
    sheet: Sheet
    pack: Pack

    def write(self) -> tuple[Formula, Mapping[str, Sequence[Ref]]]:
        """Returns the master check light, and the differences of each sheet."""
        for column, width in enumerate(_WIDTHS, 1):
            self.sheet.width(column, width)
        self.sheet.freeze(0, 5)
        # The counts stand first, over results that follow: four lines and a blank one, then two of headings, and so on.
        words = ["fail" if made.difference.whole else "ok" for made in self.binder.checks]
        live = self._results(self.sheet.row + 8, words)
        book = self._results(live[-1].row + 4, [problem.severity for problem in self.pack.checks])
        lit = self._counts(live, book)
        self.sheet.skip()
        differences = self._live()
        self.sheet.skip()
        self._book()
        for results in (live, book):
            self.sheet.judge(results, styles.word_rules(results[0].address))
        return lit, differences

    def _results(self, first: int, words: Sequence[str]) -> list[Ref]:
        """The cells that results will be, from row `first` on; one blank cell if there are none."""
        return [Ref(self.sheet.name, 1, row, str(word)) for row, word in enumerate(words or [""], first)]

    def _counts(self, live: Sequence[Ref], book: Sequence[Ref]) -> Formula:
        self.sheet.line(
            ("", styles.HEAD), *((word, styles.HEAD_RIGHT) for word in ("This workbook", "The book")), fit=False
        )
        look = replace(styles.TEXT, ink="formula", form=styles.WHOLE)
        rows: list[list[Ref]] = []
        for label, words in (("Failed", ("fail", "stop")), ("Warnings", ("warn",)), ("OK", ("ok",))):
            counts = [(count(cells, *words), look) for cells in (live, book)]
            rows.append(self.sheet.line((label, styles.TEXT), *counts, fit=False)[1:])
        return light(rows[0], rows[1][1])

    def _live(self) -> Mapping[str, Sequence[Ref]]:
        self.sheet.line(("Checks of this workbook (live)", styles.SECTION), fit=False)
        heads = _heads("Result", "Sheet", "Difference", "What must agree", "If it fails")
        heads[2] = ("Difference", styles.HEAD_RIGHT)
        self.sheet.line(*heads, fit=False)
        found: dict[str, list[Ref]] = {}
        for made in self.binder.checks:
            row = self.sheet.row + 1
            difference = link(made.difference)
            planned = Ref(self.sheet.name, 3, row, difference.value, difference.decimals)
            refs = self.sheet.line(
                (verdict(planned), styles.STATUS),
                (made.sheet, replace(styles.LINK, rule="hair")),
                (difference, styles.money(difference.decimals, "link")),
                (made.what, _WORDS),
                (_ADVICE if difference.value else "", _WORDS),
                fit=False,
            )
            self.sheet.hyperlink(row, 2, made.sheet)
            found.setdefault(made.sheet, []).append(refs[2])
        cells = [cell for group in found.values() for cell in group]
        self.sheet.judge(cells, styles.difference_rules())
        return found

    def _book(self) -> None:
        self.sheet.line(("Checks of the book (by Ratable)", styles.SECTION), fit=False)
        self.sheet.line(*_heads("Result", "Check", "Where", "What was found", "What to do"), fit=False)
        if not self.pack.checks:
            self.sheet.line(("", styles.TEXT), ("None handed in", styles.NOTE), fit=False)
        status = replace(styles.STATUS, ink="engine")
        for problem in self.pack.checks:
            title = problem.title or problem.name.replace("-", " ")
            name = title[:1].upper() + title[1:]
            texts = [(text, _WORDS) for text in (name, problem.where, problem.found, problem.remedy)]
            self.sheet.line((str(problem.severity).upper(), status), *texts, fit=False)
            self.binder.advance(self.sheet.name, 1)


def in_order_of_sheets(binder: Binder) -> None:
    """Put the checks handed in into the order of the sheets, so that each sheet's stand together."""
    order = list(SHEETS)
    binder.checks.sort(key=lambda made: order.index(made.sheet))


def _heads(*words: str) -> list[Cell]:
    return [(word, replace(styles.HEAD_LEFT, indent=int(place > 2))) for place, word in enumerate(words)]
