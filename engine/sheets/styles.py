"""How cells look: every color, font, rule and number format of a workbook, in one room.

A `Look` is a wish in plain words; `Styles` turns each distinct one into the number of a cell style, once, so that a
hundred thousand cells share a few dozen styles and writing one costs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from openpyxl import Workbook
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.styleable import StyleableObject

FONT = "Calibri"  # Carlito, of the same widths, stands in for it where it is not installed

NAVY, BLUE, SKY, ORANGE = "1F3864", "2F5597", "9DC3E6", "ED9B4F"
NAVY_PALE, SKY_PALE = "8E9DBC", "D6E6F5"

#: Ink of a cell by what stands in it. The first four are the legend.
INKS = {
    "input": "0000FF",
    "formula": "000000",
    "link": "00703C",
    "engine": "5B2C8A",
    "text": "262626",
    "muted": "7F7F7F",
    "heading": NAVY,
    "white": "FFFFFF",
}
FILLS = {"head": NAVY, "group": BLUE, "total": "EDF1F8", "block": "D9E2F1", "input": "FFF9E5", "soft": "F7F9FC"}
GOOD_INK, GOOD_FILL, BAD_INK, BAD_FILL, WARN_INK, WARN_FILL = "00612E", "D5EFDD", "9C0006", "FFC7CE", "7F5A00", "FFEFC2"

Edge = Literal["", "hair", "total", "box"]
Align = Literal["", "left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Look:
    """One way a cell can look: ink and fill by name, rule around it, number format."""

    ink: str = "text"
    bold: bool = False
    italic: bool = False
    size: float = 10
    fill: str = ""
    rule: Edge = ""
    form: str = "General"
    align: Align = ""
    wrap: bool = False
    indent: int = 0
    underline: bool = False
    quoted: bool = False


ENTITY = Look("muted", size=10)
TITLE = Look("heading", bold=True, size=16)
ABOUT = Look("muted", italic=True)
LINK = Look("link", underline=True)
HEAD = Look("white", bold=True, fill="head", align="center", wrap=True)
HEAD_LEFT = replace(HEAD, align="left")
GROUP = Look("white", bold=True, fill="group", align="center")
BLOCK = Look("heading", bold=True, size=11, fill="block")
SECTION = Look("heading", bold=True, size=12)
TEXT = Look(rule="hair")
WRAPPED = replace(TEXT, wrap=True)
PLAIN = Look()
NOTE = Look("muted", italic=True, size=9)
TOTAL_TEXT = Look("formula", bold=True, fill="total", rule="total")
LIGHT = Look("link", bold=True, rule="box", align="center")
HEAD_RIGHT = replace(HEAD, align="right", form="@_)")
INPUT = Look("input", fill="input", rule="box")
STATUS = Look("formula", bold=True, rule="hair", align="center")

DATE, MONTH, HEAD_DATE, HEAD_MONTH, HEAD_DAY, WHOLE, PERCENT, PLAIN_NUMBER = (
    "yyyy-mm-dd",
    "mmm-yy",
    "yyyy-mm-dd_)",
    "mmm-yy_)",
    '"to "d-mmm-yy_)',
    '#,##0_);(#,##0);"–"_)',
    '0.0%_);(0.0%);"–"_)',
    '#,##0.######_);(#,##0.######);"–"_)',
)


@cache
def money_form(decimals: int) -> str:
    """Accountants' format: brackets for negative amounts, a dash for zero, the decimals of the currency."""
    digits = "#,##0" + ("." + "0" * decimals if decimals else "")
    return f'{digits}_);({digits});"–"_)'


def money(decimals: int, ink: str = "engine") -> Look:
    """An amount in the body of a sheet."""
    return Look(ink, rule="hair", form=money_form(decimals))


def total_money(decimals: int, ink: str = "formula") -> Look:
    """An amount in a total row: a rule above and a double one below."""
    return Look(ink, bold=True, fill="total", rule="total", form=money_form(decimals))


class Styles:
    """The styles of one workbook, by look."""

    def __init__(self, workbook: Workbook) -> None:
        # A cell of a sheet that is not saved carries a look into the workbook's collection of styles.
        self._sample = workbook.create_sheet("styles")
        workbook.remove(self._sample)
        self._known: dict[Look, int] = {}

    def index(self, look: Look) -> int:
        """The number of the style that looks like this."""
        known = self._known.get(look)
        if known is None:
            known = self._known[look] = self._add(look)
        return known

    def _add(self, look: Look) -> int:
        cell = self._sample.cell(1, len(self._known) + 1)
        dress(cell, look)
        return int(cell.style_id)


def dress(cell: StyleableObject, look: Look) -> None:
    """Make a cell, or the cells of a column where nothing is written, look like this."""
    cell.font = Font(
        name=FONT,
        size=look.size,
        bold=look.bold,
        italic=look.italic,
        color=INKS[look.ink],
        underline="single" if look.underline else None,
    )
    if look.fill:
        cell.fill = PatternFill("solid", fgColor=FILLS[look.fill])
    cell.border = _border(look.rule)
    cell.number_format = look.form
    cell.alignment = Alignment(
        horizontal=look.align or ("left" if look.indent else None),
        vertical="center",
        wrap_text=look.wrap or None,
        indent=look.indent,
    )
    if look.quoted:
        cell.quotePrefix = True


def _border(rule: Edge) -> Border:
    thin, faint, double = Side("thin", color="404040"), Side("thin", color="E3E7EE"), Side("double", color="404040")
    if rule == "hair":
        return Border(bottom=faint)
    if rule == "total":
        return Border(top=thin, bottom=double)
    if rule == "box":
        side = Side("thin", color="BFBFBF")
        return Border(left=side, right=side, top=side, bottom=side)
    return Border()


def difference_rules() -> list[Rule]:
    """Green for a difference of zero, red for any other."""
    bad = Rule("cellIs", operator="notEqual", formula=["0"], dxf=_paint(BAD_INK, BAD_FILL, bold=True))
    return [bad, Rule("cellIs", operator="equal", formula=["0"], dxf=_paint(GOOD_INK))]


def word_rules(first: str) -> list[Rule]:
    """Green, amber and red by the word in a cell (`first` is the top left one of the range)."""
    paints = (
        ("fail", BAD_INK, BAD_FILL),
        ("stop", BAD_INK, BAD_FILL),
        ("warn", WARN_INK, WARN_FILL),
        ("ok", GOOD_INK, GOOD_FILL),
    )
    return [
        Rule(
            "expression",
            formula=[f'ISNUMBER(SEARCH("{word}",{first}))'],
            dxf=_paint(ink, fill, bold=True),
            stopIfTrue=True,
        )
        for word, ink, fill in paints
    ]


def _paint(ink: str, fill: str = "", bold: bool | None = None) -> DifferentialStyle:
    """What a rule changes about a cell; such a fill takes its color from bgColor."""
    return DifferentialStyle(
        font=Font(bold=bold, color=ink), fill=PatternFill("solid", bgColor=fill, fgColor=fill) if fill else None
    )
