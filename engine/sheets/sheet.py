"""One sheet while it is written: its heading, its rows from the top down, frozen panes, widths, links and colors."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO
from tempfile import TemporaryFile
from typing import IO

from openpyxl.formatting.rule import Rule
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from engine.sheets import styles
from engine.sheets.cells import empty_cell, formula_cell, looks_like_formula, number_cell, serial, text_cell
from engine.sheets.errors import TooManyRows
from engine.sheets.formulas import Formula, Ref, as_number, letters
from engine.sheets.styles import Look, Styles

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
HEAD_ROWS, LIGHT_ROW = 5, 4
_BLOCK = 2_000
_NARROWEST, _WIDEST = 9.0, 44.0


@dataclass(frozen=True, slots=True)
class Amount:
    """Money: whole minor units of a currency with so many decimals."""

    minor: int
    decimals: int


Content = str | float | date | Amount | Formula | None
Cell = tuple[Content, Look] | None


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above every sheet."""

    line: str
    title: str
    about: str


class Sheet:
    """A worksheet that is written once, row by row; only its widths and a block of rows are kept in memory."""

    def __init__(self, worksheet: Worksheet, look_up: Styles, heading: Heading) -> None:
        self.worksheet, self.styles, self.heading = worksheet, look_up, heading
        self.name = worksheet.title
        self.row = HEAD_ROWS
        self._widths: dict[int, float] = {}
        self._most_columns = 2  # the light and the link above every sheet
        self._rows: list[str] = []
        self._body: IO[bytes] = TemporaryFile()  # noqa: SIM115 - closed with the sheet
        self._head = b""

    # Rows

    def line(self, *cells: Cell, height: float | None = None, fit: bool = True) -> list[Ref]:
        """Write the next row and return its cells; those that were left out are blank.

        fit  let the columns grow to what the row holds (headings run over their neighbours instead)
        """
        row = self.row + 1
        refs: list[Ref] = []
        parts: list[str] = []
        for column, cell in enumerate(cells, 1):
            content, look = cell or (None, styles.PLAIN)
            refs.append(self._ref(content, column, row))
            if cell is None:
                continue
            parts.append(self._cell(f"{letters(column)}{row}", content, look))
            if fit and not look.wrap:
                self.fit(column, _characters(content, look))
        self.put("".join(parts), len(cells), height)
        return refs

    def skip(self, height: float | None = None) -> None:
        self.put("", 0, height)

    def put(self, cells: str, columns: int = 0, height: float | None = None) -> None:
        """Write the next row from the text of its cells."""
        if self.row >= MOST_ROWS:
            raise too_long(self.name)
        self.row += 1
        self._most_columns = max(self._most_columns, columns)
        tall = f' ht="{height}" customHeight="1"' if height else ""
        self._rows.append(f'<row r="{self.row}"{tall}>{cells}</row>')
        if len(self._rows) >= _BLOCK:
            self._flush()

    def _flush(self) -> None:
        self._body.write("".join(self._rows).encode())
        self._rows.clear()

    def _cell(self, where: str, content: Content, look: Look) -> str:
        if content is None or content == "":  # an empty text would hide what runs over from the left
            return empty_cell(where, self.styles.index(look))
        if isinstance(content, str):
            quoted = looks_like_formula(content)
            return text_cell(where, self.styles.index(replace(look, quoted=True) if quoted else look), content)
        style = self.styles.index(look)
        if isinstance(content, Formula):
            value = content.value if isinstance(content.value, str) else as_number(content.value, content.decimals)
            return formula_cell(where, style, content.text(self.name), value)
        if isinstance(content, Amount):
            return number_cell(where, style, as_number(content.minor, content.decimals))
        return number_cell(where, style, serial(content) if isinstance(content, date) else content)

    def _ref(self, content: Content, column: int, row: int) -> Ref:
        if isinstance(content, Formula):
            return Ref(self.name, column, row, content.value, content.decimals)
        if isinstance(content, Amount):
            return Ref(self.name, column, row, content.minor, content.decimals)
        if isinstance(content, date):
            return Ref(self.name, column, row, serial(content))
        return Ref(self.name, column, row, "" if content is None else content)

    # Around the rows

    def fit(self, column: int, characters: float) -> None:
        """Make a column at least wide enough for so many characters, within reason."""
        width = min(max(characters + 1.0, _NARROWEST), _WIDEST)
        self._widths[column] = max(self._widths.get(column, 0.0), width)

    def width(self, column: int, characters: float) -> None:
        """Fix the width of a column."""
        self._widths[column] = characters

    def look(self, column: int, look: Look) -> None:
        """How the cells of a column look where nothing is written."""
        styles.dress(self.worksheet.column_dimensions[letters(column)], look)

    def freeze(self, columns: int, header_rows: int = 1) -> None:
        """Keep the rows written so far and the first `columns` in sight; repeat the last `header_rows` in print."""
        self.worksheet.freeze_panes = f"{letters(columns + 1)}{self.row + 1}"
        self.worksheet.print_title_rows = f"{self.row - header_rows + 1}:{self.row}"

    def break_page(self) -> None:
        """Begin a new page in print with the next row."""
        self.worksheet.row_breaks.append(Break(id=self.row))

    def judge(self, cells: Sequence[Ref], rules: Iterable[Rule]) -> None:
        """Color a run of cells, if there are any, by what they hold."""
        if not cells:
            return
        area = f"{cells[0].address}:{cells[-1].address}"
        for rule in rules:
            self.worksheet.conditional_formatting.add(area, rule)

    def hyperlink(self, row: int, column: int, target: str) -> None:
        """Make a cell lead to a sheet of this workbook."""
        cell = self.worksheet.cell(row, column)
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{target}'!A1", tooltip=f"Go to {target}")

    # The end

    def finish(self, light: Formula | None, contents: str | None) -> None:
        """Put the heading above what was written: `light` for the checks, a link back to the sheet `contents`."""
        self._flush()
        body, last = self._body, self.row
        self._body, self.row = BytesIO(), 0
        lit = (light, styles.LIGHT) if light else None
        self.line((self.heading.line, styles.ENTITY), fit=False)
        self.line((self.heading.title, styles.TITLE), height=24, fit=False)
        self.line((self.heading.about, styles.ABOUT), fit=False)
        refs = self.line(lit, ("◄ Contents", styles.LINK) if contents else None, height=16, fit=False)
        self.skip(height=6)
        self._flush()
        self._head, self._body, self.row = self._body.getvalue(), body, last
        if light:
            self.judge([refs[0]], styles.word_rules(refs[0].address))
        if contents:
            self.hyperlink(LIGHT_ROW, 2, contents)
        self._dress()

    def _dress(self) -> None:
        """Tell openpyxl the widths, and the corners of what the sheet holds."""
        if self._most_columns > MOST_COLUMNS:
            raise TooManyRows(f"{self.name} needs {self._most_columns:,} columns; a sheet holds {MOST_COLUMNS:,}.")
        self.fit(1, 15)
        for column, width in self._widths.items():
            self.worksheet.column_dimensions[letters(column)].width = width
        for corner in ((1, 1), (self.row, self._most_columns)):
            self.worksheet.cell(*corner)

    @property
    def extent(self) -> str:
        return f"A1:{letters(self._most_columns)}{self.row}"

    def parts(self) -> list[IO[bytes]]:
        """The finished rows, for the file."""
        self._body.seek(0)
        return [BytesIO(self._head), self._body]

    def close(self) -> None:
        self._body.close()


def too_long(sheet: str, rows: int | None = None) -> TooManyRows:
    """The refusal of a sheet that would not fit."""
    needs = f"needs {rows:,} rows" if rows else "needs more rows than a sheet holds"
    return TooManyRows(
        f"{sheet} {needs}; a spreadsheet has {MOST_ROWS:,}. Ask for a shorter range, a coarser grouping, or CSV."
    )


def _characters(content: Content, look: Look) -> float:
    """About how wide a cell's content is, in digits of the font."""
    wider = (1.06 if look.bold else 1.0) * look.size / 10
    text = content.value if isinstance(content, Formula) else content
    if isinstance(text, str):
        return max(map(len, text.split("\n"))) * wider + look.indent
    if isinstance(content, Amount):
        return money_characters(content.minor, content.decimals)
    if isinstance(content, Formula) and isinstance(content.value, int):
        return money_characters(content.value, content.decimals)
    return 9.0


def money_characters(minor: int, decimals: int) -> float:
    """How wide an amount is with its separators, and room for a bracket on either side."""
    digits = max(len(str(abs(minor))), decimals + 1)
    return digits + (digits - decimals - 1) // 3 * 0.5 + (0.5 if decimals else 0.0) + (1.2 if minor < 0 else 0.7)
