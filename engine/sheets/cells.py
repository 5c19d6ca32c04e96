"""One cell as it stands in the file: its value, its look, and a text that can never turn into a formula.

Rows are written here and not by openpyxl because openpyxl has no way to give a formula the value it had when the file
was made: it writes `<f>` with an empty `<v>`, and Protected View, previewers and pandas then show nothing. Putting both
down in one place keeps them together, and writing the few tags of a cell as text takes a fraction of the time of
building an XML element for it. Everything around the rows - styles, page, links, charts, the workbook itself - is
openpyxl's.
"""

from __future__ import annotations

import re
from datetime import date

#: A spreadsheet holds this much, in UTF-16 units, in one cell.
LONGEST_TEXT = 32_767
_CUT = " ... (cut)"

# What XML cannot hold, what it must not hold unescaped, and `_x0041_`, which Excel would read as the letter A.
_SPECIAL = re.compile("[&<>\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_NAMED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "_": "_x005F_", "\r": "", "\x7f": "\u2421"}
_DAY_ZERO = date(1899, 12, 30).toordinal()


def safe_text(text: str) -> str:
    """`text` as XML that shows every character it holds; control characters become their visible pictures.

    Carriage returns go, since a cell breaks its lines by line feeds alone; half a surrogate pair becomes U+FFFD.
    """
    return _SPECIAL.sub(_shown, text) if _SPECIAL.search(text) else text


def _shown(match: re.Match[str]) -> str:
    character = match.group()
    if character in _NAMED:
        return _NAMED[character]
    return chr(0x2400 + ord(character)) if ord(character) < 32 else "\ufffd"


def short_enough(text: str) -> str:
    """`text`, cut with a mark where it would not fit into a cell."""
    if len(text) <= LONGEST_TEXT // 2 or len(text.encode("utf-16-le", "replace")) <= 2 * LONGEST_TEXT:
        return text
    room = LONGEST_TEXT - len(_CUT)
    units = text.encode("utf-16-le", "replace")[: 2 * room]
    return units.decode("utf-16-le", "ignore") + _CUT


def looks_like_formula(text: str) -> bool:
    """True for texts a spreadsheet would take for a formula (or lose a quote of) if someone edited the cell."""
    return text[:1] in ("=", "+", "-", "@", "'", "\t", "\r", "\n")


def serial(day: date) -> int:
    """The number a spreadsheet knows a day by."""
    return day.toordinal() - _DAY_ZERO


def text_cell(where: str, style: int, text: str) -> str:
    """A cell of plain text, which no program takes for a formula."""
    text = safe_text(short_enough(text))
    keep = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
    return f'<c r="{where}" s="{style}" t="inlineStr"><is><t{keep}>{text}</t></is></c>'


def number_cell(where: str, style: int, value: float) -> str:
    return f'<c r="{where}" s="{style}"><v>{value}</v></c>'


def empty_cell(where: str, style: int) -> str:
    return f'<c r="{where}" s="{style}"/>'


def formula_cell(where: str, style: int, formula: str, value: float | str) -> str:
    """A formula (without its `=`) and the value a recalculation will find."""
    formula = safe_text(formula)
    if isinstance(value, str):
        return f'<c r="{where}" s="{style}" t="str"><f>{formula}</f><v>{safe_text(value)}</v></c>'
    return f'<c r="{where}" s="{style}"><f>{formula}</f><v>{value}</v></c>'
