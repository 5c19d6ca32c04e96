"""One table of a book as a sheet to type in: an Excel Table of the same name, header row first, help in every cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from io import BytesIO
from math import ceil
from typing import IO

from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.table import Table, TableColumn, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from engine.book import catalogue
from engine.book.catalogue import Column
from engine.book.field import Kind
from engine.sheets import styles
from engine.sheets.cells import empty_cell, looks_like_formula, number_cell, serial, text_cell
from engine.sheets.formulas import letters
from engine.sheets.page import footer_text
from engine.sheets.styles import FILLS, FONT, INKS, Align, Look, Styles, money_form
from engine.sheets.template_help import Reach, validations
from engine.sheets.template_rows import FilledTable, Typed, typed

#: How headers tell what is required, what is not, and what is the user's own.
REQUIRED = replace(styles.HEAD_LEFT, wrap=False)
OPTIONAL = Look("heading", bold=True, fill="block", rule="box", align="left")
OWN = Look("muted", bold=True, italic=True, fill="soft", rule="box", align="left")
FIXED = Look("formula", bold=True, rule="box")
EXPLAINED = Look("muted", rule="box", wrap=True)

TEXT_FORM, UNIT_PRICE = "@", "#,##0.00####_);(#,##0.00####)"
_STYLE = "TableStyleLight1"  # formats of cells say the rest, as not every program draws the style of a table
_WIDEST, _WIDEST_HELP, _HEADER_HEIGHT, _LINE_HEIGHT = 44, 96, 21, 13.5
_PAGE_WIDTH = 230  # characters that can still be read on a page
_GENERAL = (Kind.NUMBER, Kind.WHOLE, Kind.PERCENT)


def format_of(column: Column, decimals: int) -> str:
    """The number format of a column's cells: ids, words and names are text, so that 00123 and 4-4-5 stay as typed."""
    if column.kind is Kind.DAY:
        return styles.DATE
    if column.kind in (Kind.MONEY, Kind.PRICE):
        return money_form(decimals)
    return "General" if column.kind in _GENERAL else TEXT_FORM


def align_of(column: Column) -> Align:
    """Dates in the middle, plain numbers a little off the right edge, as the format of amounts is by itself."""
    return "center" if column.kind is Kind.DAY else "right" if column.kind in _GENERAL else ""


