"""Plays the person at Calc: run by the Python that knows UNO, told what to do by lines of JSON (see calc.py)."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import time
from typing import Any

import uno  # type: ignore[import-not-found, unused-ignore]

#: A first start after an extension was added may end with these: start again.
_AGAIN = (79, 81)
_CODES = {32767: "#N/A", 519: "#VALUE!", 503: "#NUM!", 524: "#REF!", 532: "#DIV/0!", 525: "#NAME?"}


def _property(name: str, value: Any) -> Any:
    made = uno.createUnoStruct("com.sun.star.beans.PropertyValue")
    made.Name, made.Value = name, value
    return made


class Driver:
    """One LibreOffice, and the documents open in it by number."""

    def __init__(self, command: list[str], pipe: str) -> None:
        self._command, self._pipe = [*command, f"--accept=pipe,name={pipe};urp"], pipe
        self._process = subprocess.Popen(self._command)
        self._desktop = self._connected()
        self._documents: dict[int, Any] = {}

    def _connected(self) -> Any:
        local = uno.getComponentContext()
        resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
        for _ in range(600):
            try:
                context = resolver.resolve(f"uno:pipe,name={self._pipe};urp;StarOffice.ComponentContext")
                self._context = context
                return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
            except Exception:  # not there yet
                ended = self._process.poll()
                if ended in _AGAIN:
                    self._process = subprocess.Popen(self._command)
                elif ended is not None:
                    raise SystemExit(f"soffice ended with {ended}") from None
                time.sleep(0.1)
        raise SystemExit("soffice does not answer")

    def open(self, path: str | None) -> int:
        """Open a file, or a new document."""
        url = uno.systemPathToFileUrl(path) if path else "private:factory/scalc"
        number = len(self._documents)
        self._documents[number] = self._desktop.loadComponentFromURL(url, "_blank", 0, (_property("Hidden", True),))
        return number

    def close(self, document: int) -> None:
        self._documents[document].close(True)

    def calculate(self, document: int) -> float:
        """Calculate every formula; the seconds it took."""
        begin = time.perf_counter()
        self._documents[document].calculateAll()
        return time.perf_counter() - begin

    def put(self, document: int, sheet: str, area: str, rows: list[list[Any]]) -> None:
        """Type values: texts stay texts, None is blank; begin with = for formulas."""
        block = self._sheet(document, sheet).getCellRangeByName(area)
        if any(isinstance(cell, str) and cell.startswith("=") for row in rows for cell in row):
            block.setFormulaArray(tuple(tuple("" if cell is None else str(cell) for cell in row) for row in rows))
        else:
            block.setDataArray(tuple(tuple("" if cell is None else cell for cell in row) for row in rows))

    def sheet(self, document: int, name: str) -> None:
        """Add a sheet at the end."""
        sheets = self._documents[document].Sheets
        sheets.insertNewByName(name, sheets.Count)

    def array(self, document: int, sheet: str, area: str, formula: str) -> None:
        """Enter an array formula."""
        self._sheet(document, sheet).getCellRangeByName(area).setArrayFormula(formula)

    def values(self, document: int, sheet: str, area: str = "") -> list[list[Any]]:
        """What cells show: numbers, texts, errors as ["#N/A"]."""
        block = self._block(document, sheet, area)
        return [
            [self._shown(block, across, down, cell) for across, cell in enumerate(row)]
            for down, row in enumerate(block.getDataArray())
        ]

    def formulas(self, document: int, sheet: str, area: str = "") -> list[list[str]]:
        return [list(row) for row in self._block(document, sheet, area).getFormulaArray()]

    def null_date(self, document: int, year: int, month: int, day: int) -> None:
        date = uno.createUnoStruct("com.sun.star.util.Date")
        date.Year, date.Month, date.Day = year, month, day
        self._documents[document].setPropertyValue("NullDate", date)

    def save(self, document: int, path: str) -> None:
        """Save a copy as .xlsx."""
        self._documents[document].storeToURL(
            uno.systemPathToFileUrl(path), (_property("FilterName", "Calc MS Excel 2007 XML"),)
        )

    def wizard(self, formula: str) -> list[Any]:
        """What the function wizard shows: description and (argument, help) pairs."""
        functions = self._context.ServiceManager.createInstanceWithContext(
            "com.sun.star.sheet.FunctionDescriptions", self._context
        )
        found = {p.Name: p.Value for p in functions.getByName(formula)}
        return [found["Description"], [[a.Name, a.Description, a.IsOptional] for a in found["Arguments"]]]

    def end(self) -> None:
        with contextlib.suppress(Exception):  # it hangs up before it answers
            self._desktop.terminate()
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()

    def _sheet(self, document: int, sheet: str) -> Any:
        sheets = self._documents[document].Sheets
        return sheets.getByName(sheet) if sheet else sheets.getByIndex(0)

    def _block(self, document: int, sheet: str, area: str) -> Any:
        found = self._sheet(document, sheet)
        if area:
            return found.getCellRangeByName(area)
        cursor = found.createCursor()
        cursor.gotoEndOfUsedArea(False)
        end = cursor.getRangeAddress()
        return found.getCellRangeByPosition(0, 0, end.EndColumn, end.EndRow)

    def _shown(self, block: Any, across: int, down: int, cell: Any) -> Any:
        if cell is not None:
            return cell
        number = block.getCellByPosition(across, down).getError()
        return [_CODES.get(number, f"Err:{number}")]


def main() -> None:
    driver = Driver(json.loads(sys.argv[1]), sys.argv[2])
    print(json.dumps(["ready"]), flush=True)
    for line in sys.stdin:
        name, arguments = json.loads(line)
        try:
            told = ["done", getattr(driver, name)(*arguments)]
        except Exception as error:
            told = ["failed", f"{type(error).__name__}: {error}"]
        print(json.dumps(told), flush=True)
    driver.end()


if __name__ == "__main__":
    main()
