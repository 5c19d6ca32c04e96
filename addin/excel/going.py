"""Goes to a cell of a workbook in Excel, opening what has to be opened."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path


def go_to(file: Path, sheet: str, cell: str) -> bool:
    """Show a cell in Excel; False where there is no Excel, or it cannot be asked now (while a cell is being edited)."""
    try:
        com, apartment = import_module("win32com.client"), import_module("pythoncom")
    except ImportError:
        return False
    apartment.CoInitialize()  # this may be a thread that has not used COM yet
    try:
        excel = com.Dispatch("Excel.Application")
        excel.Visible = True
        path = str(file.resolve())
        books = [book for book in excel.Workbooks if str(book.FullName).casefold() == path.casefold()]
        book = books[0] if books else excel.Workbooks.Open(path)
        book.Activate()
        excel.Goto(book.Worksheets(sheet).Range(cell), True)
    except Exception:  # of COM, which has but one for everything
        return False
    finally:
        apartment.CoUninitialize()
    return True
