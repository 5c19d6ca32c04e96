"""ratable.xlam: the add-in of Excel, a workbook with nothing but the macros and the ribbon."""

from __future__ import annotations

from addin.excel.sample_tables import CarryingWorkbook
from engine.sheets.sheet import Heading

ADDIN = "ratable.xlam"


def addin_file() -> bytes:
    """The workbook as an .xlsx, before macros are put in."""
    workbook = CarryingWorkbook("Ratable add-in")
    sheet = workbook.add("Ratable", Heading("Ratable", "Add-in", "Formulas and ribbon for any workbook"))
    sheet.finish(None, None)
    return workbook.to_bytes()
