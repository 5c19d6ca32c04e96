"""A second opinion on cached values: a spreadsheet program calculates anew, and every formula is compared."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import load_workbook

_FORMULA = re.compile(r"(<f>[^<]*</f>)<v>[^<]*</v>")
_ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>"""


def differences(workbook: Path, workshop: Path) -> tuple[int, list[str]]:
    """How many formulas `workbook` has, and each whose cached value LibreOffice does not find.

    LibreOffice is given a copy without any cached value, so that it cannot answer with ours.
    """
    emptied, profile = workshop / "emptied.xlsx", workshop / "profile"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    _empty(workbook, emptied)
    (profile / "user" / "registrymodifications.xcu").write_text(_ALWAYS)
    (workshop / "out").mkdir(exist_ok=True)
    command = [
        *("soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless"),
        *("--convert-to", "xlsx", "--outdir", str(workshop / "out"), str(emptied)),
    ]
    for _ in range(2):  # a fresh profile may ask to be started again
        if subprocess.run(command, capture_output=True, timeout=180, check=False).returncode == 0:
            break
    return compared(workbook, workshop / "out" / "emptied.xlsx")


def compared(workbook: Path, recalculated: Path) -> tuple[int, list[str]]:
    """Formulas of `workbook`, and those whose value differs in `recalculated`."""
    formulas, ours, theirs = (
        load_workbook(workbook),
        load_workbook(workbook, data_only=True),
        load_workbook(recalculated, data_only=True),
    )
    count, found = 0, []
    for sheet in formulas:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type != "f":
                    continue
                count += 1
                cached, value = (book[sheet.title][cell.coordinate].value for book in (ours, theirs))
                if not agree(cached, value):
                    found.append(
                        f"{sheet.title}!{cell.coordinate} {cell.value}: cached {cached!r}, recalculated {value!r}"
                    )
    return count, found


def agree(cached: object, value: object) -> bool:
    """Equal, or numbers that differ by less than the dust of adding doubles."""
    if isinstance(cached, int | float) and isinstance(value, int | float):
        return abs(cached - value) <= 1e-9 * max(1.0, abs(cached))
    return cached is not None and cached == value


def _empty(workbook: Path, copy: Path) -> None:
    with ZipFile(workbook) as source, ZipFile(copy, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name.startswith("xl/worksheets/sheet"):
                content = _FORMULA.sub(r"\1", content.decode()).encode()
            target.writestr(name, content)