@dataclass
class TableSheet:
    """The sheet of one table; `rows` stand for its cells when the file is put together.

    decimals  of the reporting currency, for rows to come
    examples  whether its rows are examples, shown as such until one is changed
    """

    worksheet: Worksheet
    look_up: Styles
    table: FilledTable
    reach: Reach
    decimals: int
    examples: bool = False
    _widths: list[float] = field(default_factory=list)

    def lay_out(self) -> None:
        """Everything around the cells: the Table, widths and formats of columns, help, panes, and the print-out."""
        self._widths = [self._width(place) for place in range(len(self.table.headers))]
        self._add_table()
        self._shape_columns()
        for validation in validations(self.table, self.reach):
            self.worksheet.add_data_validation(validation)
        if self.examples and self.table.rows:
            self._mark_examples()
        self._set_up_panes()
        self._set_up_print()
        for corner in ((1, 1), (self._last_row, len(self.table.headers))):
            self.worksheet.cell(*corner)

    # The cells

    @property
    def _last_row(self) -> int:
        return max(len(self.table.rows), 1) + 1

    @property
    def _area(self) -> str:
        """The Table: header and rows."""
        return f"A1:{letters(len(self.table.headers))}{self._last_row}"

    @property
    def extent(self) -> str:
        """The cells there are and those to come: wherever a number as text is meant."""
        return f"A1:{letters(len(self.table.headers))}{self.reach.last[self.table.name]}"

    def parts(self) -> list[IO[bytes]]:
        """The rows, for the file. A Table has at least one row below its header, so an empty one has a blank row."""
        rows = [self._header()]
        for number, cells in enumerate(self.table.rows, 2):
            rows.append(self._row(number, cells, self.table.describing[number - 2]))
        if not self.table.rows:
            rows.append(self._row(2, [None] * len(self.table.columns), self.table.columns))
        return [BytesIO("".join(rows).encode())]

    def _row(self, number: int, cells: Sequence[object], describing: Sequence[Column | None]) -> str:
        pairs = enumerate(zip(cells, describing, strict=True), 1)
        texts = [self._cell(f"{letters(n)}{number}", cell, column, number) for n, (cell, column) in pairs]
        return f'<row r="{number}"{self._height(cells)}>{"".join(texts)}</row>'

    def _header(self) -> str:
        looks = [REQUIRED if column.required else OPTIONAL for column in self.table.columns]
        looks += [OPTIONAL if self.table.name == "Settings" else OWN for _ in self.table.own]
        cells = [
            text_cell(f"{letters(n)}1", self.look_up.index(look), header)
            for n, (header, look) in enumerate(zip(self.table.headers, looks, strict=True), 1)
        ]
        return f'<row r="1" ht="{_HEADER_HEIGHT}" customHeight="1">{"".join(cells)}</row>'

    def _height(self, cells: Sequence[object]) -> str:
        """Of a setting with long help as many lines as it takes; any other row as tall as the program makes it."""
        lines = ceil(len(_shown(cells[-1])) / (_WIDEST_HELP * 1.15)) if self.table.name == "Settings" else 1
        return f' ht="{lines * _LINE_HEIGHT}" customHeight="1"' if lines > 1 else ""

    def _cell(self, where: str, cell: object, column: Column | None, row: int) -> str:
        value = typed(column, cell)
        look = self._look(column, value, row)
        if isinstance(value, str):
            return text_cell(where, self.look_up.index(replace(look, quoted=looks_like_formula(value))), value)
        style = self.look_up.index(look)
        if value is None:
            return empty_cell(where, style)
        return number_cell(where, style, serial(value) if isinstance(value, date) else value)

    def _look(self, column: Column | None, value: Typed, row: int) -> Look:
        if self.table.name == "Settings" and column is None:
            return EXPLAINED
        if self.table.name == "Settings" and column is not None and column.name == "name":
            return replace(FIXED, form=TEXT_FORM)
        if column is None:
            form = styles.DATE if isinstance(value, date) else TEXT_FORM if isinstance(value, str) else "General"
            return replace(styles.INPUT, form=form)
        decimals = self.table.decimals[row - 2] if self.table.rows else self.decimals
        form = format_of(column, decimals)
        if column.kind is Kind.PRICE and isinstance(value, float) and round(value, decimals) != value:
            form = UNIT_PRICE
        look = replace(styles.INPUT, form=form, align="left" if self.table.name == "Settings" else align_of(column))
        return replace(look, indent=1) if look.align == "right" else look

    # Around the cells

    def _add_table(self) -> None:
        headers = self.table.headers
        name = catalogue.excel_name(self.table.name)
        table = Table(displayName=name, name=name, ref=self._area)
        table.tableColumns = [TableColumn(id=n, name=header) for n, header in enumerate(headers, 1)]
        table.autoFilter = AutoFilter(ref=self._area)
        table.tableStyleInfo = TableStyleInfo(name=_STYLE, showRowStripes=False, showColumnStripes=False)
        self.worksheet.add_table(table)

    def _width(self, place: int) -> float:
        header = self.table.headers[place]
        least = self.table.columns[place].width if place < len(self.table.columns) else len(header) + 4
        longest = max((len(_shown(row[place])) for row in self.table.rows), default=0) + 2
        widest = _WIDEST_HELP if self.table.name == "Settings" else _WIDEST
        return float(min(max(least, longest), widest))

    def _shape_columns(self) -> None:
        """Widths, and the formats of rows to come: a column's style reaches down the whole sheet and fills no cell."""
        for place, width in enumerate(self._widths):
            dimension = self.worksheet.column_dimensions[letters(place + 1)]
            dimension.width = width
            if self.table.name != "Settings":
                dimension.font = Font(name=FONT, size=10, color=INKS["input"])
                if place < len(self.table.columns):
                    column = self.table.columns[place]
                    align = align_of(column)
                    dimension.number_format = format_of(column, self.decimals)
                    dimension.alignment = Alignment(horizontal=align or None, indent=1 if align == "right" else 0)

    def _mark_examples(self) -> None:
        """Grey italics as long as the required cells of a row are those of an example."""
        font = Font(italic=True, color=INKS["muted"])
        fill = PatternFill("solid", bgColor=FILLS["soft"], fgColor=FILLS["soft"])
        area = f"A2:{letters(len(self.table.headers))}{self.reach.last[self.table.name]}"
        for row in self.table.rows:
            tests = [
                f"${letters(place)}2={_literal(typed(column, cell))}"
                for place, (column, cell) in enumerate(zip(self.table.columns, row, strict=False), 1)
                if column.required
            ]
            rule = FormulaRule([f"AND({','.join(tests)})"], font=font, fill=fill)  # type: ignore[no-untyped-call]
            self.worksheet.conditional_formatting.add(area, rule)

    def _set_up_panes(self) -> None:
        """The header stays in sight, and with it the ids a row begins with."""
        frozen = _leading_ids(self.table.columns)
        self.worksheet.freeze_panes = f"{letters(frozen + 1)}2"
        self.worksheet.print_title_rows = "1:1"
        if frozen:
            self.worksheet.print_title_cols = f"A:{letters(frozen)}"

    def _set_up_print(self) -> None:
        self.worksheet.page_setup.fitToWidth = max(ceil(sum(self._widths) / _PAGE_WIDTH), 1)
        assert self.worksheet.oddHeader is not None  # openpyxl's own default
        head = self.worksheet.oddHeader.left
        head.text, head.size, head.font, head.color = _heading(self.table.name), 9, f"{FONT},Regular", INKS["muted"]
        self.worksheet.page_margins.top = 0.65


def _heading(table: str) -> str:
    purpose = catalogue.purpose(table).replace("&", "&&")
    return footer_text(table) + " - " + purpose[:150]


def _leading_ids(columns: Sequence[Column]) -> int:
    if columns[0].table == "Settings":
        return 1
    return next((n for n, column in enumerate(columns) if column.kind is not Kind.ID or not column.required), 0)


def _literal(value: Typed) -> str:
    """A value as a formula writes it."""
    if isinstance(value, date):
        return f"DATE({value.year},{value.month},{value.day})"
    return '"' + value.replace('"', '""') + '"' if isinstance(value, str) else str(value)


def _shown(cell: object) -> str:
    return "" if cell is None else str(cell)
