"""The sheets of a workbook that carries its own book: the tables of the sample, to be typed over."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import cast
from zipfile import ZipFile

from openpyxl import Workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.writer.excel import ExcelWriter

from addin.formulas.books import SHELF, OpenedBook
from addin.formulas.ranges import PlacedRange
from engine.book import catalogue
from engine.book.currencies import DECIMALS
from engine.sheets.archive import Archive, Rows
from engine.sheets.page import footer_text, set_properties, set_up_page
from engine.sheets.sheet import Heading, Sheet
from engine.sheets.styles import BLUE, NAVY, SKY, Styles
from engine.sheets.template import SPARE_ROWS
from engine.sheets.template_help import Reach
from engine.sheets.template_rows import fill
from engine.sheets.template_sheet import TableSheet
from workbook_templates.sample import SETTINGS, sample_rows

#: Excel takes values it did not calculate itself at their word only from itself.
_CALCULATED_BY = 191029


@dataclass
class CarryingWorkbook:
    """A workbook on its way into a file: sheets of formulas first, then the tables they read.

    calculate  whether Excel calculates everything when it opens the file, rather than show the values it holds
    """

    title: str
    calculate: bool = False
    workbook: Workbook = field(default_factory=Workbook)
    sheets: list[Rows] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.workbook.remove(self.workbook.worksheets[0])
        self.workbook.code_name = "ThisWorkbook"
        self.styles = Styles(self.workbook)
        set_properties(self.workbook, self.title, "Deferred revenue and backlog by Ratable", None)
        self.workbook.calculation.fullCalcOnLoad = self.calculate
        self.workbook.calculation.calcId = _CALCULATED_BY

    def add(self, name: str, heading: Heading) -> Sheet:
        """A sheet of formulas; `finish` it before the workbook is made."""
        worksheet = self.workbook.create_sheet(name)
        worksheet.sheet_properties.tabColor = BLUE
        set_up_page(worksheet, "Ratable", footer_text(self.title))
        sheet = Sheet(worksheet, self.styles, heading)
        self.sheets.append(sheet)
        return sheet

    def name(self, name: str, sheet: Sheet, cell: str) -> None:
        """Give a cell a name."""
        self.workbook.defined_names[name] = DefinedName(name, attr_text=f"'{sheet.name}'!{cell}")

    def add_tables(self) -> None:
        """A sheet and an Excel Table for each table of the sample book."""
        tables = fill(sample_rows())
        reach = Reach({name: len(table.rows) + 1 + SPARE_ROWS for name, table in tables.items()})
        for name, table in tables.items():
            worksheet = self.workbook.create_sheet(name)
            worksheet.sheet_properties.tabColor = NAVY if catalogue.is_required(name) else SKY
            sheet = TableSheet(worksheet, self.styles, table, reach, DECIMALS[SETTINGS["reporting_currency"]])
            set_up_page(worksheet, "Ratable", footer_text(name))
            sheet.lay_out()
            self.sheets.append(sheet)

    def to_bytes(self) -> bytes:
        """The workbook as an .xlsx, its sheets under the code names macros know them by."""
        for number, worksheet in enumerate(self.workbook.worksheets, 1):
            worksheet.sheet_properties.codeName = f"Sheet{number}"
        rows = {f"xl/worksheets/sheet{number}.xml": sheet for number, sheet in enumerate(self.sheets, 1)}
        target = io.BytesIO()
        with closing(Archive(target, rows)) as archive:
            ExcelWriter(self.workbook, cast(ZipFile, archive)).save()
        return target.getvalue()


def table_ranges() -> Iterator[str]:
    """`Contracts[#All]` of every table, as RATABLE_BOOK takes them."""
    return (f"{catalogue.excel_name(name)}[#All]" for name in catalogue.table_names())


def sample_opened() -> OpenedBook:
    """The book in these tables, for the values the formulas have; its problems name their cells."""
    tables = fill(sample_rows())
    placed = {name: PlacedRange([table.headers, *table.rows], name) for name, table in tables.items()}
    return SHELF.read(placed, dt.date(2026, 7, 1))
