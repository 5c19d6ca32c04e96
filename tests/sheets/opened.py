"""What tests look at in a written workbook."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell

from engine.sheets.pack import Pack
from engine.sheets.write import write_pack

_SPACE = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def written(pack: Pack, folder: Path) -> Path:
    path = folder / "pack.xlsx"
    write_pack(pack, path)
    return path


def formulas(path: Path) -> Workbook:
    return load_workbook(path)


def values(path: Path) -> Workbook:
    """The workbook as pandas or a previewer see it: no formulas, only what they showed when it was written."""
    return load_workbook(path, data_only=True)


def parts(path: Path, pattern: str) -> dict[str, ElementTree.Element]:
    """The parsed parts of the file whose names match, which also shows that they are sound XML."""
    with ZipFile(path) as file:
        return {name: ElementTree.fromstring(file.read(name)) for name in file.namelist() if re.match(pattern, name)}


def raw_cells(path: Path) -> Iterator[ElementTree.Element]:
    for sheet in parts(path, r"xl/worksheets/sheet\d+\.xml").values():
        yield from sheet.iterfind(".//m:sheetData/m:row/m:c", _SPACE)


def child(cell: ElementTree.Element, name: str) -> ElementTree.Element | None:
    return cell.find(f"m:{name}", _SPACE)


def find(book: Workbook, sheet: str, text: str) -> Cell:
    """The first cell of a sheet that says `text`."""
    for row in book[sheet].iter_rows():
        for cell in row:
            if cell.value == text:
                return cell
    raise AssertionError(f"{sheet} does not say {text!r}")


def column_under(book: Workbook, sheet: str, heading: str) -> list[object]:
    """What stands below a heading."""
    top = find(book, sheet, heading)
    return [book[sheet].cell(row, top.column).value for row in range(top.row + 1, book[sheet].max_row + 1)]
