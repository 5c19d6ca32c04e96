"""The workbook a person fills in: a sheet and an Excel Table for each table of a book, with lists, formats and help."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import cast
from zipfile import ZipFile

from openpyxl import Workbook
from openpyxl.writer.excel import ExcelWriter

from engine.book import catalogue
from engine.book.currencies import DECIMALS
from engine.sheets.archive import Archive, Rows
from engine.sheets.page import footer_text, set_properties, set_up_page
from engine.sheets.place import whole_file
from engine.sheets.sheet import Heading, Sheet
from engine.sheets.styles import BLUE, NAVY, SKY, Styles
from engine.sheets.template_example import EXAMPLE
from engine.sheets.template_guide import GUIDE, Guide, write_guide
from engine.sheets.template_help import Reach
from engine.sheets.template_rows import FilledTable, TableRows, fill
from engine.sheets.template_sheet import TableSheet

READ_ME = "Read me"
#: How many rows below the last one have lists, limits and formats ready.
SPARE_ROWS = 2_000


def write_template(path: Path, rows: TableRows | None = None, *, guide: Guide | None = None, paper: str = "A4") -> None:
    """Write a workbook to fill in, whole or not at all; the same rows give the same bytes.

    rows    table name -> rows of column -> cell, as `engine.book.reading.book_from_rows` takes them; settings that are
            not among them stand at their default. None is a new book: one example row a table, shown as such
    guide   what the first sheet says; the steps of filling in a book, if not given
    paper   A4 or letter
    raises  ValueError for a table a book does not have; FileInUse, FolderNotWritable as all writers of sheets
    """
    tables = fill(EXAMPLE if rows is None else rows)
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    set_properties(workbook, (guide or GUIDE).title, "Contracts, obligations and documents for Ratable", None)
    look_up = Styles(workbook)
    with closing(_read_me(workbook, look_up, guide or GUIDE, paper)) as first:
        sheets: list[Rows] = [first]
        for sheet in _table_sheets(workbook, look_up, tables, examples=rows is None):
            set_up_page(sheet.worksheet, "Ratable", footer_text(sheet.table.name), paper)
            sheet.lay_out()
            sheets.append(sheet)
        _save(workbook, sheets, path)


def _read_me(workbook: Workbook, look_up: Styles, guide: Guide, paper: str) -> Sheet:
    worksheet = workbook.create_sheet(READ_ME)
    worksheet.sheet_properties.tabColor = BLUE
    set_up_page(worksheet, "Ratable", READ_ME, paper)
    worksheet.page_setup.fitToHeight = 0 if guide.notes else 1
    sheet = Sheet(worksheet, look_up, Heading("Ratable", guide.title, guide.about))
    write_guide(sheet, guide)
    sheet.finish(None, None)
    return sheet


def _table_sheets(
    workbook: Workbook, look_up: Styles, tables: dict[str, FilledTable], examples: bool
) -> list[TableSheet]:
    reach = Reach({name: len(table.rows) + 1 + SPARE_ROWS for name, table in tables.items()})
    reporting = next(str(row[1]).strip().upper() for row in tables["Settings"].rows if row[0] == "reporting_currency")
    sheets = []
    for name, table in tables.items():
        worksheet = workbook.create_sheet(name)
        worksheet.sheet_properties.tabColor = NAVY if catalogue.is_required(name) else SKY
        decimals = DECIMALS.get(reporting, 2)
        is_example = examples and name != "Settings"
        sheets.append(TableSheet(worksheet, look_up, table, reach, decimals, is_example))
    return sheets


def _save(workbook: Workbook, sheets: list[Rows], path: Path) -> None:
    rows = {f"xl/worksheets/sheet{number}.xml": sheet for number, sheet in enumerate(sheets, 1)}
    with whole_file(Path(path)) as target, closing(Archive(target, rows)) as archive:
        ExcelWriter(workbook, cast(ZipFile, archive)).save()
