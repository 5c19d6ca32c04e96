"""An argument as a person types it on a command line: text, or a range as Excel writes one, {"C-1";"C-2"}."""

from __future__ import annotations

import re

from addin.formulas.arguments import Cell
from addin.formulas.errors import Code, FormulaError

_CELL = re.compile(r'\s*(?:"((?:[^"]|"")*)"|([^",;{}]*))\s*')


def typed_argument(text: str) -> Cell:
    """The cell or range that `text` means; a blank one is None.

    raises FormulaError #VALUE! for braces that hold no range
    """
    text = text.strip()
    if not text:
        return None
    if not (text.startswith("{") and text.endswith("}")):
        return text
    rows: list[list[str | None]] = [[]]
    place, inside = 0, text[1:-1]
    while True:
        found = _CELL.match(inside, place)
        assert found is not None  # it matches nothing at all as well
        quoted, plain = found.groups()
        rows[-1].append(quoted.replace('""', '"') if quoted is not None else plain.strip() or None)
        place = found.end()
        if place == len(inside):
            return rows
        if inside[place] not in ",;":
            raise FormulaError(Code.VALUE, f'{text[:80]} is no range; write one as {{1;2}} or {{"C-1","C-2"}}')
        if inside[place] == ";":
            rows.append([])
        place += 1
